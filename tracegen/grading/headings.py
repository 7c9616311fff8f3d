"""What the words over a table, or a derivative that stands alone, say about the rows under them."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from tracegen.formula import Formula
from tracegen.grading.findings import remembered

PRIMAL, FORWARD, REVERSE, JACOBIAN, SHAPES = "primal", "forward", "reverse", "jacobian", "shapes"

_KINDS = (
    (JACOBIAN, re.compile(r"jacobi|gradient\b|gradiente?n?\b", re.I)),
    (SHAPES, re.compile(r"\bdim(?:ension)?s?\b|\bshapes?\b", re.I)),
    (REVERSE, re.compile(r"back ?wards?|reverse|adjoint|adjungiert|\bvjp\b|pull|rückwärts|arrière|inverse\b", re.I)),
    (
        FORWARD,
        re.compile(
            r"forwards?[ -](?:mode|tangent)|tangent|\bjvp\b|push|derivatives? along|vorwärts-?(?:modus|ableitung)|"
            r"mode direct",
            re.I,
        ),
    ),
    (
        PRIMAL,
        re.compile(
            r"primal|evaluation trace|forward (?:pass|evaluation)|wengert|auswertung|évaluation|passe avant", re.I
        ),
    ),
)
_NAME = re.compile(r"(?<![A-Za-z\\])([A-Za-z])[\s_{(]*(\d{1,3})?(?![A-Za-z])")
_TITLE = re.compile(
    r"^\s*#|^\s*\*\*.*\*\*\s*$|^\s*\(?[A-Za-z]\)|"
    r"\b(?:problem|part|task|exercise|question|function|aufgabe|teil|übung|exercice|partie|fonction|funktion)\b",
    re.I,
)
_WORD = re.compile(r"(?<![\\A-Za-z_])[A-Za-z]{3,}(?![A-Za-z0-9_(])")
_COMMANDS = re.compile(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})?")


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known about the rows that follow: their kind, the output, the direction, the table they stand in."""

    kind: str = ""
    output: str = ""
    direction: str = ""


@remembered(4096)
def hint_of(text: str, outputs: frozenset[str], inputs: frozenset[str]) -> Hint:
    """The hint that words give.

    >>> hint_of("Adjoints of y1", frozenset(["y1"]), frozenset(["x1"]))
    Hint(kind='reverse', output='y1', direction='')
    """
    kind = next((kind for kind, pattern in _KINDS if pattern.search(text)), "")
    names = [f"{letter}{number}" for letter, number in _NAME.findall(text)]
    output = [name for name in dict.fromkeys(names) if name in outputs]
    direction = [name for name in dict.fromkeys(names) if name in inputs]
    return Hint(kind, output[0] if len(output) == 1 else "", direction[0] if len(direction) == 1 else "")


def narrowed(hint: Hint, formula: Formula, outputs: Collection[str], inputs: Collection[str]) -> Hint:
    """The hint under a derivative that stands alone as a heading, ∂f/∂x1."""
    if formula.head != "partial":
        return hint
    over, under = (part.args[0] if part.head == "name" else "" for part in formula.args)
    hint = replace(hint, direction=under) if under in inputs else hint
    return replace(hint, output=over) if over in outputs and len(outputs) > 1 else hint


def is_title(text: str) -> bool:
    """Whether words begin something new by how they are written, whatever they say."""
    return bool(_TITLE.search(text))


_OTHER_SCRIPTS = re.compile(r"[\u0400-\u1cff\u3005-\u3007\u3041-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc]")
"""Letters that no formula has: Cyrillic, Hebrew, Arabic, Indic, Chinese, Japanese and Korean ones, and others."""


@remembered(8_192)
def is_words(text: str, known: frozenset[str]) -> bool:
    """Whether a text outside of any sign for maths is words and no formula.

    >>> [is_words(text, frozenset()) for text in ("Das ist der Wert", "入力", "最终：", "v2 = v0 v1", "初: v2 = 3")]
    [True, True, True, False, False]
    """
    if re.fullmatch(r"\s*[A-Za-z]{3,}[.:]?\s*", text) or ("=" not in text and _OTHER_SCRIPTS.search(text)):
        return True
    bare = _COMMANDS.sub(" ", text)
    words = [
        word
        for word in _WORD.findall(bare)
        if word.lower() not in known and word not in known and word[1:] not in ("bar", "dot", "adj")
    ]
    return (
        bool(words) or not re.search(r"[\d=\\]|[^\W_]", text) or bool(re.fullmatch(r"\(?[A-Za-z0-9]{1,2}[).]\s*", text))
    )
