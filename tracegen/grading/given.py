"""Leaves out of a sheet what a worksheet gives, which is no answer: the statement of its problem, and unfilled rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracegen.files.signature import ASKED_MARK, GIVEN_HEADING, GIVEN_MARK
from tracegen.grading.pieces import Piece, bare

_COMMENT = re.compile(r"\s*(?:<!--|%)\s*([\w ,]+?)\s*(?:-->)?\s*")
_TO_FILL_IN = re.compile(r"([^=]*)=\s*(?:\\[lcvd]?dots|…|\.{3})\s*")


LEAST = 3
"""A table's line in so many asks for an answer where a whole worksheet is to be filled in."""


def without_statement(text: str) -> str:
    """A text without what stands between the comments that a worksheet has around its problem, or indented under the
    heading that a text has instead; other lines stay where they are. Where a comment was lost, all of the text is kept.

    >>> without_statement("<!-- the problem, not graded -->\\ny = x\\n<!-- the answers -->\\nv0 = x")
    '\\n\\n\\nv0 = x'
    """
    if GIVEN_MARK not in text:
        return _without_indented(text)
    lines = text.split("\n")
    begun = -1
    for at, line in enumerate(lines):
        said = _said(line)
        if said == GIVEN_MARK:
            begun = at
        elif said == ASKED_MARK and begun >= 0:
            lines[begun : at + 1] = [""] * (at + 1 - begun)
            begun = -1
    return "\n".join(lines)


def _without_indented(text: str) -> str:
    """A text without the heading of a problem's statement and the lines that are indented under it."""
    if GIVEN_HEADING not in text:
        return text
    kept = []
    is_given = False
    for line in text.split("\n"):
        is_given = line.rstrip() == GIVEN_HEADING or (is_given and line.startswith(" "))
        kept.append("" if is_given else line)
    return "\n".join(kept)


def _said(line: str) -> str:
    """What a comment says; nothing of other lines."""
    found = _COMMENT.fullmatch(line) if len(line) < 2 * len(GIVEN_MARK) + 20 else None
    return found[1] if found else ""


def without_room(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells of a table's line, those without an answer as they are without the dots that ask for one; none of them
    where nothing was filled in.

    >>> without_room(["$v_1 = \\\\dots$", ""]), without_room(["$v_1 = \\\\dots$", "0.5"])
    (('', ''), ('$v_1$', '0.5'))
    """
    asking = [_TO_FILL_IN.fullmatch(bare(cell)) for cell in cells]
    if not any(asking):
        return tuple(cells)
    if not _is_filled_in(cells):
        return ("",) * len(cells)
    return tuple(f"${asks[1].strip()}$" if asks else cell for cell, asks in zip(cells, asking, strict=True))


def without_unfilled(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a worksheet; without its tables where nothing in them was filled in, so that rows which are given
    earn nothing alone."""
    rows = [piece for piece in pieces if piece.table >= 0 and any(cell.strip() for cell in piece.cells)]
    asking = [piece for piece in rows if any(map(_asks, piece.cells))]
    if len(asking) * LEAST < len(rows) or any(_is_filled_in(piece.cells) for piece in asking):
        return pieces
    return [piece for piece in pieces if piece.table < 0]


def _asks(cell: str) -> bool:
    return _TO_FILL_IN.fullmatch(bare(cell)) is not None


def _is_filled_in(cells: Sequence[str]) -> bool:
    """Whether anything stands in a table's line but what asks for an answer."""
    return any(cell.strip() and not _asks(cell) for cell in cells)
