"""What is printed as text is read back, by tracegen and by SymPy, to the same function, whatever the names are."""

from __future__ import annotations

import random

import pytest
import sympy
from flint import arb
from sympy.parsing.sympy_parser import parse_expr

import tracegen
from tracegen.algebra.machine import value
from tracegen.formula import PI, E, Formula, name, number
from tracegen.notation import text
from tracegen.notation.name_parts import identifier
from tracegen.primitives import rows
from tracegen.primitives.algebras import BALLS
from tracegen.problems.expression_text import parse

NAMES = (
    "e", "E", "i", "I", "pi", "pi_", "S", "N", "O", "Q", "C", "lambda", "lambda_", "in", "as", "is", "x_", "x__1",
    "x_hat", "theta_bar", "omega_alpha", "alpha", "gamma", "beta", "zeta", "Max", "Abs", "Piecewise", "floor",
    "mod", "where", "None", "l", "v-1", "x1", "x_max", "re", "Symbol", "exp1", "equal", "Mod", "ln2",
)  # fmt: skip
ROWS = [row for row in rows() if row.partials is not None and row.shapes is None and row.arity > 0]
CALLS = 100
SEEDS = 20


def formulas(chosen: random.Random, depth: int) -> Formula:
    if depth == 0:
        kinds = [name(chosen.choice(NAMES)), name(chosen.choice(NAMES)), number(chosen.randrange(1, 9)), E, PI]
        return chosen.choice(kinds)
    row = chosen.choice([*ROWS, *ROWS[:6], *ROWS[:6]])
    return Formula(row.name, tuple(formulas(chosen, chosen.randrange(depth)) for _ in range(row.arity)))


def ball_of(formula: Formula, point: dict[str, float]) -> arb:
    return value(formula, BALLS, arb, lambda each: arb(point[each]))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_text_means_the_same_to_tracegen_and_to_sympy(seed: int) -> None:
    chosen, compared = random.Random(seed), 0
    while compared < CALLS:
        formula = formulas(chosen, chosen.randrange(1, 4))
        point = {each: chosen.uniform(-2.0, 2.0) for each in NAMES}
        wanted = ball_of(formula, point)
        if not wanted.is_finite() or wanted.rad() > 1e-9 or not 1e-6 < abs(float(wanted.mid())) < 1e6:
            continue  # no value, or one at a jump
        printed, bound = text(formula), {identifier(each): number for each, number in point.items()}
        assert float(ball_of(parse(printed, list(bound)), bound)) == pytest.approx(float(wanted), rel=1e-12), printed
        known = {each: sympy.Float(number, 25) for each, number in bound.items()}
        found = complex(sympy.N(parse_expr(printed, local_dict=known), 17))
        assert found.real == pytest.approx(float(wanted), rel=1e-8), printed
        compared += 1


def test_no_two_names_are_spelled_alike() -> None:
    spelled = [identifier(each) for each in NAMES]
    assert len(set(spelled)) == len(NAMES)
    assert all(each.isidentifier() for each in spelled)


@pytest.mark.parametrize("own", [each for each in NAMES if "-" not in each and each not in ("Abs", "None")])
def test_the_texts_of_a_record_with_its_own_names_bound_give_its_decimals(own: str) -> None:
    trace = tracegen.trace({"w": f"cbrt({own}) + exp({own})/2 + {own}*z"}, at={own: -2, "z": "pi/3"})
    record = trace.record()
    bound = {key: parse_expr(value) for key, value in record["inputs"].items()}
    assert float(parse_expr(record["outputs"]["w"], local_dict=dict(bound))) == pytest.approx(trace.evaluate()["w"])
    for line in record["lists"][0]["lines"]:
        bound[line["name"]] = parse_expr(line["definition"], local_dict=dict(bound))
        assert float(bound[line["name"]]) == pytest.approx(float(line["decimal"]), rel=1e-5)
        assert float(parse_expr(line["exact"], local_dict={identifier(own): 7.0})) == pytest.approx(
            float(line["decimal"]), rel=1e-5
        )
