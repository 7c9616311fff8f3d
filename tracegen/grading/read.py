"""Reads a sheet of any format into its headings, rows, values, matrices and shapes. Nothing in a sheet runs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tracegen import primitives
from tracegen.errors import ParseError, Place
from tracegen.files.signature import GIVEN_MARK
from tracegen.grading.bounds import check_left, check_size, within_bounds, without_long_lines
from tracegen.grading.continued import continued
from tracegen.grading.dialects import counted_from, is_code
from tracegen.grading.documents import typst
from tracegen.grading.documents.typst_maths import as_latex
from tracegen.grading.findings import remembered
from tracegen.grading.given import without_statement, without_unfilled
from tracegen.grading.laid import pieces_of
from tracegen.grading.loose import joined
from tracegen.grading.macros import written_out
from tracegen.grading.miscast import as_meant
from tracegen.grading.mistyped import with_digits
from tracegen.grading.passages import items_of
from tracegen.grading.pieces import Markdown, Piece, cells_of
from tracegen.grading.readings import Reader
from tracegen.grading.sheet import Submission
from tracegen.grading.tidying import tidied
from tracegen.mathtext.known_words import BARE
from tracegen.mathtext.unicode_text import ACCENTS, GREEK, SUBSCRIPTS, UPRIGHT

SUFFIXES = (".md", ".tex", ".txt", ".typ", ".ipynb", ".csv", ".json", ".html", ".htm")
SIGMA = frozenset(["sigma"])
_NUMBERED = re.compile(r"(?<![A-Za-z\\])d?([A-Za-z])\}?(?:_\{?|\^\{?[\(\[])?(-?\d{1,4})(?![\d.])")
_SINGLE = re.compile(r"(?<![A-Za-z\\])([A-Za-z])(?![A-Za-z])")
_DEFINED = re.compile(r"(?:^|[\s$&|{])(\\?[A-Za-z]+)\}?\s*+(?:&\s*+)?=", re.MULTILINE)
_BELOW_ZERO = re.compile(
    r"^(?:[^\S\n]|[|$])*(?:bar |d)?"
    r"([A-Za-z])[\u0304\u0305\u0307]?-\d(?:_?(?:bar|dot)|')?\s*([=|;,\t/⁄]|$)",
    re.MULTILINE,
)
"""A row such as ``v-1 = x1``, written plainly: then v-1 is a name wherever it stands. A cell ``v-1`` can be one too."""

_HATTED = re.compile(
    r"\\(?:wide)?(hat|tilde)\s*+(?:([A-Za-z])|\{\s*([A-Za-z])(?:_?\{?(-?\d+)\}?)?\s*\})(?:_\{?(-?\d+)\}?|(\d+))?"
)
_COMMAND = re.compile(r"\\([a-z]{2,7})(?![A-Za-z])")
_OVER = re.compile("([A-Za-z])([\u0302\u0303])")
_GREEK = frozenset(GREEK.values())
_LAST_INDEX = 20
SHORT = 6
"""Letters of a line from which on it is no letter alone."""

_TIMES = re.compile(r"[\w)}\]] [xX] [\w(\\{]")
"""An x between spaces, which is a sign for times where no problem and no row has an x."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a reader has to know of a problem: its names, its letters for functions, the base of ``\\log``; whether
    there are matrices, whether these are written as in a program, and from which number their places are counted."""

    inputs: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    letters: frozenset[str] = SIGMA
    log: str = "e"
    dimensions: frozenset[str] = field(default=frozenset())
    matrices: bool = False
    code: bool = False
    first: int = 1

    @property
    def declared(self) -> frozenset[str]:
        return self.inputs | self.outputs | self.others


def read_sheet(text: str, words: Words, *, suffix: str = ".md", source: str = "sheet") -> Submission:
    """All that a sheet holds, in order.

    ``suffix`` is that of the file's name: .md, .tex, .txt, .ipynb, .csv, .json or .html. A cell that can't be read
    keeps its text and the reason.

    Raises BoundError for a sheet that is too long, ParseError for one that is not of its format.

    >>> read_sheet("v0 = x1 = 2", Words(frozenset(["x1"]))).items[0].members[1].text
    '2'
    """
    check_size(text, source)
    pieces, doubts = _pieces(text.translate(UPRIGHT), suffix, source)
    pieces, skipped = within_bounds(without_unfilled(pieces) if GIVEN_MARK in text else pieces, source)
    ready, notes = with_digits(tidied(pieces, words.declared), words.declared)
    if not words.matrices:
        ready, others = as_meant(ready, words.declared)
        notes = [*notes, *others]
    whole = "\n".join(cells_of(ready))
    if words.matrices:
        words = replace(words, code=is_code(whole), first=counted_from(whole, words.declared))
    reader = _reader(words, sheet_names(whole, words), _below_zero(whole, words))
    items, joining = joined(list(items_of(continued(ready, reader), reader)))
    return Submission(tuple(items), (*doubts, *skipped, *notes, *joining))


@remembered(64)
def _reader(words: Words, names: frozenset[str], below_zero: frozenset[str]) -> Reader:
    """One reader for all sheets that use the same names."""
    return Reader(words, names, below_zero)


def _below_zero(text: str, words: Words) -> frozenset[str]:
    """The letters for which v-1 is a name: rows say so, or cells where the letter is numbered from 0 or 1 as well."""
    found: dict[str, bool] = {}
    for letter, after in _BELOW_ZERO.findall(text):
        found[letter] = found.get(letter, False) or after in ("=", "/", "⁄")
    numbered = {letter for letter in found if re.search(rf"(?<![A-Za-z]){letter}_?\{{?[01](?!\d)", text)}
    return frozenset(letter for letter, row in found.items() if row or letter in numbered - words.declared)


def _pieces(text: str, suffix: str, source: str) -> tuple[list[Piece], Sequence[str]]:
    """The pieces of a sheet, and notes on what is in doubt already."""
    if suffix in (".html", ".htm"):
        from tracegen.grading.webpage import WebPage

        return WebPage(without_statement(text)).pieces(), ()
    if suffix in (".ipynb", ".csv", ".json"):
        from tracegen.grading import records

        return records.pieces(text, suffix, source)
    if suffix == ".typ" or (suffix == ".txt" and typst.is_typst(text)):
        text, notes = without_long_lines(text)
        check_left(text, notes, source)
        return pieces_of(typst.read(text), lambda formula: as_latex(formula).text), notes
    if suffix not in (".md", ".txt", ".tex", ""):
        raise ParseError(f"{suffix} files are not read; {', '.join(SUFFIXES)} are", Place(source))
    text = without_statement(text)
    if suffix == ".tex":
        from tracegen.grading.latex import Latex, without_comments

        text, notes = without_long_lines(without_comments(text))
        check_left(text, notes, source)
        return Latex(text).pieces(), notes
    text, notes = without_long_lines(text)
    check_left(text, notes, source)
    return Markdown(written_out(text)).pieces(), notes


def sheet_names(text: str, words: Words) -> frozenset[str]:
    """The names that a sheet may use: the problem's, numbered letters, and the letters that stand alone on it."""
    plain = text if text.isascii() else _plain(text)
    texts = dict.fromkeys(_lines(plain))
    lines = list(map(_written, texts))
    names = set(words.declared)
    letters: dict[str, int] = {}
    apart = frozenset[str]().union(*(line.apart for line in lines))
    for letter, index in set().union(*(line.numbered for line in lines)):
        if f"{letter.swapcase()}{index}" not in words.declared or letter in apart:
            letters[letter] = max(letters.get(letter, _LAST_INDEX), int(index))
    for letter, last in letters.items():
        numbered = (f"{letter}{index}" for index in range(-9, last - last % -_LAST_INDEX + 1))
        names.update(text for text in numbered if text.swapcase() not in words.declared or letter in apart)
    defined = set().union(*(line.defined for line in lines))
    rows = defined | {text.strip(" $") for text in texts if len(text) < SHORT}
    defined.update(letter for letter in "de" if {letter, chr(ord(letter) - 1)} <= rows)  # rows a, b, c, d, e
    singles = set().union(*(line.singles for line in lines))
    signs = "deETxX" if (" x " in plain or " X " in plain) and _TIMES.search(plain) else "deET"
    names.update(letter for letter in singles if letter not in signs or letter in defined)
    own = {word for word in defined if len(word) > 1 and word not in _GREEK and _is_free(word)}
    names.update(word for word in own if word[0] != "d" or word[1:] not in names | own)
    names.update(_hatted(plain, names, words.declared))
    commands = set().union(*(line.commands for line in lines))
    names.update((commands & _GREEK) - {"pi"} - words.letters)
    return _shared(frozenset(names - (words.letters - words.declared)))


