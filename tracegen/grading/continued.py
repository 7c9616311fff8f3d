"""Puts chains together that go on over lines: a line that begins with an equal sign belongs to the one before it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tracegen.grading.pieces import Piece
from tracegen.grading.readings import Reader

MOST_LINES = 60
LONGEST = 2_000
"""Lines and letters of a chain from which on it is not put together: it would not be read."""

_RELATION = r"(?:[=≈≃≅≐≡]|\\(?:approx|simeq|cong|equiv|doteq)(?![A-Za-z]))"
_GOES_ON = re.compile(rf"\s*(?:&\s*)?{_RELATION}\s*[^\s=]")
_WAITS = re.compile(rf"{_RELATION}\s*$")
_NAMED = re.compile(r"[^\W_]")
NEAR = 80
"""Letters before the end of a line that are looked at."""


def continued(pieces: Iterable[Piece], reader: Reader) -> list[Piece]:
    """The pieces, each chain with all its lines in one; where the lines end is kept in its text.

    A chain that can't be read as a whole stays apart, so that what is wrong with one line is no fault of the others.
    """
    whole: list[Piece] = []
    chain: list[Piece] = []
    for piece in pieces:
        if chain and len(chain) < MOST_LINES and _goes_on(chain[-1], piece):
            chain.append(piece)
            continue
        whole += _together(chain, reader)
        chain = [piece]
    return whole + _together(chain, reader)


def _goes_on(before: Piece, piece: Piece) -> bool:
    if before.table >= 0 or piece.table >= 0 or before.header or piece.header or not (before.cells and piece.cells):
        return False
    end, begin = before.cells[-1], piece.cells[0]
    if not _NAMED.search(end) or len(end) + len(begin) > LONGEST:
        return False
    return _GOES_ON.match(begin) is not None or _WAITS.search(end[-NEAR:]) is not None


def _together(chain: list[Piece], reader: Reader) -> list[Piece]:
    """The pieces of a chain as one, or as they are where that can't be read."""
    if len(chain) < 2:
        return chain
    cells, first = _joined(chain, [piece.cells for piece in chain])
    if any(reader.read(cells[at], 0).error for at in first):
        return chain
    own = _joined(chain, [piece.own or piece.cells for piece in chain])[0] if any(piece.own for piece in chain) else ()
    maths = [*chain[0].maths, *(each for piece in chain[1:] for each in piece.maths[1:])]
    return [chain[0]._replace(cells=cells, maths=tuple(maths), own=own)]


def _joined(chain: Sequence[Piece], texts: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], set[int]]:
    """The cells of pieces, each first one behind the last of the piece before; and which of them are put together."""
    cells = [[text] for text in texts[0]]
    joined = set[int]()
    line = chain[0].line + texts[0][-1].count("\n")
    for piece, (begin, *others) in zip(chain[1:], texts[1:], strict=True):
        cells[-1].append("\n" * max(piece.line - line, 1) + begin)
        joined.add(len(cells) - 1)
        cells += [[text] for text in others]
        line = piece.line + (others[-1] if others else begin).count("\n")
    return tuple(map("".join, cells)), joined
