"""A rule with some of its numbers put in, rounded as they are written, is right; with another number it is not."""

from __future__ import annotations

import math

import pytest

import tracegen
from tracegen.grading.verdicts import RIGHT, WRONG

PROBLEM = '[inputs]\nx1 = 2\nx2 = 5\n[outputs]\ny = "x1*x2 + sin(x1)*0.5"\n'
LIST = (
    "v1 = x1 = 2\nv2 = x2 = 5\nv3 = v1 v2 = 10\nv4 = sin(v1) = 0.9093\nv5 = 0.5 v4 = 0.4546\nv6 = v3 + v5 = 10.4546\n"
)
REVERSE = r"""
\bar v6 = 1
\bar v3 = \bar v6 = 1
\bar v5 = \bar v6 = 1
\bar v4 = 0.5 \bar v5 = 0.5
\bar v2 = \bar v3 v1 = 2
\bar v1 = \bar v3 v2 + \bar v4 cos(v1) = {}
"""
SLOPE = 0.5 * math.cos(2)
WAYS = ["{number} + v2", "v2 + {number}", r"\bar v3 v2 + {number}", "5 \\bar v3 + {number}", "1 v2 + 1 {number}"]


def verdict(member: str, value: float) -> str:
    sheet = LIST + REVERSE.format(f"{member} = {value:.4f}")
    cells = tracegen.grade(tracegen.Problem.from_toml(PROBLEM), sheet).cells
    [cell] = [cell for cell in cells if cell.row == "v1" and cell.part.endswith("reverse") and cell.text == member]
    return cell.verdict


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("digits", [2, 3, 4, 6])
def test_rounded_numbers_are_right_to_their_digits(way: str, digits: int) -> None:
    member = way.format(number=f"({SLOPE:.{digits}f})")
    assert verdict(member, 5 + SLOPE) == RIGHT


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("digits", [2, 3, 4, 6])
def test_other_numbers_are_not(way: str, digits: int) -> None:
    member = way.format(number=f"({SLOPE + 2 * 10.0**-digits:.{digits}f})")
    assert verdict(member, 5 + SLOPE) == WRONG


@pytest.mark.parametrize("member", [r"\bar v3 v2 + 0.5 \bar v4", "v2 + 0.5 sin(v1)", "0.5 v1 + 4"])
def test_the_numbers_of_the_rule_itself_leave_nothing_open(member: str) -> None:
    assert verdict(member, 5 + SLOPE) == WRONG
