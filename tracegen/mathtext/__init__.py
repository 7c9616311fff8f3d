"""Reads the mathematics that people write in answers (LaTeX, Markdown, Unicode, plain) into formulas, within bounds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import combinations, zip_longest

from tracegen.errors import ParseError
from tracegen.formula import Formula
from tracegen.mathtext.grammar import Parser
from tracegen.mathtext.indexing import mark_parts
from tracegen.mathtext.known_words import Vocabulary, vocabulary
from tracegen.mathtext.parselets import ANSWERS
from tracegen.mathtext.symbols import EXPONENT, PART, has_layout, lay_out
from tracegen.mathtext.tokens import BREAK, END, cut
from tracegen.mathtext.tokens import EXPONENT as EXPONENT_MARK

__all__ = ["Limits", "Reading", "read", "read_cells"]

MAX_CHOICES = 3
"""Choices of one text that are tried together: up to eight readings."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a text may be at most; checked before any work on it."""

    characters: int = 2_000
    tokens: int = 500
    depth: int = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and what it can mean: the usual reading first, with a note in words on each of the others."""

    text: str
    alternatives: tuple[Formula, ...]
    notes: tuple[str, ...] = ("",)

    @property
    def formula(self) -> Formula:
        """The usual reading."""
        return self.alternatives[0]


LIMITS = Limits()
SIGMA = frozenset(["sigma"])


def read(
    text: str,
    *,
    names: Collection[str] | None = None,
    letters: Collection[str] = SIGMA,
    syntax: str | None = None,
    log: str = "e",
    limits: Limits = LIMITS,
    source: str = "answer",
) -> Reading:
    """The formula, or the chain of formulas with equal signs between, that a text is.

    ``names`` are the names that it may use (None: any); ``letters`` those that stand for functions. ``syntax`` is
    ``"latex"``, ``"plain"`` or None, which looks for a backslash or braces. ``log`` is the base of ``\\log``, ``"e"``
    or ``"10"``. An adjoint, a tangent and a partial derivative are one name each; which of them a fraction of ∂ is,
    the caller decides.

    Raises ParseError with a place where the text is no formula, UnknownNameError where it uses another name,
    BoundError where it is too long or too deep.

    >>> read(r"\\bar{v}_1 = 1/2x").alternatives[0].args[0]
    Formula(head='adjoint', args=(Formula(head='name', args=('v1',)),))
    >>> len(read("1/2x").alternatives)
    2
    """
    readings = _read(text, names, letters, syntax, log, limits, source, several=False)
    return readings[0]


def read_cells(
    text: str,
    *,
    names: Collection[str] | None = None,
    letters: Collection[str] = SIGMA,
    syntax: str | None = None,
    log: str = "e",
    limits: Limits = LIMITS,
    source: str = "answer",
) -> tuple[Reading, ...]:
    """As :func:`read`, of a text in which wide spaces and new lines may stand between several formulas.

    >>> [reading.formula.head for reading in read_cells(r"v_1 = x \\quad 2")]
    ['equals', 'number']
    """
    return _read(text, names, letters, syntax, log, limits, source, several=True)


def _read(
    text: str,
    names: Collection[str] | None,
    letters: Collection[str],
    syntax: str | None,
    log: str,
    limits: Limits,
    source: str,
    *,
    several: bool,
) -> tuple[Reading, ...]:
    latex = "\\" in text or "{" in text if syntax is None else syntax == "latex"
    words = vocabulary(names, letters, latex=latex, ten=log == "10")
    bare = _bare(text) if len(text) <= limits.characters else text
    chains, seen = _parse(bare, words, limits, source, frozenset(), several)
    if not seen:
        return tuple(Reading(text, (chain,)) for chain in chains)
    columns: list[dict[Formula, str]] = [{chain: ""} for chain in chains]
    for choices in _turned(seen):
        try:
            others, _ = _parse(bare, words, limits, source, choices, several)
        except ParseError:
            continue
        for column, other in zip_longest(columns, others):
            if column is not None and other is not None:
                column.setdefault(other, "; ".join(sorted(choices)))
    return tuple(Reading(text, tuple(column), tuple(column.values())) for column in columns)


def _parse(
    text: str, words: Vocabulary, limits: Limits, source: str, choices: frozenset[str], several: bool
) -> tuple[list[Formula], set[str]]:
    """The formulas of a text under some choices, and the choices that were met."""
    exponents = (EXPONENT in choices) == words.known("e")
    tokens = cut(text, source, characters=limits.characters, tokens=limits.tokens, exponents=exponents, keywords=True)
    if has_layout(tokens.spelled):
        lay_out(tokens)
    parser = Parser(tokens, words, ANSWERS, limit=limits.depth, choices=choices)
    if "[" in tokens.spelled and mark_parts(tokens, words, choices):
        parser.seen.add(PART)
    if "e" in text.lower() and EXPONENT_MARK.search(text):
        parser.seen.add(EXPONENT)
    chains = [parser.chain()]
    while several and parser.texts[parser.at] == BREAK:
        parser.at += 1
        chains.append(parser.chain())
    if parser.texts[parser.at] == BREAK:
        parser.fail("two formulas stand side by side")
    if parser.texts[parser.at] != END:
        parser.unexpected()
    return chains, parser.seen


def _turned(seen: set[str]) -> Iterator[frozenset[str]]:
    turned = sorted(seen)[:MAX_CHOICES]
    for count in range(1, len(turned) + 1):
        yield from map(frozenset, combinations(turned, count))


def _bare(text: str) -> str:
    """A text without what sentences put round a formula: a full stop or comma at the end, stars of Markdown."""
    bare = text.strip()
    if bare.startswith("**") and bare.endswith("**") and len(bare) > 4:
        bare = bare[2:-2]
    end = bare.rstrip("$ \t\n")
    return (
        end[:-1]
        if end.endswith((".", ",", ";")) and not end.endswith("\\" + end[-1:]) and not end.endswith("...")
        else bare
    )
