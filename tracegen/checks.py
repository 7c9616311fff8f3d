"""Checks that a trace is right: forward against reverse against differences of the formulas as they were written.

The differences know nothing of lists, rules or sweeps: the formulas are evaluated in ball arithmetic at 300 bits a
little before and behind the point, so that they give the derivative to some 40 digits.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracegen.decimals import ball, precision
from tracegen.draw import draw
from tracegen.errors import CheckError
from tracegen.evaluation import Evaluation, Point
from tracegen.formula import STRUCTURAL, Formula, name, postorder
from tracegen.points import check_point
from tracegen.primitives import find
from tracegen.primitives.algebra import BALLS
from tracegen.primitives.arrays import BALL_MATRICES
from tracegen.primitives.term import ones
from tracegen.sweep import constant_value, evaluate, forward, reverse
from tracegen.wengert import ONE, WengertList

BITS = 320
STEP_BITS = 80
AGREE_BITS = 120
"""Differences over 2^-80 err by 2^-160 times the third derivative; agreement to 2^-120 leaves room for a large one."""

_DIRECTION = "#direction"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was compared and agreed: how many sweeps, at how many points, to how many digits."""

    sweeps: int
    points: int
    digits: int
    differences: bool

    def words(self) -> str:
        """The check in a sentence."""
        against = ", and with differences of the formulas" if self.differences else ""
        at = "the point" if self.points == 1 else f"{self.points} points drawn at random"
        return f"Checked: forward and reverse sweeps agree with each other{against}, to {self.digits} digits at {at}."


def check(evaluation: Evaluation) -> Checked:
    """Compare the sweeps of a list along a random direction, for each output.

    Raises CheckError where they disagree, PointError where the point is bad.
    """
    kinks = check_point(evaluation)
    given = evaluation.point
    points = [given] if given and evaluation.is_evaluable else list(draw(evaluation))
    compared = 0
    for point in points:
        for output in evaluation.wengert.outputs:
            _compare(evaluation, output, point, differences=not kinks)
            compared += 1
    return Checked(2 * compared, len(points), int(AGREE_BITS * 0.30103), not kinks)


def _compare(evaluation: Evaluation, output: str, point: Point, *, differences: bool) -> None:
    with precision(BITS):
        comparison = _Comparison(evaluation, output, point)
        forward, reverse = comparison.forward(), comparison.reverse()
        if not _agree(forward, reverse):
            raise CheckError(f"forward and reverse of {output} disagree: {forward} against {reverse}")
        if not differences:
            return
        difference = comparison.difference()
        if difference.is_finite() and not _agree(reverse, difference):
            raise CheckError(f"the sweeps of {output} disagree with differences: {reverse} against {difference}")


class _Comparison:
    """One output's derivative along one direction at one point, got in three ways; made at the precision of BITS."""

    def __init__(self, evaluation: Evaluation, output: str, point: Point) -> None:
        self._evaluation = evaluation
        self._output = output
        self._wengert = evaluation.sampled
        self._operand = evaluation.output(output)
        self._algebra = BALL_MATRICES if self._wengert.shapes else BALLS
        self._known = {text: self._value(value) for text, value in point.parameters.items()}
        self._inputs = [self._value(value) for value in point.inputs]
        chosen = random.Random(len(self._inputs))  # the same for the same problem, so that a failure can be repeated
        self._direction = [_moved(value, chosen) for value in self._inputs]

    def _value(self, formula: Formula) -> Any:
        return constant_value(formula, self._algebra, {}, ball)

    def _evaluate(self, wengert: WengertList, inputs: list[Any], known: Mapping[str, Any]) -> list[Any]:
        return evaluate(wengert, self._algebra, inputs, known, ball)

    def forward(self) -> Any:
        """By a forward sweep whose seed is the direction."""
        letters = [f"{_DIRECTION}{place}" for place in range(len(self._inputs))]
        swept = forward(self._wengert, [name(letter) for letter in letters])
        known = self._known | dict(zip(letters, self._direction, strict=True))
        return _total(self._evaluate(swept.wengert, self._inputs, known)[swept.of[self._operand]])

    def reverse(self) -> Any:
        """By a reverse sweep, and the inner product of the inputs' adjoints with the direction."""
        shape = self._wengert.shape(self._operand)
        swept = reverse(self._wengert, {self._operand: ones(shape).formula if shape else ONE}, keep=False)
        values = self._evaluate(swept.wengert, self._inputs, self._known)
        total = ball("0")
        for place, direction in enumerate(self._direction):
            total += _total(values[swept.of[place]] * direction)
        return total

    def difference(self) -> Any:
        """By a central difference: of the formulas as they were written, or of a list of matrices as it was lowered."""
        step = ball("1") / 2**STEP_BITS
        ends = [
            self._written(
                [value + sign * step * move for value, move in zip(self._inputs, self._direction, strict=True)]
            )
            for sign in (1, -1)
        ]
        return (_total(ends[0]) - _total(ends[1])) / (2 * step)

    def _written(self, inputs: list[Any]) -> Any:
        if self._wengert.shapes or self._wengert.functions or not _is_of_numbers(self._evaluation, self._output):
            return self._evaluate(self._wengert, inputs, self._known)[self._operand]
        problem = self._evaluation.problem
        values = dict(self._known)
        values.update((entry.name, value) for entry, value in zip(problem.inputs, inputs, strict=True))
        for step in problem.used([self._output]):
            values[step] = constant_value(problem.steps[step], BALLS, values, ball)
        return constant_value(problem.outputs[self._output], BALLS, values, ball)


def _is_of_numbers(evaluation: Evaluation, output: str) -> bool:
    """Whether the formulas of an output have operations of numbers only, which need no shapes to mean something."""
    problem = evaluation.problem
    written = [problem.outputs[output], *(problem.steps[step] for step in problem.used([output]))]
    heads = {node.head for formula in written for node in postorder(formula)} - STRUCTURAL
    found = [find(head) for head in heads]
    return all(row is not None and row.elementwise for row in found)


def _moved(value: Any, chosen: random.Random) -> Any:
    """A random direction of a value's shape; symmetric where the value is."""
    if not hasattr(value, "shape"):
        return ball(str(chosen.randint(1, 9) * chosen.choice((-1, 1))))
    direction = value.copy()
    for at in range(value.shape[0]):
        for other in range(value.shape[1]):
            direction[at, other] = ball(str(chosen.randint(-9, 9)))
    if value.shape[0] == value.shape[1]:
        return direction + direction.T
    return direction


def _total(value: Any) -> Any:
    return sum(value.flat, ball("0")) if hasattr(value, "flat") else value


def _agree(a: Any, b: Any) -> bool:
    """Whether two balls overlap once each may err by 2^-AGREE_BITS of its size."""
    from flint import arb

    room = (abs(a) + abs(b) + 1) * arb(0, 1) / 2**AGREE_BITS
    return bool((a - b + room).contains(0))
