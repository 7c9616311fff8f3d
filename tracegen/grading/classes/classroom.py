"""The report on a class: students by part, the commonest slips with examples, what a person has to look at."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from tracegen.document.cells import in_a_field, one_line
from tracegen.document.table import Cell, Column, Document, Row, Table, Words
from tracegen.grading.classes.collecting import Sheet
from tracegen.grading.feedback import _short, _shown
from tracegen.grading.report import Report
from tracegen.grading.verdicts import WRONG, Judgement

MOST_SLIPS = 25
MOST_EXAMPLES = 3
MOST_ROWS = 25
MOST_REASONS = 40

_FILES = ("sheets", "not_read")
"""The last columns of a gradebook: the files that were graded, and those of the student that were not."""


def class_document(
    reports: Sequence[Report], title: str = "", sheets: Mapping[str, Sequence[Sheet]] | None = None
) -> Document:
    """All students of a class in one document, with a report for each; ``sheets`` has those that a report is on."""
    tables = [
        _students(reports, sheets or {}),
        *(table for table in (_hardest(reports), _slips(reports), _people(reports)) if table.rows),
    ]
    failed = [report for report in reports if report.failure]
    notes: list[tuple[Cell, ...]] = [(Words(f"{report.source}: {report.failure}"),) for report in failed]
    mean = _mean(reports)
    notes.insert(0, (Words(f"{len(reports)} sheets; mean {mean:.0%}; {len(failed)} could not be graded."),))
    return Document(f"{title or 'Class'}: {len(reports)} sheets", tuple(tables), tuple(notes))


def _mean(reports: Sequence[Report]) -> float:
    """The mean share of the marks, of the sheets of which enough was judged.

    What a table is worth is the same for all: what it is worth on the sheet that has most of it, and as much for each
    row that even this one leaves out. So a sheet of one right row is not a full one. Open marks are not given.
    """
    marked = [report for report in reports if report.max_score and not report.verdict]
    worth: dict[str, float] = {}
    for report in marked:
        for part, cells in report.by_part().items():
            rows = len({cell.row for cell in cells if cell.of})
            of = sum(cell.of for cell in cells)
            worth[part] = max(worth.get(part, 0.0), of + (of / rows * report.absent.get(part, 0) if rows else 0.0))
    whole = sum(worth.values())
    return sum(report.score for report in marked) / (whole * len(marked)) if whole else 0.0


Marks = Mapping[str, tuple[float, float]]
"""The marks of a sheet in each part, with what the part is worth."""


def _parts(marks: Iterable[Marks]) -> list[str]:
    """The parts that sheets have, by output and table."""
    return sorted({part for found in marks for part in found if part})


def _marks(report: Report) -> Marks:
    """The marks of a sheet by part. A part is without its direction: all tangents of an output are one."""
    marks: dict[str, tuple[float, float]] = {}
    for whole, cells in report.by_part().items():
        part = "/".join(whole.split("/")[:2])
        given, of = marks.get(part, (0.0, 0.0))
        marks[part] = given + sum(cell.marks for cell in cells), of + sum(cell.of for cell in cells)
    return marks


def _students(reports: Sequence[Report], sheets: Mapping[str, Sequence[Sheet]]) -> Table:
    marks = [_marks(report) for report in reports]
    parts = _parts(marks)
    with_open = any(report.open for report in reports)
    columns = (
        Column("sheet", Words("sheet")), Column("score", Words("marks"), True),
        *([Column("open", Words("open"), True)] if with_open else []), Column("of", Words("of"), True),
        Column("judged", Words("judged"), True), Column("person", Words("to look at"), True),
        *(Column(part, Words(part), True) for part in parts),
    )  # fmt: skip
    rows = []
    for report, found in zip(reports, marks, strict=True):
        score = "—" if report.verdict else f"{report.score:g}"
        still_open = [Words(f"{report.open:g}" if report.open else "")] if with_open else []
        cells: list[Cell] = [Words(report.source), Words(score), *still_open, Words(f"{report.max_score:g}")]
        cells.append(Words(f"{report.judged:.0%}"))
        cells.append(Words(str(report.needs_person)))
        cells += [Words("{:g}/{:g}".format(*found[part]) if part in found else "—") for part in parts]
        rows.append(Row(report.source, tuple(cells)))
        own = sheets.get(report.source, ())
        for sheet in own if len(own) > 1 else ():
            rows.append(Row(sheet.name, (Words(sheet.name), *[Words("")] * (len(columns) - 1))))
    return Table("students", (Words("Students"),), columns, tuple(rows))


def _slips(reports: Sequence[Report]) -> Table:
    """The commonest slips by the row at which they were made, and on how many sheets."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    examples: dict[tuple[str, str, str, str], list[Judgement]] = {}
    for report in reports:
        made = [cell for cell in report.cells if cell.verdict == WRONG]
        for cell in made:
            examples.setdefault(_slip(cell), []).append(cell)
        counts.update(list(dict.fromkeys(map(_slip, made))))
    columns = (
        Column("count", Words("sheets"), True), Column("share", Words("share"), True), Column("part", Words("table")),
        Column("row", Words("row")), Column("cell", Words("cell")), Column("slip", Words("slip")),
        Column("example", Words("for example"), folded=0.34), Column("right", Words("would be right")),
    )  # fmt: skip
    rows = []
    for (part, row, kind, slip), count in counts.most_common(MOST_SLIPS):
        found = examples[part, row, kind, slip]
        texts = dict.fromkeys(_short(one.text) for one in found)
        shown = "; ".join(list(texts)[:MOST_EXAMPLES])
        repair = next((one.repair for one in found if one.repair is not None), None)
        cells: tuple[Cell, ...] = (
            Words(str(count)),
            Words(f"{count / len(reports):.0%}"),
            Words(part),
            Words(row),
            Words(kind),
            Words(slip),
            Words(shown),
            _shown(repair),
        )
        rows.append(Row(f"{part} {row}", cells))
    return Table("slips", (Words("The commonest slips"),), columns, tuple(rows))


