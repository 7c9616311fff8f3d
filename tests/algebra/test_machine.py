"""One machine, many algebras: every formula has SymPy's value in each, and a shared part is worked out once."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from tracegen.algebra.machine import folded, program, run, run_lines, value
from tracegen.algebra.terms import Term
from tracegen.evaluation.decimals import ball, precision
from tracegen.formula import PI, E, Formula, children, name, number, postorder, with_children
from tracegen.primitives.algebras import (
    ARRAYS,
    BALL_MATRICES,
    BALLS,
    EXACT,
    EXACT_MATRICES,
    FLOATS,
    FORMULAS,
)
from tracegen.symbolic.sympy_expressions import to_sympy

X, Y = name("x"), name("y")
POINT = {"x": Fraction(2, 3), "y": Fraction(5, 4)}
BITS = 160


def op(head: str, *parts: Formula) -> Formula:
    return Formula(head, parts)


THIRD = number(Fraction(1, 3))
WRITTEN = {
    "a number": number(3),
    "a constant": PI,
    "a name": X,
    "order of operands": op("sub", op("div", X, Y), op("pow", Y, number(3))),
    "grouping": op("sub", X, op("sub", Y, op("sub", E, THIRD))),
    "functions": op("exp", op("sin", op("mul", X, op("log", Y)))),
    "signs": op("neg", op("mul", op("neg", X), op("sqrt", op("add", Y, number(2))))),
    "quotients": op("reciprocal", op("tanh", op("atan", X))),
    "same part twice": (lambda part: op("mul", part, op("add", part, X)))(op("cos", op("mul", X, Y))),
}

SYMPY: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b, "neg": lambda a: -a, "reciprocal": lambda a: 1 / a, "exp": sympy.exp, "sin": sympy.sin,
    "cos": sympy.cos, "log": sympy.log, "sqrt": sympy.sqrt, "tanh": sympy.tanh, "atan": sympy.atan,
}  # fmt: skip
UNARY = [head for head in SYMPY if head in ("neg", "exp", "sin", "cos", "tanh", "atan")]
BINARY = ["add", "sub", "mul"]


def drawn(seed: int) -> Formula:
    """A formula of some twenty operations, which often takes what it has made already."""
    chosen = random.Random(seed)
    made = [X, Y, THIRD, E]
    for _ in range(20):
        head = chosen.choice(UNARY + BINARY * 2)
        parts = [chosen.choice(made[-6:]) for _ in range(1 if head in UNARY else 2)]
        made.append(op("sin", op(head, *parts)))
    return made[-1]


FORMULAE = WRITTEN | {f"drawn {seed}": drawn(seed) for seed in range(12)}


def oracle(formula: Formula) -> Any:
    """SymPy's value at the point, by recursion and no table of this project."""
    known: dict[int, Any] = {}

    def of(node: Formula) -> Any:
        if id(node) not in known:
            if node.head == "number":
                known[id(node)] = sympy.Rational(node.args[0])
            elif node.head == "name":
                known[id(node)] = sympy.Rational(str(POINT[node.args[0]]))
            elif node.head == "constant":
                known[id(node)] = {"pi": sympy.pi, "e": sympy.E}[node.args[0]]
            else:
                known[id(node)] = SYMPY[node.head](*map(of, node.args)).evalf(60)
        return known[id(node)]

    return sympy.N(of(formula), 50)


def in_floats(formula: Formula) -> float:
    return float(value(formula, FLOATS, float, lambda text: float(POINT[text])))


def in_samples(formula: Formula) -> float:
    """At several points at once; the last is the point."""
    many = {text: np.array([0.3, 0.9, float(given)]) for text, given in POINT.items()}
    with np.errstate(all="ignore"):
        found = value(formula, ARRAYS, float, many.__getitem__)
    return float(np.broadcast_to(found, 3)[-1])


def in_balls(formula: Formula) -> float:
    with precision(BITS):
        return float(value(formula, BALLS, ball, lambda text: ball(str(POINT[text]))))


def in_exact_values(formula: Formula) -> float:
    return float(value(formula, EXACT, sympy.Float, lambda text: sympy.N(sympy.Rational(str(POINT[text])), 40)))


def in_terms(formula: Formula) -> float:
    """Read over terms, and the formula that is made of it in floats."""
    made: Term = value(formula, FORMULAS, lambda text: Term(number(Fraction(text))), lambda text: Term(name(text)))
    return in_floats(made.formula)


def in_sympy(formula: Formula) -> float:
    return float(to_sympy(formula, {text: sympy.N(sympy.Rational(str(given)), 40) for text, given in POINT.items()}))


ALGEBRAS = [in_floats, in_samples, in_balls, in_exact_values, in_terms, in_sympy]


