"""Random programs: forward, reverse and finite differences agree; depth costs nothing."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracegen.formula import Formula, name
from tracegen.primitives.algebras import BALLS, FLOATS
from tracegen.wengert.sweep import evaluate, forward, reverse
from tracegen.wengert.wengert_list import INPUT, ONE, ZERO, Builder, WengertList

# smooth everywhere and tame, so that a random program has a derivative wherever it has a value
UNARY = ["neg", "sin", "cos", "tanh", "atan", "sigmoid", "exp", "softplus", "asinh", "erf"]
BINARY = ["add", "sub", "mul"]

Program = Callable[[], WengertList]


@st.composite
def programs(draw: st.DrawFn) -> WengertList:
    """A list of two inputs and up to thirty lines, whose last line is the output."""
    builder = Builder.of(["x", "y"])
    for _ in range(draw(st.integers(1, 30))):
        last = len(builder.list) - 1
        operand = st.integers(max(0, last - 6), last)
        if draw(st.booleans()):
            builder.append(draw(st.sampled_from(UNARY)), (draw(operand),))
        else:
            builder.append(draw(st.sampled_from(BINARY)), (draw(operand), draw(operand)))
    builder.list.check()
    return builder.list


coordinates = st.floats(-1.5, 1.5).filter(lambda value: abs(value) > 0.05)


@settings(max_examples=300, deadline=None)
@given(programs(), coordinates, coordinates)
def test_forward_is_reverse_is_the_difference(wengert: WengertList, x: float, y: float) -> None:
    place = len(wengert) - 1
    values = evaluate(wengert, FLOATS, [x, y])
    if not all(math.isfinite(value) and abs(value) < 1e6 for value in values):
        return
    swept = reverse(wengert, {place: ONE})
    swept.wengert.check()
    found = evaluate(swept.wengert, FLOATS, [x, y])
    for at in (0, 1):
        tangents = forward(wengert, [ONE if other == at else ZERO for other in (0, 1)])
        tangents.wengert.check()
        along = evaluate(tangents.wengert, FLOATS, [x, y])[tangents.of[place]]
        assert along == pytest.approx(found[swept.of[at]], rel=1e-8, abs=1e-8)
        assert along == pytest.approx(difference(wengert, place, [x, y], at), rel=1e-6, abs=1e-6)


def difference(wengert: WengertList, place: int, point: list[float], at: int) -> float:
    """A central difference in ball arithmetic at 200 bits: right to far more digits than floats have."""
    from flint import arb

    from tracegen.evaluation.decimals import ball, precision

    with precision(200):
        step = arb(2) ** -60
        ends = []
        for sign in (1, -1):
            moved = [arb(value) + (sign * step if other == at else 0) for other, value in enumerate(point)]
            ends.append(evaluate(wengert, BALLS, moved, convert=ball)[place])
        return float((ends[0] - ends[1]) / (2 * step))


def test_a_symbolic_seed_is_a_letter() -> None:
    builder = Builder.of(["x"])
    place = builder.append("mul", (0, 0))
    swept = forward(builder.list, [name("p")])
    assert evaluate(swept.wengert, FLOATS, [3.0], {"p": 2.0})[swept.of[place]] == 12.0


@pytest.mark.parametrize("start", ["1", "2", "0.5"])
@pytest.mark.parametrize("constant", ["1", "3", "5"])
def test_constants_as_operands_and_as_cotangents(start: str, constant: str) -> None:
    """c x sin(y)/c + c + (x + x), times the cotangent; c is a constant on either side of its operation."""
    builder = Builder.of(["x", "y"])
    c = builder.constant(Formula("number", (constant,)))
    product = builder.append("mul", (builder.append("mul", (c, 0)), builder.append("sin", (1,))))
    shifted = builder.append("add", (builder.append("div", (product, c)), c))
    last = builder.append("add", (shifted, builder.append("add", (0, 0))))
    swept = reverse(builder.list, {last: Formula("number", (start,))})
    swept.wengert.check()
    found = evaluate(swept.wengert, FLOATS, [0.7, 0.4])
    expected = [float(start) * (math.sin(0.4) + 2), float(start) * 0.7 * math.cos(0.4)]
    assert [found[swept.of[at]] for at in (0, 1)] == pytest.approx(expected)


def test_equal_lines_are_one_line() -> None:
    builder = Builder.of(["x"])
    assert builder.append("sin", (0,)) == builder.append("sin", (0,))
    assert len(builder.list) == 2


def test_depth_costs_no_recursion() -> None:
    builder = Builder.of(["x"])
    place = 0
    for _ in range(50_000):
        place = builder.append("sin", (builder.append("mul", (place, 0)),))
    swept = reverse(builder.list, {place: ONE}, keep=False)
    tangents = forward(builder.list, [ONE])
    one = evaluate(swept.wengert, FLOATS, [0.9])[swept.of[0]]
    other = evaluate(tangents.wengert, FLOATS, [0.9])[tangents.of[place]]
    assert one == pytest.approx(other, abs=1e-300)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda w: w.lines.__setitem__(2, (0, 2)), "used before"),
        (lambda w: w.lines.__setitem__(2, (0, 0, 1)), "operands"),
        (lambda w: w.lines.__setitem__(2, (9, 0)), "no primitive"),
        (lambda w: w.lines.__setitem__(1, (0, 0)), "input"),
        (lambda w: w.lines.__setitem__(1, (INPUT, 1)), "input"),
        (lambda w: w.outputs.__setitem__("y", 7), "output"),
    ],
)
def test_a_list_that_is_not_well_formed(change: Callable[[WengertList], None], says: str) -> None:
    builder = Builder.of(["x", "y"])
    builder.append("sin", (0,))
    change(builder.list)
    with pytest.raises(ValueError, match=says):
        builder.list.check()
