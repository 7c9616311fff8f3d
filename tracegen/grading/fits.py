"""How well rows of derivatives fit what they may stand for: which of their formulas and values are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tracegen.formula import Formula
from tracegen.grading.forms import misnamed
from tracegen.grading.leaves import renamed
from tracegen.grading.meaning import LEAF, Array, MeaninglessError, Op, compiled, leaves, value
from tracegen.grading.numbers import figure
from tracegen.grading.samples import EQUAL, agreement, right_values
from tracegen.grading.sheet import Row
from tracegen.grading.world import World

NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Fit:
    """How many formulas and values a row has, and how many of them are right."""

    formulas: int = 0
    formulas_right: int = 0
    values: int = 0
    values_right: int = 0
    exact: bool = True

    @property
    def whole(self) -> bool:
        """Whether everything in the row is right, and there is something."""
        return (self.formulas, self.values) == (self.formulas_right, self.values_right) and self.count > 0

    @property
    def count(self) -> int:
        return self.formulas + self.values

    @property
    def right(self) -> int:
        return self.formulas_right + self.values_right

    def __add__(self, other: Fit) -> Fit:
        return Fit(
            self.formulas + other.formulas, self.formulas_right + other.formulas_right,
            self.values + other.values, self.values_right + other.values_right, self.exact and other.exact,
        )  # fmt: skip


def placed_fit(row: Row, world: World, target: Array, kind: str, name: str, names: Mapping[str, str] = NO_NAMES) -> Fit:
    """How well a row fits the derivative that it may be, whose right values are the target."""
    key = ("fit", world.state, kind, name, tuple(names.items()), row.said, right_values(target))
    return world.reference.findings.of(key, lambda: fit(row, world, target, kind, name, names))


def fit(row: Row, world: World, target: Array, kind: str, name: str, names: Mapping[str, str] = NO_NAMES) -> Fit:
    """How well a row fits a target; ``names`` puts other names for those that stand there."""
    total = Fit()
    for cell in (*row.members, *row.beside):
        best: Fit | None = None
        for reading in cell.readings:
            found = _one(reading, world, target, kind, name, names)
            if found is not None and (best is None or found.right > best.right):
                best = found
        if best is not None:
            total += best
    return total


def _one(reading: Formula, world: World, target: Array, kind: str, name: str, names: Mapping[str, str]) -> Fit | None:
    try:
        code = compiled(reading)
    except MeaninglessError:
        return None
    if not any(op.kind == LEAF for op in code):
        return _number(reading, world, target)
    if names:
        code = tuple(Op(LEAF, renamed(op.what, names)) if op.kind == LEAF else op for op in code)
    try:
        found = world.listing.finished(value(code, world, world.listing.functions), target)
    except (MeaninglessError, ValueError, np.linalg.LinAlgError):
        return Fit(formulas=1, exact=False)
    if found.shape != target.shape:
        return Fit(formulas=1, exact=False)
    same = agreement(found[:-1].ravel(), target[:-1].ravel()) == EQUAL
    if same:
        formula = renamed(reading, names) if names else reading
        same = not misnamed(formula, world, kind, name)
    return Fit(formulas=1, formulas_right=int(same), exact=same)


def _number(reading: Formula, world: World, target: Array) -> Fit | None:
    numbers = target if target.ndim == 1 else target[:, 0, 0] if target.shape[1:] == (1, 1) else None
    if numbers is None:
        return None
    if not world.reference.pointed and not np.allclose(numbers[:-1], numbers[0]):
        return None
    given = figure(reading)
    exact = given.is_number(float(numbers[0]))
    right = exact or given.is_about(float(numbers[0]), given.open * 3)
    return Fit(values=1, values_right=int(right), exact=exact)


def names_itself(row: Row) -> bool:
    """Whether a row's label stands in one of its own formulas."""
    for cell in row.members:
        if cell.formula is None or cell.formula.head in ("equals", "matrix", "dots", "beside"):
            continue
        if row.label.formula in leaves(compiled(cell.formula)):
            return True
    return False
