"""Names taken apart: what stands on the line, what stands below it, and how each notation spells it."""

from __future__ import annotations

import keyword
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from tracegen.primitives import find

_LETTERS = "αβγδεζηθικλμνξοπρστυφχψω"
_WORDS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau "
    "upsilon phi chi psi omega"
)
GREEK = dict(zip(_WORDS.split(), _LETTERS, strict=True))
GREEK |= {word.capitalize(): letter.upper() for word, letter in GREEK.items()}
GREEK_WORDS = {letter: word for word, letter in GREEK.items()}

# LaTeX has commands for the letters that differ from Latin ones
_UPRIGHT_IN_LATEX = {"omicron": "o", "Alpha": "A", "Beta": "B", "Epsilon": "E", "Zeta": "Z", "Eta": "H"}
_UPRIGHT_IN_LATEX |= {"Iota": "I", "Kappa": "K", "Mu": "M", "Nu": "N", "Omicron": "O", "Rho": "P", "Tau": "T"}
_UPRIGHT_IN_LATEX |= {"Upsilon": r"\Upsilon", "Chi": "X"}

_BELOW = str.maketrans("0123456789-+aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₋₊ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_ABOVE = str.maketrans("0123456789-+−ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺⁻ⁿⁱ")
_CAN_BE_BELOW = frozenset(map(chr, _BELOW))
_CAN_BE_ABOVE = frozenset(map(chr, _ABOVE))

_PARTS = re.compile(r"([^\W\d_]+)(?:_?(-?\d+)|_(\w+))?")
_LATEX_SPECIAL = {char: "\\" + char for char in "&%$#_{}"}
_LATEX_SPECIAL |= {"\\": r"\backslash ", "~": r"\sim ", "^": r"\wedge ", "|": r"\vert ", "<": "{<}", "`": r"\prime "}


class Name(NamedTuple):
    """A name's letter or word, and its index (empty where it has none)."""

    base: str
    below: str = ""


@lru_cache(maxsize=1 << 16)
def split(text: str) -> Name:
    """The base and index of a name; a Greek letter that is spelled out becomes the letter.

    >>> split("v-1"), split("xi"), split("x_max")
    (Name(base='v', below='-1'), Name(base='ξ', below=''), Name(base='x', below='max'))
    """
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return Name(text)
    base, index, words = parts.groups()
    return Name(GREEK.get(base, base), index or words or "")


@lru_cache(maxsize=1024)
def base_latex(base: str) -> str:
    """A base in LaTeX: a letter as it is, a Greek letter as its command, a word in one piece.

    >>> base_latex("v"), base_latex("ξ"), base_latex("loss")
    ('v', '\\\\xi', '\\\\mathit{loss}')
    """
    if base in GREEK_WORDS:
        word = GREEK_WORDS[base]
        return _UPRIGHT_IN_LATEX.get(word, "\\" + word)
    if len(base) == 1 and base.isascii() and base.isalpha():
        return base
    if base.isalpha() and not base.isascii():
        return rf"\text{{{base}}}"
    return rf"\mathit{{{''.join(map(_escaped, base))}}}"


def index_latex(index: str) -> str:
    """An index in LaTeX, in braces where it needs them: digits, a letter, or upright words."""
    if len(index) == 1 and index.isascii():
        return index
    if index in GREEK:
        return f"{{{base_latex(GREEK[index])}}}"
    if index.lstrip("-").isdigit():
        return f"{{{index}}}"
    words = index.replace("_", ",")
    return rf"{{\mathrm{{{words}}}}}" if words.isascii() else rf"{{\text{{{words}}}}}"


def _escaped(char: str) -> str:
    if char.isascii():
        return _LATEX_SPECIAL.get(char, char)
    return rf"\text{{{char}}}"


def index_unicode(index: str) -> str:
    """An index in Unicode's small letters, or behind an underscore where there are none.

    >>> index_unicode("-1"), index_unicode("max"), index_unicode("b"), index_unicode("alpha")
    ('₋₁', 'ₘₐₓ', '_b', '_α')
    """
    if index in GREEK:
        return f"_{GREEK[index]}"
    if all(char in _CAN_BE_BELOW for char in index):
        return index.translate(_BELOW)
    return f"_{index}"


def superscript(text: str) -> str | None:
    """A short exponent in Unicode's raised characters, or None where there are none.

    >>> superscript("2"), superscript("−1"), superscript("1/2")
    ('²', '⁻¹', None)
    """
    return text.translate(_ABOVE) if all(char in _CAN_BE_ABOVE for char in text) else None


def accented(text: str, accent: str) -> str:
    """Every letter of a base under a combining accent, composed where Unicode has the letter."""
    return unicodedata.normalize("NFC", "".join(char + accent for char in text))


def identifier(text: str) -> str:
    """A name as an identifier that SymPy reads: ``v-1`` is vm1, and a name that means something else in such a text,
    a keyword, an operation or pi, has an underscore behind it.

    >>> identifier("v-1"), identifier("lambda"), identifier("pi"), identifier("pi_"), identifier("{{7*7}}")
    ('vm1', 'lambda_', 'pi_', 'pi__', 'u7b_u7b_7u2a_7u7d_u7d_')
    """
    spelled = text.replace("-", "m")
    if not spelled.isidentifier():
        spelled = "".join(c if c == "_" or c.isalnum() else f"u{ord(c):x}_" for c in spelled)
        spelled = spelled if spelled.isidentifier() else f"_{spelled}"
    return f"{spelled}_" if _is_taken(spelled.rstrip("_")) else spelled


def _is_taken(word: str) -> bool:
    """Whether a word means something of its own in a text that SymPy reads."""
    return keyword.iskeyword(word) or word in _TAKEN or find(word) is not None or find(word.lower()) is not None


_TAKEN = frozenset(["pi", "Piecewise", "Matrix"])
