"""The homework's own sheet, uncleaned: its slips are found, each with its kind and repair, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tracegen.grading.grader import grade
from tracegen.grading.report import Report
from tracegen.grading.verdicts import Judgement
from tracegen.notation import unicode
from tracegen.problems.problem import Problem

SHEET = Path(__file__).parent.parent / "submissions" / "homework_answer.md"

# line, part, cell, text begins with, tag, repair
SLIPS = [
    (25, "y1/primal", "formula", r"\exp(v_5)", "slip.misread", "exp(v₂)"),
    (30, "y1/primal", "formula", "v_5 + v_7", "slip.misread", "v₃ + v₇"),
    (103, "forward", "heading", r"\frac{\partial f", "heading.wrong", "∂f/∂x₁"),
    (106, "y2/forward/x2", "label", r"\frac{\partial v_2}{\partial x_1}", "label.slip", "∂v₂/∂x₂"),
    (111, "y2/forward/x1", "formula", r"\frac{\partial v_6}", "slip.wrong-row", "∂v₆/∂x₁ + ∂v₂/∂x₁"),
    (111, "y2/forward/x2", "formula", r"\frac{\partial v_6}", "slip.wrong-row", "∂v₂/∂x₂ + ∂v₆/∂x₂"),
    (124, "y1/reverse", "formula", r"1 \times \exp(4)", "formula.slip", "1·exp(2)"),
    (130, "y1/reverse", "formula", r"\cos(v_5)", "slip.factor", "v̄₆·cos(v₅)"),
    (148, "y1/reverse", "formula", r"\bar{v}_1 \cdot", "slip.renaming", "v̄₇·∂v₇/∂v₀"),
    (150, "y1/reverse", "label", r"\bar{v}_1", "slip.renaming", "v̄₇"),
    (150, "y1/reverse", "formula", r"\bar{v}_2 \cdot", "slip.renaming", "v̄₈·∂v₈/∂v₇"),
    (152, "y1/reverse", "label", r"\bar{v}_2", "slip.renaming", "v̄₈"),
    (152, "y1/reverse", "formula", r"\frac{\partial y}", "slip.renaming", "∂y/∂v₈"),
    (210, "L/primal", "formula", "w^{(1)T} v_0", "formula.shape", "W₁·v₀"),
    (228, "L/reverse", "formula", r"\bar{z} \frac", "slip.upside-down", "z̄·∂z/∂v₁"),
    (236, "L/reverse", "formula", r"\bar{s} \frac", "slip.misread", "ξ̄·∂ξ/∂y"),
    (238, "L/reverse", "formula", r"\bar{I} \frac", "slip.renaming", "L̄·∂L/∂ξ"),
    (240, "L/reverse", "formula", r"\bar{I} \frac", "slip.renaming", "L̄·∂L/∂R"),
    (242, "L/reverse", "label", r"\bar{I}", "slip.renaming", "L̄"),
    (248, "shapes", "label", "w^{(1)}: M", "label.slip", "W₂"),
]


@pytest.fixture(scope="module")
def report(first: Problem, second: Problem) -> Report:
    return grade([first, second], SHEET.read_text("utf-8"), source=SHEET.name)


@pytest.mark.parametrize(("line", "part", "cell", "text", "tag", "repair"), SLIPS)
def test_every_slip_is_found_named_and_repaired(
    report: Report, line: int, part: str, cell: str, text: str, tag: str, repair: str
) -> None:
    found = [one for one in report.cells if (one.line, one.part, one.cell, one.verdict) == (line, part, cell, "wrong")]
    matching = [one for one in found if one.text.startswith(text)]
    assert len(matching) == 1
    assert tag in matching[0].tags
    assert matching[0].because
    assert unicode(matching[0].repair) == repair


def test_nothing_else_is_wrong(report: Report) -> None:
    wrong = {(one.line, one.part, one.cell) for one in report.cells if one.verdict == "wrong"}
    assert wrong == {(line, part, cell) for line, part, cell, *_ in SLIPS}


def test_every_other_cell_is_right_and_none_is_left_to_a_person(report: Report) -> None:
    others = [one for one in report.cells if one.verdict not in ("wrong", "right")]
    assert others == []
    assert report.needs_person == 0
    assert len(report.cells) >= 280


def test_values_beside_wrong_formulas_stay_right(report: Report) -> None:
    values = [one for one in report.cells if one.line in (25, 30, 124, 130, 148, 150, 152) and one.cell == "value"]
    assert len(values) == 7
    assert all(one.verdict == "right" for one in values)


def test_a_renaming_costs_once(report: Report) -> None:
    def lost(lines: range) -> float:
        return sum(one.of - one.marks for one in report.cells if one.line in lines)

    assert lost(range(148, 153)) == 1
    assert lost(range(238, 243)) == 1


def test_the_shapes_that_do_not_fit_are_said(report: Report) -> None:
    said = next(one.because for one in report.cells if one.line == 210 and one.verdict == "wrong")
    assert "W₁ᵀ is N×K" in said
    assert "v₀ is N×1" in said


def test_columns_set_loose_are_joined_and_it_is_said(report: Report) -> None:
    assert len([note for note in report.notes if "guessed" in note]) == 2


def test_part_of_the_sheet_is_judged_like_the_whole(report: Report, first: Problem) -> None:
    text = "\n".join(SHEET.read_text("utf-8").split("\n")[:190])

    def judged(cells: tuple[Judgement, ...]) -> Counter[tuple[int, str, str, str]]:
        return Counter((one.line, one.cell, one.text, one.verdict) for one in cells if one.line <= 190)

    assert judged(grade(first, text).cells) == judged(report.cells)
