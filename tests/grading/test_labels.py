"""A label that is another row's, or nobody's, is one slip; the rows after it tell what was meant."""

from __future__ import annotations

import pytest

from tracegen.examples import path_of
from tracegen.grading.grader import grade
from tracegen.grading.mislabelled import other_labels
from tracegen.grading.read import Words, read_sheet
from tracegen.grading.sheet import Row
from tracegen.problems.problem import Problem

BAYDIN = Problem.read(path_of("baydin"))
LIST = [
    "v0 = x1 = 2", "v1 = x2 = 5", "v2 = ln v0 = 0.6931", "v3 = v0 v1 = 10", "v4 = sin v1 = -0.9589",
    "v5 = v2 + v3 = 10.6931", "v6 = v5 - v4 = 11.6521",
]  # fmt: skip
ADJOINTS = [
    "v6_bar = 1", "v5_bar = v6_bar = 1", "v4_bar = -v6_bar = -1", "v3_bar = v5_bar = 1", "v2_bar = v5_bar = 1",
    "v1_bar = v3_bar v0 + v4_bar cos v1 = 1.7163", "v0_bar = v2_bar/v0 + v3_bar v1 = 5.5",
]  # fmt: skip


@pytest.mark.parametrize("wrong", ["v0", "v1", "v2", "v6", "v9", "v16"])
@pytest.mark.parametrize("place", range(2, 7))
def test_a_label_in_a_list_is_one_slip(place: int, wrong: str) -> None:
    right = f"v{place}"
    if wrong == right:
        return
    rows = [row.replace(f"{right} =", f"{wrong} =", 1) if at == place else row for at, row in enumerate(LIST)]
    report = grade(BAYDIN, "\n".join([*rows, "", "Adjoints", "", *ADJOINTS]))
    found = [(cell.row, cell.cell, cell.verdict) for cell in report.cells if cell.verdict != "right"]
    assert found == [(right, "label", "wrong")]
    assert report.max_score - report.score == 1


DOUBTED = [
    ("v1 = x1\nv2 = v1\nv3 = v2", ()),
    ("v1 = x1\nv3 = v1\nv3 = v2", ((1, "v2", True), (2, "v4", True), (2, "v2", True))),
    ("v1 = x1\nv9 = v1\nv3 = v2", ((1, "v2", True),)),
    ("v1 = x1\nv2 = v1\nv3 = v8", ()),
    ("a = x1\nb = a\nc = a + b", ()),
    ("a = x1\na = a\nc = a + b", ((0, "b", True), (1, "b", True))),
]


@pytest.mark.parametrize(("text", "doubted"), DOUBTED)
def test_which_labels_are_doubted(text: str, doubted: tuple[tuple[int, str, bool], ...]) -> None:
    items = read_sheet(text, Words(frozenset(["x1"]))).items
    assert other_labels([item for item in items if isinstance(item, Row)], ["x1"]) == doubted
