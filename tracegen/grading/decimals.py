"""Tells commas within numbers from those between operands: by what a function takes, and what the sheet does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracegen.mathtext.known_words import function

_COMMA = re.compile(r"(?<![\d.,])(\d+)(,|\{,\})(\d+)(?!\d|[.,]\d)")
_BRACES = re.compile(r"(?<=\d)\{,\}(?=\d)")
_POINT = re.compile(r"\d\.\d")
_SOME_COMMA = re.compile(r",\}?\d")
_PAIR = re.compile(r"(?<![A-Za-z]{2})\(\s*-?\d+(?:,\d+)+\s*\)|(?<=[\w})\]])\[[^\[\]]{1,60}\]|_\{\d+,\s*\d+\}")
"""Numbers in brackets that no function is applied to, ``f(2,1)``: a point. So are those of a part, ``A[0:2,1]``."""

_LIST = re.compile(r"\[\s*-?\d+(?:,\d+)+\s*\]")
"""Numbers in square brackets, ``[2,1]``: a row of a matrix, where no other number has a comma."""

_CALLED = re.compile(r"\\?([A-Za-z]+)\d?\}?\s*(?:\\left|\\[bB]igg?l?)?\s*$")
_INDEXED = re.compile(r"(?:(\\?)([A-Za-z]+)_?|_\{?)$")
_WITH_BASE = frozenset(["log"])
"""Functions that are read with an operand more than they have."""

NEAR = 40
"""Letters before a number or bracket that are looked at."""


def writes_commas(whole: str) -> bool:
    """Whether a sheet writes its decimals with a comma.

    >>> writes_commas("v1 = 0,5"), writes_commas("v3 = max(v0,1)")
    (True, False)
    """
    if not _SOME_COMMA.search(whole):
        return False
    lines = (_LIST.sub("", _PAIR.sub("", line)) for line in whole.split("\n") if "," in line)
    commas = sum(1 for line in lines for _ in _decimals(line, doubtful=False))
    return commas > 0 and commas > len(_POINT.findall(whole))


def with_points(cell: str) -> str:
    """A cell of a sheet that writes decimals with a comma, with points.

    >>> with_points("v3 = max(v0,1) + log(0,5)")
    'v3 = max(v0,1) + log(0.5)'
    """
    if "," not in cell:
        return cell
    pairs = [found.span() for found in _PAIR.finditer(cell)]
    parts, at = [], 0
    for found in _decimals(cell, doubtful=True):
        if any(start < found.end() and found.start() < end for start, end in pairs):
            continue
        parts += [cell[at : found.start(2)], "."]
        at = found.end(2)
    return _BRACES.sub(".", "".join([*parts, cell[at:]]))


def _decimals(text: str, *, doubtful: bool) -> Iterator[re.Match[str]]:
    """The numbers with a comma; ``doubtful`` says that those are numbers that may be two operands as well."""
    between = _between_operands(text, doubtful=doubtful) if "(" in text else frozenset()
    for found in _COMMA.finditer(text):
        if found.start(2) not in between and not _is_index(text, found.start()):
            yield found


def _is_index(text: str, at: int) -> bool:
    """Whether the digits at a place are the index of a name: v0, v_0, v_{0."""
    found = _INDEXED.search(text[max(at - NEAR, 0) : at])
    return found is not None and not (found[1] or (found[2] and function(found[2]) is not None))


def _between_operands(text: str, *, doubtful: bool) -> frozenset[int]:
    """The places of the commas between the digits of two operands of a function."""
    found: set[int] = set()
    calls: list[tuple[int, list[int], list[int]]] = []
    for at, sign in enumerate(text):
        if sign in "([{":
            calls.append((_operands(text[max(at - NEAR, 0) : at]) if sign == "(" else 1, [], []))
        elif sign in ")]}" and calls:
            most, numbers, others = calls.pop()
            if len(others) < most - 1 or (most == 0 and not doubtful):
                found.update(numbers)
        elif sign in ",;" and calls:
            within = sign == "," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
            (calls[-1][1] if within else calls[-1][2]).append(at)
    return frozenset(found)


def _operands(before: str) -> int:
    """How many operands the function before a bracket takes: 1 where there is none, 0 where it may be one or two."""
    found = _CALLED.search(before)
    called = function(found[1]) if found else None
    if called is None:
        return 1
    return 0 if called[0] in _WITH_BASE else called[1]
