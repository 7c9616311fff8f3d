"""Writes MathML as LaTeX, element by element, for the formulas of a web page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracegen.mathtext.known_words import BARE
from tracegen.primitives import find

TOKENS = frozenset(["mi", "mn", "mo", "mtext", "ms"])
_SIGNS = {"\u2061": " ", "\u2062": r"\cdot ", "\u2063": ",", "\u2064": "+"}
_ACCENTS = {
    "¯": "bar", "‾": "bar", "\u0304": "bar", "\u0305": "bar", "_": "bar", "―": "bar", "˙": "dot", ".": "dot",
    "\u0307": "dot", "^": "hat", "ˆ": "hat", "~": "tilde", "˜": "tilde",
}  # fmt: skip


def token(text: str, *, bold: bool = False) -> str:
    """A name, a number or a sign; a bold number is a matrix of this number.

    >>> token("sin"), token("v"), token("1", bold=True)
    ('\\\\sin ', 'v', '\\\\mathbf{1}')
    """
    text = text.strip()
    if text in BARE and len(text) > 1:
        return f"\\{text} "
    if bold and text.isdigit():
        return rf"\mathbf{{{text}}}"
    if len(text) > 2 and text.isalpha() and find(text) is not None:
        return rf"\operatorname{{{text}}}"
    return "".join(_SIGNS.get(sign, sign) for sign in text)


def element(tag: str, parts: Sequence[str]) -> str:
    """An element with its children, each in LaTeX already; one that only groups is its children in a row.

    >>> element("mfrac", ["1", "v_{2}"])
    '\\\\frac{1}{v_{2}}'
    """
    rule = _RULES.get((tag, len(parts))) or _RULES.get((tag, -1))
    return rule(*parts) if rule is not None else "".join(parts)


def _base(text: str) -> str:
    return text if len(text) < 2 or text.startswith(("\\bar", "\\dot", "\\hat", "(")) or "_" in text else f"{{{text}}}"


def _accent(base: str, mark: str) -> str:
    command = _ACCENTS.get(mark.strip())
    return f"\\{command}{{{base}}}" if command else base


def _apart(text: str) -> str:
    """A group whose letters do not run together with those beside it."""
    return f"{' ' * text[:1].isalpha()}{text}{' ' * text[-1:].isalnum()}"


_PRIMES = frozenset("'′")
_RULES: dict[tuple[str, int], Callable[..., str]] = {
    ("mfrac", 2): lambda over, under: f"\\frac{{{over}}}{{{under}}}",
    ("msub", 2): lambda base, index: f"{base}_{{{index}}}",
    ("msup", 2): lambda base, power: base + power if set(power) <= _PRIMES else f"{_base(base)}^{{{power}}}",
    ("msubsup", 3): lambda base, index, power: f"{base}_{{{index}}}^{{{power}}}",
    ("mroot", 2): lambda base, degree: f"\\sqrt[{degree}]{{{base}}}",
    ("mrow", -1): lambda *parts: _apart("".join(parts)) if len(parts) > 1 else "".join(parts),
    ("msqrt", -1): lambda *parts: f"\\sqrt{{{''.join(parts)}}}",
    ("mover", 2): _accent,
    ("munder", 2): lambda base, under: base,
    ("mfenced", -1): lambda *parts: f"({','.join(parts)})",
    ("mtd", -1): lambda *parts: "".join(parts),
    ("mtr", -1): lambda *parts: " & ".join(parts),
    ("mtable", -1): lambda *rows: r"\begin{pmatrix}" + r" \\ ".join(rows) + r"\end{pmatrix}",
    ("semantics", -1): lambda *parts: parts[0] if parts else "",
    ("mspace", -1): lambda *parts: " ",
    ("mphantom", -1): lambda *parts: "",
    ("menclose", -1): lambda *parts: "",
}
