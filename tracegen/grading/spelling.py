"""Spells out what plain notations run together: ``v3_bar``, ``vbar3``, ``dv3_dx1``, ``D_x1 v3``, ``vm1`` for v-1."""

from __future__ import annotations

import re
from collections.abc import Collection

from tracegen.mathtext.unicode_text import SUBSCRIPTS

_INDEX = r"(?:_?\{-?m?\d+\}|_?-?m?\d+|[₋₀-₉]+)"
_NAME = r"[A-Za-z](?:[A-Za-z]*?)(?:_?\{?-?m?\d+\}?)?"
_ROW = rf"\\?[A-Za-z]+{_INDEX}?"
_LOWER = r"\\?[A-Za-z]+(?:_?\d+|_\{\d+\}|[₀-₉]+)?"
_ANY = re.compile(
    r"(?<!\\)(?<!\\[cdh])(?:bar|dot|adj|grad_)|\.grad\b|delta|δ|_d[A-Za-z]|\bD|\bd[(\s]|\bd/d|(?<!\\)\b(?:del|partial)\b|[a-z]m\d|_prime|"
    r"\b(?:np|numpy|math|torch)\.|nabla|∇|\\over(?![a-z])|['′]_|prime\}?\s*_|"
    r"(?:∂|\\partial)\s*[_ₓ₁-₉/⁄]|(?:\||vert)\s*_|\\left\."
)
_RATIO = re.compile(rf"\bd({_NAME})_d({_NAME})(?![A-Za-z0-9_])")
_LIBRARY = re.compile(r"\b(?:np|numpy|math|torch)\.(?:linalg\.)?(?=[a-z])")
_STACK = re.compile(r"\b(?:concatenate|concat|cat)\(")
_MARKS = {"bar": "bar", "adj": "bar", "adjoint": "bar", "grad": "bar", "dot": "dot"}
_AFTER = re.compile(rf"(?<![A-Za-z\\])({_NAME})(?:_?(bar|dot|adj)\b(?!_\d)|\.(grad)\b)")
_BETWEEN = re.compile(rf"(?<![A-Za-z\\])([A-Za-z])_?(bar|dot|adj)({_INDEX})")
_BEFORE = re.compile(
    rf"(?<![A-Za-z\\_])(bar|dot|adj|adjoint|grad(?=_))(?:\s*\(\s*({_NAME})\s*\)|[ _]\s*({_NAME})(?![A-Za-z]))"
)
_ALONG = re.compile(
    rf"(?:(?<![A-Za-z\\])D|∂|\\partial)\s*(?:_(?:\{{\s*({_LOWER})\s*\}}|({_LOWER}))|ₚ|ₓ([₀-₉]*))"
    rf"\s*(?:\(\s*({_ROW})\s*\)|({_ROW}))"
)
_OPERATOR = re.compile(rf"(?:(?<![A-Za-z\\])d\s*/\s*d|∂\s*[/⁄]\s*∂)\s*({_ROW})\s*+\(?\s*+({_ROW})\s*\)?")
_WORDED = re.compile(
    rf"(?<![\\A-Za-z])(?:del|partial)\s*+\(?\s*+({_ROW})\s*+\)?\s*+/\s*(?:del|partial)\s*+\(?\s*+({_ROW})\s*\)?"
)
_SPACED = re.compile(
    rf"(?<![\\A-Za-z])d(?:\s*\(\s*({_ROW})\s*\)|\s+([A-Za-z]+{_INDEX}?))\s*/\s*d(?:\s*\(\s*({_ROW})\s*\)|\s+([A-Za-z]{_INDEX}))"
)
_GRADIENT = re.compile(rf"(?:\\nabla|∇)\s*_\{{?\s*+(\\?[A-Za-z](?:_?\d+|_\{{\d+\}})?)\s*+\}}?\s*+({_ROW})")
_DELTA = re.compile(r"(?:\\?delta|δ)\s*_(?:\{\s*(\\?[A-Za-z]+)\s*\}|(\\?[A-Za-z]+))(?![A-Za-z0-9_])")
"""The adjoint of z as it is written for networks, δ_z."""

_OVER = re.compile(r"\{((?:[^{}]|\{[^{}]*\})*?)\\over(?![A-Za-z])((?:[^{}]|\{[^{}]*\})*)\}")
_POINT = re.compile(r"(?:\\right|\\[Bb]igg?r?)\s*(?:\||\\r?vert)\s*_(?:\{[^{}]*\}|\w)|\\left\.")
"""Where a derivative is taken, behind a bar."""

_PRIME_FIRST = re.compile(r"([A-Za-z])(?:'|′|\^\\prime\s*|\^\{\\prime\})_(\d|\{-?\d+\})")
_MINUS = re.compile(r"\b([A-Za-z])m(\d+)\b")
_PRIME = re.compile(r"\b([A-Za-z]+)_prime\b")
_EULER = re.compile(r"\bE(?=\*\*|\b(?!_))")
_BELOW = str.maketrans({letter: written for letter, written in SUBSCRIPTS.items() if written in "0123456789"})


def spelled_out(text: str, names: Collection[str] = ()) -> str:
    """The text in LaTeX where it has such names, else as it is. E is Euler's number where it is none of ``names``.

    >>> spelled_out("v3_bar*dv3_dx1")
    '\\\\bar{v3}*\\\\frac{\\\\partial v3}{\\\\partial x1}'
    """
    if not _ANY.search(text):
        return text
    text = _RATIO.sub(_partial, _STACK.sub("vstack(", _LIBRARY.sub("", text)))
    text = _DELTA.sub(lambda found: rf"\bar{{{found[1] or found[2]}}}", text)
    text = _AFTER.sub(lambda found: rf"\{_MARKS[found[2] or found[3]]}{{{_minus(found[1])}}}", text)
    text = _BEFORE.sub(lambda found: rf"\{_MARKS[found[1]]}{{{_minus(found[2] or found[3])}}}", text)
    text = _BETWEEN.sub(lambda found: rf"\{_MARKS[found[2]]}{{{_minus(found[1] + found[3])}}}", text)
    text = _PRIME_FIRST.sub(r"\1_\2'", _POINT.sub("", text))
    text = _OVER.sub(r"\\frac{\1}{\2}", text) if "over" in text else text
    text = _WORDED.sub(_partial, text)
    text = _SPACED.sub(lambda found: _fraction(found[1] or found[2], found[3] or found[4]), text)
    text = _GRADIENT.sub(lambda found: _fraction(found[2], found[1]), text)
    text = _OPERATOR.sub(lambda found: _fraction(found[2], found[1]), text)
    text = _ALONG.sub(_directed, text)
    text = _PRIME.sub(r"\1'", text)
    text = text if "E" in names else _EULER.sub("e", text)
    return _MINUS.sub(r"\1_{-\2}", text)


def _partial(found: re.Match[str]) -> str:
    return _fraction(_minus(found[1]), _minus(found[2]))


def _fraction(over: str, under: str) -> str:
    return rf"\frac{{\partial {over}}}{{\partial {under}}}"


def _directed(found: re.Match[str]) -> str:
    """D_p v is a tangent along any direction, D_x1 v one along x1."""
    along = found[1] or found[2] or (f"x{found[3].translate(_BELOW)}" if found[3] is not None else "p")
    row = found[4] or found[5]
    return rf"\dot{{{row}}}" if along == "p" else _fraction(row, along)


def _minus(name: str) -> str:
    return _MINUS.sub(r"\1_{-\2}", name)
