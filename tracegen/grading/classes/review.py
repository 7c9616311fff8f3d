"""The page on which a person decides: each distinct cell that is wrong, unsure or unread once, and rulings.toml made of
the decisions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracegen.grading.classes.collecting import Sheet
from tracegen.grading.classes.rulings import Ruling, Rulings, meaning_of, problem_keys, problem_of, quantity_of
from tracegen.grading.report import Report, read_as
from tracegen.grading.verdicts import UNREAD, UNSURE, WRONG, Judgement
from tracegen.problems.problem import Problem

MOST_GROUPS = 2_000
MOST_LINES = 3
LONGEST_LINE = 400
_ORDER = {UNREAD: 0, UNSURE: 0, WRONG: 1}


@dataclass
class Group:
    """Cells that say the same of the same quantity, on as many sheets as there are."""

    problem: str
    first: Judgement
    sheets: list[str] = field(default_factory=list)
    lines: list[tuple[str, int, str]] = field(default_factory=list)
    """Where it stands on the first sheets: the sheet, the line, and the text of the line."""

    @property
    def ruling(self) -> dict[str, Any]:
        """What a ruling on it says of the cell, as a program reads it."""
        reads = read_as(self.first) or ""
        said: dict[str, Any] = {"problem": self.problem, "quantity": quantity_of(self.first)}
        said |= {"reads": reads} if reads else {}
        said["text"] = _text(self.first.text)
        meaning = meaning_of(self.first.reading) if self.first.reading is not None else ()
        return said | ({"meaning": list(meaning)} if meaning else {})


def groups_of(reports: Sequence[Report], sheets: Sequence[Sheet], problems: Sequence[Problem]) -> list[Group]:
    """The distinct cells at which a person may look: those that were not judged first, each by how often it stands."""
    keys = problem_keys(problems)
    groups: dict[tuple[str, ...], Group] = {}
    for report, sheet in zip(reports, sheets, strict=True):
        lines: list[str] | None = None
        for cell in report.cells:
            if cell.verdict not in _ORDER:
                continue
            key = (problem_of(cell, keys), quantity_of(cell), cell.verdict, _same(cell))
            group = groups.setdefault(key, Group(key[0], cell))
            if report.source in group.sheets[-1:]:
                continue
            group.sheets.append(report.source)
            if len(group.lines) < MOST_LINES:
                lines = sheet.text.splitlines() if lines is None else lines
                group.lines.append((report.source, cell.line, _line(lines, cell)))
    return sorted(groups.values(), key=_order)


def review_page(groups: Sequence[Group], rulings: Rulings, title: str, templates: Path | None = None) -> str:
    """The page, which works from a folder without a server. ``rulings`` are those that are there already, which the
    exported file has, too."""
    from tracegen.document.render import render
    from tracegen.document.table import Document

    shown = groups[:MOST_GROUPS]
    data = {"groups": [group.ruling for group in shown], "rulings": [_plain(ruling) for ruling in rulings.all()]}
    # no text of a sheet may end the script that the data are in
    written = json.dumps(data, ensure_ascii=True, allow_nan=False).replace("<", "\\u003c")
    return render(
        Document(title, ()), "html", kind="review", templates=templates, data=written,
        groups=[_laid_out(one) for one in shown], left_out=len(groups) - len(shown),
    )  # fmt: skip


def _laid_out(group: Group) -> Mapping[str, Any]:
    """A group as the page shows it."""
    cell = group.first
    return {
        "quantity": quantity_of(cell) or "not placed", "verdict": cell.verdict, "text": _text(cell.text),
        "read": cell.shown, "why": _text(cell.reason), "right": cell.repair, "of": cell.of, "count": len(group.sheets),
        "sheets": [_text(name) for name in group.sheets],
        "lines": [(_text(name), line, _text(text)) for name, line, text in group.lines],
    }  # fmt: skip


def _plain(ruling: Ruling) -> dict[str, Any]:
    fields = {name: getattr(ruling, name) for name in ("problem", "quantity", "reads", "text", "verdict", "says")}
    said: dict[str, Any] = {name: text for name, text in fields.items() if text}
    said |= {"meaning": list(ruling.meaning)} if ruling.meaning else {}
    return said | ({} if ruling.marks is None else {"marks": ruling.marks})


def _same(cell: Judgement) -> str:
    """What cells have in common that say the same."""
    if cell.reading is None:
        return " ".join(cell.text.split())
    meaning = meaning_of(cell.reading)
    return " ".join(f"{number:.9g}" for number in meaning) if meaning else read_as(cell) or cell.text


def _order(group: Group) -> tuple[int, int, str, str]:
    return _ORDER[group.first.verdict], -len(group.sheets), quantity_of(group.first), group.first.text


def _line(lines: Sequence[str], cell: Judgement) -> str:
    """The line of the sheet that a cell stands on; its own text where lines are counted otherwise, as in a notebook."""
    line = lines[cell.line - 1] if 0 < cell.line <= len(lines) else ""
    is_there = "".join(cell.text.split()) in "".join(line.split())
    return (line if is_there and len(line) <= LONGEST_LINE else cell.text)[:LONGEST_LINE]


def _text(text: str) -> str:
    """A text without halves of signs, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
