"""What stands in a notebook is named by its cell and by the line in that cell."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\na = 2\nb = 3\n[outputs]\ny = "sin(a*b) + a*b**2"')
CELLS = [
    ("markdown", "# Values\n\nv0 = a = 2\nv1 = b = 3\n"), ("code", "v0 = 7\n"),
    ("markdown", "v2 = v0*v1 = 6\n\nv3 = sin(v2) = -0.2794"), ("raw", "v4 = v1^2 = 9"), ("code", ""),
    ("markdown", "\nv5 = v0*v4 = 18\ny = v3 + v5 = 17.7206\n"),
]  # fmt: skip


def notebook(cells: Sequence[tuple[str, str]], *, as_lines: bool) -> str:
    made = [{"cell_type": kind, "source": text.splitlines(keepends=True) if as_lines else text} for kind, text in cells]
    return json.dumps({"cells": made, "nbformat": 4})


@pytest.mark.parametrize("as_lines", [True, False])
def test_each_cell_of_a_report_says_where_it_stands(as_lines: bool) -> None:
    report = grade(PROBLEM, notebook(CELLS, as_lines=as_lines), suffix=".ipynb")
    assert {cell.verdict for cell in report.cells} == {"right"}
    for cell in report.cells:
        number, line = (int(part.split()[1]) for part in cell.place.split(", "))
        assert cell.text in CELLS[number - 1][1].split("\n")[line - 1]


def test_a_reader_sees_the_cell_and_the_line() -> None:
    report = grade(PROBLEM, notebook(CELLS, as_lines=True).replace("= 9", "= 8"), suffix=".ipynb")
    assert "cell 4, line 1" in report.to("md")
    assert "cell 4, line 1" in report.to("html")
    assert {cell["place"] for cell in json.loads(report.to("json"))["cells"] if cell["verdict"] == "wrong"} == {
        "cell 4, line 1"
    }


def test_other_files_are_counted_in_lines() -> None:
    assert {cell.place for cell in grade(PROBLEM, "v0 = a = 2\nv1 = b = 3\n").cells} == {""}
