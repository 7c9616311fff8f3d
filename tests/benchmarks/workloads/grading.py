"""W7: grading sheets of the homework's size."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.case import OURS, Case, Run, Target

ROOT = Path(__file__).parents[3]
PROBLEM = ROOT / "tracegen" / "examples" / "homework1.toml"
SHEET = ROOT / "tests" / "submissions" / "homework_answer.md"
WHAT = "sheets of the homework"


def sheets(size: int) -> Run:
    """Sheets that differ by a note, so that none is the same as one before."""
    from tracegen.grade.grader import grade

    text = SHEET.read_text(encoding="utf-8")
    texts = [f"{text}\n\nsheet {place}\n" for place in range(size)]

    def run() -> object:
        return sum(grade(PROBLEM, each).score for each in texts)

    return run


CASES = [Case("W7", WHAT, OURS, sheets, (3, 30, 300), item="sheet")]

TARGETS = [
    Target("W7", WHAT, "seconds", 1 / 50),
    Target("W7", WHAT, "exponent", 1.05),
]
