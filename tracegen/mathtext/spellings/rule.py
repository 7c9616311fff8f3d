"""A row of a table of spellings: how something is written elsewhere, what it is here, and examples that say so."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field

INDEX = r"(?:_?\{-?m?\d+\}|_?-?m?\d+|[₋₀-₉]+)"
HAT = r"\\(?:hat|tilde)\{[^{}]*\}"
SHAPES = {
    "<index>": INDEX,
    "<row>": rf"({HAT}{INDEX}?|\\?[A-Za-z]+{INDEX}?)",
    "<name>": rf"({HAT}|[A-Za-z](?:[A-Za-z]*?)(?:_?\{{?-?m?\d+\}}?)?)",
    "<letter row>": rf"([A-Za-z]{INDEX})",
    "<input>": r"(\\?[A-Za-z]+(?:_?\d+|_\{\d+\}|[₀-₉]+)?)",
}
"""What may stand in a pattern for a name with its number, each a group of its own but for the index."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to write: its ``name`` in words, and ``becomes``, what is read for ``pattern``.

    ``marks`` are texts of which one stands wherever the pattern does, so that most texts are not looked at twice.
    ``words`` are words of it that are mathematics. ``unless`` are names that mean something else where a sheet has
    them. ``either`` says that the text without it is as usual a reading.
    ``examples`` are pairs of a text and what it becomes: the tests go over them.
    """

    name: str
    marks: tuple[str, ...]
    pattern: str
    becomes: str | Callable[[re.Match[str]], str]
    examples: tuple[tuple[str, str], ...]
    either: bool = False
    words: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    expression: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        pattern = self.pattern
        for shape, written in SHAPES.items():
            pattern = pattern.replace(shape, written)
        object.__setattr__(self, "expression", re.compile(pattern))

    def applied(self, text: str) -> str:
        """The text with what this way to write stands for."""
        return self.expression.sub(self.becomes, text)


class Spellings:
    """A table of ways to write, which are looked for in its order."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self.words = frozenset[str]().union(*(rule.words for rule in self.rules))
        self._marks = [(mark, place) for place, rule in enumerate(self.rules) for mark in rule.marks]

    def met(self, text: str, names: Collection[str] = ()) -> Iterator[Rule]:
        """The ways to write that may be in a text."""
        for place in sorted({place for mark, place in self._marks if mark in text}):
            rule = self.rules[place]
            if not rule.unless or rule.unless.isdisjoint(names):
                yield rule

    def spelled_out(self, text: str, names: Collection[str] = ()) -> str:
        """The text with all of them in the one spelling that is read, where a sheet has these names."""
        return self.readings(text, names)[0]

    def readings(self, text: str, names: Collection[str] = ()) -> tuple[str, ...]:
        """What a text is with all of them, and what it is without one where that is as usual."""
        usual, other = text, ""
        for rule in self.met(text, names):
            changed = rule.applied(usual)
            other = rule.applied(other) if other else usual if rule.either and changed != usual else ""
            usual = changed
        return (usual, other) if other and other != usual else (usual,)
