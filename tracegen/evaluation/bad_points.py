"""Says at which line a point is bad: where a line has no value or no derivative, and which convention a kink got."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tracegen.algebra.algebra import Algebra
from tracegen.errors import PointError
from tracegen.evaluation.decimals import ball, balls, precision, rounded
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, children, names_in
from tracegen.notation import unicode
from tracegen.primitives import Primitive
from tracegen.primitives.algebras import BALL_MATRICES, BALLS
from tracegen.wengert.sweep import constant_value
from tracegen.wengert.wengert_list import Line

_BITS = 192
LARGEST_SHOWN = 16
"""The most elements of a matrix that a message shows."""


@dataclass(frozen=True, slots=True)
class KinkAt:
    """A line that has no derivative at the point, and what was used for it."""

    definition: Formula
    used: str


def check_point(evaluation: Evaluation) -> list[KinkAt]:
    """The kinks of a list at its point.

    Raises PointError at the first line that has no finite value there, or no finite derivative; with or without a
    point, for a number in a formula that is none. The place is the output, where there are several or a file.
    """
    try:
        return _kinks_at_the_point(evaluation)
    except PointError as error:
        problem, outputs = evaluation.problem, list(evaluation.wengert.outputs)
        if len(outputs) > 1 or not (problem.toml or len(problem.outputs) > 1):
            raise
        raise PointError(error.message, problem.place_of(outputs[0])) from None


def _kinks_at_the_point(evaluation: Evaluation) -> list[KinkAt]:
    _check_constants(evaluation)
    point = evaluation.point
    if point is None or point.letters:
        return []
    values = balls(evaluation.wengert, point.inputs, point.parameters, _BITS)
    with precision(_BITS):
        return [kink for line in evaluation.wengert for kink in _kinks_of(evaluation, line, values)]


def _kinks_of(evaluation: Evaluation, line: Line, values: list[Any]) -> list[KinkAt]:
    """The kinks of a line. Raises PointError where it has no finite value or derivative."""
    place = line.index
    if line.primitive is None:
        _check_input(evaluation, place, values[place])
        return []
    operands = [values[operand] for operand in line.operands]
    if not _is_finite(values[place]):
        shown, where = _shown(evaluation, place), _where(evaluation, line, values)
        raise PointError(f"{shown} has no value at {where}{_of_determinant(line, operands)}")
    if not _has_derivative(line, values[place], operands):
        shown, where = _shown(evaluation, place), _where(evaluation, line, values)
        raise PointError(f"{shown} has no derivative at {where}")
    return _kinks(evaluation, place, line.primitive, operands)


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
            raise PointError(f"{unicode(cell)} is no finite real number")


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


def _has_derivative(line: Line, output: Any, operands: list[Any]) -> bool:
    """Whether the derivative by the operands that are lines is finite: local partials, or a VJP."""
    row = line.primitive
    assert row is not None
    if row.multilinear or row.letter is not None:
        return True
    algebra = BALL_MATRICES if any(map(_is_matrix, (output, *operands))) else BALLS
    try:
        partials = _partials(row, algebra, output, operands)
    except ZeroDivisionError:
        return False
    wanted = zip(line.operands, partials, strict=True)
    return all(isinstance(partial, int) or _is_finite(partial) for operand, partial in wanted if operand >= 0)


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
    near = [0.0 if operand.contains(0) else float(operand) for operand in operands]
    if len(operands) == 2 and operands[0].overlaps(operands[1]):
        near[1] = near[0]
    return near


def _shown(evaluation: Evaluation, place: int) -> str:
    return f"{unicode(evaluation.labels[place])} = {unicode(evaluation.definition(place))}"


def _where(evaluation: Evaluation, line: Line, values: list[Any]) -> str:
    """The values of a line's operands; of an operation element by element, those at the first element that is bad."""
    used = [operand for operand in dict.fromkeys(line.operands) if operand >= 0]
    operand_values = [values[operand] for operand in used]
    at = _first_bad(line, values) if any(map(_is_matrix, operand_values)) else None
    shown = []
    for operand, value in zip(used, operand_values, strict=True):
        label = unicode(evaluation.labels[operand])
        if _is_matrix(value) and at is not None:
            row, column = (place % length for place, length in zip(at, value.shape, strict=True))
            label += f"[{row}]" if value.shape[1] == 1 else f"[{row}, {column}]"
            value = value[row, column]
        shown.append(f"{label} = {_short(value)}")
    return ", ".join(shown)


def _first_bad(line: Line, values: list[Any]) -> tuple[int, int] | None:
    """Where an operation element by element has no value or no derivative; None of another operation."""
    row = line.primitive
    if row is None or row.partials is None:
        return None
    alone = Line(line.index, row, line.operands)
    for at, (output, *operands) in _by_element([values[line.index], *(values[operand] for operand in line.operands)]):
        if not _is_finite(output) or not _has_derivative(alone, output, operands):
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
