"""Grades drawn sheets and sums up the rates, in total and for each row of each table."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import tracegen
from tracegen import Problem

from .comparing import Compared, Counts, compared, crashed
from .draws import SHEETS_A_PROBLEM, sheets_of
from .sheets import Sheet


@dataclass
class Graded:
    """A sheet and what a report on it was found to say."""

    sheet: Sheet
    compared: Compared
    report: str


@dataclass
class Rates:
    """Counts in total and by row of each table; seconds for drawing and grading; the worst sheets."""

    total: Counts = field(default_factory=Counts)
    rows: dict[tuple[str, str], Counts] = field(default_factory=dict)
    drawing: float = 0.0
    grading: float = 0.0
    worst: list[tuple[int, str, Graded]] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)

    def take(self, name: str, graded: Graded, keep: int) -> None:
        """Count one sheet."""
        counts = graded.compared.counts
        self.total.add(counts)
        for dimension, way in {**graded.sheet.ways, "problem": graded.sheet.task.kind}.items():
            self.rows.setdefault((dimension, way), Counts()).add(counts)
        for slip, of_slip in graded.compared.by_slip.items():
            self.rows.setdefault(("slip", slip), Counts()).add(of_slip)
        if counts.crashes:
            self.crashes.append(f"{name}: {graded.compared.said[0]}")
        badness = 10 * (counts.accused + counts.charged + counts.titles_accused + 5 * counts.crashes)
        badness += 3 * counts.missed + counts.unlooked
        if keep and badness:
            self.worst.append((-badness, name, graded))
            if len(self.worst) > 4 * keep:
                self.best_of_worst(keep)

    def best_of_worst(self, keep: int) -> None:
        self.worst = sorted(self.worst, key=lambda each: each[:2])[:keep]

    def add(self, other: Rates, keep: int) -> None:
        """Take the counts of other sheets."""
        self.total.add(other.total)
        for key, counts in other.rows.items():
            self.rows.setdefault(key, Counts()).add(counts)
        self.drawing += other.drawing
        self.grading += other.grading
        self.crashes += other.crashes
        self.worst += other.worst
        self.best_of_worst(keep)


def graded(sheet: Sheet, keep: bool = False) -> Graded:
    """The report on a sheet against its truth."""
    try:
        report = tracegen.grade(_problem(sheet.task.toml), sheet.text, suffix=sheet.suffix)
    except Exception as error:
        return Graded(sheet, crashed(sheet, error), repr(error))
    return Graded(sheet, compared(sheet, report.cells), report.to("json") if keep else "")


_PROBLEMS: dict[str, Problem] = {}


def _problem(toml: str) -> Problem:
    if toml not in _PROBLEMS:
        _PROBLEMS.clear()
        _PROBLEMS[toml] = Problem.from_toml(toml)
    return _PROBLEMS[toml]


def rates_of_problem(seed: int, number: int, slips: tuple[int, int], count: int, keep: int) -> Rates:
    """The rates over the sheets on one problem."""
    rates = Rates()
    sheets = sheets_of(seed, number, slips, count)
    at = 0
    while True:
        start = time.perf_counter()
        sheet = next(sheets, None)
        rates.drawing += time.perf_counter() - start
        if sheet is None:
            return rates
        start = time.perf_counter()
        found = graded(sheet, bool(keep))
        rates.grading += time.perf_counter() - start
        rates.take(f"{number:05d}-{at:02d}", found, keep)
        at += 1


def measured(sheets: int, seed: int, slips: tuple[int, int], jobs: int = 1, keep: int = 0, quiet: bool = True) -> Rates:
    """The rates over so many sheets; the same for a seed whatever the number of jobs."""
    work = [
        (seed, number, slips, min(SHEETS_A_PROBLEM, sheets - number * SHEETS_A_PROBLEM), keep)
        for number in range(-(-sheets // SHEETS_A_PROBLEM))
    ]
    rates = Rates()
    start = time.monotonic()
    for found in _each(work, jobs):
        rates.add(found, keep)
        if not quiet:
            speed = rates.total.sheets / (time.monotonic() - start)
            print(f"\r{rates.total.sheets} of {sheets} sheets, {speed:.1f}/s ", end="", file=sys.stderr, flush=True)
    if not quiet:
        print(file=sys.stderr)
    return rates


def _each(work: Sequence[tuple[int, int, tuple[int, int], int, int]], jobs: int) -> Iterator[Rates]:
    if jobs < 2:
        yield from (rates_of_problem(*each) for each in work)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(rates_of_problem, *zip(*work, strict=True), chunksize=2)


HEADS = ["sheets", "accused", "of right", "not looked at", "charged again", "of carried", "titles accused", "slips",
         "found", "missed",
         "slips not looked at", "charged twice", "named", "sheets with a false accusation", "crashes"]  # fmt: skip


def table(rates: Rates) -> str:
    """The rates as Markdown."""
    lines = ["| | " + " | ".join(HEADS) + " |", "|---|" + "---:|" * len(HEADS), _row("**all**", rates.total)]
    dimension = ""
    for key in sorted(rates.rows):
        if key[0] != dimension:
            dimension = key[0]
            lines.append(f"| **{dimension}** |" + " |" * len(HEADS))
        lines.append(_row(key[1], rates.rows[key]))
    return "\n".join(lines) + "\n"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "–"


def _row(name: str, c: Counts) -> str:
    looked = c.right + c.carried
    cells = [str(c.sheets), _share(c.accused, c.right), str(c.right), _share(c.unlooked, looked),
             _share(c.charged, c.carried), str(c.carried), _share(c.titles_accused, c.titles), str(c.slips),
             _share(c.found, c.slips), _share(c.missed, c.slips), _share(c.slips_unlooked, c.slips),
             _share(c.twice, c.slips), _share(c.named, c.found), _share(c.falsely, c.sheets),
             str(c.crashes)]  # fmt: skip
    return f"| {name} | " + " | ".join(cells) + " |"


def write_worst(rates: Rates, folder: Path) -> None:
    """Each of the worst sheets: the problem, the sheet, its truth with what was said of it, and the report."""
    folder.mkdir(parents=True, exist_ok=True)
    for _, name, each in rates.worst:
        (folder / f"{name}.toml").write_text(each.sheet.task.toml, encoding="utf-8")
        (folder / f"{name}{each.sheet.suffix}").write_text(each.sheet.text, encoding="utf-8")
        truths = [
            f"{sorted(truth.lines)} {truth.role} {truth.expected} {truth.slip} {truth.text!r}"
            for truth in each.sheet.truths
        ]
        ways = json.dumps(each.sheet.ways, ensure_ascii=False)
        text = "\n".join([ways, "", *truths, "", *each.compared.said]) + "\n"
        (folder / f"{name}.truth.txt").write_text(text, encoding="utf-8")
        (folder / f"{name}.report.json").write_text(each.report, encoding="utf-8")
