"""Formulas on one line: in Unicode for a terminal, and in ASCII that SymPy reads back."""

from __future__ import annotations

import re
from typing import Any

from tracegen.formula import E, Formula
from tracegen.notation.name_parts import accented, identifier, index_unicode, split, superscript
from tracegen.notation.notation import Join, Piece
from tracegen.notation.printer import Printer
from tracegen.notation.profiles import Convention
from tracegen.primitives import Form, Primitive, lookup, rows
from tracegen.primitives.primitive import ATOM, POWER, PRODUCT

_ACCENTS = {"bar": "\u0304", "dot": "\u0307"}
_RELATIONS = {
    "greater": "Gt", "less": "Lt", "greater_equal": "Ge", "less_equal": "Le", "equal": "Eq", "not_equal": "Ne",
}  # fmt: skip
_WORDS = re.compile(r"[A-Za-z]{2,}")
_SLOTS = re.compile(r"\{\d\}")
_EXPONENT = re.compile(r"[eE]\+?(-?)0*(\d+)")


def decimal_unicode(text: str) -> str:
    """A decimal number with Unicode's minus and raised exponent.

    >>> decimal_unicode("-1.25e-07")
    '−1.25×10⁻⁷'
    """
    raised = _EXPONENT.sub(lambda found: f"×10{superscript(found[1] + found[2])}", text)
    return raised.replace("-", "−")


class Plain(Printer):
    """What the notations on one line share."""

    call = re.compile(r"([a-z]\w*)\(\{0\}\)")

    def bracket(self, part: Piece) -> str:
        return f"({part.text})"

    def fit(self, part: Piece, need: int) -> str:
        """A piece as it stands in a slot."""
        return part.text if part.binds >= need else self.bracket(part)

    def called(self, function: str, parts: list[Piece]) -> Piece:
        """An application of a function."""
        return Piece(f"{function}({', '.join(part.text for part in parts)})")

    def times_matrix(self, node: Formula, parts: list[Piece]) -> Piece:
        """A number before a matrix; on one line a quotient needs brackets: (a/b) A is not a/(b A)."""
        first = Piece(self.bracket(parts[0])) if node.args[0].head == "div" else parts[0]
        return super().times_matrix(node, [first, parts[1]])

    def rows(self, node: Formula, parts: list[Piece], between: str) -> list[str]:
        """The rows of a matrix, each in one text."""
        width = len(node.args[0]) if node.args else 1
        return [between.join(part.text for part in parts[at : at + width]) for at in range(0, len(parts), width)]


class Unicode(Plain):
    """Unicode under a convention: v₀, v̄₃, ∂v₃/∂x₁, v̇₂, v₁², √, ·, −."""

    def __init__(self, convention: Convention) -> None:
        super().__init__(convention)
        self.between = "×" if convention.product == "times" else "·"
        if convention.exponential == "power":
            self.joins["exp"] = self.exponential

    def form(self, head: str) -> Form:
        if head == "log" and self.convention.logarithm == "ln":
            return Form("ln({0})")
        return lookup(head).unicode

    def exponential(self, node: Formula, parts: list[Piece]) -> Piece:
        """The exponential as a power of e."""
        return Piece(self.raised("e", parts[0], False), POWER)

    def multiplied(self, before: str, after: str) -> str:
        return f"{before}{self.between}{after}"

    def raised(self, base: str, exponent: Piece, on_one_line: bool) -> str:
        raised = superscript(exponent.text)
        return f"{base}{raised}" if raised else f"{base}^{self.fit(exponent, ATOM)}"

    def letter(self, node: Formula, parts: list[Piece]) -> Piece:
        text, primes, _ = node.args
        return self.called(self.name(text).text + ("′" * primes).replace("′′", "″"), parts)

    def matrix(self, node: Formula, parts: list[Piece]) -> Piece:
        return Piece(f"[{'; '.join(self.rows(node, parts, ', '))}]")

    def name(self, text: str) -> Piece:
        return self.marked(text, "")

    def over(self, of: Formula, mark: str) -> Piece:
        marks = _ACCENTS[mark]
        inner = of
        while inner.head == "adjoint" or inner == Formula("tangent", (inner.args[0], None)):
            marks = _ACCENTS["bar" if inner.head == "adjoint" else "dot"] + marks
            inner = inner.args[0]
        if inner.head == "name":
            return self.marked(inner.args[0], marks)
        return Piece(f"({self(of)}){_ACCENTS[mark]}")

    def learn(self, head: str) -> Join:
        join = super().learn(head)
        if head == "transpose":
            self.joins[head] = join = self.transposed(join)
        return join

    def transposed(self, otherwise: Join) -> Join:
        """A transpose, whose sign goes beside an index that is raised already."""

        def join(node: Formula, parts: list[Piece]) -> Piece:
            text = parts[0].text
            if node.args[0].head in ("name", "adjoint", "tangent") and text.endswith("⁾"):
                return Piece(f"{text}ᵀ", POWER)
            return otherwise(node, parts)

        return join

    def marked(self, text: str, accent: str) -> Piece:
        """A name with an accent over its letters."""
        base, below = split(text)
        over = accented(base, accent) if accent else base
        if text in self.convention.matrices and below and self.convention.matrix_index == "superscript":
            return Piece(f"{over}⁽{superscript(below) or below}⁾", POWER)
        return Piece(over + index_unicode(below))

    def number(self, text: str) -> Piece:
        printed = decimal_unicode(text)
        return Piece(printed, PRODUCT if "×" in printed else ATOM)

    def constant(self, text: str) -> Piece:
        return Piece({"e": "e", "pi": "π"}[text])

    def fraction(self, d: str, over: str, under: str) -> Piece:
        return Piece(f"{d}{over}/{d}{under}", POWER)

    def primed(self, of: Formula) -> Piece:
        return Piece(f"{self(of)}′", POWER)

    def along(self, of: Formula, direction: Formula) -> Piece:
        return Piece(f"D{index_unicode(self(direction))} {self(of)}", POWER, True)

    def dots(self, *nothing: Any) -> Piece:
        return Piece("…")


