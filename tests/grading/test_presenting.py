"""The generator of presentations: its truths are true, its tables are drawn whole, and the grader keeps its rates."""

from __future__ import annotations

import random
from functools import lru_cache

import numpy as np
import pytest

from tests.grading.presenting import draws
from tests.grading.presenting.answers import PRIMAL, TANGENT, Answer
from tests.grading.presenting.ceilings import CEILINGS, SEED, SHEETS
from tests.grading.presenting.comparing import Counts, plain
from tests.grading.presenting.draws import sheets_of
from tests.grading.presenting.expressions import close, value_of
from tests.grading.presenting.pieces import NO_ROW
from tests.grading.presenting.planting import planted
from tests.grading.presenting.presentations.dimensions import DIMENSIONS
from tests.grading.presenting.rates import graded, measured
from tests.grading.presenting.sheets import Sheet, presentation, written
from tests.grading.presenting.slips import SLIPS, Slip
from tests.grading.presenting.writers import adapted

PLAIN = {dimension: table[0].name for dimension, table in DIMENSIONS.items()} | {
    "sections": "primal, forward, reverse", "numbers": "6 places", "layout": "one a line",
    "format": "Markdown, LaTeX", "product": "dot",
}  # fmt: skip
"""The presentation in which nothing is unusual."""


@lru_cache(maxsize=1)
def drawn() -> tuple[Sheet, ...]:
    """Sheets enough that each row of each table is on one."""
    return tuple(sheet for number in range(45) for sheet in sheets_of(2, number, (1, 3), 14))


def _writers(number: int) -> tuple[draws.Task, list[Answer], random.Random]:
    task, answers = _answers(number)
    return task, answers, random.Random(number)


@lru_cache(maxsize=64)
def _answers(number: int) -> tuple[draws.Task, list[Answer]]:
    task, writers = draws.drawn_writers(random.Random(number))
    return task, writers[0]


@pytest.mark.parametrize("number", range(12))
def test_a_clean_plain_sheet_is_right_in_every_cell(number: int) -> None:
    task, answers, source = _writers(number)
    sheet = written(task, [adapted(answer, PLAIN, 1) for answer in answers], PLAIN, source)
    found = graded(sheet).compared
    assert found.counts.accused == found.counts.slips == found.counts.unlooked == 0, (sheet.text, found.said)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_planted_slip_differs_from_what_is_right_and_what_follows_is_worked_out(slip: Slip) -> None:
    seen = 0
    for number in range(120):
        task, answers, source = _writers(number % 60)
        ways = presentation(task, answers, source) | {"sections": "primal, forward, reverse", "seeds": "every unit"}
        right = adapted(answers[0], ways, number)
        wrong = planted(right, slip, source)
        if wrong is None:
            continue
        seen += 1
        if slip.together is not None:
            _check_planted_together(right, wrong)
        else:
            _check_planted(right, wrong)
        if seen == 3:
            break
    assert seen or slip.name in ("derivative of zero as zero",)


def _check_planted(right: Answer, wrong: Answer) -> None:
    (at,) = [at for at, each in enumerate(wrong.statements) if each.slip]
    one, two = right.statements[at], wrong.statements[at]
    own = right.names_at(at, None if right.known else right.samples[0])
    true = value_of(one.rule, own)
    if two.label is not None:
        assert two.label != two.quantity
    elif two.formula_slip:
        assert not close(value_of(two.rule, {**own, one.quantity.leaf: true}), true, 1e-4)
    else:
        assert two.value is not None
        assert not close(two.value, true, 1e-3)
    for place, (each, before) in enumerate(zip(wrong.statements, right.statements, strict=True)):
        if place != at and each.value is not None:
            assert close(each.value, value_of(each.rule, wrong.names_at(place)), 1e-6)
            assert each.carried or close(each.value, before.value, 1e-6)


def _check_planted_together(right: Answer, wrong: Answer) -> None:
    """Each cell of the slip differs from the right one and from what follows; all others are right or follow."""
    assert len({each.mistake for each in wrong.statements if each.slip}) == 1
    for place, (one, two) in enumerate(zip(right.statements, wrong.statements, strict=True)):
        if two.formula_slip:
            sample = right.samples[0]
            own = right.names_at(place, sample)
            assert not close(value_of(two.rule, own), value_of(one.rule, own), 1e-4)
        elif two.value_slip:
            assert two.value is not None
            assert one.value is not None
            assert not close(two.value, one.value, 1e-3)
            assert not close(two.value, value_of(two.rule, wrong.names_at(place)), 1e-3)
        elif two.carried and two.value is not None:
            assert close(two.value, value_of(two.rule, wrong.names_at(place)), 1e-5)
        elif not two.follows:
            assert two.rule == one.rule
            assert two.value is one.value or (two.value is not None and one.value is not None)


