"""The witness of a wrong cell: a point, what the cell is worth there, and what is right, by numbers from elsewhere."""

from __future__ import annotations

import math

import pytest

import tracegen
from tracegen.grading.report import FORMATS
from tracegen.grading.verdicts import WRONG

PROBLEM = '[inputs]\nx1 = 2\nx2 = 0.5\n[outputs]\ny = "x1*x2 + sin(x1)*exp(x2)"\n'
ROWS = {
    "v0": ("x1", 2.0), "v1": ("x2", 0.5), "v2": ("v0 v1", 1.0), "v3": ("sin(v0)", math.sin(2)),
    "v4": ("exp(v1)", math.exp(0.5)), "v5": ("v3 v4", math.sin(2) * math.exp(0.5)),
    "v6": ("v2 + v5", 1 + math.sin(2) * math.exp(0.5)),
}  # fmt: skip
WRONG_RULES = {
    "v2": ("v0 + v1", 2.5), "v3": ("cos(v0)", math.cos(2)), "v4": ("exp(v0)", math.exp(2)),
    "v5": ("v3 + v4", math.sin(2) + math.exp(0.5)), "v6": ("v2 - v5", 1 - math.sin(2) * math.exp(0.5)),
}  # fmt: skip


def report(**changed: str) -> tracegen.Report:
    lines = [f"{row} = {changed.get(row, f'{rule} = {value:.4f}')}" for row, (rule, value) in ROWS.items()]
    return tracegen.grade(tracegen.Problem.from_toml(PROBLEM), "\n".join(lines))


def witnesses(found: tracegen.Report) -> list[str]:
    return [cell.witness for cell in found.cells if cell.verdict == WRONG]


@pytest.mark.parametrize("row", list(ROWS)[2:])
def test_of_a_value_it_says_the_right_one(row: str) -> None:
    rule, value = ROWS[row]
    said = witnesses(report(**{row: f"{rule} = {value + 0.25:.4f}"}))
    assert said == [f"{value:.6g} is right at x1 = 2, x2 = 0.5, not {round(value + 0.25, 4):.6g}"]


@pytest.mark.parametrize("row", WRONG_RULES)
def test_of_a_formula_it_says_both_values(row: str) -> None:
    rule, wrong = WRONG_RULES[row]
    said = witnesses(report(**{row: f"{rule} = {ROWS[row][1]:.4f}"}))
    assert said == [f"at x1 = 2, x2 = 0.5 this is {wrong:.6g}; {ROWS[row][1]:.6g} is right"]


def test_where_the_point_hides_it_another_point_near_it_is_taken() -> None:
    said = witnesses(report(v2="v0 v1**2 * 2 = 1"))
    assert len(said) == 1
    assert said[0].startswith("near x1 = ")


def test_two_numbers_that_differ_are_never_written_alike() -> None:
    said = witnesses(report(v3="sin(v0) = 0.90929701"))
    assert said == ["0.909297426826 is right at x1 = 2, x2 = 0.5, not 0.90929701"]


def test_what_follows_from_the_writers_own_rows_is_said_too() -> None:
    said = witnesses(report(v3="sin(v0) = 0.8000", v5="v3 v4 = 3.1"))
    assert said[1].endswith(f"; {0.8 * round(math.exp(0.5), 4):.6g} would follow from your own rows before")


def test_right_cells_have_none_and_every_format_has_it() -> None:
    assert not any(cell.witness for cell in report().cells)
    wrong = report(v3="sin(v0) = 0.8000")
    for format in FORMATS:
        content = wrong.to(format)
        text = " ".join(content.split()) if isinstance(content, str) else ""
        assert "0.909297" in text, format
