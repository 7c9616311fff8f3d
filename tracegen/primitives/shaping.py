"""The shapes of stacks and parts of matrices, which no signature can say."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.errors import ShapeError
from tracegen.formula import Formula
from tracegen.shapes import Dimension, Shape, dimension_of, minus, plus

Given = Sequence[Formula | None]


def vstack_shape(shapes: Sequence[Shape], constants: Given) -> Shape:
    """Matrices of one width, one above the other; a number is one row."""
    rows, columns = _stacked([shape or (1, 1) for shape in shapes])
    return (rows, columns)


def hstack_shape(shapes: Sequence[Shape], constants: Given) -> Shape:
    """Matrices of one height, side by side; a number is one column."""
    columns, rows = _stacked([(shape or (1, 1))[::-1] for shape in shapes])
    return (rows, columns)


def _stacked(shapes: Sequence[Shape]) -> tuple[Dimension, Dimension]:
    length: Dimension = 0
    for along, across in shapes:
        if across != shapes[0][1]:
            raise ShapeError(f"{shapes[0][1]} ≠ {across}")
        length = plus(length, along)
    return length, shapes[0][1]


def slice_shape(shapes: Sequence[Shape], constants: Given) -> Shape:
    """The rows from ``top`` to before ``bottom``, the columns from ``left`` to before ``right``."""
    rows, columns = _matrix(shapes[0])
    top, bottom, left, right = map(dimension_of, constants[1:])
    _inside(top, bottom, rows)
    _inside(left, right, columns)
    return (minus(bottom, top), minus(right, left))


def pad_shape(shapes: Sequence[Shape], constants: Given) -> Shape:
    """Zeros above, below, before and after."""
    rows, columns = shapes[0] or (1, 1)
    above, below, before, after = map(dimension_of, constants[1:])
    return (plus(above, plus(rows, below)), plus(before, plus(columns, after)))


def entry_shape(shapes: Sequence[Shape], constants: Given) -> Shape:
    """One element, counted from 0."""
    for at, dimension in zip(map(dimension_of, constants[1:]), _matrix(shapes[0]), strict=True):
        if not _fits(at, plus(at, 1), dimension):
            raise ShapeError(f"place {at}, counted from 0, is not within {dimension}")
    return ()


def _matrix(shape: Shape) -> Shape:
    if not shape:
        raise ShapeError("a matrix is needed, not a number")
    return shape


def _inside(start: Dimension, stop: Dimension, length: Dimension) -> None:
    if not _fits(start, stop, length):
        raise ShapeError(f"{start} to {stop} is not within {length}")


def _fits(start: Dimension, stop: Dimension, length: Dimension) -> bool:
    """Whether a part can be within a length; letters may be any number."""
    found = (start, minus(length, stop), minus(stop, start))
    return not any(isinstance(number, int) and number < 0 for number in found)
