"""Exact and decimal values of matrices: the same as of floats, element by element."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from tests.networks import network
from tracegen.evaluation.decimals import decimals
from tracegen.evaluation.exact import ExactValues
from tracegen.formula import Formula, number
from tracegen.notation import text
from tracegen.primitives.algebras import ARRAYS
from tracegen.shapes import Shape
from tracegen.wengert.sweep import evaluate, reverse
from tracegen.wengert.wengert_list import ONE

Rows = Sequence[Sequence[Fraction | int]]

SHAPES: dict[str, Shape] = {"A": ("N", "N"), "x": ("N", 1)}
A: Rows = [[2, 1], [Fraction(1, 2), 3]]
X: Rows = [[1], [-2]]
POINT = [np.array(A, dtype=float), np.array(X, dtype=float)]
OPERATIONS = {
    "A @ x": "Matrix([[0], [-11/2]])",
    "inv(A)": "Matrix([[6/11, -2/11], [-1/11, 4/11]])",
    "solve(A, x)": "Matrix([[10/11], [-9/11]])",
    "det(A)": "11/2",
    "logdet(A)": "log(11/2)",
    "norm(x)": "sqrt(5)",
    "exp(x)": "Matrix([[exp(1)], [exp(-2)]])",
    "softmax(hadamard(x, x))": "Matrix([[1/(1 + exp(3))], [exp(3)/(1 + exp(3))]])",
    "trace(A) + x.T @ A @ x": "16",
    "diag(x) + diag(diag(A))": "Matrix([[3, 0], [0, 1]])",
    "vstack(x, x)[1:3]": "Matrix([[-2], [1]])",
    "A - column_means(A)": "Matrix([[3/4, -1], [-3/4, 1]])",
    "mean(A)": "13/8",
    "logsumexp(x)": "log(exp(1) + exp(-2))",
}


def matrix(rows: Rows) -> Formula:
    return Formula("matrix", tuple(tuple(number(cell) for cell in row) for row in rows))


@pytest.mark.parametrize(("operation", "exact"), OPERATIONS.items(), ids=list(OPERATIONS))
def test_values(operation: str, exact: str) -> None:
    net = network(SHAPES, {"v": operation})
    point = [matrix(A), matrix(X)]
    floats = net.value(POINT)
    values = ExactValues(net.wengert, point, {}, len(net.wengert))
    formula = values.formula(net.last)
    assert formula is not None
    if operation != "softmax(hadamard(x, x))":  # SymPy may write the same number otherwise
        assert text(formula) == exact
    cells = values.value(net.last)
    assert np.asarray(cells, dtype=float) == pytest.approx(np.asarray(floats))
    (decimal,) = decimals(net.wengert, [net.last], point, {}, 15)
    assert decimal is not None
    assert _numbers(decimal) == pytest.approx(np.asarray(floats).ravel(), rel=1e-13)


def _numbers(decimal: str | Formula) -> list[float]:
    if not isinstance(decimal, Formula):
        return [float(decimal)]
    return [float(text(cell)) for row in decimal.args for cell in row]


def test_adjoints_have_exact_values_too() -> None:
    net = network(SHAPES, {"L": "logdet(A) + norm(x)**2"})
    swept = reverse(net.wengert, {net.last: ONE})
    values = ExactValues(swept.wengert, [matrix(A), matrix(X)], {}, len(net.wengert))
    first, second = (values.formula(swept.of[place]) for place in (0, 1))
    assert first is not None
    assert second is not None
    assert text(first) == "Matrix([[6/11, -1/11], [-2/11, 4/11]])"
    assert text(second) == "Matrix([[2], [-4]])"


def test_an_element_that_grows_too_long_leaves_the_matrix_out() -> None:
    net = network(SHAPES, {"a": "exp(sin(A))", "v": "a @ a @ a @ a @ a", "w": "v + x"})
    values = ExactValues(net.wengert, [matrix(A), matrix(X)], {}, len(net.wengert))
    assert values.formula(net.last) is None


def test_a_singular_matrix_has_no_inverse() -> None:
    net = network(SHAPES, {"v": "inv(A)"})
    singular = [[1, 2], [2, 4]]
    assert ExactValues(net.wengert, [matrix(singular), matrix(X)], {}, 3).formula(net.last) is None
    assert decimals(net.wengert, [net.last], [matrix(singular), matrix(X)], {}, 6) == [None]
    assert np.isnan(evaluate_inverse(singular)).all()


def evaluate_inverse(rows: Rows) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    net = network(SHAPES, {"v": "inv(A)"})
    return np.asarray(evaluate(net.wengert, ARRAYS, [np.array(rows, dtype=float), POINT[1]])[net.last])
