"""Problems that the tests of grading share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tracegen.problems.problem import Problem

sys.path.insert(0, str(Path(__file__).parent))  # for mutating and planting

SECOND = """
title = "Homework 2, problem 2"
[inputs]
x  = { shape = ["N", 1] }
W1 = { shape = ["K", "N"] }
b1 = { shape = ["K", 1] }
r  = { shape = ["K", 1] }
W2 = { shape = ["M", "K"] }
b2 = { shape = ["M", 1] }
s  = { shape = ["M", 1], constant = true }
[steps]
z = "W1 @ x + b1"
h = "sigma(z)"
R = "r.T @ h"
y = "W2 @ h + b2"
xi = "norm(y - s)**2 / 2"
[outputs]
L = "xi + R"
"""

FIRST = """
title = "Homework 2, problem 1"
[inputs]
x1 = 2
x2 = 1
[outputs]
y1 = "exp(2*x2) + x1*sin(3*x2**2)"
y2 = "x1*x2 + 1/(1 + exp(-x2))"
"""


@pytest.fixture(scope="session")
def first() -> Problem:
    return Problem.from_toml(FIRST)


@pytest.fixture(scope="session")
def second() -> Problem:
    return Problem.from_toml(SECOND)
