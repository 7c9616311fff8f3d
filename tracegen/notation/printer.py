"""Prints any formula in any notation: one walk, driven by the Forms of the table of primitives.

A notation says how to print the leaves (names, numbers, v̄3, v̇3, ∂v8/∂v3), how to bracket, and where it
differs from the table. Brackets stand only where binding needs them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Formatter
from typing import Any, NamedTuple

from tracegen.algebra.machine import run
from tracegen.formula import ATOMS, Formula, children, number, rational
from tracegen.notation.notation import Join, Notation, Piece, made
from tracegen.notation.profiles import Convention
from tracegen.primitives import Form
from tracegen.primitives.primitive import ATOM, MATRIX, OPEN, POWER, PRODUCT, SUM

REMEMBERED = 1 << 16


class Memo(dict[Any, Any]):
    """The values of a function, each worked out when it is first looked up; emptied when there are too many.

    A look-up costs half of one in ``functools.lru_cache``, and a value holds nothing but itself.

    >>> Memo(str.upper)["v3"]
    'V3'
    """

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    def __missing__(self, key: Any) -> Any:
        if len(self) >= REMEMBERED:
            self.clear()
        value = self[key] = self._function(key)
        return value


LEAVES = frozenset(["number", "constant", "name", "adjoint", "tangent", "index", "dots"])
"""Heads that a notation prints in one piece, whatever is below them."""

SUMS = frozenset(["add", "sub"])
UNLIKE = SUMS | {"letter", "matrix"}
"""Heads whose parts are not their arguments."""


def parts_of(node: Formula) -> tuple[Formula, ...]:
    """What an operation is printed from, left to right; of a sum, its terms.

    >>> from tracegen.formula import name
    >>> len(parts_of(Formula("sub", (Formula("add", (name("a"), name("b"))), name("c")))))
    3
    """
    if node.head not in SUMS:
        return children(node)
    parts: tuple[Formula, ...] = node.args
    if parts[0].head not in SUMS:
        return parts
    terms: list[Formula] = []
    while node.head in SUMS:
        node, last = node.args
        terms.append(last)
    return (node, *reversed(terms))


def signs_of(node: Formula) -> list[str]:
    """The operations between the terms of a sum, left to right.

    >>> from tracegen.formula import name
    >>> signs_of(Formula("sub", (Formula("add", (name("a"), name("b"))), name("c"))))
    ['add', 'sub']
    """
    signs = [node.head]
    while (node := node.args[0]).head in SUMS:
        signs.append(node.head)
    signs.reverse()
    return signs


DEEP = 100
"""From this depth on a formula is printed without recursion, which is slower."""

ZERO = number(0)

SIMPLE = ATOMS | {"adjoint", "partial", "operator"}
"""Heads that a function may stand before without brackets."""


def _ends_in_matrices(scalar: Formula) -> bool:
    """Whether the last factor of a number is a product of matrices, which the next matrix would join."""
    while scalar.head == "mul":
        scalar = scalar.args[1]
    return scalar.head == "matmul"


class Slots(NamedTuple):
    """The slots of a Form's pattern: how tightly an operand must bind to stand in each without brackets, and whether
    the pattern ends in a slot, so that what its last operand trails, the whole trails.

    >>> Slots.of(Form("{0} + {1}", SUM, (SUM, PRODUCT))).are_last
    True
    """

    needs: list[int]
    are_last: bool

    @classmethod
    def of(cls, form: Form) -> Slots:
        """The slots of a Form."""
        fields = [field for _, field, _, _ in Formatter().parse(form.pattern)]
        count = len({field for field in fields if field is not None})
        return cls([form.need(slot) for slot in range(count)], fields[-1] is not None)


class Printer(Notation):
    """One notation under one convention. Call it with a formula to get a text."""

    def __init__(self, convention: Convention) -> None:
        self.convention = convention
        self.multiple: Join | None = None
        # one memo a printer: the same few names and marks stand in every row
        self.leaves: dict[Formula, Piece] = Memo(self.leaf)
        self.joins: dict[str, Join] = {
            **dict.fromkeys(SUMS, self.sum()),
            "mul": self.product(),
            "pow": self.power,
            "matrix_power": self.power_of_a_matrix,
            "partial": self.partial,
            "operator": self.operator,
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

    def piece(self, formula: Formula, room: int = DEEP) -> Piece:
        """The formula printed, with what its surroundings need to know; below ``room`` levels without recursion."""
        head, args = formula
        if head in LEAVES:
            return self.leaves[formula]
        if not room:
            return self.flat(formula)
        join = self.joins.get(head) or self.learn(head)
        leaves, piece, below = self.leaves, self.piece, room - 1
        parts = parts_of(formula) if head in UNLIKE else args
        return join(formula, [leaves[part] if part[0] in LEAVES else piece(part, below) for part in parts])

    def flat(self, formula: Formula) -> Piece:
        """The piece of a formula of any depth, by a stack of its own."""
        steps: list[tuple[Formula, int]] = []  # read backwards, parts come first
        waiting = [formula]
        while waiting:
            node = waiting.pop()
            parts = () if node.head in LEAVES else parts_of(node)
            steps.append((node, len(parts)))
            waiting.extend(parts)
        return run(reversed(steps), self.without_parts, self.joined)

    def without_parts(self, node: Formula) -> Piece:
        """The piece of a leaf, or of what is printed from nothing."""
        return self.leaves[node] if node.head in LEAVES else self.joined(node, [])

    def joined(self, node: Formula, parts: list[Piece]) -> Piece:
        """The piece of an operation from those of its parts."""
        join = self.joins.get(node.head) or self.learn(node.head)
        return join(node, parts)

    def learn(self, head: str) -> Join:
        """How an operation of the table is printed, from its Form; KeyError where there is no such operation."""
        form = self.form(head)
        called = self.call.fullmatch(form.pattern) if self.convention.calls == "bare" else None
        join = self.application(form)
        self.joins[head] = self.bare(called[1], join) if called else join
        return self.joins[head]

    def application(self, form: Form) -> Join:
        """Operands in the slots of a pattern, bracketed where they bind less tightly than their slot needs."""
        slots, binds, grown = Slots.of(form), form.binds, self.grown(form.pattern)
        high = self.high is not None and self.high.search(form.pattern) is not None

        def join(node: Formula, parts: list[Piece]) -> Piece:
            texts, tall, trails = [], False, False
            for part, need in zip(parts, slots.needs, strict=True):
                texts.append(part.text if part.binds >= need else self.bracket(part))
                tall = tall or part.tall
                trails = part.trails
            text = (grown if tall else form.pattern).format(*texts)
            return made(Piece, (text, binds, slots.are_last and trails, tall or high))

        return join

    def bare(self, function: str, otherwise: Join) -> Join:
        """A function before its operand without brackets, where the operand is simple."""

        def join(node: Formula, parts: list[Piece]) -> Piece:
            if node.args[0].head not in SIMPLE:
                return otherwise(node, parts)
            return Piece(f"{function} {parts[0].text}", POWER, True, parts[0].tall)

        return join

    def sum(self) -> Join:
        """Terms with their signs between, put together at once: there may be as many as a list has lines."""
        forms = {head: re.split(r"\{\d\}", self.form(head).pattern) for head in SUMS}
        between = {head: sign for head, (_, sign, _) in forms.items()}
        before, _, after = forms["add"]
        first_need, need = self.form("add").needs

        def join(node: Formula, parts: list[Piece]) -> Piece:
            text, binds, trails, tall = parts[0]
            texts = [before * (len(parts) - 1), text if binds >= first_need else self.bracket(parts[0])]
            for sign, part in zip(signs_of(node), parts[1:], strict=True):
                text, binds, trails, is_tall = part
                tall = tall or is_tall
                texts += (between[sign], text if binds >= need else self.bracket(part), after)
            return made(Piece, ("".join(texts), SUM, trails, tall))

        return join

    def product(self) -> Join:
        """Two factors with the convention's sign between."""
        left_need, right_need = self.form("mul").need(0), self.form("mul").need(1)
        multiplied = self.multiplied

        def join(node: Formula, parts: list[Piece]) -> Piece:
            (before, left_binds, left_trails, left_tall), (after, right_binds, trails, tall) = parts
            if left_binds < left_need or left_trails:  # cos v0 v1 would read as cos(v0 v1)
                before = self.bracket(parts[0])
            if right_binds < right_need and right_binds != MATRIX:
                after = self.bracket(parts[1])
            return made(Piece, (multiplied(before, after), PRODUCT, trails, left_tall or tall))

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

    def power_of_a_matrix(self, node: Formula, parts: list[Piece]) -> Piece:
        """A power of a matrix, as one of a number is written."""
        return self.power(node, parts)

    def chain(self, node: Formula, parts: list[Piece]) -> Piece:
        """A chain of equations."""
        return self.row(" = ", parts)

    def row(self, between: str, parts: list[Piece]) -> Piece:
        """Pieces one after the other."""
        texts, tall = [], False
        for text, _, _, is_tall in parts:
            texts.append(text)
            tall = tall or is_tall
        return made(Piece, (between.join(texts), OPEN, False, tall))

    def increment(self, node: Formula, parts: list[Piece]) -> Piece:
        """A name that grows by what follows."""
        grown, *others = parts
        rest = " = ".join(part.text for part in others)
        return Piece(f"{grown.text} {self.grows} {rest}", OPEN, False, any(part.tall for part in parts))

    def side_by_side(self, node: Formula, parts: list[Piece]) -> Piece:
        """Formulas side by side."""
        return self.row(self.comma, parts)

    def leaf(self, node: Formula) -> Piece:
        """A leaf of its head, printed anew; ``leaves`` has those that were printed before."""
        head, args = node
        printed: Piece = getattr(self, head)(*args)
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
