"""A report shows what stands on the sheet, also where that had to be readied for reading."""

from __future__ import annotations

import pytest

from tracegen.grading.grader import grade
from tracegen.grading.members import entry_texts
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\nx1 = "1/2"\nx2 = 3\n[outputs]\ny = "x1*x2 + x1"')

SHEETS = {
    "decimal commas": (
        "v-1 = x1 = 0,5\nv0 = x2 = 3\nv1 = v-1 v0 = 1,5\nv2 = v1 + v-1 = 2,0",
        ["v-1", "x1", "0,5", "v0", "x2", "3", "v1", "v-1 v0", "1,5", "v2", "v1 + v-1", "2,0"],
    ),
    "commas in braces": (
        "$v_{-1} = x_1 = 0{,}5$\n\n$v_0 = x_2 = 3$\n\n$v_1 = v_{-1} v_0 = 1{,}5$\n\n$v_2 = v_1 + v_{-1} = 2{,}0$",
        ["v_{-1}", "x_1", "0{,}5", "v_0", "x_2", "3", "v_1", "v_{-1} v_0", "1{,}5", "v_2", "v_1 + v_{-1}", "2{,}0"],
    ),
    "ditto marks": (
        "| row | formula | value |\n|---|---|---|\n| v1 | x1 | 0.5 |\n| v2 | x2 | 3 |\n| v3 | v1 v2 | 1.5 |\n"
        '| v4 | v3 | " |\n| v5 | v4 + v1 | 2 |',
        ["v1", "x1", "0.5", "v2", "x2", "3", "v3", "v1 v2", "1.5", "v4", "v3", '"', "v5", "v4 + v1", "2"],
    ),
    "letters for digits": (
        "vO = x1 = O.5\nvl = x2 = 3\nv2 = vO vl = l.5\nv3 = v2 + v0 = 2",
        ["vO", "x1", "O.5", "vl", "x2", "3", "v2", "vO vl", "l.5", "v3", "v2 + v0", "2"],
    ),
    "rows that are counted": (
        "| i | v_i | value |\n|---|---|---|\n| -1 | x1 | 0,5 |\n| 0 | x2 | 3 |\n| 1 | v_{-1} v_0 | 1,5 |\n"
        "| 2 | v_1 + v_{-1} | 2 |",
        ["-1", "x1", "0,5", "0", "x2", "3", "1", "v_{-1} v_0", "1,5", "2", "v_1 + v_{-1}", "2"],
    ),
    "an alignment and a matrix": (
        "$$\\begin{aligned} v_1 &= x_1 &&= 0,5\\\\ v_2 &= x_2 &&= 3 \\end{aligned}$$\n\n$v_3 = v_1 v_2 = 1,5$\n\n"
        "$v_4 = v_3 + v_1 = 2$\n\n$J = \\begin{pmatrix} 4,0 & 0,5 \\end{pmatrix}$",
        ["v_1", "x_1", "0,5", "v_2", "x_2", "3", "v_3", "v_1 v_2", "1,5", "v_4", "v_3 + v_1", "2", "4,0", "0,5"],
    ),
    "several on a line": (
        "$v_1 = x_1, v_2 = x_2, v_3 = v_1 v_2$\n\n$v_4 = v_3 + v_1$",
        ["v_1", "x_1", "v_2", "x_2", "v_3", "v_1 v_2", "v_4", "v_3 + v_1"],
    ),
}


@pytest.mark.parametrize(("text", "cells"), SHEETS.values(), ids=SHEETS)
def test_every_cell_keeps_the_text_of_its_writer(text: str, cells: list[str]) -> None:
    report = grade(PROBLEM, text)
    assert [cell.text for cell in report.cells] == cells
    assert {cell.verdict for cell in report.cells} == {"right"}


def test_a_sheet_with_points_and_one_with_commas_keep_their_own() -> None:
    commas = SHEETS["decimal commas"][0]
    for text, value in ((commas, "1,5"), (commas.replace(",", "."), "1.5"), (commas, "1,5")):
        assert value in [cell.text for cell in grade(PROBLEM, text).cells]


def test_a_square_jacobian_that_is_transposed_is_one_slip() -> None:
    problem = Problem.from_toml('[inputs]\nx1 = 2\nx2 = 3\n[outputs]\ny1 = "x1*x2"\ny2 = "x1**2"')
    report = grade(problem, r"$$J = \begin{pmatrix} x_2 & 2 x_1\\ x_1 & 0 \end{pmatrix}$$")
    assert [cell.tags for cell in report.cells if cell.verdict == "wrong"] == [("shape.transposed",)]
    assert [cell.text for cell in report.cells][:4] == ["x_2", "x_1", "2 x_1", "0"]


MATRICES = [
    (r"$$\begin{pmatrix} \frac12 & 3\\[2pt] x & -1 \end{pmatrix}$$", [[r"\frac12", "3"], ["x", "-1"]]),
    (r"\left[\begin{array}{cc} 1 & 2,5 \end{array}\right]", [["1", "2,5"]]),
    ("[[1, 2], [3, 4]]", [["1", "2"], ["3", "4"]]),
    ("[1 ; 2]", [["1"], ["2"]]),
    (r"\left(\frac35, \frac45\right)^T", [[r"\frac35", r"\frac45"]]),
    ("no matrix", []),
]


@pytest.mark.parametrize(("text", "entries"), MATRICES)
def test_the_entries_of_a_matrix_keep_their_texts(text: str, entries: list[list[str]]) -> None:
    assert entry_texts(text) == entries
