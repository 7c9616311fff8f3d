"""Reads a sheet passage by passage: a table, or a line outside of tables. What several sheets have is read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from tracegen.grading.findings import remembered
from tracegen.grading.pieces import Piece
from tracegen.grading.readings import Reader
from tracegen.grading.rows import Builder
from tracegen.grading.sheet import Item
from tracegen.grading.upright import upright


def items_of(pieces: Iterable[Piece], reader: Reader) -> Iterator[Item]:
    """The items that pieces hold, in order."""
    for table, group in groupby(pieces, attrgetter("table")):
        if table >= 0:
            yield from _table(list(group), reader)
            continue
        for piece in group:
            yield from _read(((0, *piece[1:]),), reader).at(piece.line)


def _table(pieces: Sequence[Piece], reader: Reader) -> tuple[Item, ...]:
    first = pieces[0].line
    lines = (piece._replace(line=piece.line - first, table=0) for piece in pieces)
    return _read(tuple(lines), reader).at(first)


class _Passage:
    """What a passage holds, wherever it stands; in a class it mostly stands where it stood on the sheet before."""

    __slots__ = ("_at",)

    def __init__(self, items: tuple[Item, ...]) -> None:
        self._at = (0, items)

    def at(self, line: int) -> tuple[Item, ...]:
        """The items of the passage where it begins on a line."""
        before, items = self._at
        if line != before:
            items = tuple(item.moved(line - before) for item in items)
            self._at = (line, items)
        return items


@remembered(8_192)
def _read(pieces: tuple[tuple[Any, ...], ...], reader: Reader) -> _Passage:
    """What is in pieces whose lines are counted from the first."""
    builder = Builder(reader)
    lines = [Piece(*piece) for piece in pieces]
    for piece in upright(lines, reader) if lines[0].table >= 0 else lines:
        builder.add(piece)
    return _Passage(builder.items)
