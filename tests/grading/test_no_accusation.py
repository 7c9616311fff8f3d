"""Layouts of right work in which nothing may be called wrong, each a form that stands at several places."""

from __future__ import annotations

import re

import pytest

from tracegen.grading.grader import grade
from tracegen.grading.report import Report
from tracegen.grading.verdicts import WRONG
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\np = 2\nq = 3\n[outputs]\ny = "p*q**2 - exp(p)"')
ROWS = ["v1 = p", "v2 = q", "v3 = v2^2 = 9", "v4 = v1 v3 = 18", "v5 = exp(v1) = 7.389", "v6 = v4 - v5 = 10.611"]
ADJOINTS = [
    "v6_bar = 1", "v5_bar = -v6_bar = -1", "v4_bar = v6_bar = 1", "v3_bar = v1 v4_bar = 2",
    "v2_bar = 2 v2 v3_bar = 12", "v1_bar = v3 v4_bar + v5 v5_bar = 1.611",
]  # fmt: skip
PLACES = ["above", "between", "below"]


def graded(*lines: str, problem: Problem = PROBLEM, suffix: str = ".txt") -> Report:
    return grade(problem, "\n".join(lines), suffix=suffix)


def wrong(report: Report) -> list[tuple[str, str]]:
    return [(one.row, one.cell) for one in report.cells if one.verdict == WRONG]


def placed(line: str, place: str, rows: list[str] = ROWS) -> list[str]:
    """A sheet with one more line."""
    parts = {"above": [[line], rows, ADJOINTS], "between": [rows, [line], ADJOINTS], "below": [rows, ADJOINTS, [line]]}
    return [text for part in parts[place] for text in [*part, ""]]


STATED = ["y = p q^2 - exp(p)", "y(p, q) = p q^2 - exp(p)", "f(p, q) = -exp(p) + q^2 p", "Let y = p q^2 - exp(p)."]


@pytest.mark.parametrize("line", STATED)
@pytest.mark.parametrize("place", PLACES)
def test_a_statement_of_the_function_is_no_row_wherever_it_stands(line: str, place: str) -> None:
    assert wrong(graded(*placed(line, place))) == []
    slip = [row.replace("v1 v3 = 18", "v1 v3 = 19") for row in ROWS]
    assert wrong(graded(*placed(line, place, slip))) == [("v4", "value")]


ASIDE = ["h = 0.001", "epsilon = 10^{-6}", "tol = 1e-8", "N = 50"]


@pytest.mark.parametrize("line", [*ASIDE, "y = 0", "v6 = 8"])
@pytest.mark.parametrize("title", ["", "Adjoints: see below", "# Answer"])
def test_numbers_above_a_list_for_another_use_are_no_rows(line: str, title: str) -> None:
    assert wrong(graded(line, "", title, "", *ROWS, "", *ADJOINTS)) == []


@pytest.mark.parametrize("line", ASIDE)
@pytest.mark.parametrize("place", PLACES)
def test_a_number_that_is_called_as_no_row_is_none(line: str, place: str) -> None:
    assert wrong(graded(*placed(line, place))) == []


CONSTANTS = [
    ["v0 = x = 3", "a = 2", "b = 5", "c = 1", "v1 = v0^2 = 9", "v2 = a v1 = 18", "v3 = b v0 = 15", "v4 = v2 + v3 = 33",
     "v5 = v4 + c = 34"],
    ["v0 = x = 3", "v1 = v0^2 = 9", "a = 2", "v2 = a v1 = 18", "b = 5", "v3 = b v0 = 15", "v4 = v2 + v3 = 33", "c = 1",
     "v5 = v4 + c = 34"],
    ["a = 2", "v0 = x = 3", "v1 = v0^2 = 9", "v2 = a v1 = 18", "v3 = 5 v0 = 15", "v4 = v2 + v3 = 33",
     "v5 = v4 + 1 = 34"],
]  # fmt: skip
POLYNOMIAL = Problem.from_toml('[inputs]\nx = 3\n[outputs]\ny = "2*x**2 + 5*x + 1"')


