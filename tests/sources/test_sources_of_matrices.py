"""Matrices from problem files, from SymPy's expressions and from Python functions over arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy

import tracegen
from tracegen.errors import ParseError, ProblemError, ShapeError, TracegenError, TracingError
from tracegen.formula import Formula
from tracegen.notation import unicode
from tracegen.symbolic.sympy_expressions import from_sympy
from tracegen.traces import trace

N, K = sympy.symbols("N K")
A = sympy.MatrixSymbol("A", N, N)
W = sympy.MatrixSymbol("W", K, N)
x = sympy.MatrixSymbol("x", N, 1)
b = sympy.MatrixSymbol("b", K, 1)


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        (W * x + b, "W x + b"),
        (b - W * x, "b − W x"),
        ((W * x).T, "xᵀ Wᵀ"),
        (2 * A.inverse() * A.T, "2 A⁻¹ Aᵀ"),
        (sympy.Trace(W * W.T), "tr(W Wᵀ)"),
        (sympy.log(sympy.Determinant(A)), "log(det(A))"),
        (sympy.hadamard_product(b, W * x), "W x ∘ b"),
        ((W * x + b).applyfunc(sympy.tanh), "tanh(W x + b)"),
        (A**2, "A A"),
        (sympy.DotProduct(x, x), "xᵀ x"),
        (x[2, 0], "x[2, 0]"),
        (A + sympy.Identity(N), "I[N] + A"),
        (sympy.OneMatrix(N, 1), "1[N]"),
        (sympy.Matrix([[1, 2], [3, 4]]), "[1, 2; 3, 4]"),
    ],
    ids=str,
)
def test_sympy(expression: Any, printed: str) -> None:
    found = unicode(from_sympy(expression))
    assert found.replace(" 1[1]ᵀ", "").replace("dot(x, x)", "xᵀ x") == printed


@pytest.mark.parametrize("expression", [A ** sympy.Symbol("k"), sympy.Adjoint(A)], ids=str)
def test_what_sympy_has_and_the_table_has_not(expression: Any) -> None:
    with pytest.raises(ParseError):
        from_sympy(expression)


def test_shapes_come_with_matrix_symbols() -> None:
    trace = tracegen.trace({"L": sympy.Trace((W * x - b) * (W * x - b).T)})
    assert {entry.name: entry.shape for entry in trace.problem.inputs} == {
        "W": ("K", "N"), "x": ("N", 1), "b": ("K", 1),
    }  # fmt: skip
    assert trace.checked["L"].differences


DATA = np.array([[1.0, 2.0], [0.5, -1.0], [2.0, 1.0]])
POINT = {"W": np.array([[0.5, 0.1], [-0.2, 0.3]]), "c": np.array([[0.1, -0.1]])}


def network(W: Any, c: Any) -> Any:
    hidden = np.tanh(DATA @ W + c)
    predicted = np.exp(hidden) / np.sum(np.exp(hidden), axis=1, keepdims=True)
    return np.mean(np.log(predicted)) + np.linalg.norm(W - 1) ** 2 / 2


def products(W: Any, c: Any) -> Any:
    return np.sum(W * W) + np.trace(W @ W.T) + W[0, 1] * W[1, -1] + np.sum(W[:, 0:1] ** 3)


def inverses(W: Any, c: Any) -> Any:
    return np.linalg.det(W) + np.sum(np.linalg.inv(W)) + np.sum(np.linalg.solve(W, c.T)) + np.sum(np.vstack([W, c]))


@pytest.mark.parametrize("function", [network, products, inverses])
def test_functions_over_arrays(function: Any) -> None:
    trace = tracegen.trace(function, at=POINT, digits=12)
    assert trace.checked["y"].differences
    last = trace.evaluations[0].primal.decimal(len(trace.evaluations[0].wengert) - 1)
    assert float(str(last)) == pytest.approx(float(function(**POINT)), rel=1e-11)


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda W, c: np.sum(W, axis=0, dtype=float), "without dtype"),
        (lambda W, c: W[::2], "without a step"),
        (lambda W, c: W @ c, "W c: W is 2×2, c is 1×2; 2 ≠ 1"),
    ],
)
def test_what_is_not_traced(function: Any, says: str) -> None:
    with pytest.raises(TracegenError) as caught:
        tracegen.trace(function, at=POINT)
    assert isinstance(caught.value, TracingError) or "≠" in says
    assert says in caught.value.message


COLUMN = 'x = { shape = ["N"], value = [1, 2, 3] }'


def problem(inputs: str, output: str) -> tracegen.Problem:
    return tracegen.Problem.from_toml(f'[inputs]\n{inputs}\n[outputs]\ny = "{output}"')


@pytest.mark.parametrize(
    ("inputs", "output", "value"),
    [
        (COLUMN, "sum(x)/N", 2.0),
        (f"{COLUMN}\nc = {{ shape = [1, 1], value = [[4]] }}", "c*x[-1] + sum(x[0:2])", 15.0),
        (f'{COLUMN}\nA = {{ shape = ["N", 2], value = [[1, 0], [0, 1], [1, 1]] }}', "norm(A.T @ x)**2", 41.0),
        (COLUMN, "x.T @ x + sum(hadamard(x, ones(N)))", 20.0),
    ],
)
def test_problem_files(inputs: str, output: str, value: float) -> None:
    trace = tracegen.trace(problem(inputs, output))
    assert trace.checked["y"].differences
    last = trace.evaluations[0].primal.decimal(trace.evaluations[0].output("y"))
    assert float(str(last)) == pytest.approx(value)


@pytest.mark.parametrize(
    ("inputs", "kind", "says"),
    [
        (f"N = 2\n{COLUMN}", ProblemError, "N names something else already"),
        (f"{COLUMN}\nN = 2", ProblemError, "N is named twice"),
        (f'{COLUMN}\nA = {{ shape = ["N", 2], value = [[1, 0]] }}', ShapeError, "A is N×2, its value 1×2"),
    ],
)
def test_dimensions_that_do_not_hold_together(inputs: str, kind: type[TracegenError], says: str) -> None:
    with pytest.raises(kind, match=says):
        tracegen.trace(problem(inputs, "sum(x)")).primal().to("txt")


SHAPES = {"x": "N", "W": ("K", "N"), "b": "K"}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("norm(W @ x + b)**2", {"x": "2 Wᵀ (W x + b)", "W": "2 (W x + b) xᵀ", "b": "2 (W x + b)"}),
        ("sum(sigma(W @ x + b))/K", {"x": "Wᵀ σ′(W x + b)/K", "W": "σ′(W x + b) xᵀ/K", "b": "σ′(W x + b)/K"}),
        (lambda x, W, b: np.sum(W @ x + b), {"x": "Wᵀ 1[K]", "W": "1[K] xᵀ", "b": "1[K]"}),
    ],
    ids=["text", "letter", "function"],
)
def test_shapes_without_values(source: Any, wanted: dict[str, str]) -> None:
    (table,) = trace(source, shapes=SHAPES).gradient().tables
    assert {row.key: unicode(row.cells[1]) for row in table.rows if isinstance(row.cells[1], Formula)} == wanted


@pytest.mark.parametrize(
    ("shapes", "says"),
    [
        ({"x": (0,)}, "the shape of x is letters or numbers"),
        ({"x": (2, 3, 4)}, "the shape of x is letters or numbers"),
        ({"x": "N", "z": "N"}, "a shape for z, which is no argument"),
    ],
)
def test_shapes_that_are_none(shapes: dict[str, Any], says: str) -> None:
    with pytest.raises(ProblemError, match=says):
        trace(lambda x: x + 1, shapes=shapes)
