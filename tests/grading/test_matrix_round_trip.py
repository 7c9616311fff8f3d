"""The tables of matrices that this project renders are right in every cell, and answers that say the same otherwise."""

from __future__ import annotations

import pytest

import tracegen
from tests.grading.test_round_trip import FORMATS, assert_right
from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

PROBLEMS = {
    "softmax on a batch": """
[inputs]
X = {shape = ["B", "N"]}
W1 = {shape = ["N", "K"]}
b1 = {shape = [1, "K"]}
W2 = {shape = ["K", "M"]}
T = {shape = ["B", "M"]}
[steps]
H = "tanh(X @ W1 + b1)"
Z = "H @ W2"
[outputs]
L = "cross_entropy(T, softmax(Z))"
""",
    "targets that are probabilities": """
[inputs]
X = {shape = ["B", "N"]}
W = {shape = ["N", "K"]}
b = {shape = [1, "K"]}
T = {shape = ["B", "K"], probabilities = true}
[steps]
P = "softmax(X @ W + b)"
[outputs]
L = "cross_entropy(T, P)/B"
""",
    "logistic regression": """
[inputs]
X = {shape = ["B", "N"]}
w = {shape = ["N", 1]}
c = {}
t = {shape = ["B", 1]}
[steps]
u = "X @ w + c"
[outputs]
L = "sum(log(1 + exp(u)) - hadamard(t, u))"
""",
    "least squares": """
[inputs]
X = {shape = ["B", "N"]}
w = {shape = ["N", 1]}
t = {shape = ["B", 1]}
[outputs]
L = "norm(X @ w - t)**2 / 2"
""",
    "means and sums": """
[inputs]
X = {shape = ["B", "N"]}
c = {}
[steps]
m = "column_means(X)"
C = "X - m"
[outputs]
L = "mean(C @ C.T) + c*sum(exp(X)) + sum(row_sums(X))**2"
""",
    "trace and identity": """
[inputs]
A = {shape = ["N", "N"]}
B = {shape = ["N", "N"]}
x = {shape = ["N", 1]}
[outputs]
L = "trace(A @ B.T) + x.T @ A @ x + sum(diag(A)) + sum(diag(x) @ B)"
""",
    "norm": """
[inputs]
A = {shape = ["N", "M"]}
x = {shape = ["M", 1]}
[outputs]
L = "norm(A) * norm(A @ x) / (1 + norm(x)**2)"
""",
    "softmax of a vector": """
[inputs]
z = {shape = ["N", 1]}
t = {shape = ["N", 1]}
[outputs]
L = "t.T @ softmax(z) + logsumexp(2*z)"
""",
}


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", PROBLEMS)
def test_own_tables_of_matrices_grade_at_full_marks(name: str, format_: str) -> None:
    problem = Problem.from_toml(f'title = "{name}"\n{PROBLEMS[name]}')
    options = {"standalone": True} if format_ == "tex" else {}
    assert_right(problem, tracegen.trace(problem).to(format_, **options), f".{format_}")


ANSWERS = [
    ("least squares", "v0 = X w\nv1 = v0 - t\nL = 1/2 v1^T v1\n", "right"),
    ("least squares", "v0 = X w\nv1 = v0 - t\nL = 1/2 v1 v1^T\n", "wrong"),
    ("logistic regression", "$v_1 = X w + c \\mathbf{1}_B$", "right"),
    ("logistic regression", "$v_1 = X w + c\\, \\mathbb{1}_{B}$", "right"),
    ("logistic regression", "$v_1 = X w + c \\mathbf{1}_N$", "wrong"),
    ("logistic regression", "$\\frac{\\partial L}{\\partial w} = X^\\top (\\sigma(X w + c) - t)$", "right"),
    ("logistic regression", "$\\frac{\\partial L}{\\partial w} = X (\\sigma(X w + c) - t)$", "wrong"),
    ("targets that are probabilities", "$\\frac{\\partial L}{\\partial W} = \\frac{1}{B} X^\\top (P - T)$", "right"),
    ("targets that are probabilities", "$\\frac{\\partial L}{\\partial W} = X^\\top (P - T)$", "wrong"),
    ("targets that are probabilities", "∂L/∂W = Xᵀ (P − T)/B", "right"),
    ("targets that are probabilities", "$\\frac{\\partial L}{\\partial b} = \\mathbf{1}_B^\\top (P - T)/B$", "right"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "answer", "verdict"), ANSWERS)
def test_the_last_formula_of_an_answer(name: str, answer: str, verdict: str) -> None:
    report = grade(Problem.from_toml(PROBLEMS[name]), answer)
    formulas = [cell for cell in report.cells if cell.cell != "label"]
    assert [(cell.verdict, cell.because) for cell in formulas if cell.verdict in ("unread", "unsure")] == []
    assert formulas[-1].verdict == verdict, formulas[-1].because


def test_a_large_size_in_an_answer_makes_no_large_matrix() -> None:
    report = grade(Problem.from_toml(PROBLEMS["least squares"]), "v0 = X w\nv1 = v0 - identity(99999999) t\n")
    assert report.cells[-1].verdict != "right"


WHOLE = r"\frac{\partial v_1}{\partial v_0}"


@pytest.mark.parametrize(
    "formula",
    [
        rf"v_0^{{{WHOLE}}}", rf"{WHOLE}^{{v_0}}", rf"\frac{{v_0}}{{{WHOLE}}}", rf"|{WHOLE}|", rf"{WHOLE}^{{-1}}",
        rf"{WHOLE}^2", rf"\exp({WHOLE})", rf"\det({WHOLE})", rf"\operatorname{{sum}}({WHOLE})", rf"({WHOLE})^\top v_0",
        rf"\langle {WHOLE}, v_0 \rangle", rf"v_0 + {WHOLE}", rf"\operatorname{{sign}}({WHOLE})", rf"\sqrt{{{WHOLE}}}",
        rf"\operatorname{{softmax}}({WHOLE})", rf"\operatorname{{diag}}({WHOLE})", rf"{WHOLE} \circ v_0",
        rf"\operatorname{{solve}}({WHOLE}, v_0)", rf"\begin{{pmatrix}} {WHOLE} & v_0 \end{{pmatrix}}",
        rf"\begin{{pmatrix}} v_1 & 0 \end{{pmatrix}} {WHOLE}", rf"{WHOLE}[0:1]",
        rf"\begin{{pmatrix}} {WHOLE} & 0 \end{{pmatrix}}",
    ],
)  # fmt: skip
def test_a_local_partial_may_stand_anywhere(formula: str) -> None:
    rows = f"$v_0 = X w$\n\n$v_1 = v_0 - t$\n\n$L = \\frac12 v_1^\\top v_1$\n\n$\\bar v_0 = {formula}$"
    report = grade(Problem.from_toml(PROBLEMS["least squares"]), rows)
    assert report.cells[-1].verdict in ("wrong", "unread", "unsure", "extra")
