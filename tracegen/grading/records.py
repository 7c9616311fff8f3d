"""Cuts files of records into pieces: notebooks, CSV, and JSON, that of this project's own traces among it."""

from __future__ import annotations

import csv
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from typing import Any

from tracegen.errors import ParseError, Place
from tracegen.grading.bounds import without_long_lines
from tracegen.grading.commas import with_decimals
from tracegen.grading.pieces import MAX_COLUMNS, Markdown, Piece

DEEPEST = 40
_SKIPPED = "…"
"""A line of a table that is left out: an empty one would end the table."""


def pieces(text: str, suffix: str, source: str) -> tuple[list[Piece], Sequence[str]]:
    """The pieces of a file, and notes on what is in doubt. Raises ParseError where it is not of its format."""
    if suffix == ".csv":
        return _csv(text, source)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"is no JSON: {error}", Place(source)) from None
    if suffix == ".ipynb":
        return _notebook(data, source)
    notes: list[str] = []
    return list(_json(_bounded(data, notes, 0))), notes


def _bounded(data: Any, notes: list[str], depth: int) -> Any:
    """What a JSON text holds without the lines of texts that are too long; what lies too deep is not looked at."""
    if isinstance(data, str):
        text, said = without_long_lines(data)
        notes += [f"in a text of the JSON, {each}" for each in said]
        return text
    if depth > DEEPEST:
        return None
    if isinstance(data, dict):
        kept = ((key, value, _bounded(value, notes, depth + 1)) for key, value in data.items())
        return {key: left for key, value, left in kept if left != "" or value == ""}
    return [_bounded(value, notes, depth + 1) for value in data] if isinstance(data, list) else data


