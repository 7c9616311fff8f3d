"""Matrices of numbers on a sheet: read in every format, and judged element by element."""

from __future__ import annotations

import pytest

from tracegen.examples import path_of
from tracegen.grade.grader import grade
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
    text = network.to("md").replace(r"\begin{bmatrix} 1.00000 \cr 2.00000 \end{bmatrix}", "[1, 2]", 1)
    report = grade(path_of("homework2_numbers"), text)
    assert [cell.because for cell in report.cells if cell.verdict != "right"] == ["this is 1×2; the row is 2×1"]
