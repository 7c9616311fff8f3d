"""Says at which line a point is bad: where a line has no value or no derivative, and which convention a kink got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracegen.decimals import ball, balls, precision, rounded
from tracegen.errors import PointError
from tracegen.evaluation import Evaluation, Point
from tracegen.formula import Formula, names_in
from tracegen.notation import unicode
from tracegen.primitives import Primitive
from tracegen.primitives.algebra import BALLS
from tracegen.sweep import constant_value
from tracegen.wengert import Line

_BITS = 192


@dataclass(frozen=True, slots=True)
class KinkAt:
    """A line that has no derivative at the point, and what was used for it."""

    definition: Formula
    used: str


def check_point(evaluation: Evaluation) -> list[KinkAt]:
    """The kinks of a list at its point.

    Raises PointError at the first line that has no finite value there, or no finite derivative; with or without a
    point, for a number in a formula that is none.
    """
    _check_constants(evaluation)
    point = evaluation.point
    if point is None or point.letters or evaluation.wengert.shapes:
        return []
    values = balls(evaluation.wengert, point.inputs, point.parameters, _BITS)
    kinks: list[KinkAt] = []
    for place, line in enumerate(evaluation.wengert):
        if line.primitive is None:
            _check_input(evaluation, place, values[place])
            continue
        operands = [values[operand] for operand in line.operands]
        if not _is_finite(values[place]):
            raise _no_value(evaluation, place, line, point)
        kinks += _kinks(evaluation, place, line.primitive, operands)
        if not _has_partials(line, values[place], operands):
            raise PointError(f"{_shown(evaluation, place)} has no derivative at {_where(evaluation, line, point)}")
    return kinks


def _check_constants(evaluation: Evaluation) -> None:
    """Raise PointError for a number in a formula, or the value of a parameter, that is none: 1/0, log(-1)."""
    for text, value in evaluation.problem.parameters.items():
        if value is not None and not _is_finite(_ball_of(value)):
            raise PointError(f"{unicode(value)}, the value of {text}, is no finite real number")
    if evaluation.wengert.shapes:
        return
    for constant in evaluation.wengert.constants:
        check_number(constant)


def check_number(constant: Formula) -> None:
    """Raise PointError for a constant that is no finite real number; one with letters may be anything."""
    if not names_in(constant) and not _is_finite(_ball_of(constant)):
        raise PointError(f"{unicode(constant)} is no finite real number")


def _ball_of(constant: Formula) -> Any:
    with precision(_BITS):
        return constant_value(constant, BALLS, {}, ball)


def _check_input(evaluation: Evaluation, place: int, value: Any) -> None:
    entry = evaluation.problem.inputs[place]
    if entry.value is not None and not _is_finite(value):
        raise PointError(f"{unicode(entry.value)}, the value of {entry.name}, is no finite real number")


def _is_finite(value: Any) -> bool:
    return bool(value.is_finite())


def _has_partials(line: Line, output: Any, operands: list[Any]) -> bool:
    """Whether the partials by the operands that are lines are finite."""
    assert line.primitive is not None
    if line.primitive.partials is None:
        return True
    try:
        partials = line.primitive.partials(BALLS, output, *operands)
    except ZeroDivisionError:
        return False
    wanted = zip(line.operands, partials, strict=True)
    return all(isinstance(partial, int) or _is_finite(partial) for operand, partial in wanted if operand >= 0)


def _kinks(evaluation: Evaluation, place: int, row: Primitive, operands: list[Any]) -> list[KinkAt]:
    near = [0.0 if operand.contains(0) else float(operand) for operand in operands]
    if len(operands) == 2 and operands[0].overlaps(operands[1]):
        near[1] = near[0]
    definition = Formula("equals", (evaluation.labels[place], evaluation.definition(place)))
    return [KinkAt(definition, kink.used) for kink in row.kinks if kink.where(*near)]


def _no_value(evaluation: Evaluation, place: int, line: Line, point: Point) -> PointError:
    return PointError(f"{_shown(evaluation, place)} has no value at {_where(evaluation, line, point)}")


def _shown(evaluation: Evaluation, place: int) -> str:
    return f"{unicode(evaluation.labels[place])} = {unicode(evaluation.definition(place))}"


def _where(evaluation: Evaluation, line: Line, point: Point) -> str:
    values = balls(evaluation.wengert, point.inputs, point.parameters, _BITS)
    used = [operand for operand in dict.fromkeys(line.operands) if operand >= 0]
    return ", ".join(f"{unicode(evaluation.labels[operand])} = {rounded(values[operand], 6)}" for operand in used)
