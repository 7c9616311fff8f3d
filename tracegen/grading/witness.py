"""Says by numbers what is wrong with a cell: a point, what the cell is worth there, and what is right."""

from __future__ import annotations

import math

from tracegen.grading.samples import DIFFERENT
from tracegen.grading.tasks import Case, Member, Read
from tracegen.grading.verdicts import VALUE, Judgement

MOST_INPUTS = 4
"""Inputs of a point that are written out; with more of them it is only said which point it is."""

DIGITS = 6
ALL_DIGITS = 12


def witness_of(case: Case, judged: Judgement, member: Member) -> str:
    """The point and the two values that differ there, for a wrong cell; nothing where there is no single number to
    compare: for matrices, and for what has the right values under the name of another row."""
    read = next((read for read in member.reads if read.formula is judged.reading), None)
    target = case.task.target
    if read is None or read.values.shape != target.shape or (target.ndim > 1 and target.shape[1:] != (1, 1)):
        return ""
    return _of_value(case, read) if judged.cell == VALUE else _of_formula(case, read)


def _of_value(case: Case, read: Read) -> str:
    if case.numbers is None:
        return ""
    truth, carried = case.numbers
    given, right = _told_apart(float(read.values.flat[0]), truth)
    said = f"{right} is right {_place(case, 0)}, not {given}"
    if case.task.root is None or not math.isfinite(carried) or math.isclose(carried, truth, rel_tol=DIFFERENT):
        return said
    return f"{said}; {carried:.{DIGITS}g} would follow from your own rows before"


def _of_formula(case: Case, read: Read) -> str:
    given, right = read.values.reshape(-1)[:-1].tolist(), case.task.target.reshape(-1)[:-1].tolist()
    for sample, (one, other) in enumerate(zip(given, right, strict=True)):
        difference, size = abs(one - other), max(abs(one), abs(other))
        if DIFFERENT * size < difference < math.inf:
            wrong, truth = _told_apart(one, other)
            return f"{_place(case, sample)} this is {wrong}; {truth} is right"
    return ""


def _told_apart(given: float, right: float) -> tuple[str, str]:
    """Two numbers with as many digits as show that they differ."""
    short = f"{given:.{DIGITS}g}", f"{right:.{DIGITS}g}"
    return short if short[0] != short[1] else (f"{given:.{ALL_DIGITS}g}", f"{right:.{ALL_DIGITS}g}")


def _place(case: Case, sample: int) -> str:
    """The point of a sample, in words: the problem's own is the first; others are near it."""
    reference = case.world.reference
    word = "at" if sample == 0 else "near"
    values = {name: float(array.reshape(len(array), -1)[sample, 0]) for name, array in reference.inputs.items()}
    if len(values) > MOST_INPUTS or any(array[0].size > 1 for array in reference.inputs.values()):
        return "at the point" if sample == 0 else "at a point near by"
    return f"{word} {', '.join(f'{name} = {value:.{DIGITS if sample == 0 else 3}g}' for name, value in values.items())}"
