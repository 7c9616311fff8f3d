"""What a sheet holds, as read: headings, rows, values, matrices and shapes, each with its line and its own text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from tracegen.formula import Formula


class Cell(NamedTuple):
    """A piece of mathematics as it stands: its text, its line, what it can mean, or why it can't be read.

    A tuple, since hundreds are made of every sheet.
    """

    text: str
    line: int
    readings: tuple[Formula, ...] = ()
    error: str = ""

    @property
    def formula(self) -> Formula | None:
        """The usual reading, or None."""
        return self.readings[0] if self.readings else None


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
    def said(self) -> tuple[tuple[Formula, ...], ...]:
        """What the row says, wherever it stands: rows of which this is the same are judged alike."""
        return tuple(cell.readings for cell in (self.label, *self.members, *self.beside))


@dataclass(frozen=True, slots=True)
class Heading:
    """Words, or a derivative that stands alone; ``title`` says that the words are set apart from those of a text."""

    text: str
    line: int
    formula: Formula | None = None
    column: int = -1
    table: int = -1
    title: bool = False


@dataclass(frozen=True, slots=True)
class Loose:
    """A value that stands on its own line."""

    cell: Cell


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix without a label of its own."""

    cell: Cell


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a sheet says about a shape: ``W1: K × N``. ``name`` is None where only the shape stands there."""

    cell: Cell
    name: Formula | None
    shape: tuple[str, ...]


Item = Heading | Row | Loose | Matrix | Dimension | Cell
"""A Cell alone is one that could not be read, or that has no place in a list."""


@dataclass(frozen=True, slots=True)
class Submission:
    """All that is on a sheet, in order, and notes on how it was read."""

    items: tuple[Item, ...]
    notes: tuple[str, ...] = field(default=())
