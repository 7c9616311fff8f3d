"""What a sweep starts with: the tangents of inputs, or the adjoints of outputs, as numbers or letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from tracegen.errors import ProblemError, ShapeError
from tracegen.evaluation.bad_points import check_number
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, names_in
from tracegen.problems.expression_text import parse, parse_matrix
from tracegen.problems.problem import Problem
from tracegen.problems.problem_file import shape_of
from tracegen.shapes import SCALAR, Dimension, shape_text
from tracegen.sources.input_values import value_of
from tracegen.wengert.wengert_list import ZERO


def seed_of(given: Mapping[str, Any], problem: Problem, evaluations: Sequence[Evaluation]) -> dict[str, Formula]:
    """The formulas of a direction, by the names of inputs or outputs; names in them are letters.

    Raises ProblemError where there is nothing in it or a letter is a name already, PointError for a number that is
    none, ShapeError for numbers of another shape.
    """
    if not given:
        raise ProblemError("a direction needs a number or a letter for one name at least")
    taken = {*problem.steps, *problem.outputs, *(entry.name for entry in problem.inputs)}
    taken.update(label.args[0] for evaluation in evaluations for label in evaluation.labels)
    found = {}
    for text, value in given.items():
        formula = found[text] = _read(value) if isinstance(value, str) else value_of(value)
        for letter in names_in(formula):
            if letter in taken:
                raise ProblemError(f"{letter} is a name in the lists already; the letters of a direction are others")
        check_number(formula)
        _check_shape(text, formula, problem, evaluations)
    return found


def _read(text: str) -> Formula:
    """A number, a letter, or a matrix of these."""
    one = partial(parse, source="direction")
    return parse_matrix(text, one) if text.lstrip().startswith("[") else one(text)


def _check_shape(text: str, formula: Formula, problem: Problem, evaluations: Sequence[Evaluation]) -> None:
    """Raise ShapeError where the numbers of a direction have not the shape of what they are for; 0 fits anything."""
    shapes = {entry.name: entry.shape for entry in problem.inputs}
    for evaluation in evaluations:
        wengert = evaluation.wengert
        shapes.update((output, wengert.shape(operand)) for output, operand in wengert.outputs.items())
    given, shape = shape_of(formula), shapes.get(text, SCALAR)
    if names_in(formula) or formula == ZERO:
        return
    sizes = dict(
        pair for entry in problem.inputs if entry.value for pair in zip(entry.shape, shape_of(entry.value), strict=True)
    )
    wanted = tuple(sizes.get(side, side) for side in shape)
    fits = (side in (size, None) for side, size in zip(map(_known, wanted), given, strict=False))
    if len(given) != len(wanted) or not all(fits):
        raise ShapeError(f"{text} is {shape_text(wanted)}, its direction {shape_text(given)}")


def _known(side: Dimension) -> int | None:
    """A dimension where it is a number."""
    return side if isinstance(side, int) else None
