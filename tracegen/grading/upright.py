"""Sets a table upright: one row a line, its label first, wherever its writer put the labels."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from tracegen.formula import Formula, names_in
from tracegen.grading.headings import is_words
from tracegen.grading.pieces import Piece, bare
from tracegen.grading.readings import Reader
from tracegen.grading.sheet import key_of
from tracegen.grading.sizes import LABELS

MOST = 0.8
"""The share of a column's cells that are labels, and other ones, from which on the column is that of the labels."""

FEWEST = 2
"""Cells that a column of labels has at least."""

_COUNT = re.compile(r"\(?([-−]?\d{1,3})[.)]?")


def upright(lines: Sequence[Piece], reader: Reader) -> Sequence[Piece]:
    """The lines of a table, turned where its rows stand side by side, and the column of its labels first.

    What is a label is asked of the cells alone: the head of a table may say anything.
    """
    if len(lines) < FEWEST or len({len(piece.cells) for piece in lines}) > 1 or len(lines[0].cells) < FEWEST:
        return lines
    table = _Table(lines, reader)
    place = table.label_column()
    if table.is_turned(place):
        return _turned(lines)
    if place < 1:
        return lines
    ordered = [_with_labels_first(piece, place, table.counts) for piece in lines]
    return [ordered[0]._replace(header=True), *ordered[1:]] if table.has_head(place) else ordered


class _Table:
    """What the cells of a table are, each read once."""

    def __init__(self, lines: Sequence[Piece], reader: Reader) -> None:
        self._lines = lines
        self._reader = reader
        self._words = reader.words
        self._first = lines[0].cells
        self._read: dict[str, Formula | None] = {}

    def label_column(self) -> int:
        """The first column of labels, and of several that whose labels the other cells use most; -1 where none is."""
        places = [place for place in range(len(self._first)) if self._are_labels(self._column(place))]
        if 0 in places:
            return 0
        return max(places, key=lambda place: self._uses(self._column(place)), default=-1)

    @property
    def counts(self) -> frozenset[int]:
        """The columns that only count the rows."""
        return frozenset(place for place in range(len(self._first)) if self._only_counts(place))

    def is_turned(self, column: int) -> bool:
        """Whether the labels stand side by side in the first line, and what they name under them.

        Where a column has labels as well, those are meant that the other cells use.
        """
        above = self._first[1:]
        if not self._are_labels(above) or any("=" in text for piece in self._lines for text in piece.cells):
            return False
        names = self._names(above)
        if names <= self._words.inputs:
            return False
        if column < 0:
            known = all(_is_numbered(name) or name in self._words.declared for name in names)
            return known or self._uses(above) > 0
        return self._uses(above) > self._uses(self._column(column))

    def has_head(self, column: int) -> bool:
        """Whether the first line only says what the columns are: over the labels stands none that the table uses."""
        if self._lines[0].header or any(map(_is_numbered, self._first)) or "=" in "".join(self._first):
            return False
        names = self._names(self._first[column : column + 1])
        if names & self._words.declared:
            return False
        return not names or (not self._uses(self._first[column : column + 1]) and self._uses(self._column(column)) > 0)

    def _column(self, place: int) -> list[str]:
        """The cells of a column without the first, which may be a head."""
        return [piece.cells[place] for piece in self._lines[1:]]

    def _names(self, cells: Sequence[str]) -> frozenset[str]:
        """The rows whose labels stand in cells."""
        return frozenset(key_of(label)[0] for text in cells if (label := self._label(text)) is not None)

    def _uses(self, labels: Sequence[str]) -> int:
        """How many cells of the table have a row in them whose label stands in cells, but for these."""
        names, own = self._names(labels), frozenset(labels)
        cells = {text for piece in self._lines for text in piece.cells} - own
        return sum(not names.isdisjoint(names_in(formula)) for text in cells if (formula := self._formula(text)))

    def _are_labels(self, cells: Sequence[str]) -> bool:
        filled = [text for text in cells if text.strip()]
        found = {label for text in filled if (label := self._label(text)) is not None}
        return len(found) >= FEWEST and len(found) >= MOST * len(filled)

    def _label(self, text: str) -> Formula | None:
        """The label that a cell is, or that begins it."""
        formula = self._formula(text)
        if formula is not None and formula.head == "equals":
            formula = formula.args[0]
        return formula if _is_label(formula) else None

    def _formula(self, text: str) -> Formula | None:
        if text not in self._read:
            shown = bare(text)
            words = not shown or (is_words(shown, self._reader.known) and shown not in self._words.declared)
            self._read[text] = None if words else self._reader.read(shown, 1).formula
        return self._read[text]

    def _only_counts(self, place: int) -> bool:
        filled = [text for text in self._column(place) if text.strip()]
        numbers = [int(found[1].replace("−", "-")) for text in filled if (found := _COUNT.fullmatch(bare(text)))]
        one_more = all(after == before + 1 for before, after in pairwise(numbers))
        return len(numbers) == len(filled) >= FEWEST and numbers[0] <= 1 and one_more


def _is_label(formula: Formula | None) -> bool:
    """Whether a formula is the name of a row, or a derivative of one."""
    if formula is None or formula.head not in LABELS or not key_of(formula)[0]:
        return False
    return all(_is_label(part) for part in formula.args if isinstance(part, Formula))


def _is_numbered(text: str) -> bool:
    return any(map(str.isdigit, text))


def _with_labels_first(piece: Piece, place: int, counts: Collection[int]) -> Piece:
    places = [
        place,
        *(each for each in range(len(piece.cells)) if each != place and not (each < place and each in counts)),
    ]
    return piece.picked(places)


def _turned(lines: Sequence[Piece]) -> list[Piece]:
    """A table whose rows stand side by side, with a row a line."""
    first = lines[0]
    whole = [piece.own or piece.cells for piece in lines]
    numbers = tuple(piece.line for piece in lines)
    turned = []
    for place in range(len(first.cells)):
        cells = tuple(piece.cells[place] for piece in lines)
        maths = tuple(piece.maths[place] for piece in lines)
        own = tuple(texts[place] for texts in whole)
        turned.append(Piece(first.line, cells, maths, first.table, not place, () if own == cells else own, numbers))
    return turned
