"""The chain rule at a row, as formulas: the sum of a tangent, the contribution to an adjoint, a formula's derivative.

Whoever shows a rule asks here, with the row's local partials and the names that the reader knows: a trace with those of
its lines, grading with those of the writer. Sweeps take the same sums from ``primitives.rule_formulas``, over slots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce

from tracegen.algebra.constructors import add, mul
from tracegen.algebra.machine import folded
from tracegen.formula import Formula, children, number
from tracegen.primitives import Primitive
from tracegen.primitives.rule_formulas import local_partials

ZERO, ONE = number(0), number(1)

Write = Callable[[Formula, Formula], Formula]
"""How two formulas are written as a sum or a product."""

Step = Callable[[Formula, Sequence[Formula], Sequence[Formula]], Formula]
"""The derivative of one operation, from its operands and their derivatives."""


def tangent_rule(parts: Iterable[tuple[Formula, Formula]], times: Write = mul, plus: Write = add) -> Formula:
    """The sum of local partial × tangent over pairs of these; 0 where there are none.

    >>> from tracegen.formula import name
    >>> from tracegen.notation import unicode
    >>> unicode(tangent_rule([(name("b"), Formula("tangent", (name("a"), None))), (name("a"), ONE)]))
    'b·ȧ + a'
    """
    return reduce(plus, [times(partial, tangent) for partial, tangent in parts], ZERO)


def operation_tangent(
    row: Primitive,
    operands: Sequence[Formula],
    output: Formula,
    moved: Sequence[Formula],
    times: Write = mul,
    plus: Write = add,
) -> Formula:
    """The tangent of a row of numbers, ``moved`` being those of its operands, written as the reader wants it.

    >>> from tracegen.formula import name
    >>> from tracegen.notation import unicode
    >>> from tracegen.primitives import lookup
    >>> unicode(operation_tangent(lookup("sin"), [name("a")], name("y"), [name("t")]))
    'cos(a)·t'
    """
    if all(tangent == ZERO for tangent in moved):
        return ZERO
    return tangent_rule(zip(local_partials(row, tuple(operands), output), moved, strict=True), times, plus)


def adjoint_rule(contributions: Sequence[Formula], plus: Write = add) -> Formula:
    """The sum of the contributions to an adjoint, as they stand; 0 where there are none.

    >>> adjoint_rule([]) == ZERO
    True
    """
    return reduce(plus, contributions) if contributions else ZERO


def local_partial(above: Formula, below: Formula) -> Formula:
    """The local partial of a row by another by its name, ∂v8/∂v3."""
    return Formula("partial", (above, below))


def link(adjoint: Formula, above: Formula, below: Formula) -> Formula:
    """A contribution that is not worked out, v̄8 ∂v8/∂v3; without the adjoint where that is 1."""
    partial = local_partial(above, below)
    return partial if adjoint == ONE else Formula("mul", (adjoint, partial))


def written_sum(a: Formula, b: Formula) -> Formula:
    """a + b as a sum of two, whatever they are: of links, and of matrices by name."""
    return Formula("add", (a, b))


def differentiated(formula: Formula, leaf: Callable[[Formula], Formula | None], step: Step) -> Formula:
    """The derivative of a whole formula: that of each operation from those of its operands.

    ``leaf`` gives the derivative of what has one by itself, and None of an operation.

    >>> from tracegen.formula import name
    >>> from tracegen.primitives import lookup
    >>> square = Formula("mul", (name("a"), name("a")))
    >>> by = lambda node: {"name": ONE}.get(node.head)
    >>> differentiated(square, by, lambda node, given, moved: operation_tangent(lookup(node.head), given, node, moved))
    Formula(head='add', args=(Formula(head='name', args=('a',)), Formula(head='name', args=('a',))))
    """

    def derivative(node: Formula, moved: list[Formula]) -> Formula:
        known = leaf(node)
        return step(node, children(node), moved) if known is None else known

    return folded(formula, derivative)
