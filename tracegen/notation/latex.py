"""Formulas as LaTeX mathematics, for paper, Markdown and notebooks."""

from __future__ import annotations

import re
from typing import Any

from tracegen.formula import Formula
from tracegen.notation.names import base_latex, index_latex, split
from tracegen.notation.printer import Join, Piece, Printer
from tracegen.primitives import Form, lookup
from tracegen.primitives.primitive import POWER, PRODUCT
from tracegen.profiles import Convention

_DELIMITER = re.compile(r"(?P<opens>\(|\\l(?:vert|Vert|angle|floor|ceil)\b)|\)|\\r(?:vert|Vert|angle|floor|ceil)\b")
_SIZED = {True: r"\left", False: r"\right"}
_APART = re.compile(r"\d|\(-|\\left\(-|\\frac\{\d")
_SIMPLE_FRACTION = re.compile(r"\\frac\{(\d+)\}\{(\d+)\}")
_NUMBER = re.compile(r"(-?[\d.]+)(?:[eE]([+-]?)0*(\d+))?")


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
        self.between = {"juxtaposed": " ", "dot": r" \cdot ", "times": r" \times "}[convention.product]

    def form(self, head: str) -> Form:
        if head == "log" and self.convention.logarithm == "ln":
            return Form(r"\ln({0})")
        if head == "exp" and self.convention.exponential == "power":
            return Form("e^{{{0}}}", POWER)
        return lookup(head).latex

    def grown(self, pattern: str) -> str:
        return _DELIMITER.sub(lambda found: _SIZED[bool(found["opens"])] + found[0], pattern)

    def bracket(self, part: Piece) -> str:
        return rf"\left({part.text}\right)" if part.tall else f"({part.text})"

    def multiplied(self, before: str, after: str) -> str:
        if self.between != " " or not _APART.match(after):
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
            if node.args[0].head in ("name", "adjoint") and text.endswith(")}"):
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
        return self.marked(text, "{}")

    def marked(self, text: str, mark: str) -> Piece:
        """A name with a mark over its letter."""
        base, index = split(text)
        if base == text:
            return Piece(mark.format(base_latex(base)))
        below = index_latex(index) if index else ""
        if text in self.convention.matrices and index and self.convention.matrix_index == "superscript":
            return Piece(f"{mark.format(base_latex(base))}^{{({below.strip('{}')})}}", POWER)
        return Piece(f"{mark.format(base_latex(base))}_{below}" if below else mark.format(base_latex(base)))

    def over(self, of: Formula, command: str) -> Piece:
        """A formula under an accent; over a single letter it needs no braces."""
        if of.head != "name":
            return Piece(rf"\{command}{{{self.piece(of).text}}}")
        base = base_latex(split(of.args[0]).base)
        mark = rf"\{command} {{}}" if len(base) == 1 else rf"\{command}{{{{{{}}}}}}"
        return self.marked(of.args[0], mark)

    def number(self, text: str) -> Piece:
        printed = scientific(text)
        return Piece(printed) if "\\" not in printed else Piece(printed, PRODUCT)

    def constant(self, text: str) -> Piece:
        return Piece({"e": "e", "pi": r"\pi"}[text])

    def adjoint(self, of: Formula) -> Piece:
        if self.convention.adjoint == "bar":
            return self.over(of, "bar")
        d = r"\partial " if self.convention.adjoint == "partial" else "d"
        return self.fraction(d, self.name(self.convention.function).text, of)

    def tangent(self, of: Formula, direction: Formula | None = None) -> Piece:
        style = self.convention.tangent
        if style == "fraction" and direction is not None:
            return self.fraction(r"\partial ", self.piece(of).text, direction)
        if style == "prime":
            return Piece(f"{self.piece(of).text}'", POWER)
        if style == "directional":
            along = "p" if direction is None else self.piece(direction).text
            return Piece(f"D_{along if len(along) == 1 else f'{{{along}}}'} {self.piece(of).text}", PRODUCT)
        return self.over(of, "dot")

    def partial(self, over: Formula, under: Formula) -> Piece:
        return self.fraction(r"\partial ", self.piece(over).text, under)

    def fraction(self, d: str, over: str, under: Formula) -> Piece:
        """A derivative as a fraction."""
        return Piece(rf"\frac{{{d}{over}}}{{{d}{self.piece(under).text}}}", POWER, tall=True)

    def dots(self, *nothing: Any) -> Piece:
        return Piece(r"\dots")
