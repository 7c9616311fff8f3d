"""Prints to a terminal or a file that can't hold every sign: sign by sign what it can, in HTML and JSON by numbers."""

from __future__ import annotations

import codecs
import re
import sys
import unicodedata
from collections.abc import Callable
from typing import TextIO

_HANDLER = "tracegen.signs"

_PLAIN = {
    "−": "-", "–": "-", "—": "-", "·": "*", "×": "x", "∂": "d", "∘": "o", "√": "sqrt", "∇": "grad ", "′": "'", "⊤": "T",
    "→": "->", "←": "<-", "≠": "!=", "≤": "<=", "≥": ">=", "≈": "~", "…": "...", "∞": "inf", "∑": "sum ",
    "\u0304": "_bar", "\u0305": "_bar", "\u0307": "_dot", "‘": "'", "’": "'", "“": '"', "”": '"',
}  # fmt: skip
_ELEMENTS = re.compile(r"(<script\b.*?</script>|<style\b.*?</style>)", re.DOTALL)


def prepare() -> None:
    """Let nothing that is printed fail for the encoding of standard output and standard error."""
    codecs.register_error(_HANDLER, _replaced)
    for stream in (sys.stdout, sys.stderr):
        if not _is_unicode(stream) and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_HANDLER)


def printable(content: str, format: str) -> str:
    """The text of a document as standard output can hold it, with the same meaning where its format has numbers for
    signs."""
    if content.isascii() or _is_unicode(sys.stdout):
        return content
    if format in ("html", "svg"):
        return "".join(map(_in_html, _ELEMENTS.split(content)))
    return _escaped(content, _in_json) if format in ("json", "gradescope") else content


def plain(sign: str) -> str:
    r"""A sign in ASCII: what is usually typed for it, or its number.

    >>> "".join(map(plain, "v̄₀ = ∂π/∂x −→ ╭─│ Σ 漢"))
    'v_bar0 = dpi/dx --> +-| Sigma \\u6f22'
    """
    if sign.isascii():
        return sign
    if sign in _PLAIN:
        return _PLAIN[sign]
    named = unicodedata.name(sign, "")
    if named.startswith("BOX DRAWINGS"):
        lines = {"BOX DRAWINGS LIGHT HORIZONTAL": "-", "BOX DRAWINGS LIGHT VERTICAL": "|"}
        return lines.get(named, "+")
    if re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER \w+", named):
        word = named.rpartition(" ")[2]
        return word.lower() if "SMALL" in named else word.capitalize()
    parts = unicodedata.normalize("NFKD", sign)
    if parts != sign:
        return "".join(map(plain, parts))
    return sign.encode("ascii", "backslashreplace").decode("ascii")


def _replaced(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return "".join(map(plain, error.object[error.start : error.end])), error.end


def _is_unicode(stream: TextIO) -> bool:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return encoding.lower().replace("_", "-").startswith(("utf", "ascii", "us-ascii", "ansi-x3.4"))


def _in_html(part: str) -> str:
    if part.startswith("<script"):
        return _escaped(part, _in_json)
    if part.startswith("<style"):
        return _escaped(part, lambda sign: f"\\{ord(sign):x} ")
    return part.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _escaped(text: str, escape: Callable[[str], str]) -> str:
    return "".join(sign if sign.isascii() else escape(sign) for sign in text)


def _in_json(sign: str) -> str:
    """The halves of a sign as JSON and JavaScript write them."""
    data = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{data[at]:02x}{data[at + 1]:02x}" for at in range(0, len(data), 2))
