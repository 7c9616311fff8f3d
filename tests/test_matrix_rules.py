"""Rules and gradients of matrices as a person would write them, against the Matrix Cookbook and Giles (2008)."""

from __future__ import annotations

import pytest

from tracegen.errors import ShapeError
from tracegen.formula import Formula
from tracegen.notation import latex, text, unicode
from tracegen.parse import parse
from tracegen.problem import Problem
from tracegen.traces import Trace, trace

INPUTS = """
x = { shape = ["N"] }
y = { shape = ["N"] }
A = { shape = ["N", "N"] }
B = { shape = ["N", "N"] }
S = { shape = ["N", "N"], symmetric = true }
"""


def traced(output: str) -> Trace:
    return trace(Problem.from_toml(f'[inputs]\n{INPUTS}\n[outputs]\nL = "{output}"'))


def gradient(output: str, wrt: str) -> str:
    (table,) = traced(output).gradient(wrt=wrt).tables
    (row,) = table.rows
    assert isinstance(row.cells[1], Formula)
    return unicode(row.cells[1])


@pytest.mark.parametrize(
    ("output", "wrt", "wanted"),
    [
        # Petersen and Pedersen, "The Matrix Cookbook" (2012), by the numbers of its equations
        ("x.T @ A @ y", "A", "x yᵀ"),  # 70
        ("x.T @ A @ x", "x", "(A + Aᵀ) x"),  # 81
        ("x.T @ S @ x", "x", "2 S x"),
        ("logdet(A)", "A", "A⁻ᵀ"),  # 57
        ("logdet(S)", "S", "S⁻¹"),
        ("det(A)", "A", "det(A) A⁻ᵀ"),  # 49
        ("x.T @ inv(A) @ y", "A", "−A⁻ᵀ x yᵀ A⁻ᵀ"),  # 61
        ("x.T @ solve(A, y)", "A", "−A⁻ᵀ x yᵀ A⁻ᵀ"),
        ("x.T @ solve(S, x)", "x", "2 S⁻¹ x"),
        ("x.T @ solve(S, x)", "S", "−S⁻¹ x xᵀ S⁻¹"),
        ("trace(inv(A) @ B)", "A", "−A⁻ᵀ Bᵀ A⁻ᵀ"),  # 124
        ("trace(inv(A) @ B)", "B", "A⁻ᵀ"),
        ("trace(A @ B)", "A", "Bᵀ"),  # 100
        ("trace(A @ B @ A.T)", "A", "A Bᵀ + A B"),  # 111
        ("norm(x - y)", "x", "(x − y)/‖x − y‖"),  # 129
        ("norm(A)**2", "A", "2 A"),  # 131
        ("sum(hadamard(A, B))", "A", "B"),
        ("sum(x**2)", "x", "2 x"),
        ("sum(exp(x)) / 2", "x", "exp(x)/2"),
        ("log(sum(exp(x)))", "x", "exp(x)/sum(exp(x))"),
        ("sum(abs(x))", "x", "sign(x)"),
        ("(x.T @ y)**2", "x", "(2·xᵀ y) y"),
        ("x[0]*x[1]", "x", "[x[1, 0]; 0] + [0; x[0, 0]; 0]"),
    ],
)
def test_gradients_in_one_piece(output: str, wrt: str, wanted: str) -> None:
    assert gradient(output, wrt) == wanted


@pytest.mark.parametrize(
    ("written", "shown", "typeset"),
    [
        ("scale(1/c, A)", "A/c", r"\frac{A}{c}"),
        ("scale(3/2, A)", "3 A/2", r"\frac{3\, A}{2}"),
        ("scale(a/c, A)", "(a/c) A", r"\frac{a}{c}\, A"),
        ("scale(matmul(u, v), A)", "(u v) A", r"(u v)\, A"),
        ("mul(2, matmul(u, v))", "2·u v", "2 u v"),
    ],
)
def test_a_number_before_a_matrix_is_no_riddle(written: str, shown: str, typeset: str) -> None:
    formula = parse(written)
    assert unicode(formula) == shown
    assert latex(formula) == typeset


