"""A list that begins after the rows of its inputs is judged as one that has them."""

from __future__ import annotations

import pytest

from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\na = 2\nb = 1\n[outputs]\ny = "a*b + sin(a)"')
ROWS = ["{2} = {0} {1} = 2", r"{3} = \sin({0}) = 0.909", "{4} = {2} + {3} = 2.909"]
ADJOINTS = [
    r"\bar {4} = 1", r"\bar {3} = \bar {4} = 1", r"\bar {2} = \bar {4} = 1", r"\bar {1} = \bar {2} {0} = 2",
    r"\bar {0} = \bar {2} {1} + \bar {3} \cos({0}) = 0.584",
]  # fmt: skip


def sheet(letter: str, first: int, rows: list[str]) -> str:
    names = [f"{letter}_{{{number}}}" for number in range(first, first + 5)]
    return "\n\n".join(f"${row.format(*names)}$" for row in rows)


@pytest.mark.parametrize("letter", ["v", "w", "u"])
@pytest.mark.parametrize("first", [-1, 0, 1, 7])
@pytest.mark.parametrize("with_adjoints", [False, True])
def test_names_before_the_first_row_are_the_inputs(letter: str, first: int, with_adjoints: bool) -> None:
    report = grade(PROBLEM, sheet(letter, first, ROWS + ADJOINTS * with_adjoints))
    assert {cell.verdict for cell in report.cells} == {"right"}
    assert len(report.cells) == 9 + 14 * with_adjoints


def test_a_slip_in_such_a_list_is_found() -> None:
    report = grade(PROBLEM, sheet("v", 0, [*ROWS[:2], "{4} = {2} + {3} = 3.909"]))
    assert [(cell.row, cell.cell) for cell in report.cells if cell.verdict == "wrong"] == [("v4", "value")]


@pytest.mark.parametrize("unknown", ["v_{9}", "q", "v_{0} v_{1} v_{-1}"])
def test_other_names_that_no_row_has_are_no_inputs(unknown: str) -> None:
    text = sheet("v", 0, ROWS[:1]).replace("v_{0} v_{1}", unknown)
    assert not any(cell.verdict in ("right", "wrong") and cell.cell == "formula" for cell in grade(PROBLEM, text).cells)
