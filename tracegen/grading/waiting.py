"""Rows of a primal list that wait for names: which can be worked out next, without a look at all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from itertools import islice

from tracegen.formula import Formula
from tracegen.grading.entries import Entry
from tracegen.grading.meaning import Code, leaves


class Waiting:
    """Rows in their order, each watching one name that it lacks. ``is_known`` says whether a name is known by now."""

    def __init__(self, entries: Iterable[Entry], is_known: Callable[[Formula], bool]) -> None:
        self._is_known = is_known
        self._left = dict(enumerate(entries))
        self._ready: list[int] = []
        self._watched: dict[str, list[tuple[int, Code]]] = {}
        for place, entry in self._left.items():
            for code in entry.codes:
                self._look(place, code)

    def __len__(self) -> int:
        return len(self._left)

    def first(self, most: int) -> list[Entry]:
        """The first of the rows that wait."""
        return list(islice(self._left.values(), most))

    def take(self) -> Entry:
        """The first row that can be worked out, or the first of all where none can; it waits no longer."""
        while self._ready:
            entry = self._left.pop(heappop(self._ready), None)
            if entry is not None:
                return entry
        return self._left.pop(next(iter(self._left)))

    def has_come(self, text: str) -> None:
        """Look again at the rows that lack a name, which may be known now."""
        for place, code in self._watched.pop(text, ()):
            if place in self._left:
                self._look(place, code)

    def _look(self, place: int, code: Code) -> None:
        lacking = next((leaf for leaf in leaves(code) if not self._is_known(leaf)), None)
        if lacking is None:
            heappush(self._ready, place)
        elif lacking.head == "name":
            self._watched.setdefault(str(lacking.args[0]), []).append((place, code))
