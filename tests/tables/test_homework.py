"""The homework's problem 1, cell by cell: the numbering, rules and values of a careful hand."""

from __future__ import annotations

import pytest
import sympy
from sympy.parsing.sympy_parser import parse_expr

from tracegen.examples import path_of
from tracegen.notation import latex
from tracegen.traces import Trace, trace

# row, definition, value, tangent rule, along x1, along x2, adjoint rule, adjoint
Y1 = """
v0 | x_1 | 2 | 1 | 1 | 0 | \\bar v_7 \\frac{\\partial v_7}{\\partial v_0} = \\bar v_7 v_6 | sin(3)
v1 | x_2 | 1 | 0 | 0 | 1 | \\bar v_2 \\frac{\\partial v_2}{\\partial v_1} + \\bar v_4 \\frac{\\partial v_4}{\\partial v_1} = 2 \\bar v_2 + 2 v_1 \\bar v_4 | 2*exp(2) + 12*cos(3)
v2 | 2 v_1 | 2 | 2 \\dot v_1 | 0 | 2 | \\bar v_3 \\frac{\\partial v_3}{\\partial v_2} = \\bar v_3 \\exp(v_2) | exp(2)
v3 | \\exp(v_2) | exp(2) | \\exp(v_2) \\dot v_2 | 0 | 2*exp(2) | \\bar v_8 \\frac{\\partial v_8}{\\partial v_3} = \\bar v_8 | 1
v4 | v_1^2 | 1 | 2 v_1 \\dot v_1 | 0 | 2 | \\bar v_5 \\frac{\\partial v_5}{\\partial v_4} = 3 \\bar v_5 | 6*cos(3)
v5 | 3 v_4 | 3 | 3 \\dot v_4 | 0 | 6 | \\bar v_6 \\frac{\\partial v_6}{\\partial v_5} = \\bar v_6 \\cos(v_5) | 2*cos(3)
v6 | \\sin(v_5) | sin(3) | \\cos(v_5) \\dot v_5 | 0 | 6*cos(3) | \\bar v_7 \\frac{\\partial v_7}{\\partial v_6} = \\bar v_7 v_0 | 2
v7 | v_0 v_6 | 2*sin(3) | v_0 \\dot v_6 + v_6 \\dot v_0 | sin(3) | 12*cos(3) | \\bar v_8 \\frac{\\partial v_8}{\\partial v_7} = \\bar v_8 | 1
v8 | v_3 + v_7 | exp(2) + 2*sin(3) | \\dot v_3 + \\dot v_7 | sin(3) | 2*exp(2) + 12*cos(3) | \\frac{\\partial y}{\\partial v_8} | 1
"""  # noqa: E501

Y2 = """
v0 | x_1 | 2 | 1 | 1 | 0 | \\bar v_2 \\frac{\\partial v_2}{\\partial v_0} = \\bar v_2 v_1 | 1
v1 | x_2 | 1 | 0 | 0 | 1 | \\bar v_3 \\frac{\\partial v_3}{\\partial v_1} + \\bar v_2 \\frac{\\partial v_2}{\\partial v_1} = -\\bar v_3 + \\bar v_2 v_0 | 2 + exp(-1)/(1+exp(-1))**2
v2 | v_0 v_1 | 2 | v_0 \\dot v_1 + v_1 \\dot v_0 | 1 | 2 | \\bar v_7 \\frac{\\partial v_7}{\\partial v_2} = \\bar v_7 | 1
v3 | -v_1 | -1 | -\\dot v_1 | 0 | -1 | \\bar v_4 \\frac{\\partial v_4}{\\partial v_3} = \\bar v_4 \\exp(v_3) | -exp(-1)/(1+exp(-1))**2
v4 | \\exp(v_3) | exp(-1) | \\exp(v_3) \\dot v_3 | 0 | -exp(-1) | \\bar v_5 \\frac{\\partial v_5}{\\partial v_4} = \\bar v_5 | -1/(1+exp(-1))**2
v5 | 1 + v_4 | 1 + exp(-1) | \\dot v_4 | 0 | -exp(-1) | \\bar v_6 \\frac{\\partial v_6}{\\partial v_5} = -\\frac{\\bar v_6}{v_5^2} | -1/(1+exp(-1))**2
v6 | \\frac{1}{v_5} | 1/(1+exp(-1)) | -\\frac{1}{v_5^2} \\dot v_5 | 0 | exp(-1)/(1+exp(-1))**2 | \\bar v_7 \\frac{\\partial v_7}{\\partial v_6} = \\bar v_7 | 1
v7 | v_2 + v_6 | 2 + 1/(1+exp(-1)) | \\dot v_2 + \\dot v_6 | 1 | 2 + exp(-1)/(1+exp(-1))**2 | \\frac{\\partial y}{\\partial v_7} | 1
"""  # noqa: E501

