"""Formulas as LaTeX mathematics, for paper, Markdown and notebooks."""

from __future__ import annotations

import re
from typing import Any

from tracegen.formula import Formula
from tracegen.notation.name_parts import base_latex, index_latex, split
from tracegen.notation.notation import Join, Piece, made
from tracegen.notation.printer import Memo, Printer
from tracegen.notation.profiles import Convention
from tracegen.primitives import Form, lookup
from tracegen.primitives.primitive import ATOM, POWER, PRODUCT

_DELIMITER = re.compile(r"(?P<opens>\(|\\l(?:vert|Vert|angle|floor|ceil)\b)|\)|\\r(?:vert|Vert|angle|floor|ceil)\b")
_SIZED = {True: r"\left", False: r"\right"}
_APART = re.compile(r"\d|\(-|\\left\(-|\\frac\{\d")
_SIMPLE_FRACTION = re.compile(r"\\frac\{(\d+)\}\{(\d+)\}")
_NUMBER = re.compile(r"(-?[\d.]+)(?:[eE]([+-]?)0*(\d+))?")


def _marked(letter: str, mark: str) -> str:
    """A letter under a mark: without braces where it is one letter, so that Markdown sees no emphasis between two."""
    return rf"\{mark}{{{letter}}}" if "{" in letter else rf"\{mark} {letter}"


def scientific(text: str) -> str:
    r"""A decimal number in LaTeX.

    >>> scientific("-1.25e-07")
    '-1.25 \\times 10^{-7}'
    """
    parts = _NUMBER.fullmatch(text)
    if parts is None:
        return {"inf": r"\infty", "-inf": r"-\infty"}.get(text, rf"\mathrm{{{text}}}")
    if not parts[3]:
        return parts[1]
    sign = "-" if parts[2] == "-" else ""
    return rf"{parts[1]} \times 10^{{{sign}{parts[3]}}}"


class Latex(Printer):
    """LaTeX under a convention."""

    call = re.compile(r"(\\[a-z]+)\(\{0\}\)")

    high = re.compile(r"\\frac|\\begin")

    def __init__(self, convention: Convention) -> None:
        super().__init__(convention)
        self.names: dict[str, tuple[str, str, int]] = Memo(self.spelled)
        self.between = {"juxtaposed": " ", "dot": r" \cdot ", "times": r" \times "}[convention.product]

    def form(self, head: str) -> Form:
        if head == "log" and self.convention.logarithm == "ln":
            return Form(r"\ln({0})")
        if head == "exp" and self.convention.exponential == "power":
            return Form("e^{{{0}}}", POWER)
        return lookup(head).latex

    def grown(self, pattern: str) -> str:
        return _DELIMITER.sub(lambda found: _SIZED[bool(found["opens"])] + found[0], pattern)

    colon = "{:}"

    def bracket(self, part: Piece) -> str:
        return rf"\left({part.text}\right)" if part.tall else f"({part.text})"

    def multiplied(self, before: str, after: str) -> str:
        # a letter or a mark begins most factors, and needs no closer look
        if self.between != " " or after[0].isalpha() or not _APART.match(after):
            return before + self.between + after
        # 2 3 would read as 23, 2 \frac{1}{2} as two and a half, v (-1) as an application
        mixed = after[0] == "\\" and after[1] == "f" and not before[-1].isdigit()
        return f"{before} {after}" if mixed else rf"{before} \cdot {after}"

    def raised(self, base: str, exponent: Piece, on_one_line: bool) -> str:
        text = _SIMPLE_FRACTION.sub(r"\1/\2", exponent.text) if on_one_line else exponent.text
        return f"{base}^{text}" if len(text) == 1 else f"{base}^{{{text}}}"

    def learn(self, head: str) -> Join:
        join = super().learn(head)
        if head == "transpose":
            self.joins[head] = join = self.transposed(join)
        return join

    def transposed(self, otherwise: Join) -> Join:
        """A transpose, whose sign goes beside an index that is raised already."""

        def join(node: Formula, parts: list[Piece]) -> Piece:
            text = parts[0].text
            if node.args[0].head in ("name", "adjoint", "tangent") and text.endswith(")}"):
                return Piece(rf"{text[:-1]}\top}}")
            return otherwise(node, parts)

        return join

    def letter(self, node: Formula, parts: list[Piece]) -> Piece:
        text, primes, _ = node.args
        called = self.name(text).text + "'" * primes
        brackets = self.grown("({0})") if parts[0].tall else "({0})"
        return Piece(called + brackets.format(parts[0].text), tall=parts[0].tall)

    def matrix(self, node: Formula, parts: list[Piece]) -> Piece:
        width = len(node.args[0]) if node.args else 1
        rows = [" & ".join(part.text for part in parts[at : at + width]) for at in range(0, len(parts), width)]
        return Piece(r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}", tall=True)

    def name(self, text: str) -> Piece:
        letter, below, binds = self.names[text]
        return made(Piece, (letter + below, binds, False, False))

    def over(self, of: Formula, mark: str) -> Piece:
        if of.head == "name":
            letter, below, binds = self.names[of.args[0]]
            return made(Piece, (_marked(letter, mark) + below, binds, False, False))
        if of.head == "adjoint" and of.args[0].head == "name" and self.convention.adjoint == "bar":
            letter, below, binds = self.names[of.args[0].args[0]]
            return Piece(rf"\{mark}{{{_marked(letter, 'bar')}}}{below}", binds)  # not over its index
        return Piece(rf"\{mark}{{{self(of)}}}")

    def spelled(self, text: str) -> tuple[str, str, int]:
        """A name's letter, what stands below or above behind it, and how tightly the two bind."""
        base, below = split(text)
        if not below:
            return base_latex(base), "", ATOM
        if text in self.convention.matrices and self.convention.matrix_index == "superscript":
            return base_latex(base), f"^{{({below})}}", POWER
        return base_latex(base), self.indexed("", index_latex(below)), ATOM

    def indexed(self, letter: str, below: str) -> str:
        """A letter with an index."""
        return f"{letter}_{below}" if len(below) == 1 or below.startswith("{") else f"{letter}_{{{below}}}"

    def number(self, text: str) -> Piece:
        printed = scientific(text)
        return Piece(printed) if "\\" not in printed else Piece(printed, PRODUCT)

    def constant(self, text: str) -> Piece:
        return Piece({"e": "e", "pi": r"\pi"}[text])

    def dots(self, *nothing: Any) -> Piece:
        return Piece(r"\dots")

    def fraction(self, d: str, over: str, under: str) -> Piece:
        sign = r"\partial " if d == "∂" else "d"
        return made(Piece, (rf"\frac{{{sign}{over}}}{{{sign}{under}}}", POWER, False, True))

    def primed(self, of: Formula) -> Piece:
        return Piece(f"{self(of)}'", POWER)

    def along(self, of: Formula, direction: Formula) -> Piece:
        return Piece(f"{self.indexed('D', self(direction))} {self(of)}", POWER, True)
