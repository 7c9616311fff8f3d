"""Follows one formula from text to table through the rooms of the package: ``python -m tests.following``.

A room is a folder under the package, or a file beside the folders. What counts is the calls, as they enter a room, in
a process that has imported everything and traced nothing yet, so that no import is on the way and no cache is a short
cut:

* a *visit* is a stay: calls in a row that enter the same room are one,
* a *return* is a visit to a room that was left before.

The ground (what errors, formulas, shapes and files are) is left out: it is the words that all rooms speak in. So is the
package itself, which only passes on its names, and going back when a call is done: what comes next is a call again.

Who calls whom says whether the rooms are in order: a *return* there is a pair of rooms of which each calls the other,
so that neither can be read to its end without the other one.

Three readers go the way. The one who opens each *file* once, where the formula first comes into it, sees how the house
is divided. The one who steps into each *function* once sees what is to be read. The one who steps into every *call*
sees what the machine does: a loop over lines that looks up their operations goes to and fro with every line.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import tracegen

PACKAGE = Path(tracegen.__file__).parent
NO_VISIT = frozenset({None, "__init__", "errors", "examples", "files", "formula", "shapes"})


@dataclass(frozen=True, slots=True)
class Way:
    """The rooms that were gone through, one after the other, and never the same twice in a row."""

    rooms: tuple[str, ...]

    @property
    def visits(self) -> int:
        """How often a room was entered."""
        return len(self.rooms)

    @property
    def returns(self) -> int:
        """How many visits were to a room that had been left."""
        return len(self.rooms) - len(set(self.rooms))


def everything_imported() -> None:
    """Import every module of the package, so that no import is on the way."""
    for found in pkgutil.walk_packages(tracegen.__path__, "tracegen."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)


def calls_of(work: Callable[[], object]) -> list[CodeType]:
    """Every function of the package that is entered, in order, those that are no visit left out."""
    found: list[CodeType] = []

    def entered(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and room_of(frame.f_code) not in NO_VISIT:
            found.append(frame.f_code)

    sys.setprofile(entered)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


def callers_of(work: Callable[[], object]) -> set[tuple[str, str]]:
    """The pairs of rooms of which the first calls the second."""
    pairs: set[tuple[str, str]] = set()

    def entered(frame: FrameType, event: str, argument: Any) -> None:
        room = room_of(frame.f_code) if event == "call" else None
        if room is None or room in NO_VISIT:
            return
        caller = frame.f_back
        while caller is not None and room_of(caller.f_code) in NO_VISIT:
            caller = caller.f_back
        above = room_of(caller.f_code) if caller is not None else None
        if above is not None and above != room:
            pairs.add((above, room))

    sys.setprofile(entered)
    try:
        work()
    finally:
        sys.setprofile(None)
    return pairs


def returns(pairs: Set[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pairs of rooms of which each calls the other, once each.

    >>> returns({("a", "b"), ("b", "c"), ("c", "b")})
    [('b', 'c')]
    """
    return sorted((one, other) for one, other in pairs if one < other and (other, one) in pairs)


def room_of(code: CodeType) -> str | None:
    """The room that a function is in; None outside of the package, and for what is generated or imported as a whole."""
    path = Path(code.co_filename)
    if not path.is_relative_to(PACKAGE) or code.co_name == "<module>":
        return None
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def way(calls: Sequence[CodeType], once: Callable[[CodeType], Hashable] | None = None) -> Way:
    """The way of some calls; with ``once``, of the first calls only of what it tells apart."""
    rooms: list[str] = []
    seen = set()
    for code in calls:
        if once is not None and once(code) in seen:
            continue
        seen.add(code if once is None else once(code))
        room = room_of(code)
        if room and rooms[-1:] != [room]:
            rooms.append(room)
    return Way(tuple(rooms))


def by_file(code: CodeType) -> Hashable:
    """What the reader of files tells apart."""
    return code.co_filename


def by_function(code: CodeType) -> Hashable:
    """What the reader of functions tells apart."""
    return code


def a_formula() -> str:
    """From text to table."""
    return tracegen.trace("x1*x2 + sin(x1)", at={"x1": 2, "x2": "pi/4"}).primal().to("md")


def followed() -> dict[str, Way]:
    """The ways of the three readers; in a process that has traced nothing yet."""
    everything_imported()
    calls = calls_of(a_formula)
    return {"files": way(calls, by_file), "functions": way(calls, by_function), "calls": way(calls)}


def called() -> set[tuple[str, str]]:
    """The pairs of rooms of which the first calls the second; in a process that has traced nothing yet."""
    everything_imported()
    return callers_of(a_formula)


def main() -> None:
    """Print the ways of the three readers, and the rooms that call each other."""
    ways = followed()
    pairs = callers_of(a_formula)
    print(f"{len({room for pair in pairs for room in pair})} rooms, {len(returns(pairs))} pairs that call each other:")
    print("  " + ", ".join(" and ".join(pair) for pair in returns(pairs)))
    for name, found in ways.items():
        print(f"{name}: {found.visits} visits to {len(set(found.rooms))} rooms, {found.returns} returns")
        print("  " + ", ".join(f"{room} {times}" for room, times in Counter(found.rooms).most_common()))
    print(" → ".join(ways["files"].rooms))


if __name__ == "__main__":
    main()
