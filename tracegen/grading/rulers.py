"""Cuts tables in a typewriter's columns, whose widths a line of dashes under the head says."""

from __future__ import annotations

import re
from collections.abc import Sequence

_RULER = re.compile(r"\s*(?:-{2,}|={2,})(?: +(?:-{2,}|={2,}))+\s*")
_DASHES = re.compile(r"-+|=+")


def cut_by_rulers(lines: Sequence[str]) -> list[str]:
    """The lines with tabs between the columns that such a line of dashes marks.

    >>> cut_by_rulers(["v   value", "--  -----", "v1  2*x 3"])
    ['v\\tvalue', '--  -----', 'v1\\t2*x 3']
    """
    done = list(lines)
    starts: list[int] = []
    for place, line in enumerate(lines):
        if _RULER.fullmatch(line):
            starts = [found.start() for found in _DASHES.finditer(line)]
            if place and _fits(lines[place - 1], starts):
                done[place - 1] = _cut(lines[place - 1], starts)
        elif starts and _fits(line, starts):
            done[place] = _cut(line, starts)
        else:
            starts = []
    return done


def _fits(line: str, starts: Sequence[int]) -> bool:
    """Whether a line has a space before each column, and something in the first."""
    return bool(line[: starts[1]].strip()) and all(line[start - 1 : start].strip() == "" for start in starts if start)


def _cut(line: str, starts: Sequence[int]) -> str:
    ends = [*starts[1:], len(line)]
    return "\t".join(line[start:end].strip() for start, end in zip(starts, ends, strict=True))
