"""Whatever is to be traced becomes the same problem: texts, LaTeX, SymPy expressions, dictionaries, files."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

from tracegen import TracegenError, trace
from tracegen.errors import ParseError, ProblemError, UnknownNameError
from tracegen.examples import path_of
from tracegen.problems.problem import Problem
from tracegen.sources.sources import problem_of

HOMEWORK = ["mul", "exp", "pow", "mul", "sin", "mul", "add"]
x1, x2 = sympy.symbols("x1 x2")


def lines(source: Any, **more: Any) -> list[str]:
    return [line.primitive.name for line in trace(source, **more).lines if line.primitive]


@pytest.mark.parametrize(
    "source",
    [
        "exp(2*x2) + x1*sin(3*x2**2)",
        "exp(2*x2) + x1*sin(3*x2^2)",
        "exp(2x2) + x1 sin(3 x2^2)",
        r"\exp(2x_2) + x_1\sin(3x_2^2)",
        r"e^{2 x_{2}} + x_1 \sin\left(3 x_2^{2}\right)",
        "exp(2·x₂) + x₁·sin(3·x₂²)",
        "y1 = exp(2*x2) + x1*sin(3*x2**2)",
        sympy.Add(sympy.exp(2 * x2), sympy.Mul(x1, sympy.sin(3 * x2**2), evaluate=False), evaluate=False),
        lambda x1, x2: np.exp(2 * x2) + x1 * np.sin(3 * x2**2),
    ],
)
def test_one_function_in_many_notations(source: Any) -> None:
    assert lines(source) == HOMEWORK
    t = trace(source, at={"x1": 2, "x2": 1})
    assert t.inputs == ["x1", "x2"]
    along_x1, along_x2 = t.record()["jacobian"]["exact"][0]
    assert sympy.sympify(along_x1) == sympy.sin(3)
    assert sympy.sympify(along_x2) == 2 * sympy.exp(2) + 12 * sympy.cos(3)


def test_sources_with_several_outputs() -> None:
    assert trace(["x1*x2", "x1 + x2"]).outputs == ["y1", "y2"]
    assert trace(["a = x1*x2", "x1 + x2"]).outputs == ["a", "y2"]
    assert trace({"u": "x1*x2", "v": x1 + x2}).outputs == ["u", "v"]
    assert trace([x1 * x2, x1 + x2]).outputs == ["y1", "y2"]
    assert trace(sympy.Matrix([x1 * x2, x1 + x2])).outputs == ["y1", "y2"]
    assert trace(path_of("homework1")).outputs == ["y1", "y2"]
    assert trace(str(path_of("homework1"))).outputs == ["y1", "y2"]


def test_an_output_is_not_called_like_an_input() -> None:
    assert trace("x*y").outputs == ["f"]
    assert trace(["x*y", "x + y"]).outputs == ["f1", "f2"]
    assert trace("y*f*out").outputs == ["out_"]


def test_inputs_are_in_the_order_of_the_point_or_else_counted() -> None:
    assert trace("x2*x10 + x1").inputs == ["x1", "x2", "x10"]
    assert trace("x2*x10 + x1", at={"x10": 1, "x2": 2, "x1": 3}).inputs == ["x10", "x2", "x1"]
    assert trace("x2*x10 + x1", at=[1, 2, 3]).record()["inputs"] == {"x1": "1", "x2": "2", "x10": "3"}


def test_an_input_that_is_not_used_has_a_zero_derivative() -> None:
    t = trace("3*x", at={"x": 1, "q": 5})
    assert t.record()["jacobian"]["exact"] == [["3", "0"]]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(2, "2"), (-2, "-2"), (0.1, "0.1"), ("pi/16", "pi/16"), ("1/2", "1/2"), (Fraction(1, 3), "1/3"),
     (Decimal("0.10"), "0.10"), (np.float64(0.5), "0.5"), (np.int32(3), "3"), (sympy.pi / 3, "pi/3"),
     (sympy.Float("0.25"), "1/4"), (sympy.sqrt(2), "sqrt(2)"), (1e-7, "1e-07"), (10**299, str(10**299))],
)  # fmt: skip
def test_values(value: Any, shown: str) -> None:
    assert trace("3*x", at={"x": value}).record()["inputs"] == {"x": shown}


def test_points_may_be_arrays_and_may_leave_out_values() -> None:
    assert trace("x1*x2", at=np.array([1.5, 2])).record()["inputs"] == {"x1": "1.5", "x2": "2.0"}
    assert trace("x1*x2", at={"x1": 1, "x2": None}).record()["jacobian"]["exact"] == [[None, None]]


def test_parameters_and_steps() -> None:
    t = trace("a*z + x", steps={"z": "w*2", "w": "x**3"}, parameters={"a": None}, at={"x": 2})
    assert list(t.problem.steps) == ["w", "z"]  # what is used comes first
    assert t.record()["jacobian"]["exact"] == [["1 + 24*a"]]
    assert trace("a*x", parameters={"a": "1/3"}, at={"x": 2}).record()["jacobian"]["exact"] == [["1/3"]]
    assert trace("a*x + z", parameters={"a": None}, steps={"z": "x**2"}).inputs == ["x"]


def test_a_problem_at_another_point() -> None:
    problem = Problem.read(path_of("homework1"))
    assert trace(problem, at={"x2": "1/2"}).record()["inputs"] == {"x1": "2", "x2": "1/2"}
    assert problem.point["x2"].args == ("1",)


@pytest.mark.parametrize(
    ("symbol", "name"),
    [(r"\alpha", "alpha"), ("α", "alpha"), ("x_1", "x1"), ("x_{12}", "x12"), ("lambda", "lambda"), ("E1", "E1")],
)
def test_names_of_sympys_symbols(symbol: str, name: str) -> None:
    assert trace(2 * sympy.Symbol(symbol)).inputs == [name]


@pytest.mark.parametrize(
    ("source", "more", "says"),
    [
        (None, {}, "NoneType is no text"),
        (3, {}, "is no text"),
        (b"x", {}, "is no text"),
        ([], {}, "no output"),
        ({}, {}, "no output"),
        ("3", {}, "no input"),
        ("", {}, "no expression"),
        (["y = x", "y = 2*x"], {}, "y is named twice"),
        ("nothing.toml", {}, "can't be read"),
        (Path("/"), {}, "can't be read"),
        ({"<script>": "x*2"}, {}, "is no name"),
        ({"x": "x*2"}, {}, "x is named twice"),
        ({"sin": "x*2"}, {}, "name of an operation"),
        ("x*2", {"at": {"<b>": 1, "x": 2}}, "is no name"),
        ("x*2", {"at": {3: 1, "x": 2}}, "is no name"),
        ("x*2", {"at": {"sin": 1, "x": 2}}, "name of an operation"),
        ("x*2", {"at": [1, 2]}, "2 values for the 1 inputs x"),
        (lambda x: x * 2, {"at": {"q": 2}}, "q, which is no input"),
        ("x*2", {"at": {"x": True}}, "not bool"),
        ("x*2", {"at": {"x": 1j}}, "not complex"),
        ("x*2", {"at": {"x": float("nan")}}, "finite"),
        ("x*2", {"at": {"x": "-inf"}}, "finite"),
        ("x*2", {"at": {"x": 10**400}}, "too many digits"),
        ("x*2", {"at": {"x": "1e999999999"}}, "too large an exponent"),
        ("x*2", {"at": {"x": sympy.Symbol("q")}}, "has q in it"),
        ("x*2", {"at": {"x": sympy.oo}}, "oo is no number"),
        ("x*2", {"at": {"x": sympy.I}}, "I is no number"),
        ("a*x", {"parameters": {"a": "q"}, "at": {"x": 1}}, "'q' is not a name"),
        ("z + x", {"steps": {"z": "w", "w": "z"}}, "z uses itself"),
        ("z + x", {"steps": {"x": "z"}, "at": {"x": 1, "z": 2}}, "x is named twice"),
        (lambda x: x, {"steps": {"z": "x"}}, "steps of its own"),
        (sympy.gamma(x1), {}, "gamma is no operation"),
        (sympy.oo * x1, {}, "oo is no number"),
        (sympy.I * x1, {}, "I is no number"),
        (sympy.Derivative(sympy.sin(x1), x1), {}, "Derivative is no operation"),
        (sympy.Piecewise((x1, x1 > 0)), {}, "none of its conditions"),
        (sympy.Function("f")(x1), {}, "f is no operation"),
        (2 * sympy.Symbol("<script>"), {}, "no name"),
        (2 * sympy.Symbol("x y"), {}, "no name"),
        (sympy.Dummy("x") * sympy.Dummy("x"), {}, "two different symbols"),
    ],
)  # fmt: skip
def test_wrong(source: Any, more: dict[str, Any], says: str) -> None:
    with pytest.raises(TracegenError, match=says) as caught:
        trace(source, **more)
    assert "\n" not in str(caught.value)


def test_a_missing_value_is_shown_where_the_input_stands() -> None:
    with pytest.raises(UnknownNameError, match=r"'x2' is not a name.*the point has x1") as caught:
        trace("x1*x2", at={"x1": 2})
    assert caught.value.place is not None
    assert caught.value.place.caret() == "x1*x2\n   ^"


@pytest.mark.parametrize(
    ("text", "derivatives"), [("x @ y", ["3", "2"]), ("x.T*y", ["3", "2"]), ("dot(x, y)", ["3", "2"])]
)
def test_operations_of_matrices_are_what_they_are_for_numbers(text: str, derivatives: list[str]) -> None:
    assert lines(text) == ["mul"]
    assert trace(text, at={"x": 2, "y": 3}).record()["jacobian"]["exact"] == [derivatives]


@pytest.mark.parametrize("text", ["ones(3)*x", r"\begin{matrix}x\end{matrix}", "softmax(x)", "x[0]"])
def test_a_matrix_needs_an_input_that_is_one(text: str) -> None:
    with pytest.raises(TracegenError, match="number"):
        trace(text)


def test_errors_have_their_own_types() -> None:
    for source, kind in (("x +", ParseError), ("foo(x)", UnknownNameError), ({"x": "x"}, ProblemError)):
        with pytest.raises(kind):
            problem_of(source)
