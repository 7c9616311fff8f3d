"""Own tables of problems with kinks, equal lines and symmetric matrices are right everywhere; a wrong branch is not."""

from __future__ import annotations

import pytest

import tracegen
from tests.grading.kinked import trials
from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

SYMMETRIC = """
[inputs]
A = { shape = ["n", "n"], symmetric = true }
x = { shape = ["n", 1] }
[outputs]
f = "x.T @ A @ x + x.T @ inv(A) @ x"
"""


@pytest.mark.parametrize("first", range(0, 60, 6))
def test_own_tables_of_random_kinked_problems_have_full_marks(first: int) -> None:
    found = list(trials(range(first, first + 6)))
    assert found
    assert {trial.seed: faults for trial in found if (faults := trial.faults())} == {}


@pytest.mark.parametrize(
    ("function", "x", "right", "branch"),
    [
        ("abs(x)*x", -2, "v1 = abs(v0) = 2", "v1 = -v0 = 2"),
        ("relu(x)*x", 2, "v1 = relu(v0) = 2", "v1 = v0 = 2"),
        ("relu(x) + x", -2, "v1 = relu(v0) = 0", "v1 = v0 = 0"),
        ("max(x, 1)*x", 2, "v1 = max(v0, 1) = 2", "v1 = v0 = 2"),
        ("min(x, -x)*x", -2, "v1 = min(v0, -v0) = -2", "v1 = max(v0, -v0) = -2"),
    ],
)
def test_the_branch_at_the_point_is_not_the_formula(function: str, x: int, right: str, branch: str) -> None:
    problem = Problem.from_toml(f'[inputs]\nx = {x}\n[outputs]\nf = "{function}"')
    assert [cell.verdict for cell in grade(problem, f"v0 = x = {x}\n{right}").cells] == ["right"] * 6
    report = grade(problem, f"v0 = x = {x}\n{branch}")
    assert not any(cell.verdict == "right" for cell in report.cells if cell.row == "v1" and cell.cell == "formula")


@pytest.mark.parametrize("partial", ["-1", "sign(v0)"])
def test_a_local_partial_at_the_point_may_be_its_value(partial: str) -> None:
    problem = Problem.from_toml('[inputs]\nx = -2\n[outputs]\nf = "sin(abs(x))"')
    text = f"v0 = x = -2\nv1 = abs(v0) = 2\nv2 = sin(v1) = 0.909\n\n∂v0/∂x = 1\n∂v1/∂x = {partial} ∂v0/∂x = -1"
    assert {cell.verdict for cell in grade(problem, text).cells} == {"right"}


@pytest.mark.parametrize("format_", ["md", "tex", "txt"])
def test_a_symmetric_matrix_is_symmetric_where_answers_are_compared(format_: str) -> None:
    problem = Problem.from_toml(SYMMETRIC)
    report = grade(problem, tracegen.trace(problem).to(format_), suffix=f".{format_}")
    assert {cell.verdict for cell in report.cells} == {"right"}
