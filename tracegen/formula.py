"""A formula as it is written: a small immutable tree that keeps its order and grouping.

A node is a head and its arguments. The head is the name of a primitive, whose arguments are formulas, or one
of these:

=============  =====================  =====================================================
head           arguments              meaning
=============  =====================  =====================================================
``number``     text                   a number of at least 0, as written: ``"3"``, ``"0.50"``
``constant``   ``"e"`` or ``"pi"``    Euler's number, or π
``name``       text                   an input, a parameter, or a line: ``"x1"``, ``"v3"``, ``"v-1"``
``adjoint``    formula                v̄3
``tangent``    formula, direction     v̇3, ∂v3/∂x1; the direction is a formula, or None where unnamed
``partial``    formula, formula       ∂v8/∂v3
``letter``     text, primes, formula  a function known by its letter only: σ(z), σ′(z)
``equals``     formulas               a chain a = b = c
``increment``  formulas               v̄0 += a = b: the first grows by the others
``list``       formulas               formulas side by side
``matrix``     rows of formulas       a matrix of formulas, a tuple of tuples
``dots``                              something left out
=============  =====================  =====================================================

Trees can be as deep as a text is long, so nothing here or elsewhere may recurse over one that came from a
problem: use :func:`postorder`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple


class Formula(NamedTuple):
    """One node. Equal when written alike."""

    head: str
    args: tuple[Any, ...] = ()


STRUCTURAL = frozenset(
    [
        "number",
        "constant",
        "name",
        "adjoint",
        "tangent",
        "partial",
        "letter",
        "equals",
        "increment",
        "list",
        "matrix",
        "dots",
    ]
)
ATOMS = frozenset(["number", "constant", "name", "dots"])
MIXED = frozenset(["letter", "tangent", "slice"])
"""Heads whose arguments are not formulas only."""

_SPECIAL = ATOMS | MIXED | {"matrix"}

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
"""What a name that a user gives has to look like, so that every format can show it and every program read it."""

E = Formula("constant", ("e",))
PI = Formula("constant", ("pi",))
DOTS = Formula("dots")


def name(text: str) -> Formula:
    """The formula of a name.

    >>> name("v3")
    Formula(head='name', args=('v3',))
    """
    return Formula("name", (text,))


def number(value: int | Fraction) -> Formula:
    """The formula of a rational number: an integer, a quotient of two, or the negative of one.

    >>> number(Fraction(-1, 2)).head
    'neg'
    """
    if value < 0:
        return Formula("neg", (number(-value),))
    numerator = Formula("number", (str(value.numerator),))
    if value.denominator == 1:
        return numerator
    return Formula("div", (numerator, Formula("number", (str(value.denominator),))))


def rational(formula: Formula) -> Fraction | None:
    """The value of a number, a negative number or a quotient of integers; None of anything else.

    >>> rational(number(Fraction(-1, 2)))
    Fraction(-1, 2)
    """
    head, args = formula
    if head == "number":
        return _fraction(args[0])
    if head == "neg":
        inner = rational(args[0])
        return None if inner is None else -inner
    if head == "div" and args[0].head == args[1].head == "number":
        over, under = (_fraction(arg.args[0]) for arg in args)
        return over / under if under else None
    return None


@lru_cache(maxsize=1024)
def _fraction(text: str) -> Fraction:
    return Fraction(text)


def are_probabilities(matrix: Formula) -> bool:
    """Whether every row of a matrix of numbers, or its one column, has numbers from 0 up that sum to 1.

    >>> half = number(Fraction(1, 2))
    >>> are_probabilities(Formula("matrix", ((half,), (half,))))
    True
    """
    if matrix.head != "matrix":
        return False
    rows = matrix.args if len(matrix.args[0]) > 1 else (tuple(cell for row in matrix.args for cell in row),)
    return all(_sum_to_one([rational(cell) for cell in row]) for row in rows)


def _sum_to_one(row: Sequence[Fraction | None]) -> bool:
    probabilities = [value for value in row if value is not None and value >= 0]
    return len(probabilities) == len(row) and sum(probabilities) == 1


def children(formula: Formula) -> tuple[Formula, ...]:
    """The formulas directly under a node, in written order."""
    head, args = formula.head, formula.args
    if head not in _SPECIAL:
        return args
    if head in ATOMS:
        return ()
    if head == "matrix":
        return tuple(cell for row in args for cell in row)
    return tuple([arg for arg in args if isinstance(arg, Formula)])


def with_children(formula: Formula, below: Sequence[Formula]) -> Formula:
    """The same node over other formulas, as many as :func:`children` gives; itself where these are its own.

    >>> with_children(Formula("letter", ("sigma", 0, name("x"))), [name("z")]).args
    ('sigma', 0, Formula(head='name', args=('z',)))
    """
    if formula.head in ATOMS or all(map(operator.is_, below, children(formula))):
        return formula
    fresh = iter(below)
    if formula.head == "matrix":
        return Formula("matrix", tuple(tuple(next(fresh) for _ in row) for row in formula.args))
    return Formula(formula.head, tuple(next(fresh) if isinstance(arg, Formula) else arg for arg in formula.args))


def rewritten(formula: Formula, change: Callable[[Formula], Formula | None]) -> Formula:
    """A formula with parts put in the place of others: what ``change`` gives for a part, which is not looked into.

    It recurs, and is for formulas as they are written, not for those as deep as a list is long.

    >>> rewritten(Formula("neg", (name("x"),)), lambda part: name("y") if part == name("x") else None)
    Formula(head='neg', args=(Formula(head='name', args=('y',)),))
    """
    replacement = change(formula)
    if replacement is not None:
        return replacement
    return with_children(formula, [rewritten(part, change) for part in children(formula)])


def postorder(formula: Formula) -> Iterator[Formula]:
    """Every node, operands before their operation, left to right; without recursion.

    >>> [node.head for node in postorder(Formula("neg", (name("x"),)))]
    ['name', 'neg']
    """
    order: list[Formula] = []
    waiting = [formula]
    while waiting:
        node = waiting.pop()
        order.append(node)
        if node.head not in ATOMS:
            waiting.extend(children(node))
    order.reverse()
    return iter(order)


def same(one: Formula, other: Formula) -> bool:
    """Whether two formulas are written alike; for formulas that may be as deep as a list is long.

    >>> same(Formula("neg", (name("x"),)), Formula("neg", (name("y"),)))
    False
    """
    waiting = [(one, other)]
    while waiting:
        a, b = waiting.pop()
        if a is b:
            continue
        if a.head != b.head:
            return False
        below, across = children(a), children(b)
        if len(below) != len(across) or (not below and a.args != b.args):
            return False
        if not all(x == y for x, y in zip(a.args, b.args, strict=False) if not isinstance(x, Formula | tuple)):
            return False
        waiting.extend(zip(below, across, strict=True))
    return True


def names_in(formula: Formula) -> list[str]:
    """The names in a formula, each once, in the order they are first read."""
    names, waiting = [], [formula]
    while waiting:
        node = waiting.pop()
        if node.head == "name":
            names.append(node.args[0])
        elif node.head not in ATOMS:
            waiting.extend(children(node))
    return list(dict.fromkeys(reversed(names)))
