"""Finds the one number in a formula without names that was misread."""

from __future__ import annotations

from collections.abc import Callable

from tracegen.grade.lookalikes import misread_numbers
from tracegen.grade.meaning import NUMBER, Code, Op, formula_of, number_value
from tracegen.grade.repairs import Repair


def misread_number(code: Code, right: Callable[[float], bool]) -> Repair | None:
    """The one number in a formula without names that was misread, where another makes it right."""
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
    return min(found, key=lambda repair: repair.slip != "slip.misread", default=None)
