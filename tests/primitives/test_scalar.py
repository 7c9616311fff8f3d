"""Every scalar row of the table against outside oracles; a new row is tested without writing a test."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb

from tracegen.formula import Formula, name
from tracegen.notation import text
from tracegen.primitives import Primitive, rows
from tracegen.primitives.algebras import ARRAYS, BALLS, EXACT, FLOATS
from tracegen.primitives.rule_formulas import local_partials
from tracegen.symbolic.sympy_expressions import from_sympy, to_sympy
from tracegen.wengert.lower import lower
from tracegen.wengert.sweep import evaluate, forward, reverse
from tracegen.wengert.wengert_list import ONE, ZERO, Builder

SCALARS = [row for row in rows() if row.partials is not None]
SAMPLES = 5
LETTERS = sympy.symbols("a b c", real=True)


def samples(row: Primitive) -> list[list[float]]:
    chosen = random.Random(row.name)
    return [[chosen.uniform(*interval) for interval in row.domain] for _ in range(SAMPLES)]


def partials(row: Primitive, operands: list[float]) -> list[float]:
    output = getattr(FLOATS, row.name)(*operands)
    assert row.partials is not None
    return [float(partial) for partial in row.partials(FLOATS, output, *operands)]


def slope(value: Any, symbol: Any, point: dict[Any, float]) -> float:
    """SymPy's derivative at a point; of whole parts it has none, so that these are put in as numbers first."""
    written = value.rewrite(sympy.floor) if value.has(sympy.Mod) else value
    whole = written.replace(lambda part: isinstance(part, WHOLE_PARTS), lambda part: part.subs(point))
    return float(sympy.N(sympy.diff(whole, symbol).subs(point)))


WHOLE_PARTS = (sympy.floor, sympy.ceiling)


def applied(row: Primitive) -> Builder:
    builder = Builder.of(["a", "b", "c"][: row.arity])
    builder.append(row, tuple(range(row.arity)))
    return builder


