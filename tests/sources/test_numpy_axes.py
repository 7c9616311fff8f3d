"""Python functions over arrays mean what NumPy means: every value against NumPy's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tracegen.errors import ShapeError, TracingError
from tracegen.traces import trace

X = np.array([[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]])
W = np.array([[0.7, -0.2], [0.3, 0.4]])
a = np.array([0.3, -0.5])
b = np.array([0.2, 0.9])
c = np.array([0.1, 0.2, 0.3])

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "a bias for a batch": lambda X, W, b: np.sum(np.tanh(X @ W + b)),
    "a bias for a square batch": lambda W, b: np.sum(np.tanh(W @ W + b) * W),
    "two vectors": lambda a, b: a @ b,
    "dot": lambda a, b: np.dot(a, b) + a.dot(b),
    "a vector from the left": lambda c, X: np.sum((c @ X) ** 2),
    "a vector from the right": lambda X, a: np.sum(np.exp(X @ a)),
    "a product and a power": lambda X: np.sum(X * X + X**3),
    "a row for every row": lambda X, b: np.sum(np.sin(X * b)),
    "an axis that is gone": lambda X, b: np.sum(np.mean(X, axis=0) * b) + np.sum(X.sum(axis=1) ** 2),
    "a mean taken off": lambda X: np.sum(np.exp(X - X.mean(axis=0))),
    "an axis that is kept": lambda X: np.sum(X / np.sum(np.exp(X), axis=1, keepdims=True)),
    "the transpose of a vector": lambda a, b: a.T @ b.T,
    "outer": lambda a, b: np.sum(np.tanh(np.outer(a, b))),
    "rows": lambda X: X[0] @ X[1] + X[0, 1] * X[2, -1],
    "columns": lambda X, c: X[:, 1] @ c + np.sum(X[1:, 0] ** 2),
    "diagonals": lambda W, a: np.sum(np.diag(a) @ W) + np.sum(np.diag(W) * a),
    "stacks": lambda a, b, c: np.sum(np.hstack([a, c]) ** 2) + np.sum(np.exp(np.vstack([a, b]))),
    "solve": lambda W, a, b: a @ np.linalg.solve(W, b) + np.trace(np.linalg.inv(W)),
    "norms": lambda X, a: np.linalg.norm(X) * np.linalg.norm(a) ** 2,
    "methods": lambda X: X.T.mean() + X.transpose().sum(),
}
VALUES = {"X": X, "W": W, "a": a, "b": b, "c": c}


@pytest.mark.parametrize("what", FUNCTIONS)
def test_values_are_numpys(what: str) -> None:
    function = FUNCTIONS[what]
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    point = {name: VALUES[name] for name in names}
    found = trace(function, at=point)
    assert float(found.evaluate()["y"]) == pytest.approx(float(function(**point)), rel=1e-12)
    assert found.checked


def test_shapes_say_how_many_axes_there_are() -> None:
    shapes = {"X": ("B", "N"), "W": ("N", "K"), "b": ("K",)}
    (table,) = trace(FUNCTIONS["a bias for a batch"], shapes=shapes).shapes().tables
    assert [str(row.cells[1]) for row in table.rows] == ["B×N", "N×K", "K×1", "B×K", "1×K", "B×K", "B×K", "1×1"]


def test_a_column_and_an_array_with_one_axis_make_no_matrix() -> None:
    with pytest.raises(ShapeError, match="a column and a row"):
        trace(lambda x, y: np.sum(x + y), shapes={"x": ("N", 1), "y": ("N",)})


def test_an_axis_that_is_none() -> None:
    with pytest.raises(TracingError, match="along axis 0 or 1, not 2"):
        trace(lambda X: X.sum(axis=2), at=[X])
