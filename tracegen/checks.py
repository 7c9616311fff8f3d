"""Checks that a trace is right: forward against reverse against differences of the formulas as they were written.

The differences know nothing of lists, rules or sweeps: the formulas are evaluated in ball arithmetic at 300 bits a
little before and behind the point, so that they give the derivative to some 40 digits.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracegen.decimals import ball, precision
from tracegen.errors import CheckError
from tracegen.evaluation import Evaluation, Point
from tracegen.formula import Formula, number
from tracegen.points import check_point
from tracegen.primitives.algebra import BALLS
from tracegen.problem import Problem
from tracegen.sweep import constant_value, evaluate
from tracegen.wengert import ONE

BITS = 320
STEP_BITS = 80
AGREE_BITS = 120
"""Differences over 2^-80 err by 2^-160 times the third derivative; agreement to 2^-120 leaves room for a large one."""

_TRIES = 40


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
    points = [given] if given and not given.letters else _sample(evaluation)
    compared = 0
    for point in points:
        for output in evaluation.wengert.outputs:
            _compare(evaluation, output, point, differences=not kinks)
            compared += 1
    return Checked(2 * compared, len(points), int(AGREE_BITS * 0.30103), not kinks)


def _compare(evaluation: Evaluation, output: str, point: Point, *, differences: bool) -> None:
    direction = [number(chosen) for chosen in _direction(len(evaluation.wengert.inputs))]
    with precision(BITS):
        known = {text: constant_value(value, BALLS, {}, ball) for text, value in point.parameters.items()}
        inputs = [constant_value(value, BALLS, known, ball) for value in point.inputs]
        forward = _forward(evaluation, output, direction, inputs, known)
        reverse = _reverse(evaluation, output, direction, inputs, known)
        if not _agree(forward, reverse):
            raise CheckError(f"forward and reverse of {output} disagree: {forward} against {reverse}")
        if not differences:
            return
        steps = [constant_value(chosen, BALLS, {}, ball) for chosen in direction]
        difference = _difference(evaluation.problem, output, inputs, steps, known)
        if difference.is_finite() and not _agree(reverse, difference):
            raise CheckError(f"the sweeps of {output} disagree with differences: {reverse} against {difference}")


def _direction(count: int) -> list[int]:
    chosen = random.Random(count)  # the same direction for the same problem, so that a failure can be repeated
    return [chosen.randint(1, 9) * chosen.choice((-1, 1)) for _ in range(count)]


def _forward(
    evaluation: Evaluation, output: str, direction: Sequence[Formula], inputs: list[Any], known: Mapping[str, Any]
) -> Any:
    swept, _ = evaluation.tangents(direction)
    return evaluate(swept.wengert, BALLS, inputs, known, ball)[swept.of[evaluation.output(output)]]


def _reverse(
    evaluation: Evaluation, output: str, direction: Sequence[Formula], inputs: list[Any], known: Mapping[str, Any]
) -> Any:
    swept, _ = evaluation.adjoints({output: ONE})
    values = evaluate(swept.wengert, BALLS, inputs, known, ball)
    total = ball("0")
    for place, chosen in enumerate(direction):
        total += values[swept.of[place]] * constant_value(chosen, BALLS, {}, ball)
    return total


def _difference(problem: Problem, output: str, inputs: list[Any], steps: list[Any], known: Mapping[str, Any]) -> Any:
    """The central difference of an output along a direction, from the formulas as they were written."""
    step = ball("1") / 2**STEP_BITS
    ahead, behind = (
        _written(
            problem, output, [value + sign * step * move for value, move in zip(inputs, steps, strict=True)], known
        )
        for sign in (1, -1)
    )
    return (ahead - behind) / (2 * step)


def _written(problem: Problem, output: str, inputs: list[Any], known: Mapping[str, Any]) -> Any:
    """The value of an output, straight from the formulas."""
    values = dict(known)
    values.update((entry.name, value) for entry, value in zip(problem.inputs, inputs, strict=True))
    for step in problem.used([output]):
        values[step] = constant_value(problem.steps[step], BALLS, values, ball)
    return constant_value(problem.outputs[output], BALLS, values, ball)


def _agree(a: Any, b: Any) -> bool:
    """Whether two balls overlap once each may err by 2^-AGREE_BITS of its size."""
    from flint import arb

    room = (abs(a) + abs(b) + 1) * arb(0, 1) / 2**AGREE_BITS
    return bool((a - b + room).contains(0))


def _sample(evaluation: Evaluation) -> list[Point]:
    """Points at which the list has values, for a problem that has none."""
    chosen = random.Random(1)
    found: list[Point] = []
    for attempt in range(_TRIES):
        low, high = ((0.4, 1.9), (0.1, 0.9), (-0.9, 0.9), (1.1, 4.0))[attempt % 4]
        inputs = tuple(_figure(chosen.uniform(low, high)) for _ in evaluation.wengert.inputs)
        parameters = {text: _figure(chosen.uniform(low, high)) for text in evaluation.problem.parameters}
        point = Point(inputs, parameters, evaluation.convention.digits)
        if _has_value(evaluation, point):
            found.append(point)
        if len(found) == 2:
            break
    return found


def _figure(value: float) -> Formula:
    return number(round(value * 1000)) if value == 0 else Formula("div", (number(round(value * 1000)), number(1000)))


def _has_value(evaluation: Evaluation, point: Point) -> bool:
    from tracegen.decimals import balls

    values = balls(evaluation.wengert, point.inputs, point.parameters, 64)
    return all(values[place].is_finite() for place in range(len(evaluation.wengert)))
