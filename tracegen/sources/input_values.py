"""The inputs of a problem: their values at a point and their shapes, as a caller gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tracegen.errors import ProblemError
from tracegen.formula import Formula, names_in
from tracegen.problems.expression_text import parse_matrix, parse_value
from tracegen.problems.problem import Problem
from tracegen.problems.problem_file import Input, is_dimension, shape_of
from tracegen.shapes import SCALAR, Shape

Point = Mapping[str, Any] | Sequence[Any] | None
"""The values of inputs: by their names, or in their order."""

Shapes = Mapping[str, Any]
"""The shapes of inputs by their names, such as ``("K", "N")``."""


def at_point(problem: Problem, at: Point) -> Problem:
    """The problem at another point, or as it is where there is none."""
    if at is None:
        return problem
    names = [entry.name for entry in problem.inputs]
    values = point_values(names, at)
    inputs = tuple(replace(entry, value=values.get(entry.name, entry.value)) for entry in problem.inputs)
    return replace(problem, inputs=inputs)


def shape_from(text: str, shape: Any) -> Shape:
    """A shape that a user gives: letters and numbers, one or two; ``("N",)`` is a column.

    Raises ProblemError for anything else.

    >>> shape_from("x", ["N"])
    ('N', 1)
    """
    sides = (shape,) if isinstance(shape, str | int) else tuple(shape)
    if len(sides) > 2 or not all(map(is_dimension, sides)):
        raise ProblemError(f'the shape of {text} is letters or numbers such as ("N", 1), not {shape!r}')
    return SCALAR if sides in ((), (1,), (1, 1)) else (*sides, 1)[:2]


def input_of(text: str, value: Formula | None, shape: Shape | None = None) -> Input:
    """An input of a value and a shape, which is that of the value where none is given."""
    if shape is None:
        shape = shape_of(value) if value is not None else SCALAR
    return Input(text, value, shape)


def point_values(names: Sequence[str], at: Point) -> dict[str, Formula]:
    """The values at a point that has any, by the names of the inputs.

    Raises ProblemError for a value of what is no input, and for too many or too few of them.
    """
    if at is None:
        return {}
    if not isinstance(at, Mapping):
        values = list(at)
        if len(values) != len(names):
            given = f"{len(values)} value{'s' * (len(values) != 1)}"
            raise ProblemError(f"the point has {given} for the {len(names)} inputs {', '.join(names)}")
        at = dict(zip(names, values, strict=True))
    for text in at:
        if text not in names:
            raise ProblemError(f"the point has a value for {text}, which is no input; there are {', '.join(names)}")
    found = {text: exact_value(text, value) for text, value in at.items()}
    return {text: value for text, value in found.items() if value is not None}


def exact_value(text: str, value: Any) -> Formula | None:
    """The formula of a value of an input or a parameter; None where it has none.

    Raises ProblemError where there is a name in it.
    """
    if value is None:
        return None
    formula = value_of(value)
    for used in names_in(formula):
        raise ProblemError(f"the value of {text} has {used} in it; a value is a number")
    return formula


def value_of(value: Any) -> Formula:
    """The formula of a value: a number, an exact text, or lists of these for a matrix, which may be a text, too.

    Raises ProblemError where rows differ in length, ParseError where a number can't be read.

    >>> value_of([[1, 2], [3, 4]]).head
    'matrix'
    """
    if isinstance(value, Formula):
        return value
    if isinstance(value, str) and value.lstrip().startswith("["):
        return parse_matrix(value, parse_value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        rows = [row if isinstance(row, list | tuple) else [row] for row in value]
        if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
            raise ProblemError("the rows of a matrix have to be of one length")
        return Formula("matrix", tuple(tuple(value_of(cell) for cell in row) for row in rows))
    if hasattr(value, "free_symbols"):
        from tracegen.symbolic.sympy_expressions import formula_of_sympy

        return formula_of_sympy(value)
    return parse_value(value)
