"""Tells lines that are equal functions apart by how they are made: `relu(x) + x` from `x + x`, `x*1` from `x`."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from tracegen.algebra.machine import run
from tracegen.formula import Formula
from tracegen.grading.meaning import FUNCTION, LEAF, Code, Op, steps

COMMUTATIVE = frozenset(["add", "mul", "min", "max"])

Look = Callable[[Formula], int | None]


@dataclass
class Structures:
    """Numbers of what is made alike: the same operations on the same inputs, however many rows they are split into.

    >>> x, y = Formula("name", ("x",)), Formula("name", ("y",))
    >>> found = Structures()
    >>> inputs = {x: found.of_input("x"), y: found.of_input("y")}
    >>> from tracegen.grading.meaning import compiled
    >>> product = found.made(compiled(Formula("mul", (x, y))), inputs.get)
    >>> found.known(compiled(Formula("mul", (y, x))), inputs.get) == product
    True
    """

    _numbers: dict[Hashable, int] = field(default_factory=dict)

    def of_input(self, text: str) -> int:
        """The number of an input."""
        return self._numbers.setdefault(("input", text), len(self._numbers))

    def made(self, code: Code, look_up: Look) -> int:
        """The number of a formula, a new one where nothing was made so before."""
        found = self._number(code, look_up, lambda key: self._numbers.setdefault(key, len(self._numbers)))
        assert found is not None
        return found

    def known(self, code: Code, look_up: Look) -> int | None:
        """The number of what is made as a formula; None where nothing is."""
        return self._number(code, look_up, self._numbers.get)

    def _number(self, code: Code, look_up: Look, numbered: Callable[[Any], int | None]) -> int | None:
        def leaf(op: Op) -> int | None:
            return look_up(op.what) if op.kind == LEAF else numbered((op.kind, op.what))

        def apply(op: Op, operands: list[int | None]) -> int | None:
            if None in operands:
                return None
            if op.kind == FUNCTION and op.what in COMMUTATIVE:
                operands.sort(key=lambda number: number or 0)
            return numbered((op.kind, op.what, *operands))

        return run(steps(code), leaf, apply)
