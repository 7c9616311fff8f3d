"""Lays a report out as tables: what a person has to look at, what went wrong and why, and every cell."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.document.table import Cell, Column, Document, Row, Table, Words
from tracegen.formula import Formula, postorder
from tracegen.grading.report import Report, marks_of
from tracegen.grading.verdicts import RIGHT, Judgement

LONGEST_TEXT = 200


def document_of(report: Report) -> Document:
    """The report as a document: a summary, the cells that need a person, the slips, and all cells by table."""
    tables = [_summary(report)]
    people: list[Row] = []
    slips: list[Row] = []
    parts: dict[str, list[Row]] = {}
    for cell in report.cells:
        row = _row(cell)
        parts.setdefault(cell.part, []).append(row)
        if cell.needs_person:
            people.append(row)
        elif cell.verdict != RIGHT or cell.because:
            slips.append(row)
    if people:
        tables.append(_cells("person", "Cells that a person has to look at", people))
    if slips:
        tables.append(_cells("slips", "What to look at again", slips))
    tables += [_cells(part or "other", part or "Not placed", rows) for part, rows in parts.items()]
    return heading_of(report, tables)


def heading_of(report: Report, tables: Sequence[Table] = ()) -> Document:
    """Tables under the title of a report, with its notes."""
    notes: list[tuple[Cell, ...]] = [(Words(note),) for note in report.notes]
    if report.missing:
        notes.append((Words(f"Not on the sheet: {', '.join(report.missing)}."),))
    title = report.title or "Report"
    return Document(f"{title}: {report.source}", tuple(tables), tuple(notes))


def _summary(report: Report) -> Table:
    """The marks by table; with those that are open only where there are any, and without a sum where a person has to
    mark the sheet."""
    with_open = bool(report.open)
    columns = [Column("part", Words("table")), Column("marks", Words("marks"), True), Column("of", Words("of"), True)]
    if with_open:
        columns.insert(2, Column("open", Words("open"), True))
    given = [
        (part, found["marks"], found["open"], found["of"])
        for part, found in report.summary["parts"].items()
        if found["of"] or found["marks"]
    ]
    if not report.verdict:
        given.append(("all", report.score, report.open, report.max_score))
    rows = []
    for part, marks, still_open, of in given:
        cells = [Words(part), Words(f"{marks:g}"), Words(f"{of:g}")]
        if with_open:
            cells.insert(2, Words(f"{still_open:g}" if still_open else ""))
        rows.append(Row(part, tuple(cells)))
    said = (
        [f"This sheet could not be graded: {report.failure}"] if report.failure else report.said[bool(report.verdict) :]
    )
    notes = tuple((Words(sentence),) for sentence in said)
    return Table("summary", (Words(report.verdict or "Summary"),), tuple(columns), tuple(rows), notes)


_COLUMNS = (
    Column("line", Words("line"), True), Column("row", Words("row")), Column("cell", Words("cell")),
    Column("text", Words("on the sheet"), folded=0.19), Column("read", Words("read as")),
    Column("verdict", Words("verdict")), Column("because", Words("why"), folded=0.16),
    Column("repair", Words("would be right")), Column("marks", Words("marks"), True),
)  # fmt: skip


def _cells(key: str, title: str, rows: Sequence[Row]) -> Table:
    return Table(key, (Words(title),), _COLUMNS, tuple(rows))


def _row(cell: Judgement) -> Row:
    because = cell.reason or ("follows from an earlier row" if cell.root else "")
    cells = (
        Words(cell.where), Words(cell.row), Words(cell.cell), Words(_short(cell.text)), _shown(cell.reading),
        Words(cell.verdict), Words(because), _shown(cell.repair), Words(marks_of(cell)),
    )  # fmt: skip
    return Row(f"{cell.part} {cell.row}".strip(), cells)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} …"


_UNPRINTED = frozenset(["beside"])


def _shown(formula: Formula | None) -> Cell:
    if formula is None or any(node.head in _UNPRINTED for node in postorder(formula)):
        return None
    return formula
