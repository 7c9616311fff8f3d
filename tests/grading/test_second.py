"""A second reading of a list, as it is written: what follows from it, and rows of which nothing says what they are."""

from __future__ import annotations

import pytest

from tracegen.grading.grader import grade
from tracegen.grading.report import Report
from tracegen.grading.verdicts import CARRIED, WRONG
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\na = 2\nb = 3\n[outputs]\ny = "exp(-a*b)*sin(b) + a"')
RIGHT = [
    "v1 = a b = 6", "v2 = -v1 = -6", "v3 = exp(v2) = 0.002479", "v4 = sin(b) = 0.1411", "v5 = v3 v4 = 0.0003498",
    "v6 = v5 + a = 2.00035",
]  # fmt: skip


def graded(lines: list[str], changes: dict[int, str]) -> Report:
    return grade(PROBLEM, "\n".join(changes.get(at, line) for at, line in enumerate(lines)), suffix=".txt")


def wrong(report: Report) -> list[tuple[str, str]]:
    return [(cell.row, cell.cell) for cell in report.cells if cell.verdict == WRONG]


@pytest.mark.parametrize("value", ["2.30035", "-2.00035", "5"])
def test_a_row_that_only_names_another_has_the_value_of_that_row(value: str) -> None:
    report = graded([*RIGHT, f"y = v6 = {value}"], {5: f"v6 = v5 + a = {value}"})
    assert wrong(report) == [("v6", "value")]
    assert [(cell.row, cell.cell) for cell in report.cells if cell.verdict == CARRIED] == [("y", "value")]


@pytest.mark.parametrize(("place", "line"), [(3, "v4 = cos(b) = 0.1411"), (4, "v5 = v3 + v4 = 0.0003498")])
def test_the_value_of_a_row_proves_what_the_row_is(place: int, line: str) -> None:
    assert wrong(graded(RIGHT, {place: line})) == [(line.split(" ")[0], "formula")]


@pytest.mark.parametrize("last", ["v3 v3 = 0.000006144", "v3 v4 v4 = 0.00004936", "5 v3 = 0.012394"])
def test_a_last_row_that_may_be_a_step_of_its_own_is_not_wrong(last: str) -> None:
    assert wrong(graded([*RIGHT[:4], f"v5 = {last}"], {})) == []


@pytest.mark.parametrize("power", [2, 3])
def test_a_derivative_of_the_list_as_it_is_written_is_not_wrong(power: int) -> None:
    lines = [*(line.rpartition(" =")[0] for line in RIGHT), "y = v6", "", f"v4' = {power} sin(b)^{power - 1} cos(b) b'"]
    report = graded(lines, {3: f"v4 = sin(b)^{power}"})
    assert {cell.line for cell in report.cells if cell.verdict == WRONG} == {4}
