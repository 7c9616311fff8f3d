"""What SymPy writes is read to the same function: expressions of every kind, and 2,000 texts that it reads itself."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import sympy
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication,
    parse_expr,
    standard_transformations,
)  # fmt: skip

import tracegen
from tracegen.algebra.machine import value
from tracegen.errors import ParseError, ProblemError
from tracegen.primitives.algebras import FLOATS
from tracegen.problems.expression_text import parse

x, y, z = sympy.symbols("x y z")
POINTS = ({"x": 0.37, "y": 1.91, "z": 2.6}, {"x": 1.43, "y": 0.58, "z": -1.7}, {"x": -0.81, "y": 2.23, "z": 0.4})
SYMPYS = (*standard_transformations, implicit_multiplication, convert_xor)

ATOMS = (
    "x",
    "y",
    "z",
    "2",
    "3",
    "0.5",
    "10",
    "1.5e-1",
    ".25",
    "pi",
    "E",
    "Rational(1,3)",
    "S(1)/3",
    "x_1",
    "alpha",
    "Integer(4)",
)
ONE = ("sin", "cos", "exp", "sqrt", "Abs", "tanh", "atan", "sinh", "log", "sign", "floor", "ceiling", "erf", "erfc",
       "sinc", "frac", "asinh", "sec", "Heaviside", "ln", "acot")  # fmt: skip
TWO = ("Max({0}, {1})", "Min({0}, {1})", "Pow({0}, {1})", "Add({0}, {1})", "Mul({0}, {1}, 2)", "Mod({0}, {1})",
       "log({0}, {1})", "atan2({0}, {1})", "Heaviside({0}, {1})", "root({0}, 3)", "{0} % {1}", "{0} // {1}",
       "Piecewise(({0}, x > 0), ({1}, True))",
       "Piecewise(({0}, (x > 0) & (y < 1)), ({1}, Or(x > 1, Ne(y, 2))), (3, True))", "Max({0}, {1}, 1)")  # fmt: skip


def written(chosen: random.Random, depth: int) -> str:
    """A text in SymPy's syntax, with products without a sign, carets, signs and brackets as they come."""
    if depth == 0:
        return chosen.choice(ATOMS)
    one, other = written(chosen, depth - 1), written(chosen, chosen.randrange(depth))
    kinds: tuple[Callable[[], str], ...] = (
        lambda: f"{one} + {other}", lambda: f"{one} - {other}", lambda: f"{one}*{other}", lambda: f"({one})/({other})",
        lambda: f"{one}/{other}", lambda: f"-{one}", lambda: f"({one})**2", lambda: f"({one})^{chosen.choice('23')}",
        lambda: f"2({one})", lambda: f"3 {chosen.choice('xyz')} + {one}", lambda: f"({one})({other})",
        lambda: f"{chosen.choice('234')}{chosen.choice('xyz')}", lambda: f"{chosen.choice(ONE)}({one})",
        lambda: f"{chosen.choice(ONE)}({one})", lambda: chosen.choice(TWO).format(one, other),
        lambda: chosen.choice(TWO).format(one, other), lambda: f"2**-({one})", lambda: f"x**2**{chosen.choice('12')}",
        lambda: f"{chosen.choice('xyz')} {chosen.choice('xyz')}", lambda: f"exp(-{one})", lambda: f"+{one} - -{other}",
    )  # fmt: skip
    return chosen.choice(kinds)()


def by_sympy(source: str, point: dict[str, float]) -> complex:
    read = parse_expr(source, transformations=SYMPYS)
    known = {symbol: sympy.Float(point[str(symbol)], 30) for symbol in sympy.sympify(read).free_symbols}
    return complex(sympy.N(read.subs(known), 20))


def by_tracegen(source: str, point: dict[str, float]) -> float:
    return float(value(parse(source), FLOATS, float, point.__getitem__))


@pytest.mark.parametrize("seed", range(20))
def test_a_text_is_read_to_the_function_that_sympy_reads(seed: int) -> None:
    chosen, compared = random.Random(seed), 0
    for _ in range(100):
        source = written(chosen, chosen.randrange(1, 4))
        for point in POINTS:
            extended = {**point, "x1": 0.9, "x_1": 0.9, "alpha": 1.2}
            try:
                wanted = by_sympy(source, extended)
            except (TypeError, ValueError, OverflowError, ZeroDivisionError):
                continue  # a value that is none: zoo, nan, or a comparison of complex numbers
            if abs(wanted.imag) > 1e-12 or not 1e-9 < abs(wanted) < 1e9:
                continue
            found = by_tracegen(source, extended)
            compared += 1
            assert found == pytest.approx(wanted.real, rel=1e-6), (source, point)
    assert compared > 100


