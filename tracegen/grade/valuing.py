"""Gives a formula its value at a point, in floats or in balls of many digits, without recursion and without raising."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from tracegen import primitives
from tracegen.formula import Formula
from tracegen.primitives.algebra import BALLS, FLOATS, Algebra

OPAQUE = frozenset(["name", "adjoint", "tangent", "partial"])
"""Heads that stand for a number of their own: a name, v̄3, ∂v3/∂x1."""

KINKED = frozenset(["abs", "min", "max", "sign", "step", "relu"])
PLAIN = (1e-6, 1e6)
"""Between these sizes floats are trusted; a step outside of them asks for balls."""

Step = tuple[str, int, int]


class NoNumberError(Exception):
    """A formula that stands for no number: a chain, a matrix, something left out. The text says which."""


@dataclass(frozen=True, slots=True)
class Program:
    """A formula as steps of a stack machine: numbers and atoms are pushed, operations work on the top."""

    steps: tuple[Step, ...]
    numbers: tuple[str, ...]
    atoms: tuple[Formula, ...]
    letters: tuple[tuple[str, int], ...]

    @property
    def kinked(self) -> bool:
        """Whether the formula has an operation with a kink."""
        return any(head in KINKED for head, _, _ in self.steps)


@dataclass(frozen=True, slots=True)
class Value:
    """A value in floats, NaN where there is none, and whether every step was of a size at which floats are trusted."""

    number: float
    plain: bool = True


NOWHERE = Value(math.nan)


def program(formula: Formula) -> Program:
    """The steps of a formula. Raises NoNumberError where it stands for no number.

    >>> program(Formula("exp", (Formula("name", ("x",)),))).atoms
    (Formula(head='name', args=('x',)),)
    """
    steps: list[Step] = []
    numbers: dict[str, int] = {}
    atoms: dict[Formula, int] = {}
    letters: dict[tuple[str, int], int] = {}
    for node in _operations(formula):
        head = node.head
        if head == "number":
            steps.append(("#", 0, numbers.setdefault(node.args[0], len(numbers))))
        elif head in OPAQUE:
            steps.append(("atom", 0, atoms.setdefault(node, len(atoms))))
        elif head == "constant":
            steps.append((node.args[0], 0, 0))
        elif head == "letter":
            steps.append(("letter", 1, letters.setdefault(node.args[:2], len(letters))))
        else:
            steps.append((head, _arity(node), 0))
    return Program(tuple(steps), tuple(numbers), tuple(atoms), tuple(letters))


def in_floats(work: Program, point: Mapping[Formula, float]) -> Value:
    """The value at a point, in floats; no value where any step has none, overflow included."""
    try:
        return _run_floats(work, point)
    except (ArithmeticError, ValueError, TypeError):
        return NOWHERE


def in_balls(work: Program, point: Mapping[Formula, float], bits: int) -> Any:
    """The value at a point as a ball of many binary digits; None where there is none."""
    from flint import arb, ctx

    before, ctx.prec = ctx.prec, bits
    try:
        ball = _run(work, [arb(text) for text in work.numbers], [arb(point[atom]) for atom in work.atoms], BALLS)
        return ball if ball.is_finite() else None
    except (ArithmeticError, ValueError, TypeError):
        return None
    finally:
        ctx.prec = before


def _run_floats(work: Program, point: Mapping[Formula, float]) -> Value:
    numbers = [float(text) for text in work.numbers]
    atoms = [point[atom] for atom in work.atoms]
    low, high = PLAIN
    plain = all(low < number < high or number == 0 for number in numbers)
    plain = plain and all(len(text) < 13 for text in work.numbers)
    stack: list[float] = []
    for head, arity, slot in work.steps:
        if arity == 0:
            value = numbers[slot] if head == "#" else atoms[slot] if head == "atom" else _constant(FLOATS, head)
        elif arity == 1:
            value = stack.pop()
            value = _letter(FLOATS, *work.letters[slot], value) if head == "letter" else getattr(FLOATS, head)(value)
        else:
            second = stack.pop()
            value = getattr(FLOATS, head)(stack.pop(), second)
        size = abs(value)
        if not low < size < high and size != 0:
            if not size < math.inf:
                return NOWHERE
            plain = False
        stack.append(value)
    return Value(stack[0], plain)


def _run(work: Program, numbers: Sequence[Any], atoms: Sequence[Any], algebra: Algebra) -> Any:
    stack: list[Any] = []
    for head, arity, slot in work.steps:
        if arity == 0:
            value = numbers[slot] if head == "#" else atoms[slot] if head == "atom" else _constant(algebra, head)
        elif head == "letter":
            value = _letter(algebra, *work.letters[slot], stack.pop())
        else:
            operands = stack[-arity:]
            del stack[-arity:]
            value = getattr(algebra, head)(*operands)
        stack.append(value)
    return stack[0]


def _constant(algebra: Algebra, name: str) -> Any:
    return getattr(algebra, name)()


def _letter(algebra: Algebra, name: str, primes: int, operand: Any) -> Any:
    """A smooth function that nobody would write by chance, a different one for each letter, and its derivatives."""
    seed = crc32(name.encode())
    speed, phase = 0.5 + seed % 1009 / 1009, seed % 997 / 997
    return speed**primes * algebra.sin(speed * operand + phase + primes * algebra.pi() / 2)


def _operations(formula: Formula) -> list[Formula]:
    """Nodes in postorder, atoms not looked into."""
    if formula.head in OPAQUE:
        return [formula]
    found: list[Formula] = []
    stack = [formula]
    while stack:
        node = stack.pop()
        found.append(node)
        if node.head not in OPAQUE:
            stack.extend(arg for arg in node.args if isinstance(arg, Formula))
    return found[::-1]


SHOWN = {"equals": "an equation", "matrix": "a matrix", "dots": "something left out"}


def _arity(node: Formula) -> int:
    if node.head in SHOWN:
        raise NoNumberError(f"{SHOWN[node.head]} is no number")
    row = primitives.find(node.head)
    if row is None or row.shapes is not None or row.arity != len(node.args):
        raise NoNumberError(f"{node.head} is an operation on vectors or matrices")
    return row.arity