def numbered(rows: list[str]) -> list[str]:
    """The same rows, called v0, v1, … in their order."""
    labels = {row.split(" = ")[0]: f"v{at}" for at, row in enumerate(rows)}
    return [re.sub(r"[a-z]\d*", lambda word: labels.get(word[0], word[0]), row) for row in rows]


@pytest.mark.parametrize("rows", [*CONSTANTS, *map(numbered, CONSTANTS)])
def test_constants_are_rows_where_others_use_them(rows: list[str]) -> None:
    report = graded(*rows, problem=POLYNOMIAL)
    assert {one.verdict for one in report.cells} == {"right"}
    slip = [row.replace("= 15", "= 16") for row in rows]
    assert [cell for _, cell in wrong(graded(*slip, problem=POLYNOMIAL))] == ["value"]


TABLE = [("v0", "x", "3"), ("v1", "v0^2", "9"), ("v2", "2*v1", "18"), ("v3", "5*v0", "15"), ("v4", "v2+v3", "33"),
         ("v5", "v4+1", "34")]  # fmt: skip
COLUMNS = [
    ("1", "6", "12", "5", "17", "17"), ("1", "2*v0", "2", "5", "1, 1", "1"), ("1", "2 v0 = 6", "2", "5", "1", "1"),
    ("", "2*v0", "2", "5", "1", "1"),
]  # fmt: skip
HEADS = ["dv/dx", "v'", "$dv_i/dx$", "local derivative", "partials", "slope", "Marg", "$J$"]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("head", HEADS)
def test_a_column_behind_the_values_that_does_not_fit_is_not_wrong(head: str, column: tuple[str, ...]) -> None:
    lines = [f"| v | op | val | {head} |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} | {behind} |" for row, behind in zip(TABLE, column, strict=True)]
    assert wrong(graded(*lines, problem=POLYNOMIAL, suffix=".md")) == []
    slip = [line.replace("| 15 |", "| 16 |") for line in lines]
    assert {row for row, _ in wrong(graded(*slip, problem=POLYNOMIAL, suffix=".md"))} == {"v3"}


SUM = Problem.from_toml('[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"')
SEEDED = [("v0", 1, 0), ("v1", 0, 1), ("v2", 1, 2), ("v3", -0.416, 0), ("v4", 0.584, 2)]


@pytest.mark.parametrize("heads", [("$e_1$", "$e_2$"), ("p=(1,0)", "p=(0,1)"), ("first", "second"), ("A", "B")])
def test_seeds_side_by_side_under_heads_that_are_not_known_are_not_wrong(heads: tuple[str, str]) -> None:
    lines = [f"| node | {heads[0]} | {heads[1]} |", "|---|---|---|"]
    lines += [rf"| $\dot {row[0]}_{row[1]}$ | {first} | {second} |" for row, first, second in SEEDED]
    assert wrong(graded(*lines, problem=SUM, suffix=".md")) == []


@pytest.mark.parametrize("said", ["Direction p = (1, 1)", "Along (1, 1)", ""])
@pytest.mark.parametrize("with_rules", [True, False])
def test_tangents_along_a_direction_of_the_writers_own_are_not_wrong(said: str, with_rules: bool) -> None:
    rules = ["", "", "v1 v0_dot + v0 v1_dot = ", "cos(v0) v0_dot = ", "v2_dot + v3_dot = "]
    values = [1, 1, 3, -0.416, 2.584]
    rows = [
        f"v{at}_dot = {rule * with_rules}{value}" for at, (rule, value) in enumerate(zip(rules, values, strict=True))
    ]
    assert wrong(graded(said, *rows, problem=SUM)) == []
    assert wrong(graded(said, rows[0], rows[1].replace("= 1", "= 0"), rows[2].replace("3", "4"), problem=SUM)) != []


TIED = Problem.from_toml('[inputs]\na = 2\nb = 2\nc = 0\n[outputs]\nf = "max(a, b)*a + relu(c) + abs(c)"')
TIED_ROWS = ["v1 = max(a, b) = 2", "v2 = v1 a = 4", "v3 = relu(c) = 0", "v4 = abs(c) = 0", "v5 = v2 + v3 = 4",
             "f = v5 + v4 = 4"]  # fmt: skip


