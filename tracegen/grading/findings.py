"""What was found out once, for all sheets that say the same: those of a class say much the same.

Everything that is remembered between sheets is remembered here, so that there is one bound on it all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import TypeVar
from weakref import WeakSet

from tracegen.primitives import edition

Found = TypeVar("Found")
Function = TypeVar("Function", bound=Callable[..., object])

MOST = 20_000
"""Findings that are kept for a problem; all are dropped when there are more."""

MOST_CHARACTERS = 5_000_000
"""Characters of sheets on which all that is remembered may rest: some 350 sheets of a homework's size."""

_FORGET: list[Callable[[], None]] = []


class Findings:
    """Keeps answers under the whole of what they depend on, so that no sheet can change another's.

    >>> findings = Findings()
    >>> findings.of("2 + 2", lambda: 4), findings.of("2 + 2", lambda: 5)
    (4, 4)
    """

    def __init__(self, most: int = MOST) -> None:
        self._kept: dict[Hashable, object] = {}
        self._most = most
        _ALL.add(self)

    def of(self, key: Hashable, work: Callable[[], Found]) -> Found:
        """What is known under a key; worked out where nothing is."""
        known = self._kept.get(key, self)
        if known is not self:
            return known  # type: ignore[return-value]
        found = work()
        if len(self._kept) >= self._most:
            self._kept.clear()
        self._kept[key] = found
        return found

    def forget(self) -> None:
        """Drop everything."""
        self._kept.clear()


_ALL: WeakSet[Findings] = WeakSet()


def remembered(most: int) -> Callable[[Function], Function]:
    """Remember what a function gave for the things that it was asked last, until room is made."""

    def decorated(function: Function) -> Function:
        known = lru_cache(maxsize=most)(function)
        _FORGET.append(known.cache_clear)
        return known  # type: ignore[return-value]

    return decorated


class Room:
    """Counts what was read since all was forgotten, and knows on which edition of the table of primitives it rests.

    >>> room = Room(100)
    >>> room.make(90), room.make(90)
    (False, True)
    """

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most = most
        self._read = 0
        self._edition = edition()

    def make(self, characters: int) -> bool:
        """Forget everything where, with a sheet of so many characters, too much would rest on what was read, or where
        a primitive was registered anew, so that what a word means may have changed."""
        self._read += characters
        before, self._edition = self._edition, edition()
        if self._read <= self._most and before == self._edition:
            return False
        self._read = characters
        for forget in _FORGET:
            forget()
        for findings in list(_ALL):
            findings.forget()
        return True
