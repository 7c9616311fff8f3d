"""Leaves cells of a document blank, to be filled in."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import replace

from tracegen.document.table import Cell, Column, Document, Row, Table, Words
from tracegen.errors import FormatError
from tracegen.formula import DOTS, Formula

BLANKS = ("rules", "exact", "decimal")
"""What can be left blank: the right-hand sides, and the columns of values."""

ROOM = {"rules": "\u00a0" * 48, "values": "\u00a0" * 18}
"""How much wider a column is made in which something is to be written."""


def with_blanks(document: Document, what: Collection[str], share: float, seed: int, given: Collection[str]) -> Document:
    """The document with a share of its cells blank, the same for the same seed.

    ``what`` chooses from :data:`BLANKS`; ``given`` are the rows of the evaluation trace that stay. Raises FormatError
    for what can't be left blank, or a share that is not between 0 and 1.

    >>> with_blanks(Document("", ()), ["exact"], 1.0, 0, []).tables
    ()
    """
    for wanted in what:
        if wanted not in BLANKS:
            raise FormatError(f"{wanted!r} can't be left blank; {', '.join(BLANKS)} can")
    if not 0 < share <= 1:
        raise FormatError(f"the share of blank cells is above 0 and at most 1, not {share}")
    chosen = random.Random(seed)
    tables = tuple(_blank_table(table, what, share, chosen, given) for table in document.tables)
    return replace(document, tables=tables, notes=())


def _blank_table(
    table: Table, what: Collection[str], share: float, chosen: random.Random, given: Collection[str]
) -> Table:
    blank = [_is_blank(table, column, what) for column in table.columns]
    rows = []
    for row in table.rows:
        kept = row.key in given and table.key.endswith("/primal")
        cells = [
            _blank_cell(cell, column)
            if wanted and not kept and not (at == 0 and _names_the_row(cell)) and chosen.random() < share
            else cell
            for at, (cell, wanted, column) in enumerate(zip(row.cells, blank, table.columns, strict=True))
        ]
        rows.append(Row(row.key, tuple(cells)))
    columns = tuple(
        _widened(column)
        if any(old.cells[at] != new.cells[at] for old, new in zip(table.rows, rows, strict=True))
        else column
        for at, column in enumerate(table.columns)
    )
    return replace(table, columns=columns, rows=tuple(rows))


def _is_blank(table: Table, column: Column, what: Collection[str]) -> bool:
    if column.key.endswith("exact"):
        return "exact" in what
    if column.key.endswith("decimal"):
        return "decimal" in what
    if table.key.startswith("jacobian/"):
        return table.key.removeprefix("jacobian/") in what
    return "rules" in what


def _names_the_row(cell: Cell) -> bool:
    """Whether the first cell of a row says only what is asked for in it: no equation, of which one side is."""
    return not isinstance(cell, Formula) or cell.head != "equals"


def _widened(column: Column) -> Column:
    """A column with more room under its heading, where that is words."""
    if not isinstance(column.heading, Words):
        return column
    room = ROOM["values" if column.key.endswith(("exact", "decimal")) else "rules"]
    return replace(column, heading=Words(column.heading + room))


def _blank_cell(cell: Cell, column: Column) -> Cell:
    """Nothing; of an equation what is left of its sign stays."""
    if isinstance(cell, Formula) and cell.head == "equals":
        return Formula("equals", (cell.args[0], DOTS))
    return None if isinstance(column.heading, Words) else Words(ROOM["values"])
