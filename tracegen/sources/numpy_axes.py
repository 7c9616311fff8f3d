"""What NumPy's operations mean for arrays with one axis or two, in an engine where a vector is a column.

Products and powers go element by element; an array with one axis is a row where it meets a matrix (the bias of a
batch), and either side of a product as it fits. Source: NumPy's manual, "Broadcasting" and "numpy.matmul".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tracegen.algebra.machine import folded
from tracegen.algebra.matrix_constructors import transposed
from tracegen.formula import Formula, with_children
from tracegen.primitives import find
from tracegen.shapes import Signature
from tracegen.sources.traced_value import FLAT


class Array(NamedTuple):
    """A formula, and how many axes its value has for NumPy."""

    formula: Formula
    axes: int


def axes_of(value: Any) -> int:
    """How many axes a value has: a number none, a list one, a list of lists two.

    >>> axes_of([[1, 2], [3, 4]])
    2
    """
    if hasattr(value, "ndim"):
        return int(value.ndim)
    if isinstance(value, str):
        return 0 if not value.lstrip().startswith("[") else 2 if value.count("[") > 1 else 1
    return 1 + axes_of(value[0]) if isinstance(value, list | tuple) and value else 0


def of_arrays(formula: Formula, axes: Mapping[str, int]) -> Array:
    """The formula as NumPy means it, where names have some axes; those that are not there have none.

    >>> from tracegen.formula import name
    >>> of_arrays(Formula("mul", (name("A"), name("B"))), {"A": 2, "B": 2}).formula.head
    'hadamard'
    """
    return folded(formula, lambda node, operands: _meant(node, operands, axes))


def _meant(node: Formula, operands: Sequence[Array], axes: Mapping[str, int]) -> Array:
    if node.head == "name":
        return Array(node, axes.get(node.args[0], 0))
    if node.head == "matrix":
        return Array(node, 1 if len(node.args[0]) == 1 else 2)
    if node.head == "slice" or not operands:
        return Array(with_children(node, [operand.formula for operand in operands]), 0)
    rule = _RULES.get(node.head)
    if rule is not None:
        return rule(node, *operands)
    row = find(node.head)
    if row is None or row.elementwise or node.head in _ELEMENTWISE:
        return _by_element(node, operands)
    rebuilt = with_children(node, [operand.formula for operand in operands])
    wanted = row.shapes.wanted if isinstance(row.shapes, Signature) else ("n", "m")
    if not wanted:
        return Array(rebuilt, 0)
    return Array(rebuilt, operands[-1].axes if len(wanted) == 2 else 1)


def _by_element(node: Formula, operands: Sequence[Array]) -> Array:
    """An operation element by element: an array with one axis goes with every row of a matrix."""
    most = max(operand.axes for operand in operands)
    formulas = [transposed(a.formula) if a.axes == 1 and most == 2 else a.formula for a in operands]
    head = _ELEMENTWISE.get(node.head, node.head) if most else node.head
    return Array(with_children(node, formulas)._replace(head=head), most)


_ELEMENTWISE = {"mul": "hadamard", "pow": "hadamard_power", "hadamard": "hadamard", "hadamard_power": "hadamard_power"}


def _product(node: Formula, a: Array, b: Array) -> Array:
    """``a @ b`` and ``np.dot(a, b)``."""
    if not (a.axes and b.axes):
        return _by_element(Formula("mul", node.args), (a, b))
    if a.axes == b.axes == 1:
        return Array(Formula("dot", (a.formula, b.formula)), 0)
    if a.axes == 1:
        return Array(Formula("matmul", (transposed(b.formula), a.formula)), 1)
    return Array(Formula("matmul", (a.formula, b.formula)), b.axes)


def _transpose(node: Formula, a: Array) -> Array:
    return a if a.axes < 2 else Array(transposed(a.formula), 2)


def _flat(node: Formula, a: Array) -> Array:
    """Sums along an axis that is gone: a column, whichever way they went."""
    across = a.formula.head in ("column_sums", "column_means")
    return Array(transposed(a.formula) if across else a.formula, 1)


def _index(node: Formula, of: Array, *entries: Array) -> Array:
    """A part: a whole number takes an axis away."""
    given = [entry.formula for entry in entries]
    part = Formula("index", (of.formula, *given))
    taken = sum(entry.head != "slice" for entry in given)
    if of.axes == 2 and given[0].head != "slice" and taken == 1:
        return Array(transposed(part), 1)
    return Array(part, of.axes - taken)


def _vstack(node: Formula, a: Array, b: Array) -> Array:
    """Arrays one above the other; those with one axis are rows."""
    return Array(Formula("vstack", tuple(transposed(x.formula) if x.axes == 1 else x.formula for x in (a, b))), 2)


def _hstack(node: Formula, a: Array, b: Array) -> Array:
    """Arrays side by side; those with one axis behind each other."""
    flat = a.axes < 2 and b.axes < 2
    return Array(Formula("vstack" if flat else "hstack", (a.formula, b.formula)), 1 if flat else 2)


def _diag(node: Formula, a: Array) -> Array:
    return Array(Formula("diag", (a.formula,)), 3 - a.axes)


def _outer(node: Formula, a: Array, b: Array) -> Array:
    return Array(Formula(node.head, (a.formula, b.formula)), 2)


_RULES: dict[str, Callable[..., Array]] = {
    "matmul": _product, "dot": _product, "transpose": _transpose, FLAT: _flat, "index": _index, "vstack": _vstack,
    "hstack": _hstack, "diag": _diag, "diagonal": _diag, "matmul_nt": _outer,
}  # fmt: skip