ROWS = [
    pytest.param(output, place, [cell.strip() for cell in line.split(" | ")], id=f"{output}-v{place}")
    for output, table in (("y1", Y1), ("y2", Y2))
    for place, line in enumerate(table.strip().splitlines())
]


@pytest.fixture(scope="module")
def homework() -> Trace:
    return trace(path_of("homework1"))


@pytest.fixture(scope="module")
def dotted() -> Trace:
    """The same with tangents as dots, to compare the rules without the direction in every name."""
    return trace(path_of("homework1"), tangent="dot")


def exactly(cell: object, expected: str) -> bool:
    """Whether an exact cell is a number, by SymPy's own simplification of the difference."""
    return sympy.simplify(parse_expr(latex_free(cell)) - parse_expr(expected)) == 0


def latex_free(cell: object) -> str:
    from tracegen.notation import text

    return text(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(("output", "place", "cells"), ROWS)
def test_row(homework: Trace, dotted: Trace, output: str, place: int, cells: list[str]) -> None:
    name, definition, value, rule, along_x1, along_x2, adjoint, adjoint_value = cells
    subscript = f"v_{name[1:]}"
    primal = homework.primal(output).tables[0].rows[place]
    assert latex(primal.cells[0]) == f"{subscript} = {definition}"
    assert exactly(primal.cells[1], value)
    for along, expected in (("x1", along_x1), ("x2", along_x2)):
        tangent = homework.forward(along, of=output).tables[0].rows[place]
        assert exactly(tangent.cells[1], expected)
        if place > 1:
            assert latex(dotted.forward(along, of=output).tables[0].rows[place].cells[0], dotted.convention) == (
                f"\\dot {subscript} = {rule}"
            )
    reverse = homework.reverse(output).tables[0].rows[place]
    assert latex(reverse.cells[0]) == f"\\bar {subscript} = {adjoint}"
    assert exactly(reverse.cells[1], adjoint_value)


def test_decimals_are_the_exact_values_rounded(homework: Trace) -> None:
    tables = (*homework.primal().tables, *homework.forward().tables, *homework.reverse().tables)
    for table in tables:
        for row in table.rows:
            exact = parse_expr(latex_free(row.cells[1]))
            assert float(row.cells[2]) == pytest.approx(float(exact), rel=5e-6)  # type: ignore[arg-type]


def test_jacobian(homework: Trace) -> None:
    record = homework.record()["jacobian"]
    expected = [["sin(3)", "2*exp(2) + 12*cos(3)"], ["1", "2 + exp(-1)/(1+exp(-1))**2"]]
    for row, wanted in zip(record["exact"], expected, strict=True):
        for cell, value in zip(row, wanted, strict=True):
            assert sympy.simplify(parse_expr(cell) - parse_expr(value)) == 0
    assert record["decimal"] == [["0.141120", "2.89820"], ["1.00000", "2.19661"]]


def test_as_a_person_would_leave_it(homework: Trace) -> None:
    cell = homework.reverse("y1").tables[0].rows[1].cells[1]
    assert latex(cell) == "2 e^2 + 12 \\cos(3)"  # type: ignore[arg-type]
