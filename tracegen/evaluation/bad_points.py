"""Says at which line a point is bad: where a line has no value or no derivative, and which convention a kink got."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracegen.algebra.algebra import Algebra
from tracegen.errors import PointError
from tracegen.evaluation.decimals import MOST_BITS, ball, balls, is_out_of_range, precision, rounded
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, children, names_in
from tracegen.notation import unicode
from tracegen.primitives import Primitive
from tracegen.primitives.algebras import BALL_MATRICES, BALLS
from tracegen.primitives.rule_formulas import local_partials
from tracegen.wengert.sweep import constant_value
from tracegen.wengert.wengert_list import ZERO, Line, WengertList

_BITS = 192
_MOST_BITS_AT_A_KINK = 4096
LARGEST_SHOWN = 16
"""The most elements of a matrix that a message shows."""


@dataclass(frozen=True, slots=True)
class KinkAt:
    """A line that has no derivative at the point, and what was used for it."""

    definition: Formula
    used: str


@dataclass(frozen=True, slots=True)
class NoDerivative:
    """A line whose derivative is infinite or undefined, in words, and the inputs by which that is so."""

    words: str
    by: frozenset[str]


@dataclass(frozen=True, slots=True)
class PointReport:
    """What a list has at its point: every value, but kinks, and lines without a derivative."""

    kinks: list[KinkAt]
    missing: list[NoDerivative]

    def lacks(self, inputs: Iterable[str]) -> NoDerivative | None:
        """The first line that has no derivative by one of some inputs."""
        wanted = set(inputs)
        return next((missing for missing in self.missing if wanted & missing.by), None)


def check_point(evaluation: Evaluation) -> PointReport:
    """The kinks of a list at its point, and the lines that have no derivative there.

    Raises PointError at the first line that has no finite value there; with or without a point, for a number in a
    formula that is none. The place is the output, where there are several or a file.
    """
    try:
        return _at_the_point(evaluation)
    except PointError as error:
        raise bad_point(evaluation, error.message) from None


def bad_point(evaluation: Evaluation, words: str) -> PointError:
    """The error of a list at its point; its place is the output, where there are several or a file."""
    problem, outputs = evaluation.problem, list(evaluation.wengert.outputs)
    if len(outputs) > 1 or not (problem.toml or len(problem.outputs) > 1):
        return PointError(words)
    return PointError(words, problem.place_of(outputs[0]))


def _at_the_point(evaluation: Evaluation) -> PointReport:
    _check_constants(evaluation)
    point = evaluation.point
    if point is None or point.letters:
        return PointReport([], [])
    bits, more = _BITS, True
    while more:  # a ball that covers a pole tells nothing, and a narrower one does
        more = 2 * bits <= MOST_BITS
        values = balls(evaluation.wengert, point.inputs, point.parameters, bits)
        with precision(bits):
            more = more and (_may_have_a_value(evaluation, values) or _may_be_beside_a_kink(evaluation, values, bits))
            if not more:
                return _report(evaluation, values)
        bits *= 2
    raise AssertionError("the last number of bits decides")


def _may_have_a_value(evaluation: Evaluation, values: list[Any]) -> bool:
    """Whether more bits could tell a value of the first line that has none: its operands are no exact numbers."""
    if all(map(_is_finite, values)):
        return False
    line = next((line for line in evaluation.wengert if not _is_finite(values[line.index])), None)
    return line is not None and _is_vague(values[operand] for operand in line.operands)


def _may_be_beside_a_kink(evaluation: Evaluation, values: list[Any], bits: int) -> bool:
    """Whether more bits could tell a line from its kink: what may be 0 is no exact number."""
    if bits >= _MOST_BITS_AT_A_KINK or not any(row.kinks for row in evaluation.wengert.primitives):
        return False
    for line in evaluation.wengert:
        if line.primitive is not None and line.primitive.kinks and _is_finite(values[line.index]):
            operands = [values[operand] for operand in line.operands]
            if _is_vague(operands) and _kinks(evaluation, line.index, line.primitive, operands):
                return True
    return False


def _is_vague(operands: Iterable[Any]) -> bool:
    return any(_is_matrix(operand) or not operand.is_exact() for operand in operands)


def _report(evaluation: Evaluation, values: list[Any]) -> PointReport:
    kinks: list[KinkAt] = []
    missing: list[NoDerivative] = []
    for line in evaluation.wengert:
        _check_value(evaluation, line, values)
        if line.primitive is None:
            continue
        operands = [values[operand] for operand in line.operands]
        kinks += _kinks(evaluation, line.index, line.primitive, operands)
        without = _without_derivative(evaluation, line, values[line.index], operands)
        if without:
            words = f"{_shown(evaluation, line.index)} has no derivative at {_where(evaluation, line, values)}"
            missing.append(NoDerivative(words, _inputs_below(evaluation.wengert, without)))
    return PointReport(kinks, missing)


def _check_value(evaluation: Evaluation, line: Line, values: list[Any]) -> None:
    """Raise PointError where a line has no finite value, or one that is too large."""
    value = values[line.index]
    if line.primitive is None:
        _check_input(evaluation, line.index, value)
        return
    if _is_finite(value):
        return
    shown, where = _shown(evaluation, line.index), _where(evaluation, line, values)
    if not _is_matrix(value) and is_out_of_range(value):
        raise PointError(f"{shown} is too large, or too near 0, to be worked out at {where}")
    operands = [values[operand] for operand in line.operands]
    raise PointError(f"{shown} has no value at {where}{_of_determinant(line, operands)}")


def _inputs_below(wengert: WengertList, operands: Iterable[int]) -> frozenset[str]:
    """The inputs that some operands depend on."""
    below = set(operands)
    for place in range(max(below), len(wengert.inputs) - 1, -1):
        if place in below:
            below.update(operand for operand in wengert.lines[place][1:] if operand >= 0)
    return frozenset(text for place, text in enumerate(wengert.inputs) if place in below)


def _of_determinant(line: Line, operands: list[Any]) -> str:
    """Why there is no inverse, no solution or no logarithm: what the determinant of the matrix is."""
    if line.primitive is None or line.primitive.name not in _NEED_A_DETERMINANT:
        return ""
    with precision(_BITS):
        determinant = BALL_MATRICES.det(operands[0])
    return f", whose determinant is {'0' if determinant.contains(0) else _short(determinant)}"


_NEED_A_DETERMINANT = ("inv", "inv_transpose", "solve", "solve_transpose", "logdet")


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
    """Raise PointError for a constant that is no finite real number; one with letters may be anything.

    Of a matrix, that is so for each element.
    """
    for cell in children(constant) if constant.head == "matrix" else (constant,):
        if not names_in(cell) and not _is_finite(_ball_of(cell)):
            what = "too large to be worked out" if is_out_of_range(_ball_of(cell)) else "no finite real number"
            raise PointError(f"{unicode(cell)} is {what}")


def _ball_of(constant: Formula) -> Any:
    with precision(_BITS):
        return constant_value(constant, BALLS, {}, ball)


def _check_input(evaluation: Evaluation, place: int, value: Any) -> None:
    entry = evaluation.problem.inputs[place]
    if entry.value is not None and not _is_finite(value):
        raise PointError(f"{unicode(entry.value)}, the value of {entry.name}, is no finite real number")


def _is_finite(value: Any) -> bool:
    """Whether a number, or every element of a matrix, is finite."""
    if not _is_matrix(value):
        return bool(value.is_finite())
    return all(bool(element.is_finite()) for element in value.flat)


def _without_derivative(evaluation: Evaluation, line: Line, output: Any, operands: list[Any]) -> list[int]:
    """The operands of a line by which its derivative is not finite: local partials, or a VJP."""
    row = line.primitive
    if row is None or row.multilinear or row.letter is not None:
        return []
    lines = [operand for operand in line.operands if operand >= 0]
    algebra = BALL_MATRICES if any(map(_is_matrix, (output, *operands))) else BALLS
    try:
        partials = _partials(row, algebra, output, operands)
    except ZeroDivisionError:
        return lines
    wanted = zip(line.operands, partials, strict=True)
    bad = [each for each, partial in wanted if each >= 0 and not isinstance(partial, int) and not _is_finite(partial)]
    if not bad or algebra is BALL_MATRICES or len(lines) == len(line.operands):
        return bad
    return [operand for operand in bad if not _is_zero_as_written(evaluation, line, operand)]


def _is_zero_as_written(evaluation: Evaluation, line: Line, operand: int) -> bool:
    """Whether a partial is 0 by its formula: with a constant exponent of 0 it is, though 0·0⁻¹ has no value."""
    assert line.primitive is not None
    formulas = tuple(map(evaluation.label, line.operands))
    partials = local_partials(line.primitive, formulas, evaluation.labels[line.index])
    return all(partial == ZERO for each, partial in zip(line.operands, partials, strict=True) if each == operand)


def _partials(row: Primitive, algebra: Algebra, output: Any, operands: list[Any]) -> Sequence[Any]:
    if row.partials is not None:
        return row.partials(algebra, output, *operands)  # type: ignore[no-any-return]
    assert row.vjp is not None
    return row.vjp(algebra, output, *operands, _ones_like(output))  # type: ignore[no-any-return]


def _kinks(evaluation: Evaluation, place: int, row: Primitive, operands: list[Any]) -> list[KinkAt]:
    """The kinks of a line; of matrices, those that any element has."""
    if not row.kinks:
        return []
    near = [_near(*each) for _, each in _by_element(operands)]
    definition = Formula("equals", (evaluation.labels[place], evaluation.definition(place)))
    return [KinkAt(definition, kink.used) for kink in row.kinks if any(kink.where(*numbers) for numbers in near)]


def _near(*operands: Any) -> list[float]:
    """Numbers as floats; what may be 0 is, and what may be equal is."""
    near = [0.0 if operand.contains(0) else _beside_no_kink(operand) for operand in operands]
    for place, operand in enumerate(operands[1:], 1):
        if operand.overlaps(operands[0]):
            near[place] = near[0]
        elif near[place] == near[0]:
            near[place] = math.nextafter(near[0], math.inf if operand > operands[0] else -math.inf)
    return near


def _beside_no_kink(operand: Any) -> float:
    """A number as a float that is on its side of every float with few digits."""
    near = float(operand)
    if operand.contains(near) or math.isinf(near):
        return near
    return math.nextafter(near, math.inf if operand > near else -math.inf) if (2 * near).is_integer() else near


def _shown(evaluation: Evaluation, place: int) -> str:
    return f"{unicode(evaluation.labels[place])} = {unicode(evaluation.definition(place))}"


def _where(evaluation: Evaluation, line: Line, values: list[Any]) -> str:
    """The values of a line's operands; of an operation element by element, those at the first element that is bad."""
    used = [operand for operand in dict.fromkeys(line.operands) if operand >= 0]
    operand_values = [values[operand] for operand in used]
    at = _first_bad(evaluation, line, values) if any(map(_is_matrix, operand_values)) else None
    shown = []
    for operand, value in zip(used, operand_values, strict=True):
        label = unicode(evaluation.labels[operand])
        if _is_matrix(value) and at is not None:
            row, column = (place % length for place, length in zip(at, value.shape, strict=True))
            label += f"[{row}]" if value.shape[1] == 1 else f"[{row}, {column}]"
            value = value[row, column]
        shown.append(f"{label} = {_short(value)}")
    return ", ".join(shown)


