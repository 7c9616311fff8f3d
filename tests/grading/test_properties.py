"""Whatever list the writer chose, right is right; and no cell that is changed takes or gives the marks of another."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import mutating
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutating import Line, Sheet

from tracegen.formula import Formula, name
from tracegen.grading.grader import grade
from tracegen.grading.leaves import renamed as with_names
from tracegen.problems.problem import Problem

PROBLEMS = [Problem.from_toml(text) for text in mutating.PROBLEMS]
SHEETS = [mutating.right_sheet(problem) for problem in PROBLEMS]
SOME = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
drawn = st.tuples(st.integers(0, len(PROBLEMS) - 1), st.integers(0, 10**6))


def primal(which: int) -> list[Line]:
    return [replace(line) for line in SHEETS[which].lines if line.part.endswith("primal")]


def assert_all_right(which: int, text: str) -> None:
    report = grade(PROBLEMS[which], text)
    assert [(one.row, one.text, one.verdict, one.because) for one in report.cells if one.verdict != "right"] == []
    assert report.score == report.max_score > 0


def in_parts(lines: list[Line]) -> list[list[Line]]:
    return [[line for line in lines if line.part == part] for part in dict.fromkeys(line.part for line in lines)]


def renamed(line: Line, names: dict[str, str]) -> Line:
    return replace(line, label=with_names(line.label, names), formula=with_names(line.formula, names))


@SOME
@given(drawn, st.integers(-1, 12), st.sampled_from(["v", "w", "t", "p"]))
def test_renumbered_and_renamed_tables_are_right(draw: tuple[int, int], first: int, letter: str) -> None:
    which, _ = draw
    lines = [replace(line) for line in SHEETS[which].lines]
    taken = {entry.name for entry in PROBLEMS[which].inputs} | set(PROBLEMS[which].outputs)
    if letter in taken or (letter == "v" and "v" in taken):
        letter = "q"
    names = {f"v{at}": f"{letter}{at + first}" for at in range(30)}
    assert_all_right(which, Sheet([renamed(line, names) for line in lines]).text())


@SOME
@given(drawn)
def test_reordered_rows_are_right(draw: tuple[int, int]) -> None:
    which, seed = draw
    source = random.Random(seed)
    lines: list[Line] = []
    for part in in_parts([replace(line) for line in SHEETS[which].lines]):
        lines += source.sample(part, len(part))
    assert_all_right(which, Sheet(lines).text())


@SOME
@given(drawn)
def test_fused_steps_are_right(draw: tuple[int, int]) -> None:
    which, seed = draw
    source = random.Random(seed)
    lines: list[Line] = []
    for part in in_parts(primal(which)):
        inner = [line for line in part[:-1] if line.formula.head not in ("name", "number")]
        gone = source.choice(inner)
        lines += [replace(line, formula=put(line.formula, gone)) for line in part if line is not gone]
    sheet = Sheet(lines)
    mutating.work_out(sheet, PROBLEMS[which])
    assert_all_right(which, sheet.text())


def put(formula: Formula, gone: Line) -> Formula:
    if formula == gone.label:
        return gone.formula
    args = tuple(put(arg, gone) if isinstance(arg, Formula) else arg for arg in formula.args)
    return Formula(formula.head, args)


@SOME
@given(drawn)
def test_split_steps_are_right(draw: tuple[int, int]) -> None:
    """A row is written with the minus of its minus in a row of its own."""
    which, seed = draw
    source = random.Random(seed)
    lines: list[Line] = []
    for part in in_parts(primal(which)):
        steps = [line for line in part if line.formula.head != "name"]
        split = source.choice(steps)
        for line in part:
            if line is split:
                less = name("s99")
                lines.append(replace(line, label=less, formula=Formula("neg", (line.formula,)), value=-line.value))
                line = replace(line, formula=Formula("neg", (less,)))
            lines.append(line)
    assert_all_right(which, Sheet(lines).text())


NOTATIONS = [
    (r"\\bar v_(\d+)", r"\\overline{v}_{\1}"), (r"\\bar v_(\d+)", r"\\bar{v_{\1}}"), (r"v_(\d+)\b", r"v_{\1}"),
    (r"\\exp\(([^()]*)\)", r"e^{\1}"), ("=", r"\\equiv"),
]  # fmt: skip


@SOME
@given(drawn, st.sampled_from(NOTATIONS))
def test_other_notations_are_right(draw: tuple[int, int], change: tuple[str, str]) -> None:
    which, _ = draw
    assert_all_right(which, re.sub(change[0], change[1], SHEETS[which].text()))


@SOME
@given(drawn, st.sampled_from([-7.25, -1.0, 0.5, 3.0, 1000.0]))
def test_a_wrong_cell_never_raises_the_mark_nor_takes_that_of_a_right_one(draw: tuple[int, int], step: float) -> None:
    which, seed = draw
    source = random.Random(seed)
    before = mutating.mutated(PROBLEMS[which], source)
    sheet = before or SHEETS[which]
    at = source.randrange(len(sheet.lines))
    lines = [replace(line) for line in sheet.lines]
    lines[at].value = SHEETS[which].lines[at].value + step
    first, second = grade(PROBLEMS[which], sheet.text()), grade(PROBLEMS[which], Sheet(lines).text())
    assert second.score <= first.score
    right = {(one.part, one.row, one.cell, one.text) for one in first.cells if one.verdict == "right"}
    changed = (lines[at].part, mutating.base(lines[at].label))
    lost = [
        (one.part, one.row, one.cell, one.text, one.because)
        for one in second.cells
        if (one.part, one.row, one.cell, one.text) in right and one.marks < one.of and (one.part, one.row) != changed
    ]
    assert lost == []
