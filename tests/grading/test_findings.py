"""What is remembered between sheets changes no report, and is bounded."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.benchmarks.workloads.grading import with_slips
from tests.planting import planted
from tracegen import scalar
from tracegen.examples import path_of
from tracegen.grading.findings import Findings, Room, remembered
from tracegen.grading.grader import grade
from tracegen.grading.report import Report
from tracegen.primitives import Primitive
from tracegen.problems.problem import Problem

SHEET = (Path(__file__).parents[1] / "submissions" / "homework_answer.md").read_text(encoding="utf-8")
PROBLEMS = [path_of("homework1"), path_of("homework2")]
SHEETS = [with_slips(SHEET, seed, slips=5) for seed in range(12)]


@pytest.fixture(scope="module")
def alone() -> list[Report]:
    """The report on each sheet when nothing is remembered."""
    reports = []
    for sheet in SHEETS:
        Room(0).make(1)
        reports.append(grade(PROBLEMS, sheet))
    return reports


@pytest.mark.parametrize("seed", range(3))
def test_a_report_is_the_same_whatever_was_graded_before(seed: int, alone: list[Report]) -> None:
    Room(0).make(1)
    order = [*range(len(SHEETS)), *range(len(SHEETS))]
    random.Random(seed).shuffle(order)
    for place in order:
        assert grade(PROBLEMS, SHEETS[place]) == alone[place]


def test_a_report_is_the_same_further_down_the_page(alone: list[Report]) -> None:
    moved = grade(PROBLEMS, "\n\n\n" + SHEETS[0])
    first = grade(PROBLEMS, SHEETS[0])
    assert [cell.line - 3 for cell in moved.cells] == [cell.line for cell in first.cells]
    assert [cell.verdict for cell in moved.cells] == [cell.verdict for cell in first.cells]


def test_marks_of_one_report_are_not_those_of_another() -> None:
    first, second = grade(PROBLEMS, SHEET), grade(PROBLEMS, SHEET)
    assert not {id(cell) for cell in first.cells} & {id(cell) for cell in second.cells}


def test_findings_are_dropped_when_there_are_too_many() -> None:
    findings = Findings(most=2)
    assert [findings.of(key, lambda key=key: -key) for key in (1, 2, 3, 1)] == [-1, -2, -3, -1]  # type: ignore[misc]
    assert findings.of(3, lambda: 0) == -3
    assert findings.of(2, lambda: 0) == 0


def test_everything_is_forgotten_when_too_much_was_read() -> None:
    asked = []

    @remembered(8)
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    findings, room = Findings(), Room(10)
    assert [length("a"), length("a"), findings.of("b", lambda: 1)] == [1, 1, 1]
    assert not room.make(10)
    assert room.make(1)
    assert [length("a"), findings.of("b", lambda: 2)] == [1, 2]
    assert asked == ["a", "a"]


@pytest.mark.parametrize("sheet", ["v0 = x = 3\nv1 = ramp(v0) = {}", "v0 = x = 3\nv1 = ramp(v0)\n\n$\\bar v_0 = {}/3$"])
def test_a_primitive_that_is_registered_anew_is_graded_by_its_new_rule(sheet: str) -> None:
    for slope in (2, 5, 2):
        with planted(_ramp(slope)):
            problem = Problem.from_toml('[inputs]\nx = 3\n[outputs]\ny = "ramp(x)"')
            assert _wrong(problem, sheet.format(3 * slope)) == 0
            assert _wrong(problem, sheet.format(3 * (7 - slope))) == 1


def _ramp(slope: int) -> Primitive:
    return scalar("ramp", value=lambda f, a: a * slope, partials=lambda f, y, a: (slope,))


def _wrong(problem: Problem, sheet: str) -> int:
    return sum(cell.verdict == "wrong" for cell in grade(problem, sheet).cells)
