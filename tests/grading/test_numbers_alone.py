"""A number of a name that no row has is no answer to the problem: a rate, a helper, a value of a step said aside."""

from __future__ import annotations

import pytest

import tracegen
from tracegen.grading.verdicts import WRONG

PROBLEMS = {
    "(w*x - 5)**2": {"w": 2, "x": 4},
    "ln(a*b) + a": {"a": 3, "b": 0.5},
    "sigmoid(u)*v - v**2": {"u": 0.3, "v": 1.2},
}
SAID = (
    r"$\eta = 0.1$",
    "lr = 0.01",
    "We take a step of h = 1e-5.",
    r"$\epsilon = 10^{-3}$",
    "N = 12",
    r"$\hat q = 6.5$",
)
WAYS = (
    "{}",
    "Some words first.\n\n{}",
    "{}\n\n$\\partial f/\\partial {name} = {slope:.4f}$",
    "| what | value |\n|---|---|\n| {} | |",
)


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("function", PROBLEMS)
def test_it_is_never_accused(function: str, said: str) -> None:
    point = PROBLEMS[function]
    inputs = "\n".join(f"{name} = {value}" for name, value in point.items())
    problem = tracegen.Problem.from_toml(f'[inputs]\n{inputs}\n[outputs]\nf = "{function}"\n')
    name, slope = next(iter(tracegen.trace(problem).gradient_at().items()))
    for way in WAYS:
        report = tracegen.grade(problem, way.format(said, name=name, slope=slope))
        assert [cell.text for cell in report.cells if cell.verdict == WRONG] == [], way
