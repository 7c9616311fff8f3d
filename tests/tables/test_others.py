"""The Jacobian, the Hessian, closed forms and costs, against SymPy's own derivatives and counts made by hand."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from tracegen import trace
from tracegen.document.table import Mark
from tracegen.errors import ProblemError
from tracegen.notation import text

FUNCTIONS = {
    "exp(2*x2) + x1*sin(3*x2**2)": {"x1": 2, "x2": 1},
    "x1*x2 + 1/(1 + exp(-x2))": {"x1": 2, "x2": 1},
    "x1**x2 - log(x1*x2)/x2": {"x1": 2, "x2": 3},
    "tanh(x1*x2)*sqrt(x1) - atan(x2)**2": {"x1": "1/4", "x2": 2},
    "x1 + 2*x2": {"x1": 1, "x2": 1},
}
NAMES = ("x1", "x2")
SYMBOLS = sympy.symbols("x1 x2")


def value(cell: Any) -> Any:
    return sympy.sympify(text(cell))


def point_of(at: dict[str, Any]) -> dict[Any, Any]:
    return {symbol: sympy.sympify(at[name]) for symbol, name in zip(SYMBOLS, NAMES, strict=True)}


def near(a: Any, b: Any) -> bool:
    return bool(abs(sympy.N(a - b, 40)) < 1e-30)


@pytest.mark.parametrize(("source", "at"), FUNCTIONS.items())
def test_the_hessian_is_sympys(source: str, at: dict[str, Any]) -> None:
    t = trace(source, at=at, digits=20)
    matrix = sympy.hessian(sympy.sympify(source), SYMBOLS).subs(point_of(at))
    exact, decimal = t.hessian().tables[-2:]
    for i in range(2):
        for j in range(2):
            assert near(value(exact.rows[i].cells[j + 1]), matrix[i, j])
            shown: Any = decimal.rows[i].cells[j + 1]
            assert float(shown) == pytest.approx(float(matrix[i, j]), rel=1e-14, abs=1e-14)


@pytest.mark.parametrize(("source", "at"), FUNCTIONS.items())
def test_its_rows_are_shown_and_right(source: str, at: dict[str, Any]) -> None:
    t = trace(source, at=at)
    tables = t.hessian(wrt="x2").tables
    assert tables[0].key == "y/hessian/y/x2"
    function = sympy.sympify(source)
    point = point_of(at)
    for row, by in zip(tables[0].rows, SYMBOLS, strict=False):
        assert near(value(row.cells[1]), sympy.diff(function, by, SYMBOLS[1]).subs(point))


@pytest.mark.parametrize(("source", "at"), FUNCTIONS.items())
def test_closed_forms_are_sympys(source: str, at: dict[str, Any]) -> None:
    rows = {row.key: row.cells[1] for row in trace(source).closed().tables[0].rows}
    function = sympy.sympify(source)
    point = {SYMBOLS[0]: sympy.Rational(7, 5), SYMBOLS[1]: sympy.Rational(5, 3)}
    for name, by in zip(NAMES, SYMBOLS, strict=True):
        assert near(value(rows[f"dy_d{name}"]).subs(point), sympy.diff(function, by).subs(point))


def test_closed_forms_that_would_swell_are_marked() -> None:
    steps = {f"z{place}": f"z{place - 1}*z{place - 1} + 1" for place in range(1, 40)}
    rows = trace("2*z39", steps={"z0": "x", **steps}).closed().tables[0].rows
    assert isinstance(rows[-1].cells[1], Mark)
    assert not isinstance(rows[0].cells[1], Mark)


def test_parameters_have_no_second_tangent() -> None:
    t = trace("a*x**3", parameters={"a": None}, at={"x": 2})
    shown = t.hessian().to("csv")
    assert "da" not in shown
    assert sympy.sympify(text(t.hessian().tables[-1].rows[0].cells[1])) == 12 * sympy.Symbol("a")  # type: ignore[arg-type]


def test_the_jacobian_of_chosen_outputs_and_inputs() -> None:
    t = trace(["x1*x2", "x1 + x2"], at={"x1": 2, "x2": 3})
    exact, decimal = t.jacobian(of="y2", wrt="x2").tables
    assert [row.key for row in exact.rows] == ["y2"]
    assert [column.key for column in exact.columns] == ["output", "x2"]
    assert decimal.rows[0].cells[1] == "1.00000"


def test_the_jacobian_needs_a_point() -> None:
    with pytest.raises(ProblemError, match="needs a point"):
        trace("x1*x2").jacobian()


def test_a_jacobian_with_letters_is_exact_only() -> None:
    (table,) = trace("a*x", parameters={"a": None}, at={"x": 1}).jacobian().tables
    assert table.key == "jacobian/exact"


def cost(source: Any, **more: Any) -> dict[str, list[str]]:
    (table,) = trace(source, **more).cost().tables
    return {row.key: [text(cell) for cell in row.cells[1:]] for row in table.rows}  # type: ignore[arg-type]


def test_the_cost_of_a_product_of_five() -> None:
    """Speelpenning's example: four products, and by hand, 2·3 + 1 more forward and 3·2 more in reverse at most."""
    found = cost("x1*x2*x3*x4*x5")
    assert found["total"][0] == "4"
    forward, reverse = (int(count) for count in found["total"][1:])
    assert found["jacobian"] == ["4", str(5 * forward), str(reverse)]
    assert reverse <= 2 * 4  # two products a line
    assert forward <= 3 * 4  # two products and a sum a line


def test_the_cheaper_mode_is_named() -> None:
    (wide,) = trace("x1*x2*x3*x4*x5").cost().tables
    assert "1 reverse sweep" in str(wide.notes[0][0])
    assert str(wide.notes[0][0]).endswith("fewer operations: 1 reverse sweep.")
    (tall,) = trace(["sin(x)", "cos(x)", "exp(x)"], joint=True).cost().tables
    assert str(tall.notes[0][0]).endswith("fewer operations: 1 forward sweep.")
