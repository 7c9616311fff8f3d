"""Kinks say what was used for them; a bad point is named with the line where it is bad."""

from __future__ import annotations

import pytest

from tracegen import trace
from tracegen.document.cells import PlainCells
from tracegen.errors import PointError
from tracegen.problems.problem import Problem


@pytest.mark.parametrize(
    ("text", "at", "derivatives", "note"),
    [
        ("relu(x)", {"x": 0}, ["0"], "v₁ = relu(v₀): the derivative at 0 is taken as 0."),
        ("abs(x)", {"x": 0}, ["0"], "v₁ = |v₀|: the derivative at 0 is taken as 0."),
        ("sign(x)*x", {"x": 0}, ["0"], "v₁ = sign(v₀): it jumps at 0; the derivative is taken as 0."),
        ("step(x)", {"x": 0}, ["0"], "v₁ = 1[v₀ > 0]: it jumps at 0; the derivative is taken as 0."),
        ("max(a, b)", {"a": 2, "b": 2}, ["0.500000", "0.500000"],
         "v₂ = max(v₀, v₁): at a tie each operand gets half of the derivative."),
        ("min(a, b)", {"a": "1/3", "b": "2/6"}, ["0.500000", "0.500000"],
         "v₂ = min(v₀, v₁): at a tie each operand gets half of the derivative."),
        ("max(sqrt(2)*a, b)", {"a": "sqrt(2)", "b": 2}, ["0.707107", "0.500000"],
         "v₃ = max(v₂, v₁): at a tie each operand gets half of the derivative."),
    ],
)  # fmt: skip
def test_a_kink_says_what_was_used(text: str, at: dict[str, object], derivatives: list[str], note: str) -> None:
    t = trace(text, at=at)
    (row,) = t.record()["jacobian"]["decimal"]
    assert [entry.removesuffix(".00000") for entry in row] == derivatives
    notes = [PlainCells(t.convention).line(line) for line in t.document().notes]
    assert note in notes
    assert len(t.kinks) == 1


def test_beside_a_kink_there_is_none() -> None:
    assert trace("relu(x) + abs(x) + max(x, 1)", at={"x": 2}).kinks == []


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("log(x)", {"x": 0}, "v₁ = log(v₀) has no value at v₀ = 0"),
        ("log(x)", {"x": -1}, "v₁ = log(v₀) has no value at v₀ = -1.00000"),
        ("1/x", {"x": 0}, "v₁ = 1/v₀ has no value at v₀ = 0"),
        ("a/b", {"a": 1, "b": 0}, "v₂ = v₀/v₁ has no value at v₀ = 1.00000, v₁ = 0"),
        ("log(x - 1)", {"x": 1}, "v₂ = log(v₁) has no value at v₁ = 0"),
        ("tan(x)", {"x": "pi/2"}, "v₁ = tan(v₀) has no value at v₀ = 1.57080"),
        ("asin(x)", {"x": 2}, "v₁ = arcsin(v₀) has no value"),
        ("sqrt(x)", {"x": 0}, "v₁ = √v₀ has no derivative at v₀ = 0"),
        ("cbrt(x)", {"x": 0}, "v₁ = ∛v₀ has no derivative at v₀ = 0"),
        ("asin(x)", {"x": 1}, "v₁ = arcsin(v₀) has no derivative at v₀ = 1.00000"),
        ("hypot(a, b)", {"a": 0, "b": 0}, "v₂ = hypot(v₀, v₁) has no derivative"),
        ("atan2(a, b)", {"a": 0, "b": 0}, "v₂ = atan2(v₀, v₁) has no derivative"),
        ("x**0.5", {"x": 0}, "no derivative"),
        ("1/(exp(log(x)) - x)", {"x": 3}, "v₄ = 1/v₃ has no value at v₃ = 0"),
        ("exp(x)", {"x": "9**9**9"}, "v₁ = exp(v₀) is too large, or too near 0, to be worked out at v₀ ="),
        ("x*2", {"x": "1/0"}, "1/0, the value of x, is no finite real number"),
        ("x*2", {"x": "log(-1)"}, "log(−1), the value of x, is no finite real number"),
        ("x*2", {"x": "9**9**9**9"}, "the value of x, is no finite real number"),
        ("x*(1/0)", {"x": 1}, "1/0 is no finite real number"),
        ("x*9**9**9**9", {}, "is too large to be worked out"),
        ("x*log(0)", {}, "log(0) is no finite real number"),
    ],
)
def test_a_bad_point_is_named(text: str, at: dict[str, object], says: str) -> None:
    with pytest.raises(PointError) as caught:
        trace(text, at=at or None).reverse()
    assert says in str(caught.value)


