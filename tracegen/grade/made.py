"""Calls matrices by their names that are written by signs: columns of ones, the identity, an element, some rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

_SIZE = r"(?:\[\s*([A-Z])\s*\]|_\{\s*([A-Z]|\d)\s*\}|_([A-Z]|\d)(?![\w]))"
_ONES = re.compile(
    rf"(?:(?<![\w.])1(?=\[)|\\math(?:bf|bb|bbm)\s*\{{\s*1\s*\}}|\\math(?:bf|bb|bbm)\s*1|\\mathbbm\s*1|𝟙|𝟏){_SIZE}"
)
_IDENTITY = re.compile(rf"(?<![A-Za-z\\])(?:\\math(?:bf|bb)\s*\{{\s*I\s*\}}|I){_SIZE}")
_NAME = r"(?<![A-Za-z\\_])([A-Za-z](?:_\{\d+\}|_?\d+)?)"
_ENTRY = re.compile(rf"{_NAME}\[\s*(\d+)\s*,\s*(\d+)\s*\]")
_PART = re.compile(rf"{_NAME}\[\s*(\d+)\s*\{{?:\}}?\s*(\d+)\s*,\s*(\d+)\s*\{{?:\}}?\s*(\d+)\s*\]")


def with_made_matrices(text: str, names: Collection[str]) -> str:
    r"""The text with such matrices called; what is a name on the sheet, like ``I_3``, stays one.

    >>> with_made_matrices(r"a \mathbf{1}_{N} + I_3 + A[0, 1]", ["a", "A", "N"])
    'a ones(N) + identity(3) + entry(A, 0, 1)'
    """
    if "[" not in text and "_" not in text:
        return text

    def made(function: str, letter: str) -> Callable[[re.Match[str]], str]:
        def called(found: re.Match[str]) -> str:
            size = found[1] or found[2] or found[3]
            known = size.isdigit() or size in names
            return f"{function}({size})" if known and f"{letter}{size}" not in names else found[0]

        return called

    text = _ONES.sub(made("ones", "1"), text)
    text = _IDENTITY.sub(made("identity", "I"), text)
    return _PART.sub(r"slice(\1, \2, \3, \4, \5)", _ENTRY.sub(r"entry(\1, \2, \3)", text))
