"""What the heads of a table say about its columns, for tables whose cells have no labels of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracegen.notation.name_parts import GREEK_WORDS

_ADJOINT = re.compile(
    r"adjoint|adjungiert|adjunt|gradient|sensitivity|\\bar|\\overline|reverse|backward|rückwärts|arrière|reverso|inverso|"
    r"[\u0304\u0305]|[āēīōūȳ]",
    re.I,
)
_TANGENT = re.compile(r"tangent|\\dot|\\partial|∂|\bd/d|\bd[A-Za-z]\w*_d[A-Za-z]|\u0307|ẋ|ẏ", re.I)
_OPERATOR = re.compile(
    r"(?:\\[dt]?frac\s*\{\s*)?(?:∂|d|\\partial)\s*(?:/|\}\s*\{)\s*(?:∂|d|\\partial)\s*"
    r"(\\math[a-z]+\{\w+\}|\\?[A-Za-z]+|[Α-ω])(?:_?(\d+)|_(\w)|_\{(\\math[a-z]+\{\w+\}|\w+)\})?\s*\}?"
)
_APART = (
    ("shape", re.compile(r"\s*(?:\S+ )?(?:shapes?|dim\w*)\b.*|.*shape.*", re.I | re.S)),
    ("factors", re.compile(r"\s*factors?\b.*", re.I | re.S)),
    (
        "remark",
        re.compile(
            r"\s*(?:why|reasons?|comments?|remarks?|notes?|because|explanations?|justification|begründung|bemerkung(?:en)?|"
            r"kommentare?|anmerkung(?:en)?|erklärung|remarques?|commentaires?|raison|explication|comentarios?|motivo)\s*",
            re.I,
        ),
    ),
)
"""What heads columns that belong to no chain. A remark that is a formula does belong to one."""

_BELOW = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")

BLANK = frozenset(["", "—", "---", "-", "–", "−"])
"""What stands in a cell where a row has nothing of a column."""


def said_over(head: str) -> str:
    """What kind of row the words over a column speak of; empty where they speak of none.

    >>> said_over("Adjoint"), said_over("value")
    ('reverse', '')
    """
    return "reverse" if _ADJOINT.search(head) else "forward" if _TANGENT.search(head) else ""


def columns_apart(heads: Sequence[str]) -> dict[int, str]:
    """The columns that belong to no chain, each with what is in it.

    >>> columns_apart(["variable", "formula", "shape", "why"])
    {2: 'shape', 3: 'remark'}
    """
    found = {
        column: next((kind for kind, pattern in _APART if pattern.fullmatch(head)), "")
        for column, head in enumerate(heads)
        if column
    }
    return {column: kind for column, kind in found.items() if kind}


def operator_along(head: str) -> str:
    """The input that an operator, ∂/∂x1, is along; empty where a head is none.

    >>> operator_along("d/dx_1"), operator_along(r"\\frac{\\partial}{\\partial \\lambda}")
    ('x1', 'lambda')
    >>> operator_along("∂/∂x₁")
    'x1'
    """
    found = _OPERATOR.fullmatch(head.translate(_BELOW))
    if found is None:
        return ""
    base, below = (
        re.sub(r"\\math[a-z]+|[{}\\]", "", part) for part in (found[1], found[2] or found[3] or found[4] or "")
    )
    return GREEK_WORDS.get(base, base) + (f"_{below}" if below.isalpha() else below)
