"""Numbers of a trace at many points: against NumPy written by hand, against differences, and against JAX."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tracegen import trace
from tracegen.errors import ProblemError, ShapeError, ToolError
from tracegen.evaluation.floats import BLOCK
from tracegen.problems.problem import Problem

NETWORK = Path(__file__).parents[2] / "tracegen" / "examples" / "homework2_numbers.toml"
CHOSEN = np.random.default_rng(0)


@pytest.mark.parametrize("count", [1, 7, BLOCK, BLOCK + 1, 3 * BLOCK - 5])
def test_many_points(count: int) -> None:
    x, y = CHOSEN.uniform(0.5, 1.5, (2, count))
    t = trace("exp(2*y) + x*sin(3*y**2) - 1/x")
    expected = np.exp(2 * y) + x * np.sin(3 * y**2) - 1 / x
    slopes = [np.sin(3 * y**2) + 1 / x**2, 2 * np.exp(2 * y) + 6 * x * y * np.cos(3 * y**2)]
    (found,) = t.evaluate({"x": x, "y": y}).values()
    gradient = t.gradient_at({"x": x, "y": y})
    assert found == pytest.approx(expected)
    assert gradient["x"] == pytest.approx(slopes[0])
    assert gradient["y"] == pytest.approx(slopes[1])
    order = [t.inputs.index("x"), t.inputs.index("y")]
    table = np.empty((count, 2))
    table[:, order] = np.stack([x, y], axis=1)
    assert t.gradient_at(table)[:, order] == pytest.approx(np.stack(slopes, axis=1))


def test_one_point_is_the_point_of_the_trace() -> None:
    t = trace("x1*x2 + sin(x1)", at={"x1": 2, "x2": 3})
    (value,) = t.evaluate().values()
    assert value == pytest.approx(6 + np.sin(2))
    assert t.gradient_at([2, 3]) == pytest.approx([3 + np.cos(2), 2])
    assert t.gradient_at()["x2"] == 2


def test_numbers_and_arrays_side_by_side() -> None:
    t = trace("x1*x2 + c", parameters={"c": 1}, at={"x1": 2, "x2": 0})
    assert next(iter(t.evaluate({"x2": [1, 2, 3]}).values())) == pytest.approx([3, 5, 7])
    assert next(iter(t.evaluate({"x2": [1, 2, 3], "c": 5}).values())) == pytest.approx([7, 9, 11])
    assert t.gradient_at({"x2": [1, 2, 3]})["x2"] == pytest.approx([2, 2, 2])


def test_no_value_is_no_exception() -> None:
    t = trace("log(x) + 1/x")
    (found,) = t.evaluate({"x": [-1.0, 0.0, 1.0]}).values()
    assert np.isnan(found[:2]).all()
    assert found[2] == 1


def test_matrices_against_differences() -> None:
    t = trace(NETWORK)
    gradient = t.gradient_at()
    at = {entry.name: np.array(_floats(entry.value)) for entry in t.problem.inputs if entry.value is not None}
    step = 1e-6
    for text, slope in gradient.items():
        for index in np.ndindex(*slope.shape):
            moved = [{**at, text: at[text] + sign * step * _unit(at[text].shape, index)} for sign in (1, -1)]
            above, below = (next(iter(t.evaluate(point).values())) for point in moved)
            assert slope[index] == pytest.approx((above - below) / (2 * step), abs=1e-7)


def _unit(shape: tuple[int, ...], index: tuple[int, ...]) -> Any:
    unit = np.zeros(shape)
    unit[index] = 1
    return unit


def _floats(matrix: Any) -> list[list[float]]:
    from tracegen.primitives.algebras import FLOATS
    from tracegen.wengert.sweep import constant_value

    return [[constant_value(cell, FLOATS, {}) for cell in row] for row in matrix.args]


@pytest.mark.parametrize(
    ("points", "error", "said"),
    [
        ({"x": 1}, ProblemError, "y has no value"),
        ({"x": 1, "y": 2, "z": 3}, ProblemError, "there is no input 'z'"),
        ({"x": [1, 2], "y": [1, 2, 3]}, ShapeError, "different numbers of points: 2, 3"),
        ({"x": [[1]], "y": 1}, ShapeError, "x is"),
        ([1, 2, 3], ShapeError, "2 columns"),
    ],
)
def test_bad_points(points: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        trace("x + y").evaluate(points)


def test_what_is_taken_for_probabilities_has_to_sum_to_one() -> None:
    inputs = "z = { value = [1, 2] }\nt = { value = [0, 1], constant = true }"
    t = trace(Problem.from_toml(f'[inputs]\n{inputs}\n[outputs]\nL = "cross_entropy(t, softmax(z))"'))
    assert t.gradient_at({"t": [0.25, 0.75]})["z"].sum() == pytest.approx(0)
    with pytest.raises(ProblemError, match="t is taken for probabilities, and its values do not sum to 1"):
        t.evaluate({"t": [1, 1]})


def test_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProblemError, match="there is no engine 'cuda'"):
        trace("x + y").evaluate([1, 2], engine="cuda")
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(ToolError, match=r"tracegen\[jax\]"):
        trace("x + y").evaluate([1, 2], engine="jax")


def test_a_gradient_is_of_one_output() -> None:
    t = trace({"a": "x*y", "b": "x + y"}, at={"x": 2, "y": 3})
    with pytest.raises(ProblemError, match="say of which output: a, b"):
        t.gradient_at()
    assert t.gradient_at(of="a") == {"x": 3.0, "y": 2.0}


@pytest.mark.parametrize(
    "source", [NETWORK, "exp(2*y) + x*sin(3*y**2)", "max(x, y)*erf(x) + sigmoid(x*y)"], ids=["network", "sum", "rows"]
)
def test_jax_agrees(source: Any) -> None:
    pytest.importorskip("jax")
    t = trace(source) if source is NETWORK else trace(source, at={"x": 0.5, "y": 1.25})
    for found, other in ((t.evaluate(), t.evaluate(engine="jax")), (t.gradient_at(), t.gradient_at(engine="jax"))):
        assert found.keys() == other.keys()
        for text in found:
            assert other[text] == pytest.approx(found[text], rel=1e-12)
