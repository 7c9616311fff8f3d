"""Puts a small letter for a capital one, and 1 for a letter that stands alone, where only that can be meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from tracegen.grading.findings import remembered
from tracegen.grading.pieces import Piece, cells_of, readied

_NUMBERED = re.compile(r"(bar ?\{?|dot ?\{?|line ?\{?)?([A-Za-z])_?\{?(\d+)(\}?\s*+(?:&\s*+)?=)?")
_ONE = re.compile(r"(?:(?<==)|^)([^\S\n]*+(?:\$[^\S\n]*+)?)[Il](?=[^\S\n]*+(?:\$[^\S\n]*+)?(?:$|=|\\\\))", re.M)
_CAPITAL = re.compile(r"[A-Z]_?\{?\d")
FEWEST = 3
"""How many times as often as the capital one the small letter has to be numbered."""


def as_meant(pieces: Sequence[Piece], names: Collection[str]) -> tuple[Sequence[Piece], list[str]]:
    """The pieces with V_1 as v_1 where the sheet numbers v, with ``= I`` as 1, and notes on what was read as what.

    ``names`` are the problem's own, which stay as they are.

    >>> as_meant([Piece(1, ("V_1 = v_2 v_3 + v_4",), (True,))], [])[0][0].cells
    ('v_1 = v_2 v_3 + v_4',)
    """
    if not any(map(_is_suspect, cells_of(pieces))):
        return pieces, []
    whole = "\n".join(cells_of(pieces))
    capitals = _capitals(whole, names)
    alone = bool(_ONE.search(whole)) and not re.search(r"(?<![A-Za-z\\])[Il](?:_?\{?\d|\s*+(?:&\s*+)?=)", whole)
    if not capitals and not alone:
        return pieces, []
    wrong = re.compile(rf"(?<![A-Za-z\\])[{capitals or '-'}](?=_?\{{?\d)")

    def read(cell: str) -> str:
        cell = wrong.sub(lambda found: found[0].lower(), cell) if capitals else cell
        return _ONE.sub(r"\g<1>1", cell) if alone else cell

    notes = [f"the letter {letter} was read as {letter.lower()}" for letter in capitals]
    notes += ["a letter that stands alone was read as 1"] if alone else []
    return readied(pieces, read), notes


@remembered(8_192)
def _is_suspect(cell: str) -> bool:
    """Whether a cell has a capital letter with a number, or may have a letter for 1; the cells of a class are alike."""
    return _CAPITAL.search(cell) is not None or _ONE.search(cell) is not None


def _capitals(whole: str, names: Collection[str]) -> str:
    """The capital letters that are numbered for small ones: seldom, and never where a row of either is another one."""
    found = _NUMBERED.findall(whole)
    counts = Counter(letter for _, letter, _, _ in found)
    rows = {(letter, index) for marked, letter, index, equals in found if equals and not marked}
    taken = {name[0] for name in names}
    return "".join(
        letter
        for letter, count in counts.items()
        if letter.isupper() and letter not in taken and counts[letter.lower()] >= FEWEST * count
        and not any((letter.lower(), index) in rows for capital, index in rows if capital == letter)
    )  # fmt: skip
