"""Checks that a trace is right: forward against reverse against differences of the formulas as they were written.

The differences know nothing of lists, rules or sweeps: the formulas are evaluated in ball arithmetic at 320 bits a
little before and behind the point, so that they give the derivative to some 40 digits. Where this does not tell, the
bits are doubled.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from tracegen.algebra.machine import program
from tracegen.errors import CheckError, PointError
from tracegen.evaluation.bad_points import KinkAt
from tracegen.evaluation.decimals import ball, precision
from tracegen.evaluation.evaluation import Evaluation, Point
from tracegen.evaluation.random_points import POINTS, draw, has_values
from tracegen.formula import STRUCTURAL, Formula, name, number, postorder
from tracegen.primitives import find
from tracegen.primitives.algebras import BALL_MATRICES, BALLS, FORMULAS
from tracegen.problems.problem_file import Input
from tracegen.wengert.sweep import constant_value, evaluate, forward, reverse
from tracegen.wengert.wengert_list import ONE, ZERO, WengertList

BITS = (320, 640, 1280, 2560, 10240)
AGREE_BITS = 120
"""Differences over 2^-80 err by 2^-160 times the third derivative; agreement to 2^-120 leaves room for a large one."""

_MOST_UNTOLD = 20
"""So many random points at which nothing can be told are left out."""

DIGITS = int(AGREE_BITS * 0.30103)
_DIRECTION = "#direction"
_BESIDE = 2**20
"""One over how far from a kink a list is checked, and differences are taken."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was compared and agreed: how many sweeps, at how many points, to how many digits, and where these are."""

    sweeps: int
    points: int
    digits: int
    differences: bool
    where: str

    def words(self) -> str:
        """The check in a sentence."""
        against = ", and with differences of the formulas" if self.differences else ""
        agree = f"forward and reverse sweeps agree with each other{against}"
        return f"Checked: {agree}, to {self.digits} digits {self.where}."


def check(evaluation: Evaluation, kinks: Sequence[KinkAt] = (), fixed: Collection[str] = ()) -> Checked:
    """Compare the sweeps of a list along a random direction, for each output.

    ``kinks`` are those at its point, where a derivative is a convention: the list is checked beside it. ``fixed`` are
    the inputs by which there is no derivative at the point; the direction is 0 there. Raises
    CheckError where the sweeps disagree, PointError where no numbers are found to check the list with.
    """
    if evaluation.point is None or not evaluation.is_evaluable:
        found = _compare_at_random(evaluation)
        where = f"at {len(found)} points drawn at random"
    else:
        places, where = _places(evaluation, evaluation.point, bool(kinks))
        found = [_compare(evaluation, point, fixed) for point in places]
    if not found:
        outputs = ", ".join(evaluation.wengert.outputs)
        raise PointError(f"no numbers were found at which every line of {outputs} has a value; give it a point")
    compared = 2 * len(found) * len(evaluation.wengert.outputs)
    return Checked(compared, len(found), DIGITS, all(found), where)


def _compare_at_random(evaluation: Evaluation) -> list[bool]:
    """What is found at points drawn at random. One at which nothing can be told is left out for another, a few times:
    the sizes that were drawn for letters may make a matrix singular, XᵀX of a wide X."""
    found: list[bool] = []
    untold, fault = 0, None
    for point in draw(evaluation, POINTS + _MOST_UNTOLD):
        try:
            found.append(_compare(evaluation, point, ()))
        except PointError as error:
            untold, fault = untold + 1, error
        if len(found) == POINTS:
            return found
    if fault is not None and untold > _MOST_UNTOLD:
        raise fault
    return found


def _places(evaluation: Evaluation, given: Point, at_kink: bool) -> tuple[list[Point], str]:
    """Where a list that has a point is checked, and that in words."""
    if not at_kink:
        return [given], "at the point"
    chosen = random.Random(len(given.inputs))
    symmetric = evaluation.wengert.symmetric
    moved = (_beside(given, chosen, symmetric) for _ in range(2 * _BESIDE.bit_length()))
    return [point for point in moved if has_values(evaluation, point)][:1], "beside the point, which is at a kink"


