"""Takes the place of a part of a matrix apart, ``A[1:, 0]``: what is given of it, and how the part is put together."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.formula import Formula

Given = tuple[bool, bool]
"""Whether a range has a start and an end; a place alone has a start only and stands as None in a pattern."""

Pattern = tuple[Given | None, ...]


def pattern_of_part(node: Formula) -> Pattern:
    """What is given of each axis.

    >>> one = Formula("number", ("1",))
    >>> pattern_of_part(Formula("index", (Formula("name", ("x",)), Formula("slice", (one, None)))))
    ((True, False),)
    """
    return tuple(_given(entry) for entry in node.args[1:])


def operands_of_part(node: Formula) -> tuple[Formula, ...]:
    """The matrix, and the places that are given, in order."""
    bounds = (bound for entry in node.args[1:] for bound in (entry.args if entry.head == "slice" else (entry,)))
    return (node.args[0], *(bound for bound in bounds if bound is not None))


def part_of(pattern: Pattern, operands: Sequence[Formula]) -> Formula:
    """The part that :func:`pattern_of_part` and :func:`operands_of_part` came from."""
    matrix, *bounds = operands
    given = iter(bounds)
    entries = [
        next(given) if axis is None else Formula("slice", tuple(next(given) if there else None for there in axis))
        for axis in pattern
    ]
    return Formula("index", (matrix, *entries))


def _given(entry: Formula) -> Given | None:
    return None if entry.head != "slice" else (entry.args[0] is not None, entry.args[1] is not None)
