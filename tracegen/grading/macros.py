"""Writes out the short commands that a LaTeX sheet defines for itself, within bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_MACROS = 60
LONGEST = 400
"""Characters of a definition that is written out, and of what it is applied to."""

MOST_WRITTEN = 400_000
"""Characters that all of them together may become."""

_DEFINED = re.compile(
    r"\\(?:re)?(?:newcommand|providecommand|DeclareMathOperator)\*?\s*+\{?\s*+\\([A-Za-z]+)\s*+\}?\s*+"
    r"(?:\[(\d)\])?(?:\[[^\]]*\])?\s*\{|\\def\s*\\([A-Za-z]+)((?:#\d)*)\s*\{"
)
_USED = re.compile(r"\\([A-Za-z]+)")
_PHYSICS = {"pdv": (2, r"\frac{\partial #1}{\partial #2}"), "dv": (2, r"\frac{\partial #1}{\partial #2}")}
"""Commands of the physics package for derivatives."""


@dataclass(frozen=True, slots=True)
class Macro:
    """How many operands a command takes, and what it stands for."""

    count: int
    body: str


def written_out(text: str) -> str:
    r"""The text with its own commands written out; those that are defined by others, up to three deep.

    What would become too long is left as it stands.

    >>> written_out(r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}} $\pd{v_2}{x_1}$")
    ' $\\frac{\\partial v_2}{\\partial x_1} $'
    """
    macros, rest = _definitions(text)
    for command, (count, body) in _PHYSICS.items():
        if f"\\{command}" in rest:
            macros.setdefault(command, Macro(count, body))
    if not macros:
        return rest
    for _ in range(3):
        before, rest = rest, _expanded(rest, macros)
        if rest == before:
            break
    return rest


def _definitions(text: str) -> tuple[dict[str, Macro], str]:
    """The commands that a text defines, and the text without the definitions."""
    macros: dict[str, Macro] = {}
    parts, at = [], 0
    while (found := _DEFINED.search(text, at)) is not None and len(macros) < MOST_MACROS:
        end = _closing(text, found.end())
        parts.append(text[at : found.start()])
        at = end + 1
        body = text[found.end() : end]
        body = rf"\operatorname{{{body}}}" if "Operator" in found[0] else body
        parts.append("\n" * text.count("\n", found.start(), at))
        command = found[1] or found[3]
        count = int(found[2] or 0) if found[1] else len(found[4]) // 2
        if len(body) <= LONGEST and command not in _USED.findall(body):
            macros[command] = Macro(count, body)
    return macros, "".join([*parts, text[at:]])


def _expanded(text: str, macros: dict[str, Macro]) -> str:
    parts, at, written = [], 0, 0
    for found in _USED.finditer(text):
        macro = macros.get(found[1])
        if macro is None or found.start() < at:
            continue
        operands, end = _operands(text, found.end(), macro.count)
        if operands is None:
            continue
        body = macro.body
        for place, operand in enumerate(operands, 1):
            body = body.replace(f"#{place}", operand)
        written += len(body)
        if written > MOST_WRITTEN:
            break
        parts += [text[at : found.start()], body, " "]
        at = end
    return "".join([*parts, text[at:]])


def _operands(text: str, at: int, count: int) -> tuple[list[str] | None, int]:
    """The operands in braces, or single signs, after a command; None where there are too few."""
    found: list[str] = []
    for _ in range(count):
        while text[at : at + 1].isspace():
            at += 1
        if text[at : at + 1] == "{":
            end = _closing(text, at + 1)
            found.append(text[at + 1 : end])
            at = end + 1
        elif text[at : at + 1] and text[at] not in "}&\\":
            found.append(text[at])
            at += 1
        else:
            return None, at
        if len(found[-1]) > LONGEST:
            return None, at
    return found, at


def _closing(text: str, at: int) -> int:
    """Where the brace closes that opened just before a place; the end of the text where it never does."""
    depth = 1
    for place in range(at, min(len(text), at + 2 * LONGEST)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place
    return min(len(text), at + 2 * LONGEST)
