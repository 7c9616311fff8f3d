"""Matrices of numbers on a sheet: read in every format, and judged element by element."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tracegen.examples import path_of
from tracegen.grading.grader import grade
from tracegen.traces import Trace, trace


@pytest.fixture(scope="module")
def network() -> Trace:
    return trace(path_of("homework2_numbers"))


@pytest.mark.parametrize("form", ["md", "tex", "txt", "csv", "json"])
def test_what_is_rendered_gets_full_marks(network: Trace, form: str) -> None:
    report = grade(path_of("homework2_numbers"), network.to(form), suffix=f".{form}")
    assert report.max_score > 100
    assert [(cell.row, cell.because) for cell in report.cells if cell.verdict != "right"] == []
    assert report.score == report.max_score


def test_an_element_that_is_not_right_is_named(network: Trace) -> None:
    text = network.to("md")
    assert text.count("0.622459") > 1
    report = grade(path_of("homework2_numbers"), text.replace("0.622459", "0.722459", 1))
    (cell,) = [cell for cell in report.cells if cell.verdict != "right"]
    assert (cell.row, cell.cell, cell.verdict) == ("h", "value", "wrong")
    assert cell.because == "the element in row 2, column 1 is not right"


def test_a_matrix_of_another_shape(network: Trace) -> None:
    text = network.to("md").replace(r"1.00000 \cr 2.00000", "1.00000 & 2.00000", 1)
    report = grade(path_of("homework2_numbers"), text)
    assert [cell.because for cell in report.cells if cell.verdict != "right"] == ["this is 1×2; the row is 2×1"]


def test_a_list_of_numbers_is_as_well_a_column_as_a_row(network: Trace) -> None:
    text = network.to("md").replace(r"\begin{bmatrix} 1.00000 \cr 2.00000 \end{bmatrix}", "[1, 2]", 1)
    report = grade(path_of("homework2_numbers"), text)
    assert [cell.verdict for cell in report.cells if cell.text == "[1, 2]"] == ["right"]
    assert report.score == report.max_score


NETWORK = """z = W1 x + b1 = {z}
h = sigma(z) = {h}
R = r.T h = {R}
y = W2 h + b2 = {y}
xi = norm(y - s)**2/2 = {xi}
L = xi + R = {L}

Adjoints of L:
ȳ = {rule} = {ybar}
h̄ = r + W2.T ȳ = {hbar}
z̄ = h̄ * h * (1 - h) = {zbar}
W̄1 = z̄ x.T = {W1bar}
"""


def sheet(form: Callable[[Any], str], slip: float = 0.0, factor: float = 1.0, rule: str = "y - s") -> str:
    """The network worked out by NumPy, with a slip in an element of z, or a factor too many in the adjoint of y."""
    x, s = np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]])
    W1, b1 = np.array([[0.5, -0.25], [0.1, 0.3], [-0.4, 0.2]]), np.array([[0.1], [-0.2], [0.05]])
    W2, b2, r = np.array([[0.3, -0.1, 0.2], [-0.5, 0.4, 0.6]]), np.array([[0.1], [0.0]]), np.array([[1.0], [-1], [2]])
    z = W1 @ x + b1
    z[0, 0] += slip
    h = 1 / (1 + np.exp(-z))
    R, y = (r.T @ h).item(), W2 @ h + b2
    xi = ((y - s) ** 2).sum().item() / 2
    ybar = factor * (y - s)
    hbar = r + W2.T @ ybar
    zbar = hbar * h * (1 - h)
    matrices = {"z": z, "h": h, "y": y, "ybar": ybar, "hbar": hbar, "zbar": zbar, "W1bar": zbar @ x.T}
    numbers = {"R": f"{R:.4f}", "xi": f"{xi:.4f}", "L": f"{xi + R:.4f}"}
    return NETWORK.format(rule=rule, **numbers, **{name: form(matrix) for name, matrix in matrices.items()})


def nested(matrix: Any) -> str:
    return "[" + ", ".join(f"[{', '.join(f'{number:.4f}' for number in row)}]" for row in matrix) + "]"


FORMS = {
    "nested": nested,
    "numpy": lambda matrix: str(matrix.round(4)),
    "array": lambda matrix: f"np.array({nested(matrix)})",
    "matlab": lambda matrix: "[" + "; ".join(" , ".join(f"{number:.4f}" for number in row) for row in matrix) + "]",
    "latex": lambda matrix: (
        r"\begin{pmatrix}"
        + r" \\ ".join(" & ".join(f"{number:.3f}" for number in row) for row in matrix)
        + r"\end{pmatrix}"
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_matrices_as_people_and_programs_write_them(form: str) -> None:
    report = grade(path_of("homework2_numbers"), sheet(FORMS[form]), suffix=".txt")
    assert [(cell.row, cell.text, cell.because) for cell in report.cells if cell.verdict != "right"] == []
    assert report.max_score == 30


def test_a_wrong_matrix_is_carried_on_from_row_to_row() -> None:
    report = grade(path_of("homework2_numbers"), sheet(nested, slip=0.1), suffix=".txt")
    values = [cell for cell in report.cells if cell.cell == "value"]
    assert [(cell.row, cell.verdict) for cell in values[:1]] == [("z", "wrong")]
    assert {(cell.verdict, cell.root) for cell in values[1:]} == {("carried", "L/primal z")}
    assert report.max_score - report.score == 1


def test_a_matrix_that_follows_from_a_wrong_formula_is_carried() -> None:
    report = grade(path_of("homework2_numbers"), sheet(nested, factor=2, rule="2 (y - s)"), suffix=".txt")
    found = {(cell.row, cell.cell): (cell.verdict, cell.root) for cell in report.cells if cell.verdict != "right"}
    root = ("carried", "L/reverse y")
    assert found == {("y", "formula"): ("wrong", None)} | {(row, "value"): root for row in ("y", "h", "z", "W1")}


def test_a_matrix_that_does_not_follow_is_a_slip_of_its_own() -> None:
    text = re.sub(r"(W̄1 = z̄ x.T = \[\[-?)", r"\g<1>3", sheet(nested, slip=0.1))
    report = grade(path_of("homework2_numbers"), text, suffix=".txt")
    wrong = [(cell.row, cell.cell) for cell in report.cells if cell.verdict == "wrong"]
    assert wrong == [("z", "value"), ("W1", "value")]


def test_matrices_of_which_most_do_not_follow_are_left_to_a_person() -> None:
    text = sheet(nested, slip=0.1).replace("h = sigma(z) = [[0.5", "h = sigma(z) = [[0.7", 1)
    report = grade(path_of("homework2_numbers"), text, suffix=".txt")
    values = [cell.verdict for cell in report.cells if cell.cell == "value"]
    assert set(values) == {"unsure"}
    assert len(values) == 10
