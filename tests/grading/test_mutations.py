"""One slip in a right sheet, later rows following from it: found at its row, costing once, nothing else marked down."""

from __future__ import annotations

import random

import mutating
import pytest

from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

PROBLEMS = [Problem.from_toml(text) for text in mutating.PROBLEMS]
SHEETS_A_CHUNK = 25


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: next(iter(problem.outputs)))
def test_right_sheets_are_right(problem: Problem) -> None:
    report = grade(problem, mutating.right_sheet(problem).text())
    assert {one.verdict for one in report.cells} == {"right"}


@pytest.mark.parametrize("chunk", range(24))
def test_a_slip_is_found_at_its_row_and_nowhere_else(chunk: int) -> None:
    for seed in range(chunk * SHEETS_A_CHUNK, (chunk + 1) * SHEETS_A_CHUNK):
        source = random.Random(seed)
        problem = source.choice(PROBLEMS)
        sheet = mutating.mutated(problem, source)
        if sheet is None:
            continue
        report = grade(problem, sheet.text())
        refused = [one for one in report.cells if "carry.refused" in one.tags]
        wrong = [one for one in report.cells if one.verdict == "wrong" and one not in refused]
        at = sheet.lines[sheet.where]
        if not wrong and sheet.cell == "formula" and mutating.says_the_same(sheet, problem):
            continue
        assert {(one.part, one.row) for one in wrong} == {(at.part, mutating.base(at.label))}, seed
        assert report.max_score - report.score == 1 + len(refused), seed
        assert all(one.because for one in wrong), seed
        assert report.needs_person == 0, seed
