"""Reads the text of one cell into chains of members, each with its own text and all its usual readings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tracegen import primitives
from tracegen.errors import ParseError
from tracegen.formula import E, Formula, name, names_in, postorder, rewritten
from tracegen.grading.arrays import with_commas
from tracegen.grading.dialects import by_element, takes_parts, with_elements, with_transposes
from tracegen.grading.findings import remembered
from tracegen.grading.made import with_made_matrices
from tracegen.grading.members import members_of
from tracegen.grading.remarks import without_remarks
from tracegen.grading.sentences import spelled
from tracegen.grading.sheet import Cell
from tracegen.grading.sizes import LABELS
from tracegen.mathtext import Reading, read_cells
from tracegen.mathtext.known_words import BARE
from tracegen.mathtext.spellings import CERTAIN

if TYPE_CHECKING:
    from tracegen.grading.read import Words

OWN_E = name("e")
LONGEST_WITH_REMARKS = 500
LEFT_OUT = "something is left out here"
_COMMA_BEFORE_SPACE = re.compile(r"[,;]\s*(?=\\q?quad)")
_ADJUGATE = re.compile(r"\badj\b")
_MATRICES = re.compile(rf"{_ADJUGATE.pattern}|I\}}?_|(?<!\\)\*")

_LISTED = re.compile(r",(?:\s|\\[;,: ])+(?=[^,=]{1,60}=)")

_KNOWN_WORDS = (
    frozenset(row for row in primitives.names())
    | BARE
    | frozenset(["begin", "end", "frac", "partial", "bar", "dot", "cdot", "times", "left", "right", "mathrm"])
    | CERTAIN.words
    | frozenset(["operatorname", "text", "quad", "overline", "tfrac", "dfrac", "linalg", "concatenate", "grad"])
)


class Reader:
    """Reads cells with the names of one sheet; ``below_zero`` are letters for which v-1 is a name, written plainly.

    ``known`` are the words that are mathematics.
    """

    def __init__(self, words: Words, names: frozenset[str], below_zero: frozenset[str]) -> None:
        self.words = words
        self.known = _KNOWN_WORDS | names
        self._names = names
        letters = "".join(sorted(below_zero))
        below = rf"((?:(?<![A-Za-z])|(?<=\bd))[{letters}][\u0304\u0305\u0307]?)(?:bar|dot)?-(\d)(?!\d)"
        self._below_zero = re.compile(below) if letters else None
        self._times = "x" not in words.declared

    def read(self, text: str, line: int) -> Cell:
        """A text with its readings, or with the reason why there are none; several formulas become one chain."""
        own, text = text, spelled(text)
        if self._below_zero is not None:
            text = self._below_zero.sub(_with_index, text)
        if "[" in text:
            text = with_commas(text)
        if "quad" in text:
            text = _COMMA_BEFORE_SPACE.sub(" ", text)
        readings, error = self._tried(text)
        if error and _LISTED.search(text):
            parts = [self._read(part) for part in _LISTED.split(text)]
            if not any(said for _, said in parts):
                readings, error = tuple(reading for found, _ in parts for reading in found), ""
        if error:
            return Cell(own, line, (), error)
        if len(readings) == 1:
            first = readings[0].formula
            found = (*readings[0].alternatives, *self._with_euler(first))
            return Cell(own, line, self._of_matrices(found, text) if self.words.matrices else found)
        return Cell(own, line, (Formula("beside", tuple(reading.formula for reading in readings)),))

    def _tried(self, text: str) -> tuple[tuple[Reading, ...], str]:
        """The readings of a text, or of what it is without its remarks; or the reason why there are none."""
        readings, error = self._read(text)
        if not error or len(text) > LONGEST_WITH_REMARKS:
            return readings, error
        for other in without_remarks(text, times=self._times):
            found, said = self._read(other)
            if not said:
                return found, ""
        return readings, error

    def _read(self, text: str) -> tuple[tuple[Reading, ...], str]:
        words = self.words
        return _read(text, self._names, words.letters, words.log, words.matrices)

    def _with_euler(self, formula: Formula) -> tuple[Formula, ...]:
        """The reading in which e is Euler's number, where the writer has a row e of their own."""
        if (
            "e" not in self._names
            or "e" in self.words.declared
            or not any(node == OWN_E for node in postorder(formula))
        ):
            return ()
        return (_with_constant(formula),)

    def _of_matrices(self, found: tuple[Formula, ...], text: str) -> tuple[Formula, ...]:
        """What a text can mean where there are matrices: adj(A) is the adjugate, I_3 the identity, * by element."""
        readings = [*map(by_element, found), *found] if self.words.code else list(found)
        if "[" in text:
            readings.sort(key=takes_parts, reverse=True)
        if any(node.head == "tangent" for node in postorder(found[0])):
            readings.append(with_transposes(found[0]))
        if not self._names.isdisjoint(names_in(found[0])):
            readings.append(with_elements(found[0], self.words.declared, self.words.first))
        if _MATRICES.search(text):
            called, _ = self._read(with_made_matrices(_ADJUGATE.sub("adjugate", text), self.words.dimensions))
            others = called[0].alternatives if called else ()
            readings += [*others, *(map(by_element, others) if "*" in text else ())]
        return tuple(dict.fromkeys(readings)) if len(readings) > len(found) else found

    def split(self, cell: Cell) -> list[list[Cell]]:
        """The chains of a cell, each as the cells of its members with their own texts; none of one that can't be read.

        A row of which only some members can't be read is one all the same.
        """
        if cell.error:
            members = self._salvaged(cell)
            return [members] if members else []
        found = [
            [_whole(Cell(text, cell.line + lines, readings)) for text, lines, readings in chain]
            for chain in _split(cell.text, cell.readings)
        ]
        return [_accumulated(members) for members in found] if "+=" in cell.text else found

    def _salvaged(self, cell: Cell) -> list[Cell]:
        """The members of a row, each read by itself; none where no label begins it."""
        parts = members_of(cell.text) if "=" in cell.text and len(cell.text) <= LONGEST_WITH_REMARKS else ()
        label = self.read(parts[0][0], cell.line) if len(parts) > 1 else cell
        if label.formula is None or label.formula.head not in LABELS:
            return []
        return [label, *(self.read(text, cell.line + lines) for text, lines in parts[1:])]


