"""Formulas as MathML, for a browser: every piece is one element.

The Forms are those of LaTeX: each pattern is converted once, and filled like any other.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import Any

from tracegen.formula import Formula
from tracegen.notation.latex import Latex
from tracegen.notation.name_parts import split
from tracegen.notation.notation import Join, Piece
from tracegen.notation.plain import decimal_unicode
from tracegen.notation.printer import Printer
from tracegen.notation.profiles import Convention
from tracegen.primitives import Form
from tracegen.primitives.primitive import POWER, PRODUCT

_SLOT = re.compile(r"\{(\d+)\}")
_SLOTS, _WORDS = 0xE000, 0xE100  # private characters that stand in for operands and words
_FUNCTION = re.compile(r"(?:<mrow>)*<mi>[^<&]{2,}</mi>")
_APART = re.compile("(?:<mrow>)*(?:<mn>|<mo[^>]*>\\(</mo><mrow><mo>(?:−|&#x02212;))")
_JUXTAPOSED = "<mo>&#x2062;</mo>"
_SIGNS = {"juxtaposed": _JUXTAPOSED, "dot": "<mo>·</mo>", "times": "<mo>×</mo>"}
_PRIME = '<mo lspace="0" rspace="0">{}</mo>'
_TRANSPOSED = '<mo lspace="0" rspace="0">&#x022A4;</mo>'
_MARKS = {"bar": "¯", "dot": "˙"}


@cache
def converted(pattern: str) -> str:
    """A LaTeX pattern as a MathML pattern of one element.

    >>> converted("{0}^2")
    '<msup>{0}<mn>2</mn></msup>'
    """
    from latex2mathml.converter import convert

    slots = len(_SLOT.findall(pattern)) + 1
    words: list[str] = []

    def stand_in(found: re.Match[str]) -> str:
        words.append(found[1].replace("\\", ""))
        return chr(_WORDS + len(words) - 1)

    marked = pattern.format(*(chr(_SLOTS + slot) for slot in range(slots)))
    source = re.sub(r"\\operatorname\{([^{}]*)\}", stand_in, marked)
    inner = re.sub(r"^<math[^>]*>|</math>$", "", convert(source)).replace("{", "{{").replace("}", "}}")
    for slot in range(slots):
        inner = inner.replace(f"<mi>{chr(_SLOTS + slot)}</mi>", f"{{{slot}}}")
    for at, word in enumerate(words):
        inner = inner.replace(chr(_WORDS + at), escape(word))
    applied = re.sub(r"(<mi>\w{2,}</mi>)(<mo stretchy=\"false\">&#x00028;)", r"\1<mo>&#x2061;</mo>\2", inner)
    return re.sub(r"^<mrow>(<(\w+)>(?:(?!<\2>).)*</\2>)</mrow>$", r"\1", applied)


class MathML(Printer):
    """MathML under a convention; without the ``<math>`` around it."""

    call = re.compile(
        r"<mrow>(<mi>\w+</mi>)<mo>&#x2061;</mo><mo[^>]*>&#x00028;</mo>\{0\}<mo[^>]*>&#x00029;</mo></mrow>"
    )
    high = re.compile("<mfrac>|<mtable>")

    def __init__(self, convention: Convention) -> None:
        self.latex = Latex(convention)
        self.sign = _SIGNS[convention.product]
        super().__init__(convention)

    def form(self, head: str) -> Form:
        form = self.latex.form(head)
        return Form(converted(form.pattern), form.binds, form.needs)

    def application(self, form: Form) -> Join:
        join = super().application(form)
        if not form.pattern.startswith("<msup>{0}"):
            return join
        return lambda node, parts: _beside_index(join(node, parts))

    def learn(self, head: str) -> Join:
        join = super().learn(head)
        if head == "transpose":
            self.joins[head] = join = self.transposed(join)
        return join

    def transposed(self, otherwise: Join) -> Join:
        """A transpose, whose sign goes beside an index that is raised already."""

        def join(node: Formula, parts: list[Piece]) -> Piece:
            text = parts[0].text
            if node.args[0].head in ("name", "adjoint", "tangent") and text.endswith("</mrow></msup>"):
                return Piece(text.removesuffix("</mrow></msup>") + _TRANSPOSED + "</mrow></msup>", POWER)
            return otherwise(node, parts)

        return join

    def bare(self, function: str, otherwise: Join) -> Join:
        join = super().bare(f'{function}<mo rspace="0.17em">&#x2061;</mo>', otherwise)
        return lambda node, parts: _one(join(node, parts))

    def grown(self, pattern: str) -> str:
        return pattern.replace(' stretchy="false"', "")

    colon = "<mo>:</mo>"

    def part(self, matrix: str, entries: list[str]) -> str:
        inside = "<mo>,</mo>".join(entries)
        return f'<mrow>{matrix}<mo stretchy="false">[</mo><mrow>{inside}</mrow><mo stretchy="false">]</mo></mrow>'

    def bracket(self, part: Piece) -> str:
        stretchy = "" if part.tall else ' stretchy="false"'
        return f"<mrow><mo{stretchy}>(</mo>{part.text}<mo{stretchy}>)</mo></mrow>"

    def multiplied(self, before: str, after: str) -> str:
        sign = self.sign
        if sign == _JUXTAPOSED and _APART.match(after):
            sign = "<mo>·</mo>"
        elif sign == _JUXTAPOSED and _FUNCTION.match(after):
            sign = '<mo rspace="0.17em">&#x2062;</mo>'
        return f"<mrow>{before}{sign}{after}</mrow>"

    def raised(self, base: str, exponent: Piece, on_one_line: bool) -> str:
        text = re.sub(
            r"<mfrac>(.*?</\w+>)(<.*)</mfrac>", r'<mrow>\1<mo lspace="0" rspace="0">/</mo>\2</mrow>', exponent.text
        )
        return _beside_index(Piece(f"<msup>{base}{text if on_one_line else exponent.text}</msup>")).text

    def chain(self, node: Formula, parts: list[Piece]) -> Piece:
        tall = any(part.tall for part in parts)
        return Piece(f"<mrow>{'<mo>=</mo>'.join(part.text for part in parts)}</mrow>", 0, False, tall)

    def letter(self, node: Formula, parts: list[Piece]) -> Piece:
        text, primes, _ = node.args
        function = self.name(text).text
        function = f"<msup>{function}{_PRIME.format('′' * primes)}</msup>" if primes else function
        return Piece(f"<mrow>{function}<mo>&#x2061;</mo>{self.bracket(parts[0])}</mrow>", tall=parts[0].tall)

    def matrix(self, node: Formula, parts: list[Piece]) -> Piece:
        width = len(node.args[0]) if node.args else 1
        cells = [f"<mtd>{part.text}</mtd>" for part in parts]
        rows = [f"<mtr>{''.join(cells[at : at + width])}</mtr>" for at in range(0, len(cells), width)]
        return Piece(f"<mrow><mo>[</mo><mtable>{''.join(rows)}</mtable><mo>]</mo></mrow>", tall=True)

    def name(self, text: str) -> Piece:
        return self.marked(text, "{}")

    def over(self, of: Formula, mark: str) -> Piece:
        accent = f'<mover>{{}}<mo stretchy="false">{_MARKS[mark]}</mo></mover>'
        if of.head == "adjoint" and of.args[0].head == "name" and self.convention.adjoint == "bar":
            barred = f'<mover>{{}}<mo stretchy="false">{_MARKS["bar"]}</mo></mover>'
            return self.marked(of.args[0].args[0], accent.format(barred))  # both over the letter, not its index
        return self.marked(of.args[0], accent) if of.head == "name" else Piece(accent.format(self(of)))

    def marked(self, text: str, mark: str) -> Piece:
        """A name with a mark over its letter."""
        base, below = split(text)
        letter = mark.format(f"<mi>{escape(base)}</mi>")
        if text in self.convention.matrices and below and self.convention.matrix_index == "superscript":
            index = f'<mrow><mo stretchy="false">(</mo>{_index(below)}<mo stretchy="false">)</mo></mrow>'
            return Piece(f"<msup>{letter}{index}</msup>", POWER)
        return Piece(f"<msub>{letter}{_index(below)}</msub>" if below else letter)

    def number(self, text: str) -> Piece:
        printed = decimal_unicode(text)
        if "×" not in printed:
            return Piece(_index(text))
        digits, _, exponent = text.lower().partition("e")
        power = f"<msup><mn>10</mn>{_index(str(int(exponent)))}</msup>"
        return Piece(f"<mrow>{_index(digits)}<mo>×</mo>{power}</mrow>", PRODUCT)

    def constant(self, text: str) -> Piece:
        return Piece({"e": "<mi>e</mi>", "pi": "<mi>π</mi>"}[text])

    def dots(self, *nothing: Any) -> Piece:
        return Piece("<mo>…</mo>")

    def fraction(self, d: str, over: str, under: str) -> Piece:
        sign = "<mo>∂</mo>" if d == "∂" else "<mi>d</mi>"
        halves = [f"<mrow>{sign}{half}</mrow>" for half in (over, under)]
        return Piece(f"<mfrac>{''.join(halves)}</mfrac>", POWER, tall=True)

    def primed(self, of: Formula) -> Piece:
        return _beside_index(Piece(f"<msup>{self(of)}{_PRIME.format('′')}</msup>", POWER))

    def along(self, of: Formula, direction: Formula) -> Piece:
        return Piece(f"<mrow><msub><mi>D</mi>{self(direction)}</msub>{self(of)}</mrow>", POWER, True)


def _one(piece: Piece) -> Piece:
    """The piece as one element."""
    return piece._replace(text=f"<mrow>{piece.text}</mrow>")


def _beside_index(piece: Piece) -> Piece:
    """A power whose exponent stands above the index of its base, not behind it."""
    merged = re.sub(r"^<msup><msub>(.*?)</msub>(.*)</msup>$", r"<msubsup>\1\2</msubsup>", piece.text)
    return piece._replace(text=merged)


def _index(text: str) -> str:
    """A number or a word as one element."""
    if text.startswith("-"):
        return f"<mrow><mo>−</mo>{_index(text[1:])}</mrow>"
    return f"<mn>{text}</mn>" if text.replace(".", "").isdigit() else f"<mi>{escape(text)}</mi>"
