"""What was found out about a list once, for all sheets that have the same list: those of a class say much the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

Found = TypeVar("Found")

MOST = 20_000
"""Findings that are kept for a problem; all are dropped when there are more."""


class Findings:
    """Keeps answers under the whole of what they depend on, so that no sheet can change another's.

    >>> findings = Findings()
    >>> findings.of("2 + 2", lambda: 4), findings.of("2 + 2", lambda: 5)
    (4, 4)
    """

    def __init__(self, most: int = MOST) -> None:
        self._kept: dict[Hashable, object] = {}
        self._most = most

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
