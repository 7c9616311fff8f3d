"""Reads elements and parts of matrices: ``A[0, 1]``, ``x[2]``, ``A[0:2, 1:N]``, ``A[1:, :]``."""

from __future__ import annotations

from collections.abc import Callable

from tracegen.formula import Formula
from tracegen.mathtext.grammar import Parser
from tracegen.mathtext.known_words import Vocabulary, function, normal
from tracegen.mathtext.symbols import CLOSING, PART
from tracegen.mathtext.tokens import Tokens, is_marked

OPENS = "[:"
"""What stands for a bracket that takes a part of what is before it; no text has it as one token."""

_ENDS = frozenset([")", "]", "}", "'", ".T", r"\top", r"\rVert", r"\rvert"])
_OPENING = frozenset(CLOSING)
_CLOSING = frozenset(CLOSING.values())

Bound = Callable[[Parser], Formula]


def mark_parts(tokens: Tokens, words: Vocabulary, choices: frozenset[str]) -> bool:
    """Mark the square brackets that take a part of what is before them, and say whether any could be meant otherwise.

    A colon inside says so for certain. Two places, `A[0, 1]`, could be a row, one, `x[2]`, a factor in brackets.
    """
    texts, doubtful = tokens.texts, False
    for at in range(1, len(texts)):
        if texts[at] != "[" or not _ends_operand(texts[at - 1], words):
            continue
        colons, commas, number = _inside(texts, at)
        if colons:
            texts[at] = OPENS
        elif commas < 2 and number:
            doubtful = True
            if (commas == 1) != (PART in choices):
                texts[at] = OPENS
    return doubtful


def part(parser: Parser, left: Formula, bound: Bound = Parser.inside) -> Formula:
    """The element or the part of a matrix that is in brackets, the first of them being stepped over."""
    opened = parser.at - 1
    parser.texts[opened] = "["
    entries = [_entry(parser, bound)]
    while parser.texts[parser.at] == ",":
        parser.at += 1
        entries.append(_entry(parser, bound))
    parser.expect("]", opened)
    return Formula("index", (left, *entries))


def _entry(parser: Parser, bound: Bound) -> Formula:
    start = None if parser.texts[parser.at] == ":" else bound(parser)
    if parser.texts[parser.at] != ":":
        return start if start is not None else bound(parser)
    parser.at += 1
    stop = None if parser.texts[parser.at] in (",", "]") else bound(parser)
    return Formula("slice", (start, stop))


def _ends_operand(token: str, words: Vocabulary) -> bool:
    """Whether an operand that is no number ends with a token."""
    if token in _ENDS or token.startswith(r"\end") or is_marked(token):
        return True
    word = words.word_of(token)
    return word is not None and (words.known(word) or function(normal(word)) is None)


def _inside(texts: list[str], opened: int) -> tuple[int, int, bool]:
    """What stands in brackets on their own level: the colons, the commas, and whether any entry is made of numbers.

    Three commas stand for anything that is no place in a matrix.
    """
    depth, colons, commas, number = 0, 0, 0, False
    for at in range(opened + 1, len(texts)):
        token = texts[at]
        if token in _OPENING:
            depth += 1
        elif token in _CLOSING and depth:
            depth -= 1
        elif token == "]":
            alone = commas or at == opened + 2
            return colons, commas, number and bool(alone)
        elif token in _CLOSING or token in (";", "&", "<", ">", "="):
            break
        elif not depth:
            colons += token == ":"
            commas += token == ","
            number = number or (token.isdigit() and texts[at - 1] in ("[", ",", "-"))
    return 0, 3, False
