"""Matrices with zeros whose size nobody wrote: ``[v̄1, 0; 0, 0]`` is as large as the row that it stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, pairwise, product
from typing import Any

import numpy as np

from tracegen.grading.meaning import Array, MeaninglessError
from tracegen.grading.parts import ShapeMismatchError, as_matrices, of_blocks

MOST_WAYS = 200
"""Ways to give zeros their room that are looked at: of many zeros in a large matrix there are more than can be."""

Size = tuple[int, int]
Block = Array | None
"""A block of a matrix; None where zeros take what room there is."""


@dataclass(frozen=True, slots=True)
class Roomy:
    """What a matrix can be, by the shape that is wanted; ``least`` is what it is where every such zero is a number."""

    ways: Callable[[Size], Iterator[Array]]
    least: Callable[[], Array]

    def of(self, size: Size) -> Array:
        """A way of a size, or the least."""
        found = next(iter(self.ways(size)), None)
        return self.least() if found is None else found

    def like(self, wanted: Array) -> Array:
        """The way that is equal to what is wanted; else any of that shape, or the least."""
        ways = (np.broadcast_to(way, wanted.shape) for way in self.ways(wanted.shape[1:3]))
        found = list(islice(ways, MOST_WAYS))
        equal = (way for way in found if np.allclose(np.real(way[:-1]), wanted[:-1], rtol=1e-7))
        return next(equal, found[0] if found else self.least())


def with_zeros(rows: Sequence[Sequence[Block]]) -> Array | Roomy:
    """A matrix of blocks and zeros. Where the blocks beside and above the zeros do not say their sizes, it is roomy."""
    heights = [_common([block.shape[1] for block in row if block is not None]) for row in rows]
    widths = [_common([row[at].shape[2] for row in rows if row[at] is not None]) for at in range(len(rows[0]))]  # type: ignore[union-attr]

    def filled(down: Sequence[int], across: Sequence[int]) -> Array:
        zeros = [[np.zeros((1, height, width)) for width in across] for height in down]
        return of_blocks([map(_or, row, blank) for row, blank in zip(rows, zeros, strict=True)])

    def ways(size: Size) -> Iterator[Array]:
        for down in islice(_shared(heights, size[0]), MOST_WAYS):
            for across in islice(_shared(widths, size[1]), MOST_WAYS):
                yield filled(down, across)

    least = [size or 1 for size in heights], [size or 1 for size in widths]
    if all(heights) and all(widths):
        return filled(*least)
    return Roomy(ways, lambda: filled(*least))


def spread(operation: Callable[..., Any], *operands: Any) -> Roomy:
    """An operation element by element on operands of which one at least is roomy."""

    def ways(size: Size) -> Iterator[Array]:
        choices = [operand.ways(size) if isinstance(operand, Roomy) else (operand,) for operand in operands]
        for chosen in product(*(islice(choice, MOST_WAYS) for choice in choices)):
            yield from _tried(operation, *chosen)

    return Roomy(ways, lambda: operation(*map(least, operands)))


def turned(matrix: Roomy) -> Roomy:
    """The transpose."""
    return Roomy(
        lambda size: (np.swapaxes(way, 1, 2) for way in matrix.ways((size[1], size[0]))),
        lambda: np.swapaxes(matrix.least(), 1, 2),
    )


def multiplied(operation: Callable[..., Any], a: Any, b: Any) -> Roomy:
    """A product of matrices of which one is roomy."""

    def ways(size: Size) -> Iterator[Array]:
        if isinstance(a, Roomy) and isinstance(b, Roomy):
            return
        firsts = a.ways((size[0], b.shape[1])) if isinstance(a, Roomy) else (a,)
        seconds = b.ways((a.shape[2], size[1])) if isinstance(b, Roomy) else (b,)
        for first, second in product(islice(firsts, MOST_WAYS), islice(seconds, MOST_WAYS)):
            yield from _tried(operation, first, second)

    return Roomy(ways, lambda: operation(least(a), least(b)))


def cut(operation: Callable[[Array], Array], matrix: Roomy, sizes: Sequence[int]) -> Roomy:
    """What an operation makes of a roomy matrix that may have any of some sizes."""

    def ways(size: Size) -> Iterator[Array]:
        whole = (way for rows, columns in product(sizes, repeat=2) for way in matrix.ways((rows, columns)))
        for way in islice(whole, MOST_WAYS):
            yield from (found for found in _tried(operation, way) if found.shape[1:] == size)

    return Roomy(ways, lambda: operation(matrix.least()))


def _or(block: Block, zeros: Array) -> Array:
    return zeros if block is None else block


def least(value: Any) -> Any:
    """A value in which every zero is a number."""
    return value.least() if isinstance(value, Roomy) else value


def _tried(operation: Callable[..., Any], *operands: Any) -> Iterator[Array]:
    try:
        yield as_matrices(operation(*operands))
    except MeaninglessError:
        return


def _common(sizes: Sequence[int]) -> int | None:
    if len(set(sizes)) > 1:
        raise ShapeMismatchError("the blocks of the matrix do not fit together")
    return sizes[0] if sizes else None


def _shared(sizes: Sequence[int | None], whole: int) -> Iterator[list[int]]:
    """The ways in which sizes that are not known share what is left of a whole; none of them is 0."""
    free = sum(size is None for size in sizes)
    left = whole - sum(size or 0 for size in sizes)
    if left < free or (left and not free):
        return
    for cuts in combinations(range(1, left), free - 1) if free else [()]:
        ends = (0, *cuts, left) if free else ()
        shares = iter([after - before for before, after in pairwise(ends)])
        yield [next(shares) if size is None else size for size in sizes]
