"""The fields of a block of rows: its columns, each a run of cells that mean one thing in every row."""

from __future__ import annotations

from dataclasses import dataclass

from tracegen.formula import names_in, postorder
from tracegen.grading.blocks import Block
from tracegen.grading.headings import PRIMAL
from tracegen.grading.sheet import Cell, Heading, Row

FEWEST = 2
"""Rows from which on a column can be seen to mean something else than one more member of a chain."""

DERIVATIVES = frozenset(["adjoint", "tangent", "partial"])


@dataclass(frozen=True)
class Field:
    """A column of a block: for each of its rows the cells that stand there. ``head`` is what stands over it."""

    column: int
    head: Heading | None
    cells: tuple[tuple[Cell, ...], ...]

    @property
    def filled(self) -> int:
        """How many rows have something in the column."""
        return sum(map(bool, self.cells))

    @property
    def is_of_numbers(self) -> bool:
        """Whether most of what stands in the column has no name in it."""
        numbers = sum(bool(cells) and not any(map(_has_names, cells)) for cells in self.cells)
        return numbers * 2 > self.filled


def fields_of(block: Block) -> list[Field]:
    """The columns of a block, from the left.

    >>> from tracegen.grading.headings import Hint
    >>> row = Row(Cell("v0", 1), (Cell("x1", 1, column=1),), (Cell("2", 1, column=2), Cell("1", 1, column=3)))
    >>> [field.column for field in fields_of(Block(PRIMAL, Hint(), 0, [row]))]
    [1, 2, 3]
    """
    columns = sorted({cell.column for row in block.rows for cell in row.cells})
    return [
        Field(
            column, block.heads.get(column),
            tuple(tuple(cell for cell in row.cells if cell.column == column) for row in block.rows),
        )
        for column in columns
    ]  # fmt: skip


def is_in_doubt(block: Block) -> bool:
    """Whether a block may have other fields than one of rules and one of values; told without any evaluation."""
    if block.kind != PRIMAL or len(block.rows) < FEWEST:
        return False
    return sum(map(_is_crowded, block.rows)) >= FEWEST or _has_values_only(block)


def _has_values_only(block: Block) -> bool:
    """Whether a block is a table of rows and numbers without any rule: of which list, or of what in it, is not said."""
    cells = [cell for row in block.rows for cell in row.cells]
    return bool(cells) and all(cell.column >= 0 and not _has_names(cell) for cell in cells)


def _is_crowded(row: Row) -> bool:
    """Whether a row of a table has two rules or two values, or a rule of a derivative."""
    rules = {cell.column for cell in row.members}
    values = {cell.column for cell in row.beside}
    if -1 in rules | values:
        return False
    return len(rules) > 1 or len(values - rules) > 1 or _ends_otherwise(row) or any(map(_names_derivative, row.members))


def _ends_otherwise(row: Row) -> bool:
    """Whether a chain ends with a number of its own, and another one stands behind it: c = ln a = 0.693 | 1."""
    if not row.members or not row.beside or row.members[-1].column == row.beside[-1].column:
        return False
    last = row.members[-1]
    return not last.error and not _has_names(last) and last.text != row.beside[-1].text


def _names_derivative(cell: Cell) -> bool:
    return cell.formula is not None and any(node.head in DERIVATIVES for node in postorder(cell.formula))


def _has_names(cell: Cell) -> bool:
    return not cell.error and cell.formula is not None and bool(names_in(cell.formula))
