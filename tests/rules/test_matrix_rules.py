"""Rules and gradients of matrices as a person would write them, against the Matrix Cookbook and Giles (2008)."""

from __future__ import annotations

import numpy as np
import pytest

import tracegen
from tracegen.document.view import View
from tracegen.errors import ShapeError
from tracegen.formula import Formula
from tracegen.notation import latex, text, unicode
from tracegen.problems.expression_text import parse
from tracegen.problems.problem import Problem
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
        ("trace(A @ B @ A.T)", "A", "A (B + Bᵀ)"),  # 111
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


def classifier(outputs: str, inputs: str = CLASSES) -> Trace:
    return trace(Problem.from_toml(f"[inputs]\n{inputs}\n[outputs]\n{outputs}", "p.toml"))


PROBABILITIES = CLASSES.replace('T = { shape = ["B", "K"]', 'T = { shape = ["B", "K"], probabilities = true')
ONE_HOT = CLASSES.replace('T = { shape = ["B", "K"]', 'T = { shape = ["B", "K"], value = [[0, 1], [1, 0], [0.5, 0.5]]')
NOT_PROBABILITIES = ONE_HOT.replace("0.5]]", "0.4]]")
VECTORS = """
z = { shape = ["K"] }
t = { shape = ["K"], constant = true, probabilities = true }
"""
NAMED = """[steps]
Z = "X @ W + b"
P = "softmax(Z)"
[outputs]
L = "cross_entropy(T, P) / B"
"""


@pytest.mark.parametrize(
    ("inputs", "output", "wrt", "wanted"),
    [
        (PROBABILITIES, "cross_entropy(T, softmax(X @ W + b)) / B", "W", "Xᵀ (softmax(X W + b) − T)/B"),
        (PROBABILITIES, "cross_entropy(T, softmax(X @ W + b))", "b", "1[B]ᵀ (softmax(X W + b) − T)"),
        (ONE_HOT, "cross_entropy(T, softmax(X @ W + b)) / B", "W", "Xᵀ (softmax(X W + b) − T)/B"),
        (CLASSES, "cross_entropy(T, softmax(X @ W + b)) / B", "W", "Xᵀ (T 1[K] ∘ softmax(X W + b) − T)/B"),
        (NOT_PROBABILITIES, "cross_entropy(T, softmax(X @ W + b))", "W", "Xᵀ (T 1[K] ∘ softmax(X W + b) − T)"),
        # by its name, too, a rule is that of the operands
        (CLASSES, "probability_cross_entropy_rows(T, X @ W)", "W", "Xᵀ (T 1[K] ∘ softmax(X W) − T)"),
        (VECTORS, "cross_entropy(t, softmax(z))", "z", "softmax(z) − t"),
        (VECTORS.replace(", probabilities = true", ""), "cross_entropy(t, softmax(z))", "z", "sum(t) softmax(z) − t"),
    ],
)
def test_the_gradient_of_a_cross_entropy_is_p_minus_t_of_probabilities_only(
    inputs: str, output: str, wrt: str, wanted: str
) -> None:
    found = classifier(f'L = "{output}"', inputs)
    (table,) = found.gradient(wrt=wrt).tables
    assert [unicode(row.cells[1]) for row in table.rows if isinstance(row.cells[1], Formula)] == [wanted]
    assert found.checked["L"].differences


def test_a_softmax_that_has_a_name_is_called_by_it_and_has_no_adjoint() -> None:
    """Z̄ = (P − T)/B, with no detour over P̄ = −T/P."""
    found = trace(Problem.from_toml(f"[inputs]\n{PROBABILITIES}\n{NAMED}"))

    def printed(view: View, cell: int = 0) -> list[str]:
        return [unicode(row.cells[cell]) for table in view.tables for row in table.rows]  # type: ignore[arg-type]

    assert printed(found.primal()) == ["v₁ = X W", "Z = v₁ + b", "P = softmax(Z)", "v₂ = CE(T, P)", "L = v₂/B"]
    assert printed(found.reverse()) == [
        "v̄₁ = Z̄·∂Z/∂v₁ = Z̄", "Z̄ = v̄₂·∂v₂/∂Z = v̄₂ (P − T)", "v̄₂ = L̄·∂L/∂v₂ = L̄/B", "L̄ = 1",
        "W̄ = v̄₁·∂v₁/∂W = Xᵀ v̄₁", "b̄ = Z̄·∂Z/∂b = 1[B]ᵀ Z̄",
    ]  # fmt: skip
    assert printed(found.gradient(), 1) == ["Xᵀ (P − T)/B", "1[B]ᵀ (P − T)/B"]
    assert "Ż" in printed(found.forward())[3]
    adjoints = found.record()["lists"][0]["adjoints"][0]["lines"]
    assert "P" not in [line["name"] for line in adjoints]
    assert found.checked["L"].differences