@pytest.mark.parametrize("seed", range(4))
def test_an_expression_of_sympys_is_traced_and_given_back(seed: int) -> None:
    chosen, compared = random.Random(seed), 0
    while compared < 25:
        try:
            expression = parse_expr(written(chosen, 2), transformations=SYMPYS)
            trace = tracegen.trace(expression)
            (given_back,) = trace.sympy().outputs.values()
        except (TypeError, ValueError, tracegen.TracegenError):
            continue
        for point in POINTS:
            known = {
                symbol: sympy.Float({**point, "x_1": 0.9, "alpha": 1.2}[str(symbol)], 30)
                for symbol in expression.free_symbols
            }
            try:
                wanted, found = complex(sympy.N(expression.subs(known))), complex(sympy.N(given_back.subs(known)))
            except (TypeError, ValueError):
                continue
            if abs(wanted.imag) < 1e-12 and 1e-9 < abs(wanted) < 1e9:
                assert found.real == pytest.approx(wanted.real, rel=1e-6), expression
                compared += 1


UNKNOWN = ("loggamma", "LambertW", "DiracDelta", "besselj", "factorial", "binomial", "Integral",
           "Derivative", "diff", "re", "im", "Ei", "fresnels", "polylog", "airyai", "Si", "expand", "sn")  # fmt: skip


@pytest.mark.parametrize("word", UNKNOWN)
def test_what_has_no_derivative_here_is_refused_by_name(word: str) -> None:
    with pytest.raises(ParseError, match=f"'{word}' is not an operation"):
        tracegen.trace(f"2*{word}(x + 1)")


@pytest.mark.parametrize("letter", ["gamma", "zeta"])
def test_greek_letters_that_sympy_has_functions_for_are_letters_or_refused(letter: str) -> None:
    assert set(tracegen.trace(f"2*{letter}(x + 1)").inputs) == {letter, "x"}
    with pytest.raises(ParseError, match=f"'{letter}' is not an operation"):
        tracegen.trace(f"2*{letter}(x + 1)", at={"x": 1})


def test_the_kinds_of_sources_of_sympys() -> None:
    f = sympy.Function("f")
    assert tracegen.trace(sympy.Lambda((y, x), x - y), at=[2, 5]).record()["jacobian"]["exact"] == [["-1", "1"]]
    assert tracegen.trace(sympy.Eq(z, x * y)).outputs == ["z"]
    assert tracegen.trace([sympy.Eq(f(x, y), x * y), sympy.Eq(sympy.Symbol("w"), x + z)]).outputs == ["f", "w"]
    assert tracegen.trace(sympy.Matrix([x, x * y])).outputs == ["f1", "f2"]
    assert tracegen.trace(sympy.Lambda((x, y), sympy.Matrix([x, x * y]))).inputs == ["x", "y"]
    trace = tracegen.trace({sympy.Symbol("w"): x * y + z}, at={x: 2, y: 3}, parameters={z: 1})
    assert (trace.outputs, trace.evaluate({x: 1.0, y: 4.0})) == (["w"], {"w": 5.0})
    assert trace.forward(seed={x: 1, y: 0}).to("csv") == trace.forward(seed={"x": 1, "y": 0}).to("csv")
    assert trace.forward(wrt=x).to("csv") == trace.forward(wrt="x").to("csv")
    assert tracegen.trace(sympy.Symbol("a") * x, steps={sympy.Symbol("a"): 2 * y}).inputs == ["x", "y"]


def test_the_symbols_of_the_source_come_back() -> None:
    r = sympy.Symbol("r", positive=True)
    found = tracegen.trace(sympy.log(r) * sympy.Abs(r)).sympy()
    assert found.outputs["y"].free_symbols == {r}
    with pytest.raises(ParseError, match="two different symbols"):
        tracegen.trace([r + 1, sympy.Symbol("r") * 2])


@pytest.mark.parametrize("source", [sympy.Eq(x + 1, y), sympy.Lambda(((x, y),), x * y), sympy.Eq(2 * x, 3)])
def test_what_names_no_output_or_argument_is_refused(source: sympy.Basic) -> None:
    with pytest.raises(ProblemError):
        tracegen.trace(source)


class bump(sympy.Function):  # noqa: N801
    """A function of a caller's own, with a derivative in terms of itself: exp(-x²)."""

    nargs = 1

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        return -2 * self.args[0] * bump(self.args[0])

    def _eval_evalf(self, prec: int) -> sympy.Expr:
        return sympy.exp(-(self.args[0] ** 2))._eval_evalf(prec)


@pytest.mark.parametrize("digits", [6, 50])
def test_a_class_with_fdiff_is_an_operation(digits: int) -> None:
    own = tracegen.trace(bump(x * y) * x, at={"x": "0.3", "y": 2}, digits=digits).record()
    known = tracegen.trace("exp(-(x*y)**2)*x", at={"x": "0.3", "y": 2}, digits=digits).record()
    assert own["jacobian"]["decimal"] == known["jacobian"]["decimal"]
    assert own["lists"][0]["lines"][3]["definition"] == "bump(v2)"
    hessians = [
        tracegen.trace(each, at={"x": "0.3"}).hessian().to("csv").splitlines()[-1] for each in (bump(x), "exp(-x**2)")
    ]
    assert hessians[0] == hessians[1]


def test_a_class_with_the_name_of_an_operation_is_refused() -> None:
    kind = type(
        "relu", (sympy.Function,), {"nargs": 1, "fdiff": lambda self, argindex=1: sympy.Integer(1), "__module__": "m"}
    )
    with pytest.raises(ParseError, match="another name"):
        tracegen.trace(kind(x))