def _beside(point: Point, chosen: random.Random, symmetric: Collection[int]) -> Point:
    """A point a little away, each element in a direction of its own."""

    def moved(value: Formula) -> Formula:
        return Formula("add", (value, Formula("div", (number(chosen.randint(-99, 99)), number(_BESIDE)))))

    inputs = []
    for place, value in enumerate(point.inputs):
        if value.head != "matrix":
            inputs.append(moved(value))
            continue
        rows = [[moved(cell) for cell in row] for row in value.args]
        for at in range(len(rows) if place in symmetric else 0):
            rows[at][:at] = [rows[other][at] for other in range(at)]
        inputs.append(Formula("matrix", tuple(map(tuple, rows))))
    return replace(point, inputs=tuple(inputs))


def _compare(evaluation: Evaluation, point: Point, fixed: Collection[str]) -> bool:
    """Compare what a list gives at a point, with more and more bits; whether there were differences to compare with."""
    for bits in BITS:
        with precision(bits):
            comparison = _Comparison(evaluation, point, bits, fixed)
            agreed = all(comparison.agrees(output) for output in evaluation.wengert.outputs)
        if agreed:
            return all(comparison.differs.values())
    if comparison.fault:
        raise CheckError(f"{comparison.fault}, as far as {BITS[-1]:,} bits tell")
    outputs = ", ".join(evaluation.wengert.outputs)
    raise PointError(f"the derivative of {outputs} can't be told here, even with {BITS[-1]:,} bits: give another point")


