"""Every row of matrices: its value, both its rules, its spellings and its shapes, on random matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from tracegen.errors import ShapeError
from tracegen.formula import Formula, name, number
from tracegen.primitives import Primitive, lookup, rows
from tracegen.primitives.algebras import ARRAYS, FLOATS
from tracegen.primitives.matrix import MADE
from tracegen.primitives.matrix import ROWS as MATRIX_ROWS
from tracegen.primitives.recognise import spellings
from tracegen.primitives.rule_formulas import contributions, definition, tangent
from tracegen.shapes import SCALAR, Dimension, Shape, Signature, dimension_formula
from tracegen.wengert.lower import Granularity, lower
from tracegen.wengert.sweep import constant_value, evaluate, forward, reverse
from tracegen.wengert.wengert_list import ONE, Builder, Operand, WengertList

Array = NDArray[np.float64]

PARTS: dict[str, tuple[tuple[Shape, ...], tuple[int, ...]]] = {
    "hadamard": ((("n", "m"), ("n", "m")), ()),
    "hadamard_power": ((("n", "m"), ("n", "m")), ()),
    "vstack": ((("n", "m"), ("k", "m")), ()),
    "hstack": ((("n", "m"), ("n", "k")), ()),
    "slice": (((5, 4),), (1, 4, 0, 3)),
    "pad": ((("n", "m"),), (1, 2, 0, 3)),
    "entry": (((3, 4),), (2, 1)),
}
"""The operands of rows whose shapes no signature says: matrices, then constants."""

BROADCAST: list[tuple[str, tuple[Shape, ...]]] = [
    ("add", (("n", "m"), (1, "m"))), ("sub", (("n", 1), ("n", "m"))), ("mul", (SCALAR, ("n", "m"))),
    ("div", (("n", "m"), SCALAR)), ("hadamard", (("n", "m"), ("n", 1))), ("hadamard", ((1, "m"), ("n", "m"))),
    ("add", (SCALAR, ("n", 1))), ("sub", ((1, "m"), SCALAR)), ("exp", (("n", "m"),)), ("tanh", (("n", 1),)),
    ("reciprocal", ((1, "m"),)), ("div", (("n", "m"), ("n", "m"))), ("max", (("n", 1), SCALAR)),
    ("vstack", (SCALAR, ("n", 1))), ("vstack", (("n", 1), SCALAR)), ("hstack", (SCALAR, (1, "m"))),
    ("hstack", ((1, "m"), SCALAR)), ("vstack", (SCALAR, SCALAR)), ("hstack", (SCALAR, SCALAR)),
    ("pow", (SCALAR, ("n", "m"))), ("pow", (("n", "m"), (1, "m"))), ("hadamard_power", (("n", "m"), SCALAR)),
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A row on operands of some shapes, the last of them constants."""

    row: Primitive
    shapes: tuple[Shape, ...]
    constants: tuple[int, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=lambda: {"n": 3, "m": 4, "k": 2})

    def __str__(self) -> str:
        return f"{self.row.name}-{'-'.join('x'.join(map(str, shape)) or '1' for shape in self.shapes)}"

    @property
    def names(self) -> list[str]:
        return list("abcd")[: len(self.shapes)]

    def line(self) -> tuple[WengertList, Operand]:
        builder = Builder.of(self.names, self.shapes)
        constants = [builder.constant(number(constant)) for constant in self.constants]
        last = builder.append(self.row, (*range(len(self.shapes)), *constants))
        return builder.list, last

    def loss(self) -> tuple[WengertList, Operand]:
        """The row, and a number that depends on each element of its output in another way."""
        wengert, last = self.line()
        builder = Builder(wengert)
        weighted = lower(builder, Formula("sum", (Formula("sin", (name("y"),)),)), {"y": last})
        assert isinstance(weighted, int)
        return builder.list, weighted

    def point(self, seed: int = 0) -> list[Array]:
        """Random operands in the row's domain; square ones are well away from singular."""
        chosen = np.random.default_rng(seed)
        found = []
        for at, shape in enumerate(self.shapes):
            low, high = self.row.domain[min(at, len(self.row.domain) - 1)]
            size = tuple(self.sizes[side] if isinstance(side, str) else side for side in shape)
            drawn = chosen.uniform(low, high, size)
            square = len(size) == 2 and shape[0] == shape[1]
            drawn = drawn + 2 * size[0] * np.eye(size[0]) if square else drawn
            found.append(self._normed(drawn) if at in self.row.probabilities else drawn)
        return found

    def _normed(self, value: Array) -> Array:
        """Positive numbers that sum to 1 in a column, or in every row."""
        positive = np.abs(value) + 0.1
        return np.asarray(positive / positive.sum(axis=self._across(value), keepdims=True))

    @staticmethod
    def _across(value: Array) -> int:
        return 0 if value.shape[1] == 1 else 1

    def directions(self, seed: int = 1) -> list[Array]:
        chosen = np.random.default_rng(seed)
        drawn = [np.asarray(chosen.normal(size=value.shape)) for value in self.point()]
        for at in self.row.probabilities:  # what sums to 1 moves so that it still does
            drawn[at] -= drawn[at].mean(axis=self._across(drawn[at]), keepdims=True)
        return drawn


