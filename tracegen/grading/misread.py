"""Finds the one number in a formula without names that was misread, or the one sign that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tracegen.grading.editing import sign_changes
from tracegen.grading.lookalikes import misread_numbers
from tracegen.grading.meaning import NUMBER, Code, Op, formula_of, number_value
from tracegen.grading.repairs import Repair

_LIKELY = ("slip.misread", "slip.sign", "slip.number")


def misread_number(code: Code, right: Callable[[float], bool]) -> Repair | None:
    """The one number that was misread, or the one sign that is wrong, in a formula without names."""
    found: list[Repair] = []
    for place, op in enumerate(code):
        if op.kind != NUMBER:
            continue
        text = str(int(op.what)) if op.what == int(op.what) else repr(op.what)
        alike = misread_numbers(text)
        for other in dict.fromkeys([*alike, *(str(whole) for whole in range(13))]):
            changed = (*code[:place], Op(NUMBER, float(other)), *code[place + 1 :])
            if float(other) != op.what and right(number_value(changed)):
                slip = "slip.misread" if other in alike else "slip.number"
                found.append(Repair(formula_of(changed), slip, f"reads as {text}; {other} would be right"))
    found += _signs(code, right)
    return min(found, key=lambda repair: _LIKELY.index(repair.slip), default=None)


def _signs(code: Code, right: Callable[[float], bool]) -> Iterator[Repair]:
    for changed in sign_changes(code):
        if right(number_value(changed)):
            yield Repair(formula_of(changed), "slip.sign", "a sign is wrong")
