"""Formulas from SymPy's matrix expressions.

SymPy's sums and products of matrices call themselves sums and products too, and an inverse has the exponent −1 among
its arguments; so these are told by their type before anything else, and their arguments are never taken blindly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

from tracegen.algebra.constructors import add
from tracegen.algebra.matrix_constructors import hadamard, matmul, scaled, transposed
from tracegen.errors import ParseError
from tracegen.formula import Formula, name
from tracegen.primitives import find
from tracegen.shapes import Dimension, Shape, dimension_formula

LARGEST_POWER = 16

Known = Mapping[Any, Formula]


def is_matrix(node: Any) -> bool:
    """Whether an expression is read here: a matrix, or a number that is made of matrices."""
    return bool(getattr(node, "is_Matrix", False)) or type(node).__name__ in _NUMBERS


def below(node: Any) -> Sequence[Any]:
    """The expressions that a matrix expression is made of."""
    kind = type(node).__name__
    if kind in _LEAVES or "DenseMatrix" in kind:
        return tuple(node) if "DenseMatrix" in kind else ()
    if kind in ("Inverse", "MatrixElement"):
        return (node.args[0],)
    return (node.expr,) if kind == "ElementwiseApplyFunction" else tuple(node.args)


def matrix_formula(node: Any, done: Known) -> Formula:
    """The formula of a matrix expression whose parts are done. ParseError where it is no operation of the table."""
    kind = type(node).__name__
    if "DenseMatrix" in kind:
        rows, columns = node.shape
        return Formula("matrix", tuple(tuple(done[node[i, j]] for j in range(columns)) for i in range(rows)))
    reader = _READERS.get(kind)
    if reader is None:
        raise ParseError(f"SymPy's {kind} is no operation of the table of primitives")
    return reader(node, done)


def shapes_in(expression: Any) -> dict[str, Shape]:
    """The shapes of the matrix symbols of an expression.

    >>> import sympy
    >>> shapes_in(sympy.MatrixSymbol("W", sympy.Symbol("K"), 3))
    {'W': ('K', 3)}
    """
    import sympy

    symbols = sorted(expression.atoms(sympy.MatrixSymbol), key=lambda symbol: str(symbol.name))
    return {symbol.name: _shape(symbol) for symbol in symbols}


def _shape(node: Any) -> Shape:
    sides = tuple(map(_dimension, node.shape))
    return () if sides == (1, 1) else sides


def _dimension(side: Any) -> Dimension:
    if side.is_Integer:
        return int(side)
    if side.is_Symbol:
        return str(side.name)
    raise ParseError(f"a dimension is a letter or a number, not {side}")


def _sum(node: Any, done: Known) -> Formula:
    """SymPy has an order of its own; what is subtracted goes behind what it is subtracted from."""
    terms = [done[arg] for arg in node.args]
    return reduce(add, sorted(terms, key=lambda term: term.head == "neg"))


def _product(node: Any, done: Known) -> Formula:
    """Numbers in front, then the matrices in their order."""
    scalars = [done[arg] for arg in node.args if not is_matrix(arg)]
    factors = [done[arg] for arg in node.args if is_matrix(arg)]
    whole = reduce(matmul, factors)
    for scalar in reversed(scalars):
        whole = scaled(scalar, whole)
    return whole


def _power(node: Any, done: Known) -> Formula:
    base, exponent = node.args
    if not exponent.is_Integer or not 1 <= exponent <= LARGEST_POWER:
        raise ParseError(f"a power of a matrix has an exponent from 1 to {LARGEST_POWER}, not {exponent}")
    return reduce(matmul, [done[base]] * int(exponent))


def _elementwise(node: Any, done: Known) -> Formula:
    """A function of the table, applied to every element."""
    applied = node.function.expr
    row = find(type(applied).__name__.lower())
    if row is None or row.arity != 1 or applied.args != tuple(node.function.variables):
        raise ParseError(f"elementwise, {applied} is no operation of the table of primitives")
    return Formula(row.name, (done[node.expr],))


def _element(node: Any, done: Known) -> Formula:
    return Formula("entry", (done[node.args[0]], *(dimension_formula(_dimension(at)) for at in node.args[1:])))


def _made(head: str, sides: int) -> Callable[[Any, Known], Formula]:
    """A matrix that its dimensions make."""
    return lambda node, done: Formula(head, tuple(dimension_formula(_dimension(side)) for side in node.shape[:sides]))


def _ones(node: Any, done: Known) -> Formula:
    column, row = (Formula("ones", (dimension_formula(_dimension(side)),)) for side in node.shape)
    return matmul(column, transposed(row))


def _applied(head: str) -> Callable[[Any, Known], Formula]:
    return lambda node, done: Formula(head, tuple(done[arg] for arg in below(node)))


_READERS: dict[str, Callable[[Any, Known], Formula]] = {
    "MatrixSymbol": lambda node, done: name(node.name),
    "MatAdd": _sum,
    "MatMul": _product,
    "MatPow": _power,
    "HadamardProduct": lambda node, done: reduce(hadamard, [done[arg] for arg in node.args]),
    "HadamardPower": _applied("hadamard_power"),
    "Transpose": lambda node, done: transposed(done[node.args[0]]),
    "Inverse": _applied("inv"),
    "Trace": _applied("trace"),
    "Determinant": _applied("det"),
    "DotProduct": _applied("dot"),
    "MatrixElement": _element,
    "ElementwiseApplyFunction": _elementwise,
    "Identity": _made("identity", 1),
    "ZeroMatrix": _made("zeros", 2),
    "OneMatrix": _ones,
}
_NUMBERS = frozenset(["Trace", "Determinant", "DotProduct", "MatrixElement"])
_LEAVES = frozenset(["MatrixSymbol", "Identity", "ZeroMatrix", "OneMatrix"])
