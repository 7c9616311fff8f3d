"""A compiled list gives, to the last bit, what the evaluator of the same list gives, at every point."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from itertools import product

import pytest

import tracegen
from tracegen.errors import ProblemError
from tracegen.evaluation.compiled import compiled
from tracegen.evaluation.floats import OFTEN, Evaluator
from tracegen.primitives import Primitive, rows
from tracegen.wengert.sweep import reverse
from tracegen.wengert.wengert_list import ONE, Builder

POINTS = (0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 1e-300, 1e300, -1e-9, 710.0, math.inf, -math.inf, math.nan)
SCALARS = [row for row in rows() if row.shapes is None and row.letter is None and not row.composite]


def bits(values: object) -> list[str]:
    """Floats by their bits; all NaNs are one."""
    return [float(value).hex() for value in values]  # type: ignore[attr-defined]


def outcome(function: Callable[..., object], *point: float) -> list[str]:
    """What a function gives at a point, or which error of arithmetic."""
    try:
        return bits(function(*point))
    except ArithmeticError as error:
        return [type(error).__name__]


@pytest.mark.parametrize("row", SCALARS, ids=[row.name for row in SCALARS])
def test_every_operation_and_its_derivatives(row: Primitive) -> None:
    names = [f"x{at}" for at in range(row.arity)]
    builder = Builder.of(names)
    line = builder.append(row.name, tuple(range(row.arity)))
    swept = reverse(builder.list, {line: ONE}, keep=False)
    wanted = [line, *swept.of[: row.arity]]
    evaluator = Evaluator(swept.wengert, wanted)
    function = compiled(swept.wengert, wanted, {}, lambda *point: evaluator(point))
    for point in product(POINTS, repeat=row.arity) if row.arity < 3 else [POINTS[2 : 2 + row.arity]]:
        assert outcome(function, *point) == outcome(lambda *given: evaluator(list(given)), *point), point


OPERATIONS = (
    "{a} + {b}", "{a} - {b}", "{a}*{b}", "{a}/{b}", "sin({a})", "exp({a})", "log({a})", "sqrt({a})", "{a}**2",
    "{a}**{b}", "sigmoid({a})", "max({a}, {b})", "abs({a})", "tanh({a})", "-{a}", "1/{a}", "{a}**0.5",
)  # fmt: skip


def expression(source: random.Random, depth: int) -> str:
    if depth == 0:
        return source.choice(["x", "y", "2.5", "3"])
    a, b = (f"({expression(source, source.randrange(depth))})" for _ in range(2))
    return source.choice(OPERATIONS).format(a=a, b=b)


@pytest.mark.parametrize("seed", range(60))
def test_random_functions_agree_with_evaluate_and_gradient_at(seed: int) -> None:
    source = random.Random(seed)
    trace = tracegen.trace(f"({expression(source, 5)}) + x*y", steps={})
    function = trace.compile()
    for _ in range(6):
        point = {"x": source.uniform(-3, 3), "y": source.choice([0.0, source.uniform(-3, 3)])}
        value, gradient = function(point["x"], point["y"])
        assert bits([value]) == bits(trace.evaluate(point).values())
        assert bits(gradient) == bits(trace.gradient_at(point).values())


def test_what_is_evaluated_often_is_compiled_and_gives_the_same() -> None:
    trace = tracegen.trace("log(x)/x + sin(x)")
    for point in (0.0, -1.0, 2.0):
        before = bits(trace.evaluate({"x": point}).values())
        for _ in range(OFTEN):
            trace.evaluate({"x": point})
        assert bits(trace.evaluate({"x": point}).values()) == before


@pytest.mark.parametrize("name", ["values", "otherwise", "f1", "v0", "v1", "ValueError", "exp_1"])
def test_names_of_inputs_are_no_names_in_it(name: str) -> None:
    assert tracegen.trace(f"exp({name})*{name}", at={name: 1}).compile()(0.0) == (0.0, (1.0,))


def test_outputs_parameters_and_constants_are_as_the_problem_has_them() -> None:
    text = (
        '[inputs]\nx = 2\nt = { value = 3, constant = true }\n[parameters]\nc = 5\n[outputs]\ny = "c*x*t"\nz = "x**2"\n'
    )
    trace = tracegen.trace(tracegen.Problem.from_toml(text))
    assert trace.compile("y")(2.0, 3.0) == (30.0, (15.0,))
    assert trace.compile("z")(4.0, 0.0) == (16.0, (8.0,))
    with pytest.raises(ProblemError, match="say of which output: y, z"):
        trace.compile()


def test_matrices_are_refused() -> None:
    text = '[inputs]\nA = { shape = ["N", "N"] }\nx = { shape = ["N"] }\n[outputs]\ny = "x.T @ A @ x"\n'
    with pytest.raises(ProblemError, match="only lists of numbers are compiled"):
        tracegen.trace(tracegen.Problem.from_toml(text)).compile()
