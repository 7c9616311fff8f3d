"""Finds the cells that marks are for: each row once, and no more of them than the own tables of the problem have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracegen.grading.key import Key, rows_in
from tracegen.grading.verdicts import BLANK, EXTRA, FORMULA, LABEL, VALUE, Judgement

Slot = tuple[str, str, str, int]
"""What is paid once: the part, the row, label or formula or value, and which of several problems with that table."""


MOST = {FORMULA: 2, VALUE: 2}
"""How many cells of a kind the tables have in a row, where it is more than one: a rule and the rule worked out, an
exact value and a decimal one."""


@dataclass
class _Copy:
    """A row as it is written in one place; the same row may stand on a sheet again.

    ``labelled`` says whether it has a label, ``doubtful`` whether something in it was not judged.
    """

    cells: list[Judgement] = field(default_factory=list)
    labelled: bool = False
    doubtful: bool = False

    def add(self, cell: Judgement) -> None:
        """Take a cell in."""
        self.cells.append(cell)
        self.labelled = self.labelled or cell.cell == LABEL
        self.doubtful = self.doubtful or cell.needs_person

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


Rows = Mapping[tuple[str, str, int], Sequence[_Copy]]
"""The copies of each row, by its part, its name, and which of several problems with that table it is of."""


def paying(sheets: Sequence[Sequence[Judgement]], rows: Rows, key: Key) -> list[tuple[Judgement, str]]:
    """The cells of one student's sheets whose marks count, in their order, each with what it is paid as: a label, a
    formula or a value. ``rows`` are those of the sheets; all have the marks that they would have by themselves.

    All members of a chain that were judged count, or one where none was. Of a row that stands there several times the
    copies count in which nothing is at fault, where there are any, otherwise the best of each kind of cell; one that
    was not judged counts only where none was. Where a table has more cells than the problem's, those that are right are
    left out first.
    """
    chosen: dict[Slot, list[Judgement]] = {}
    for row, copies in rows.items():
        whole = [copy for copy in copies if copy.is_whole] if len(copies) > 1 else copies
        for copy in whole or copies:
            for kind, cells in copy.slots().items():
                slot = (*row[:2], kind, row[2])
                if slot not in chosen or _rank(cells) > _rank(chosen[slot]):
                    judged = [cell for cell in cells if not cell.needs_person] if copy.doubtful else cells
                    chosen[slot] = judged or cells[:1]
    kept = {id(cell): kind for kind, cell in _within(chosen, key)}
    return [(cell, kept[id(cell)]) for cells in sheets for cell in cells if id(cell) in kept]


def labels_alone(rows: Rows) -> list[Judgement]:
    """The labels of rows of which nothing else was judged, so that a label by itself earns nothing."""
    copies = [copy for copies in rows.values() for copy in copies]
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
    found: dict[tuple[str, str], list[_Copy]] = {}
    for cells in sheets:
        fresh: set[tuple[str, str]] = set()
        for row, cell in _named(cells):
            copies = found.setdefault(row, [])
            if row not in fresh or copies[-1].ends_before(cell) or not cell.row:
                copies.append(_Copy())
                fresh.add(row)
            copies[-1].add(cell)
    rows: dict[tuple[str, str, int], list[_Copy]] = {}
    problems = {part: key.problems(part) for part in dict.fromkeys(part for part, _ in found)}
    for (part, name), copies in found.items():
        for at, copy in enumerate(copy for copy in copies if copy.is_placed):
            rows.setdefault((part, name, min(at, problems[part] - 1)), []).append(copy)
    return rows


def _named(cells: Sequence[Judgement]) -> Iterator[tuple[tuple[str, str], Judgement]]:
    """The cells that have a place with the row of each. A local partial is known by its label, as its row is only the
    one below; what stands in no row is known by its words, and by how often these stand on its line."""
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
        yield (cell.part, name), cell


def _within(chosen: dict[Slot, list[Judgement]], key: Key) -> list[tuple[str, Judgement]]:
    """As many rows of a table as the problem's own has, and no more cells of a kind in each than it can have."""
    tables: dict[tuple[str, str], list[list[Judgement]]] = {}
    names = {part: "/".join(part.split("/")[:2]) for part in dict.fromkeys(part for part, _, _, _ in chosen)}
    for (part, _, kind, _), cells in chosen.items():
        most = MOST.get(kind, 1) if key.rows else len(cells)
        paid = cells if len(cells) <= most else sorted(cells, key=_last_left_out)[:most]
        tables.setdefault((names[part], kind), []).append(paid)
    kept = []
    for (part, kind), rows in tables.items():
        count = rows_in(key, part) if key.rows else len(rows)
        if len(rows) > count:
            rows.sort(key=lambda cells: min(map(_last_left_out, cells)))
        kept += [(kind, cell) for cells in rows[:count] for cell in cells]
    return kept


def _last_left_out(cell: Judgement) -> tuple[bool, bool, float]:
    """The order in which cells are kept where a table has too many: what is wrong, then what is right, then what was
    not judged."""
    return cell.needs_person, cell.marks >= cell.of, -cell.of
