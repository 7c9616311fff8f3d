"""Jacobians of vectors and Hessians of numbers as matrices: in one piece and in numbers, against differences."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.numpy_texts import in_numpy
from tracegen import trace
from tracegen.primitives.algebras import ARRAYS
from tracegen.shapes import Shape
from tracegen.wengert.sweep import evaluate, function_of
from tracegen.wengert.wengert_list import WengertList

Array = NDArray[np.float64]

SIZES = {"N": 3, "K": 2, "M": 4}
SHAPES: dict[str, Shape] = {
    "A": ("N", "N"), "W": ("K", "N"), "V": ("M", "K"), "X": ("M", "N"), "x": ("N", 1), "w": ("N", 1), "b": ("K", 1),
    "y": ("M", 1), "c": (),
}  # fmt: skip
STEP = 1e-5

VECTORS = {
    "tanh(W@x + b)": 3, "softmax(x)": 1, "softmax(W@x)": 2, "V@tanh(W@x)": 3, "x/norm(x)": 1, "c*x/sum(x)": 2,
    "solve(A, x)": 2, "solve(A.T, x*x)": 2, "x - mean(x)": 1, "A@x*sum(x)": 2, "vstack(A@x, x**2)": 2, "x[1:3]": 1,
    "log(softmax(x))": 1, "diag(x)@A@x": 2, "(x.T@w)*x": 2, "A@(x/w)": 3, "sin(c*x)": 2, "exp(x)/sum(exp(x))": 1,
    "(A@A.T)@x - inv(A)@w": 3, "x*(w.T@A@x)": 3, "-A.T@x": 2, "vstack(c, sum(x), x)": 2,
}  # fmt: skip
"""Outputs that are vectors, and how many inputs each has."""

NUMBERS = [
    "norm(X@w - y)**2/2", "sum(softplus(X@w)) - y.T@X@w", "norm(A@x)**2", "x.T@A@x", "logsumexp(x)", "sum(log(x))",
    "norm(x)**4", "sum(exp(x)*w)", "log(sum(exp(W@x)))", "norm(x)", "sum(tanh(W@x)**2)",
]  # fmt: skip


def used_in(text: str) -> list[str]:
    return [name for name in SHAPES if name in set(re.findall(r"[A-Za-z]+", text))]


def point(names: list[str]) -> dict[str, Any]:
    chosen = np.random.default_rng(5)
    found: dict[str, Any] = {}
    for name in names:
        size = tuple(SIZES[side] if isinstance(side, str) else side for side in SHAPES[name])
        drawn = np.round(chosen.uniform(0.4, 1.4, size), 2)
        found[name] = drawn + 3 * np.eye(3) if name == "A" else drawn if size else float(drawn)
    return found


def moved(values: dict[str, Any], name: str, at: int, step: float) -> dict[str, Any]:
    """A point with one element of a vector, or a number, moved."""
    value = values[name] + step * np.eye(len(values[name]))[:, [at]] if np.ndim(values[name]) else values[name] + step
    return {**values, name: value}


def derivative(function: Any, values: dict[str, Any], name: str) -> Array:
    """A column for each element of an input, by central differences."""
    count = len(values[name]) if np.ndim(values[name]) else 1
    columns = [
        (function(moved(values, name, at, STEP)) - function(moved(values, name, at, -STEP))) / (2 * STEP)
        for at in range(count)
    ]
    return np.hstack([np.reshape(column, (-1, 1)) for column in columns])


def rows_of(text: str, table: str) -> list[dict[str, str]]:
    parts = [list(csv.DictReader(io.StringIO(part))) for part in text.split("\n\n")]
    return [row for rows in parts for row in rows if row["table"] == table]


@pytest.mark.parametrize("text", VECTORS)
def test_the_jacobian_of_a_vector_in_one_piece_and_in_numbers_is_that_of_differences(text: str) -> None:
    names = used_in(text)
    values = point(names)
    traced = trace({"f": text}, shapes={name: SHAPES[name] for name in names}, at=values)
    vectors = [name for name in names if SHAPES[name][1:] in ((), (1,))]
    rows = {row["row"]: row["closed"] for row in rows_of(traced.jacobian().to("csv"), "f/jacobian/f")}
    assert len(rows) == VECTORS[text]
    record = traced.record()["jacobian"]
    numbers = dict(zip(record["inputs"], record["decimal"][0], strict=True))
    for name in vectors:
        wanted = derivative(lambda at: traced.evaluate(at)["f"], values, name)
        assert in_numpy(rows[name], {**values, **SIZES}) == pytest.approx(wanted, rel=1e-7, abs=1e-8), rows[name]
        assert np.array(numbers[name], dtype=float) == pytest.approx(wanted, rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("text", NUMBERS)
def test_the_hessian_of_a_number_in_one_piece_is_that_of_differences_of_the_gradient(text: str) -> None:
    names = used_in(text)
    values = point(names)
    traced = trace({"f": text}, shapes={name: SHAPES[name] for name in names})
    vectors = [name for name in names if SHAPES[name][1:] == (1,)]
    blocks = rows_of(traced.hessian().to("csv"), "f/hessian/f/matrix")
    assert {row["row"] for row in blocks} == {f"{one},{other}" for one in vectors for other in vectors}
    for block in blocks:
        one, other = block["row"].split(",")
        wanted = derivative(lambda at, one=one: traced.gradient_at(at)[one], values, other)
        found = np.broadcast_to(in_numpy(block["closed"], {**values, **SIZES}), wanted.shape)
        assert found == pytest.approx(wanted, rel=1e-6, abs=1e-7), block["closed"]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("softmax(x)", "diag(softmax(x)) − softmax(x) softmax(x)ᵀ"),
        ("A@x", "A"),
        ("x*w", "diag(w)"),
        ("sin(A@x)", "diag(cos(A x)) A"),
    ],
)
def test_jacobians_are_printed_as_in_books(text: str, printed: str) -> None:
    table = trace({"f": text}, shapes={name: SHAPES[name] for name in used_in(text)}).jacobian("f", "x").to("txt")
    assert f"│ {printed} " in table


def test_by_a_matrix_the_rule_of_the_adjoint_stands_for_the_jacobian() -> None:
    shapes = {"W": SHAPES["W"], "x": SHAPES["x"]}
    assert "W̄ = (ȳ ∘ cos(W x)) xᵀ" in trace("sin(W@x)", shapes=shapes).jacobian().to("txt")


def test_hessians_are_printed_as_in_books() -> None:
    shapes = {name: SHAPES[name] for name in ("X", "w", "y")}
    assert "│ Xᵀ X " in trace("norm(X@w - y)**2/2", shapes=shapes).hessian(wrt="w").to("txt")
    steps = {"p": "sigmoid(X@w)"}
    logistic = trace("sum(softplus(X@w)) - y.T@X@w", shapes=shapes, steps=steps).hessian(wrt="w").to("txt")
    assert "Xᵀ diag(sigmoid(X w) ∘ (1 − sigmoid(X w))) X" in logistic


SCALARS = ["sin(x1*x2)/x1", "exp(-x1**2)*log(x2)", "sqrt(x1 + x2)", "x1**x2"]


@pytest.mark.parametrize("text", [*VECTORS, *NUMBERS, *SCALARS])
def test_local_partials_are_those_of_differences_of_the_line(text: str) -> None:
    """A line's value is asked anew with one element of what it uses moved; rules of adjoints are tested elsewhere."""
    names = used_in(text) if text not in SCALARS else ["x1", "x2"]
    values = point(names) if text not in SCALARS else {"x1": 0.7, "x2": 1.3}
    traced = trace({"f": text}, shapes={name: SHAPES[name] for name in names} if text not in SCALARS else {})
    (evaluation,) = traced.evaluations
    wengert = evaluation.wengert
    found = evaluate(wengert, ARRAYS, [np.asarray(values[name]) for name in wengert.inputs])
    labels = [str(label.args[0]) for label in evaluation.labels]
    known = {label: np.asarray(value) for label, value in zip(labels, found, strict=False)} | values | SIZES
    rows = {row["row"]: row["partial"] for row in rows_of(traced.partials().to("csv"), "f/partials")}
    for place in range(len(wengert.inputs), len(wengert)):
        line = wengert.line(place)
        for operand in dict.fromkeys(used for used in line.operands if used >= 0):
            rule = rows[f"{labels[place]},{labels[operand]}"].split(" = ")
            if not rule[0].startswith("d"):
                assert 1 not in (wengert.shape(place) or (1, 1))[1:] or 1 not in (wengert.shape(operand) or (1, 1))[1:]
                continue
            wanted = _by_differences(wengert, place, operand, found)
            printed = np.broadcast_to(in_numpy(rule[-1], known), wanted.shape)
            assert printed == pytest.approx(wanted, rel=1e-6, abs=1e-7), rule


