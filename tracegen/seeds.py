"""What a sweep starts with: the tangents of inputs, or the adjoints of outputs, as numbers or letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tracegen.errors import ProblemError
from tracegen.evaluation import Evaluation
from tracegen.formula import Formula, names_in
from tracegen.parse import parse
from tracegen.points import check_number
from tracegen.problem import Problem
from tracegen.sources import value_of


def seed_of(given: Mapping[str, Any], problem: Problem, evaluations: Sequence[Evaluation]) -> dict[str, Formula]:
    """The formulas of a direction, by the names of inputs or outputs; names in them are letters.

    Raises ProblemError where there is nothing in it or a letter is a name already, PointError for a number that is
    none.
    """
    if not given:
        raise ProblemError("a direction needs a number or a letter for one name at least")
    taken = {*problem.steps, *problem.outputs, *(entry.name for entry in problem.inputs)}
    taken.update(label.args[0] for evaluation in evaluations for label in evaluation.labels)
    found = {}
    for text, value in given.items():
        formula = found[text] = parse(value, source="direction") if isinstance(value, str) else value_of(value)
        for letter in names_in(formula):
            if letter in taken:
                raise ProblemError(f"{letter} is a name in the lists already; the letters of a direction are others")
        check_number(formula)
    return found
