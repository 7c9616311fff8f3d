"""Says what does not fit: an operation, its operands with their shapes, and why."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.errors import ShapeError
from tracegen.formula import DOTS, Formula, children, rational
from tracegen.notation import text, unicode
from tracegen.shapes import Shape, shape_text


def explained(written: Formula, shapes: Sequence[Shape], reason: str) -> ShapeError:
    """The error of an operation whose shapes do not fit: what it is, what its operands are, and why.

    >>> from tracegen.formula import name
    >>> wrong = Formula("matmul_tn", (name("W1"), name("x")))
    >>> print(explained(wrong, [("K", "N"), ("N", 1)], "K ≠ N"))
    W₁ᵀ x: W₁ᵀ is N×K, x is N×1; K ≠ N
    """
    shape_of = dict(zip(children(written), shapes, strict=True))
    seen = _as_written(written) if written.head in _PRODUCTS else written
    if seen.head == "mul" and all(shapes):
        seen = seen._replace(head="hadamard")
    operands = [(arg, shape) for arg, shape in _operands(seen, shape_of) if rational(arg) is None and arg != DOTS]
    parts = dict.fromkeys(f"{unicode(arg)} is {shape_text(shape)}" for arg, shape in operands)
    operation = _part(seen) if seen.head in _PARTS else unicode(seen)
    hint = _as_a_product(written, shapes) or _as_a_row(written, shapes)
    return ShapeError(f"{operation}: {', '.join(parts)}; {reason}{hint}")


_PARTS = ("entry", "slice")


def _part(written: Formula) -> str:
    """A part of a matrix as it is written, before its places are counted out: x[5], A[0:2, 1:]."""
    of, *places = written.args
    shown = ["" if place == DOTS else text(place) for place in places]
    if written.head == "slice":
        shown = [f"{start}:{stop}" for start, stop in zip(shown[::2], shown[1::2], strict=True)]
    return f"{unicode(of)}[{', '.join(shown)}]"


def _as_a_row(written: Formula, shapes: Sequence[Shape]) -> str:
    """How to write that a column goes with every row of a matrix, as the bias of a batch does."""
    if written.head not in _BY_ELEMENT or not all(shapes):
        return ""
    for column, other, shape in zip(written.args, shapes[::-1], shapes, strict=True):
        if shape[1] == 1 and shape[0] == other[1]:
            return f"; write {text(Formula('transpose', (column,)))}, which goes with every row"
    return ""


_BY_ELEMENT = ("add", "sub", "mul", "hadamard", "div")


def _as_a_product(written: Formula, shapes: Sequence[Shape]) -> str:
    """How to write the product of matrices, where only that fits."""
    if written.head != "mul" or not all(shapes) or shapes[0][1] != shapes[1][0]:
        return ""
    return f"; {text(Formula('matmul', written.args))} is the product of matrices"


_PRODUCTS = ("matmul_tn", "matmul_nt")


def _as_written(written: Formula) -> Formula:
    """A product with its transposes, before any shape is known to fit."""
    a, b = written.args
    if written.head == "matmul_tn":
        a = Formula("transpose", (a,))
    if written.head == "matmul_nt":
        b = Formula("transpose", (b,))
    return Formula("matmul", (a, b))


def _operands(seen: Formula, shape_of: dict[Formula, Shape]) -> list[tuple[Formula, Shape]]:
    shapes = []
    for arg in children(seen):
        if arg in shape_of:
            shapes.append((arg, shape_of[arg]))
        elif arg.head == "transpose" and arg.args[0] in shape_of:
            shapes.append((arg, shape_of[arg.args[0]][::-1]))
    return shapes
