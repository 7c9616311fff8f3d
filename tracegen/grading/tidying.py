"""Readies the cells of a sheet for reading: decimal commas, ditto marks, numbers for names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from tracegen.grading.decimals import with_points, writes_commas
from tracegen.grading.equations import has_arrow, with_equal_signs
from tracegen.grading.given import without_room
from tracegen.grading.pieces import Piece, bare, cells_of, readied
from tracegen.grading.scripts import with_scripts
from tracegen.mathtext.spellings import BEFOREHAND

_ARRAY = re.compile(r"\\begin\s*\{array\}\s*+(?:\[[^\]]*\])?\s*+\{[^{}]*\}(.*?)\\end\s*\{array\}", re.S)
_DITTO = re.compile(
    r"""[-–—\s]*(?:"|''|``|″|〃|”|“|ditto|dito|idem|id\.|do\.|same(?:\s+as\s+(?:above|before))?|as above|s\.\s?o\."""
    r"""|wie oben|siehe oben)[-–—\s.]*""",
    re.I,
)
_SOME_DOTS = ("...", "…", "⋯", "⋮", "⋱", "dots")
_DOTS = re.compile(r"(?:\.{3}|[…⋯⋮⋱]|\\(?:[lcvd]?d)ots(?![A-Za-z])|\s)+")
_COUNT = re.compile(r"\(?(-?\d{1,3})[.)]?")
_COUNTER = re.compile(r"(?:i|j|k|n|#|no\.?|nr\.?|nº|index|step|schritt|étape|line|row|zeile|ligne)?\s*", re.I)
_NUMBERED_BY_PERCENT = re.compile(r"(?<![\\\w.])%(?=[\u0304\u0305\u0307]?\d+(?![\d.]))|(?<=\bd)%(?=\d)|(?<=_)%(?=\d)")
_ROW_BY_PERCENT = re.compile(r"^[\s$|]*(%\d+)[\s$]*(?=[=|\t]|$)", re.MULTILINE)
"""A row whose name begins with a percent sign; it is one where it stands in a formula as well."""

_INDEXED = re.compile(r"\\?([A-Za-z])_\{?([ijkn])\}?")


def tidied(pieces: Sequence[Piece], names: Collection[str] = ()) -> list[Piece]:
    """The pieces with every number written with a point, every ditto mark filled in, and a row's name for its number.

    >>> [piece.cells for piece in tidied([Piece(1, ("v1", "0,5"), (True, True), 0)])]
    [('v1', '0.5')]
    """
    whole = "\n".join(cells_of(pieces))
    if "{array}" in whole:
        pieces = [_without_layout(piece) for piece in pieces]
    if "</" in whole:
        pieces = readied(pieces, with_scripts)
    if "%" in whole and (letter := _letter_for_percent(whole, names)):
        pieces = readied(pieces, lambda text: _NUMBERED_BY_PERCENT.sub(letter, text))
    if writes_commas(whole):
        pieces = readied(pieces, with_points)
    if has_arrow(whole):
        pieces = readied(pieces, with_equal_signs)
    if any(True for _ in BEFOREHAND.met(whole)):
        pieces = readied(pieces, BEFOREHAND.spelled_out)
    if any(dots in whole for dots in _SOME_DOTS):
        pieces = [
            piece if piece.table < 0 else piece.readied(without_room(_without_dots(piece.cells))) for piece in pieces
        ]
    tables: dict[int, list[Piece]] = {}
    for piece in pieces:
        if piece.table >= 0:
            tables.setdefault(piece.table, []).append(piece)
    changed: dict[int, Piece] = {}
    for lines in tables.values():
        changed.update(zip(map(id, lines), _with_names(_without_dittos(lines)), strict=True))
    return [changed.get(id(piece), piece) for piece in pieces]


def _letter_for_percent(whole: str, names: Collection[str]) -> str:
    """The letter that is read for the sign where a sheet names its rows %0, %1; one that nothing else begins with."""
    rows = _ROW_BY_PERCENT.findall(whole)
    if not rows or len(_NUMBERED_BY_PERCENT.findall(whole)) == len(rows):
        return ""
    used = {name[0] for name in names}
    return next((letter for letter in "tvwuszr" if letter not in used and not _begins_a_name(letter, whole)), "")


def _begins_a_name(letter: str, whole: str) -> bool:
    return re.search(rf"(?<![A-Za-z]){letter}(?![A-Za-z])", whole) is not None


def _without_layout(piece: Piece) -> Piece:
    """Equations that an array only sets under each other, as the lines of an alignment."""
    return piece._replace(
        cells=tuple(_ARRAY.sub(_aligned, cell) if r"\end{array}" in cell else cell for cell in piece.cells)
    )


def _aligned(array: re.Match[str]) -> str:
    return rf"\begin{{aligned}}{array[1]}\end{{aligned}}" if "=" in array[1] else array[0]


def _without_dots(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells of a table's line, those empty that only say that something is left out."""
    return tuple("" if _DOTS.fullmatch(bare(cell)) else cell for cell in cells)


def _without_dittos(lines: Sequence[Piece]) -> list[Piece]:
    """The lines of a table with what ditto marks stand for, the cell above."""
    done: list[Piece] = []
    for piece in lines:
        above = done[-1] if done and not done[-1].header else None
        if above is not None and len(above.cells) == len(piece.cells) and any(map(_is_ditto, piece.cells)):
            cells = (over if _is_ditto(cell) else cell for cell, over in zip(piece.cells, above.cells, strict=True))
            piece = piece.readied(tuple(cells))
        done.append(piece)
    return done


def _is_ditto(cell: str) -> bool:
    return bool(cell) and len(cell) < 24 and _DITTO.fullmatch(bare(cell)) is not None


def _with_names(lines: Sequence[Piece]) -> list[Piece]:
    """A table whose first column counts, with the rows' names in it where the head says of what it is the number."""
    head, body = _head_and_body(lines)
    counts = [_COUNT.fullmatch(bare(piece.cells[0])) for piece in body]
    known = sum(count is not None for count in counts)
    empty = sum(not piece.cells[0].strip() for piece in body)
    if known < 2 or known + empty < len(body) or not _COUNTER.fullmatch(bare(head.cells[0]) if head else ""):
        return list(lines)
    if sum(_has_label(piece) for piece in body) * 2 > len(body):
        return list(lines)
    letter = next((found[1] for cell in (head.cells[1:] if head else ()) if (found := _INDEXED.search(cell))), "")
    if not letter:
        return list(lines)
    named = [
        piece.readied((f"{letter}_{{{count[1]}}}", *piece.cells[1:])) if count else piece
        for piece, count in zip(body, counts, strict=True)
    ]
    return [head, *named] if head else named


def _head_and_body(lines: Sequence[Piece]) -> tuple[Piece | None, Sequence[Piece]]:
    first = lines[0]
    if first.header or not (_COUNT.fullmatch(bare(first.cells[0])) or not first.cells[0].strip()):
        return first, lines[1:]
    return None, lines


def _has_label(piece: Piece) -> bool:
    """Whether a cell after the first is a row, or begins with a name."""
    return any("=" in cell for cell in piece.cells[1:]) or bool(
        len(piece.cells) > 2 and re.fullmatch(r"\\?[A-Za-z]+_?\{?-?\d+\}?", bare(piece.cells[1]))
    )