@pytest.mark.parametrize("number", range(10))
def test_with_the_right_cell_in_its_place_a_sheet_with_a_slip_is_the_clean_sheet(number: int) -> None:
    task, answers, source = _writers(number)
    clean = written(task, [adapted(answer, PLAIN, 1) for answer in answers], PLAIN, random.Random(1))
    pens = [slip for slip in SLIPS if slip.formulas is not None]
    for slip in source.sample(pens, len(pens)):
        own = [adapted(answer, PLAIN, 1) for answer in answers]
        wrong = planted(own[0], slip, source)
        if wrong is not None and not any(each.follows for each in wrong.statements):
            break
    else:
        pytest.skip("no slip of the pen fits this problem")
    slipped = written(task, [wrong, *own[1:]], PLAIN, random.Random(1))
    (at,) = [at for at, truth in enumerate(slipped.truths) if truth.slip]
    lines = slipped.text.split("\n")
    (line,) = slipped.truths[at].lines
    lines[line - 1] = lines[line - 1].replace(f"= {slipped.truths[at].text}", f"= {clean.truths[at].text}", 1)
    assert "\n".join(lines) == clean.text


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_row_of_a_table_is_drawn(dimension: str) -> None:
    assert {sheet.ways[dimension] for sheet in drawn()} == {way.name for way in DIMENSIONS[dimension]}


def test_a_way_that_can_not_be_drawn_always_says_why() -> None:
    for table in DIMENSIONS.values():
        assert all(way.because for way in table if way.when.__name__ != "_always")


def test_the_text_of_a_truth_stands_on_its_lines() -> None:
    for sheet in drawn():
        if sheet.suffix in (".ipynb", ".html", ".csv"):
            continue
        lines = sheet.text.split("\n")
        for truth in sheet.truths:
            there = plain("".join(lines[line - 1] for line in truth.lines))
            assert plain(truth.text) in there, (truth, there)


def test_the_same_seed_gives_the_same_sheets() -> None:
    first, second = ([sheet.text for sheet in sheets_of(5, 3, (1, 2), 6)] for _ in range(2))
    assert first == second


def test_every_value_of_a_clean_answer_is_that_of_its_rule() -> None:
    for number in range(10):
        task, answers, source = _writers(number)
        for answer in answers:
            own = adapted(answer, presentation(task, answers, source), number)
            for at, each in enumerate(own.statements):
                if each.value is not None and each.quantity.kind == PRIMAL and not each.is_input:
                    assert np.allclose(each.value, value_of(each.rule, own.names_at(at)), rtol=1e-9)


@pytest.mark.parametrize("number", range(12))
def test_a_jacobian_at_the_end_has_the_slopes_that_the_tangents_have(number: int) -> None:
    task, answers, source = _writers(number)
    if not answers[0].known or answers[0].shapes:
        pytest.skip("a Jacobian of numbers needs a point of numbers")
    own = [adapted(answer, PLAIN, 1) for answer in answers]
    sheet = written(task, own, PLAIN | {"ending": "Jacobian"}, source)
    entries = sheet.text.split("bmatrix}")[-2].removesuffix(r"\end{").replace(r"\\", "&").split("&")
    inputs = [given for given, _ in task.point if any(given in answer.inputs for answer in own)]
    slopes = [
        next(
            (
                each.value
                for each in answer.statements
                if (each.quantity.kind, each.quantity.row, each.quantity.along) == (TANGENT, answer.outputs[of], given)
            ),
            0.0,
        )
        for answer in own
        for of in answer.outputs
        for given in inputs
    ]
    assert [float(entry) for entry in entries] == pytest.approx(slopes, abs=1e-5)


def test_titles_are_no_rows() -> None:
    assert any(truth.expected == NO_ROW for sheet in drawn() for truth in sheet.truths)


def test_the_rates_of_the_grader_only_go_down() -> None:
    counts: Counts = measured(SHEETS, SEED, (1, 3)).total
    for name, (part, whole, ceiling) in CEILINGS.items():
        share = getattr(counts, part) / max(1, sum(getattr(counts, each) for each in whole))
        assert share <= ceiling, name
