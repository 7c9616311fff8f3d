"""Compares a report with the truth of a sheet: what was accused, missed, charged twice, not looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Protocol

from .pieces import CARRIED, LABEL, MIDDLE, NO_ROW, RIGHT, WRONG, Truth
from .sheets import Sheet
from .slips import NAMED


class Cell(Protocol):
    """What is read of a judged cell of a report."""

    @property
    def line(self) -> int: ...
    @property
    def cell(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def because(self) -> str: ...
    @property
    def marks(self) -> float: ...
    @property
    def of(self) -> float: ...


@dataclass
class Counts:
    """What was counted on some sheets."""

    sheets: int = 0
    crashes: int = 0
    right: int = 0
    accused: int = 0
    unlooked: int = 0
    carried: int = 0
    charged: int = 0
    slips: int = 0
    found: int = 0
    missed: int = 0
    slips_unlooked: int = 0
    twice: int = 0
    named: int = 0
    titles: int = 0
    titles_accused: int = 0
    falsely: int = 0
    """Sheets on which something is falsely accused."""

    def add(self, other: Counts) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


@dataclass
class Compared:
    """The counts of a sheet, and what became of each truth and each slip, for a person to look at."""

    counts: Counts
    by_slip: dict[str, Counts] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


_NOISE = re.compile(r"\\[vV]ert|\\left|\\right|\*\*|\\boxed|\\mathbf|\\color\{red\}|[\s${}|\\&;_,]|<[^>]*>")


def plain(text: str) -> str:
    """A text without what formats add to it."""
    return _NOISE.sub("", text)


def compared(sheet: Sheet, cells: Sequence[Cell]) -> Compared:
    """The report's cells against the truths."""
    verdicts: dict[int, list[Cell]] = {}
    loose: dict[int, list[Cell]] = {}
    by_line: dict[int, list[int]] = {}
    for number, truth in enumerate(sheet.truths):
        for line in truth.lines:
            by_line.setdefault(line, []).append(number)
    used: set[int] = set()
    for cell in cells:
        found = _truth_of(cell, by_line.get(cell.line, []), sheet.truths, used)
        if found is None:
            loose.setdefault(cell.line, []).append(cell)
            continue
        used.add(found)
        verdicts.setdefault(found, []).append(cell)
    return _counted(sheet, verdicts, loose)


def _truth_of(cell: Cell, possible: Sequence[int], truths: Sequence[Truth], used: set[int]) -> int | None:
    """The truth that a cell is about: by its text, the first that has none yet; else the one that holds it."""
    text = plain(cell.text)
    if cell.cell == LABEL:
        return next((at for at in possible if truths[at].role == LABEL), None)
    if not possible or not text or cell.cell in ("heading", "shape"):
        return None
    same = [at for at in possible if plain(truths[at].text) == text]
    free = [at for at in same if at not in used]
    if free or same:
        return (free or same)[0]
    part = [at for at in possible if text in plain(truths[at].text)]
    whole = [at for at in possible if plain(truths[at].text) in text]
    return next(iter(part), None) if part else max(whole, key=lambda at: len(truths[at].text), default=None)


def _counted(sheet: Sheet, verdicts: dict[int, list[Cell]], loose: dict[int, list[Cell]]) -> Compared:
    found = Compared(Counts(sheets=1))
    counts = found.counts
    slipped: dict[int | str, list[Truth]] = {}
    for truth in sheet.truths:
        if truth.expected == WRONG:
            slipped.setdefault(truth.mistake or truth.statement, []).append(truth)
    wrong_lines = {line for truths in slipped.values() for truth in truths for line in truth.lines}
    for number, truth in enumerate(sheet.truths):
        said = {cell.verdict for cell in verdicts.get(number, [])}
        if truth.expected in (RIGHT, CARRIED):
            _judged(found, truth, said, verdicts.get(number, []))
        elif truth.expected == NO_ROW:
            counts.titles += 1
            counts.titles_accused += "wrong" in said
    for line, cells in loose.items():
        for cell in cells:
            if cell.verdict == "wrong" and line not in wrong_lines:
                counts.accused += 1
                found.said.append(f"accused: line {line} {cell.cell} {cell.text!r}: {cell.because}")
    for truths in slipped.values():
        statements = {truth.statement for truth in truths}
        own = [number for number, each in enumerate(sheet.truths) if each.statement in statements]
        cells = [cell for number in own for cell in verdicts.get(number, [])]
        cells += [cell for line in {line for truth in truths for line in truth.lines} for cell in loose.get(line, [])]
        _slip(
            found, truths[0], cells, [c for n in own if sheet.truths[n].expected == WRONG for c in verdicts.get(n, [])]
        )
    counts.falsely = int(counts.accused + counts.titles_accused + counts.charged > 0)
    return found


def _judged(found: Compared, truth: Truth, said: set[str], cells: Sequence[Cell]) -> None:
    if truth.role == MIDDLE and not said:
        return
    counts = found.counts
    carried = truth.expected == CARRIED
    counts.right += not carried
    counts.carried += carried
    where = f"line {min(truth.lines)} {truth.role} {truth.text!r}"
    if "wrong" in said:
        counts.charged += carried
        counts.accused += not carried
        because = "; ".join(cell.because for cell in cells if cell.verdict == "wrong")
        found.said.append(f"{'charged again' if carried else 'accused'}: {where}: {because}")
    elif not said & {"right", "carried"}:
        counts.unlooked += 1
        because = "; ".join(f"{cell.verdict} {cell.because}" for cell in cells) or "absent"
        found.said.append(f"not looked at: {where}: {because}")


def _slip(found: Compared, truth: Truth, cells: Sequence[Cell], own: Sequence[Cell]) -> None:
    """What became of a planted slip: found where any cell of its row is wrong."""
    wrong = [cell for cell in cells if cell.verdict == "wrong"]
    missed = not wrong and any(cell.verdict in ("right", "carried") for cell in own)
    named = any(tag in NAMED[truth.slip].tags for cell in wrong for tag in cell.tags)
    twice = sum(cell.of - cell.marks for cell in wrong) > 1 + 1e-6
    counts = Counts(
        slips=1, found=bool(wrong), missed=missed, slips_unlooked=not wrong and not missed, named=named, twice=twice
    )
    found.counts.add(counts)
    found.by_slip.setdefault(truth.slip, Counts()).add(counts)
    word = "found" if wrong else "missed" if missed else "slip not looked at"
    because = "; ".join(f"{cell.verdict} {','.join(cell.tags)}" for cell in cells)
    found.said.append(
        f"{word}{', twice' if twice else ''}: line {min(truth.lines)} {truth.text!r} ({truth.slip}): {because}"
    )


def crashed(sheet: Sheet, error: Exception) -> Compared:
    """A sheet on which the grader raises: nothing on it was looked at."""
    found = compared(sheet, [])
    found.counts.crashes = 1
    found.said.insert(0, f"crash: {type(error).__name__}: {error}")
    return found
