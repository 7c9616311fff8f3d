"""Judges one row: each member of its chain and each value, against the truth and against the writer's own rows.

The table of verdicts is that of grading: a formula is right where it has the values of the row that it is meant for
at all samples; a value is right, or carried where it is what the right formula gives from the writer's own values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tracegen.formula import Formula
from tracegen.grading.formulas import FormulaJudge
from tracegen.grading.meaning import Array
from tracegen.grading.numbers import figure
from tracegen.grading.sheet import Row
from tracegen.grading.tasks import Case, Member, Outcome, Task, at, has_names, is_close
from tracegen.grading.values import ValueJudge, is_matrix_of_numbers, matrix_of
from tracegen.grading.verdicts import CARRIED, FORMULA, LABEL, RIGHT, SHORTENED, VALUE, WRONG, Judgement
from tracegen.grading.witness import witness_of

_REASONS = {
    "formula.slip": "the formula is not that of this row, though its value is",
    "formula.coincidence": "the formula has the right value at this point only, by coincidence",
    "formula.wrong": "the rule is not that of this row",
}


def judge_row(task: Task) -> Outcome:
    """The verdicts on all cells of a row."""
    case = Case(task)
    formulas, values = FormulaJudge(case), ValueJudge(case)
    judgements = [task.label or case.judgement(LABEL, task.row.label, RIGHT)] if task.row.named else []
    is_value = [_is_value(case, formulas, place, member) for place, member in enumerate(case.members)]
    for place, member in enumerate(case.members):
        judgements.append(values.judge(member) if is_value[place] else formulas.judge(place, member))
    _name_formulas(case, judgements)
    for member, judged in zip(case.members, judgements[len(judgements) - len(case.members) :], strict=True):
        judged.witness = witness_of(case, judged, member) if judged.verdict == WRONG else ""
    own = _own_value(case)
    return Outcome(judgements, own, _root(case, judgements, own))


def all_right(part: str, name: str, row: Row, target: Array, root: str | None) -> Outcome:
    """The verdicts on a row in which everything was found right already; ``root`` is what its right rule rests on."""
    cells = [(FORMULA, cell) for cell in row.members] + [(VALUE, cell) for cell in row.beside]
    given = figure(cells[-1][1].readings[-1])
    number = given.value
    if math.isfinite(number):
        cells[-1] = (VALUE, cells[-1][1])
    if row.named:
        cells.insert(0, (LABEL, row.label))
    judged = [Judgement(part, name, cell.line, kind, cell.text, cell.formula, RIGHT, ("ok",)) for kind, cell in cells]
    if given.open and given.is_shortened(at(target, 0)):
        judged[-1].tags = ("ok", SHORTENED)
    if math.isfinite(number):
        return Outcome(judged, number, None)
    own = at(target, -1)
    return Outcome(judged, own, None if is_close(own, at(target, 0)) else root)


def _is_value(case: Case, formulas: FormulaJudge, place: int, member: Member) -> bool:
    """Whether a member is a value: a number that stands beside the chain, or ends it."""
    if is_matrix_of_numbers(member.cell.formula):
        return True
    if not member.reads or member.symbolic:
        return False
    if member.beside:
        return True
    if any(has_names(read.code) for read in member.reads) and formulas.is_right(member):
        return False
    return place == len(case.members) - 1


def _name_formulas(case: Case, judgements: Sequence[Judgement]) -> None:
    """Say of wrong formulas what the values beside them tell."""
    values = [judged for judged in judgements if judged.cell == VALUE]
    for judged in judgements:
        named = any(tag.startswith("formula.") for tag in judged.tags)
        if judged.cell == FORMULA and judged.verdict == WRONG and not named:
            judged.tags = (_formula_tag(case, judged, values), *judged.tags)
            judged.because = judged.because or _REASONS[judged.tags[0]]


def _formula_tag(case: Case, judged: Judgement, values: Sequence[Judgement]) -> str:
    right = any(one.verdict == RIGHT for one in values)
    if right and id(judged) in case.coincident:
        return "formula.coincidence"
    if any(one.verdict == CARRIED and one.root == case.here for one in values):
        return "formula.wrong"
    carried = any(one.verdict == CARRIED for one in values)
    explained = not values and any(tag.startswith("slip.") for tag in judged.tags)
    return "formula.slip" if right or carried or case.right_formula or explained else "formula.wrong"


def _own_value(case: Case) -> Array:
    """The row's value in the writer's own world: what was written, or what the formula gives there."""
    for member in reversed(case.members):
        if case.numbers is None and is_matrix_of_numbers(member.cell.formula):
            given = matrix_of(member.cell.formula)
            if given.shape == case.task.target.shape[1:] and np.isfinite(given).all():
                return given
        if member.reads and not member.symbolic:
            number = figure(member.cell.readings[0]).value
            if math.isfinite(number):
                return number
    if case.followed is not None and math.isfinite(case.followed):
        return case.followed
    if case.made is not None and case.made.shape == case.task.target.shape[1:] and np.isfinite(case.made).all():
        return case.made
    return at(case.task.target, -1)


def _root(case: Case, judgements: Sequence[Judgement], own: Array) -> str | None:
    """The slip on which later rows rest: this row's own, or the one that it was carried from."""
    right = case.right
    if right is None or is_close(own, right):
        return None
    values = [judged for judged in judgements if judged.cell == VALUE]
    if values and values[-1].verdict == RIGHT:
        return None
    if values and values[-1].verdict == CARRIED:
        return values[-1].root
    if any(judged.verdict == WRONG for judged in judgements):
        return case.here
    return case.task.root


def relabelled(judged: Judgement, because: str, repair: Formula | None, tags: tuple[str, ...]) -> Judgement:
    """A label that is wrong, with the one that would be right."""
    return replace(judged, verdict=WRONG, tags=tags, because=because, repair=repair)
