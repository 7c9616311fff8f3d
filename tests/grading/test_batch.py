"""One sheet of a class: graded, or a report that says what happened."""

from __future__ import annotations

import pytest

from tracegen.grading.classes.batch import NOTHING, grade_sheet
from tracegen.grading.classes.collecting import Sheet
from tracegen.grading.rubric import Rubric
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\nx1 = 2\n[outputs]\ny = "x1**2"')


@pytest.mark.parametrize("text", ["", "\x00\x01\x02" * 100, "I was ill.", "# Homework\n\nAnna"])
def test_a_sheet_without_an_answer_is_for_a_person(text: str) -> None:
    report = grade_sheet([PROBLEM], Sheet("a.md", ".md", text), Rubric())
    assert report.failure == NOTHING


def test_a_sheet_with_one_is_graded() -> None:
    report = grade_sheet([PROBLEM], Sheet("a.md", ".md", "v0 = x1 = 2"), Rubric())
    assert not report.failure
    assert report.score == 3
