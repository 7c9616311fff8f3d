"""A table, built once, that knows no format: its cells hold formulas, numbers, words or nothing, never markup."""

from __future__ import annotations

from dataclasses import dataclass, field

from tracegen.formula import Formula


class Decimal(str):
    """A decimal number, already rounded, as text: ``"2.00000"``, ``"-1.25000e-7"``."""

    __slots__ = ()


class Words(str):
    """Plain words. They may hold anything a user wrote; each format escapes them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that is not shown, with the reason in words: an exact value that grew too long."""

    because: str


Cell = Formula | Decimal | Words | Mark | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a key for programs, a heading (formula or words), and whether its cells are numbers.

    ``folded`` is the share of a page's width to which its words are folded in a long table; 0 where they are not.
    """

    key: str
    heading: Cell
    numeric: bool = False
    folded: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row: one cell a column, and a key (the line's name)."""

    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table. ``key`` names it for programs, such as ``"y1/reverse"``; ``notes`` stand under it."""

    key: str
    title: tuple[Cell, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[tuple[Cell, ...], ...] = field(default=())

    def __post_init__(self) -> None:
        width = len(self.columns)
        for row in self.rows:
            if len(row.cells) != width:
                raise ValueError(f"row {row.key} of {self.key} has {len(row.cells)} cells, not {width}")


@dataclass(frozen=True, slots=True)
class Document:
    """Tables under a title, as one file; ``given`` stands above them and says what the problem is, ``notes`` stand at
    its end and say what was checked.

    A title or note is a line of cells, set one after the other: ``(Words("adjoints of "), name("y1"))``.
    """

    title: str
    tables: tuple[Table, ...]
    notes: tuple[tuple[Cell, ...], ...] = ()
    given: tuple[tuple[Cell, ...], ...] = ()