def _side(letter: str) -> Dimension:
    return 1 if letter == "1" else letter


def _cases() -> list[Case]:
    cases = []
    for row in MATRIX_ROWS:
        if isinstance(row.shapes, Signature):
            cases.append(Case(row, tuple(tuple(map(_side, shape)) for shape in row.shapes.operands)))
        else:
            cases.append(Case(row, *PARTS[row.name]))
    cases += [Case(lookup(text), shapes) for text, shapes in BROADCAST]
    return list({str(case): case for case in cases}.values())


CASES = _cases()
EACH = pytest.mark.parametrize("case", CASES, ids=str)


def value_at(case: Case, point: list[Array]) -> Array:
    wengert, last = case.line()
    return np.asarray(evaluate(wengert, ARRAYS, point)[last])


def tangent_at(case: Case) -> Array:
    wengert, last = case.line()
    swept = forward(wengert, [name(f"d{text}") for text in case.names])
    swept.wengert.check()
    seeds = {f"d{text}": direction for text, direction in zip(case.names, case.directions(), strict=True)}
    found = evaluate(swept.wengert, ARRAYS, case.point(), seeds)[swept.of[last]]
    return np.asarray(np.broadcast_to(found, value_at(case, case.point()).shape))


@EACH
def test_the_tangent_is_that_of_differences(case: Case) -> None:
    step = 1e-6
    ahead, behind = (
        value_at(case, [at + sign * step * move for at, move in zip(case.point(), case.directions(), strict=True)])
        for sign in (1, -1)
    )
    assert tangent_at(case) == pytest.approx((ahead - behind) / (2 * step), rel=1e-6, abs=1e-7)


@EACH
def test_the_adjoint_is_the_transpose_of_the_tangent(case: Case) -> None:
    wengert, last = case.line()
    output = value_at(case, case.point())
    cotangent = np.random.default_rng(2).normal(size=output.shape)
    swept = reverse(wengert, {last: name("g")})
    swept.wengert.check()
    values = evaluate(swept.wengert, ARRAYS, case.point(), {"g": cotangent})
    adjoints = [values[swept.of[place]] for place in range(len(case.names))]
    assert [np.shape(adjoint) for adjoint in adjoints] == [value.shape for value in case.point()]
    ahead = sum(np.sum(adjoint * move) for adjoint, move in zip(adjoints, case.directions(), strict=True))
    assert np.sum(cotangent * tangent_at(case)) == pytest.approx(ahead, rel=1e-9)


@EACH
def test_the_shape_of_the_line_is_that_of_its_value(case: Case) -> None:
    wengert, last = case.line()
    sides = [constant_value(dimension_formula(side), FLOATS, case.sizes) for side in wengert.shape(last)]
    assert value_at(case, case.point()).shape == tuple(sides)


@EACH
def test_derivatives_of_derivatives_agree_with_differences(case: Case) -> None:
    wengert, last = case.loss()
    gradient = reverse(wengert, {last: ONE})
    product = forward(gradient.wengert, [name(f"d{text}") for text in case.names])
    product.wengert.check()
    seeds = {f"d{text}": direction for text, direction in zip(case.names, case.directions(), strict=True)}
    values = evaluate(product.wengert, ARRAYS, case.point(), seeds)
    step = 1e-6
    ahead, behind = (
        evaluate(
            gradient.wengert, ARRAYS,
            [at + sign * step * move for at, move in zip(case.point(), case.directions(), strict=True)],
        )
        for sign in (1, -1)
    )  # fmt: skip
    for place, at in enumerate(case.point()):
        adjoint = gradient.of[place]
        difference = (np.asarray(ahead[adjoint]) - behind[adjoint]) / (2 * step)
        found = values[product.of[adjoint]] if adjoint >= 0 else 0.0
        assert np.broadcast_to(found, at.shape) == pytest.approx(
            np.broadcast_to(difference, at.shape), rel=2e-5, abs=1e-6
        )