@pytest.mark.parametrize(("by_a", "by_b"), [(1, 0), (0, 1), (0.5, 0.5)])
@pytest.mark.parametrize(("relu", "bars"), [(0, 0), (1, 0), (0, 1), (0.5, -1), (1, 1)])
def test_any_slope_between_those_of_the_sides_is_right_at_a_kink(
    by_a: float, by_b: float, relu: float, bars: float
) -> None:
    adjoints = ["f_bar = 1", "v5_bar = f_bar = 1", "v4_bar = f_bar = 1", "v3_bar = v5_bar = 1", "v2_bar = v5_bar = 1"]
    adjoints += [
        f"c_bar = {relu} v3_bar + {bars} v4_bar = {relu + bars}", "v1_bar = a v2_bar = 2",
        f"b_bar = {by_b} v1_bar = {2 * by_b}", f"a_bar = v1 v2_bar + {by_a} v1_bar = {2 + 2 * by_a}",
    ]  # fmt: skip
    assert wrong(graded(*TIED_ROWS, "", *adjoints, problem=TIED)) == []
    slip = [line.replace("a v2_bar = 2", "a v2_bar = 3") for line in adjoints]
    assert ("v1", "value") in wrong(graded(*TIED_ROWS, "", *slip, problem=TIED))


@pytest.mark.parametrize("font", ["mathrm", "text"])
@pytest.mark.parametrize("exponent", ["{0}", "{+0}", "{00}"])
def test_a_number_with_an_upright_exponent_is_one_number(font: str, exponent: str) -> None:
    rows = ["v_0 = x_1 = 2", "v_1 = x_2 = 1", rf"v_2 = v_0 v_1 = 2\{font}{{e}}{exponent}"]
    report = graded(*[f"${row}$" for row in rows], problem=SUM, suffix=".md")
    assert {one.verdict for one in report.cells} == {"right"}


LAYER = Problem.from_toml(
    '[inputs]\nx = { shape = ["N", 1] }\nW = { shape = ["K", "N"] }\nb = { shape = ["K", 1] }\n'
    't = { shape = ["K", 1], constant = true }\n[outputs]\nL = "norm(tanh(W @ x + b) - t)**2/2"'
)
HELPERS = [r"\delta", "g", "s"]


@pytest.mark.parametrize("helper", HELPERS)
@pytest.mark.parametrize("with_step", [True, False])
def test_a_helper_for_derivatives_is_no_row_of_the_list(helper: str, with_step: bool) -> None:
    z = "z" if with_step else r"\tanh(Wx+b)"
    lines = [r"$z = \tanh(Wx+b)$"] * with_step
    lines += [rf"${helper} = ({z}-t)\odot(1-{z}\odot {z})$", rf"$\nabla_b L = {helper}$"]
    lines += [rf"$\nabla_W L = {helper} x^T$", rf"$\nabla_x L = W^T {helper}$"]
    assert wrong(graded(*lines, problem=LAYER, suffix=".md")) == []


TURNED = [
    r"\frac{\partial L}{\partial x} = (\tanh(Wx+b)-t)^T\mathrm{diag}(1-\tanh(Wx+b)^2) W",
    r"\frac{\partial L}{\partial b} = (\tanh(Wx+b)-t)^T\mathrm{diag}(1-\tanh(Wx+b)^2)",
]


@pytest.mark.parametrize("rows", [TURNED, TURNED[:1], TURNED[1:]])
@pytest.mark.parametrize("said", ["", "Derivatives are row vectors."])
def test_derivatives_that_are_all_rows_are_not_wrong(said: str, rows: list[str]) -> None:
    assert wrong(graded(said, *[f"${row}$" for row in rows], problem=LAYER, suffix=".md")) == []


def test_one_derivative_that_is_transposed_beside_others_is_wrong() -> None:
    right = r"$\frac{\partial L}{\partial b} = \mathrm{diag}(1-\tanh(Wx+b)^2)(\tanh(Wx+b)-t)$"
    assert wrong(graded(right, f"${TURNED[0]}$", problem=LAYER, suffix=".md")) == [("x", "formula")]
