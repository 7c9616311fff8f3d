"""Finds the cells that a sheet's marks are for: each label, formula and value of a row counts once, and no more of them
than the problem's own tables have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracegen.grade.key import Key, rows_in
from tracegen.grade.verdicts import BLANK, EXTRA, FORMULA, LABEL, VALUE, Judgement

Slot = tuple[str, str, str, int]
"""What is paid once: the part, the row, label or formula or value, and which of several problems with that table."""


@dataclass
class _Copy:
    """A row as it is written in one place; the same row may stand on a sheet again."""

    cells: list[Judgement] = field(default_factory=list)

    @property
    def is_placed(self) -> bool:
        """Whether it is known which row this is: its label was read, or anything else in it was judged."""
        labelled = any(cell.cell == LABEL for cell in self.cells)
        return not labelled or any(not cell.needs_person for cell in self.cells)

    @property
    def is_whole(self) -> bool:
        """Whether it has a value, all of it was judged, and nothing in it is at fault."""
        fine = all(not cell.needs_person and cell.verdict != BLANK and cell.marks >= cell.of for cell in self.cells)
        return fine and any(cell.cell == VALUE for cell in self.cells)

    @property
    def label_alone(self) -> list[Judgement]:
        """The right label of a row of which nothing else was judged."""
        labels = [cell for cell in self.cells if cell.cell == LABEL]
        others = [cell for cell in self.cells if cell.cell != LABEL]
        return labels if others and all(cell.needs_person for cell in others) else []

    def slots(self) -> dict[str, list[Judgement]]:
        """The cells by what they stand for. What can't be read in a row that has a formula and no value stands for its
        value."""
        read = {cell.cell for cell in self.cells if not cell.needs_person}
        found: dict[str, list[Judgement]] = {}
        for cell in self.cells:
            stands = cell.needs_person and cell.cell == FORMULA and FORMULA in read and VALUE not in read
            found.setdefault(VALUE if stands else cell.cell, []).append(cell)
        return found


def paying(sheets: Sequence[Sequence[Judgement]], key: Key) -> list[tuple[Judgement, str]]:
    """The cells of one student's sheets whose marks count, in their order, each with what it is paid as: a label, a
    formula or a value. All have the marks that they would have by themselves.

    Of the members of a chain it is the worst that was judged. Of a row that stands there several times the copies count
    in which nothing is at fault, where there are any, otherwise the best of each cell; what was not judged counts only
    where nothing was. Where a table has more rows than the problem's, those that are right are left out first.
    """
    chosen: dict[Slot, Judgement] = {}
    for row, copies in _rows(sheets, key).items():
        for copy in [copy for copy in copies if copy.is_whole] or copies:
            for kind, cells in copy.slots().items():
                slot = (*row[:2], kind, row[2])
                paid = min(cells, key=lambda cell: (cell.needs_person, cell.marks - cell.of))
                if slot not in chosen or _rank(paid) > _rank(chosen[slot]):
                    chosen[slot] = paid
    kept = {id(cell): kind for kind, cell in _within(chosen, key)}
    return [(cell, kept[id(cell)]) for cells in sheets for cell in cells if id(cell) in kept]


def labels_alone(sheets: Sequence[Sequence[Judgement]], key: Key) -> list[Judgement]:
    """The labels of rows of which nothing else was judged, so that a label by itself earns nothing."""
    copies = [copy for copies in _rows(sheets, key).values() for copy in copies]
    return [cell for copy in copies for cell in copy.label_alone if cell.marks >= cell.of]


def has_place(cell: Judgement) -> bool:
    """Whether a cell by itself belongs to the problem: to a row, or to what a table says without rows."""
    return bool(cell.part) and cell.verdict != EXTRA and (bool(cell.row) or not cell.needs_person)


def _rank(cell: Judgement) -> tuple[bool, float, float]:
    return not cell.needs_person, cell.marks - cell.of, cell.of


def _rows(sheets: Sequence[Sequence[Judgement]], key: Key) -> dict[tuple[str, str, int], list[_Copy]]:
    """The copies of each row that has a place."""
    found: dict[tuple[str, str], list[_Copy]] = {}
    for cells in sheets:
        fresh: set[tuple[str, str]] = set()
        for row, cell in _named(cells):
            copies = found.setdefault(row, [])
            again = cell.cell == LABEL and copies and any(other.cell == LABEL for other in copies[-1].cells)
            if row not in fresh or again or not cell.row:
                copies.append(_Copy())
                fresh.add(row)
            copies[-1].cells.append(cell)
    rows: dict[tuple[str, str, int], list[_Copy]] = {}
    for (part, name), copies in found.items():
        for at, copy in enumerate(copy for copy in copies if copy.is_placed):
            rows.setdefault((part, name, min(at, key.problems(part) - 1)), []).append(copy)
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


def _within(chosen: dict[Slot, Judgement], key: Key) -> list[tuple[str, Judgement]]:
    """As many of each kind of cell in a table as the problem's own table has rows."""
    tables: dict[tuple[str, str], list[Judgement]] = {}
    for (part, _, kind, _), cell in chosen.items():
        tables.setdefault(("/".join(part.split("/")[:2]), kind), []).append(cell)
    kept = []
    for (part, kind), cells in tables.items():
        cells.sort(key=lambda cell: (cell.needs_person, cell.marks >= cell.of, -cell.of))
        kept += [(kind, cell) for cell in (cells[: rows_in(key, part)] if key.rows else cells)]
    return kept
