"""Rows of a primal list on their way to the lines that they are: what they may mean, and what names mean to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracegen.formula import Formula
from tracegen.grading.meaning import Array, Code, MeaninglessError, compiled, leaves
from tracegen.grading.numbers import Figure, figure
from tracegen.grading.reference import PoolLine
from tracegen.grading.sheet import Row
from tracegen.grading.tasks import has_names


@dataclass(eq=False)
class Entry:
    """A row of a primal list: what it is called, what it may mean, the number beside it, and what it was taken for.

    ``line`` is the line of the reference, None for a step of the writer's own; ``right`` whether its formula says so;
    ``mislabelled`` that it is called otherwise on the sheet, by a slip, and ``likely`` that more than its users say so.
    """

    label: str
    row: Row
    codes: list[Code]
    number: Figure | None
    line: PoolLine | None = None
    right: bool = False
    settled: bool = False
    values: Array | None = None
    used: Code | None = None
    mislabelled: bool = False
    likely: bool = False

    @property
    def names_derivatives(self) -> bool:
        """Whether all that is said of it is in derivatives, g = ∂L/∂a: a helper for these, and no row of a list."""
        return bool(self.codes) and all(any(leaf.head != "name" for leaf in leaves(code)) for code in self.codes)

    @property
    def is_number(self) -> bool:
        """Whether nothing but a number is said of it, however often."""
        return not self.codes and self.number is not None and len({cell.readings for cell in self.row.cells}) == 1


def entry_of(row: Row) -> Entry:
    """A row with the codes of its formulas that have names in them."""
    codes: list[Code] = []
    number = None
    for cell in (*row.members, *row.beside):
        for reading in cell.readings:
            try:
                code = compiled(reading)
            except MeaninglessError:
                continue
            if has_names(code):
                codes.append(code)
            elif reading.head != "matrix":
                number = figure(reading)
    return Entry(row.key[0], row, codes, number)


class Names:
    """Looks names up: values of rows by their label or another name of theirs."""

    def __init__(self, env: Mapping[str, Array], also: Mapping[str, str]) -> None:
        self.env = env
        self._also = also

    def has(self, leaf: Formula) -> bool:
        return leaf.head == "name" and self._also.get(leaf.args[0], leaf.args[0]) in self.env

    def __call__(self, leaf: Formula) -> Array:
        if not self.has(leaf):
            raise MeaninglessError(
                f"the name {leaf.args[0]} is not known here" if leaf.head == "name" else "a derivative can't stand here"
            )
        return self.env[self._also.get(leaf.args[0], leaf.args[0])]


def in_order(entries: Sequence[Entry], also: Mapping[str, str]) -> list[Entry]:
    """The entries so that each comes after those that it uses."""
    known = {entry.label: entry for entry in entries}
    done: list[Entry] = []
    seen: set[str] = set()
    for first in entries:
        stack, path = [first], {id(first)}
        while stack:
            entry = stack[-1]
            if entry.label in seen:
                path.discard(id(stack.pop()))
                continue
            below = _uses(entry, also) if entry.right else []
            # one at a time: the stack is a path, and only a row on it can close a circle
            waiting = (known[text] for text in below if text in known and text not in seen)
            used = next((other for other in waiting if id(other) not in path), None)
            if used is not None:
                stack.append(used)
                path.add(id(used))
                continue
            seen.add(entry.label)
            path.discard(id(entry))
            done.append(stack.pop())
    return done


def _uses(entry: Entry, also: Mapping[str, str]) -> list[str]:
    if entry.used is None:
        return []
    return [also.get(leaf.args[0], leaf.args[0]) for leaf in leaves(entry.used) if leaf.head == "name"]
