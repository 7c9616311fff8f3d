"""Changes to the steps of a formula: where a part begins, operands swapped, a part replaced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracegen.formula import Formula
from tracegen.grading.meaning import FUNCTION, NUMBER, Code, Op, compiled, formula_of


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


def sign_changes(code: Code) -> Iterator[Code]:
    """The steps with one sign changed: those that are written first, then signs left out, the outermost first."""
    for place in sorted(range(len(code)), key=lambda place: (code[place].what not in _SIGNS, -place)):
        op, after = code[place], code[place + 1 :]
        if op.what == "neg":
            yield (*code[:place], *after)
        elif op.what in _SIGNS:
            yield (*code[:place], op._replace(what="sub" if op.what == "add" else "add"), *after)
        elif op.kind != NUMBER:
            yield (*code[: place + 1], Op(FUNCTION, "neg", 1), *after)


_SIGNS = ("add", "sub", "neg")