@remembered(8_192)
def _read(
    text: str, names: frozenset[str], letters: frozenset[str], log: str, matrices: bool
) -> tuple[tuple[Reading, ...], str]:
    """The readings of a text, or the reason why there are none; the sheets of a class say much the same."""
    found: list[tuple[Reading, ...]] = []
    reason = ""
    for written in CERTAIN.readings(text, names):
        try:
            made = with_made_matrices(written, names) if matrices else written
            found.append(read_cells(made, names=names, letters=letters, log=log))
        except ParseError as error:
            reason = reason or error.message
    return (_either(*found), "") if found else ((), reason)


def _either(usual: tuple[Reading, ...], other: tuple[Reading, ...] = ()) -> tuple[Reading, ...]:
    """Readings of a text with those of the same text spelled otherwise, which are as usual."""
    if len(usual) != len(other):
        return usual
    return tuple(
        Reading(one.text, (*one.alternatives, *two.alternatives), (*one.notes, *two.notes))
        for one, two in zip(usual, other, strict=True)
    )


@remembered(8_192)
def _split(text: str, readings: tuple[Formula, ...]) -> list[list[tuple[str, int, tuple[Formula, ...]]]]:
    """The chains of a text that was read: of each member its own text, the count of lines before it, its readings."""
    chains = _chains(readings)
    count = sum(len(_members(chain[0])) for chain in chains)
    texts = members_of(text) if count > 1 else ((text, 0),)
    if len(texts) != count:
        texts = tuple(member for part in _LISTED.split(text) for member in members_of(part))
    if len(texts) != count:
        texts = ((text, 0),) * count
    found, at = [], 0
    for chain in chains:
        columns = list(zip(*(_members(reading) for reading in chain), strict=False))
        own = texts[at : at + len(columns)]
        found.append([(*part, tuple(dict.fromkeys(column))) for part, column in zip(own, columns, strict=True)])
        at += len(columns)
    return found


def _whole(cell: Cell) -> Cell:
    """A cell as it is, or without readings where something is left out of its formula."""
    if not any(node.head == "dots" for reading in cell.readings for node in _shown(reading)):
        return cell
    return Cell(cell.text, cell.line, (), LEFT_OUT)


def _shown(formula: Formula) -> Iterator[Formula]:
    """The parts of a formula, those of a matrix among them."""
    for node in postorder(formula):
        yield node
        if node.head == "matrix":
            for row in node.args:
                for entry in row:
                    yield from _shown(entry)


def _with_index(found: re.Match[str]) -> str:
    """v-1 as v_{-1}; vbar-1 and v̄-1 keep their mark."""
    marked = found[0].rpartition("-")[0]
    return rf"{marked}_{{-{found[2]}}}"


def _with_constant(formula: Formula) -> Formula:
    def changed(part: Formula) -> Formula | None:
        if part == OWN_E:
            return E
        return part if part.head in ("adjoint", "tangent", "partial") else None

    return rewritten(formula, changed)


def _accumulated(members: list[Cell]) -> list[Cell]:
    """The members of ``v̄0 += a = b``: each is what is added, so that each stands for the sum."""
    label = members[0].formula
    if label is None:
        return members
    summed = []
    for cell in members[2:]:
        readings = tuple(
            Formula("add", (label, reading)) if names_in(reading) else reading for reading in cell.readings
        )
        summed.append(Cell(cell.text, cell.line, readings, cell.error))
    return [*members[:2], *summed]


def _chains(readings: tuple[Formula, ...]) -> list[tuple[Formula, ...]]:
    if readings and readings[0].head == "beside":
        return [(formula,) for formula in readings[0].args]
    return [readings]


def _members(formula: Formula) -> tuple[Formula, ...]:
    return formula.args if formula.head == "equals" else (formula,)
