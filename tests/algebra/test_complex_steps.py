"""Arrays take complex numbers, by whose imaginary part a derivative is had: the shapes' letters are judged by it."""

from __future__ import annotations

from itertools import product
from math import exp, isclose

import numpy as np
import pytest

from tracegen.primitives.algebras import ARRAYS

STEP = 1e-30
POINTS = (-30.0, -1.5, -1e-3, 0.25, 2.0, 40.0)


def slope(name: str, *point: float) -> float:
    """The derivative by the first operand."""
    first, *others = (np.array([value]) for value in point)
    return float(np.imag(getattr(ARRAYS, name)(first + 1j * STEP, *others))[0] / STEP)


def logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


@pytest.mark.parametrize("x", POINTS)
def test_of_one_operand(x: float) -> None:
    assert isclose(slope("sigmoid", x), logistic(x) * logistic(-x), rel_tol=1e-12)
    assert isclose(slope("softplus", x), logistic(x), rel_tol=1e-12)


@pytest.mark.parametrize(("x", "y"), list(product(POINTS, repeat=2)))
def test_of_two_operands(x: float, y: float) -> None:
    assert isclose(slope("logaddexp", x, y), logistic(x - y), rel_tol=1e-12)
    assert isclose(slope("hypot", x, y), x / (x * x + y * y) ** 0.5, rel_tol=1e-12)
