"""Prints any formula in any notation: one walk, driven by the Forms of the table of primitives.

A notation says how to print the leaves (names, numbers, v̄3, v̇3, ∂v8/∂v3), how to bracket, and where it
differs from the table. Brackets stand only where binding needs them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache, partial
from string import Formatter
from typing import Any, ClassVar, NamedTuple

from tracegen.formula import ATOMS, Formula, children, name, number, rational
from tracegen.primitives import Form
from tracegen.primitives.primitive import ATOM, MATRIX, OPEN, POWER, PRODUCT
from tracegen.profiles import Convention

_REMEMBERED = 1 << 16
ZERO = number(0)

LEAVES = frozenset(["number", "constant", "name", "adjoint", "tangent", "partial", "index", "dots"])
"""Heads that a notation prints in one piece, whatever is below them."""

SIMPLE = ATOMS | {"adjoint", "partial"}
"""Heads that a function may stand before without brackets."""

MIXED = frozenset(["letter", "matrix"])
"""Heads whose arguments are not formulas only."""


class Piece(NamedTuple):
    """A printed formula: its text, how tightly it binds, and what its surroundings need to know.

    ``trails``: it ends in a call without brackets. ``tall``: it is higher than a line, and its brackets grow.
    """

    text: str
    binds: int = ATOM
    trails: bool = False
    tall: bool = False


made: Callable[[tuple[str, int, bool, bool]], Piece] = partial(tuple.__new__, Piece)
"""Piece, made in a third of the time of its own constructor."""


def _ends_in_matrices(scalar: Formula) -> bool:
    """Whether the last factor of a number is a product of matrices, which the next matrix would join."""
    while scalar.head == "mul":
        scalar = scalar.args[1]
    return scalar.head == "matmul"


Join = Callable[[Formula, list[Piece]], Piece]


class Printer(ABC):
    """One notation under one convention. Call it with a formula to get a text."""

    call: ClassVar[re.Pattern[str]]
    """The pattern of a function's application; its group is what stands before the bracket."""

    grows: ClassVar[str] = "+="
    comma: ClassVar[str] = ", "
    colon: ClassVar[str] = ":"

    high: ClassVar[re.Pattern[str] | None] = None
    """What makes a pattern higher than a line, in a notation of two dimensions."""

    def __init__(self, convention: Convention) -> None:
        self.convention = convention
        self.multiple: Join | None = None
        # one memo a printer: the same few names and marks stand in every row
        self.leaf = lru_cache(_REMEMBERED)(self._leaf)
        self.joins: dict[str, Join] = {
            "mul": self.product(),
            "pow": self.power,
            "equals": self.chain,
            "increment": self.increment,
            "list": self.side_by_side,
            "letter": self.letter,
            "matrix": self.matrix,
            "scale": self.scaled,
            "pad": self.padded,
        }

    def __call__(self, formula: Formula) -> str:
        return self.piece(formula).text

    def piece(self, formula: Formula) -> Piece:
        """The formula printed, with what its surroundings need to know."""
        if formula.head in LEAVES:
            return self.leaf(formula)
        order: list[Formula] = []
        waiting = [formula]
        while waiting:
            node = waiting.pop()
            order.append(node)
            head, args = node
            if head not in LEAVES:
                waiting.extend(children(node) if head in MIXED else args)
        return self.assemble(order)

    def assemble(self, order: list[Formula]) -> Piece:
        """The piece of a formula, from its nodes in an order that, read backwards, has operands first."""
        done: list[Piece] = []
        for node in reversed(order):
            head, args = node
            if head in LEAVES:
                done.append(self.leaf(node))
                continue
            start = len(done) - len(children(node) if head in MIXED else args)
            join = self.joins.get(head) or self.learn(head)
            done[start:] = [join(node, done[start:])]
        return done[0]

    def learn(self, head: str) -> Join:
        """How an operation of the table is printed, from its Form; KeyError where there is no such operation."""
        form = self.form(head)
        called = self.call.fullmatch(form.pattern) if self.convention.calls == "bare" else None
        join = self.application(form)
        self.joins[head] = self.bare(called[1], join) if called else join
        return self.joins[head]

    def application(self, form: Form) -> Join:
        """Operands in the slots of a pattern, bracketed where they bind less tightly than their slot needs."""
        pattern, binds, grown = form.pattern, form.binds, self.grown(form.pattern)
        fields = [field for _, field, _, _ in Formatter().parse(pattern)]
        needs = [form.need(slot) for slot in range(len({field for field in fields if field is not None}))]
        high = self.high is not None and self.high.search(pattern) is not None
        ends = fields[-1] is not None

        def join(node: Formula, parts: list[Piece]) -> Piece:
            tall = trails = False
            texts = []
            for part, need in zip(parts, needs, strict=True):
                text, bound, trails, is_tall = part
                tall = tall or is_tall
                texts.append(text if bound >= need else self.bracket(part))
            return made(((grown if tall else pattern).format(*texts), binds, ends and trails, tall or high))

        return join

    def bare(self, function: str, otherwise: Join) -> Join:
        """A function before its operand without brackets, where the operand is simple."""

        def join(node: Formula, parts: list[Piece]) -> Piece:
            if node.args[0].head not in SIMPLE:
                return otherwise(node, parts)
            return Piece(f"{function} {parts[0].text}", POWER, True, parts[0].tall)

        return join

    def product(self) -> Join:
        """Two factors with the convention's sign between."""
        left_need, right_need = self.form("mul").need(0), self.form("mul").need(1)

        def join(node: Formula, parts: list[Piece]) -> Piece:
            left, right = parts
            before, left_binds, left_trails, left_tall = left
            after, right_binds, trails, tall = right
            if left_binds < left_need or left_trails:  # cos v0 v1 would read as cos(v0 v1)
                before = self.bracket(left)
            if right_binds < right_need and right_binds != MATRIX:
                after = self.bracket(right)
            return made((self.multiplied(before, after), PRODUCT, trails, left_tall or tall))

        return join

    def scaled(self, node: Formula, parts: list[Piece]) -> Piece:
        """A number times a matrix; 1/c times A is A/c."""
        scalar, matrix = node.args[0], parts[1]
        if scalar.head != "div" or rational(scalar.args[0]) is None:
            return self.times_matrix(node, parts)
        over, under = scalar.args
        if rational(over) != 1:
            matrix = self.times_matrix(Formula("scale", (over, node.args[1])), [self.piece(over), matrix])
        divided = self.joins.get("div") or self.learn("div")
        return divided(Formula("div", (node.args[1], under)), [matrix, self.piece(under)])

    def times_matrix(self, node: Formula, parts: list[Piece]) -> Piece:
        """A number before a matrix."""
        if self.multiple is None:
            self.multiple = self.application(self.form("scale"))
        first = Piece(self.bracket(parts[0])) if _ends_in_matrices(node.args[0]) else parts[0]
        return self.multiple(node, [first, parts[1]])

    def padded(self, node: Formula, parts: list[Piece]) -> Piece:
        """A matrix between zeros."""
        above, below, before, after = ([ZERO] if side != ZERO else [] for side in node.args[1:])
        zeros = [ZERO] * (len(before) + 1 + len(after))
        rows = [*([zeros] if above else []), [*before, node.args[0], *after], *([zeros] if below else [])]
        pieces = {ZERO: self.piece(ZERO), node.args[0]: parts[0]}
        cells = [pieces[cell] for row in rows for cell in row]
        return self.matrix(Formula("matrix", tuple(map(tuple, rows))), cells)

    def power(self, node: Formula, parts: list[Piece]) -> Piece:
        """A power; a rational exponent stands on one line."""
        base, exponent = parts
        text = base.text if base.binds >= ATOM else self.bracket(base)
        return Piece(self.raised(text, exponent, rational(node.args[1]) is not None), POWER, False, base.tall)

    def chain(self, node: Formula, parts: list[Piece]) -> Piece:
        """A chain of equations."""
        return Piece(" = ".join(part.text for part in parts), OPEN, False, any(part.tall for part in parts))

    def adjoint(self, of: Formula) -> Piece:
        """v̄3, ∂f/∂v3 or df/dv3, as the convention says."""
        if self.convention.adjoint == "bar":
            return self.over(of, "bar")
        d = "∂" if self.convention.adjoint == "partial" else "d"
        return self.fraction(d, name(self.convention.function), of)

    def tangent(self, of: Formula, direction: Formula | None = None) -> Piece:
        """v̇3, ∂v3/∂x1, v3′ or D_p v3, as the convention says; v̇3 where a fraction has no direction."""
        style = self.convention.tangent
        if style == "fraction" and direction is not None:
            return self.fraction("∂", of, direction)
        if style == "prime":
            return self.primed(of)
        if style == "directional":
            return self.along(of, direction or name("p"))
        return self.over(of, "dot")

    def partial(self, over: Formula, under: Formula) -> Piece:
        """∂v8/∂v3"""
        return self.fraction("∂", over, under)

    def increment(self, node: Formula, parts: list[Piece]) -> Piece:
        """A name that grows by what follows."""
        grown, *others = parts
        rest = " = ".join(part.text for part in others)
        return Piece(f"{grown.text} {self.grows} {rest}", OPEN, False, any(part.tall for part in parts))

    def side_by_side(self, node: Formula, parts: list[Piece]) -> Piece:
        """Formulas side by side."""
        return Piece(self.comma.join(part.text for part in parts), OPEN, False, any(part.tall for part in parts))

    def grown(self, pattern: str) -> str:
        """The pattern for operands that are higher than a line."""
        return pattern

    def _leaf(self, node: Formula) -> Piece:
        printed: Piece = getattr(self, node.head)(*node.args)
        return printed

    def index(self, of: Formula, *entries: Formula) -> Piece:
        """An element of a matrix, or some of its rows and columns: A[0:2, 1]."""
        matrix = self.piece(of)
        ends = [entry.args if entry.head == "slice" else (entry,) for entry in entries]
        texts = [self.colon.join("" if end is None else self(end) for end in pair) for pair in ends]
        return Piece(self.part(matrix.text if matrix.binds >= ATOM else self.bracket(matrix), texts))

    def part(self, matrix: str, entries: list[str]) -> str:
        """A matrix with its indices behind it."""
        return f"{matrix}[{self.comma.join(entries)}]"

    @abstractmethod
    def form(self, head: str) -> Form:
        """The Form of an operation in this notation."""

    @abstractmethod
    def bracket(self, part: Piece) -> str:
        """A piece in brackets."""

    @abstractmethod
    def multiplied(self, before: str, after: str) -> str:
        """Two factors with a sign between."""

    @abstractmethod
    def raised(self, base: str, exponent: Piece, on_one_line: bool) -> str:
        """A base with its exponent."""

    @abstractmethod
    def letter(self, node: Formula, parts: list[Piece]) -> Piece:
        """An application of a function known by its letter."""

    @abstractmethod
    def matrix(self, node: Formula, parts: list[Piece]) -> Piece:
        """A matrix of formulas."""

    @abstractmethod
    def name(self, text: str) -> Piece:
        """A name."""

    @abstractmethod
    def number(self, text: str) -> Piece:
        """A number."""

    @abstractmethod
    def constant(self, text: str) -> Piece:
        """Euler's number or π."""

    @abstractmethod
    def dots(self, *nothing: Any) -> Piece:
        """Something left out."""

    @abstractmethod
    def over(self, of: Formula, mark: str) -> Piece:
        """A formula under a ``"bar"`` or a ``"dot"``."""

    @abstractmethod
    def fraction(self, d: str, over: Formula, under: Formula) -> Piece:
        """A derivative, with ``"∂"`` or ``"d"``."""

    @abstractmethod
    def primed(self, of: Formula) -> Piece:
        """v3′"""

    @abstractmethod
    def along(self, of: Formula, direction: Formula) -> Piece:
        """D_p v3"""
