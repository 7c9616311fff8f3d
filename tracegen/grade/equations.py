"""Makes equations of what stands for them: a row written with a colon, a matrix behind the name of the gradient."""

from __future__ import annotations

import re

_GRADIENT = re.compile(
    r"^\s*(?:\\nabla|∇|grad(?:ient)?(?![A-Za-z_])|D(?=\s*f)|J(?=_f))\s*_?\{?\\?[A-Za-z]?\}?(?:_?\{?\d\}?)?(?:\([^()]*\))?\s*=\s*"
)
"""A gradient by its name, before the matrix that it is."""

_LABELLED = re.compile(r"^\s*((?:\\(?:bar|dot|overline)\s*)?\{?[A-Za-z]_?\{?-?\d+\}?\}?)\s*:\s*(?=[^=\s])")
"""``v2: v0 v1``, a row written with a colon."""


def as_equation(text: str) -> str:
    """A text outside of tables as the equation, or the matrix, that it is.

    >>> as_equation("v2: v0 v1"), as_equation("∇f = [1, 2]")
    ('v2 = v0 v1', '[1, 2]')
    """
    if ":" in text:
        text = _LABELLED.sub(r"\1 = ", text.rstrip(": ") or text, count=1)
    if text.lstrip().startswith(("\\nabla", "∇", "grad", "D", "J")):
        text = _GRADIENT.sub("", text, count=1)
    return text