@remembered(512)
def _shared(names: frozenset[str]) -> frozenset[str]:
    """One object for all sheets that use the same names, which are looked up with every cell."""
    return names


def _lines(text: str) -> Iterator[str]:
    """The lines of a text; one that begins with an equal sign belongs to the name above it."""
    held: list[str] = []
    name = ""
    for line in text.split("\n"):
        after = line.lstrip().removeprefix("&").lstrip()
        if not after:
            held.append(line)
            continue
        if after.startswith("="):
            name = f"{name} {line}"
        else:
            yield name
            name = line
        yield from held
        held.clear()
    yield name
    yield from held


class Written(NamedTuple):
    """What may be names on a line: letters with numbers, letters alone, what stands before =, and commands."""

    numbered: frozenset[tuple[str, str]]
    singles: frozenset[str]
    defined: frozenset[str]
    commands: frozenset[str]

    @property
    def apart(self) -> frozenset[str]:
        """The letters that are others than the same in the other size, since a line has both: w1 beside W1."""
        return frozenset(letter for letter, index in self.numbered if (letter.swapcase(), index) in self.numbered)


@remembered(8_192)
def _written(line: str) -> Written:
    """What may be names on a line; the lines of a class are much the same."""
    defined = (
        found[1].lstrip("\\")
        for found in _DEFINED.finditer(line)
        if not line[: found.start(1)].rstrip(" \t{&").endswith("=")  # a = xy = 6 defines a, not xy
    )
    found = _NUMBERED.findall(line), _SINGLE.findall(line), defined, _COMMAND.findall(line)
    return Written(*map(frozenset, found))


