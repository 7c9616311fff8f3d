"""The tables that this project renders are right in every cell, whatever the format and the convention."""

from __future__ import annotations

import random

import pytest

import tracegen
from tracegen.grading.grader import grade
from tracegen.notation.profiles import PROFILES, choices
from tracegen.problems.problem import Problem

FORMATS = ("md", "tex", "txt", "csv", "json")
PROBLEMS = {
    "homework": """
[inputs]
x1 = 2
x2 = 1
[outputs]
y1 = "exp(2*x2) + x1*sin(3*x2**2)"
y2 = "x1*x2 + 1/(1 + exp(-x2))"
""",
    "baydin": '[inputs]\nx1 = 2\nx2 = 5\n[outputs]\ny = "log(x1) + x1*x2 - sin(x2)"',
    "deisenroth": '[inputs]\nx = 0.7\n[outputs]\nf = "sqrt(x**2 + exp(x**2)) + cos(x**2 + exp(x**2))"',
}  # fmt: skip


def assert_right(problem: Problem, text: str, suffix: str, least: int = 26) -> None:
    report = grade(problem, text, suffix=suffix)
    faults = [
        (one.line, one.part, one.row, one.text, one.verdict, one.because)
        for one in report.cells
        if one.verdict != "right"
    ]
    assert faults == []
    assert len(report.cells) >= least
    assert report.score == report.max_score


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", PROBLEMS)
def test_own_tables_grade_at_full_marks(name: str, profile: str, format_: str) -> None:
    problem = Problem.from_toml(PROBLEMS[name])
    options = {"standalone": True} if format_ == "tex" else {}
    text = tracegen.trace(problem, profile=profile).to(format_, **options)
    assert_right(problem, text, f".{format_}")


@pytest.mark.parametrize("seed", range(60))
def test_any_mixture_of_conventions_grades_at_full_marks(seed: int) -> None:
    source = random.Random(seed)
    problem = Problem.from_toml(source.choice([PROBLEMS["homework"], PROBLEMS["baydin"]]))
    chosen = {}
    for choice in source.sample([choice for choice in choices() if choice.allowed], 3):
        chosen[choice.name] = source.choice(choice.allowed)
    # what cannot be read back, or is not there to be read
    if chosen.get("values") == "none" or chosen.get("partial") == "column":
        chosen = {}
    profile = source.choice(list(PROFILES))
    if "alphabet" in (chosen.get("naming"), PROFILES[profile].naming) or chosen.get("seed") == "letters":
        profile, chosen = "homework", {}
    format_ = source.choice(FORMATS)
    assert_right(problem, tracegen.trace(problem, profile=profile, **chosen).to(format_), f".{format_}")


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("profile", ["homework", "baydin", "griewank", "bishop"])
def test_own_tables_of_matrices_grade_at_full_marks(second: Problem, profile: str, format_: str) -> None:
    assert_right(second, tracegen.trace(second, profile=profile).to(format_), f".{format_}")
