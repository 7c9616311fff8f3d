"""Leaves out of a sheet what is longer than an answer can be, so that it costs that line and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracegen.errors import BoundError, Place
from tracegen.grading.pieces import MAX_COLUMNS, Piece

MAX_CHARACTERS = 4_000_000
MAX_LINE = 20_000
MAX_ROWS = 2_000
LONGEST_WORD = 1_000
"""Letters and digits without a blank between them: more are a picture or a file, written as a text."""

EMPTY_ROW = "|  |"
"""What stands for a row of a table, which would end at an empty line."""

_SAID = re.compile(r"[^\W_]")
_WORD = re.compile(rf"(?<![\w+/=%-])[\w+/=%-]{{{LONGEST_WORD},}}+")


def check_size(text: str, source: str) -> None:
    """Raise BoundError where a sheet is longer than what is read, before any work on it."""
    if len(text) > MAX_CHARACTERS:
        raise BoundError(f"the sheet has {len(text):,} characters; {MAX_CHARACTERS:,} are read", Place(source))


def without_long_lines(text: str, above: int = 0, *, instead: str = "") -> tuple[str, tuple[str, ...]]:
    """A text without the words and lines that are too long, and a note on each; other lines stay where they are.

    ``above`` are the lines of the sheet before this text; ``instead`` is what stands for a line that is left out.

    >>> without_long_lines("v0 = x\\n" + "QmFzZTY0" * 200)
    ('v0 = x\\n', ('line 2 has 1,600 characters without a blank: skipped',))
    """
    if len(text) < LONGEST_WORD:
        return text, ()
    lines = text.split("\n")
    notes = []
    for at, line in enumerate(lines):
        if len(line) < LONGEST_WORD:
            continue
        kept, said = _within(line)
        lines[at] = kept if kept is not None else EMPTY_ROW if line.lstrip().startswith("|") else instead
        notes += [f"line {above + at + 1} has {each}: skipped" for each in said]
    return "\n".join(lines), tuple(notes)


def _within(line: str) -> tuple[str | None, list[str]]:
    """A line without what is too long, or None where it is so itself, and what that was."""
    said = [f"{len(word):,} characters without a blank" for word in _WORD.findall(line)]
    kept = _WORD.sub("", line) if said else line
    if len(kept) > MAX_LINE:
        return None, [f"{len(line):,} characters; {MAX_LINE:,} are read"]
    return (None if said and not _SAID.search(kept) else kept), said


def check_left(text: str, notes: Iterable[str], source: str) -> None:
    """Raise BoundError where nothing is left of a sheet but what was skipped."""
    if not text.strip() and (said := "; ".join(notes)):
        raise BoundError(said, Place(source))


def within_bounds(pieces: list[Piece], source: str) -> tuple[list[Piece], list[str]]:
    """The first pieces, as many rows as are read, without table rows that have more columns, and a note on what is
    left out.

    Raises BoundError where no row is left.
    """
    filled = [piece for piece in pieces if any(piece.cells)]
    many = []
    if len(filled) > MAX_ROWS:
        last = filled[MAX_ROWS].line
        many = [
            f"the sheet has {len(filled):,} rows; {MAX_ROWS:,} are read: what stands from line {last} on is skipped"
        ]
        pieces = pieces[: next(at for at, piece in enumerate(pieces) if piece is filled[MAX_ROWS])]
        filled = filled[:MAX_ROWS]
    wide = [piece for piece in filled if piece.table >= 0 and len(piece.cells) > MAX_COLUMNS]
    if not wide:
        return pieces, many
    notes = [f"line {piece.line} has {len(piece.cells)} columns; {MAX_COLUMNS} are read: skipped" for piece in wide]
    if len(wide) == len(filled):
        raise BoundError("; ".join(notes), Place(source))
    left_out = set(map(id, wide))
    return [piece for piece in pieces if id(piece) not in left_out], many + notes
