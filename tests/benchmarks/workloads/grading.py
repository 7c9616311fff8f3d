"""W7: grading sheets of the homework's size."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from tests.benchmarks.case import OURS, Case, Run, Target, once

ROOT = Path(__file__).parents[3]
PROBLEM = ROOT / "tracegen" / "examples" / "homework1.toml"
SHEET = ROOT / "tests" / "submissions" / "homework_answer.md"
ALIKE, OWN, SLOWEST = "sheets that say the same", "sheets of the homework", "a cell, in the slowest sheet of 100"
SLIPS = 2
"""Slips of its own that each sheet has, beside those of the homework answer: in a class many make the same ones."""


def with_slips(text: str, seed: int, slips: int = SLIPS) -> str:
    """A sheet in which a digit is another one in some lines: an index, a number of a formula, a value."""
    source = random.Random(seed)
    lines = text.split("\n")
    for at in source.sample([at for at, line in enumerate(lines) if "=" in line and re.search(r"\d", line)], slips):
        place = source.choice([found.start() for found in re.finditer(r"\d", lines[at])])
        other = source.choice([digit for digit in "0123456789" if digit != lines[at][place]])
        lines[at] = lines[at][:place] + other + lines[at][place + 1 :]
    return "\n".join(lines)


def _graded(slips: int) -> Iterator[float]:
    """Reports on sheets without end, each with slips that no sheet before it had."""
    from tracegen.grading.grader import grade

    grade(PROBLEM, "v0 = x1")
    text = SHEET.read_text(encoding="utf-8")
    sheets = (with_slips(text, seed, slips) + f"\n\nsheet {seed}\n" for seed in count())
    return (len(grade(PROBLEM, sheet).cells) for sheet in sheets)


def own(size: int) -> Run:
    """A class whose sheets have slips of their own; other sheets each time they are graded."""
    graded = _graded(SLIPS)
    return lambda: sum(next(graded) for _ in range(size))


def alike(size: int) -> Run:
    """A class whose sheets have the same slips, and are not the same text."""
    graded = _graded(0)
    return lambda: sum(next(graded) for _ in range(size))


def slowest(size: int) -> Run:
    """The cells of each of some sheets."""
    graded = _graded(SLIPS)
    return lambda: (next(graded) for _ in range(size))


CASES = [
    Case("W7", OWN, OURS, own, (3, 30, 100, 300), item="sheet"),
    Case("W7", ALIKE, OURS, alike, (3, 30, 100, 300), item="sheet"),
    Case("W7", SLOWEST, OURS, slowest, (300,), items=once, item="cell", percentile=99),
]

TARGETS = [
    Target("W7", OWN, "seconds", 1 / 50),
    Target("W7", OWN, "seconds", 1 / 50, sizes=(100, 300)),
    Target("W7", ALIKE, "seconds", 1 / 50),
    Target("W7", OWN, "exponent", 1.05),
    Target("W7", SLOWEST, "seconds", 1e-3),
]
