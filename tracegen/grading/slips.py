"""Names what went wrong with a value: a sign, a misread digit, a value of another row, rounding, degrees."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tracegen.grading.lookalikes import misread_numbers
from tracegen.grading.numbers import Figure


@dataclass(frozen=True, slots=True)
class Named:
    """The tags of a slip, and a sentence."""

    tags: tuple[str, ...] = ()
    words: str = ""


def name_value_slip(given: Figure, truth: float, others: Sequence[tuple[str, float]]) -> Named:
    """What is wrong with a value. ``others`` are values of other cells, with their names.

    >>> name_value_slip(Figure(-2.0, 0.0), 2.0, ()).tags
    ('slip.sign',)
    """
    if truth and (given.is_number(-truth) or given.is_about(-truth, given.open)):
        return Named(("slip.sign",), "the sign of the value is wrong")
    if given.decimal and abs(given.value - truth) <= 4 * given.open:
        return Named(("slip.rounding",), "the last digit is rounded wrongly")
    text = f"{given.value:g}"
    if given.value * truth >= 0 and any(
        Figure(float(other), given.open, given.decimal).is_number(abs(truth))
        for other in misread_numbers(text.removeprefix("-"))
    ):
        return Named(("slip.misread",), f"reads as {text}; {truth:g} would be right")
    for name, number in others:
        if number != truth and number not in (0.0, 1.0) and given.is_number(number):
            return Named(("slip.swapped",), f"this is the value of {name}")
    if given.value == 0:
        return Named(("slip.zero",), "a value that is not 0 was taken as 0")
    for other in (math.degrees, math.radians):
        turned = other(truth)
        if given.value and (given.is_number(turned) or math.isclose(given.value, turned, rel_tol=1e-6)):
            return Named(("slip.degrees",), "degrees were taken for radians")
    return Named((), "the formula does not give this value")
