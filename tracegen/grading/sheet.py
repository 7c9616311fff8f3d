"""What a sheet holds, as read: headings, rows, values, matrices and shapes, each with its line and its own text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from tracegen.formula import Formula, names_in


class Cell(NamedTuple):
    """A piece of mathematics as it stands: its text, its line, what it can mean, or why it can't be read; and the
    column of a table that it stands in, or -1.

    A tuple, since hundreds are made of every sheet.
    """

    text: str
    line: int
    readings: tuple[Formula, ...] = ()
    error: str = ""
    column: int = -1

    @property
    def formula(self) -> Formula | None:
        """The usual reading, or None."""
        return self.readings[0] if self.readings else None

    def moved(self, lines: int) -> Cell:
        """The same some lines further down."""
        return Cell(self.text, self.line + lines, self.readings, self.error, self.column)


Key = tuple[str, str]
"""A row's name and, of a tangent, its direction."""


def key_of(label: Formula | None) -> Key:
    """What a label names: the row, and the direction of a tangent."""
    if label is None:
        return "", ""
    if label.head == "name":
        return label.args[0], ""
    below = label.args[1] if len(label.args) > 1 else None
    direction = below.args[0] if isinstance(below, Formula) and below.head == "name" else ""
    return key_of(label.args[0])[0], direction


def is_undirected(formula: Formula) -> bool:
    """Whether a formula is a tangent along no direction that it says."""
    return formula.head == "tangent" and formula.args[1] is None


Readings = tuple[Formula, ...]


class Said:
    """What a row says, wherever it stands: what is found out about it is kept under this, and looked up again."""

    def __init__(self, label: Readings, members: Iterable[Readings], beside: Iterable[Readings]) -> None:
        self._readings = (label, tuple(members), tuple(beside))
        self._hash = hash(self._readings)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Said) and self._readings == other._readings)

    @cached_property
    def key(self) -> Key:
        """What the label names."""
        label = self._readings[0]
        return key_of(label[0] if label else None)

    @cached_property
    def label_names(self) -> frozenset[str]:
        """The names in the label."""
        label = self._readings[0]
        return frozenset(names_in(label[0])) if label else frozenset()

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in the formulas."""
        return frozenset(text for member in self._readings[1] if member for text in names_in(member[0]))

    @cached_property
    def has_value(self) -> bool:
        """Whether the row has a value, or what may be one, beside its formulas or as the last of them."""
        _, members, beside = self._readings
        return bool(beside) or bool(members and members[-1] and not names_in(members[-1][0]))

    @cached_property
    def has_matrix(self) -> bool:
        """Whether a member is a matrix."""
        return any(member and member[0].head == "matrix" for member in self._readings[1])


_readings = attrgetter("readings")


@dataclass(frozen=True)
class Row:
    """A chain ``label = member = member``, and the values that stand beside it.

    ``guessed`` says that the values were set loose and have been joined to the row; ``named`` that the label stands
    on the sheet (in some tables the heading of a column says it for all rows).
    """

    label: Cell
    members: tuple[Cell, ...]
    beside: tuple[Cell, ...] = ()
    guessed: bool = False
    named: bool = True

    @property
    def line(self) -> int:
        """The line on which the row begins."""
        return self.label.line

    @cached_property
    def said(self) -> Said:
        """What the row says: rows of which this is the same are judged alike."""
        members, beside = (map(_readings, cells) for cells in (self.members, self.beside))
        return Said(self.label.readings, members, beside)

    @property
    def key(self) -> Key:
        """What the label names."""
        return self.said.key

    @property
    def cells(self) -> tuple[Cell, ...]:
        """What the row says, without its label."""
        return (*self.members, *self.beside)

    def called(self, label: Formula) -> Row:
        """The same row with another label."""
        return replace(self, label=self.label._replace(readings=(label,)))

    def moved(self, lines: int) -> Row:
        """The same some lines further down."""
        members = tuple(cell.moved(lines) for cell in self.members)
        beside = tuple(cell.moved(lines) for cell in self.beside)
        row = Row(self.label.moved(lines), members, beside, self.guessed, self.named)
        row.__dict__["said"] = self.said  # found out once, not again for every sheet that has the row
        return row


@dataclass(frozen=True, slots=True)
class Heading:
    """Words, or a derivative that stands alone; ``title`` says that the words are set apart from those of a text."""

    text: str
    line: int
    formula: Formula | None = None
    column: int = -1
    table: int = -1
    title: bool = False

    def moved(self, lines: int) -> Heading:
        """The same some lines further down."""
        return replace(self, line=self.line + lines)


@dataclass(frozen=True, slots=True)
class Loose:
    """A value that stands on its own line."""

    cell: Cell

    def moved(self, lines: int) -> Loose:
        """The same some lines further down."""
        return Loose(self.cell.moved(lines))


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix without a label of its own."""

    cell: Cell

    def moved(self, lines: int) -> Matrix:
        """The same some lines further down."""
        return Matrix(self.cell.moved(lines))


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a sheet says about a shape: ``W1: K × N``. ``name`` is None where only the shape stands there."""

    cell: Cell
    name: Formula | None
    shape: tuple[str, ...]

    def moved(self, lines: int) -> Dimension:
        """The same some lines further down."""
        return Dimension(self.cell.moved(lines), self.name, self.shape)


Item = Heading | Row | Loose | Matrix | Dimension | Cell
"""A Cell alone is one that could not be read, or that has no place in a list."""


@dataclass(frozen=True, slots=True)
class Submission:
    """All that is on a sheet, in order, and notes on how it was read."""

    items: tuple[Item, ...]
    notes: tuple[str, ...] = field(default=())