@EACH
def test_the_rules_shown_are_the_rules_swept(case: Case) -> None:
    """The formulas of a row's contributions and tangent, lowered again, have the values of the sweeps."""
    wengert, last = case.line()
    operands = [*map(name, case.names), *map(number, case.constants)]
    shapes = [*case.shapes, *[SCALAR] * len(case.constants)]
    output = value_at(case, case.point())
    cotangent = np.random.default_rng(3).normal(size=output.shape)
    swept = reverse(wengert, {last: name("g")})
    wanted = evaluate(swept.wengert, ARRAYS, case.point(), {"g": cotangent})
    texts = [*case.names, "y", "g", *(f"d{text}" for text in case.names)]
    known = [*case.point(), output, cotangent, *case.directions()]
    kinds = [*case.shapes, wengert.shape(last), wengert.shape(last), *case.shapes]

    def value_of(formula: Formula) -> object:
        builder = Builder.of(texts, kinds)
        place = lower(builder, formula, {text: at for at, text in enumerate(texts)})
        operand = place if isinstance(place, int) else builder.constant(place)
        return evaluate(builder.list, ARRAYS, known)[operand]

    found = contributions(case.row, operands, name("y"), name("g"), shapes)
    for place in range(len(case.names)):
        assert value_of(found[place]) == pytest.approx(wanted[swept.of[place]])
    moves = [*(name(f"d{text}") for text in case.names), *[number(0)] * len(case.constants)]
    shown = value_of(tangent(case.row, operands, name("y"), moves, shapes))
    assert np.broadcast_to(np.asarray(shown), output.shape) == pytest.approx(tangent_at(case))
    assert value_of(definition(case.row, operands, shapes)) == pytest.approx(output)


SPELLED = [(row, pattern) for listed in spellings().values() for row, pattern in listed]


@pytest.mark.parametrize(("row", "pattern"), SPELLED, ids=lambda part: getattr(part, "name", ""))
def test_a_spelling_is_one_line_and_written_out_has_the_same_value(row: Primitive, pattern: Formula) -> None:
    (case,) = [case for case in CASES if case.row.name == row.name]
    slots = {f"#{place}": place for place in range(row.arity)}
    values = []
    for granularity in (Granularity(), Granularity(expand=frozenset(row.name for row, _ in SPELLED))):
        builder = Builder.of(list(slots), case.shapes)
        last = lower(builder, pattern, slots, granularity)
        assert isinstance(last, int)
        values.append(evaluate(builder.list, ARRAYS, case.point())[last])
        if not granularity.expand:
            assert len(builder.list) == row.arity + 1
            assert builder.list.line(last).primitive == row
    assert values[0] == pytest.approx(values[1])


@pytest.mark.parametrize("case", [case for case in CASES if isinstance(case.row.shapes, Signature)], ids=str)
def test_shapes_that_do_not_fit_are_refused(case: Case) -> None:
    """A number for a matrix or a matrix for a number, and two letters for one."""
    assert isinstance(case.row.shapes, Signature)
    for at, shape in enumerate(case.shapes):
        wrong = [*case.shapes[:at], SCALAR if shape else ("n", "m"), *case.shapes[at + 1 :]]
        with pytest.raises(ShapeError, match="is needed, not a"):
            case.row.shapes(wrong, [])
        sides = [side for side in shape if isinstance(side, str)]
        shared = [side for side in sides if sum(other.count(side) for other in case.shapes) > 1]
        for side in shared:
            other = [tuple("q" if s == side else s for s in shape) if i == at else s for i, s in enumerate(case.shapes)]
            if shape.count(side) > 1:
                other[at] = ("q", shape[1])
            with pytest.raises(ShapeError, match="≠"):
                case.row.shapes(other, [])


def test_every_row_has_a_case() -> None:
    made = {row.name for row in MADE}
    assert {row.name for row in rows() if row.shapes is not None} - made == {
        case.row.name for case in CASES if case.row.shapes is not None
    }
