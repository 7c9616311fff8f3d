"""A report names the line of the sheet on which a cell stands, whatever the cell is wrapped in."""

from __future__ import annotations

import pytest

from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\nx1 = 2\nx2 = 3\n[outputs]\ny = "x1*x2 + x1"')

ROWS = ["v_0 {} x_1 = 2", "v_1 {} x_2 = 3", "v_2 {} v_0 v_1 = 6", "v_3 {} v_2 + v_0 = 8"]

WRAPPED = {
    "lines": (".txt", "{}", "=", "\n", "", ""),
    "formulas between dollars": (".md", "${}$", "=", "\n\n", "Trace\n\n", ""),
    "an alignment": (".tex", "{}", "&=", "\\\\\n", "\\begin{align*}\n", "\n\\end{align*}\n"),
    "an alignment with labels": (
        ".tex", "{} \\label{r}", "&=", "\\\\[2pt]\n\n", "\\begin{align}\n", "\n\\end{align}\n",
    ),
    "an alignment in a display": (
        ".md", "{}", "&=", "\\\\\n", "$$\n\\begin{aligned}\n", "\n\\end{aligned}\n$$\n",
    ),
    "an array in a display": (
        ".tex", "{}", "&=&", "\\\\\n", "\\[\n\\begin{array}{rcl}\n", "\n\\end{array}\n\\]\n",
    ),
    "a display": (".md", "$$\n{}\n$$", "=", "\n", "", ""),
    "a table with rules": (
        ".tex", "\\hline\n${}$ & \\\\", "=", "\n", "\\begin{tabular}{ll}\n", "\n\\hline\n\\end{tabular}\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("suffix", "row", "sign", "between", "before", "after"), WRAPPED.values(), ids=WRAPPED)
def test_every_row_is_on_its_line(suffix: str, row: str, sign: str, between: str, before: str, after: str) -> None:
    rows = [each.format(sign) for each in ROWS]
    text = before + between.join(row.replace("{}", each) for each in rows) + after
    cells = grade(PROBLEM, text, suffix=suffix).cells
    assert [cell.verdict for cell in cells] == ["right"] * 12
    wanted = [next(at for at, line in enumerate(text.split("\n"), 1) if each in line) for each in rows]
    assert [cell.line for cell in cells if cell.cell == "label"] == wanted
