"""Tells formulas from the words round them: sentences, remarks in brackets or behind a value, signs of approval."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_LETTERS = "A-Za-zÀ-ÖØ-öø-ÿ"
_RUN = re.compile(rf"(?<![\\_{{{_LETTERS}\d])[{_LETTERS}][{_LETTERS}'’]+(?![\w(\\{{])[.,:;!?]?")
_SHORT = frozenset("so we is by to of in as at or if it on da es zu et le la un du ist und".split())  # noqa: SIM905
_WAITING = re.compile(r"[=+\-*/^(\[{·×−≈]\s*$")
_BRACKET = re.compile(
    rf"(?<!\s)\s*+(?:\((?=[^()]*[{_LETTERS}]{{3}})[^()]*\)|\[(?=[^\[\]]*[{_LETTERS}]{{3}})[^\[\]]*\])"
)
_TEXT = re.compile(r"\\(?:text|mbox|textrm|textit|textbf|emph)\s*\{[^{}]*\}")
_BEHIND = re.compile(
    rf"(?<![A-Za-z_\d])((?:\d+(?:\.\d*)?|\.\d+)\s*)[,;:–—-]?\s+[{_LETTERS}][{_LETTERS}.,'’!? -]*$|"
    rf"(?<!\s)\s*+(?:[#%✓✔☑✅✗❌←]|//|<-|--|\bQED\b).*$"
)
_NOTED = re.compile(r"^\s*(?:#|//|%)\s*(?=[-−+\d.])")
_EQUATED = re.compile(r"(?<!\s)\s*+\(\s*+=\s*([^()]*)\)\s*")
_SEVERAL = re.compile(r"[;,]\s+(?=[^;,=]{1,40}=)|;\s*")
_TIMES = re.compile(r"(?<=[\w)}\]]) (?:[xX]|\.) (?=[\w(\\{\[-])")


def without_remarks(text: str, *, times: bool) -> Iterator[str]:
    r"""What a text that can't be read may be without its remarks, the smallest change first.

    ``times`` says that x between two spaces can only be a sign for a product; so is a full stop there.

    >>> next(without_remarks("-0.2794 (radians!)", times=True))
    '-0.2794'
    """
    seen = {text}
    for change in (_restated, _dotted if not times else _crossed, _unworded, _unbracketed, _unremarked, _all):
        changed = change(text).strip()
        if changed and changed not in seen:
            seen.add(changed)
            yield changed


def _restated(text: str) -> str:
    """What stands in brackets with a sign before it, (= y1), or is a remark by its sign only, # 0.5."""
    return _NOTED.sub("", _EQUATED.sub(r"\1", text))


def _crossed(text: str) -> str:
    return _TIMES.sub(" * ", text)


def _dotted(text: str) -> str:
    return _TIMES.sub(lambda found: " * " if "." in found[0] else found[0], text)


def _unworded(text: str) -> str:
    return _TEXT.sub(" ", text)


def _unbracketed(text: str) -> str:
    return _BRACKET.sub("", text)


def _unremarked(text: str) -> str:
    return _BEHIND.sub(r"\1", text)


def _all(text: str) -> str:
    return _unremarked(_unbracketed(_unworded(_dotted(text))))


def formulas_in(text: str, is_known: Callable[[str], bool]) -> list[str]:
    """The formulas in a sentence, with an equal sign each; none where a word stands in the midst of one, or for a row.

    >>> formulas_in("Then v2 = v0 v1 = 6, and so v3 = sin v2.", lambda word: word == "sin")
    ['v2 = v0 v1 = 6', 'v3 = sin v2']
    """
    parts, at = [], 0
    text = bare if "=" in (bare := _unbracketed(text)) else text
    for found in _RUN.finditer(text):
        word = found[0].rstrip(".,:;!?")
        if is_known(word) or (len(word) < 3 and word.lower() not in _SHORT):
            continue
        part = text[at : found.start()]
        if ("=" in part and _WAITING.search(part)) or text[found.end() :].lstrip().startswith("="):
            return []
        parts.append(part.rstrip().removesuffix("%"))
        at = found.end()
    parts.append(text[at:])
    return [clean for part in parts if "=" in (clean := part.strip(" \t.,:;!?\"'"))]


def several(text: str) -> list[str]:
    """The formulas of a line that commas or semicolons stand between, outside of brackets."""
    cuts = [found.span() for found in _SEVERAL.finditer(text)]
    for opening, closing in ("[]", "()"):
        if opening in text:
            cuts = [
                (start, end) for start, end in cuts if text.count(opening, 0, start) == text.count(closing, 0, start)
            ]
    starts = [0, *(end for _, end in cuts)]
    return [text[start:end] for start, end in zip(starts, [*(start for start, _ in cuts), len(text)], strict=True)]
