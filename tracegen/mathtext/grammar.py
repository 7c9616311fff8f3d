"""The grammar: one Pratt parser for the texts of problems and of answers, in LaTeX and plain, over tokens.

Sums, products and chains are loops, so that a long text needs no deep stack; brackets nest up to a bound.
Where a text has two usual readings, the parser notes the choice it met (``seen``) and takes the side that
``choices`` says, so that the other reading is the same parse with that choice turned.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NoReturn

from tracegen.errors import BoundError, ParseError
from tracegen.formula import ATOMS, Formula
from tracegen.mathtext.known_words import Vocabulary, numeral
from tracegen.mathtext.symbols import (
    BARS,
    BINARY,
    CLOSING,
    COMPARISON,
    COMPARISONS,
    DIGITS,
    ELLIPSES,
    EQUALS,
    LOOSE,
    MIXED,
    POWER,
    PRODUCT,
    SLASH,
    STOPS,
)
from tracegen.mathtext.tokens import BREAK, END, Spans, Tokens, is_marked

COMPARED = frozenset(head for _, head in COMPARISONS.values())

node: Callable[[tuple[str, tuple[Any, ...]]], Formula] = partial(tuple.__new__, Formula)
"""Formula, made in a third of the time of its own constructor, of which a text needs one a symbol."""


@dataclass(frozen=True, slots=True)
class Notation:
    """What tokens do: those that open an operand, those that follow one, words, and those between two operands.

    ``beside`` is the product that is written without a sign.
    """

    prefix: dict[str, Callable[[Parser], Formula]]
    postfix: dict[str, Callable[[Parser, Formula], Formula]]
    word: Callable[[Parser, str], Formula]
    call: Callable[[Parser, str, int], Formula]
    refused: dict[str, str]
    binary: dict[str, tuple[int, str]] = field(default_factory=lambda: BINARY)
    beside: str = "mul"


class Parser:
    """Reads formulas from tokens; ``at`` is the next token.

    ``limit`` bounds how deep brackets nest. ``strict`` allows no second reading: a problem says one thing, and of its
    operations it is noted where they stand, in ``spans``.
    """

    __slots__ = (
        "at",
        "bars",
        "choices",
        "depth",
        "limit",
        "notation",
        "seen",
        "spans",
        "strict",
        "texts",
        "tokens",
        "words",
    )  # fmt: skip

    def __init__(
        self,
        tokens: Tokens,
        words: Vocabulary,
        notation: Notation,
        *,
        limit: int,
        strict: bool = False,
        choices: frozenset[str] = frozenset(),
    ) -> None:
        self.tokens, self.texts, self.at = tokens, tokens.texts, 0
        self.words, self.notation = words, notation
        self.limit, self.depth, self.bars = limit, 0, 0
        self.strict, self.choices = strict, choices
        self.seen: set[str] = set()
        self.spans = Spans(tokens)

    def fail(self, message: str, at: int | None = None, kind: type[ParseError] = ParseError) -> NoReturn:
        """Raise an error at a token, by default the next one."""
        raise kind(message, self.tokens.place(self.at if at is None else at))

    def chosen(self, choice: str) -> bool:
        """Note that a text has two readings here, and say whether to take the less usual one."""
        if self.strict:
            return False
        self.seen.add(choice)
        return choice in self.choices

    def _note(self, formula: Formula, at: int) -> None:
        """Note that an operation stands at a token; of several notes the first counts, which is the innermost."""
        if self.strict and formula.head not in ATOMS:
            self.spans.operations.append(formula)
            self.spans.starts.append(at)

    def splice(self, *pieces: str) -> None:
        """Put several tokens in the place of the next one."""
        self.tokens.splice(self.at, pieces)

    def expect(self, closing: str, opened: int) -> None:
        """Step over a closing bracket, or say which bracket is open."""
        token = self.texts[self.at]
        if token == closing:
            self.at += 1
        elif token in (END, BREAK):
            self.fail(f"the bracket {self.texts[opened]} is never closed", opened)
        elif token in CLOSING.values():
            self.fail(f"{token} closes a bracket that was opened with {self.texts[opened]}")
        else:
            self.unexpected()

    def unexpected(self) -> NoReturn:
        """Raise the error of a token that fits nowhere, or of the end come too soon."""
        token = self.texts[self.at]
        if token in (END, BREAK):
            self.fail("the text ends where an operand is expected" if self.at else "there is nothing to read")
        if token in CLOSING.values():
            opens = self.at and self.texts[self.at - 1] in CLOSING
            self.fail(f"{token} has nothing before it" if opens else f"{token} closes no bracket here")
        said = "a name starts with a letter" if token[0] == "_" else self.notation.refused.get(token)
        self.fail(said or f"{token} can't be read here")

    def inside(self, minimum: int = 0) -> Formula:
        """An expression one level deeper: in brackets, or after a sign, of operators that bind tightly enough."""
        self._enter()
        bars, self.bars = self.bars, self.bars if minimum else 0
        formula = self.expression(minimum)
        self.bars = bars
        self.depth -= 1
        return formula

    def beneath(self) -> Formula:
        """An operand one level deeper: what a command without braces is put on."""
        self._enter()
        formula = self.operand()
        self.depth -= 1
        return formula

    def _enter(self) -> None:
        self.depth += 1
        if self.depth > self.limit:
            self.fail(f"brackets, signs and powers nest more than {self.limit} deep", kind=BoundError)

    def group(self) -> Formula:
        """The argument of a LaTeX command: a group in braces, or the next symbol."""
        token, opened = self.texts[self.at], self.at
        if token == "{":
            self.at += 1
            formula = self.inside()
            self.expect("}", opened)
            return formula
        if token.isdigit() and len(token) > 1:
            self.splice(token[0], token[1:])
        elif token[:1].isalpha() and len(pieces := self.words.pieces(token, single=True)) > 1:
            self.splice(*pieces)
        return self.beneath()

    def exponent(self) -> Formula:
        """What a power is raised to: a group, or an operand with its sign and its own power."""
        token = self.texts[self.at]
        if token == "{":
            return self.group()
        if token.isdigit() and len(token) > 1 and self.words.latex and self.chosen(DIGITS):
            self.splice(token[0], token[1:])
        return self.inside(POWER - 1)

    def chain(self) -> Formula:
        """A formula, or several with equal signs between them; an equal sign before the first is a continuation."""
        if self.texts[self.at] in EQUALS:
            self.at += 1
        members = [self.expression()]
        while (sign := self.texts[self.at]) in EQUALS:
            self.at += 1
            member = self.expression()
            members.append(Formula("add", (members[-1], member)) if sign == "+=" else member)
        return members[0] if len(members) == 1 else Formula("equals", tuple(members))

    def expression(self, minimum: int = 0) -> Formula:
        """Operands and the operators between them that bind more tightly than a minimum."""
        return self.onward(self.operand(), minimum)

    def onward(self, left: Formula, minimum: int = 0) -> Formula:
        """An expression whose first operand has been read."""
        texts, postfixes, atoms = self.texts, self.notation.postfix, self.words.atoms
        binary = self.notation.binary
        slashed = False
        while True:
            token = texts[self.at]
            entry = binary.get(token)
            if entry is not None:
                binds, head = entry
                if binds <= minimum:
                    return left
                if binds == COMPARISON and left.head in COMPARED:
                    self.fail("a chain of comparisons is not read; write (a < b)*(b < c)")
                at = self.at
                self.at += 1
                right = atoms.get(texts[self.at])
                if right is not None and texts[self.at + 1] in LOOSE:
                    self.at += 1
                else:
                    right = self.expression(binds)
                left = node((head, (left, right)))
                self._note(left, at)
                slashed = token == "/"
                continue
            postfix = postfixes.get(token)
            if postfix is not None:
                if minimum >= POWER and token in ("^", "**"):
                    return left
                at = self.at
                self.at += 1
                left = postfix(self, left)
                self._note(left, at)
            elif minimum >= PRODUCT or token in STOPS or (self.bars and token in BARS):
                return left
            else:
                left = self._beside(left, slashed)

    def operand(self) -> Formula:
        """A number, a name, or whatever a token at the start of an operand opens."""
        token = self.texts[self.at]
        known = self.words.atoms.get(token)
        if known is not None:
            self.at += 1
            return known
        at = self.at
        handler = self.notation.prefix.get(token)
        if handler is not None:
            self.at += 1
            formula = handler(self)
            self._note(formula, at)
            return formula
        names = self.words.names
        if names is not None and token in names:
            self.at += 1
            return self.words.keep(token, node(("name", (token,))))
        called = self.words.calls.get(token)
        if called is not None:
            self.at += 1
            formula = self.notation.call(self, *called)
            self._note(formula, at)
            return formula
        if token[:1].isdigit() or (token[:1] == "." and token[1:2].isdigit()):
            return self._number(token)
        if is_marked(token):
            return self._marked(token)
        word = self.words.word_of(token)
        if word is None:
            self.unexpected()
        self.at += 1
        formula = self.notation.word(self, word)
        self._note(formula, at)
        return formula

    def _marked(self, token: str) -> Formula:
        """A derivative, or a name with a bar or a dot, which are remembered whole."""
        end = self.at + self.tokens.take_apart(self.at)
        formula = self.operand()
        return self.words.keep(token, formula) if self.at == end else formula

    def _number(self, token: str) -> Formula:
        formula = numeral(token)
        if formula is None:
            self.fail("the number has too many digits or too large an exponent", kind=BoundError)
        self.at += 1
        return self.words.keep(token, formula)

    def _refuse_literal(self, number: str) -> None:
        """Raise an error where a number and the word right behind it are one literal of a programming language."""
        token = self.texts[self.at]
        kind = _kind_of_literal(number, token)
        if kind is None or self.words.known(token):
            return
        before, behind = self.tokens.place(self.at - 1), self.tokens.place(self.at)
        if before.line == behind.line and behind.column == (before.column or 0) + len(number):
            self.fail(f"{number}{token} is {kind}, which is not read; a product is {number}*{token}", self.at - 1)

    def _beside(self, left: Formula, slashed: bool) -> Formula:
        """A product without a sign: `2x`, `3 sin(x)`, `x(y + 1)`, and what it may mean after a slash or a number."""
        token, at = self.texts[self.at], self.at
        if token[0] in ".0123456789" and (self.strict or left.head == "number") and DIGITS not in self.choices:
            self.fail("a number can't follow directly; an operator is missing")
        if self.strict and left.head == "number":
            self._refuse_literal(str(left.args[0]))
        if left.head == "number" and token in ELLIPSES:
            self.at += 1
            return left
        fraction = token in (r"\frac", r"\dfrac", r"\tfrac")
        right = self.expression(PRODUCT)
        if fraction and _whole(left) and _simple(right) and self.chosen(MIXED):
            return _mixed(left, right)
        if slashed and left.head == "div" and self.chosen(SLASH):
            over, under = left.args
            return Formula("div", (over, Formula("mul", (under, right))))
        product = node(("mul" if left.head == "number" else self.notation.beside, (left, right)))
        self._note(product, at)
        return product


def _kind_of_literal(number: str, token: str) -> str | None:
    """What a number with a word right behind it is to a programmer; None of a product such as 2x."""
    if number == "0" and _OTHER_BASE.fullmatch(token):
        return "a number in another base"
    return "an imaginary number" if token in ("j", "J") else None


_OTHER_BASE = re.compile(r"[xX][0-9A-Fa-f]+|[oObB][0-9]+")


def _whole(formula: Formula) -> bool:
    if formula.head == "neg":
        formula = formula.args[0]
    return formula.head == "number" and str(formula.args[0]).isdigit()


def _simple(formula: Formula) -> bool:
    return formula.head == "div" and all(arg.head == "number" for arg in formula.args)


def _mixed(whole: Formula, part: Formula) -> Formula:
    if whole.head == "neg":
        return Formula("neg", (Formula("add", (whole.args[0], part)),))
    return Formula("add", (whole, part))
