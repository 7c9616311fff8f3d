"""Judges a value: right, right but for rounding, carried from an earlier slip, or a slip of its own."""

from __future__ import annotations

import math

from tracegen.formula import Formula, names_in
from tracegen.grade.meaning import FUNCTION, NUMBER, MeaninglessError, Op, compiled, value
from tracegen.grade.numbers import Figure, figure
from tracegen.grade.samples import EQUAL, agreement
from tracegen.grade.sheet import Cell
from tracegen.grade.slips import name_value_slip
from tracegen.grade.tasks import Case, Member
from tracegen.grade.verdicts import CARRIED, RANK, RIGHT, UNSURE, VALUE, WRONG, Judgement

TRIVIAL = (0.0, 1.0)
TURNING = ("sin", "cos", "tan")
CARRIED_ROUNDING = 1e-4
"""What rounding in earlier rows can change in a value that does not rest on the slip before it, relative to it."""


class ValueJudge:
    """Judges the values of one row."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def judge(self, member: Member) -> Judgement:
        """The verdict on a value; of several readings the one that fits best counts."""
        if is_matrix_of_numbers(member.cell.formula):
            return self._matrix(member.cell)
        if self._case.numbers is None:
            return self._without_number(member)
        judged = [self._number(member.cell, figure(read.formula), read.formula) for read in member.reads]
        return min(judged, key=lambda one: RANK[one.verdict])

    def _without_number(self, member: Member) -> Judgement:
        """A value of a matrix, or of a problem without a point."""
        case, cell = self._case, member.cell
        values, target = member.reads[0].values, case.task.target
        if target.ndim > 1 and values.shape == target.shape and case.world.reference.pointed:
            right = agreement(values[0].ravel(), target[0].ravel()) == EQUAL
            return case.judgement(VALUE, cell, RIGHT if right else WRONG, tags=() if right else ("value.slip",))
        said = "the problem has no point at which this number could be checked"
        return case.judgement(VALUE, cell, UNSURE, tags=("unsure",), because=said)

    def _matrix(self, cell: Cell) -> Judgement:
        """A matrix of numbers, element by element, each by the digits that it has."""
        case, target = self._case, self._case.task.target
        given = [[figure(element) for element in row] for row in (cell.formula or Formula("matrix")).args]
        shape = (len(given), len(given[0]))
        if not case.world.reference.pointed or target.ndim != 3:
            said = "the problem has no matrix of numbers to compare this with"
            return case.judgement(VALUE, cell, UNSURE, tags=("unsure",), because=said)
        if shape != target.shape[1:]:
            said = f"this is {shape[0]}×{shape[1]}; the row is {target.shape[1]}×{target.shape[2]}"
            return case.judgement(VALUE, cell, WRONG, tags=("value.slip",), because=said)
        for place, row in enumerate(given):
            for other, number in enumerate(row):
                if not number.is_number(float(target[0, place, other])):
                    said = f"the element in row {place + 1}, column {other + 1} is not right"
                    return case.judgement(VALUE, cell, WRONG, tags=("value.slip",), because=said)
        return case.judgement(VALUE, cell, RIGHT)

    def _number(self, cell: Cell, given: Figure, reading: Formula) -> Judgement:
        """A value against the truth, the right rule in the writer's world, and the writer's own rule, in this order."""
        case, task = self._case, self._case.task
        assert case.numbers is not None
        truth, carried = case.numbers
        if not math.isfinite(given.value):
            return case.judgement(VALUE, cell, UNSURE, reading, ("unsure",), "this number is too large or has no value")
        if given.is_number(truth):
            return case.judgement(VALUE, cell, RIGHT, reading)
        if given.is_cut(truth):
            said = "digits are cut off where they should be rounded"
            return case.judgement(VALUE, cell, RIGHT, reading, ("value.truncated",), said)
        if task.root is None and (given.is_number(carried) or given.is_about(truth, abs(carried - truth))):
            return case.judgement(
                VALUE, cell, RIGHT, reading, ("value.rounded",), "right but for rounding in earlier rows"
            )
        if task.root is not None and (given.is_cut(carried) or given.follows(carried)):
            return self._carried(cell, reading, carried, truth)
        if task.root is not None and given.is_about(truth, min(3 * given.open, CARRIED_ROUNDING * abs(truth))):
            return case.judgement(
                VALUE, cell, RIGHT, reading, ("value.rounded",), "right but for rounding in earlier rows"
            )
        if case.followed is not None and not case.right_formula and given.follows(case.followed):
            said = "it follows from the formula as it is written"
            judged = case.judgement(VALUE, cell, CARRIED, reading, ("carried",), said)
            judged.root = case.here
            return judged
        if self._in_degrees(given):
            said = "degrees were taken for radians"
            return case.judgement(VALUE, cell, WRONG, reading, ("value.slip", "slip.degrees"), said)
        slip = name_value_slip(given, truth, task.others())
        return case.judgement(VALUE, cell, WRONG, reading, ("value.slip", *slip.tags), slip.words)

    def _in_degrees(self, given: Figure) -> bool:
        """Whether a value is what the right rule gives when its angles are taken for degrees."""
        case = self._case
        code = compiled(case.task.rule) if case.task.rule is not None else ()
        if case.task.target.ndim > 1 or not any(op.what in TURNING for op in code):
            return False
        turned: list[Op] = []
        for op in code:
            if op.what in TURNING:
                turned += [Op(NUMBER, math.pi / 180), Op(FUNCTION, "mul", 2)]
            turned.append(op)
        try:
            found = case.world.listing.finished(value(tuple(turned), case.world, case.world.listing.functions))
        except MeaninglessError:
            return False
        return any(given.is_number(float(found[at])) for at in (0, -1))

    def _carried(self, cell: Cell, reading: Formula, carried: float, truth: float) -> Judgement:
        """A value that is right from an earlier slip; refused where that made the step trivial."""
        case, task = self._case, self._case.task
        if task.fresh and task.kind != "primal" and carried in TRIVIAL and truth not in TRIVIAL:
            said = f"not carried on: the step became trivial, {carried:g} instead of {truth:.6g}"
            judged = case.judgement(VALUE, cell, WRONG, reading, ("value.slip", "carry.refused"), said)
        else:
            said = f"right from the value in {task.root}: full marks"
            judged = case.judgement(VALUE, cell, CARRIED, reading, ("carried",), said)
        judged.root = task.root
        return judged


def is_matrix_of_numbers(formula: Formula | None) -> bool:
    """Whether a formula is a matrix without names."""
    return formula is not None and formula.head == "matrix" and bool(formula.args) and not names_in(formula)
