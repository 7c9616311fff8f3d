"""Takes out of a text what its writer crossed out, in Markdown, LaTeX or HTML, or with strokes through letters."""

from __future__ import annotations

import re

_SIGNS = ("~~", "cancel", "\\sout", "\\st", "\\xout", "<s>", "<del>", "<strike>", "\u0336")
_INSIDE = r"((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)"
_CANCELLED = re.compile(rf"\\[bx]?cancel\s*\{{{_INSIDE}\}}")
_REPLACED = re.compile(rf"\\cancelto\s*\{{{_INSIDE}\}}\s*\{{{_INSIDE}\}}")
_STRUCK = re.compile(rf"\\(?:sout|st|xout)\s*\{{{_INSIDE}\}}")
_TILDES = re.compile(r"~~(?=[^\s~])([^~\n]{0,400}?[^\s~])~~(?!~)")
_TAGS = re.compile(r"<(s|del|strike)>[^\n]{0,400}?</\1>", re.I)
_OVERSTRUCK = re.compile("(?:.\u0336)+")


def without_crossed_out(text: str, *, ties: bool = False) -> str:
    r"""The text without what is crossed out; its lines stay where they are.

    Where ``ties`` is set, ``~~`` is two spaces, as in LaTeX. What is cancelled inside of a fraction stays: there the
    strokes say that it was divided out.

    >>> without_crossed_out("v2 = ~~5~~ 6"), without_crossed_out(r"v_2 = \frac{\cancel{2}v_1}{\cancel{2}}")
    ('v2 =  6', 'v_2 = \\frac{ 2 v_1}{ 2 }')
    """
    small = text.lower()
    if not any(sign in small for sign in _SIGNS):
        return text
    text = _REPLACED.sub(r"{\1}", text)
    text = _CANCELLED.sub(_cancelled, text)
    text = _TAGS.sub(" ", _STRUCK.sub(" ", text))
    return _OVERSTRUCK.sub(" ", text) if ties else _OVERSTRUCK.sub(" ", _TILDES.sub("", text))


def _cancelled(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - 200) : found.start()]
    line = before[before.rfind("\n") + 1 :]
    return f" {found[1]} " if line.count("{") > line.count("}") else " "
