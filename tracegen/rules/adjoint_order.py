"""The order of the terms in the sum of an adjoint, as the reverse table and everything else show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def in_order(users: Sequence[int], choice: str, uses_several: Callable[[int], bool]) -> list[int]:
    """The lines that pass something on to a line's adjoint, each once, in the order of their terms.

    ``choice`` is the convention's: ``listed`` as they stand in the list, ``reversed`` the last line first, ``unary``
    those of one operand first, otherwise as listed.

    >>> in_order([4, 2, 3], "unary", lambda place: place == 2)
    [3, 4, 2]
    """
    listed = sorted(dict.fromkeys(users))
    if choice == "reversed":
        return listed[::-1]
    if choice == "unary":
        return sorted(listed, key=uses_several)
    return listed
