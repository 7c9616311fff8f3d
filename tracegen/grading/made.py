"""Calls matrices by their names that are written by signs: columns of ones, the identity, zeros of some size."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

_EXPRESSION = r"[A-Z0-9](?:[A-Z0-9 +·×*−-]|\\times|\\cdot){0,30}"
_TIMES = r"\s*(?:\\times|×)\s*"
_SIZE = rf"(?:\[\s*({_EXPRESSION})\]|_\{{\s*({_EXPRESSION})\}}|_([A-Z]|\d)(?!\w))"
_SIZES = rf"(?:\[\s*({_EXPRESSION}?){_TIMES}({_EXPRESSION})\]|_\{{\s*({_EXPRESSION}?){_TIMES}({_EXPRESSION})\}})"
_BOLD = r"\\math(?:bf|bb|bbm)\s*"
_ONES = re.compile(rf"(?:(?<![\w.])1(?=\[)|{_BOLD}\{{\s*1\s*\}}|{_BOLD}1|\\mathbbm\s*1|𝟙|𝟏){_SIZE}")
_IDENTITY = re.compile(rf"(?<![A-Za-z\\])(?:\\math(?:bf|bb)\s*\{{\s*I\s*\}}|I){_SIZE}")
_ZEROS = re.compile(rf"(?:(?<![\w.])0|{_BOLD}\{{\s*0\s*\}}){_SIZES}")
_NUMBER = r"\s*([A-Z0-9+−-]{1,12})\s*"
_BELOW = re.compile(rf"(?<![A-Za-z\\])([A-Za-z]|\\(?:bar|dot)\s*\{{?[A-Za-z]\}}?)_\{{{_NUMBER}([,:]){_NUMBER}\}}")
"""An element or a part by indices below, which are counted from 1: ``A_{1,2}``, ``v_{1:N}``."""

_FROM_ZERO = re.compile(r"(?<![A-Za-z\\])([A-Za-z]|\\(?:bar|dot)\s*\{?[A-Za-z]\}?)_\{0(\d)\}")

_LETTERS = re.compile(r"[A-Z]")


def _with_places(found: re.Match[str]) -> str:
    of, first, sign, last = found.groups()
    if sign == ":":
        return f"{of}[{first} - 1:{last}]"
    less = "" if "0" in (first, last) else " - 1"
    return f"{of}[{first}{less}, {last}{less}]"


def with_made_matrices(text: str, names: Collection[str]) -> str:
    r"""The text with such matrices called; what is a name on the sheet, like ``I_3``, stays one.

    >>> with_made_matrices(r"a \mathbf{1}_{N + 1} + I_3 + 0_{N \times 2}", ["a", "N"])
    'a  ones(N + 1) +  identity(3) +  zeros(N, 2)'
    """
    if "[" not in text and "_" not in text and "𝟙" not in text and "𝟏" not in text:
        return text

    def made(function: str, letter: str) -> Callable[[re.Match[str]], str]:
        def called(found: re.Match[str]) -> str:
            sizes = [size.strip() for size in found.groups() if size]
            known = all(size in names for part in sizes for size in _LETTERS.findall(part))
            return f" {function}({', '.join(sizes)})" if known and f"{letter}{sizes[0]}" not in names else found[0]

        return called

    text = _FROM_ZERO.sub(r"\1[0, \2]", _BELOW.sub(_with_places, text))
    text = _ONES.sub(made("ones", "1"), text)
    text = _IDENTITY.sub(made("identity", "I"), text)
    return _ZEROS.sub(made("zeros", "0"), text)
