"""Takes the words of a sheet apart: what is a heading, and what are the formulas among the words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from functools import reduce

from tracegen.grading.headings import is_words
from tracegen.grading.remarks import formulas_in

_PREFIX = re.compile(
    r"^\s*(?:[A-Za-z]{3}[A-Za-z ]{0,99}|\(?[a-h]\)|\(?[ivx]{1,4}\)):?\s+(?=\S)|^\s*[A-Za-z]{3}[A-Za-z ]{0,99}:\s*(?=\S)"
)
_BEGUN = re.compile(r"\s*(?:so|we|is|da|es|it|if|as|by)\s(?!\s*=)", re.I)
_BRACKET = re.compile(r"[(\[]([^()\[\]]*=[^()\[\]]*)[)\]]")
_STATED = re.compile(r"[^=]{1,40}=\s*[-−+]?[\d./⁄π√^ ]{1,12}\s*")
_SPOKEN = re.compile(r"(?<![A-Za-z\\])(?:the\s+)?(adjoint|tangent)\s+(?:of\s+)?([A-Za-z]_?\{?-?\d*\}?)(?=\s*=)", re.I)


def is_sentence(text: str, known: frozenset[str], *, beside: bool) -> bool:
    """Whether a text that is not marked as mathematics is words; ``beside`` says that there is some on its line."""
    if text.startswith("#") or _BEGUN.match(text):
        return True
    return (beside and not re.search(r"[\d=]", text)) or is_words(text, known)


def taken_apart(text: str, is_known: Callable[[str], bool], known: frozenset[str]) -> tuple[str, list[str]]:
    """The words of a sentence, and the formulas in it.

    >>> taken_apart("Then we get v3 = v1 v2", lambda word: False, frozenset())
    ('Then we get', ['v3 = v1 v2'])
    """
    text = text.lstrip("# ") if "=" in text else text
    parts = formulas_in(text, is_known) if "=" in text else []
    if parts:
        said = reduce(lambda left, part: left.replace(part, " ", 1), parts, text)
        return " ".join(said.split()), parts
    prefix = _PREFIX.match(text)
    if prefix and "=" in text[prefix.end() :] and not is_words(text[prefix.end() :], known):
        return prefix[0].strip(), [text[prefix.end() :]]
    return text, []


def states_point(text: str, inputs: Collection[str]) -> bool:
    """Whether all equations of a sentence stand in brackets and say where the inputs are, or what their seeds are.

    >>> states_point("Tangents (ẋ₁ = 1, ẋ₂ = 0):", ["x1", "x2"]), states_point("so (v3 = 2)", ["x1"])
    (True, False)
    """
    stated = _BRACKET.findall(text)
    return bool(stated) and "=" not in _BRACKET.sub("", text) and all(_is_point(each, inputs) for each in stated)


def _is_point(stated: str, inputs: Collection[str]) -> bool:
    plain = "".join(char for char in unicodedata.normalize("NFKD", stated) if not unicodedata.combining(char))
    names = re.findall(r"[A-Za-z]+\d*", re.sub(r"[_{}\\]", "", plain))
    return any(name in inputs for name in names) and all(map(_STATED.fullmatch, re.split(r"[,;]", stated)))


def spelled(text: str) -> str:
    """A text with signs for the words of labels.

    >>> spelled("adjoint of v5 = 1/s")
    'v5_bar = 1/s'
    """
    if "djoint" not in text and "angent" not in text:
        return text
    return _SPOKEN.sub(lambda found: f"{found[2]}_{'bar' if found[1].lower() == 'adjoint' else 'dot'}", text)