def test_zeros_around_a_part_are_shown_as_a_matrix() -> None:
    (table,) = traced("norm(A[0:1, 0:2])**2").reverse().tables
    (row,) = (row for row in table.rows if row.key == "A")
    assert isinstance(row.cells[0], Formula)
    assert unicode(row.cells[0]).endswith("= [v̄₁, 0; 0, 0]")
    assert r"\begin{bmatrix} \bar v_1 & 0 \\ 0 & 0 \end{bmatrix}" in latex(row.cells[0])
    assert text(row.cells[0]).endswith("pad(v1_bar, 0, N - 1, 0, N - 2)")


def test_rows_of_a_symmetric_matrix_have_no_transposes() -> None:
    found = traced("x.T @ solve(S, x) + x.T @ S @ x + logdet(S)")
    cells = [
        row.cells[0]
        for view in (found.reverse(), found.forward(), found.hessian())
        for t in view.tables
        for row in t.rows
    ]
    printed = [unicode(cell) for cell in cells if isinstance(cell, Formula)]
    assert not [cell for cell in printed if "Sᵀ" in cell or "S⁻ᵀ" in cell or "Ṡᵀ" in cell]


CLASSES = """
X = { shape = ["B", "N"], constant = true }
W = { shape = ["N", "K"] }
b = { shape = [1, "K"] }
T = { shape = ["B", "K"], constant = true }
"""


def classifier(outputs: str) -> Trace:
    return trace(Problem.from_toml(f"[inputs]\n{CLASSES}\n[outputs]\n{outputs}", "p.toml"))


def test_softmax_and_cross_entropy_written_together_are_one_line() -> None:
    """P − T, where the rows of T sum to 1: T 1 is 1 then."""
    found = classifier('L = "cross_entropy(T, softmax(X @ W + b)) / B"')
    assert [line.primitive.name for line in found.lines if line.primitive] == [
        "matmul", "add", "softmax_cross_entropy_rows", "div",
    ]  # fmt: skip
    (table,) = found.gradient(wrt="W").tables
    assert [unicode(row.cells[1]) for row in table.rows if isinstance(row.cells[1], Formula)] == [
        "Xᵀ (T 1[K] ∘ softmax(X W + b) − T)/B"
    ]
    hessian = [unicode(row.cells[0]) for table in found.hessian().tables for row in table.rows]  # type: ignore[arg-type]
    assert not [cell for cell in hessian if "Ḃ" in cell]  # a dimension does not move


def test_what_depends_on_data_only_has_no_adjoint() -> None:
    (table,) = classifier('L = "sum(hadamard(T - 1, X @ W))"').reverse().tables
    assert [unicode(row.cells[0]).split(" = ")[0] for row in table.rows] == ["v̄₂", "v̄₃", "v̄₄", "W̄", "b̄"]


def test_a_bias_for_a_batch_is_a_row_and_the_error_says_how() -> None:
    inputs = CLASSES.replace('b = { shape = [1, "K"] }', 'b = { shape = ["K"] }')
    says = "L: X W + b: X W is B×K, b is K×1; B ≠ K; b as a row, which goes with every row, is b.T"
    with pytest.raises(ShapeError) as caught:
        trace(Problem.from_toml(f'[inputs]\n{inputs}\n[outputs]\nL = "sum(X @ W + b)"'))
    assert str(caught.value) == says
    assert trace(Problem.from_toml(f'[inputs]\n{inputs}\n[outputs]\nL = "sum(X @ W + b.T)"')).checked


@pytest.mark.parametrize(
    ("output", "rows"),
    [
        ("-x.T @ y", ["dot", "neg"]), ("3*x.T @ x", ["dot", "mul"]), ("-x.T @ A @ x", ["quadratic", "neg"]),
        ("(-x).T @ y", ["neg", "dot"]),
    ],
)  # fmt: skip
def test_a_sign_before_a_product_is_that_of_the_product(output: str, rows: list[str]) -> None:
    assert [line.primitive.name for line in traced(output).lines if line.primitive] == rows


def test_the_same_twice_is_two_of_it() -> None:
    (table,) = traced("x.T @ x").reverse().tables
    assert unicode(table.rows[0].cells[0]).endswith("= 2·v̄₁ v₀")  # type: ignore[arg-type]
