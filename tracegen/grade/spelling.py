"""Spells out what plain notations run together: ``v3_bar``, ``v3_dot``, ``dv3_dx1``, ``D_p v3``, ``vm1`` for v-1."""

from __future__ import annotations

import re

_NAME = r"[A-Za-z](?:[A-Za-z]*?)(?:_?\{?-?m?\d+\}?)?"
_ANY = re.compile(r"_bar|_dot|_d[A-Za-z]|D_|D\s*[ₚ\{]|Dₚ|\b[a-z]m\d|_prime")
_RATIO = re.compile(rf"\bd({_NAME})_d({_NAME})(?![A-Za-z0-9_])")
_BAR = re.compile(rf"\b({_NAME})_bar\b")
_DOT = re.compile(rf"\b({_NAME})_dot\b")
_ALONG = re.compile(r"\bD(?:_\{?(\\?[A-Za-z]+_?\d*)\}?|ₚ|ₓ([₀-₉]*))\s*(\\?[A-Za-z]+(?:_\{-?\d+\}|_?\d+|[₋₀-₉]+)?)")
_MINUS = re.compile(r"\b([A-Za-z])m(\d+)\b")
_PRIME = re.compile(r"\b([A-Za-z]+)_prime\b")


_EULER = re.compile(r"\bE(?=\*\*|\b(?!_))")


def spelled_out(text: str) -> str:
    """The text in LaTeX where it has such names, else as it is.

    >>> spelled_out("v3_bar*dv3_dx1")
    '\\\\bar{v3}*\\\\frac{\\\\partial v3}{\\\\partial x1}'
    """
    if not _ANY.search(text):
        return text
    text = _RATIO.sub(lambda found: rf"\frac{{\partial {_minus(found[1])}}}{{\partial {_minus(found[2])}}}", text)
    text = _BAR.sub(lambda found: rf"\bar{{{_minus(found[1])}}}", text)
    text = _DOT.sub(lambda found: rf"\dot{{{_minus(found[1])}}}", text)
    text = _ALONG.sub(_directed, text)
    text = _EULER.sub("e", _PRIME.sub(r"\1'", text))
    return _MINUS.sub(r"\1_{-\2}", text)


def _directed(found: re.Match[str]) -> str:
    """D_p v is a tangent along any direction, D_x1 v one along x1."""
    along = found[1] or (f"x{found[2]}" if found[2] is not None else "p")
    return rf"\dot{{{found[3]}}}" if along == "p" else rf"\frac{{\partial {found[3]}}}{{\partial {along}}}"


def _minus(name: str) -> str:
    return _MINUS.sub(r"\1_{-\2}", name)