def test_a_softmax_with_a_name_keeps_its_adjoint_where_targets_are_any_numbers() -> None:
    found = trace(Problem.from_toml(f"[inputs]\n{CLASSES}\n{NAMED}"))
    (table,) = found.reverse().tables
    assert "P̄ = v̄₂·∂v₂/∂P = −v̄₂ (T/P)" in [unicode(row.cells[0]) for row in table.rows]  # type: ignore[arg-type]


def test_the_gradient_by_probabilities_is_that_of_differences_in_numbers() -> None:
    """Beside hand-written NumPy, at a batch of three."""
    values = {"X": [[1, 2], [3, -1], [0, 1]], "W": [[0.1, 0.2], [0.3, -0.4]], "b": [[0.5, -0.5]]}
    targets = [[0, 1], [1, 0], [0.25, 0.75]]
    inputs = "".join(f"{text} = {{ value = {value} }}\n" for text, value in values.items())
    inputs += f"T = {{ value = {targets}, constant = true, probabilities = true }}\n"
    found = classifier('L = "cross_entropy(T, softmax(X @ W + b)) / 3"', inputs)
    X, W, b = (np.array(values[text], dtype=float) for text in "XWb")
    powers = np.exp(X @ W + b)
    predicted = powers / powers.sum(axis=1, keepdims=True)
    (line,) = [line for line in found.record()["lists"][0]["adjoints"][0]["lines"] if line["name"] == "W"]
    assert np.array(line["decimal"], dtype=float) == pytest.approx(X.T @ (predicted - targets) / 3, abs=1e-5)


def test_softmax_and_cross_entropy_written_together_are_one_line() -> None:
    found = classifier('L = "cross_entropy(T, softmax(X @ W + b)) / B"')
    assert [line.primitive.name for line in found.lines if line.primitive] == [
        "matmul", "add", "softmax_cross_entropy_rows", "div",
    ]  # fmt: skip
    hessian = [unicode(row.cells[0]) for table in found.hessian().tables for row in table.rows]  # type: ignore[arg-type]
    assert not [cell for cell in hessian if "Ḃ" in cell]  # a dimension does not move


def test_what_depends_on_data_only_has_no_adjoint() -> None:
    (table,) = classifier('L = "sum(hadamard(T - 1, X @ W))"').reverse().tables
    assert [unicode(row.cells[0]).split(" = ")[0] for row in table.rows] == ["v̄₂", "v̄₃", "v̄₄", "W̄", "b̄"]


@pytest.mark.parametrize(
    ("output", "right", "says"),
    [
        ("sum(X @ W + b)", "sum(X @ W + b.T)", "X W + b: X W is B×K, b is K×1; B ≠ K; write b.T"),
        ("sum(b - X @ W)", "sum(b.T - X @ W)", "b − X W: b is K×1, X W is B×K; K ≠ B; write b.T"),
        ("sum(X@W - 2*b)", "sum(X@W - (2*b).T)", "X W − 2·b: X W is B×K, 2·b is K×1; B ≠ K; write (2*b).T"),
        ("sum(X@W / exp(b))", "sum(X@W / exp(b).T)", "X W/exp(b): X W is B×K, exp(b) is K×1; B ≠ K; write exp(b).T"),
        ("sum(hadamard(X@W, b))", "sum(hadamard(X@W, b.T))", "X W ∘ b: X W is B×K, b is K×1; B ≠ K; write b.T"),
    ],
)
def test_a_bias_for_a_batch_is_a_row_and_the_error_says_how(output: str, right: str, says: str) -> None:
    inputs = CLASSES.replace('b = { shape = [1, "K"] }', 'b = { shape = ["K"] }')
    with pytest.raises(ShapeError) as caught:
        classifier(f'L = "{output}"', inputs)
    assert caught.value.message == f"{says}, which goes with every row"
    assert classifier(f'L = "{right}"', inputs).checked


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


@pytest.mark.parametrize(
    ("targets", "wanted"),
    [
        ([[1, 0], [0.25, 0.75]], "softmax(Z) − [1.0, 0.0; 0.25, 0.75]"),
        ([[1, 0], [1, 1]], " ∘ softmax(Z) − [1, 0; 1, 1]"),
    ],
)
def test_targets_that_stand_in_a_function_are_known(targets: list[list[float]], wanted: str) -> None:
    found = trace(lambda Z: tracegen.cross_entropy(np.array(targets), tracegen.softmax(Z)), at={"Z": [[1, 2], [3, 5]]})
    (table,) = found.gradient().tables
    assert unicode(table.rows[0].cells[1]).endswith(wanted)  # type: ignore[arg-type]
    assert unicode(table.rows[0].cells[1]).startswith("softmax") == wanted.startswith("softmax")  # type: ignore[arg-type]
    assert found.checked["y"].differences