HAS_NO_DERIVATIVE = [
    ("sqrt({})", "0"), ("cbrt({})", "0"), ("acos({})", "1"), ("asin({})", "-1"), ("acosh({})", "1"), ("{}**0.3", "0"),
    ("hypot({}, 0)", "0"), ("({})**1.5*sqrt({})", "0"),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "at"), HAS_NO_DERIVATIVE)
def test_a_derivative_is_missed_only_where_it_is_asked_for(pattern: str, at: str) -> None:
    formula = pattern.replace("{}", "x")
    alone, beside = trace(formula, at={"x": at}), trace(f"{formula} + z**2", at={"x": at, "z": 3})
    data = trace(f"{formula} + z**2", at={"z": 3}, parameters={"x": at})
    assert alone.primal().tables[0].rows[-1].cells[-1] is not None
    assert "has no derivative" in alone.primal().to("txt")
    for asked in (alone.reverse, alone.jacobian, beside.forward, beside.record, beside.check):
        with pytest.raises(PointError, match="has no derivative at"):
            asked()
    assert beside.jacobian(wrt="z").tables[-1].rows[0].cells[-1] == "6.00000"
    assert data.jacobian().tables[-1].rows[0].cells[-1] == "6.00000"
    assert all(checked.differences for checked in beside.checked.values())


@pytest.mark.parametrize("power", ["0", "-0", "0/7", "1 - 1"])
def test_a_constant_power_that_is_zero_has_a_derivative_everywhere(power: str) -> None:
    for at in ("0", "-2", "1e-300"):
        t = trace(f"3*x**({power}) + 2*x", at={"x": at})
        assert t.record()["jacobian"]["decimal"] == [["2.00000"]]


@pytest.mark.parametrize("exponent", [-300, -200, -30, 200, 305])
@pytest.mark.parametrize("formula", ["abs(x)", "relu(x)", "max(x, 0)", "hypot(x, x)", "abs(x - 1)", "min(x, 1)"])
def test_next_to_a_kink_there_is_none_and_nothing_is_accused(formula: str, exponent: int) -> None:
    for sign in ("", "-"):
        for start in ("", "1 + "):
            t = trace(formula, at={"x": f"{start}{sign}1e{exponent}"})
            assert t.checked
            assert t.kinks == []


def test_every_float_is_a_value() -> None:
    for at in (5e-324, 1e-320, 2.2250738585072014e-308, 1e301, 1.7976931348623157e308):
        assert float(trace("x", at={"x": at}).record()["lists"][0]["lines"][0]["decimal"]) == pytest.approx(
            at, rel=1e-5
        )


def test_a_cut_is_a_kink() -> None:
    (kink,) = trace("atan2(y, x)", at={"x": -1, "y": 0}).kinks
    assert "jumps by 2π" in kink.used
    assert trace("atan2(y, x)", at={"x": 1, "y": 0}).kinks == []
    assert trace("atan2(y, x)", at={"x": -1, "y": "1e-300"}).checked["f"].differences


def test_a_bad_point_is_said_of_its_output_where_there_are_several_or_a_file() -> None:
    with pytest.raises(PointError) as caught:
        trace({"a": "x*2", "b": "log(x)"}, at={"x": 0}).primal()
    assert str(caught.value) == "b: v₁ = log(v₀) has no value at v₀ = 0"
    with pytest.raises(PointError) as caught:
        trace(Problem.from_toml('[inputs]\nx = 0\n[outputs]\ny = "1/x"', "p.toml")).primal()
    assert str(caught.value) == "p.toml:4:1: v₁ = 1/v₀ has no value at v₀ = 0"


def test_a_parameter_without_a_number() -> None:
    with pytest.raises(PointError, match="1/0, the value of a, is no finite real number"):
        trace("a*x", parameters={"a": "1/0"}, at={"x": 1}).primal()


@pytest.mark.parametrize(
    ("text", "at", "derivative"),
    [("cbrt(x)", -8, "1/12"), ("x**3", -2, "12"), ("x**2", 0, "0"), ("x**(-1)", -2, "-1/4"), ("x*abs(x)", -2, "4")],
)
def test_what_is_no_bad_point(text: str, at: int, derivative: str) -> None:
    assert trace(text, at={"x": at}).record()["jacobian"]["exact"] == [[derivative]]
