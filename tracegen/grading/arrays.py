"""Writes matrices as they are read elsewhere, where a program has printed them: over several lines, without commas."""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST_LINES = 60
_GOES_ON = re.compile(r"[\s\d.,;eE+\[\]()−-]*(?:dtype=\w+\)?)?\s*")
_ROW = re.compile(r"\[[\s\d.eE+−-]*\]")
_BETWEEN = re.compile(r"(?<=[\d.])\s+(?=[\d.+−-])")
_ROWS = re.compile(r"\]\s+\[")
_CALLED = re.compile(
    r"(?<![A-Za-z])(?:(?:np|numpy|jnp|torch|sp|sympy)\.)?(?:array|matrix|Matrix|tensor)\(\s*(\[[^()]*\])\s*(?:,\s*\w+=[\w.]+)?\)"
)


def on_one_line(lines: Sequence[str]) -> list[str]:
    """The lines with every matrix whose brackets close on a later line on the first; those it has left are empty.

    >>> on_one_line(["z = [[1 2]", "     [3 4]]", "h = 2"])
    ['z = [[1 2] [3 4]]', '', 'h = 2']
    """
    done = list(lines)
    for start, line in enumerate(done):
        if "[" not in line:
            continue
        end, whole = start, line
        while whole.count("[") > whole.count("]") and end + 1 < len(done) and end - start < MOST_LINES:
            if not _GOES_ON.fullmatch(done[end + 1]) and not _begins_row(whole, done[end + 1]):
                break
            end += 1
            whole = f"{whole} {done[end].strip()}"
        if whole.count("[") == whole.count("]"):
            done[start : end + 1] = [whole, *[""] * (end - start)]
    return done


def _begins_row(before: str, line: str) -> bool:
    """Whether a line is the next row of a matrix of formulas."""
    return line.lstrip().startswith("[") or ("=" not in line and before.rstrip()[-1:] in (",", ";"))


def with_commas(text: str) -> str:
    """A text with commas between the numbers and the rows of its matrices, and these without the call round them.

    >>> with_commas("z = np.array([[1 2] [3 4]])")
    'z = [[1, 2], [3, 4]]'
    """
    if "(" in text:
        text = _CALLED.sub(r"\1", text)
    return _ROWS.sub("], [", _ROW.sub(lambda row: _BETWEEN.sub(", ", row[0]), text))
