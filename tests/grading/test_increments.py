"""Behind v̄1 += b may stand what is added or what it adds up to; both are right, and nothing else is."""

from __future__ import annotations

import math

import pytest

import tracegen
from tracegen.grading.report import Report
from tracegen.grading.verdicts import RIGHT

PROBLEM = '[inputs]\nx1 = 2\nx2 = 3\n[outputs]\ny = "x1*x2 + sin(x1) + x1**2"\n'
LIST = (
    "v1 = x1 = 2\nv2 = x2 = 3\nv3 = v1 v2 = 6\nv4 = sin(v1) = 0.909\n"
    "v5 = v3 + v4 = 6.909\nv6 = v1^2 = 4\nv7 = v5 + v6 = 10.909\n"
)
REVERSE = r"""
\bar v7 = 1
\bar v6 = \bar v7 = 1
\bar v5 = \bar v7 = 1
\bar v4 = \bar v5 = 1
\bar v3 = \bar v5 = 1
"""
ADDED = {r"\bar v6 2 v1": 4.0, r"\bar v4 cos(v1)": math.cos(2), r"\bar v3 v2": 3.0}
SIGNS = ("+=", r"\mathrel{+}=", r"\leftarrow \bar v1 +")


def graded(sign: str, values: list[str]) -> Report:
    rows = [rf"\bar v1 {sign} {rule} = {value}" for rule, value in zip(ADDED, values, strict=True)]
    return tracegen.grade(tracegen.Problem.from_toml(PROBLEM), LIST + REVERSE + "\n".join(rows) + "\n")


def wrong(report: Report) -> list[str]:
    return [cell.text for cell in report.cells if cell.verdict != RIGHT]


def sums() -> list[float]:
    return [sum(list(ADDED.values())[: at + 1]) for at in range(len(ADDED))]


@pytest.mark.parametrize("digits", [3, 6])
@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_added_and_what_it_adds_up_to_are_right(sign: str, digits: int) -> None:
    for values in (list(ADDED.values()), sums()):
        report = graded(sign, [f"{value:.{digits}f}" for value in values])
        assert wrong(report) == []
        assert report.score == report.max_score


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("sign", SIGNS)
def test_another_number_is_wrong(sign: str, place: int) -> None:
    values = [f"{value:.3f}" for value in ADDED.values()]
    values[place] = "1.234"
    assert wrong(graded(sign, values)) == ["1.234"]
