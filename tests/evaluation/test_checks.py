"""Every trace is checked, and a wrong rule anywhere is a loud error; what was checked is said truly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.planting import planted
from tracegen import scalar, trace
from tracegen.errors import CheckError, PointError
from tracegen.primitives import lookup


def words(source: object, **more: object) -> str:
    (checked,) = trace(source, **more).checked.values()  # type: ignore[arg-type]
    return checked.words()


def test_a_wrong_partial_is_found_by_differences() -> None:
    row = scalar("wrong", value=lambda f, a: f.sin(a), partials=lambda f, y, a: (f.sin(a),))
    with planted(row), pytest.raises(CheckError, match="disagree"):
        trace("x*wrong(x)", at={"x": 2}).primal()


@pytest.mark.parametrize("name", ["sin", "mul", "div", "sigmoid", "hypot", "atan2", "erf"])
def test_a_slip_in_any_row_is_found(name: str) -> None:
    right = lookup(name)
    assert right.partials is not None

    def slipped(f: object, y: object, *operands: object) -> tuple[object, ...]:
        first, *others = right.partials(f, y, *operands)  # type: ignore[misc]
        return (first * 2, *others)

    call = {"mul": "x*y", "div": "x/y"}.get(name, f"{name}({', '.join('xy'[: right.arity])})")
    with planted(replace(right, partials=slipped)), pytest.raises(CheckError):
        trace(f"1 + {call}", at=dict(zip("xy", (0.7, 1.1)[: right.arity], strict=False))).reverse()


def test_a_slip_is_found_without_a_point_too() -> None:
    row = scalar("wrong", value=lambda f, a: f.sin(a), partials=lambda f, y, a: (f.sin(a),))
    with planted(row), pytest.raises(CheckError, match="disagree"):
        trace("x*wrong(x)").reverse()


def test_sweeps_that_disagree_with_each_other_are_found() -> None:
    wrong = replace(lookup("matmul"), jvp=lambda f, y, A, B, dA, dB: dA @ B - A @ dB)
    with planted(wrong), pytest.raises(CheckError, match="forward and reverse of f disagree"):
        trace("W @ y", at={"W": [[1, 2], [3, 4]], "y": [5, 6]}).reverse()


def test_nothing_is_shown_of_a_trace_that_is_wrong() -> None:
    row = scalar("wrong", value=lambda f, a: f.sin(a), partials=lambda f, y, a: (1,))
    with planted(row):
        t = trace("wrong(x)", at={"x": 2})
        for show in (t.primal, t.forward, t.reverse, t.jacobian, t.hessian, t.closed, t.cost, t.document, t.record):
            with pytest.raises(CheckError):
                show()


def test_the_words() -> None:
    both = (
        "Checked: forward and reverse sweeps agree with each other, and with differences of the formulas, to 36 digits"
    )
    assert words("x*sin(x)", at={"x": 2}) == f"{both} at the point."
    assert words("x*sin(x)") == f"{both} at 2 points drawn at random."
    assert words("abs(x)", at={"x": 0}) == f"{both} beside the point, which is at a kink."


@pytest.mark.parametrize(
    "text", ["log(x - 100)", "sqrt(x - 5) + sqrt(6 - x)", "acos(x - 10)", "log(-x)", "asin(x/3)*acosh(x)", "x**x"]
)
def test_points_are_drawn_where_there_are_values(text: str) -> None:
    assert "2 points" in words(text)


def test_what_has_values_nowhere_is_not_called_checked() -> None:
    with pytest.raises(PointError, match="no numbers were found at which every line of y has a value"):
        trace("x/0 + sqrt(x)").primal()


def test_steep_functions_are_checked_with_more_bits() -> None:
    steps = {f"z{place}": f"z{place - 1}**2 + 1" for place in range(1, 60)}
    t = trace("z59", steps={"z0": "x", **steps}, at={"x": 2})
    assert t.checked["y"].differences  # y is about 10^(10^17), and so is its derivative


def test_functions_that_magnify_are_checked_with_smaller_steps() -> None:
    steps = {f"z{place}": f"3.9*z{place - 1}*(1 - z{place - 1})" for place in range(1, 400)}
    t = trace("z399", steps={"z0": "x", **steps}, at={"x": "1/3"})
    assert t.checked["y"].differences  # the derivative is about 10^86


def test_a_derivative_that_cant_be_told_is_no_right_one() -> None:
    with pytest.raises(PointError, match="can't be told"):
        trace("max(sin(x)**2 + cos(x)**2, 1)", at={"x": 3}).primal()
