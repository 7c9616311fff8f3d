"""Functions known by a letter only: σ, and its derivatives σ′, σ″."""

from __future__ import annotations

from functools import cache

from tracegen.primitives.primitive import REAL, Form, Primitive

STAND_INS = ("softplus", "atan", "asinh", "erf")
"""Smooth functions that a letter may stand for where a trace is checked and nobody said what it means."""


@cache
def letter(text: str, primes: int = 0) -> Primitive:
    """The row of a letter with some primes; its derivative has one more.

    >>> letter("sigma", 1).letter
    ('sigma', 1)
    """
    called = Form(f"{text}{'′' * primes}({{0}})")
    return Primitive(
        name=f"{text}{chr(39) * primes}", arity=1, value=lambda f, a: f.letter(text, primes, a),
        partials=lambda f, y, a: (f.letter(text, primes + 1, a),), vjp=None, jvp=None,
        latex=called, text=called, unicode=called, domain=(REAL,),
        shown=lambda f, a: f.letter(text, primes, a), letter=(text, primes),
    )  # fmt: skip


def stand_in(text: str) -> str:
    """The name of a row for a letter without a meaning; the same letter always gets the same.

    >>> stand_in("sigma")
    'atan'
    """
    return STAND_INS[sum(map(ord, text)) % len(STAND_INS)]
