"""Changes to the steps of a formula: where a part begins, operands swapped, a part replaced."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.formula import Formula
from tracegen.grade.meaning import Code, Op, compiled, formula_of


def begins(code: Sequence[Op], place: int) -> int:
    """Where the part of the code that ends at a place begins."""
    needed, at = 1, place
    while True:
        needed += code[at].arity - 1
        if needed == 0:
            return at
        at -= 1


def starts(code: Sequence[Op], place: int) -> tuple[int, int]:
    """Where the two operands of the operation at a place begin."""
    second = begins(code, place - 1)
    return begins(code, second - 1), second


def swapped(code: Sequence[Op], place: int) -> tuple[Op, ...]:
    first, second = starts(code, place)
    return (*code[:first], *code[second:place], *code[first:second], *code[place:])


def with_part(code: Code, first: int, last: int, part: Formula) -> Formula:
    return formula_of((*code[:first], *compiled(part), *code[last + 1 :]))
