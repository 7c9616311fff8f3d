"""Operations that jump, compare and choose: at their jumps and between them, in every engine, and by every spelling."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import tracegen
from tracegen.errors import ParseError

POINTS = ("-3", "-2.5", "-2", "-1.5", "-0.5", "0", "0.25", "0.5", "1", "1.5", "2", "2.5", "7/3", "3.5", "1e9")
ONE = {
    "floor(x)": np.floor, "ceil(x)": np.ceil, "round(x)": np.round, "trunc(x)": np.trunc,
    "frac(x)": lambda x: x - np.floor(x),
    "mod(x, 3)": lambda x: np.mod(x, 3), "x % -2": lambda x: np.mod(x, -2), "x // 2": lambda x: np.floor_divide(x, 2),
    "where(x > 1, x**2, -x)": lambda x: np.where(x > 1, x**2, -x),
    "x >= 0.5": lambda x: 1.0 * (x >= 0.5),
    "clip(x, 0, 1)": lambda x: np.clip(x, 0, 1), "sinc(x)": lambda x: np.sinc(x / np.pi),
    "x != 2": lambda x: 1.0 * (x != 2),
    "heaviside(x, 0.5)": lambda x: np.heaviside(x, 0.5), "x == 0.5": lambda x: 1.0 * (x == 0.5),
    "logaddexp(x, 1)": lambda x: np.logaddexp(x, 1), "(x < 2)*x": lambda x: (x < 2) * x,
    "x <= -2": lambda x: 1.0 * (x <= -2),
    "Piecewise((x, x < 0), (x**2, x <= 2), (4, True))": lambda x: np.where(x < 0, x, np.where(x <= 2, x**2, 4)),
}  # fmt: skip


@pytest.mark.parametrize(("text", "point"), list(product(ONE, POINTS)))
def test_the_value_is_numpys_in_every_engine(text: str, point: str) -> None:
    trace = tracegen.trace(f"{text} + 0*x", at={"x": point})
    number = eval(point, {}, {})
    wanted = float(ONE[text](np.float64(number)))
    line = trace.record()["lists"][0]["lines"][-1]
    assert float(line["decimal"]) == pytest.approx(wanted, rel=1e-5)
    assert trace.evaluate({"x": number})["y"] == pytest.approx(wanted)
    assert trace.evaluate({"x": np.array([number, 0.25])})["y"][0] == pytest.approx(wanted)


@pytest.mark.parametrize("text", ONE)
def test_between_its_jumps_the_derivative_is_that_of_differences(text: str) -> None:
    trace = tracegen.trace(f"{text} + 0*x")
    for number in (-2.3, -0.7, 0.3, 0.6, 1.2, 2.2, 2.7, 3.4):
        ahead, behind = (trace.evaluate({"x": number + step})["y"] for step in (1e-6, -1e-6))
        assert trace.gradient_at({"x": number})["x"] == pytest.approx((ahead - behind) / 2e-6, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(("text", "point"), [
    ("floor(x)", 2), ("ceil(x)", 2), ("round(x)", "1.5"), ("trunc(x)", 3), ("frac(x)", 1), ("mod(x, 3)", 6),
    ("x // 2", 4),
    ("x > 2", 2), ("x == 2", 2), ("heaviside(x, 1)", 0), ("clip(x, 0, 1)", 1), ("where(x > 2, x, 0)", 2),
])  # fmt: skip
def test_at_a_jump_it_is_said_what_was_taken(text: str, point: object) -> None:
    assert tracegen.trace(f"{text} + 0*x", at={"x": point}).kinks
    assert not tracegen.trace(f"{text} + 0*x", at={"x": "0.3"}).kinks


@pytest.mark.parametrize("text", ["floor", "mod", "where", "clip", "equal", "round", "sinc"])
def test_a_new_name_gives_way_to_one_that_is_declared(text: str) -> None:
    assert tracegen.trace(f"{text}*2 + {text}", at={text: 3}).record()["lists"][0]["lines"][-1]["exact"] == "9"
    assert tracegen.trace(f"{text}(x + 1)", at={text: 3, "x": 1}).record()["jacobian"]["exact"] == [["2", "3"]]


@pytest.mark.parametrize(
    "text", ["0 < x < 1", "Piecewise((x, x > 0))", "Piecewise(x, x > 0)", "where(x > 0, x)", "clip(x)"]
)
def test_what_is_no_choice_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ParseError) as caught:
        tracegen.trace(text)
    assert caught.value.place is not None


SAMPLES = np.array([-1.7, 0.3, 2.4])
FUNCTIONS = (
    lambda x: np.floor(x) + np.ceil(x) + np.round(x) + np.rint(x) + np.trunc(x),
    lambda x: x % 3 + x // 2 + np.mod(x, 2),
    lambda x: np.where(x > 0, x, -x), lambda x: np.clip(x, 0, 1), lambda x: np.sinc(x), lambda x: np.logaddexp(x, 1.0),
    lambda x: np.heaviside(x, 0.5), lambda x: (x >= 1) * x + (x != 2) * x, lambda x: np.maximum(np.minimum(x, 2), 0),
    lambda x: np.greater(x, 0) * np.remainder(x, 2),
)  # fmt: skip


@pytest.mark.parametrize("function", FUNCTIONS)
def test_numpys_functions_are_traced_as_numpy_works_them_out(function) -> None:  # type: ignore[no-untyped-def]
    trace = tracegen.trace(function)
    assert trace.evaluate({"x": SAMPLES})["y"] == pytest.approx(function(SAMPLES))
