"""Puts decimals together again that a file of records cut in two at their commas: ``v1,0,5`` is v1 and 0,5."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

Row = tuple[int, list[str]]
"""The line on which a row begins, and its cells."""

MOST_PAIRS = 6
"""Pairs that are put together in one row; a row with more cells too many has other commas."""

MOST_CELLS = 20
MOST_WAYS = 100
"""Ways to put a row together that are looked at; a row with more of them is in doubt."""

_WHOLE = re.compile(r"\s*[-−+]?\d+")
_AFTER = re.compile(r"\d+\s*")
_POINT = re.compile(r"\d\.\d")


def with_decimals(rows: Sequence[Row]) -> tuple[list[Row], tuple[str, ...]]:
    """The rows of tables, each with as many cells as its table has columns, and what is to be said of rows in doubt.

    Empty rows stand between tables.

    As many numbers are put together as a row has cells too many; where this can't be done in one way only, the
    numbers of the row stay one cell, which is for a person. Nothing is done where any row can't be explained so.

    >>> with_decimals([(1, ["row", "value"]), (2, ["v1", "0", "5"])])[0][1]
    (2, ['v1', '0,5'])
    """
    done: list[Row] = []
    notes: list[str] = []
    for filled, group in groupby(rows, key=lambda row: any(cell.strip() for cell in row[1])):
        table = list(group)
        found, said = _table(table) if filled else (table, ())
        done += found
        notes += said
    return done, tuple(notes)


def _table(rows: list[Row]) -> tuple[list[Row], tuple[str, ...]]:
    columns = _columns([cells for _, cells in rows])
    long = [(line, cells) for line, cells in rows if len(cells) > columns]
    if not long or any(_POINT.search(cell) for _, cells in rows for cell in cells):
        return rows, ()
    if any(len(cells) - columns > MOST_PAIRS or len(cells) > MOST_CELLS for _, cells in long):
        return rows, ()
    ways = {line: list(islice(_ways(cells, len(cells) - columns), MOST_WAYS + 1)) for line, cells in long}
    if not all(ways.values()):
        return rows, ()
    places = Counter(len(part.strip()) for found in ways.values() if len(found) == 1 for part in _decimals(found[0]))
    done: list[Row] = []
    doubtful: list[int] = []
    for line, cells in rows:
        likely = _likely(ways.get(line, [cells]), places)
        if likely is None:
            doubtful.append(line)
        done.append((line, _uncut(cells) if likely is None else likely))
    return done, tuple(_said(line) for line in doubtful)


def _columns(rows: Sequence[list[str]]) -> int:
    """How many columns a table has: its head says so, else its shortest row."""
    head = rows[0] if rows else []
    words = head and not any(any(letter.isdigit() for letter in cell) for cell in head)
    return len(head) if words else min(map(len, rows), default=0)


def _ways(cells: list[str], count: int, done: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """The rows that can be had by putting so many pairs of neighbours together."""
    if count == 0:
        yield [*done, *cells]
        return
    for at in range(len(cells) - 1):
        if _WHOLE.fullmatch(cells[at]) and _AFTER.fullmatch(cells[at + 1]):
            joined = (*done, *cells[:at], f"{cells[at]},{cells[at + 1]}")
            yield from _ways(cells[at + 2 :], count - 1, joined)


def _decimals(row: Sequence[str]) -> list[str]:
    return [cell.partition(",")[2] for cell in row if _WHOLE.fullmatch(cell.partition(",")[0]) and "," in cell]


def _likely(ways: list[list[str]], places: Counter[int]) -> list[str] | None:
    """The only way, or the only one whose decimals have as many places as those that are certain."""
    if len(ways) == 1:
        return ways[0]
    if len(ways) > MOST_WAYS:
        return None
    usual = [way for way in ways if all(places[len(part.strip())] for part in _decimals(way))]
    return usual[0] if len(usual) == 1 else None


def _uncut(cells: list[str]) -> list[str]:
    """A row in doubt: what stands before its numbers, and all of these in one cell, which no one can read."""
    at = next(at for at, cell in enumerate(cells) if _WHOLE.fullmatch(cell))
    return [*cells[:at], ",".join(cells[at:])]


def _said(line: int) -> str:
    return f"line {line}: its commas may stand within numbers or between columns; a person has to look"
