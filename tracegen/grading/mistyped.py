"""Puts digits for the letters that scanned sheets have in their place: ``vO`` for v0, ``vl`` for v1, ``l8`` for 18."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from tracegen.grading.findings import remembered
from tracegen.grading.pieces import Piece, cells_of, readied

_SUSPECT = re.compile(
    r"[OolI](?![A-Za-z\d])(?:(?<=[^A-Za-z\\][a-z].)|(?<=[^A-Za-z\\][a-z]_.)|(?<=[^A-Za-z\\][a-z]_\{.)|(?<=\d.))|"
    r"[OlI](?=\.?\d)(?<![A-Za-z\\].)"
)
_NUMBERED = re.compile(r"(?<![A-Za-z\\])d?([a-z])_?\{?\d")
_DIGITS = str.maketrans("OolI", "0011")
_NUMBER = re.compile(
    r"(?<![A-Za-z\d\\_{])(?:[OlI](?=\.?\d)|\d+(?:\.\d*)?[OlI]|\d*\.\d*[OlI])[\dOlI]*(?:\.[\dOlI]*)?(?![A-Za-z_])"
)
ENOUGH = 3
"""Times that a letter has to be numbered on a sheet before ``vO`` is taken for one more of its names."""


def with_digits(pieces: Sequence[Piece], names: Collection[str]) -> tuple[Sequence[Piece], list[str]]:
    """The pieces with digits where only digits can be meant, and a note on what was read as what.

    ``names`` are the problem's own, which stay as they are.

    >>> with_digits([Piece(1, ("v2 = v1 vO + v3",), (True,))], [])[0][0].cells
    ('v2 = v1 v0 + v3',)
    """
    if not any(map(_is_suspect, cells_of(pieces))):
        return pieces, []
    whole = "\n" + "\n".join(cells_of(pieces))
    numbered = Counter(_NUMBERED.findall(whole))
    letters = "".join(letter for letter, count in numbered.items() if count >= ENOUGH and letter not in "lo")
    name = re.compile(rf"(?:(?<![A-Za-z\\\d])|(?<=\bd))[{letters or '-'}](_?\{{?\d?[OolI]\d?\}}?)(?![A-Za-z\d])")
    changes: dict[str, str] = {}

    def digits(found: re.Match[str]) -> str:
        if found[0].strip("_{} ") in names:
            return found[0]
        kept = found[0][:1] if found.re is name else ""
        changes[found[0]] = kept + found[0][len(kept) :].translate(_DIGITS)
        return changes[found[0]]

    def read(cell: str) -> str:
        cell = name.sub(digits, cell)
        return cell if numbered["l"] >= ENOUGH else _NUMBER.sub(digits, cell)

    done = readied(pieces, read)
    said = ", ".join(f"{old} as {new}" for old, new in list(changes.items())[:6])
    return done, [f"letters that look like digits were read as digits: {said}"] if changes else []


@remembered(8_192)
def _is_suspect(cell: str) -> bool:
    """Whether a cell may have a letter for a digit; the cells of a class are much the same."""
    return _SUSPECT.search("\n" + cell) is not None
