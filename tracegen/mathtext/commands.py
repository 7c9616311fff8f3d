"""Commands of LaTeX that only say how mathematics looks, each with its operands and the one that is kept.

A font, a colour, a frame, a brace under a factor: what is kept of it is what it is put on. A number of the equation,
a space, a label: nothing is kept. Everything stays in its place, since errors name columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NOTHING = -1


@dataclass(frozen=True, slots=True)
class Command:
    """How many operands a command has, which of them is kept (none: NOTHING), and the sign of a script to drop.

    ``words`` says that an operand that is one word may be a name of its own, which stays as it stands; ``prose`` that
    an operand with letters is a text.
    """

    operands: int
    kept: int = NOTHING
    script: str = ""
    words: bool = False
    prose: bool = False


def _rows(names: str, command: Command) -> dict[str, Command]:
    return dict.fromkeys(names.split(), command)


COMMANDS: dict[str, Command] = {
    **_rows("mathbf boldsymbol bm mathrm mathit mathsf mathcal mathtt", Command(1, 0, words=True)),
    **_rows("text textrm textbf textit texttt textsf mbox emph", Command(1, 0, prose=True)),
    **_rows("vec pmb symbf mathnormal mathfrak mathscr underline boxed fbox framebox ensuremath smash mathop mathord "
            "mathrel mathopen mathclose mathbin mathinner num uline hl", Command(1, 0)),
    **_rows("textcolor colorbox underset overset stackrel", Command(2, 1)),
    **_rows("fcolorbox", Command(3, 2)),
    **_rows("qty SI", Command(2, 0)),
    **_rows("underbrace underbracket", Command(1, 0, script="_")),
    **_rows("overbrace overbracket", Command(1, 0, script="^")),
    **_rows("tag label color phantom hphantom vphantom hspace vspace hskip ref eqref cline intertext shortintertext "
            "footnote", Command(1)),
    **_rows("hline toprule midrule bottomrule nonumber notag displaystyle textstyle scriptstyle scriptscriptstyle "
            "strut mathstrut hfill hfil allowbreak nolinebreak noindent centering therefore because limits nolimits "
            "bf rm it sf tt cal bfseries itshape normalsize small large Large middle", Command(0)),
}  # fmt: skip
"""Sizes of brackets (\\left, \\big) and narrow spaces are skipped where a text is cut into tokens."""

_NAME = re.compile(r"\\([A-Za-z]+)\*?")
_LETTER_IN_MARK = r"\\(?:bar|dot|overline|hat|tilde)\s*(?:[A-Za-z]|\{[A-Za-z]\})"
_INDEX = r"_(?:\w|\{[^{}]*\})"
_SIMPLE = re.compile(rf"\s*(?:(?:{_LETTER_IN_MARK}|\\?[A-Za-z]+)(?:{_INDEX})?|[\d.,]+|[^\w\\{{}}])\s*")
"""What needs no braces: a name or a letter with its mark and index, a number, a sign."""

_WORD = re.compile(r"\s*(?:[A-Za-z]|\\_)(?:\w|\\_)*\s*", re.ASCII)
_LETTER = re.compile(r"[^\W\d_]")
_MARKED = re.compile(r"\$[^$]*\$")
_EQUAL = re.compile(r"=|\\(?:approx|equiv|leftarrow|gets)(?![A-Za-z])")
MOST = 200
"""Commands that are looked at in one text."""


def undressed(text: str) -> str:
    r"""The text with what these commands keep, everything in its place.

    >>> undressed(r"\boxed{21} + \mathbf v_1")
    '        21 +         v_1'
    """
    if COMMANDS.keys().isdisjoint(_NAME.findall(text)):
        return text
    at, count = 0, 0
    while count < MOST and (match := _NAME.search(text, at)) is not None:
        command = COMMANDS.get(match[1])
        at = match.end()
        if command is not None:
            count += 1
            text = _without(text, match, command)
            at = match.start() if text[match.start()] != "\\" else at
    return text


def _without(text: str, match: re.Match[str], command: Command) -> str:
    """The text without one command; as it is where its operands are not there, or are a word in a font."""
    spans = list(_operands(text, match.end(), command.operands))
    if len(spans) < command.operands:
        return text
    end = spans[-1][1] if spans else match.end()
    kept = text[slice(*spans[command.kept])] if command.kept != NOTHING else ""
    if command.words and kept[:1] == "{" and _WORD.fullmatch(kept[1:-1]):
        return text
    if command.prose and _LETTER.search(_MARKED.sub("", kept)):
        return text
    if kept[:1] == "{" and (_SIMPLE.fullmatch(kept[1:-1]) or _EQUAL.search(kept)):
        kept = kept[1:-1]
    if command.script and text[end : end + 1] == command.script:
        end = next((stop for _, stop in _operands(text, end + 1, 1)), end)
    return text[: match.start()] + kept.rjust(end - match.start()) + text[end:]


def _operands(text: str, at: int, count: int) -> Iterator[tuple[int, int]]:
    """Where the operands behind a command stand: groups in braces, commands, or single signs; options are passed."""
    for _ in range(count):
        while text[at : at + 1].isspace():
            at += 1
        if text[at : at + 1] == "[" and "]" in text[at:]:
            at = text.index("]", at) + 1
        sign = text[at : at + 1]
        if sign == "{":
            end = _closing(text, at)
        elif sign == "\\":
            end = at + 1 + len(next(iter(re.findall(r"[A-Za-z]+", text[at + 1 :])), ""))
        else:
            end = at + 1
        if not sign or sign in "}&" or end <= at + (sign == "\\"):
            return
        yield at, end
        at = end


def _closing(text: str, at: int) -> int:
    """The place behind the brace that closes the one at a place; the place itself where none does."""
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place + 1
    return at
