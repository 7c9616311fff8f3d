"""Finds the cells that marks are for: each row once, and no more of them than the own tables of the problem have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracegen.grading.key import Key, rows_in
from tracegen.grading.verdicts import BLANK, EXTRA, FORMULA, LABEL, VALUE, Judgement

MOST = {FORMULA: 2, VALUE: 2}
"""How many cells of a kind the tables have in a row, where it is more than one: a rule and the rule worked out, an
exact value and a decimal one."""


@dataclass(slots=True)
class _Copy:
    """A row as it is written in one place; the same row may stand on a sheet again.

    ``labelled`` says whether it has a label, ``doubtful`` whether something in it was not judged.
    """

    cells: list[Judgement] = field(default_factory=list)
    labelled: bool = False
    doubtful: bool = False

    @property
    def is_placed(self) -> bool:
        """Whether it is known which row this is: its label was read, or anything else in it was judged."""
        if not self.doubtful or not self.labelled:
            return True
        return any(not cell.needs_person for cell in self.cells)

    @property
    def is_whole(self) -> bool:
        """Whether it has a value, all of it was judged, and nothing in it is at fault."""
        fine = not self.doubtful and all(cell.verdict != BLANK and cell.marks >= cell.of for cell in self.cells)
        return fine and any(cell.cell == VALUE for cell in self.cells)

    @property
    def label_alone(self) -> list[Judgement]:
        """The right label of a row of which nothing else was judged."""
        if not self.doubtful:
            return []
        labels = [cell for cell in self.cells if cell.cell == LABEL]
        others = [cell for cell in self.cells if cell.cell != LABEL]
        return labels if others and all(cell.needs_person for cell in others) else []

    def ends_before(self, cell: Judgement) -> bool:
        """Whether a cell of the row begins another copy: with a label of its own, or without any on another line."""
        if self.labelled:
            return cell.cell == LABEL
        return cell.cell != LABEL and cell.line != self.cells[-1].line

    def slots(self) -> dict[str, list[Judgement]]:
        """The cells by what they stand for. What can't be read in a row that has a formula and no value stands for its
        value."""
        found: dict[str, list[Judgement]] = {}
        for cell in self.cells:
            found.setdefault(cell.cell, []).append(cell)
        if not self.doubtful:
            return found
        unread = [cell for cell in found.get(FORMULA, ()) if cell.needs_person]
        if unread and len(unread) < len(found[FORMULA]) and all(cell.needs_person for cell in found.get(VALUE, ())):
            found[FORMULA] = [cell for cell in found[FORMULA] if not cell.needs_person]
            found[VALUE] = [cell for cell in self.cells if cell.needs_person and cell.cell in (FORMULA, VALUE)]
        return found


Rows = Mapping[str, Mapping[tuple[str, int], Sequence[_Copy]]]
"""The copies of each row: by its part, then by its name and which of several problems with that table it is of."""


def paying(sheets: Sequence[Sequence[Judgement]], rows: Rows, key: Key) -> list[tuple[Judgement, str]]:
    """The cells of one student's sheets whose marks count, in their order, each with what it is paid as: a label, a
    formula or a value. ``rows`` are those of the sheets; all have the marks that they would have by themselves.

    All members of a chain that were judged count, or one where none was. Of a row that stands there several times the
    copies count in which nothing is at fault, where there are any, otherwise the best of each kind of cell; one that
    was not judged counts only where none was. Where a table has more cells than the problem's, those that are right are
    left out first.
    """
    tables: dict[tuple[str, str], list[Sequence[Judgement]]] = {}
    for part, named in rows.items():
        table = "/".join(part.split("/")[:2])
        for copies in named.values():
            for kind, cells in _chosen(copies).items():
                tables.setdefault((table, kind), []).append(cells)
    kept = {
        id(cell): kind
        for (table, kind), found in tables.items()
        for cells in _within(table, kind, found, key)
        for cell in cells
    }
    return [(cell, kept[id(cell)]) for cells in sheets for cell in cells if id(cell) in kept]


def _chosen(copies: Sequence[_Copy]) -> Mapping[str, Sequence[Judgement]]:
    """The cells of a row whose marks count, by what they stand for."""
    if len(copies) == 1:
        return {kind: _counted(copies[0], cells) for kind, cells in copies[0].slots().items()}
    best: dict[str, tuple[_Copy, Sequence[Judgement]]] = {}
    for copy in [copy for copy in copies if copy.is_whole] or copies:
        for kind, cells in copy.slots().items():
            if kind not in best or _rank(cells) > _rank(best[kind][1]):
                best[kind] = copy, cells
    return {kind: _counted(copy, cells) for kind, (copy, cells) in best.items()}


def _counted(copy: _Copy, cells: Sequence[Judgement]) -> Sequence[Judgement]:
    """The members of a chain that were judged, or one where none was."""
    if not copy.doubtful:
        return cells
    return [cell for cell in cells if not cell.needs_person] or cells[:1]


def labels_alone(rows: Rows) -> list[Judgement]:
    """The labels of rows of which nothing else was judged, so that a label by itself earns nothing."""
    copies = (copy for named in rows.values() for copies in named.values() for copy in copies if copy.doubtful)
    return [cell for copy in copies for cell in copy.label_alone if cell.marks >= cell.of]


def has_place(cell: Judgement) -> bool:
    """Whether a cell by itself belongs to the problem: to a row, or to what a table says without rows."""
    return bool(cell.part) and cell.verdict != EXTRA and (bool(cell.row) or not cell.needs_person)


def _rank(cells: Sequence[Judgement]) -> tuple[bool, float, float]:
    """How good a copy is: whether any of it was judged, then the worst that was."""
    judged = [cell for cell in cells if not cell.needs_person]
    worst = min(judged or cells, key=lambda cell: cell.marks - cell.of)
    return bool(judged), worst.marks - worst.of, worst.of


def rows_of(sheets: Sequence[Sequence[Judgement]], key: Key) -> Rows:
    """The copies of each row that has a place."""
    parts: dict[str, dict[str, list[_Copy]]] = {}
    for cells in sheets:
        fresh: set[tuple[str, str]] = set()
        for name, cell in _named(cells):
            copies = parts.setdefault(cell.part, {}).setdefault(name, [])
            row = cell.part, name
            if row not in fresh or copies[-1].ends_before(cell) or not cell.row:
                copies.append(_Copy())
                fresh.add(row)
            copy = copies[-1]
            copy.cells.append(cell)
            copy.labelled = copy.labelled or cell.cell == LABEL
            copy.doubtful = copy.doubtful or cell.needs_person
    rows: dict[str, dict[tuple[str, int], list[_Copy]]] = {}
    for part, named in parts.items():
        last = key.problems(part) - 1
        placed = rows[part] = {}
        for name, copies in named.items():
            for at, copy in enumerate(copy for copy in copies if copy.is_placed):
                placed.setdefault((name, min(at, last)), []).append(copy)
    return rows


def _named(cells: Sequence[Judgement]) -> Iterator[tuple[str, Judgement]]:
    """The cells that have a place with the name of the row of each. A local partial is known by its label, as its row
    is only the one below; what stands in no row is known by its words, and by how often these stand on its line."""
    partial = ""
    counts: dict[tuple[int, str], int] = {}
    for cell in cells:
        if not has_place(cell):
            continue
        name = f"{cell.row} {cell.step}" if cell.step else cell.row
        if cell.part.endswith("/partial"):
            partial = cell.text if cell.cell == LABEL else partial
            name = f"{cell.row} {partial}"
        elif not name:
            at = counts[cell.line, cell.text] = counts.get((cell.line, cell.text), 0) + 1
            name = f"{cell.text} {at}"
        yield name, cell


def _within(table: str, kind: str, rows: list[Sequence[Judgement]], key: Key) -> Sequence[Sequence[Judgement]]:
    """As many rows of a table as the problem's own has, and no more cells of a kind in each than it can have."""
    if not key.rows:
        return rows
    most, count = MOST.get(kind, 1), rows_in(key, table)
    paid = [cells if len(cells) <= most else sorted(cells, key=_last_left_out)[:most] for cells in rows]
    if len(paid) > count:
        paid.sort(key=lambda cells: min(map(_last_left_out, cells)))
    return paid[:count]


def _last_left_out(cell: Judgement) -> tuple[bool, bool, float]:
    """The order in which cells are kept where a table has too many: what is wrong, then what is right, then what was
    not judged."""
    return cell.needs_person, cell.marks >= cell.of, -cell.of
