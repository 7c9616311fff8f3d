"""Reads a sheet of any format into its headings, rows, values, matrices and shapes. Nothing in a sheet runs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache

from tracegen import primitives
from tracegen.errors import ParseError, Place
from tracegen.grade.pieces import Markdown, Piece, check_bounds, check_pieces
from tracegen.grade.rows import Builder
from tracegen.grade.sheet import Submission
from tracegen.mathtext.letters import GREEK, SUBSCRIPTS
from tracegen.mathtext.names import BARE

SUFFIXES = (".md", ".tex", ".txt", ".ipynb", ".csv", ".json")
SIGMA = frozenset(["sigma"])
_NUMBERED = re.compile(r"(?<![A-Za-z\\])d?([A-Za-z])\}?(?:_\{?|\^\{?[\(\[])?(-?\d{1,4})(?![\d.])")
_SINGLE = re.compile(r"(?<![A-Za-z\\])([A-Za-z])(?![A-Za-z])")
_DEFINED = re.compile(r"(?:^|[\s$&|{])(\\?[A-Za-z]+)\}?\s*&?\s*=", re.MULTILINE)
_BELOW_ZERO = re.compile(r"^[\s|$]*([A-Za-z])-\d\s*=", re.MULTILINE)
"""A row such as ``v-1 = x1``, written plainly: then v-1 is a name wherever it stands."""

_LAST_INDEX = 20


@dataclass(frozen=True, slots=True)
class Words:
    """What a reader has to know of a problem: its names, its letters for functions, the base of ``\\log``."""

    inputs: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    letters: frozenset[str] = SIGMA
    log: str = "e"
    dimensions: frozenset[str] = field(default=frozenset())

    @property
    def declared(self) -> frozenset[str]:
        return self.inputs | self.outputs | self.others


def read_sheet(text: str, words: Words, *, suffix: str = ".md", source: str = "sheet") -> Submission:
    """All that a sheet holds, in order.

    ``suffix`` is that of the file's name: .md, .tex, .txt, .ipynb, .csv or .json. A cell that can't be read keeps its
    text and the reason.

    Raises BoundError for a sheet that is too long, ParseError for one that is not of its format.

    >>> read_sheet("v0 = x1 = 2", Words(frozenset(["x1"]))).items[0].members[1].text
    '2'
    """
    check_bounds(text, source)
    pieces = _pieces(text, suffix, source)
    check_pieces(pieces, source)
    whole = text if suffix in (".md", ".txt", "") else "\n".join(cell for piece in pieces for cell in piece.cells)
    builder = Builder(words, sheet_names(whole, words), source, frozenset(_BELOW_ZERO.findall(whole)))
    for piece in pieces:
        builder.add(piece)
    return builder.submission()


def _pieces(text: str, suffix: str, source: str) -> list[Piece]:
    if suffix == ".tex":
        from tracegen.grade.latex import Latex

        return Latex(text).pieces()
    if suffix in (".ipynb", ".csv", ".json"):
        from tracegen.grade import records

        return records.pieces(text, suffix, source)
    if suffix not in (".md", ".txt", ""):
        raise ParseError(f"{suffix} files are not read; {', '.join(SUFFIXES)} are", Place(source))
    return Markdown(text).pieces()


def sheet_names(text: str, words: Words) -> frozenset[str]:
    """The names that a sheet may use: the problem's, numbered letters, and the letters that stand alone on it."""
    plain = text if text.isascii() else _plain(text)
    names = set(words.declared)
    letters: dict[str, int] = {}
    lines = [_letters_in(line) for line in plain.split("\n")]
    for letter, index in set().union(*(numbered for numbered, _ in lines)):
        if f"{letter.swapcase()}{index}" not in words.declared:
            letters[letter] = max(letters.get(letter, _LAST_INDEX), int(index))
    for letter, last in letters.items():
        numbered = (f"{letter}{index}" for index in range(-9, last - last % -_LAST_INDEX + 1))
        names.update(text for text in numbered if text.swapcase() not in words.declared)
    defined = {found.lstrip("\\") for found in _DEFINED.findall(plain)}
    singles = set().union(*(singles for _, singles in lines))
    names.update(letter for letter in singles if letter not in "deET" or letter in defined)
    names.update(_others(defined, plain, words.letters))
    return _shared(frozenset(names - (words.letters - words.declared)))


@lru_cache(maxsize=512)
def _shared(names: frozenset[str]) -> frozenset[str]:
    """One object for all sheets that use the same names, which are looked up with every cell."""
    return names


@lru_cache(maxsize=8_192)
def _letters_in(line: str) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """The letters on a line that have numbers, with these, and those that stand alone."""
    return frozenset(_NUMBERED.findall(line)), frozenset(_SINGLE.findall(line))


def _others(defined: Collection[str], plain: str, letters: Collection[str]) -> set[str]:
    """Words that stand before an equal sign, and Greek letters."""
    greek = set(GREEK.values())
    found = {word for word in defined if len(word) > 1 and word not in greek and _is_free(word)}
    found |= {word for word in re.findall(r"\\([a-z]{2,7})(?![A-Za-z])", plain) if word in greek and word != "pi"}
    return found - set(letters)


def _is_free(word: str) -> bool:
    return (
        word not in BARE and primitives.find(word) is None and word not in ("pi", "bar", "dot", "end", "left", "right")
    )


def _plain(text: str) -> str:
    """A text whose small digits stand on the line, without accents, with Greek letters as commands."""
    decomposed = unicodedata.normalize("NFD", text)
    kept = (letter for letter in decomposed if not unicodedata.combining(letter))
    return "".join(SUBSCRIPTS.get(letter) or (f"\\{GREEK[letter]} " if letter in GREEK else letter) for letter in kept)
