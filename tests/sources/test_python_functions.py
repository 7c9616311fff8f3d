"""Python functions traced by operator overloading: the lines are those that the text gives, in the written order."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

import tracegen
from tracegen import TracegenError, trace
from tracegen.errors import TracingError

HOMEWORK = ["mul", "exp", "pow", "mul", "sin", "mul", "add"]


def lines(source: Any, **more: Any) -> list[str]:
    return [line.primitive.name for line in trace(source, **more).lines if line.primitive]


@pytest.mark.parametrize("library", [np, sympy, tracegen], ids=["numpy", "sympy", "tracegen"])
def test_the_homework_with_any_librarys_functions(library: Any) -> None:
    assert lines(lambda x1, x2: library.exp(2 * x2) + x1 * library.sin(3 * x2**2)) == HOMEWORK


# what a function says, and the text that says the same
SAME: list[tuple[Callable[..., Any], str]] = [
    (lambda x, y: x + y - x * y / 2, "x + y - x*y/2"),
    (lambda x, y: 1 / x + 2 - x, "1/x + 2 - x"),
    (lambda x, y: -(x**2) + 2**y, "-x**2 + 2**y"),
    (lambda x, y: abs(x) + (+y), "abs(x) + y"),
    (lambda x, y: sum([x, y, x * y]), "0 + x + y + x*y"),
    (lambda x, y: np.exp(x) + np.sin(x) + np.cos(x), "exp(x) + sin(x) + cos(x)"),
    (lambda x, y: sympy.exp(x) + sympy.sin(x) + sympy.cos(x), "exp(x) + sin(x) + cos(x)"),
    (lambda x, y: sympy.sin(x) + sympy.cos(x) * y - x, "sin(x) + cos(x)*y - x"),
    (lambda x, y: y + sympy.tan(x) / sympy.sin(y) + 1, "y + tan(x)/sin(y) + 1"),
    (lambda x, y: sympy.sin(x) + sympy.sin(x), "sin(x) + sin(x)"),
    (lambda x, y: sympy.sqrt(x) * sympy.log(y), "sqrt(x)*log(y)"),
    (lambda x, y: np.maximum(x, y) * np.minimum(x, 0), "max(x, y)*min(x, 0)"),
    (lambda x, y: np.square(x) + np.positive(y), "x**2 + y"),
    (lambda x, y: np.hypot(x, y) + np.arctan2(y, x), "hypot(x, y) + atan2(y, x)"),
    (lambda x, y: np.heaviside(x, 0) + sympy.Heaviside(y, 0), "step(x) + step(y)"),
    (lambda x, y: np.dot([x, y], [y, x]), "x*y + y*x"),
    (lambda x, y: tracegen.sigmoid(x) + tracegen.softplus(y), "sigmoid(x) + softplus(y)"),
    (lambda x, y, k=3: x * k + y, "x*3 + y"),
]


@pytest.mark.parametrize(("function", "text"), SAME, ids=[text for _, text in SAME])
def test_a_function_is_its_text(function: Callable[..., Any], text: str) -> None:
    assert lines(function) == lines(text)


@pytest.mark.parametrize(
    ("number", "exact"),
    [(Fraction(1, 3), "1/3"), (Decimal("0.1"), "1/10"), (0.1, "1/10"), (np.float64(0.1), "1/10"), (np.int64(3), "3"),
     (np.array(4), "4"), (sympy.pi, "pi"), (sympy.Rational(2, 7), "2/7"), (math.pi, "3141592653589793/10**15")],
)  # fmt: skip
def test_numbers_are_what_they_show(number: Any, exact: str) -> None:
    (row,) = trace(lambda x: number * x, at=[1]).record()["jacobian"]["exact"]
    assert sympy.sympify(row[0]) == sympy.sympify(exact)


def test_arguments_are_the_inputs_and_results_the_outputs() -> None:
    t = trace(lambda b, a: (a * b, a + b), at=[2, 3])
    assert (t.inputs, t.outputs) == (["b", "a"], ["y1", "y2"])
    assert trace(lambda x: np.array([x, x * x])).outputs == ["y1", "y2"]
    assert trace(lambda y: y * 2).outputs == ["f"]
    assert trace(lambda λ: λ * 2).inputs == ["lambda"]


def test_what_is_used_twice_is_one_line() -> None:
    def deep(x: Any) -> Any:
        for _ in range(200):
            x = x * x + x
        return x

    assert len(lines(deep)) == 400


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda x: math.sin(x), "Python's math"),
        (lambda x: x if x > 0 else -x, "can't branch"),
        (lambda x: x if x == 0 else -x, "can't branch"),
        (lambda x: x << 2, "can't be traced"),
        (lambda x: x.foo, "no attribute"),
        (lambda x: x * (1 / 0), "ZeroDivisionError"),
        (lambda x: [*x], "can't be taken apart"),
        (lambda x: x * 1j, "complex"),
        (lambda x: x * float("nan"), "finite"),
        (lambda x: x * True, "not bool"),
        (lambda x: np.i0(x), "i0 is no operation"),
        (lambda x: np.add(x, x, out=None, dtype=float), "plain call only"),
        (lambda x: sympy.gamma(x), "gamma is no operation"),
        (lambda x: None, "NoneType"),
        (lambda x: [], "returns nothing"),
        (lambda: 3, "plain arguments"),
        (lambda *x: x[0], "plain arguments"),
        (max, "no signature"),
    ],
)  # fmt: skip
def test_what_cant_be_traced_says_why(function: Callable[..., Any], says: str) -> None:
    with pytest.raises(TracingError, match=says) as caught:
        trace(function)
    assert "\n" not in str(caught.value)


def test_a_constant_is_no_output() -> None:
    with pytest.raises(TracegenError, match="does not depend on any input"):
        trace(lambda x: 3)


def test_sympy_is_left_as_it_was() -> None:
    trace(lambda x: sympy.sin(x) + 1)
    assert sympy.Integer(1) + 1 == 2
    x = sympy.Symbol("x")
    assert (x + x) == 2 * x