def _hatted(text: str, names: set[str], declared: frozenset[str]) -> Iterator[str]:
    """The names with a hat of letters that stand without one as well, x̂ beside x; any other hat only decorates."""
    if r"\hat" not in text and r"\wide" not in text and r"\tilde" not in text:
        return
    found = set(_HATTED.findall(text))
    bare = _written(_HATTED.sub(" ", text))
    for accent, single, letter, *indices in found:
        letter, index = letter or single, "".join(indices)
        alone = (letter, index) in bare.numbered if index else letter in bare.singles
        if (alone or f"{letter}{index}" in declared) and f"{letter}{accent}{index}" not in names:
            yield f"{letter}_{accent}{index}"


def _is_free(word: str) -> bool:
    return (
        word not in BARE and primitives.find(word) is None and word not in ("pi", "bar", "dot", "end", "left", "right")
    )


def _plain(text: str) -> str:
    """A text whose small digits stand on the line, without accents, with Greek letters as commands."""
    decomposed = _OVER.sub(lambda found: rf"\{ACCENTS[found[2]]}{{{found[1]}}}", unicodedata.normalize("NFD", text))
    kept = (letter for letter in decomposed if not unicodedata.combining(letter))
    return "".join(SUBSCRIPTS.get(letter) or (f"\\{GREEK[letter]} " if letter in GREEK else letter) for letter in kept)
