"""Other ways to write the derivatives of matrices: with diagonal matrices, and with adjoints that are rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tracegen.algebra.constructors import negative
from tracegen.algebra.machine import folded
from tracegen.algebra.matrix_constructors import hadamard, matmul, scaled, transposed
from tracegen.formula import Formula, postorder, with_children
from tracegen.shapes import Shape
from tracegen.wengert.shape_inference import shape_in

Shapes = Mapping[Formula, Shape]

_DIFFERENTIALS = ("adjoint", "tangent")


def without_transposes(formula: Formula, symmetric: Collection[Formula]) -> Formula:
    """The formula with A and A⁻¹ for the transposes of what is symmetric.

    >>> from tracegen.formula import name
    >>> without_transposes(Formula("inv_transpose", (name("A"),)), {name("A")}).head
    'inv'
    """
    if not symmetric:
        return formula
    return folded(formula, lambda node, below: _untransposed(with_children(node, below), symmetric))


def _untransposed(node: Formula, symmetric: Collection[Formula]) -> Formula:
    if node.head == "transpose" and node.args[0] in symmetric:
        return node.args[0]  # type: ignore[no-any-return]
    return node._replace(head="inv") if node.head == "inv_transpose" and node.args[0] in symmetric else node


def with_diagonals(formula: Formula, shapes: Shapes) -> Formula:
    """The formula with products element by element of columns written with a diagonal matrix: diag(σ′(z)) h̄.

    >>> from tracegen.formula import name
    >>> h, z = Formula("adjoint", (name("h"),)), Formula("letter", ("sigma", 1, name("z")))
    >>> with_diagonals(Formula("hadamard", (h, z)), {h: ("K", 1), name("z"): ("K", 1)}).args[0].head
    'diag'
    """

    def rewritten(node: Formula, below: list[Formula]) -> Formula:
        rebuilt = with_children(node, below) if below else node
        columns = node.head == "hadamard" and shape_in(node, shapes)[1] == 1
        return _diagonal(*rebuilt.args) if columns else rebuilt

    return folded(formula, rewritten)


def _diagonal(a: Formula, b: Formula) -> Formula:
    """diag(a) b, where b is the factor that has a differential."""
    if _has_differential(a) and not _has_differential(b):
        a, b = b, a
    return Formula("matmul", (Formula("diag", (a,)), b))


def _has_differential(formula: Formula) -> bool:
    return any(node.head in _DIFFERENTIALS for node in postorder(formula))


def in_rows(formula: Formula, shapes: Shapes) -> Formula:
    """An adjoint's formula where every adjoint is a row: v̄0 = v̄1 W1 for v̄0 = W1ᵀ v̄1.

    ``shapes`` has those of the formula as it is given, with adjoints of the shapes of their variables.

    >>> from tracegen.formula import name
    >>> v, W = Formula("adjoint", (name("v"),)), name("W")
    >>> given = Formula("matmul", (Formula("transpose", (W,)), v))
    >>> in_rows(given, {v: ("K", 1), W: ("K", "N")}) == Formula("matmul", (v, W))
    True
    """

    def both(node: Formula, parts: list[tuple[Formula, Formula]]) -> tuple[Formula, Formula]:
        below, turned = [plain for plain, _ in parts], [flipped for _, flipped in parts]
        return _plain(node, below, turned, shapes), _flipped(node, below, turned, shapes)

    return folded(formula, both)[1]


def _plain(node: Formula, below: list[Formula], turned: list[Formula], shapes: Shapes) -> Formula:
    """The formula, with each adjoint as the transpose of a row."""
    if node.head == "adjoint":
        return transposed(node) if shapes.get(node) else node
    if node.head == "transpose":
        return turned[0]
    return with_children(node, below) if below else node


def _flipped(node: Formula, below: list[Formula], turned: list[Formula], shapes: Shapes) -> Formula:
    """The transpose of the formula, with each adjoint as a row."""
    if node.head == "adjoint" or not shape_in(node, shapes):
        return node if not below or node.head == "adjoint" else with_children(node, below)
    if node.head == "transpose":
        return below[0]
    if node.head == "matmul":
        return matmul(turned[1], turned[0])
    if node.head == "hadamard":
        return hadamard(*turned)
    if node.head == "scale":
        return scaled(below[0], turned[1])
    if node.head == "neg":
        return negative(turned[0])
    if node.head in ("add", "sub"):
        names_only = all(part.head == "transpose" for part in turned)
        return transposed(Formula(node.head, tuple(below))) if names_only else Formula(node.head, tuple(turned))
    return transposed(with_children(node, below) if below else node)
