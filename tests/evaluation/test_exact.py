"""Exact values as a person would leave them, in the order of their line, and never longer than a person would read."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from tracegen import trace
from tracegen.document.table import Mark
from tracegen.evaluation.exact import BOUND, DEEPEST
from tracegen.notation import latex, unicode


def last(source: str, at: dict[str, Any], **more: Any) -> Any:
    """The exact value of the last line."""
    return trace(source, at=at, **more).primal().tables[0].rows[-1].cells[1]


@pytest.mark.parametrize(
    ("source", "at", "shown"),
    [
        ("exp(2*x2) + x1*sin(3*x2**2)", {"x1": 2, "x2": 1}, "e^2 + 2 \\sin(3)"),
        ("x1*x2 + 1/(1 + exp(-x2))", {"x1": 2, "x2": 1}, "2 + \\frac{1}{1 + e^{-1}}"),
        ("x1*x2 + exp(x1) + x1", {"x1": 2, "x2": 5}, "12 + e^2"),
        ("sin(x) + x", {"x": 3}, "\\sin(3) + 3"),
        ("x + sin(x)", {"x": 3}, "3 + \\sin(3)"),
        ("sqrt(x)", {"x": 8}, "2 \\sqrt{2}"),
        ("x/3", {"x": 2}, "\\frac{2}{3}"),
        ("-x", {"x": "1/2"}, "-\\frac{1}{2}"),
        ("x**10", {"x": 2}, "1024"),
        ("cos(x)", {"x": "pi/3"}, "\\frac{1}{2}"),
        ("log(x)", {"x": "exp(2)"}, "2"),
        ("x*0.1", {"x": 3}, "\\frac{3}{10}"),
    ],
)
def test_forms(source: str, at: dict[str, Any], shown: str) -> None:
    assert latex(last(source, at)) == shown


def test_a_sum_is_in_the_order_of_its_line() -> None:
    assert latex(last("exp(2*x2) + x1*sin(3*x2**2)", {"x1": 2, "x2": 1})) == "e^2 + 2 \\sin(3)"
    assert latex(last("x1*sin(3*x2**2) + exp(2*x2)", {"x1": 2, "x2": 1})) == "2 \\sin(3) + e^2"
    assert latex(last("1 + exp(-x)", {"x": 1})) == "1 + e^{-1}"
    assert latex(last("exp(-x) + 1", {"x": 1})) == "e^{-1} + 1"


def test_an_adjoint_is_in_the_order_of_the_sheet() -> None:
    row = trace("exp(2*x2) + x1*sin(3*x2**2)", at={"x1": 2, "x2": 1}).reverse().tables[0].rows[1]
    assert latex(row.cells[1]) == "2 e^2 + 12 \\cos(3)"  # type: ignore[arg-type]


def test_letters_stay_letters() -> None:
    cell = last("a*x**2 + x", {"x": 3}, parameters={"a": None})
    assert unicode(cell) == "9·a + 3"


def steps(formula: str, count: int) -> dict[str, str]:
    return {"z0": "x", **{f"z{place}": formula.replace("z", f"z{place - 1}") for place in range(1, count)}}


@pytest.mark.parametrize(
    ("formula", "count"),
    [
        ("sin(z + z*exp(z))", 60),
        ("z*z + 1", 40),
        ("(1 + z)**2/3", 60),
        ("z**z", 4),
        ("z*z/3 + 1", 60),
        ("exp(z)*x", 60),
        ("sqrt(z + 3)", 60),
        ("sigmoid(z + x)", 60),
        ("tanh(z) + x", 60),
    ],
)
def test_values_that_would_swell_are_left_out_with_a_mark(formula: str, count: int) -> None:
    t = trace(f"2*z{count - 1}", steps=steps(formula, count), at={"x": "1/7" if "exp" in formula else 2})
    cells = [row.cells[1] for row in t.primal().tables[0].rows]
    marks = [cell for cell in cells if isinstance(cell, Mark)]
    assert marks
    assert marks[0].because == f"the exact value has {BOUND}"
    assert not isinstance(cells[1], Mark)
    assert "— the exact value has more than" in t.primal().to("txt")


@pytest.mark.parametrize("function", ["sin", "tanh", "log1p", "atan", "erf"])
def test_functions_stand_one_in_another_so_deep_and_no_deeper(function: str) -> None:
    t = trace(f"{function}(z9)", steps=steps(f"{function}(z)", 10), at={"x": 3})
    known = [not isinstance(row.cells[1], Mark) for row in t.primal().tables[0].rows]
    assert known == [True] * (1 + DEEPEST) + [False] * (10 - DEEPEST)


def test_arithmetic_makes_a_value_no_deeper() -> None:
    t = trace("z20", steps=steps("(z + sin(x))/2", 21), at={"x": 3})
    assert not any(isinstance(row.cells[1], Mark) for row in t.primal().tables[0].rows)


def test_decimals_are_there_where_exact_values_are_not() -> None:
    t = trace("2*z30", steps=steps("sin(z + z*exp(z))", 31), at={"x": "1/7"})
    assert all(str(row.cells[2]) for row in t.primal().tables[0].rows)


def test_a_list_that_is_too_long_has_no_exact_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracegen.evaluation.evaluation.MOST_LINES", 50)
    t = trace("z60", steps=steps("z/2 + 1", 61), at={"x": 2}, digits=3)
    row = t.primal().tables[0].rows[3]
    assert isinstance(row.cells[1], Mark)
    assert "are left out of lists of more than" in row.cells[1].because


def test_it_is_the_value_whatever_the_form() -> None:
    x, y = sympy.symbols("x y")
    expression = sympy.exp(x * y) / (1 + sympy.log(x)) - sympy.sqrt(y) * sympy.atan(x) + x**y
    t = trace(expression, at={"x": 2, "y": "1/3"})
    found = t.record()["jacobian"]["exact"][0]
    for cell, by in zip(found, (x, y), strict=True):
        value = sympy.diff(expression, by).subs({x: 2, y: sympy.Rational(1, 3)})
        assert abs((sympy.sympify(cell) - value).evalf(40)) < 1e-35
