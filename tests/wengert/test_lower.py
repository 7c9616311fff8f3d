"""Lines are in the order of a reader, with the homework's granularity."""

from __future__ import annotations

import pytest

from tracegen import trace
from tracegen.notation import unicode


def lines(text: str, **more: object) -> list[str]:
    return [line.primitive.name for line in trace(text, **more).lines if line.primitive]  # type: ignore[arg-type]


# The primitives of jax.make_jaxpr of the same Python text, in its order: jax 0.10.2, arguments 1.0 and 2.0.
# What jax calls integer_pow is a pow here, and a quotient 1/v a reciprocal.
JAXPR = {
    "exp(2*x2) + x1*sin(3*x2**2)": "mul exp integer_pow mul sin mul add",
    "x1*x2 + 1/(1 + exp(-x2))": "mul neg exp add div add",
    "log(x1) + x1*x2 - sin(x2)": "log mul add sin sub",
    "x1 + (x2 + x1*x2)": "mul add add",
    "x1 - x2/x1 - 3": "div sub sub",
    "sin(cos(x1)*x2) * tanh(x1)**2 - abs(x2)": "cos mul sin tanh integer_pow mul abs sub",
    "(x1 + x2)*(x1 - x2)": "add sub mul",
    "x1**x2 + sqrt(x1)": "pow sqrt add",
    "-(x1*x2) + exp(-x1)": "mul neg neg exp add",
    "max(x1, x2)*min(x1, 2)": "max min mul",
    "2*x1*3 + x2/4": "mul mul div add",
}


@pytest.mark.parametrize(("text", "jaxpr"), JAXPR.items())
def test_order_is_that_of_jax(text: str, jaxpr: str) -> None:
    expected = jaxpr.replace("integer_pow", "pow").split()
    found = ["div" if name == "reciprocal" else name for name in lines(text)]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2*x + 3", ["2·v₀", "v₁ + 3"]),
        ("3 + 2*x", ["2·v₀", "3 + v₁"]),
        ("(2*3)*x", ["6·v₀"]),
        ("2*3*x", ["6·v₀"]),
        ("x/3 - 1", ["v₀/3", "v₁ − 1"]),
        ("1/x", ["1/v₀"]),
        ("2/x", ["2/v₀"]),
        ("-x", ["−v₀"]),
        ("x**3", ["v₀³"]),
        ("x**1", []),
        ("x**-2", ["v₀⁻²"]),
        ("2**x", ["2^v₀"]),
        ("e**x", ["exp(v₀)"]),
        ("sqrt(2)*x", ["√2·v₀"]),
        ("sin(1)*x + pi", ["sin(1)·v₀", "v₁ + π"]),
        ("x - x", ["v₀ − v₀"]),
        ("x*x + x*x", ["v₀·v₀", "v₁ + v₁"]),
        ("x + (x + 1)", ["v₀ + 1", "v₀ + v₁"]),
        ("(x + x) + 1", ["v₀ + v₀", "v₁ + 1"]),
        ("log(x, 2) + log(x, 10)", ["log₂(v₀)", "log₁₀(v₀)", "v₁ + v₂"]),
        ("log(x, 3)", ["log(v₀, 3)"]),
        ("max(x, 1, 2)", ["max(v₀, 1)", "max(v₁, 2)"]),
    ],
)
def test_what_counts_as_a_line(text: str, shown: list[str]) -> None:
    t = trace(text)
    (evaluation,) = t.evaluations
    assert [unicode(evaluation.definition(place)) for place in range(1, len(evaluation.wengert))] == shown


@pytest.mark.parametrize(
    ("text", "choices", "names"),
    [
        ("1/(1 + exp(-x))", {}, ["neg", "exp", "add", "reciprocal"]),
        ("1/(1 + exp(-x))", {"sigmoid": "whole"}, ["sigmoid"]),
        ("1/(exp(-x) + 1)", {"sigmoid": "whole"}, ["sigmoid"]),
        ("1/(1 + exp(-x*x))", {"sigmoid": "whole"}, ["neg", "mul", "exp", "add", "reciprocal"]),
        ("1/(1 + exp(-(x*x)))", {"sigmoid": "whole"}, ["mul", "sigmoid"]),
        ("sigmoid(x)", {}, ["sigmoid"]),
        ("sigmoid(x)", {"sigmoid": "expanded"}, ["neg", "exp", "add", "reciprocal"]),
        ("exp(-x)", {"minus": "folded"}, ["expneg"]),
        ("1/(1 + exp(-x))", {"minus": "folded"}, ["expneg", "add", "reciprocal"]),
        ("exp(-(x + 1))*2", {"minus": "folded"}, ["add", "expneg", "mul"]),
    ],
)
def test_granularity_is_a_choice(text: str, choices: dict[str, str], names: list[str]) -> None:
    assert lines(text, **choices) == names


def test_the_value_does_not_depend_on_granularity() -> None:
    choices: list[dict[str, str]] = [
        {}, {"sigmoid": "whole"}, {"sigmoid": "expanded"}, {"minus": "folded"},
    ]  # fmt: skip
    for text in ("x*1/(1 + exp(-x))", "sigmoid(2*x)*x", "exp(-x*x) + x"):
        found = {trace(text, at={"x": 2}, **choice).record()["jacobian"]["decimal"][0][0] for choice in choices}
        assert len(found) == 1


def test_length_costs_no_recursion() -> None:
    count = 3_000
    assert len(lines(" + ".join(f"sin({place}*x)" for place in range(1, count)))) == 3 * (count - 1) - 1
    assert len(lines("*".join(["x"] * count))) == count - 1