class Text(Plain):
    """ASCII that SymPy reads back; the same under every convention."""

    def __init__(self, convention: Convention) -> None:
        super().__init__(convention)
        self.joins |= {"where": self.where, "pow": self.power}

    def form(self, head: str) -> Form:
        return lookup(head).text

    def power(self, node: Formula, parts: list[Piece]) -> Piece:
        """A power; of Euler's number the function exp, which is no name that an input could have."""
        return self.called("exp", parts[1:]) if node.args[0] == E else super().power(node, parts)

    def where(self, node: Formula, parts: list[Piece]) -> Piece:
        """A choice, with its comparison as SymPy has it."""
        condition, chosen, otherwise = node.args[0], parts[1].text, parts[2].text
        sign = _RELATIONS.get(condition.head)
        holds = f"Ne({parts[0].text}, 0)"
        if sign is not None:
            holds = f"{sign}({self(condition.args[0])}, {self(condition.args[1])})"
        return Piece(f"Piecewise(({chosen}, {holds}), ({otherwise}, True))")

    def multiplied(self, before: str, after: str) -> str:
        return f"{before}*{after}"

    def raised(self, base: str, exponent: Piece, on_one_line: bool) -> str:
        return f"{base}**{self.fit(exponent, ATOM)}"

    def power_of_a_matrix(self, node: Formula, parts: list[Piece]) -> Piece:
        base, exponent = parts
        return Piece(f"{self.fit(base, ATOM)}^{self.fit(exponent, ATOM)}", POWER)

    def letter(self, node: Formula, parts: list[Piece]) -> Piece:
        text, primes, _ = node.args
        return self.called(identifier(text) + "_prime" * primes, parts)

    def padded(self, node: Formula, parts: list[Piece]) -> Piece:
        return self.called("pad", parts)

    def matrix(self, node: Formula, parts: list[Piece]) -> Piece:
        return Piece(f"Matrix([{', '.join(f'[{row}]' for row in self.rows(node, parts, ', '))}])")

    def name(self, text: str) -> Piece:
        return Piece(identifier(text))

    def number(self, text: str) -> Piece:
        return Piece(text)

    def constant(self, text: str) -> Piece:
        return Piece({"e": "exp(1)", "pi": "pi"}[text])

    def tangent(self, of: Formula, direction: Formula | None = None) -> Piece:
        return self.over(of, "dot") if direction is None else self.fraction("d", self(of), self(direction))

    def adjoint(self, of: Formula) -> Piece:
        return self.over(of, "bar")

    def over(self, of: Formula, mark: str) -> Piece:
        return Piece(f"{identifier(self(of))}_{mark}")

    def fraction(self, d: str, over: str, under: str) -> Piece:
        return Piece(f"d{identifier(over)}_d{identifier(under)}")

    def primed(self, of: Formula) -> Piece:
        return self.over(of, "prime")

    def along(self, of: Formula, direction: Formula) -> Piece:
        return self.fraction("d", self(of), self(direction))

    def dots(self, *nothing: Any) -> Piece:
        return Piece("...")


class Source(Text):
    """ASCII in which every operation that has no sign has its own name, as a problem file has it: sigmoid(z), where
    text for SymPy has 1/(1 + exp(-z))."""

    def __init__(self, convention: Convention) -> None:
        super().__init__(convention)
        del self.joins["where"]

    def form(self, head: str) -> Form:
        row = lookup(head)
        if _has_sign(row):
            return row.text
        return Form(f"{row.name}({', '.join(f'{{{slot}}}' for slot in range(row.arity))})")


def _has_sign(row: Primitive) -> bool:
    """Whether what an operation is written as is read as this one: a sign that no row before it has."""
    signs = _SLOTS.sub("", row.text.pattern)
    if any(sign.isdigit() for sign in signs) or _WORDS.search(signs):
        return False
    return next(other for other in rows() if other.text.pattern == row.text.pattern) is row
