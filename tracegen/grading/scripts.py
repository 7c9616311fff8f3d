"""Reads the elements of HTML that stand in Markdown: indices and exponents set small, letters set bold or sloping."""

from __future__ import annotations

import re

_WRITTEN = {"sub": ("_{", "}"), "sup": ("^{", "}")}
_ONLY_SET = ("b", "i", "em", "strong", "code", "u", "var", "small")
_ELEMENT = re.compile(rf"<(/?)({'|'.join((*_WRITTEN, *_ONLY_SET))})>")


def with_scripts(text: str) -> str:
    """A text with signs for what elements of HTML set below and above the line.

    >>> with_scripts("v<sub>-1</sub> = <b>x</b><sup>2</sup>")
    'v_{-1} = x^{2}'
    """
    return _ELEMENT.sub(_sign, text) if "</" in text else text


def _sign(found: re.Match[str]) -> str:
    opening, closing = _WRITTEN.get(found[2], ("", ""))
    return closing if found[1] else opening
