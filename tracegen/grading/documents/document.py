"""A file as it is laid out: blocks of cells, each cell with its text and the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass

HEADING, LINE, DISPLAY, TABLE = "heading", "line", "display", "table"
"""Kinds of blocks: a title; a line of words and mathematics; mathematics set apart; lines of cells under each other."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one place of a file to before another, counted in letters; and the line of the first, counted from 1."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A text as it stands in a file, and its place; ``maths`` says that it is marked as mathematics."""

    text: str
    span: Span
    maths: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of cells of one kind; of a table the first so many are its head."""

    kind: str
    lines: tuple[tuple[Cell, ...], ...]
    heads: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """The blocks of a file, in order."""

    blocks: tuple[Block, ...]
