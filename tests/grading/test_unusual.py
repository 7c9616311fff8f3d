"""Answer sheets of unusual problems in unusual styles: right ones, and each with single slips planted."""

from __future__ import annotations

import contextlib
import random
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tracegen.errors import TracegenError
from tracegen.grading.grader import grade
from tracegen.grading.proofread import proofread
from tracegen.grading.report import Report
from tracegen.grading.verdicts import RIGHT, WRONG, Judgement
from tracegen.notation import unicode
from tracegen.problems.problem import Problem

FOLDER = Path(__file__).parent.parent / "submissions" / "unusual"
SHEETS = sorted(path.name for path in FOLDER.iterdir() if path.suffix != ".toml")
SLIPS = tomllib.loads((FOLDER / "slips.toml").read_text("utf-8"))["slip"]

WITHOUT_LISTS = ("hw1-onlyfinal.txt", "hw1-onlyjac.txt", "quot-gradvec.tex", "quot-partialans.md")
"""Sheets from which no function can be taken."""

UNKNOWABLE = {"gauss-sci.txt": ["v4 formula wrong formula.wrong"], "relu-relu2.tex": ["u5 formula wrong slip.factor"]}
"""What is right at the problem's point only, which these sheets do not say."""


@cache
def problem(name: str) -> Problem:
    return Problem.read(FOLDER / f"{name}.toml")


def graded(sheet: str, text: str) -> Report:
    """The report on a sheet, whose name begins with its problem or problems: ``frac+quot-two.md``."""
    problems = [problem(name) for name in sheet.partition("-")[0].split("+")]
    return grade(problems, text, suffix=Path(sheet).suffix)


def said(cell: Judgement) -> str:
    """A cell that is not right, in words: its row, what it is, the verdict, and of a wrong one the slip."""
    slip = next((tag for tag in cell.tags if tag.startswith("slip.")), cell.tags[0])
    return " ".join(
        filter(None, [cell.row or cell.part, cell.cell, cell.verdict, slip if cell.verdict == WRONG else ""])
    )


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_right_sheet_is_right(sheet: str) -> None:
    report = graded(sheet, (FOLDER / sheet).read_text("utf-8"))
    assert len(report.cells) >= 3
    assert [said(cell) for cell in report.cells if cell.verdict != RIGHT] == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip['sheet']}: {slip['new'].strip()}")
def test_a_slip_is_found_named_and_costs_once(slip: dict[str, Any]) -> None:
    right = (FOLDER / slip["sheet"]).read_text("utf-8")
    assert slip["old"] in right
    report = graded(slip["sheet"], right.replace(slip["old"], slip["new"], 1))
    others = [cell for cell in report.cells if cell.verdict != RIGHT]
    assert [said(cell) for cell in others] == slip["found"]
    assert report.max_score - report.score - report.open == slip.get("cost", 1)
    repairs = [unicode(cell.repair) for cell in others if cell.repair is not None]
    assert repairs[:1] == ([slip["repair"]] if "repair" in slip else [])


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet not in WITHOUT_LISTS])
def test_a_right_sheet_is_not_wrong_by_itself(sheet: str) -> None:
    report = proofread((FOLDER / sheet).read_text("utf-8"), suffix=Path(sheet).suffix)
    assert report.failure or [said(cell) for cell in report.cells if cell.verdict == WRONG] == UNKNOWABLE.get(sheet, [])


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_broken_sheet_raises_nothing_but_what_is_said(sheet: str) -> None:
    source = random.Random(sheet)
    for _ in range(4):
        text = broken((FOLDER / sheet).read_text("utf-8"), source)
        for read in (graded, lambda name, text: proofread(text, suffix=Path(name).suffix)):
            with contextlib.suppress(TracegenError):
                assert isinstance(read(sheet, text), Report)


def broken(text: str, source: random.Random) -> str:
    """A text of which some signs are others, some lines stand elsewhere, and a piece of another sheet stands in it."""
    signs = "=|&$\\{}()[]_^v1x=,;\t 0"
    text = "".join(source.choice(signs) if source.random() < 0.02 else sign for sign in text)
    lines = text.split("\n")
    if source.random() < 0.5:
        source.shuffle(lines)
    other = (FOLDER / source.choice(SHEETS)).read_text("utf-8")
    start = source.randrange(len(other))
    lines.insert(source.randrange(len(lines)), other[start : start + source.randrange(200)])
    return "\n".join(lines)
