"""A problem is written as a file that is read back as the same problem, whatever operation is in it."""

from __future__ import annotations

import pytest

from tracegen import Problem
from tracegen.primitives import Primitive, rows
from tracegen.publish.worksheet.problem_toml import to_toml

PARTS = ("slice", "entry", "index", "pad", "zeros")
"""Operations that are written by brackets, or are made by tracegen alone."""

OPERATIONS = [row for row in rows() if not row.letter and not row.composite and row.name not in PARTS]
SHAPES = {"a number": "0.5", "a matrix": '{ shape = ["N", "N"] }'}


@pytest.mark.parametrize("of", SHAPES)
@pytest.mark.parametrize("row", OPERATIONS, ids=[row.name for row in OPERATIONS])
def test_every_operation_is_read_back_as_itself(row: Primitive, of: str) -> None:
    if row.shapes is not None and of == "a number":
        pytest.skip("it takes matrices")
    names = [f"x{at}" for at in range(row.arity)]
    inputs = "\n".join(f"{name} = {SHAPES[of]}" for name in names)
    formula = f"{row.name}({', '.join(names)})"
    problem = Problem.from_toml(f'[inputs]\n{inputs}\n[steps]\nh = "{formula}"\n[outputs]\ny = "2*h"\n')
    again = Problem.from_toml(to_toml(problem))
    assert (again.steps, again.outputs, again.inputs) == (problem.steps, problem.outputs, problem.inputs)
