"""A list that runs backwards, as texts on the reverse sweep state it step by step, is as right as one that does not."""

from __future__ import annotations

import pytest

import tracegen
from tracegen.grading.report import Report
from tracegen.grading.verdicts import RIGHT

LISTS = {
    "exp(x1*x2) + x1*x2 - sin(x2)": ["v3 = v1 v2", "v4 = sin(v2)", "v5 = exp(v3)", "v6 = v5 + v3", "v7 = v6 - v4"],
    "(x1 + x2)*(x2 - x1)": ["v3 = v1 + v2", "v4 = v2 - v1", "v5 = v3 v4"],
    "ln(x1*x2) + x1**2": ["v3 = v1 v2", "v4 = ln(v3)", "v5 = v1^2", "v6 = v4 + v5"],
    "sigmoid(x1*x2)**2": ["v3 = v1 v2", "v4 = sigmoid(v3)", "v5 = v4^2"],
}
WAYS = {
    "backwards": lambda rows: rows[::-1],
    "backwards, each row twice": lambda rows: [row for row in rows[::-1] for _ in range(2)],
    "backwards, some again later": lambda rows: [*rows[::-1], *rows[1::-1]],
    "as it is": lambda rows: rows,
}


def graded(function: str, rows: list[str]) -> Report:
    problem = tracegen.Problem.from_toml(f'[inputs]\nx1 = 0.7\nx2 = 1.1\n[outputs]\ny = "{function}"\n')
    return tracegen.grade(problem, "\n".join(rows))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("function", LISTS)
@pytest.mark.parametrize("with_inputs", [False, True])
def test_every_order_has_full_marks(function: str, way: str, with_inputs: bool) -> None:
    rows = [*(["v1 = x1 = 0.7", "v2 = x2 = 1.1"] if with_inputs else []), *LISTS[function]]
    report = graded(function, WAYS[way](rows))
    assert {cell.verdict for cell in report.cells} == {RIGHT}
    assert report.score == report.max_score > 0


@pytest.mark.parametrize("function", LISTS)
def test_a_slip_is_found_in_it_all_the_same(function: str) -> None:
    rows = LISTS[function]
    wrong = [*rows[:-1], rows[-1].replace("v3", "v1") if "v3" in rows[-1] else f"{rows[-1]} + v1"]
    report = graded(function, wrong[::-1])
    assert [cell.row for cell in report.cells if cell.verdict != RIGHT] == [rows[-1][:2]]


def test_the_cells_of_a_report_are_in_the_order_of_the_sheet() -> None:
    report = graded("(x1 + x2)*(x2 - x1)", LISTS["(x1 + x2)*(x2 - x1)"][::-1])
    assert [cell.line for cell in report.cells] == sorted(cell.line for cell in report.cells)
