"""A line of a program with the value of its row in a comment is a row and its value, whatever language it is."""

from __future__ import annotations

import pytest

from tracegen.grading.documents.program import with_value
from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\na = 2\nb = 3\n[outputs]\ny = "sin(a*b) + a*b**2"')
ROWS = [
    ("v0 = a", "2"), ("v1 = b", "3"), ("v2 = v0 * v1", "6"), ("v3 = sin(v2)", "-0.2794"), ("v4 = v1 * v1", "9"),
    ("v5 = v0 * v4", "18"), ("y = v3 + v5", "17.7206"),
]  # fmt: skip
COMMENTS = ["  # {0}", " # {0}", "  # = {0}", ";  % {0}", "; // {0}", "   // {0}", "  # ≈ {0}", "  # -> {0}"]


@pytest.mark.parametrize("comment", COMMENTS)
@pytest.mark.parametrize("fence", ["```python", "```", "~~~matlab"])
def test_comments_hold_values(comment: str, fence: str) -> None:
    lines = [row + comment.format(value) for row, value in ROWS]
    report = grade(PROBLEM, "\n".join([fence, "import math", *lines, fence[:3], ""]))
    rows = [cell for cell in report.cells if cell.line > 2]
    assert {cell.verdict for cell in rows} == {"right"}
    assert [cell.text for cell in rows if cell.line == 5 and cell.cell != "label"] == ["v0 * v1", "6"]


@pytest.mark.parametrize("wrong", range(2, len(ROWS)))
def test_a_wrong_value_in_a_comment_is_found(wrong: int) -> None:
    lines = [f"{row}  # {'7.5' if at == wrong else value}" for at, (row, value) in enumerate(ROWS)]
    report = grade(PROBLEM, "\n".join(["```", *lines, "```"]))
    assert [(cell.line, cell.text) for cell in report.cells if cell.verdict == "wrong"] == [(wrong + 2, "7.5")]


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("v1 = a  # array([1, 2])", ("v1 = a", "array([1, 2])")),
        ("v1 = np.zeros(3)  # tensor([[1.5e-3, 2]])", ("v1 = np.zeros(3)", "tensor([[1.5e-3, 2]])")),
        ("v1 = a % 2", None),
        ("v1 = a // 2", None),
        ("v1 = a  # by rule 2", None),
        ("# v1 2", None),
        ("v1 = a", None),
        ("v1 = a  #", None),
    ],
)
def test_only_a_value_is_cut_off(line: str, cut: tuple[str, str] | None) -> None:
    assert with_value(line) == cut
