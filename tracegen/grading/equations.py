"""Makes equations of what stands for them: a row with a colon or an arrow, a matrix behind the name of the gradient."""

from __future__ import annotations

import re

_GRADIENT = re.compile(
    r"^\s*(?:\\nabla|∇|grad(?:ient)?(?![A-Za-z_])|D(?=\s*f)|J(?=_f))\s*_?\{?\\?[A-Za-z]?\}?(?:_?\{?\d\}?)?(?:\([^()]*\))?\s*=\s*"
)
"""A gradient by its name, before the matrix that it is."""

_LABELLED = re.compile(r"^\s*((?:\\(?:bar|dot|overline)\s*)?\{?[A-Za-z]_?\{?-?\d+\}?\}?)\s*:\s*(?=[^=\s])")
"""``v2: v0 v1``, a row written with a colon."""

LEFT_ARROWS = (r"\leftarrow", r"\longleftarrow", r"\gets", "←", "⟵", "<--", "<-")
RIGHT_ARROWS = (r"\to", r"\rightarrow", r"\longrightarrow", r"\mapsto", "→", "⟶", "↦", "-->", "->")
ARROWS = LEFT_ARROWS + RIGHT_ARROWS
"""What may stand for the equal sign behind the name of a row; to the right, where it is no edge of a graph, v0 → v2."""

_WORKED = re.compile(r"[=+*/^(·×√]|\\(?:frac|cdot|times|sqrt)(?![A-Za-z])|^\s*[-−+]?\d[\d.,]*[\s$]*$")
_ARROW = re.compile("|".join(re.escape(arrow) + ("(?![A-Za-z])" if arrow[0] == "\\" else "") for arrow in ARROWS))
_BEFORE = re.compile(r"[\s$&|*]*(?:\d{1,3}[.)]\s+)?(?:\\[A-Za-z]+(?:\s|(?=\{))*)?[^\s=$&]{1,40}[\s&*]*")
_ROW_ENDS = re.compile(r"(\n|\\\\|[;,]\s)")


def has_arrow(text: str) -> bool:
    """Whether there is an arrow in a text."""
    return any(arrow in text for arrow in ARROWS) and _ARROW.search(text) is not None


def with_equal_signs(text: str) -> str:
    r"""A text in which an arrow behind the name of a row, where no equal sign stands before it, is an equal sign.

    >>> with_equal_signs("v2 ← v0 v1 = 6"), with_equal_signs(r"v_0 \to x = 1"), with_equal_signs("v0 → v3")
    ('v2 = v0 v1 = 6', 'v_0 = x = 1', 'v0 → v3')
    """
    if not has_arrow(text):
        return text
    return "".join(map(_equated, _ROW_ENDS.split(text)))


def _equated(line: str) -> str:
    found = _ARROW.search(line)
    if found is None or not _BEFORE.fullmatch(line[: found.start()]):
        return line
    if found[0] in RIGHT_ARROWS and (has_arrow(line[found.end() :]) or not _WORKED.search(line[found.end() :])):
        return line
    return f"{line[: found.start()]}={line[found.end() :]}"


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