def _csv(text: str, source: str) -> tuple[list[Piece], Sequence[str]]:
    """Every table with its head; a table of this project's is headed by its key."""
    found: list[Piece] = []
    table, before, key = -1, False, ""
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else "\t" if "\t" in first else ","
    text, skipped = without_long_lines(text, instead=_SKIPPED)
    try:
        rows = [
            (number, row)
            for number, row in _numbered(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
            if row != [_SKIPPED]
        ]
    except csv.Error as error:
        raise ParseError(f"is no CSV: {error}", Place(source)) from None
    own = False
    rows, notes = with_decimals(rows) if delimiter == "," else (rows, ())
    for number, row in rows:
        cells = [cell.removeprefix("'") for cell in row]
        filled = [cell for cell in cells if cell.strip()]
        if not filled:
            before = False
            continue
        if not before and len(filled) == 1 and _is_title(filled[0]):
            found.append(Piece(number, (filled[0],), (False,), header=True))
            continue
        header = not before
        if header:
            table += 1
            before, own, key = True, cells[:2] == ["table", "row"], ""
        if own and not header and cells[0] != key:
            key = cells[0]
            found.append(Piece(number, (_spoken(key),), (False,)))
        shown = cells[2:] if own else cells
        found.append(Piece(number, tuple(shown), (True,) * len(shown), table, header=header and own))
    return _heads_under_keys(found), (*skipped, *notes)


def _is_title(cell: str) -> bool:
    """Whether a cell that stands alone on its line is words over a table and no row of it."""
    return "=" not in cell and not any(map(str.isdigit, cell))


def _spoken(key: str) -> str:
    """The key of a table in words."""
    return (
        key.replace("/forward", " tangents along")
        .replace("/reverse", " adjoints of")
        .replace("/", " ")
        .replace("+", " ")
    )


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def _heads_under_keys(found: list[Piece]) -> list[Piece]:
    """The words of a key before the head of their table."""
    for at in range(1, len(found)):
        if found[at].table < 0 and found[at - 1].header:
            found[at - 1], found[at] = found[at], found[at - 1]
    return found


def _notebook(data: Any, source: str) -> tuple[list[Piece], Sequence[str]]:
    """The Markdown cells of a notebook, in order; code is not looked at."""
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        raise ParseError("is no notebook: it has no cells", Place(source))
    found: list[Piece] = []
    notes: list[str] = []
    table = 0
    for _, line, written in _text_cells(data):
        text, said = without_long_lines(written, line)
        notes += said
        pieces = Markdown(text).pieces()
        for piece in pieces:
            moved = piece.table + table if piece.table >= 0 else -1
            found.append(Piece(piece.line + line, piece.cells, piece.maths, moved, piece.header))
        table += 1 + max((piece.table for piece in pieces), default=0)
    return found, notes


def _text_cells(data: Any) -> Iterator[tuple[int, int, str]]:
    """The cells of a notebook that are text: the number of each among all, the lines of text before it, its text."""
    line = 0
    for number, cell in enumerate(data["cells"], start=1):
        if not isinstance(cell, dict) or cell.get("cell_type") not in ("markdown", "raw"):
            continue
        text = cell.get("source", "")
        text = "".join(map(str, text)) if isinstance(text, list) else str(text)
        yield number, line, text
        line += text.count("\n") + 1


def notebook_places(text: str) -> Callable[[int], str]:
    """What finds the cell and the line in it for a line that is counted over the text of a notebook.

    >>> notebook_places('{"cells": [{"cell_type": "code"}, {"cell_type": "markdown", "source": "v0"}]}')(1)
    'cell 2, line 1'
    """
    cells = list(_text_cells(json.loads(text)))
    starts = [before for _, before, _ in cells]

    def place(line: int) -> str:
        at = bisect_left(starts, line) - 1
        return f"cell {cells[at][0]}, line {line - starts[at]}" if at >= 0 else ""

    return place


def _json(data: Any) -> Iterator[Piece]:
    """The rows of a JSON text: a trace of this project, tables as lists of lists, lines as texts."""
    counter = iter(range(1, 10**9))
    if isinstance(data, dict) and isinstance(data.get("lists"), list):
        yield from _trace(data, counter)
        return
    yield from _anything(data, counter, 0)


def _anything(data: Any, counter: Iterator[int], depth: int) -> Iterator[Piece]:
    if depth > DEEPEST:
        return
    if isinstance(data, dict) and len(data) > 1 and _are_records(rows := list(data.values())):
        yield from _table_of([{"row": key, **row} for key, row in zip(data, rows, strict=True)], counter)
    elif isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                yield _line(counter, f"{key} = {value}")
            else:
                yield Piece(next(counter), (str(key),), (False,))
                yield from _anything(value, counter, depth + 1)
    elif (
        isinstance(data, list) and data and all(isinstance(cell, str | int | float) for cell in data) and len(data) > 1
    ):
        cells = tuple(str(cell) for cell in data[: MAX_COLUMNS + 1])
        yield Piece(next(counter), cells, (True,) * len(cells), depth)
    elif isinstance(data, list) and _are_records(data):
        yield from _table_of(data, counter)
    elif isinstance(data, list):
        for value in data:
            yield from _anything(value, counter, depth + 1)
    elif isinstance(data, str):
        for line in data.split("\n"):
            yield from (Piece(next(counter), piece.cells, piece.maths) for piece in Markdown(line).pieces())


def _are_records(data: list[Any]) -> bool:
    """Whether all are rows of a table: the same keys, more than one, with texts or numbers, or nothing."""
    first = data[0] if data else None
    return (
        isinstance(first, dict)
        and 1 < len(first) <= MAX_COLUMNS
        and all(isinstance(row, dict) and row.keys() <= first.keys() for row in data)
        and all(isinstance(cell, str | int | float | None) for row in data for cell in row.values())
    )


def _table_of(rows: list[dict[str, Any]], counter: Iterator[int]) -> Iterator[Piece]:
    """Rows with keys as a table that is headed by them."""
    heads, table = tuple(map(str, rows[0])), next(counter)
    yield Piece(table, heads, (True,) * len(heads), table, header=True)
    for row in rows:
        cells = tuple("" if row.get(key) is None else str(row[key]) for key in rows[0])
        yield Piece(next(counter), cells, (True,) * len(cells), table)


def _line(counter: Iterator[int], text: str) -> Piece:
    return Piece(next(counter), (text,), (True,))


def _trace(data: dict[str, Any], counter: Iterator[int]) -> Iterator[Piece]:
    """A trace as this project writes it: every row as a chain with its values beside it."""
    table = 0
    for each in data["lists"]:
        outputs = " ".join(map(str, each.get("outputs", ())))
        yield Piece(next(counter), (f"primal {outputs}",), (False,))
        yield from _lines(each.get("lines", ()), "{name}", "definition", counter, table)
        for swept in each.get("tangents", ()):
            along = next((name for name, value in swept.get("seed", {}).items() if value == "1"), "")
            table += 1
            yield Piece(next(counter), (f"tangents of {outputs} along {along}",), (False,))
            yield from _lines(
                swept.get("lines", ()), "d{name}_d" + along if along else "{name}_dot", "rule", counter, table
            )
        for swept in each.get("adjoints", ()):
            table += 1
            yield Piece(next(counter), (f"adjoints of {swept.get('of', '')}",), (False,))
            yield from _lines(swept.get("lines", ()), "{name}_bar", "rule", counter, table)
        table += 1
    yield from _jacobian(data.get("jacobian"), counter)


def _lines(lines: Any, label: str, rule: str, counter: Iterator[int], table: int) -> Iterator[Piece]:
    for line in lines:
        name = re.sub(r"-(?=\d)", "m", str(line.get("name", "")))
        chain = f"{label.format(name=name)} = {line.get(rule)}"
        cells = [chain, *(str(line[key]) for key in ("exact", "decimal") if isinstance(line.get(key), str))]
        yield Piece(next(counter), tuple(cells), (True,) * len(cells), table)


def _jacobian(data: Any, counter: Iterator[int]) -> Iterator[Piece]:
    if not isinstance(data, dict):
        return
    for kind in ("exact", "decimal"):
        rows = data.get(kind)
        if not isinstance(rows, list):
            continue
        for output, row in zip(data.get("outputs", ()), rows, strict=False):
            for text, value in zip(data.get("inputs", ()), row, strict=False):
                if isinstance(value, str):
                    yield _line(counter, f"d{output}_d{text} = {value}")
