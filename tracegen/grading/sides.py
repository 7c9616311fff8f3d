"""Changes of the sides of matrices: a transpose put in or taken away, factors the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from tracegen.grading.editing import starts, swapped
from tracegen.grading.meaning import FUNCTION, LEAF, Code, Op

Change = tuple[Code, str, str]
"""A formula with one change, the tag of the slip, and the change in words."""

TRANSPOSED = Op(FUNCTION, "transpose", 1)


def found(code: Code) -> Iterator[Change]:
    """The changes that there are, the smallest first."""
    yield from _transposed(code)
    yield from _turned(code)
    yield from _restacked(code)


def _transposed(code: Code) -> Iterator[Change]:
    for place, op in enumerate(code):
        if op.what == "transpose":
            changed: Code = (*code[:place], *code[place + 1 :])
        elif op.kind == LEAF and op.what.head == "name" and code[place + 1 : place + 2] != (TRANSPOSED,):
            changed = (*code[: place + 1], TRANSPOSED, *code[place + 1 :])
        else:
            continue
        yield changed, "slip.transpose", "a matrix is transposed, or should be"


def _toggled(part: Code) -> Code:
    return part[:-1] if part[-1] == TRANSPOSED else (*part, TRANSPOSED)


def _restacked(code: Code) -> Iterator[Change]:
    for place, op in enumerate(code):
        if op.arity == 2 and (op.what in ("hstack", "vstack") or op.what[0] == "matrix"):
            yield swapped(code, place), "slip.order", "the blocks stand the wrong way round"


def _turned(code: Code) -> Iterator[Change]:
    for place, op in enumerate(code):
        if op.arity != 2 or op.what not in ("mul", "matmul"):
            continue
        yield swapped(code, place), "slip.side", "a matrix stands on the wrong side"
        first, second = starts(code, place)
        both = (*code[:first], *_toggled(code[second:place]), *_toggled(code[first:second]), *code[place:])
        yield both, "slip.transpose", "the product is transposed"
        for end in (second, place):
            moved = (*code[:end], TRANSPOSED, *code[end:])
            yield swapped(moved, place + 1), "slip.side", "a matrix stands on the wrong side, transposed"