@pytest.mark.parametrize("formula", FORMULAE.values(), ids=list(FORMULAE))
@pytest.mark.parametrize("read", ALGEBRAS, ids=lambda read: read.__name__)
def test_a_formula_has_sympys_value_in_every_algebra(read: Callable[[Formula], float], formula: Formula) -> None:
    assert read(formula) == pytest.approx(float(oracle(formula)), rel=1e-12)


@pytest.mark.parametrize("formula", FORMULAE.values(), ids=list(FORMULAE))
def test_balls_hold_the_value_with_all_their_digits(formula: Formula) -> None:
    with precision(BITS):
        found = value(formula, BALLS, ball, lambda text: ball(str(POINT[text])))
        assert abs(found - ball(str(Fraction(str(oracle(formula)))))) < ball("1/10") ** 40


@pytest.mark.parametrize("algebra", [ARRAYS, BALL_MATRICES, EXACT_MATRICES], ids=str)
def test_a_matrix_is_made_of_its_cells_row_by_row(algebra: Any) -> None:
    matrix = Formula("matrix", ((number(1), X, number(3)), (op("neg", Y), number(5), number(6))))
    numbers = {repr(ARRAYS): float, repr(BALL_MATRICES): ball, repr(EXACT_MATRICES): sympy.Rational}[repr(algebra)]
    found = value(op("transpose", matrix), algebra, numbers, {"x": numbers("2"), "y": numbers("4")}.__getitem__)
    assert [[float(cell) for cell in row] for row in found] == [[1, -4], [2, 5], [3, 6]]


def doubled(times: int) -> Formula:
    formula = op("sin", X)
    for _ in range(times):
        formula = op("add", formula, formula)
    return formula


def test_a_shared_part_is_worked_out_once() -> None:
    met: list[str] = []

    def counted(node: Formula, below: list[float]) -> float:
        met.append(node.head)
        return sum(below) if below else 1.0

    assert folded(doubled(60), counted) == 2.0**60
    assert met == ["name", "sin", *["add"] * 60]


def test_equal_parts_that_are_two_are_worked_out_in_the_order_they_are_read() -> None:
    formula = op("add", op("mul", X, op("sin", Y)), op("sub", op("sin", Y), PI))
    met: list[Formula] = []
    program(formula).run(met.append, lambda node, below: met.append(node))
    assert met == list(postorder(formula))


def test_a_program_is_run_again_from_the_start() -> None:
    compiled = program(doubled(3))
    for given in (0.5, 1.5):
        assert compiled.value(FLOATS, float, {"x": given}.__getitem__) == 8 * math.sin(given)


def test_a_formula_may_be_deeper_than_python_recurs() -> None:
    formula = X
    for _ in range(50_000):
        formula = op("neg", formula)
    assert value(formula, FLOATS, float, {"x": 2.5}.__getitem__) == 2.5
    assert folded(formula, lambda node, below: 1 + sum(below)) == 50_001


@pytest.mark.parametrize("formula", FORMULAE.values(), ids=list(FORMULAE))
def test_a_formula_put_together_again_is_what_it_was(formula: Formula) -> None:
    assert folded(formula, with_children) == formula


def test_what_has_more_than_formulas_in_it_is_folded_over_its_formulas() -> None:
    formula = op("add", Formula("letter", ("sigma", 1, X)), Formula("matrix", ((X, Y), (Y, X))))
    assert folded(formula, lambda node, below: (node.head, len(below), len(children(node))))[1:] == (2, 2)
    swapped = {X: Y, Y: X}
    found = folded(formula, lambda node, below: swapped.get(node) or with_children(node, below))
    assert found == op("add", Formula("letter", ("sigma", 1, Y)), Formula("matrix", ((Y, X), (X, Y))))


def test_a_name_without_a_value_is_said() -> None:
    with pytest.raises(KeyError, match="y"):
        value(op("add", X, Y), FLOATS, float, {"x": 1.0}.__getitem__)


def test_an_operation_that_an_algebra_lacks_is_said() -> None:
    with pytest.raises(AttributeError, match="no function 'nothing'"):
        value(op("nothing", X), FLOATS, float, {"x": 1.0}.__getitem__)


def test_steps_take_their_operands_from_the_top_in_order() -> None:
    steps = [("a", 0), ("b", 0), ("c", 0), ("f", 2), ("d", 0), ("g", 3)]
    assert run(steps, str, lambda what, below: f"{what}({','.join(below)})") == "g(a,f(b,c),d)"


def test_lines_take_one_operand_two_or_more_and_may_use_a_place_again() -> None:
    functions = [lambda a: -a, lambda a, b: a - b, lambda a, b, c: a + 10 * b + 100 * c]
    values: list[float] = [1.0, 2.0, 0.0, 7.0]
    run_lines([(2, (1, 0, 1)), (0, (0, 2)), (2, (2, 0, 2, -1))], functions, values)
    assert values == [1.0, 2.0, 1.0 + 10 * -1.0 + 100 * 7.0, 7.0]
