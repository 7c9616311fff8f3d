"""The rules of a row as formulas: what the reader sees of them, and the source of the sweeps' templates.

Numbers and matrices go the same way: a row's operands, its output and the incoming differential are terms of some
shape, and what comes out is a term.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.algebra.machine import folded
from tracegen.algebra.matrix_constructors import ZERO
from tracegen.algebra.terms import Term, is_symmetric, term
from tracegen.formula import Formula, children, name
from tracegen.primitives.algebras import FORMULAS
from tracegen.primitives.primitive import Primitive
from tracegen.shapes import SCALAR, Shape, broadcast

OUTPUT = name("#y")
ADJOINT = name("#g")


def slot(place: int) -> Formula:
    """The name that stands for an operand in a rule."""
    return name(f"#{place}")


def definition(row: Primitive, operands: Sequence[Formula], shapes: Sequence[Shape] = ()) -> Formula:
    """A row applied to operands, as a reader sees it: a row may be shown as more than its name and operands.

    >>> from tracegen.primitives import lookup
    >>> definition(lookup("mul"), (name("a"), name("b")))
    Formula(head='mul', args=(Formula(head='name', args=('a',)), Formula(head='name', args=('b',))))
    """
    if row.shown is None:
        return Formula(row.name, tuple(operands))
    shown: Formula = row.shown(FORMULAS, *_terms(operands, shapes)).formula
    return shown


def local_partials(row: Primitive, operands: tuple[Formula, ...], output: Formula) -> tuple[Formula, ...]:
    """The local partials of a scalar row, one an operand, over the formulas of its operands and output.

    >>> from tracegen.primitives import lookup
    >>> local_partials(lookup("mul"), (name("a"), name("b")), name("y"))[0]
    Formula(head='name', args=('b',))
    """
    return tuple(partial.formula for partial in _partials(row, Term(output), [Term(operand) for operand in operands]))


def contributions(
    row: Primitive,
    operands: Sequence[Formula],
    output: Formula,
    adjoint: Formula,
    shapes: Sequence[Shape] = (),
    symmetric: Sequence[bool] = (),
) -> tuple[Formula, ...]:
    """What a line adds to the adjoint of each of its operands: adjoint × local partial, for matrices as well.

    ``shapes`` has those of the operands; left out, all are numbers. ``symmetric`` says which matrices are.

    >>> from tracegen.primitives import lookup
    >>> row, W, x = lookup("matmul"), name("W"), name("x")
    >>> found = contributions(row, (W, x), name("z"), name("g"), [("K", "N"), ("N", 1)])
    >>> found[1] == Formula("matmul", (Formula("transpose", (W,)), name("g")))
    True
    """
    terms = _terms(operands, shapes, symmetric)
    result = _output(row, terms, output)
    return tuple(found.formula for found in pulled(row, terms, result, Term(adjoint, result.shape)))


def tangent(
    row: Primitive,
    operands: Sequence[Formula],
    output: Formula,
    tangents: Sequence[Formula],
    shapes: Sequence[Shape] = (),
    symmetric: Sequence[bool] = (),
) -> Formula:
    """The tangent of a line from those of its operands: the sum of local partial × tangent. 0 is the number 0.

    The tangent of a symmetric matrix is symmetric.

    >>> from tracegen.primitives import lookup
    >>> tangent(lookup("mul"), (name("a"), name("b")), name("y"), (ZERO, name("t"))).args[0]
    Formula(head='name', args=('a',))
    """
    terms = _terms(operands, shapes, symmetric)
    moved = [Term(formula, found.shape, found.symmetric) for formula, found in zip(tangents, terms, strict=True)]
    return pushed(row, terms, _output(row, terms, output), moved).formula


def _terms(operands: Sequence[Formula], shapes: Sequence[Shape], symmetric: Sequence[bool] = ()) -> list[Term]:
    known = zip(operands, shapes or [SCALAR] * len(operands), symmetric or [False] * len(operands), strict=True)
    return [Term(*each) for each in known]


def _output(row: Primitive, operands: Sequence[Term], output: Formula) -> Term:
    """The output of a row as a term of its shape."""
    formulas = [operand.formula for operand in operands]
    symmetric = is_symmetric(row.name, [operand.symmetric for operand in operands], formulas)
    return Term(output, output_shape(row, operands), symmetric)


def output_shape(row: Primitive, operands: Sequence[Term]) -> Shape:
    """The shape of a row's output; ShapeError where those of the operands do not fit."""
    shapes = [operand.shape for operand in operands]
    return broadcast(shapes) if row.shapes is None else row.shapes(shapes, [operand.formula for operand in operands])


def pulled(row: Primitive, operands: Sequence[Term], output: Term, adjoint: Term) -> list[Term]:
    """The VJP of a row: what its adjoint adds to that of each operand."""
    if row.vjp is not None:
        return [term(found) for found in row.vjp(FORMULAS, output, *operands, adjoint)]
    partials = _partials(row, output, operands)
    return [_fitted(adjoint * found, operand.shape) for found, operand in zip(partials, operands, strict=True)]


def pushed(row: Primitive, operands: Sequence[Term], output: Term, tangents: Sequence[Term]) -> Term:
    """The JVP of a row: its tangent, from those of its operands."""
    if all(tangent.formula == ZERO for tangent in tangents):
        return Term(ZERO, output.shape)
    if row.jvp is not None:
        return term(row.jvp(FORMULAS, output, *operands, *tangents))
    total = Term(ZERO)
    for found, moved in zip(_partials(row, output, operands), tangents, strict=True):
        if moved.formula != ZERO:
            total = total + _spread(found * moved, output.shape)
    return total


def _partials(row: Primitive, output: Term, operands: Sequence[Term]) -> list[Term]:
    if row.partials is None:
        raise ValueError(f"{row.name} has no local partials")
    return [term(found) for found in row.partials(FORMULAS, output, *operands)]


def _fitted(found: Term, shape: Shape) -> Term:
    """The adjoint of an operand that went with every row, column or element: a sum over them."""
    if found.shape == shape or found.formula == ZERO:
        return found
    if not shape:
        return term(FORMULAS.sum(found))
    if shape[0] != found.shape[0]:
        found = FORMULAS.ones(found.shape[0]).T @ found
    return found if shape[1] == found.shape[1] else found @ FORMULAS.ones(found.shape[1])


def _spread(found: Term, shape: Shape) -> Term:
    """A tangent that goes with every row, column or element."""
    if found.shape == shape or found.formula == ZERO:
        return found
    if not found.shape:
        return term(found * FORMULAS.ones_of(shape))
    if found.shape[0] != shape[0]:
        found = FORMULAS.ones(shape[0]) @ found
    return found if found.shape[1] == shape[1] else found @ FORMULAS.ones(shape[1]).T


def constant_shape(formula: Formula) -> Shape:
    """The shape of a formula of constants; names are numbers.

    >>> constant_shape(Formula("ones", (name("N"),)))
    ('N', 1)
    """
    return folded(formula, _shape_of_node)


def _shape_of_node(node: Formula, below: Sequence[Shape]) -> Shape:
    from tracegen.primitives import find

    if node.head == "matrix":
        return (len(node.args), len(node.args[0]))
    row = find(node.head)
    return broadcast(below) if row is None or row.shapes is None else row.shapes(below, children(node))
