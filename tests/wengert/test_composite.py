"""With the choice steps=whole every named step is one line, whatever is in it, and nothing else changes."""

from __future__ import annotations

from typing import Any

import pytest

from tracegen import trace
from tracegen.errors import FormatError, PointError
from tracegen.examples import path_of
from tracegen.notation import unicode
from tracegen.notation.profiles import profile
from tracegen.traces import Trace

STEPS = {"z": "exp(2*x2)*x1", "w": "b*z**2 + sin(z*x1) + sqrt(2)*x2", "q": "max(w, 1/z)"}
POINT = {"x1": 2, "x2": "1/3"}


WHOLE = profile("homework", steps="whole")


def both(**more: Any) -> tuple[Trace, Trace]:
    more |= {"steps": STEPS, "parameters": {"b": "0.1"}}
    return trace("w*z + q", **more), trace("w*z + q", profile=WHOLE, **more)


def test_a_step_is_one_line() -> None:
    lines, one = both(at=POINT)
    rows = [unicode(row.cells[0]) for row in one.primal().tables[0].rows]
    assert rows == [
        "v₀ = x₁",
        "v₁ = x₂",
        "z = exp(2·v₁)·v₀",
        "w = b·z² + sin(z·v₀) + √2·v₁",
        "q = max(w, 1/z)",
        "v₂ = w·z",
        "y = v₂ + q",
    ]
    assert len(lines.lines) > len(one.lines)


def test_the_derivatives_are_the_same() -> None:
    lines, one = both(at=POINT, digits=30)
    for kind in ("jacobian", "hessian"):
        expected, found = (getattr(t, kind)().tables[-1].rows for t in (lines, one))
        assert [row.cells[1:] for row in found] == [row.cells[1:] for row in expected]


def test_the_local_partials_are_those_of_the_formula() -> None:
    t = trace("z*x2", steps={"z": "x1**2*sin(x2)"}, profile=WHOLE)
    rows = [unicode(row.cells[0]) for row in t.reverse().tables[0].rows]
    assert rows[0] == "v̄₀ = z̄·∂z/∂v₀ = 2·sin(v₁)·v₀·z̄"
    assert rows[1] == "v̄₁ = z̄·∂z/∂v₁ + ȳ·∂y/∂v₁ = z̄·(v₀²·cos(v₁)) + ȳ·z"


def test_the_choice_can_be_said_in_one_word() -> None:
    t = trace(path_of("deisenroth"), steps="whole")
    assert len(t.lines) == len(trace(path_of("deisenroth")).lines)  # its steps have one operation each


def test_without_a_point_too() -> None:
    _, one = both()
    assert one.checked["y"].differences


def test_kinks_and_bad_points_inside_a_step_are_found() -> None:
    t = trace("z*x", steps={"z": "1 + 2*relu(x)"}, profile=WHOLE, at={"x": 0})
    assert [kink.used for kink in t.kinks] == ["the derivative at 0 is taken as 0"]
    with pytest.raises(PointError, match=r"z = 1 \+ 2·log\(v₀\) has no value at v₀ = 0"):
        trace("z*x", steps={"z": "1 + 2*log(x)"}, profile=WHOLE, at={"x": 0}).primal()


def test_constants_and_names_are_no_lines() -> None:
    t = trace("c*n", steps={"c": "3*pi", "n": "x"}, profile=WHOLE, at={"x": 2})
    assert [line.primitive.name for line in t.lines if line.primitive] == ["mul"]


def test_a_long_step_is_one_line_too() -> None:
    steps = {"z": " + ".join(f"sin({place}*x)" for place in range(1, 1500))}
    t = trace("2*z", steps=steps, profile=WHOLE, at={"x": 1})
    assert len(t.lines) == 3
    assert len(t.reverse().tables[0].rows) == 3


def test_steps_of_matrices_stay_lines() -> None:
    with pytest.raises(FormatError, match="a step of matrices can't be one line"):
        trace("z.T @ x", steps={"z": "W @ x"}, profile=WHOLE,
              at={"W": [[1, 2], [3, 4]], "x": [5, 6]})  # fmt: skip