class _Comparison:
    """A list's derivative along one direction at one point, got in three ways; made and used at a precision."""

    def __init__(self, evaluation: Evaluation, point: Point, bits: int, fixed: Collection[str] = ()) -> None:
        self.differs: dict[str, bool] = {}
        self.fault = ""
        self._evaluation = evaluation
        self._wengert = evaluation.sampled
        self._bits = bits
        self._algebra = BALL_MATRICES if self._wengert.shapes else BALLS
        self._known = {text: self._value(value) for text, value in point.parameters.items()}
        self._inputs = [self._value(value) for value in point.inputs]
        chosen = random.Random(len(self._inputs))  # the same for the same problem, so that a failure can be repeated
        entries = evaluation.problem.inputs
        directions = [_moved(value, chosen, entry) for value, entry in zip(self._inputs, entries, strict=True)]
        self._direction = {place: moved for place, moved in enumerate(directions) if entries[place].name not in fixed}

    def agrees(self, output: str) -> bool:
        """Whether all that was got for an output is the same; ``fault`` says in words what is not."""
        place = self._evaluation.output(output)
        values, tangents = self._forward
        along, across = _total(tangents[place]), self._reverse(output)
        if not self._same(f"forward and reverse of {output}", along, across):
            return False
        difference = self._difference(output, _total(values[place]), along)
        self.differs[output] = bool(difference.is_finite())
        return not self.differs[output] or self._same(f"the sweeps of {output} and differences", across, difference)

    def _same(self, what: str, a: Any, b: Any) -> bool:
        """Whether two balls lie, as wide as they are, within 2^-AGREE_BITS of their size of each other."""
        room = (abs(a) + abs(b) + 1) / 2**AGREE_BITS
        if abs(a - b) < room:
            return True
        if abs(a - b) > room:
            self.fault = f"{what} disagree: {a.str(DIGITS)} against {b.str(DIGITS)}"
        return False

    def _value(self, formula: Formula) -> Any:
        return constant_value(formula, self._algebra, {}, ball)

    def _evaluate(self, wengert: WengertList, inputs: list[Any], known: Mapping[str, Any]) -> list[Any]:
        return evaluate(wengert, self._algebra, inputs, known, ball)

    @cached_property
    def _forward(self) -> tuple[list[Any], list[Any]]:
        """The values of the lines and their tangents, by a forward sweep whose seed is the direction."""
        letters = {place: f"{_DIRECTION}{place}" for place in self._direction}
        seed = [name(letters[place]) if place in letters else ZERO for place in range(len(self._inputs))]
        swept = forward(self._wengert, seed)
        known = self._known | {letters[place]: moved for place, moved in self._direction.items()}
        values = self._evaluate(swept.wengert, self._inputs, known)
        return values, [values[operand] for operand in swept.of]

    def _reverse(self, output: str) -> Any:
        """By a reverse sweep, and the inner product of the inputs' adjoints with the direction."""
        operand = self._evaluation.output(output)
        shape = self._wengert.shape(operand)
        swept = reverse(self._wengert, {operand: FORMULAS.ones_of(shape).formula if shape else ONE}, keep=False)
        values = self._evaluate(swept.wengert, self._inputs, self._known)
        total = ball("0")
        for place, direction in self._direction.items():
            total += _total(values[swept.of[place]] * direction)
        return total

    def _difference(self, output: str, value: Any, derivative: Any) -> Any:
        """By a central difference: of the formulas as they were written, or of a list of matrices as it was lowered.

        The steeper the function is for its size, the smaller the step.
        """
        steepness = abs(derivative) / (abs(value) + 1) + 1
        step = ball("1") / 2 ** (self._bits // 4) / steepness.mid()
        above, below = (
            [
                value + sign * step * self._direction[place] if place in self._direction else value
                for place, value in enumerate(self._inputs)
            ]
            for sign in (1, -1)
        )
        written = self._written(output)
        return (_total(written(above)) - _total(written(below))) / (2 * step)

    def _written(self, output: str) -> Callable[[list[Any]], Any]:
        """An output as a function of the inputs, by its formulas as they were written where they are of numbers."""
        problem, operand = self._evaluation.problem, self._evaluation.output(output)
        written = {step: problem.steps[step] for step in problem.used([output])} | {"": problem.outputs[output]}
        if self._wengert.shapes or self._wengert.functions or not _are_of_numbers(written.values()):
            return lambda inputs: self._evaluate(self._wengert, inputs, self._known)[operand]
        programs = {step: program(formula) for step, formula in written.items()}

        def value(inputs: list[Any]) -> Any:
            values = dict(self._known)
            values.update((entry.name, value) for entry, value in zip(problem.inputs, inputs, strict=True))
            for step, compiled in programs.items():
                values[step] = compiled.value(BALLS, ball, values.__getitem__)
            return values[""]

        return value


def _are_of_numbers(written: Iterable[Formula]) -> bool:
    """Whether formulas have operations of numbers only, which need no shapes to mean something."""
    heads = {node.head for formula in written for node in postorder(formula)} - STRUCTURAL
    found = [find(head) for head in heads]
    return all(row is not None and row.elementwise for row in found)


def _moved(value: Any, chosen: random.Random, entry: Input) -> Any:
    """A random direction of a value's shape; symmetric where the input is, and without a sum for probabilities."""
    if not hasattr(value, "shape"):
        return ball(str(chosen.randint(1, 9) * chosen.choice((-1, 1))))
    direction = value.copy()
    for at in range(value.shape[0]):
        for other in range(value.shape[1]):
            direction[at, other] = ball(str(chosen.randint(-9, 9)))
    if entry.has_probabilities:
        axis = 0 if direction.shape[1] == 1 else 1
        return direction - direction.sum(axis=axis, keepdims=True) / direction.shape[axis]
    return direction + direction.T if entry.symmetric else direction


def _total(value: Any) -> Any:
    return sum(value.flat, ball("0")) if hasattr(value, "flat") else value
