"""Gives a formula its value at a point, in floats or in balls of many digits, without recursion and without raising."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from zlib import crc32

from tracegen.algebra.algebra import Algebra
from tracegen.algebra.machine import run
from tracegen.formula import Formula, children
from tracegen.primitives import find
from tracegen.primitives.algebras import BALLS, FLOATS

OPAQUE = frozenset(["name", "adjoint", "tangent", "partial"])
"""Heads that stand for a number of their own: a name, v̄3, ∂v3/∂x1."""

KINKED = frozenset(["abs", "min", "max", "sign", "step", "relu"])
PLAIN = (1e-6, 1e6)
"""Between these sizes floats are trusted; a step outside of them asks for balls."""

MAX_DIGITS = 12
"""Letters of a number that a float surely holds well enough to tell it from another."""

Step = tuple[str, int, int]
"""The head of an operation with its arity and a letter's number; or, of arity 0, what is pushed."""


class NoNumberError(Exception):
    """A formula that stands for no number: a chain, a matrix, something left out. The text says which."""


@dataclass(frozen=True, slots=True)
class Program:
    """A formula as steps of a stack machine: numbers, constants and atoms are pushed, operations work on the top."""

    steps: tuple[Step, ...]
    numbers: tuple[str, ...]
    constants: tuple[str, ...]
    atoms: tuple[Formula, ...]
    letters: tuple[tuple[str, int], ...]

    def bound(self, algebra: Algebra) -> list[tuple[Any, int, int]]:
        """The steps with the functions of an algebra, and with places among numbers, constants and atoms in a row."""
        first = {"number": 0, "constant": len(self.numbers), "atom": len(self.numbers) + len(self.constants)}
        return [
            (None, 0, first[head] + slot)
            if arity == 0
            else (getattr(algebra, head) if head != "letter" else self._letter(algebra, slot), arity, 0)
            for head, arity, slot in self.steps
        ]

    def _letter(self, algebra: Algebra, slot: int) -> Any:
        return partial(_letter, algebra, *self.letters[slot])

    @property
    def kinked(self) -> bool:
        """Whether the formula has an operation with a kink."""
        return not KINKED.isdisjoint([head for head, _, _ in self.steps])


Value = tuple[float, bool]
"""A value in floats, NaN where there is none, and whether every step was of a size at which floats are trusted."""

NOWHERE: Value = (math.nan, True)


def program(formula: Formula) -> Program:
    """The steps of a formula. Raises NoNumberError where it stands for no number.

    >>> program(Formula("exp", (Formula("name", ("x",)),))).atoms
    (Formula(head='name', args=('x',)),)
    """
    steps: list[Step] = []
    numbers: dict[str, int] = {}
    constants: dict[str, int] = {}
    atoms: dict[Formula, int] = {}
    letters: dict[tuple[str, int], int] = {}
    for node in _operations(formula):
        head, args = node
        if head in OPAQUE:
            steps.append(("atom", 0, atoms.setdefault(node, len(atoms))))
        elif head == "number":
            steps.append((head, 0, numbers.setdefault(args[0], len(numbers))))
        elif head == "constant":
            steps.append((head, 0, constants.setdefault(args[0], len(constants))))
        elif head == "letter":
            steps.append((head, 1, letters.setdefault(args[:2], len(letters))))
        else:
            steps.append((head, _arity(node), 0))
    return Program(tuple(steps), tuple(numbers), tuple(constants), tuple(atoms), tuple(letters))


class InFloats:
    """A program that is run in floats, at as many points as wanted."""

    __slots__ = ("_fixed", "_plain", "_steps", "_work")

    def __init__(self, work: Program) -> None:
        self._work, self._steps = work, work.bound(FLOATS)
        self._fixed = [float(text) for text in work.numbers] + [getattr(FLOATS, name)() for name in work.constants]
        self._plain = all(len(text) <= MAX_DIGITS for text in work.numbers)

    def at(self, point: Mapping[Formula, float]) -> Value:
        """The value at a point; no value where any step has none, overflow included."""
        try:
            return self._run([*self._fixed, *[point[atom] for atom in self._work.atoms]])
        except (ArithmeticError, ValueError, TypeError):
            return NOWHERE

    def _run(self, inputs: Sequence[float]) -> Value:
        low, high = PLAIN
        plain = self._plain
        for value in inputs:
            plain = plain and (low < abs(value) < high or value == 0)
        stack: list[float] = []
        for function, arity, slot in self._steps:
            if arity == 0:
                stack.append(inputs[slot])
                continue
            last = stack.pop()
            value = function(last) if arity == 1 else function(*_popped(stack, arity - 1), last)
            stack.append(value)
            if low < abs(value) < high or value == 0:
                continue
            if not abs(value) < math.inf:
                return NOWHERE
            plain = False
        return stack[0], plain


def _popped(stack: list[float], count: int) -> list[float]:
    """What is taken from the top of a stack, in the order in which it was put there."""
    if count == 1:
        return [stack.pop()]
    top = stack[-count:]
    del stack[-count:]
    return top


def in_balls(work: Program, point: Mapping[Formula, float], bits: int) -> Any:
    """The value at a point as a ball of many binary digits; None where there is none."""
    from flint import arb, ctx

    before, ctx.prec = ctx.prec, bits
    try:
        fixed = [arb(text) for text in work.numbers] + [getattr(BALLS, name)() for name in work.constants]
        inputs = [*fixed, *[arb(point[atom]) for atom in work.atoms]]
        steps = [(inputs[slot] if arity == 0 else function, arity) for function, arity, slot in work.bound(BALLS)]
        found = run(steps, lambda given: given, lambda function, operands: function(*operands))
        return found if found.is_finite() else None
    except (ArithmeticError, ValueError, TypeError):
        return None
    finally:
        ctx.prec = before


def _letter(algebra: Algebra, name: str, primes: int, operand: Any) -> Any:
    """A smooth function that nobody would write by chance, a different one for each letter, and its derivatives."""
    seed = crc32(name.encode())
    speed, phase = 0.5 + seed % 1009 / 1009, seed % 997 / 997
    return speed**primes * algebra.sin(speed * operand + phase + primes * algebra.pi() / 2)


def _operations(formula: Formula) -> list[Formula]:
    """Nodes in postorder, atoms not looked into."""
    found: list[Formula] = []
    stack = [formula]
    while stack:
        node = stack.pop()
        found.append(node)
        if node.head not in OPAQUE:
            stack.extend(children(node))
    found.reverse()
    return found


SHOWN = {"equals": "an equation", "matrix": "a matrix", "dots": "something left out"}


def _arity(node: Formula) -> int:
    if node.head in SHOWN:
        raise NoNumberError(f"{SHOWN[node.head]} is no number")
    row = find(node.head)
    if row is None or row.shapes is not None or row.arity != len(node.args):
        raise NoNumberError(f"{node.head} is an operation on vectors or matrices")
    return row.arity
