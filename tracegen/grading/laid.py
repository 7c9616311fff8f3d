"""The cells of a document as pieces: lines and tables, each cell as it is to be read, its own text and line kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tracegen.grading.documents.document import HEADING, TABLE, Block, Cell, Document
from tracegen.grading.pieces import Piece


def pieces_of(document: Document, read: Callable[[str], str]) -> list[Piece]:
    """The pieces of a document; ``read`` says how its mathematics is to be read."""
    pieces: list[Piece] = []
    table = -1
    for block in document.blocks:
        table += block.kind == TABLE
        pieces += _pieces(block, table if block.kind == TABLE else -1, read)
    return pieces


def _pieces(block: Block, table: int, read: Callable[[str], str]) -> Iterator[Piece]:
    for number, cells in enumerate(block.lines):
        own = tuple(cell.text for cell in cells)
        ready = tuple(read(cell.text) if _is_read(cell, table) else cell.text for cell in cells)
        lines = tuple(cell.span.line for cell in cells)
        maths = tuple(cell.maths or table >= 0 for cell in cells)
        header = block.kind == HEADING or number < block.heads
        several = lines if len(set(lines)) > 1 else ()
        yield Piece(lines[0], ready, maths, table, header, () if ready == own else own, several)


def _is_read(cell: Cell, table: int) -> bool:
    """Whether a cell is mathematics; the head of a table can be it without a mark."""
    return cell.maths or (table >= 0 and any(sign in cell.text for sign in "_(^"))