@pytest.mark.parametrize("row", SCALARS, ids=lambda row: row.name)
class TestEveryRow:
    def test_partials_against_sympy_diff(self, row: Primitive) -> None:
        symbols = LETTERS[: row.arity]
        value = getattr(EXACT, row.name)(*symbols)
        for operands in samples(row):
            point = dict(zip(symbols, operands, strict=True))
            expected = [slope(value, symbol, point) for symbol in symbols]
            assert partials(row, operands) == pytest.approx(expected, rel=1e-9, abs=1e-12)

    def test_partials_against_finite_differences(self, row: Primitive) -> None:
        function = getattr(FLOATS, row.name)
        step = 1e-5
        for operands in samples(row):
            expected = []
            for place in range(row.arity):
                ahead, behind = list(operands), list(operands)
                ahead[place] += step
                behind[place] -= step
                expected.append((function(*ahead) - function(*behind)) / (2 * step))
            assert partials(row, operands) == pytest.approx(expected, rel=1e-6, abs=1e-8)

    def test_the_same_value_in_every_algebra(self, row: Primitive) -> None:
        for operands in samples(row):
            expected = getattr(FLOATS, row.name)(*operands)
            assert math.isfinite(expected)
            assert float(getattr(ARRAYS, row.name)(*map(np.float64, operands))) == pytest.approx(expected, rel=1e-12)
            assert float(getattr(BALLS, row.name)(*map(arb, operands))) == pytest.approx(expected, rel=1e-12)
            exact = getattr(EXACT, row.name)(*map(sympy.Rational, operands))
            assert float(sympy.N(exact)) == pytest.approx(expected, rel=1e-12)

    def test_adjoint_is_the_transpose_of_the_tangent(self, row: Primitive) -> None:
        """⟨ȳ, J ẋ⟩ = ⟨Jᵀȳ, ẋ⟩, by the two sweeps over a list of one line."""
        wengert = applied(row).list
        place = row.arity
        for operands in samples(row):
            swept = reverse(wengert, {place: ONE})
            adjoints = evaluate(swept.wengert, FLOATS, operands)
            for at in range(row.arity):
                seed = [ONE if other == at else ZERO for other in range(row.arity)]
                tangents = forward(wengert, seed)
                along = evaluate(tangents.wengert, FLOATS, operands)[tangents.of[place]]
                assert along == pytest.approx(adjoints[swept.of[at]], rel=1e-12, abs=1e-14)

    def test_its_derivatives_lower_again(self, row: Primitive) -> None:
        """Closure: a second sweep over the first has finite values, equal to differences of the first derivative."""
        wengert = applied(row).list
        first = reverse(wengert, {row.arity: ONE})
        gradient = first.of[0]
        second = forward(first.wengert, [ONE if at == 0 else ZERO for at in range(row.arity)])
        tangent = second.of[gradient] if gradient >= 0 else None
        step = 1e-5
        for operands in samples(row):
            found = 0.0 if tangent is None else evaluate(second.wengert, FLOATS, operands)[tangent]
            ahead, behind = ([operands[0] + sign * step, *operands[1:]] for sign in (1, -1))
            differences = [evaluate(first.wengert, FLOATS, point)[gradient] for point in (ahead, behind)]
            assert found == pytest.approx((differences[0] - differences[1]) / (2 * step), rel=1e-5, abs=1e-7)

    def test_sympy_reads_its_text_back(self, row: Primitive) -> None:
        from sympy.parsing.sympy_parser import parse_expr

        formula = Formula(row.name, tuple(name(str(symbol)) for symbol in LETTERS[: row.arity]))
        read = parse_expr(text(formula), local_dict={str(symbol): symbol for symbol in LETTERS})
        for operands in samples(row):
            point = dict(zip(LETTERS, operands, strict=False))
            value = getattr(FLOATS, row.name)(*operands)
            assert float(sympy.N(read.subs(point))) == pytest.approx(value, rel=1e-9)

    def test_its_own_value_is_recognised(self, row: Primitive) -> None:
        """The row's SymPy form, read back, has the row's value."""
        formula = from_sympy(getattr(EXACT, row.name)(*LETTERS[: row.arity]))
        builder = Builder.of([str(symbol) for symbol in LETTERS[: row.arity]])
        place = lower(builder, formula, {str(symbol): at for at, symbol in enumerate(LETTERS[: row.arity])})
        for operands in samples(row):
            value = getattr(FLOATS, row.name)(*operands)
            assert isinstance(place, int)
            assert evaluate(builder.list, FLOATS, operands)[place] == pytest.approx(value, rel=1e-9)

    def test_its_partials_have_formulas(self, row: Primitive) -> None:
        operands = tuple(name(str(symbol)) for symbol in LETTERS[: row.arity])
        for place, partial in enumerate(local_partials(row, operands, Formula(row.name, operands))):
            whole = getattr(EXACT, row.name)(*LETTERS[: row.arity])
            known: dict[str, Any] = {str(symbol): symbol for symbol in LETTERS}
            for values in samples(row):
                point = dict(zip(LETTERS, values, strict=False))
                found = float(sympy.N(to_sympy(partial, known).subs(point)))
                assert found == pytest.approx(slope(whole, LETTERS[place], point), rel=1e-9, abs=1e-12)


ELEMENTARY = [
    "add",
    "sub",
    "mul",
    "div",
    "neg",
    "pow",
    "reciprocal",
    "sqrt",
    "cbrt",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log2",
    "log10",
    "log1p",
    "sin",
    "cos",
    "tan",
    "cot",
    "sec",
    "csc",
    "asin",
    "acos",
    "atan",
    "acot",
    "asec",
    "acsc",
    "sinh",
    "cosh",
    "tanh",
    "coth",
    "sech",
    "csch",
    "asinh",
    "acosh",
    "atanh",
    "acoth",
    "asech",
    "acsch",
    "atan2",
    "sigmoid",
    "softplus",
    "relu",
    "abs",
    "sign",
    "min",
    "max",
    "erf",
    "hypot",
]


@pytest.mark.parametrize("wanted", ELEMENTARY)
def test_the_table_has(wanted: str) -> None:
    assert wanted in {row.name for row in SCALARS}


KINKS = [
    ("relu", [0.0], [0.0]),
    ("abs", [0.0], [0.0]),
    ("sign", [0.0], [0.0]),
    ("max", [1.0, 1.0], [0.5, 0.5]),
    ("min", [1.0, 1.0], [0.5, 0.5]),
]


@pytest.mark.parametrize(("name_", "operands", "used"), KINKS, ids=lambda value: str(value))
def test_the_convention_at_a_kink(name_: str, operands: list[float], used: list[float]) -> None:
    row = next(row for row in SCALARS if row.name == name_)
    assert any(kink.where(*operands) for kink in row.kinks)
    assert partials(row, operands) == used
