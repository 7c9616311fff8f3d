"""Tangent tables: along one input, along a direction, side by side, beside the primal; their values by sympy.diff."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from tracegen import trace
from tracegen.document.table import Table
from tracegen.errors import PointError, ProblemError
from tracegen.notation import text, unicode

SOURCE = "exp(2*x2) + x1*sin(3*x2**2)"
AT = {"x1": 2, "x2": 1}
X1, X2 = sympy.symbols("x1 x2")
FUNCTION = sympy.exp(2 * X2) + X1 * sympy.sin(3 * X2**2)
GRADIENT = [sympy.diff(FUNCTION, by).subs({X1: 2, X2: 1}) for by in (X1, X2)]


def rules(table: Table) -> list[str]:
    return [unicode(row.cells[0]) for row in table.rows]  # type: ignore[arg-type]


def value(cell: Any) -> Any:
    return sympy.sympify(text(cell))


def equal(a: Any, b: Any) -> bool:
    return bool(sympy.simplify(a - b) == 0)


def test_a_table_for_each_input() -> None:
    tables = trace(SOURCE, at=AT).forward().tables
    assert [table.key for table in tables] == ["y/forward/x1", "y/forward/x2"]
    for table, expected in zip(tables, GRADIENT, strict=True):
        assert equal(value(table.rows[-1].cells[1]), expected)
    assert [unicode(row.cells[1]) for row in tables[0].rows[:2]] == ["1", "0"]  # type: ignore[arg-type]


def test_chosen_inputs_in_their_order() -> None:
    keys = [table.key for table in trace(SOURCE, at=AT).forward(["x2", "x1"]).tables]
    assert keys == ["y/forward/x2", "y/forward/x1"]
    with pytest.raises(ProblemError, match="no input 'q'"):
        trace(SOURCE).forward("q")


@pytest.mark.parametrize("seed", [{"x1": 1, "x2": 3}, {"x1": "1/2"}, {"x1": "sqrt(2)", "x2": -1}, {"x2": 0}])
def test_a_numeric_direction(seed: dict[str, Any]) -> None:
    (table,) = trace(SOURCE, at=AT).forward(seed=seed).tables
    direction = [sympy.sympify(seed.get(name, 0)) for name in ("x1", "x2")]
    assert equal(value(table.rows[-1].cells[1]), sum(a * b for a, b in zip(direction, GRADIENT, strict=True)))


def test_a_symbolic_direction() -> None:
    (table,) = trace(SOURCE, at=AT).forward(seed={"x1": "p", "x2": "2*q"}).tables
    p, q = sympy.symbols("p q")
    assert equal(value(table.rows[-1].cells[1]), p * GRADIENT[0] + 2 * q * GRADIENT[1])
    assert [column.key for column in table.columns] == ["line", "exact"]  # letters have no decimals


@pytest.mark.parametrize(
    ("seed", "says"),
    [({"q": 1}, "no input 'q'"), ({}, "a number or a letter"), ({"x1": "x2"}, "x2 is a name"),
     ({"x1": "v3"}, "v3 is a name")],
)  # fmt: skip
def test_a_direction_that_is_none(seed: dict[str, Any], says: str) -> None:
    with pytest.raises(ProblemError, match=says):
        trace(SOURCE, at=AT).forward(seed=seed)


def test_a_direction_of_no_number() -> None:
    with pytest.raises(PointError, match="1/0 is no finite real number"):
        trace(SOURCE, at=AT).forward(seed={"x1": "1/0"})


def test_side_by_side() -> None:
    (table,) = trace(SOURCE, at=AT, seed="side").forward().tables
    assert [column.key for column in table.columns] == ["x1", "x1_exact", "x1_decimal", "x2", "x2_exact", "x2_decimal"]
    assert equal(value(table.rows[-1].cells[1]), GRADIENT[0])
    assert equal(value(table.rows[-1].cells[4]), GRADIENT[1])


def test_letters_for_every_input() -> None:
    (table,) = trace(SOURCE, at=AT, seed="letters").forward().tables
    p1, p2 = sympy.symbols("p1 p2")
    assert equal(value(table.rows[-1].cells[1]), p1 * GRADIENT[0] + p2 * GRADIENT[1])


def test_letters_are_no_names_of_inputs() -> None:
    (table,) = trace("p1*p2", at={"p1": 2, "p2": 3}, seed="letters").forward().tables
    q1, q2 = sympy.symbols("q1 q2")
    assert equal(value(table.rows[-1].cells[1]), 3 * q1 + 2 * q2)


def test_beside_the_primal() -> None:
    (table,) = trace(SOURCE, at=AT, tangent_layout="beside").forward().tables
    assert len(table.rows) == 9
    headings = [column.key for column in table.columns]
    cells = dict(zip(headings, table.rows[-1].cells, strict=True))
    assert equal(value(cells["x1_exact"]), GRADIENT[0])
    assert equal(value(cells["x2_exact"]), GRADIENT[1])


@pytest.mark.parametrize(
    ("choices", "rule"),
    [
        ({}, "∂v₂/∂x₁ = v₀·∂v₁/∂x₁ + v₁·∂v₀/∂x₁"),
        ({"tangent": "dot"}, "v̇₂ = v₀·v̇₁ + v₁·v̇₀"),
        ({"tangent": "dot", "product_rule": "first"}, "v̇₂ = v₁·v̇₀ + v₀·v̇₁"),
        ({"tangent": "dot", "product_rule": "first", "tangent_factor": "tangent"}, "v̇₂ = v̇₀·v₁ + v̇₁·v₀"),
    ],
)
def test_how_a_product_is_differentiated(choices: dict[str, str], rule: str) -> None:
    t = trace("x1*x2", **choices)  # type: ignore[arg-type]
    table = t.forward("x1").tables[0]
    assert unicode(table.rows[2].cells[0], t.convention) == rule  # type: ignore[arg-type]


def test_without_a_point_there_are_rules_only() -> None:
    (table, _) = trace(SOURCE).forward().tables
    assert [column.key for column in table.columns] == ["line"]
    assert rules(table)[0] == "∂v₀/∂x₁ = 1"
