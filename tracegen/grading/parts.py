"""Parts and stacks of matrices over samples: elements, ranges, blocks side by side, zeros around."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from tracegen.grading.meaning import Array, MeaninglessError
from tracegen.grading.places import Pattern

LARGEST = 1_000
"""The largest size of a matrix that an answer can ask for."""


class ShapeMismatchError(MeaninglessError):
    """Operands whose shapes do not fit."""


def whole(size: Any) -> int:
    """A number of rows or columns, or a place among them, the same at every sample; a huge one is refused."""
    given = np.real(np.ravel(size))
    number = float(given[0])
    if not abs(number) <= LARGEST or number != int(number) or (np.ndim(size) == 3 and np.size(size) > len(size)):
        raise MeaninglessError("a place in a matrix, and a size, is a whole number")
    return int(number)


def as_matrices(value: Any) -> Array:
    """A number, or a matrix at every sample, as a matrix at every sample."""
    return value if isinstance(value, np.ndarray) and value.ndim == 3 else np.full((1, 1, 1), value)


def entry(matrix: Any, row: Any, column: Any) -> Array:
    """One element, counted from 0."""
    values = as_matrices(matrix)
    at, across = (_place(place, size) for place, size in zip((row, column), values.shape[1:], strict=True))
    return values[:, at : at + 1, across : across + 1]


def sliced(matrix: Any, top: Any, bottom: Any, left: Any, right: Any) -> Array:
    """The rows from ``top`` to before ``bottom``, the columns from ``left`` to before ``right``."""
    values = as_matrices(matrix)
    rows, columns = _range(top, bottom, values.shape[1]), _range(left, right, values.shape[2])
    return values[:, rows, columns]


def part(pattern: Pattern, matrix: Any, *bounds: Any) -> Array:
    """The part of a matrix that is written in brackets behind it; of a vector one place or range is enough."""
    values = as_matrices(matrix)
    given = iter(bounds)
    ranges = []
    if len(pattern) > 2:
        raise MeaninglessError("a part of a matrix is said by its rows and columns")
    along = 2 if len(pattern) == 1 and values.shape[1] == 1 else 1
    for axis, size in zip(pattern, values.shape[along:], strict=False):
        if axis is None:
            at = _place(next(given), size)
            ranges.append(slice(at, at + 1))
        else:
            start, stop = (next(given) if there else end for there, end in zip(axis, (0, size), strict=True))
            ranges.append(_range(start, stop, size))
    return values[(slice(None),) * along + tuple(ranges)]


def padded(matrix: Any, above: Any, below: Any, before: Any, after: Any) -> Array:
    """A matrix with rows and columns of zeros around it."""
    widths = [whole(size) for size in (above, below, before, after)]
    if min(widths) < 0:
        raise MeaninglessError("there can't be fewer than no zeros around a matrix")
    return np.pad(as_matrices(matrix), ((0, 0), tuple(widths[:2]), tuple(widths[2:])))


def zeros(rows: Any, columns: Any) -> Array:
    """A matrix of zeros."""
    return np.zeros((1, whole(rows), whole(columns)))


def of_blocks(rows: Iterable[Iterable[Any]]) -> Array:
    """A matrix of blocks, row by row.

    Raises ShapeMismatchError where blocks of different heights stand side by side, or rows of different lengths.
    """
    blocks = [list(map(as_matrices, row)) for row in rows]
    samples = max(len(block) for row in blocks for block in row)
    spread = [[np.broadcast_to(block, (samples, *block.shape[1:])) for block in row] for row in blocks]
    try:
        return np.concatenate([np.concatenate(row, axis=2) for row in spread], axis=1)
    except ValueError:
        raise ShapeMismatchError("the blocks of the matrix do not fit together") from None


def stacked(*blocks: Any) -> Array:
    """Matrices one above the other."""
    return of_blocks([[block] for block in blocks])


def side_by_side(*blocks: Any) -> Array:
    """Matrices side by side."""
    return of_blocks([blocks])


def _place(given: Any, size: int) -> int:
    place = whole(given)
    at = place + size if place < 0 else place
    if not 0 <= at < size:
        raise ShapeMismatchError(f"there is no place {place} among {size}, counted from 0")
    return at


def _range(start: Any, stop: Any, size: int) -> slice:
    ends = [whole(start), whole(stop)]
    first, last = (end + size if end < 0 else end for end in ends)
    if not 0 <= first < last <= size:
        raise ShapeMismatchError(f"there is no {ends[0]} to {ends[1]} among {size}, counted from 0")
    return slice(first, last)
