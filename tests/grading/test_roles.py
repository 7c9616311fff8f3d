"""What the columns of a table give is found by evaluating them: in any order, under any heads, with a slip in them."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from tracegen.grading.grader import grade
from tracegen.grading.report import Report
from tracegen.grading.seeds import direction_of, numbers_of
from tracegen.grading.verdicts import CARRIED, RIGHT, UNSURE, WRONG
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\nx1 = 2\nx2 = 0.5\n[outputs]\ny = "sin(x1*x2) - x1*exp(x2)"')
LABELS = ["v1", "v2", "v3", "v4", "v5", "v6", "y"]
RULES = ["x1", "x2", "v1 v2", "sin(v3)", "exp(v2)", "v1 v5", "v4 - v6"]
VALUES = ["2", "0.5", "1", "0.8415", "1.6487", "3.2974", "-2.4560"]
COLUMNS = {
    "tangent rule": ["1", "0", "v2 v1' + v1 v2'", "cos(v3) v3'", "v5 v2'", "v5 v1' + v1 v5'", "v4' - v6'"],
    "tangent along x1": ["1", "0", "0.5", "0.2702", "0", "1.6487", "-1.3786"],
    "tangent along x2": ["0", "1", "2", "1.0806", "1.6487", "3.2974", "-2.2168"],
    "tangent along (2, -1)": ["2", "-1", "-1", "-0.5403", "-1.6487", "0", "-0.5403"],
    "adjoint": ["-1.3786", "-2.2168", "0.5403", "1", "-2", "-1", "1"],
    "adjoint rule": [
        "v2 bar(v3) + v5 bar(v6)", "v1 bar(v3) + v5 bar(v5)", "cos(v3) bar(v4)", "bar(y)", "v1 bar(v6)", "-bar(y)", "1",
    ],
    "first local partial": ["", "", "v2", "cos(v3)", "v5", "v5", "1"],
    "second local partial": ["", "", "2", "", "", "2", "-1"],
}  # fmt: skip
SURE = ["tangent along x1", "tangent along x2", "tangent along (2, -1)", "adjoint", "adjoint rule"]
"""Columns that can be nothing else, though a cell of theirs is wrong."""


def table(columns: Sequence[Sequence[str]], heads: Sequence[str]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in zip(*columns, strict=True))])


def graded(columns: Sequence[Sequence[str]], heads: Sequence[str]) -> Report:
    return grade(PROBLEM, table(columns, heads))


def verdicts(report: Report) -> set[str]:
    return {cell.verdict for cell in report.cells}


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("head", ["amount", "adjoint", "tangent", "C", "\u03b1"])
def test_a_column_behind_the_values_is_what_it_evaluates_to_whatever_stands_over_it(name: str, head: str) -> None:
    report = graded([LABELS, RULES, VALUES, COLUMNS[name]], ["step", "how", "how much", head])
    assert verdicts(report) == {RIGHT}
    assert len(report.cells) == 3 * len(LABELS) + sum(map(bool, COLUMNS[name]))


@pytest.mark.parametrize("seed", range(12))
def test_columns_stand_in_any_order(seed: int) -> None:
    source = random.Random(seed)
    chosen = source.sample(sorted(COLUMNS), 3)
    columns = [RULES, VALUES, *(COLUMNS[name] for name in chosen)]
    source.shuffle(columns)
    heads = ["row", *source.sample(["stuff", "adjoint", "tangent", "value", "formula", "B"], len(columns))]
    assert verdicts(graded([LABELS, *columns], heads)) <= {RIGHT}, chosen


@pytest.mark.parametrize("name", SURE)
@pytest.mark.parametrize("row", range(2, len(LABELS)))
def test_a_slip_does_not_give_a_column_another_meaning(name: str, row: int) -> None:
    column = list(COLUMNS[name])
    column[row] = "17" if name != "adjoint rule" else "17 v1"
    report = graded([LABELS, RULES, VALUES, column], ["row", "rule", "value", "more"])
    wrong = [cell for cell in report.cells if cell.verdict == WRONG]
    assert [cell.text for cell in wrong] == [column[row]]
    assert verdicts(report) <= {RIGHT, CARRIED, WRONG}


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_wrong_in_a_column_that_is_nothing(seed: int) -> None:
    source = random.Random(seed)
    column = [str(source.randint(11, 99)) for _ in LABELS]
    report = graded([LABELS, RULES, VALUES, column], ["row", "rule", "value", "adjoint"])
    unsure = [cell.text for cell in report.cells if cell.verdict == UNSURE]
    assert unsure == column
    assert verdicts(report) == {RIGHT, UNSURE}


@pytest.mark.parametrize("seed", range(8))
def test_a_direction_is_said_as_the_numbers_of_the_inputs(seed: int) -> None:
    source = random.Random(seed)
    names = [f"x{place}" for place in range(source.randint(1, 4))]
    given = {name: source.choice([-1.5, 0.0, 1.0, 2.0]) for name in names}
    assert numbers_of(direction_of(given), names) == list(given.values())
    assert numbers_of("x9", names) == []


@pytest.mark.parametrize("lines", [True, False])
def test_tangents_along_a_seed_of_the_writers_own_are_judged(lines: bool) -> None:
    """The rows of the inputs say it: x1' = 2 and x2' = -1."""
    rows = dict(zip(LABELS, zip(COLUMNS["tangent rule"], COLUMNS["tangent along (2, -1)"], strict=True), strict=True))
    rows |= {"v1": ("2", "2"), "v2": ("-1", "-1"), "v4": ("cos(v3) v3'", "0.7")}
    primal = "\n".join(f"{label} = {rule}" for label, rule in zip(LABELS, RULES, strict=True))
    sweep = [f"{label}' = {rule} = {value}" for label, (rule, value) in rows.items()]
    if not lines:
        sweep = ["| row | rule | value |", "|---|---|---|"]
        sweep += [f"| {label}' | {rule} | {value} |" for label, (rule, value) in rows.items()]
    report = grade(PROBLEM, f"{primal}\n\n" + "\n".join(sweep))
    assert [cell.text for cell in report.cells if cell.verdict == WRONG] == ["0.7"]
    assert UNSURE not in verdicts(report)
