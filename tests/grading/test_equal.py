"""Equality of two texts by sampling: pairs whose answer is known from elsewhere, hostile texts, and domains."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracegen.errors import FormatError
from tracegen.formula import Formula, name
from tracegen.grading.equal import Verdict, equivalent, same
from tracegen.mathtext import read

PAIRS = [
    ("sin(x)^2 + cos(x)^2", "1", "equal"),
    ("tanh(x)", "(e^(2x) - 1)/(e^(2x) + 1)", "equal"),
    ("log(x*y)", "log(x) + log(y)", "equal"),
    ("log(x^3)/3", "log(x)", "equal"),
    ("sigmoid(x)*(1 - sigmoid(x))", "exp(-x)/(1 + exp(-x))^2", "equal"),
    ("2*sin(x)*cos(x)", "sin(2x)", "equal"),
    ("(x + y)^2", "x^2 + 2x y + y^2", "equal"),
    ("1/sqrt(x)", "x^(-1/2)", "equal"),
    ("|x|", "x", "equal"),
    ("x^2/x", "x", "equal"),
    ("sqrt(x^2)", "x", "equal"),
    ("a^b", "exp(b*log(a))", "equal"),
    ("cosh(x)^2 - sinh(x)^2", "1", "equal"),
    ("atan(1)*4", "pi", "equal"),
    ("exp(1)", "e", "equal"),
    ("x + 1 - x", "1", "equal"),
    ("y - y", "0", "equal"),
    ("sin(pi)", "0", "equal"),
    ("1/3 + 1/3 + 1/3", "1", "equal"),
    ("0.1 + 0.2", "0.3", "equal"),
    ("(1e8 + x) - 1e8", "x", "equal"),
    ("relu(x - 1)", "max(x - 1, 0)", "equal"),
    ("1e-17", "0", "unequal"),
    ("x", "x*(1 + 1e-9)", "unequal"),
    ("x", "x*(1 + 1e-15)", "unequal"),
    ("x", "x + 10^(-20)", "unequal"),
    ("0.99999999", "1", "unequal"),
    ("0.99999999999999999999", "1", "unequal"),
    ("3.14159265358979323846", "pi", "unequal"),
    ("0.333", "1/3", "unequal"),
    ("sin(x)", "cos(x)", "unequal"),
    ("exp(4)", "exp(2)", "unequal"),
    ("log(x + y)", "log(x) + log(y)", "unequal"),
    ("|x - 1|", "x - 1", "unequal"),
    ("relu(x - 1)", "x - 1", "unequal"),
    ("x", "y", "unequal"),
    ("x*y", "x/y", "unequal"),
    ("x - y", "y - x", "unequal"),
    ("log(-x)", "log(-x)", "unsure"),
    ("9^(9^9)", "9^(9^9)", "unsure"),
    ("1/0", "1", "unsure"),
    ("1/(x - x)", "1/(x - x)", "unsure"),
    ("log(-x)", "x", "unsure"),
    ("x = 1", "1", "unsure"),
    ("x +", "x", "unread"),
    ("", "x", "unread"),
    ("(" * 100, "x", "unread"),
    ("x" * 3000, "x", "unread"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "verdict"), PAIRS)
def test_pairs(a: str, b: str, verdict: str) -> None:
    found = equivalent(a, b)
    assert found.verdict == verdict, found.reason
    assert equivalent(b, a).verdict == verdict
    assert found.reason
    assert "\n" not in found.reason


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        (r"\frac{e^{-1}}{(1+e^{-1})^2}", r"\frac{\exp(-1)}{(1 + \exp(-1))^2}", "equal"),
        (r"2e^2 + 12\cos 3", r"2\exp(2) + 12\cos(3)", "equal"),
        (r"-\frac{1}{v_5^2} \bar v_6", r"-\bar{v}_6 / v_5^2", "equal"),
        (r"\sigma'(z)", r"\sigma(z)", "unequal"),
        (r"\sigma(2z)", r"\sigma(z + z)", "equal"),
        (r"\bar v_1", r"v_1", "unequal"),
        (r"\frac{\partial v_2}{\partial v_1} \bar v_2", r"\bar v_2 \cdot \frac{\partial v_2}{\partial v_1}", "equal"),
        ("9^{9^{9}}", "1", "unsure"),
        (r"2\frac12", "2.5", "equal"),
        (r"2\frac12", "1", "equal"),
        ("1/2x", r"\frac{1}{2x}", "equal"),
        ("1/2x", r"\frac{x}{2}", "equal"),
        ("1/2x", "2x", "unequal"),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", "1", "unsure"),
        (r"\dots", "1", "unsure"),
        (r"W^T x", "x", "unsure"),
    ],
)
def test_pairs_of_latex(a: str, b: str, verdict: str) -> None:
    found = equivalent(a, b)
    assert found.verdict == verdict, found.reason


def test_the_reading_that_fits_is_said() -> None:
    assert "under" in equivalent("1/2x", "1/(2x)").reason


def test_ranges_are_where_variables_are_sampled() -> None:
    assert equivalent("|x|", "-x", ranges={"x": (-2, -1)}).verdict == "equal"
    assert equivalent("|x_1|", "-x1", ranges={"x_1": (-2, -1)}).verdict == "equal"
    assert equivalent("log(x)", "log(-x)", ranges={"x": (-2, -1)}).verdict == "unsure"
    assert equivalent("asin(sin(x))", "x", ranges={"x": (0, 1.5)}).verdict == "equal"
    assert equivalent("asin(sin(x))", "x", ranges={"x": (1.6, 3)}).verdict == "unequal"


def test_formulas_are_compared_where_both_have_a_value() -> None:
    assert equivalent("acos(x/2)", "acos(x/2) + 0*log(1 - x)").verdict == "equal"
    assert equivalent("atanh(x)", "log((1 + x)/(1 - x))/2").verdict == "equal"


def test_unknown_names_are_unread_and_named() -> None:
    found = equivalent("x + foo", "x", names=["x"])
    assert found.verdict == "unread"
    assert "foo" in found.reason


def test_a_name_on_one_side_only_is_said_unless_it_cancels() -> None:
    assert "only one of them has y" in equivalent("x + y", "x").reason
    assert equivalent("x + y - y", "x").verdict == "equal"


def test_syntax_is_latex_or_plain() -> None:
    assert equivalent("xy", "yx", "latex").verdict == "equal"
    with pytest.raises(FormatError):
        equivalent("x", "x", "sympy")  # type: ignore[arg-type]


def test_given_points_come_first() -> None:
    x = name("x")
    step = Formula("max", (Formula("sub", (x, Formula("number", ("5",)))), Formula("number", ("0",))))
    zero = Formula("number", ("0",))
    assert same(step, zero).verdict == "equal"
    assert same(step, zero, points=[{x: 6.0}]).verdict == "unequal"


def test_the_verdict_is_the_same_every_time() -> None:
    assert equivalent("sin(x)", "x") == equivalent("sin(x)", "x")


def test_long_formulas_need_no_stack() -> None:
    long = read("+".join(["x"] * 240)).formula
    assert same(long, read("240x").formula).verdict == "equal"
    deep = long
    for _ in range(5_000):
        deep = Formula("add", (deep, name("x")))
    assert same(deep, read("5240x").formula) == Verdict("equal", "they agree at 3 points")


HOSTILE = st.text(alphabet="xye123.^*/+-()|!{}\\_=, sincoslogexpfracbar'\"∂√π²₁̄", max_size=60)


@given(HOSTILE, HOSTILE)
def test_any_text_has_a_verdict(a: str, b: str) -> None:
    assert equivalent(a, b).verdict in ("equal", "unequal", "unread", "unsure")


SAFE = st.recursive(
    st.sampled_from(["x", "y", "2", "0.5", "pi"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda parts: f"({''.join(parts)})"),
        inner.map(lambda text: f"sin({text})"),
        inner.map(lambda text: f"exp(-({text})^2)"),
    ),
    max_leaves=8,
)


@given(SAFE, SAFE)
def test_agrees_with_pythons_own_arithmetic(a: str, b: str) -> None:
    points = [(0.41, 1.83), (0.77, 0.52), (1.37, 1.19), (1.71, 0.97)]
    space = {"sin": math.sin, "exp": math.exp, "pi": math.pi}

    def values(text: str) -> list[float]:
        code = compile(text.replace("^", "**"), "formula", "eval")
        return [eval(code, space, {"x": x, "y": y}) for x, y in points]

    apart = max(abs(p - q) for p, q in zip(values(a), values(b), strict=True))
    verdict = equivalent(a, b, "plain").verdict
    if apart > 1e-6:
        assert verdict == "unequal"
    if a == b:
        assert verdict == "equal"


@given(SAFE)
def test_a_formula_equals_itself_written_another_way(text: str) -> None:
    assert equivalent(text, f"(({text}) * 3 + ({text}))/4").verdict == "equal"
    assert equivalent(text, f"{text} + 1e-12").verdict == "unequal"