def _slip(cell: Judgement) -> tuple[str, str, str, str]:
    """Where a slip was made, and which."""
    tag = next((tag for tag in cell.tags if tag.startswith("slip.")), cell.tags[0])
    return cell.part, cell.row, cell.cell, tag


def _hardest(reports: Sequence[Report]) -> Table:
    """The rows at which most of those who wrote them went wrong, that share first."""
    wrote: Counter[tuple[str, str]] = Counter()
    slipped: Counter[tuple[str, str]] = Counter()
    for report in reports:
        cells = [cell for cell in report.cells if cell.part and cell.row and not cell.needs_person]
        wrote.update(list(dict.fromkeys((cell.part, cell.row) for cell in cells)))
        slipped.update(list(dict.fromkeys((cell.part, cell.row) for cell in cells if cell.verdict == WRONG)))
    columns = (
        Column("part", Words("table")), Column("row", Words("row")), Column("share", Words("share wrong"), True),
        Column("wrong", Words("wrong"), True), Column("of", Words("of"), True),
    )  # fmt: skip
    hardest = sorted(slipped, key=lambda row: (-slipped[row] / wrote[row], -slipped[row], row))
    rows = [
        Row(" ".join(row), (
            *map(Words, row), Words(f"{slipped[row] / wrote[row]:.0%}"), Words(str(slipped[row])),
            Words(str(wrote[row])),
        ))
        for row in hardest[:MOST_ROWS]
    ]  # fmt: skip
    return Table("rows", (Words("The hardest rows"),), columns, tuple(rows))


def _people(reports: Sequence[Report]) -> Table:
    """What a person has to look at, by reason: how many cells, on how many sheets, and some of these."""
    cells: Counter[str] = Counter()
    sheets: dict[str, list[str]] = {}
    for report in reports:
        reasons = [cell.because for cell in report.cells if cell.needs_person]
        cells.update(reasons)
        for reason in dict.fromkeys(reasons):
            sheets.setdefault(reason, []).append(report.source)
    columns = (
        Column("cells", Words("cells"), True), Column("count", Words("sheets"), True),
        Column("because", Words("why"), folded=0.4), Column("example", Words("for example"), folded=0.34),
    )  # fmt: skip
    common = sorted(cells, key=lambda reason: (-cells[reason], reason))
    rows = [
        Row(reason, (
            Words(str(cells[reason])), Words(str(len(sheets[reason]))), Words(_short(reason)),
            Words(", ".join(sheets[reason][:MOST_EXAMPLES])),
        ))
        for reason in common[:MOST_REASONS]
    ]  # fmt: skip
    left = len(common) - len(rows)
    notes = ((Words(f"{left} more reasons, of {sum(cells[reason] for reason in common[MOST_REASONS:])} cells."),),)
    return Table("person", (Words("For a person to look at"),), columns, tuple(rows), notes if left else ())


def gradebook(reports: Sequence[Report], sheets: Mapping[str, Sequence[Sheet]] | None = None) -> str:
    """The marks as CSV, one line a student, for a gradebook; no field is taken for a formula by a spreadsheet.
    ``sheets`` has those that a report is on: what lies beside them and is not read is named, so that every file is
    accounted for.

    >>> gradebook([Report("=1+1.md", ())]).splitlines()[1]
    "'=1+1.md,0,0,0,,0,1,'=1+1.md,"
    """
    marks = [_marks(report) for report in reports]
    parts = _parts(marks)
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(
        ["sheet", "score", "max_score", "needs_person", "failure", *map(_safe, parts), "open", "judged", *_FILES]
    )
    for report, found in zip(reports, marks, strict=True):
        row = [_safe(report.source), f"{report.score:g}", f"{report.max_score:g}", str(report.needs_person)]
        marked = [f"{found.get(part, (0,))[0]:g}" for part in parts]
        own = (sheets or {}).get(report.source, ())
        names = [sheet.name for sheet in own] or [report.source]
        files = ["; ".join(names), "; ".join(name for sheet in own for name in sheet.beside)]
        marked += [f"{report.open:g}", f"{report.judged:.2g}", *map(_safe, files)]
        writer.writerow([*row, _safe(report.failure or report.verdict), *marked])
    return written.getvalue()


def _safe(text: str) -> str:
    return in_a_field(one_line(text))
