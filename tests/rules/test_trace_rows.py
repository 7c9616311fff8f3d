"""A trace in SymPy: what stands on each row, put together again by SymPy alone, is the function and its derivatives."""

from __future__ import annotations

import pytest
import sympy

import tracegen

PROGRAMS = (
    ("x1*x2 + sin(x1)", {"x1": 2, "x2": "pi/4"}),
    ("x/sqrt(x**2 + y**2)", {"x": 3, "y": 4}),
    ("exp(e*lambda) - log(e)/lambda", {"e": 2, "lambda": 3}),
    ("cbrt(x)*relu(y) + abs(x*y)", {"x": -8, "y": 3}),
    ("2**x - sigmoid(y)*tanh(x)**3", {"x": 1, "y": 2}),
    ("5*x - max(x, y)/hypot(x, y)", {"x": 1, "y": 2}),
)


def put_together(rows: dict[str, object], inputs: dict[sympy.Symbol, object]) -> dict[str, sympy.Expr]:
    """Every row's number, from the rows' definitions alone."""
    known = dict(inputs)
    for row in rows.values():
        known.setdefault(row.symbol, sympy.sympify(row.definition).subs(known))
    return known


@pytest.mark.parametrize("profile", ["homework", "baydin", "griewank", "wikipedia"])
@pytest.mark.parametrize(("source", "at"), PROGRAMS)
def test_the_definitions_alone_give_every_exact_value(source: str, at: dict[str, object], profile: str) -> None:
    trace = tracegen.trace(source, at=at, profile=profile)
    found = trace.sympy()
    (output,) = found.outputs
    lines = put_together(found.lines[output], {sympy.Symbol(key): sympy.sympify(value) for key, value in at.items()})
    for rows in (found.adjoints[output], *found.tangents[output].values()):
        values = put_together(rows, lines)
        for row in (*rows.values(), *found.lines[output].values()):
            assert row.exact is not None
            assert float(sympy.N(values[row.symbol] - row.exact, 30)) == pytest.approx(0, abs=1e-20), row


@pytest.mark.parametrize(("source", "at"), PROGRAMS)
def test_closed_derivatives_are_those_of_sympy(source: str, at: dict[str, object]) -> None:
    found = tracegen.trace(source, at=at).sympy()
    (output,) = found.outputs
    real = {sympy.Symbol(key): sympy.Symbol(key, real=True) for key in at}
    place = {real[sympy.Symbol(key)]: sympy.sympify(value) for key, value in at.items()}
    whole = found.outputs[output].subs(real)
    wanted = [sympy.N(whole.diff(symbol).subs(place).doit()) for symbol in place]
    assert [sympy.N(value) for value in found.jacobian.subs(real).subs(place)] == pytest.approx(wanted)


def test_rows_of_several_lists_are_kept_apart() -> None:
    found = tracegen.trace({"f": "x*y", "g": "x + y"}, at={"x": 2, "y": 5}).sympy()
    assert [str(found.lines[of]["v2"].definition) for of in ("f", "g")] == ["v0*v1", "v0 + v1"]
    assert found.jacobian == sympy.Matrix([[sympy.Symbol("y"), sympy.Symbol("x")], [1, 1]])


def test_matrices_are_refused() -> None:
    trace = tracegen.trace("norm(W @ x)**2", shapes={"W": ("K", "N"), "x": "N"})
    with pytest.raises(tracegen.TracegenError, match="matrices"):
        trace.sympy()
