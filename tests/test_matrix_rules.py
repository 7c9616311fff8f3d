"""Rules and gradients of matrices as a person would write them, against the Matrix Cookbook and Giles (2008)."""

from __future__ import annotations

import pytest

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