def _by_differences(wengert: WengertList, place: int, operand: int, found: list[Any]) -> Array:
    line = wengert.line(place)
    assert line.primitive is not None
    function = function_of(line.primitive, ARRAYS, {})
    columns = []
    value = np.asarray(found[operand], dtype=float)
    for at in range(value.size):
        unit = np.zeros(value.size)
        unit[at] = STEP
        above, below = (
            function(
                *[
                    value + sign * unit.reshape(value.shape) if used == operand else found[used]
                    for used in line.operands
                ]
            )
            for sign in (1, -1)
        )
        columns.append(np.reshape((np.asarray(above) - np.asarray(below)) / (2 * STEP), (-1, 1)))
    return np.hstack(columns)


def test_local_partials_of_a_layer_are_those_of_lecture_notes() -> None:
    shapes: dict[str, Shape] = {"x": ("N", 1), "W": ("K", "N"), "t": ("K", 1)}
    steps = {"z": "W @ x", "h": "sigma(z)"}
    table = trace({"L": "norm(h - t)**2 / 2"}, shapes=shapes, steps=steps).partials().to("txt")
    for rule in ("W̄ = z̄ v₀ᵀ", "∂z/∂v₀ = W", "∂h/∂z = diag(σ′(z))", "∂L/∂h = (h − t)ᵀ"):
        assert rule in table
