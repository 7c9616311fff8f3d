"""Judges a value: right, right but for rounding, carried from an earlier slip, or a slip of its own."""

from __future__ import annotations

import math
import re
from typing import TypeGuard

import numpy as np

from tracegen.formula import Formula, names_in
from tracegen.grading.meaning import FUNCTION, NUMBER, Array, MeaninglessError, Op, compiled, value
from tracegen.grading.misread import misread_number
from tracegen.grading.numbers import Figure, figure
from tracegen.grading.rounding import rounding
from tracegen.grading.sheet import Cell
from tracegen.grading.slips import name_value_slip
from tracegen.grading.tasks import Case, Member, Read, at, is_close
from tracegen.grading.verdicts import CARRIED, RANK, RIGHT, SHORTENED, UNSURE, VALUE, WRONG, Judgement

TRIVIAL = (0.0, 1.0)
FOLLOWED = "followed"
"""An element that is what the writer's own, wrong, formula gives."""

WORKED_OUT = 2e-3
"""What rounded numbers can make, relatively, in a matrix that is worked out of them."""

SUMMED = 4
"""Half units in the last place that the rounding of the numbers in a sum of products can make."""

TURNING = ("sin", "cos", "tan")
_LIST = re.compile(r"\[[^\[\];&]*,[^\[\];&]*\]")
"""Numbers as a program lists them, which are as well a column as a row."""

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
        judged = [self._number(member.cell, _figure(read), read.formula) for read in member.reads]
        return min(judged, key=lambda one: RANK[one.verdict])

    def _without_number(self, member: Member) -> Judgement:
        """A value of a matrix that is worked out of numbers, or of a problem without a point."""
        case, cell = self._case, member.cell
        values, target = member.reads[0].values, case.task.target
        if target.ndim > 1 and values.shape == target.shape and np.allclose(values[:-1], target[:-1], rtol=1e-9):
            return case.judgement(VALUE, cell, RIGHT)
        if target.ndim == 1 or not case.world.reference.pointed:
            said = "the problem has no point at which this number could be checked"
            return case.judgement(VALUE, cell, UNSURE, tags=("unsure",), because=said)
        given = values[0] if values.shape == target.shape else np.broadcast_to(values[0].flat[0], target.shape[1:])
        if _about(given, target[0]):
            return case.judgement(VALUE, cell, RIGHT)
        if case.task.root is not None and _about(given, target[-1]):
            return self._from_root(cell, None)
        if values.shape != target.shape:
            said = f"this is {_sizes(values)}; the row is {_sizes(target)}"
            return case.judgement(VALUE, cell, WRONG, tags=("value.slip",), because=said)
        return case.judgement(VALUE, cell, WRONG, tags=("value.slip",))

    def _matrix(self, cell: Cell) -> Judgement:
        """A matrix of numbers, element by element, each by the digits that it has."""
        case, target = self._case, self._case.task.target
        rows = (cell.formula or Formula("matrix")).args
        if target.ndim == 3 and target.shape[2] == 1 and len(rows) == 1 and _LIST.search(cell.text):
            rows = tuple((element,) for element in rows[0])
        if not case.world.reference.pointed or target.ndim != 3:
            said = "the problem has no matrix of numbers to compare this with"
            return case.judgement(VALUE, cell, UNSURE, tags=("unsure",), because=said)
        if (len(rows), len(rows[0])) != target.shape[1:]:
            said = f"this is {len(rows)}×{len(rows[0])}; the row is {_sizes(target)}"
            return case.judgement(VALUE, cell, WRONG, tags=("value.slip",), because=said)
        found = {
            (place, other): self._element(figure(element), place, other)
            for place, row in enumerate(rows)
            for other, element in enumerate(row)
        }
        for (place, other), verdict in found.items():
            if verdict == WRONG:
                said = f"the element in row {place + 1}, column {other + 1} is not right"
                return case.judgement(VALUE, cell, WRONG, tags=("value.slip",), because=said)
        verdicts = set(found.values())
        if FOLLOWED in verdicts:
            return self._followed(cell, None)
        return self._from_root(cell, None) if CARRIED in verdicts else case.judgement(VALUE, cell, RIGHT)

    def _element(self, given: Figure, row: int, column: int) -> str:
        """The verdict on one element of a matrix, as on a number."""
        case, target, root = self._case, self._case.task.target, self._case.task.root
        truth, carried = float(target[0, row, column]), float(target[-1, row, column])
        slack = abs(carried - truth) if root is None else min(3 * given.open, CARRIED_ROUNDING * abs(truth))
        if given.is_number(truth) or given.is_cut(truth) or given.is_about(truth, slack):
            return RIGHT
        if given.follows(carried) or given.is_cut(carried) or given.is_about(carried, SUMMED * given.open):
            return RIGHT if root is None else CARRIED
        made = case.made if case.made is not None and case.made.shape == target.shape[1:] else None
        if made is None or case.latest_right:
            return WRONG
        number = float(made[row, column])
        return FOLLOWED if given.follows(number) or given.is_about(number, SUMMED * given.open) else WRONG

    def _number(self, cell: Cell, given: Figure, reading: Formula) -> Judgement:
        """A value against the truth, the right rule in the writer's world, and the writer's own rule, in this order."""
        case, task = self._case, self._case.task
        assert case.numbers is not None
        truth, carried = case.numbers
        if task.increment is not None and any(given.is_number(float(task.increment.flat[at])) for at in (0, -1)):
            return case.judgement(VALUE, cell, RIGHT, reading, ("ok", "value.increment"))
        if not math.isfinite(given.value):
            return case.judgement(VALUE, cell, UNSURE, reading, ("unsure",), "this number is too large or has no value")
        if given.is_number(truth):
            return case.judgement(VALUE, cell, RIGHT, reading, ("ok", SHORTENED) if given.is_shortened(truth) else ())
        if given.is_cut(truth):
            said = "digits are cut off where they should be rounded"
            return case.judgement(VALUE, cell, RIGHT, reading, ("value.truncated",), said)
        before = self._is_worked_out_before(cell, given, truth)
        if before or (task.root is None and (given.is_number(carried) or given.is_about(truth, abs(carried - truth)))):
            return case.judgement(
                VALUE, cell, RIGHT, reading, ("value.rounded",), "right but for rounding in earlier rows"
            )
        slack = SUMMED * given.open if case.world.reference.has_matrices else 0.0
        if task.root is not None and (
            given.is_cut(carried)
            or given.follows(carried)
            or given.is_about(carried, slack)
            or given.is_about(carried, rounding(task, given))
        ):
            return self._carried(cell, reading, carried, truth)
        if task.root is not None and given.is_about(truth, min(3 * given.open, CARRIED_ROUNDING * abs(truth))):
            return case.judgement(
                VALUE, cell, RIGHT, reading, ("value.rounded",), "right but for rounding in earlier rows"
            )
        if case.followed is not None and not case.latest_right and self._follows(given, case.followed):
            return self._followed(cell, reading)
        if self._in_degrees(given):
            said = "degrees were taken for radians"
            return case.judgement(VALUE, cell, WRONG, reading, ("value.slip", "slip.degrees"), said)
        slip = name_value_slip(given, truth, task.others())
        judged = case.judgement(VALUE, cell, WRONG, reading, ("value.slip", *slip.tags), slip.words)
        if "slip.swapped" in slip.tags:
            judged.slip = f"{task.part} {sorted((f'{given.value:.3g}', f'{truth:.3g}'))}"
        code = compiled(reading)
        if given.decimal or slip.tags or len(code) < 3:
            return judged
        repair = misread_number(code, lambda number: is_close(number, truth))
        if repair is not None:
            judged.tags, judged.because, judged.repair = ("value.slip", repair.slip), repair.words, repair.formula
        return judged

    def _is_worked_out_before(self, cell: Cell, given: Figure, truth: float) -> bool:
        """Whether a value is what rounded numbers make that stand before it in its chain, and these are the right ones:
        3 × 0.362 = 1.086."""
        for member in self._case.task.row.members:
            if member is cell:
                return False
            if member.formula is None or member.formula.head == "number" or names_in(member.formula):
                continue
            product = figure(member.formula)
            if product.decimal and product.is_number(truth) and given.is_number(product.value):
                return True
        return False

    def _follows(self, given: Figure, own: float) -> bool:
        """Whether a value is what a wrong formula gives, from the writer's values as written or before rounding."""
        unrounded = self._case.unrounded if self._case.task.root is None else None
        return given.follows(own) or (unrounded is not None and given.is_number(unrounded))

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
            judged = self._from_root(cell, reading)
        judged.root = task.root
        return judged

    def _from_root(self, cell: Cell, reading: Formula | None) -> Judgement:
        """A value that is right from an earlier slip."""
        said = f"right from the value in {self._case.task.root}: full marks"
        judged = self._case.judgement(VALUE, cell, CARRIED, reading, ("carried",), said)
        judged.root = self._case.task.root
        return judged

    def _followed(self, cell: Cell, reading: Formula | None) -> Judgement:
        """A value that is what a wrong formula gives."""
        said = "it follows from the formula as it is written"
        judged = self._case.judgement(VALUE, cell, CARRIED, reading, ("carried",), said)
        judged.root = self._case.here
        return judged


def _figure(read: Read) -> Figure:
    """The number that a reading is; one that is worked out of matrices is open by what their rounding can make."""
    given = figure(read.formula)
    if math.isfinite(given.value) or not any(isinstance(op.what, tuple) for op in read.code):
        return given
    number = at(read.values, 0)
    return Figure(number, WORKED_OUT * abs(number), decimal=True) if isinstance(number, float) else given


def _about(given: Array, right: Array) -> bool:
    """Whether a matrix worked out of rounded numbers is a matrix."""
    size = float(np.max(np.abs(right)))
    return bool(np.allclose(given, right, rtol=WORKED_OUT, atol=WORKED_OUT * size))


def _sizes(values: Array) -> str:
    return "×".join(map(str, values.shape[1:]))


def matrix_of(formula: Formula) -> Array:
    """The numbers of a matrix of numbers."""
    return np.array([[figure(element).value for element in row] for row in formula.args])


def is_matrix_of_numbers(formula: Formula | None) -> TypeGuard[Formula]:
    """Whether a formula is a matrix without names."""
    return formula is not None and formula.head == "matrix" and bool(formula.args) and not names_in(formula)
