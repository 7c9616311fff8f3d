"""Writes the mathematics of Typst as LaTeX does, and keeps where each letter comes from."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracegen.mathtext.unicode_text import GREEK

DEEPEST = 40

SYMBOLS = {
    "dot": r"\cdot", "dot.op": r"\cdot", "dot.c": r"\cdot", "times": r"\times", "dot.o": r"\odot", "compose": r"\circ",
    "approx": r"\approx", "diff": r"\partial", "partial": r"\partial", "dif": "d", "nabla": r"\nabla", "sum": r"\sum",
    "quad": r"\quad", "thin": " ", "arrow.l": r"\leftarrow", "arrow": r"\to", "arrow.r": r"\to", "arrow.r.double": "",
    "colon.eq": ":=", "eq.triple": r"\equiv", "eq.not": r"\ne", "pi": r"\pi", "minus": "-", "plus": "+",
    "top": r"\top", "dots": r"\dots", "dots.h": r"\dots", "dots.c": r"\dots",
}  # fmt: skip
SYMBOLS |= {name: f"\\{name}" for name in set(GREEK.values())}
"""What stands by a name."""

AROUND = {
    "sqrt": (r"\sqrt{", "}"), "abs": ("|", "|"), "norm": (r"\|", r"\|"), "hat": (r"\hat{", "}"),
    "dot": (r"\dot{", "}"), "overline": (r"\overline{", "}"), "macron": (r"\bar{", "}"), "tilde": (r"\tilde{", "}"),
    "bold": (r"\mathbf{", "}"), "upright": (r"\mathrm{", "}"), "bb": (r"\mathbb{", "}"), "cal": ("", ""),
    "italic": ("", ""), "cancel": ("", ""), "lr": ("", ""), "underline": ("", ""), "op": ("", ""),
    "text": (r"\text{", "}"),
}  # fmt: skip
"""What a call sets round its argument."""

_TOKEN = re.compile(r'"[^"\n]*"|[A-Za-z]+(?:\.[A-Za-z]+)*|\d+(?:\.\d+)?|\s+|\\.|.', re.S)
_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Traced(NamedTuple):
    """A text, and for each of its letters, and its end, the place in another from which it comes."""

    text: str
    starts: list[int]


def as_latex(text: str) -> Traced:
    r"""A formula of Typst as LaTeX writes it.

    >>> as_latex("(diff v_2)/(diff x) = v_(-1) dot hat(y)").text
    '\\frac{\\partial v_2}{\\partial x} = v_{-1} \\cdot \\hat{y}'
    """
    return _Writer(text).written()


class _Writer:
    def __init__(self, text: str) -> None:
        found = list(_TOKEN.finditer(text))
        self._tokens = [each[0] for each in found]
        self._places = [each.start() for each in found] + [len(text)]
        self._closed = _closings(self._tokens)
        self._said: list[tuple[str, int]] = []

    def written(self) -> Traced:
        self._write(0, len(self._tokens), 0)
        letters: list[str] = []
        starts: list[int] = []
        for text, place in self._said:
            for letter in text:
                if letter.isspace() and (not letters or letters[-1].isspace()) and letter != "\n":
                    continue
                if letter == "\n" and letters and letters[-1] == " ":
                    letters.pop()
                    starts.pop()
                letters.append(letter)
                starts.append(place)
        return Traced("".join(letters), [*starts, self._places[-1]])

    def _say(self, text: str, at: int) -> None:
        self._said.append((text, self._places[at]))

    def _write(self, at: int, end: int, depth: int) -> None:
        while at < end:
            at = self._one(at, end, depth)

    def _one(self, at: int, end: int, depth: int) -> int:
        """Write what begins with a token, and give the place behind it."""
        token = self._tokens[at]
        follows = self._tokens[at + 1] if at + 1 < end else ""
        close = self._closed.get(at + 1, end) if follows == "(" else end
        if token == "(" and depth < DEEPEST and (two := self._fraction(at, end)):
            return self._between([(at + 1, two[0]), (two[1] + 1, two[2])], at, r"\frac", depth)
        if close < end and depth < DEEPEST:
            if token in ("_", "^"):
                return self._around(token + "{", "}", at + 1, close, depth)
            if token in AROUND:
                return self._around(*AROUND[token], at + 1, close, depth, begun=at)
            if token == "frac":
                return self._between(self._parts(at + 2, close, ","), at, r"\frac", depth, close)
            if token in ("mat", "vec"):
                return self._matrix(at, close, depth)
        if token in ("_", "^") and len(follows) > 1 and follows.isalnum():
            self._say(f"{token}{{{SYMBOLS.get(follows, follows)}}}", at)
            return at + 2
        if token.startswith('"') and len(token) > 1:
            self._say(rf"\text{{{token[1:-1]}}}", at)
        elif token in SYMBOLS:
            self._say(SYMBOLS[token] + " " * (len(SYMBOLS[token]) > 1 or token == "thin"), at)
            return at + 1 + (token == "dif" and follows.isspace())
        else:
            self._say(token, at)
        return at + 1

    def _fraction(self, at: int, end: int) -> tuple[int, int, int] | None:
        """Where the brackets of a quotient of brackets close and open."""
        close = self._closed.get(at, end)
        second = close + 2
        if second >= end or self._tokens[close + 1] != "/" or self._tokens[second] != "(":
            return None
        last = self._closed.get(second, end)
        return (close, second, last) if last < end else None

    def _around(self, opening: str, closing: str, at: int, close: int, depth: int, *, begun: int = -1) -> int:
        self._say(opening, at if begun < 0 else begun)
        self._write(at + 1, close, depth + 1)
        self._say(closing, close)
        return close + 1

    def _between(self, parts: list[tuple[int, int]], at: int, command: str, depth: int, close: int = -1) -> int:
        """A command with its arguments in braces."""
        self._say(command, at)
        for start, stop in parts:
            self._around("{", "}", start - 1, stop, depth)
        return (parts[-1][1] if close < 0 else close) + 1

    def _matrix(self, at: int, close: int, depth: int) -> int:
        sign = "," if self._tokens[at] == "vec" else ";"
        self._say(r"\begin{bmatrix} ", at)
        for row, (start, stop) in enumerate(self._parts(at + 2, close, sign)):
            if row:
                self._say(r" \\ ", start)
            for column, (first, last) in enumerate(self._parts(start, stop, ",")):
                if column:
                    self._say(" & ", first)
                self._write(first, last, depth + 1)
        self._say(r" \end{bmatrix}", close)
        return close + 1

    def _parts(self, at: int, end: int, sign: str) -> list[tuple[int, int]]:
        """What stands between signs outside of brackets."""
        parts, start = [], at
        while at < end:
            if self._tokens[at] == sign:
                parts.append((start, at))
                start = at + 1
            at = self._closed.get(at, at) + 1
        return [*parts, (start, end)]


def _closings(tokens: list[str]) -> dict[int, int]:
    """Where each bracket closes, of those that do."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for at, token in enumerate(tokens):
        if token in _CLOSING:
            waiting.append(at)
        elif waiting and token == _CLOSING[tokens[waiting[-1]]]:
            found[waiting.pop()] = at
    return found
