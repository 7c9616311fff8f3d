"""How much a report tells a student: how many rows, which rows, which kind of slip, or the repair as well."""

from __future__ import annotations

from dataclasses import replace

from tracegen.grading.report import Report
from tracegen.grading.verdicts import CARRIED, RANK, RIGHT, WRONG, Judgement

COUNT, ROWS, KINDS, REPAIRS = 1, 2, 3, 4
LEVELS = (COUNT, ROWS, KINDS, REPAIRS)

_KINDS = {
    "ok": "", "carried": "follows from an earlier row", "value.slip": "a slip in the arithmetic",
    "formula.slip": "a slip of the pen in the formula", "formula.wrong": "the rule is not that of this row",
    "formula.coincidence": "the value is right by coincidence", "heading.wrong": "the heading",
    "formula.shape": "the shapes do not go together", "ruled": "decided by a person",
}  # fmt: skip


def at_level(report: Report, level: int) -> Report:
    """The report as a student sees it: 1 says of each table how many rows are to be looked at again, 2 which these are,
    3 what kind of slip there is in each cell, 4 all, with what would be right. The marks are the same."""
    if level >= REPAIRS or report.failure:
        return report
    if level == KINDS:
        return replace(report, cells=tuple(map(_kind_only, report.cells)))
    rows: dict[tuple[str, str], list[Judgement]] = {}
    for cell in report.cells:
        rows.setdefault((cell.part, cell.row), []).append(cell)
    whole = [_row(cells) for cells in rows.values()]
    return replace(report, cells=tuple(whole if level == ROWS else _counted(whole)))


def _kind_only(cell: Judgement) -> Judgement:
    if cell.verdict in (RIGHT, CARRIED):
        return replace(cell, repair=None, witness="")
    tag = next((tag for tag in cell.tags if tag.startswith("slip.")), cell.tags[0] if cell.tags else "")
    kind = _KINDS.get(tag, tag.removeprefix("slip.").replace(".", " ").replace("_", " "))
    said = cell.because if cell.needs_person else kind
    return replace(cell, repair=None, witness="", because=said, tags=())


def _row(cells: list[Judgement]) -> Judgement:
    """A row as one cell, which says only whether it is right."""
    worst = max(cells, key=lambda cell: RANK[cell.verdict] if not cell.needs_person else RANK[RIGHT])
    if worst.verdict != WRONG:
        worst = max(cells, key=lambda cell: (cell.needs_person, RANK[cell.verdict]))
    because = "look at this row again" if worst.verdict == WRONG else ""
    return _sum(cells, worst, "row", because)


def _counted(rows: list[Judgement]) -> list[Judgement]:
    """The rows of each table as one cell, which says how many are to be looked at again."""
    parts: dict[str, list[Judgement]] = {}
    for row in rows:
        parts.setdefault(row.part, []).append(row)
    found = []
    for cells in parts.values():
        wrong = sum(cell.verdict == WRONG for cell in cells)
        worst = next((cell for cell in cells if cell.verdict == WRONG), cells[0])
        because = f"{wrong} of {len(cells)} rows {'is' if wrong == 1 else 'are'} to be looked at again"
        found.append(replace(_sum(cells, worst, "table", because), row="", line=cells[0].line))
    return found


def _sum(cells: list[Judgement], of: Judgement, kind: str, because: str) -> Judgement:
    """Cells as one, with their marks."""
    return Judgement(
        of.part, of.row, cells[0].line, kind, "", None, of.verdict, (), because,
        marks=sum(cell.marks for cell in cells), of=sum(cell.of for cell in cells),
        open=sum(cell.open for cell in cells),
    )  # fmt: skip