def _first_bad(evaluation: Evaluation, line: Line, values: list[Any]) -> tuple[int, int] | None:
    """Where an operation element by element has no value or no derivative; None of another operation."""
    row = line.primitive
    if row is None or row.partials is None:
        return None
    alone = Line(line.index, row, line.operands)
    for at, (output, *operands) in _by_element([values[line.index], *(values[operand] for operand in line.operands)]):
        if not _is_finite(output) or _without_derivative(evaluation, alone, output, list(operands)):
            return at
    return None


def _short(value: Any) -> str:
    """A number, or a matrix that is small, in six digits."""
    if not _is_matrix(value):
        return str(rounded(value, 6))
    if value.size > LARGEST_SHOWN:
        return f"a matrix of {value.size} elements"
    return f"[{'; '.join(', '.join(str(rounded(cell, 6)) for cell in row) for row in value)}]"


def _is_matrix(value: Any) -> bool:
    return hasattr(value, "shape")


def _ones_like(value: Any) -> Any:
    """An adjoint of a value's shape: ones."""
    return BALL_MATRICES.ones(value.shape[0]) @ BALL_MATRICES.ones(value.shape[1]).T if _is_matrix(value) else ball("1")


def _by_element(operands: Sequence[Any]) -> Iterator[tuple[tuple[int, int], tuple[Any, ...]]]:
    """The elements of operands that go with each other, and their place; numbers go with every element."""
    if not any(map(_is_matrix, operands)):
        yield (0, 0), tuple(operands)
        return
    import numpy as np

    spread = np.broadcast_arrays(*(np.array(operand, dtype=object) for operand in operands))
    for at in np.ndindex(*spread[0].shape):
        yield at, tuple(part[at] for part in spread)
