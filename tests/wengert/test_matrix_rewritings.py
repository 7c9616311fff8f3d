"""Derivatives of matrices are written as in books: what cancels is cancelled, and every form keeps its value."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from tests.numpy_texts import in_numpy
from tracegen import trace
from tracegen.problems.problem import Problem
from tracegen.wengert.matrix_rewritings import TABLE

SIZES = {"N": 3, "K": 2, "M": 4}
SHAPES = {
    "A": ("N", "N"), "B": ("N", "N"), "X": ("M", "N"), "Z": ("M", "K"), "T": ("M", "K"), "S": ("N", "N"),
    "U": ("N", "K"), "w": ("N", 1), "x": ("N", 1), "y": ("M", 1), "z": ("M", 1), "t": ("M", 1),
}  # fmt: skip
FLAGS = {"S": "symmetric", "T": "probabilities", "t": "probabilities"}

PRINTED = [
    ("norm(X@w - y)**2/(2*M)", "w", "X.T @ (X @ w - y)/M"),
    ("norm(w)**4", "w", "4*norm(w)**2*w"),
    ("logdet(inv(A))", "A", "-inv_transpose(A)"),
    ("logdet(X.T@X)", "X", "2*X @ inv(X.T @ X)"),
    ("logdet(U.T@U)", "U", "2*U @ inv(U.T @ U)"),
    ("norm(x - mean(x))**2", "x", "2*(x - mean(x))"),
    ("norm(S - U@U.T)**2/4", "U", "-(S - U @ U.T) @ U"),
    ("x.T@S@x", "x", "2*S @ x"),
    ("x.T@A@x", "x", "(A + A.T) @ x"),
    ("(x - w).T@inv(S)@(x - w)", "x", "2*inv(S) @ (x - w)"),
    ("trace(A.T@S@A)", "A", "2*S @ A"),
    ("trace(S@A@A.T)", "A", "2*S @ A"),
    ("cross_entropy(t, softmax(z))", "z", "softmax(z) - t"),
    ("-t.T@log(softmax(z))", "z", "softmax(z) - t"),
    ("-sum(t*log(softmax(z)))", "z", "softmax(z) - t"),
    ("-sum(T*log(softmax(Z)))", "Z", "softmax_rows(Z) - T"),
    ("-sum(T*log(softmax(Z)))/M", "Z", "(softmax_rows(Z) - T)/M"),
    ("sum(log(sum(exp(z)))) - t.T@z", "z", ""),
    ("-sum(y*log(sigmoid(z)) + (1 - y)*log(1 - sigmoid(z)))", "z", "1/(1 + exp(-z)) - y"),
    ("-y.T@log(sigmoid(z)) - (1 - y).T@log(1 - sigmoid(z))", "z", "1/(1 + exp(-z)) - y"),
    ("sum(softplus(X@w)) - y.T@X@w", "w", "X.T @ (1/(1 + exp(-X @ w)) - y)"),
    ("sum(A*log(A/B))", "B", "-A/B"),
    ("trace(inv(A)@A)", "A", ""),
    ("det(A)*trace(inv(A)@B)", "A", ""),
    ("norm(A@B)**2 + norm(A@B)**2/2", "A", ""),
    ("sum(exp(z)/sum(exp(z))*y)", "z", ""),
]  # fmt: skip
"""A function, an input, and its gradient as books have it; where that is left out, only its value is compared."""


def problem(text: str) -> Problem:
    used = [name for name in SHAPES if name in {*"".join(c if c.isalnum() else " " for c in text).split()}]
    lines = [
        f"{name} = {{ shape = [{', '.join(f'{side!r}' for side in SHAPES[name])}]"
        + (f", {FLAGS[name]} = true" if name in FLAGS else "")
        + " }"
        for name in used
    ]
    return Problem.from_toml("[inputs]\n" + "\n".join(lines) + f'\n[outputs]\nL = "{text}"\n')


@pytest.mark.parametrize(("text", "wanted", "printed"), PRINTED, ids=[text for text, _, _ in PRINTED])
def test_gradients_are_printed_as_in_books_and_keep_their_value(text: str, wanted: str, printed: str) -> None:
    read = problem(text)
    traced = trace(read, sigmoid="whole")
    rows = {row["row"]: row["closed"] for row in csv.DictReader(io.StringIO(traced.gradient().to("csv")))}
    if printed:
        assert rows[wanted] == printed
    chosen = np.random.default_rng(2)
    values = {}
    for entry in read.inputs:
        size = tuple(SIZES[side] if isinstance(side, str) else side for side in entry.shape)
        drawn = chosen.uniform(0.2, 0.8, size)
        drawn = drawn + drawn.T if entry.symmetric else drawn
        if entry.probabilities:
            drawn = drawn / drawn.sum(axis=0 if size[1] == 1 else 1, keepdims=True)
        values[entry.name] = drawn + 2 * np.eye(3) if size == (3, 3) else drawn
    gradient = traced.gradient_at(values)
    for name, closed in rows.items():
        found = np.broadcast_to(in_numpy(closed, {**values, **SIZES}), gradient[name].shape)
        assert found == pytest.approx(gradient[name], rel=1e-9, abs=1e-11), (name, closed)


def test_every_rewriting_says_what_it_does() -> None:
    assert len({rewriting.says for rewriting in TABLE}) == len(TABLE)
