"""Judges numbers: exact forms as exact, decimals by the digits that are given."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tracegen.formula import Formula, postorder
from tracegen.grading.findings import remembered
from tracegen.grading.meaning import NUMBER, Code, MeaninglessError, compiled, number_value

EXACT = 1e-9
"""The relative difference up to which a form without decimals is the number."""

_DECIMAL = re.compile(r"\d*\.(\d*)(?:[eE]([+-]?\d+))?|\d+[eE]([+-]?\d+)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number on a sheet: its value, and how far the digits that are given leave it open."""

    value: float
    open: float
    decimal: bool = False

    def is_number(self, right: float) -> bool:
        """Whether it is a number, to the digits that are given.

        >>> figure(Formula("number", ("0.333",))).is_number(1 / 3)
        True
        >>> figure(Formula("number", ("0.99999999",))).is_number(1.0)
        False
        """
        return abs(self.value - right) <= self.open * (1 + 1e-9) + EXACT * abs(right) * (
            not self.decimal
        ) + 1e-13 * max(1.0, abs(right))

    def is_shortened(self, right: float) -> bool:
        """Whether it stands for a number that has more digits.

        >>> figure(Formula("number", ("0.333",))).is_shortened(1 / 3)
        True
        >>> figure(Formula("number", ("0.50",))).is_shortened(0.5)
        False
        """
        return self.open > 0 and abs(self.value - right) > EXACT * abs(right)

    def is_cut(self, right: float) -> bool:
        """Whether it is a number whose digits were cut off instead of rounded, two or more of them left.

        >>> figure(Formula("number", ("0.36",))).is_cut(0.369), figure(Formula("number", ("0.3",))).is_cut(0.36)
        (True, False)
        """
        if not self.decimal or not self.open or not self.value * right >= 0 or self.is_number(right):
            return False
        if not math.isfinite(right):
            return False
        unit = 2 * self.open
        cut = math.floor(abs(right) / unit + 1e-9) * unit
        return abs(self.value) > 9.5 * unit and abs(cut - abs(self.value)) < 1e-6 * unit

    def is_about(self, right: float, slack: float) -> bool:
        """Whether it is a number but for what rounding in the rows before can have carried."""
        return self.decimal and abs(self.value - right) <= self.open + slack

    def follows(self, right: float) -> bool:
        """Whether it is a number, give or take what unrounded numbers in the writer's head make."""
        return self.is_number(right) or self.is_about(right, self.open)


@remembered(20_000)
def figure(formula: Formula) -> Figure:
    """The number that a formula without names is.

    ``0.50`` is open by 0.005; of a formula with several decimals each adds what it leaves open.
    """
    try:
        code = compiled(formula)
    except MeaninglessError:
        return Figure(math.nan, 0.0)
    value = number_value(code)
    decimals = [
        (node, unit) for node in postorder(formula) if node.head == "number" and (unit := _unit(node.args[0])) > 0
    ]
    if not decimals:
        return Figure(value, 0.0)
    if formula.head == "number" or (formula.head == "neg" and formula.args[0].head == "number"):
        return Figure(value, decimals[0][1] / 2, decimal=True)
    left_open = sum(abs(number_value(moved) - value) for moved in with_decimals_moved(formula, code))
    return Figure(value, left_open if math.isfinite(left_open) else 0.0, decimal=True)


def with_decimals_moved(formula: Formula, code: Code, exact: Collection[float] = ()) -> Iterator[Code]:
    """The steps of a formula with one of its decimals moved by half a unit in its last place, each in turn; ``exact``
    are decimals that are meant as they stand."""
    units = {
        float(node.args[0]): unit
        for node in postorder(formula)
        if node.head == "number" and (unit := _unit(node.args[0])) > 0
    }
    for place, op in enumerate(code):
        if op.kind == NUMBER and op.what in units and op.what not in exact:
            yield (*code[:place], op._replace(what=op.what + units[op.what] / 2), *code[place + 1 :])


def _unit(text: str) -> float:
    """What one unit in the last place of a decimal is worth; 0 of a whole number."""
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return 0.0
    exponent = int(found[2] or found[3] or 0)
    return 10.0 ** (exponent - len(found[1] or "")) if abs(exponent) < 300 else 0.0
