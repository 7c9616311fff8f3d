"""Closed derivatives as a person writes them: the same numbers, fewer marks."""

from __future__ import annotations

import random

import pytest
import sympy

import tracegen
from tracegen.algebra.machine import value
from tracegen.formula import Formula, postorder, rational
from tracegen.notation import text
from tracegen.primitives.algebras import FLOATS
from tracegen.problems.expression_text import parse
from tracegen.rules.rewritings import TABLE, Rewriting, tidied

POINTS = [{"x": 0.7, "y": 1.3}, {"x": 1.9, "y": 0.4}, {"x": 0.31, "y": 2.2}]


def number_at(formula: Formula, point: dict[str, float]) -> float:
    return float(value(formula, FLOATS, float, point.__getitem__))


@pytest.mark.parametrize("rewriting", TABLE, ids=lambda rewriting: rewriting.says)
def test_a_rewriting_keeps_the_numbers_and_gives_what_it_says(rewriting: Rewriting) -> None:
    before, after = parse(rewriting.before), parse(rewriting.after)
    assert text(tidied(before)) == text(after)
    assert text(tidied(after)) == text(after)
    for point in POINTS:
        assert number_at(before, point) == pytest.approx(number_at(after, point), rel=1e-12)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2*(1/(2*sqrt(x**2 + 1)))*x", "x/sqrt(x**2 + 1)"), ("1/(1 + x) - x/(1 + x)**2", "1/(1 + x)**2"),
        ("-0*x - 0", "0"),
        ("sqrt(x + y)**2", "x + y"), ("-(-x)*-1", "-x"), ("(x**2)**2*x", "x**5"), ("x/y*y/x", "1"), ("2*x/4", "x/2"),
        ("1/x**2*sin(x)/(2*y)", "sin(x)/(2*x**2*y)"), ("sqrt(x**2)", "sqrt(x**2)"), ("x*(1 - x) - x", "x*(1 - x) - x"),
        ("3*x - (y - x)", "4*x - y"), ("sin(x + x)*2", "2*sin(x + x)"),
    ],
)  # fmt: skip
def test_products_and_sums_are_written_in_one_piece(before: str, after: str) -> None:
    assert text(tidied(parse(before))) == after


ONE = (
    "sin({})",
    "exp({})",
    "sqrt({} + 2)",
    "log({} + 3)",
    "tanh({})",
    "1/({} + 3)",
    "({})**2",
    "atan({})",
    "cos({})**3",
)
TWO = ("{} + {}", "{} - {}", "({})*({})", "({})/({} + 3)", "({})/sqrt(x**2 + y**2)*({})")


def written(chosen: random.Random, depth: int) -> str:
    if depth == 0:
        return chosen.choice(["x", "y", "2", "x", "y"])
    if chosen.random() < 0.5:
        return chosen.choice(ONE).format(written(chosen, depth - 1))
    return chosen.choice(TWO).format(written(chosen, depth - 1), written(chosen, depth - 1))


@pytest.mark.parametrize("seed", range(60))
def test_a_closed_derivative_is_that_of_sympy_and_has_no_superfluous_mark(seed: int) -> None:
    source = written(random.Random(seed), 3) + " + 0*x*y"
    found = tracegen.trace(source).sympy()
    rows = tracegen.trace(source).rows("adjoint")[-2:][::-1]
    x, y = sympy.symbols("x y")
    whole = sympy.sympify(source)
    for symbol, row, closed in zip((x, y), rows, found.jacobian, strict=True):
        if not isinstance(row.closed, Formula):
            continue
        for point in POINTS:
            place = {x: point["x"], y: point["y"]}
            derivative = complex(whole.diff(symbol).subs(place))
            if derivative.imag:
                continue  # a root of what is negative here
            wanted = derivative.real
            assert number_at(row.closed, point) == pytest.approx(wanted, rel=1e-8, abs=1e-10)
            assert float(closed.subs(place)) == pytest.approx(wanted, rel=1e-8, abs=1e-10)
        assert not list(filter(is_superfluous, postorder(row.closed)))
        assert text(tidied(row.closed)) == text(row.closed)


def is_superfluous(node: Formula) -> bool:
    """Whether an operation is one that nobody would write: √u², −0, −−u, a quotient in a quotient, u·2, u + 0."""
    heads = [part.head for part in node.args if isinstance(part, Formula)]
    numbers = [rational(part) for part in node.args if isinstance(part, Formula)]
    if node.head == "pow":
        return heads[0] in ("sqrt", "pow", "div")
    if node.head == "neg":
        return heads[0] in ("neg", "sub", "add") or numbers[0] == 0
    if node.head == "div":
        return "div" in heads and None in numbers
    if node.head == "mul":
        return 0 in numbers or 1 in numbers or (numbers[1] is not None and numbers[0] is None)
    return node.head in ("add", "sub") and 0 in numbers
