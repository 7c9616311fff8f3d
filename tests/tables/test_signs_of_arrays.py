"""What signs mean between arrays: NumPy's meaning, whatever the sizes; and what is printed as text means the same."""

from __future__ import annotations

import ast
import csv
import io
from typing import Any

import numpy as np
import pytest

from tests.numpy_texts import in_numpy
from tracegen import trace
from tracegen.errors import PointError, UnknownNameError

SIZES = {"N": 3, "K": 3, "M": 3}  # all are one number, so that every product fits
SHAPES: dict[str, tuple[str | int, ...]] = {
    "A": ("N", "N"), "B": ("N", "N"), "W": ("K", "N"), "V": ("K", "N"), "x": ("N", 1), "y": ("N", 1), "c": (),
}  # fmt: skip


def point(texts: list[str], seed: int = 0) -> dict[str, Any]:
    chosen = np.random.default_rng(seed)
    found: dict[str, Any] = {}
    for text in texts:
        shape = tuple(SIZES[side] if isinstance(side, str) else side for side in SHAPES[text])
        drawn = np.round(chosen.uniform(0.5, 1.5, shape), 3)
        found[text] = drawn + 3 * np.eye(3) if shape == (3, 3) else drawn
    return found


SIGNS = [
    "sum(A*B)", "sum(A**2)", "sum(A**3*B)", "sum(A/B)", "sum(exp(A)*A)", "sum((A@B)*A)", "sum(A*(B@A))", "sum(A*x)",
    "sum(x*x)", "sum(A**B)", "sum(A*x.T)", "sum(c*A*B)", "sum(A**-1)", "sum((W@A)*V)", "sum(A*B@A)", "sum(2**A*B)",
    "sum(tanh(A*B)/A)", "sum(B*(A*c))",
]  # fmt: skip


@pytest.mark.parametrize("text", SIGNS)
def test_signs_mean_what_they_mean_to_numpy(text: str) -> None:
    used = [name for name in SHAPES if name in {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}]
    values = point(used)
    for shapes in ({name: SHAPES[name] for name in used}, {name: np.shape(values[name]) for name in used}):
        traced = trace(text, shapes=shapes, at=values)
        assert traced.evaluate(values)["y"] == pytest.approx(in_numpy(text, values), rel=1e-12), shapes


LOSSES = [
    *SIGNS, "sum(softmax(W@A/sqrt(c))@B)", "sum(W*log(W/(V@A)) - W + V@A)", "norm(W@x)**2/2", "sum((A@x)*(B@y))",
    "trace(inv(A)@B)", "x.T@inv(A)@y", "norm(A - ones(N)@ones(N).T)**2", "sum(A*(B@(c*A)))", "norm(c*A@x - y)**2",
    "sum(x/norm(x))", "norm(x*sum(x*y))", "sum(x*(x.T@y))", "sum(x/sum(x*x))", "sum(exp(A@B)*(A@B))",
    "sum((A@B)/(B@A))", "sum(log(exp(A)@ones(N)))",
]  # fmt: skip


@pytest.mark.parametrize("text", LOSSES)
def test_closed_texts_mean_to_numpy_and_read_back_what_they_are(text: str) -> None:
    used = [name for name in SHAPES if name in {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}]
    values = point(used, seed=1)
    shapes = {name: SHAPES[name] for name in used}
    traced = trace({"f": text}, shapes=shapes)
    gradients = traced.gradient_at(values)
    for row in csv.DictReader(io.StringIO(traced.gradient().to("csv"))):
        closed, wanted = row["closed"], gradients[row["row"]]
        found = in_numpy(closed, {**values, **SIZES})
        assert np.broadcast_to(found, np.shape(wanted)) == pytest.approx(wanted, rel=1e-9), closed
        again = trace({"f": closed}, shapes=shapes).evaluate(values)["f"]
        assert np.broadcast_to(again, np.shape(wanted)) == pytest.approx(wanted, rel=1e-9), closed


STACKED = ["norm(vstack(a, b))", "det(hstack(vstack(a, b), vstack(c, a)))", "sum(exp(hstack(a, b*c)))"]


@pytest.mark.parametrize("text", STACKED)
def test_numbers_stack_to_a_matrix(text: str) -> None:
    values = {"a": 1.5, "b": 0.5, "c": -0.75}
    traced = trace({"f": text}, shapes=dict.fromkeys(values, ()))
    gradient = traced.gradient_at(values)
    for name, value in values.items():
        above, below = (traced.evaluate({**values, name: value + step})["f"] for step in (1e-6, -1e-6))
        assert gradient.get(name, 0.0) == pytest.approx((above - below) / 2e-6, abs=1e-7)


@pytest.mark.parametrize("word", ["log_softplus", "leaky", "norm1", "qr", "svd", "relu_7", "ab"])
def test_a_word_that_is_called_and_is_no_operation_is_refused(word: str) -> None:
    for text in (f"{word}(x)", f"{word}(x)**2 + 1"):
        with pytest.raises(UnknownNameError, match="is not an operation"):
            trace(text)


@pytest.mark.parametrize("word", ["x1", "a", "x_2", "e", "pi"])
def test_one_letter_with_its_index_before_a_bracket_is_a_factor(word: str) -> None:
    assert [line.primitive.name for line in trace(f"{word}(z + 1)").lines if line.primitive] == ["add", "mul"]


@pytest.mark.parametrize("name", ["E", "pi", "e"])
def test_a_declared_name_is_no_constant(name: str) -> None:
    for text, gradient in ((f"sum({name})", 1.0), (rf"\operatorname{{sum}}(2 {name})", 2.0)):
        found = trace({"f": text}, shapes={name: ("N", "N")}).gradient_at({name: np.eye(2)})
        assert found[name] == pytest.approx(np.full((2, 2), gradient))


@pytest.mark.parametrize("text", ["det(X.T@X)", "det(X@X.T)", "logdet(X.T@X)", "trace(inv(X@X.T))", "det(X.T@Y@Y.T@X)"])
def test_sizes_are_drawn_at_which_a_function_is_not_singular(text: str) -> None:
    shapes = {"X": ("N", "M"), "Y": ("N", "K")}
    traced = trace({"f": text}, shapes={name: shape for name, shape in shapes.items() if name in text})
    assert traced.checked["f"].points == 2


def test_what_is_singular_at_every_size_is_refused() -> None:
    with pytest.raises(PointError, match="can't be told"):
        _ = trace("det(x@x.T)", shapes={"x": ("N", 1)}).checked


@pytest.mark.parametrize("row", ["trace(inv({}))", "det({})", "logdet({})", "trace(solve({}, D))", "sum(inv(inv({})))"])
def test_exact_values_of_matrices_of_irrational_numbers_are_left_out_before_the_work(row: str) -> None:
    """SymPy takes minutes for the inverse of such a matrix, which nobody would read."""
    D = [[f"0.{3 ** (3 * at + beside) % 97 + 101}" for beside in range(3)] for at in range(3)]
    lines = trace(row.format("exp(-D)"), at={"D": D}).record()["lists"][0]["lines"]
    assert lines[-1]["exact"] is None
    assert lines[-1]["decimal"] is not None
