"""Local partials over the names of lines: the rule filled with names is the rule worked out over the names."""

from __future__ import annotations

import pytest

from tracegen.algebra.constructors import add
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, name, number
from tracegen.notation.profiles import Convention
from tracegen.primitives import Primitive, rows
from tracegen.primitives.rule_formulas import local_partials
from tracegen.problems.problem import Problem
from tracegen.problems.problem_file import Input
from tracegen.rules.local_partials import SLOTS, Partials
from tracegen.wengert.wengert_list import Builder

SCALARS = [row for row in rows() if row.partials is not None and row.arity > 0]


def evaluation_of(row: Primitive, operands: list[Formula], reuse: str) -> Evaluation:
    """A list of one line."""
    builder = Builder.of(["x", "y"])
    places = {name("x"): 0, name("y"): 1}
    line = builder.append(row.name, tuple(places[of] if of in places else builder.constant(of) for of in operands))
    builder.list.outputs["f"] = line
    problem = Problem((Input("x"), Input("y")), {"f": Formula("mul", (name("x"), name("y")))})
    return Evaluation(problem, builder.list, Convention(inputs="own", reuse=reuse))


@pytest.mark.parametrize("reuse", ["operand", "output"])
@pytest.mark.parametrize("given", ["xy", "yx", "xx", "x2", "2x"])
@pytest.mark.parametrize("row", SCALARS, ids=lambda row: row.name)
def test_a_rule_is_filled_as_if_it_were_worked_out(row: Primitive, given: str, reuse: str) -> None:
    operands = [number(int(char)) if char.isdigit() else name(char) for char in (given + "y")[: row.arity]]
    evaluation = evaluation_of(row, operands, reuse)
    place = len(evaluation.wengert) - 1
    output = evaluation.labels[place] if reuse == "output" else evaluation.definition(place)
    found = Partials(evaluation).of(place)
    wanted: dict[Formula, Formula] = {}
    for formula, partial in zip(operands, local_partials(row, tuple(operands), output), strict=True):
        if formula.head == "name":
            wanted[formula] = add(wanted[formula], partial) if formula in wanted else partial
    assert {evaluation.labels[operand]: partial for operand, partial in found.items()} == wanted
    for operand, partial in found.items():
        assert Partials(evaluation).by(place, operand) == partial


def test_no_row_has_more_operands_than_there_are_slots() -> None:
    assert max(row.arity for row in SCALARS) <= len(SLOTS)
