"""Several sheets of one student as one report: of two versions of an answer the best or the last counts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tracegen.grading.classes.collecting import Sheet
from tracegen.grading.key import Key
from tracegen.grading.report import Report
from tracegen.grading.rubric import LAST, Rubric
from tracegen.grading.verdicts import Judgement

_DIGITS = re.compile(r"(\d+)")


@dataclass
class _Copy:
    """A table as one sheet has it."""

    sheet: int
    rows: frozenset[str]


def merged(reports: Sequence[Report], rubric: Rubric) -> Report:
    """One report on several sheets of one student. A row has its marks once: the best of its copies, or where the
    rubric says so the last version of each table by the names of the sheets. Sheets with different rows of a table are
    pages of one answer. A table is missing where it is on no sheet."""
    if len(reports) == 1:
        return reports[0]
    reports = sorted(reports, key=lambda report: _natural(report.source))
    left_out, notes = _left_out(reports) if rubric.versions == LAST else (set(), [])
    sheets = [
        [replace(cell) for cell in report.cells if (at, _table(cell)) not in left_out]
        for at, report in enumerate(reports)
    ]
    key = max((report.key for report in reports), key=lambda key: sum(key.rows.values()), default=Key())
    rubric.mark(sheets, key)
    cells = tuple(cell for sheet in sheets for cell in sheet)
    notes += [note for report in reports for note in report.notes]
    failure = "; ".join(f"{report.source}: {report.failure}" for report in reports if report.failure)
    missing = set.intersection(*(set(report.missing) for report in reports)) if reports else set()
    source = ", ".join(report.source for report in reports) or "nothing"
    failure = failure if reports else "no sheet was handed in"
    return Report(
        source, cells, tuple(sorted(missing)), tuple(notes), failure, rubric.missing * len(missing), key=key,
        least=rubric.judged,
    )  # fmt: skip


@dataclass(frozen=True)
class Student:
    """One who handed in sheets, with the report on all of them."""

    name: str
    report: Report
    sheets: tuple[Sheet, ...]


def several(sheets: Sequence[Sheet]) -> list[str]:
    """The names of the reports on several sheets of one student."""
    counts = Counter(sheet.student or sheet.name for sheet in sheets)
    return [_named(student, count) for student, count in counts.items() if count > 1]


def of_students(reports: Sequence[Report], sheets: Sequence[Sheet], rubric: Rubric) -> list[Student]:
    """The students in the order of their first sheets. The report is that on the sheet, or one on all of several, which
    says so in its name."""
    found: dict[str, list[tuple[Report, Sheet]]] = {}
    for report, sheet in zip(reports, sheets, strict=True):
        found.setdefault(sheet.student or sheet.name, []).append((report, sheet))
    return [
        Student(name, _of_student(name, [report for report, _ in own], rubric), tuple(sheet for _, sheet in own))
        for name, own in found.items()
    ]


def _of_student(student: str, reports: Sequence[Report], rubric: Rubric) -> Report:
    if len(reports) == 1:
        return reports[0]
    whole = merged(reports, rubric)
    together = f"{len(reports)} sheets count together: {whole.source}."
    graded = [report for report in reports if not report.failure]
    failure = whole.failure if not graded else ""
    notes = (together, *([whole.failure] if graded and whole.failure else []), *whole.notes)
    title = next((report.title for report in reports if report.title), "")
    return replace(whole, source=_named(student, len(reports)), notes=notes, failure=failure, title=title)


def _named(student: str, count: int) -> str:
    return f"{student}: {count} sheets"


def _left_out(reports: Sequence[Report]) -> tuple[set[tuple[int, str]], list[str]]:
    """The tables of which a later version counts, by sheet, with a sentence for each."""
    tables: dict[str, list[_Copy]] = {}
    for at, report in enumerate(reports):
        for table in dict.fromkeys(_table(cell) for cell in report.cells if cell.part):
            cells = [cell for cell in report.cells if _table(cell) == table]
            rows = frozenset(f"{cell.part} {cell.row}" for cell in cells if cell.row)
            tables.setdefault(table, []).append(_Copy(at, rows))
    left_out: set[tuple[int, str]] = set()
    notes = []
    for table, copies in tables.items():
        for versions in _versions(copies):
            others = [copy.sheet for copy in versions[:-1]]
            left_out.update((at, table) for at in others)
            if others:
                names = ", ".join(reports[at].source for at in others)
                notes.append(f"{table} counts as it is on {reports[versions[-1].sheet].source}, not as on {names}.")
    return left_out, notes


def _versions(copies: Iterable[_Copy]) -> list[list[_Copy]]:
    """The copies of a table that answer the same rows together; those that share few of them are pages."""
    groups: list[list[_Copy]] = []
    for copy in copies:
        for group in groups:
            if any(len(copy.rows & other.rows) * 2 > min(len(copy.rows), len(other.rows)) for other in group):
                group.append(copy)
                break
        else:
            groups.append([copy])
    return groups


def _table(cell: Judgement) -> str:
    """The table of a cell, all directions of an output being one."""
    return "/".join(cell.part.split("/")[:2])


def _natural(name: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """What names are sorted by so that answer-10 comes after answer-2, and answer.md before answer-1.md."""
    stem = name.rsplit(".", 1)[0]
    parts = tuple((int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in _DIGITS.split(stem))
    return parts, name
