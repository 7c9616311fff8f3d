"""What is not accused: a field that is mostly wrong, names without a row, coincidences, titles and restated inputs."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tracegen.formula import Formula, name
from tracegen.grading.brake import braked
from tracegen.grading.grader import grade
from tracegen.grading.report import Report
from tracegen.grading.verdicts import CARRIED, FORMULA, LABEL, RIGHT, UNREAD, UNSURE, VALUE, WRONG, Judgement
from tracegen.problems.problem import Problem


def judgement(row: str, verdict: str, *, cell: str = VALUE, part: str = "y/primal", line: int = 0) -> Judgement:
    return Judgement(part, row, line or int(row[1:]) + 1, cell, "5", None, verdict, ("value.slip",), "said")


def verdicts(judged: list[Judgement]) -> list[str]:
    return [one.verdict for one in braked(judged, [], ["x1"])]


@pytest.mark.parametrize("seed", range(40))
def test_a_field_is_braked_where_more_than_half_of_what_was_judged_is_wrong(seed: int) -> None:
    source = random.Random(seed)
    given = [source.choice([RIGHT, CARRIED, WRONG, WRONG, WRONG, UNREAD]) for _ in range(source.randint(1, 9))]
    tags = [source.choice(["value.slip", "slip.sign", "slip.swapped"]) for _ in given]
    judged = [
        replace(judgement(f"v{at}", one), tags=(tag,)) for at, (one, tag) in enumerate(zip(given, tags, strict=True))
    ]
    wrong, count = given.count(WRONG), len(given) - given.count(UNREAD)
    expected = UNSURE if wrong >= 2 and wrong * 2 > count else WRONG
    assert verdicts(judged) == [expected if one == WRONG else one for one in given]


def test_what_is_right_beside_a_field_that_is_braked_stays_right() -> None:
    formulas = [judgement(f"v{at}", RIGHT, cell=FORMULA) for at in range(4)]
    values = [judgement(f"v{at}", WRONG) for at in range(4)]
    lines = [one for pair in zip(formulas, values, strict=True) for one in pair]
    assert verdicts(lines) == [RIGHT, UNSURE] * 4


@pytest.mark.parametrize("part", ["y/primal", "y/forward/x1", "y/reverse"])
@pytest.mark.parametrize("cell", [LABEL, FORMULA, VALUE])
def test_one_slip_through_a_whole_field_stays_one_slip(part: str, cell: str) -> None:
    judged = [replace(judgement(f"v{at}", WRONG, cell=cell, part=part), slip="renamed") for at in range(4)]
    assert braked(judged, [], []) == judged
    judged[0] = replace(judged[0], slip="")
    assert verdicts(judged) == [UNSURE] * 4


def test_fields_are_braked_one_by_one() -> None:
    wrong = [judgement(f"v{at}", WRONG, part="y/forward/x1") for at in range(4)]
    others = [judgement(f"v{at}", verdict, part="y/forward/x2") for at, verdict in enumerate([RIGHT, WRONG, RIGHT])]
    assert verdicts(wrong + others) == [UNSURE] * 4 + [RIGHT, WRONG, RIGHT]


def test_columns_of_one_kind_are_fields_of_their_own() -> None:
    """A table with two columns of values, of which the second is read as what it is not."""
    judged = [judgement(f"v{at}", verdict) for at in range(4) for verdict in (RIGHT, WRONG)]
    assert verdicts(judged) == [RIGHT, UNSURE] * 4


@pytest.mark.parametrize("also_wrong", [False, True])
def test_what_is_carried_from_a_row_that_was_taken_back_is_neither_charged_nor_given(also_wrong: bool) -> None:
    roots = [judgement(f"v{at}", WRONG) for at in range(3)]
    roots += [judgement("v0", WRONG, cell=LABEL)] * also_wrong
    carried = [
        replace(judgement("v7", CARRIED, part="y/reverse"), root=root) for root in ("y/primal v0", "y/primal v8")
    ]
    found = verdicts(roots + carried)
    assert found[:3] == [UNSURE] * 3
    assert found[-2:] == [CARRIED if also_wrong else UNSURE, CARRIED]


def test_a_value_beside_a_formula_that_was_taken_back_is_unsure() -> None:
    judged = [judgement(f"v{at}", WRONG, cell=FORMULA) for at in range(3)]
    judged += [judgement(f"v{at}", verdict) for at, verdict in enumerate([WRONG, RIGHT, RIGHT, RIGHT])]
    assert verdicts(judged) == [UNSURE] * 4 + [RIGHT] * 3


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (Formula("mul", (name("v1"), name("v2"))), WRONG),
        (Formula("partial", (name("v4"), name("x1"))), WRONG),
        (Formula("partial", (name("v4"), name("v2"))), UNSURE),
    ],
)
def test_a_coincidence_accuses_only_where_the_formula_is_certain(reading: Formula, expected: str) -> None:
    one = replace(judgement("v5", WRONG, cell=FORMULA), reading=reading, tags=("formula.coincidence",))
    assert verdicts([one]) == [expected]


@pytest.mark.parametrize(("row", "expected"), [("v3", UNSURE), ("v2", WRONG)])
def test_what_rests_on_a_row_that_was_not_read_is_unsure(row: str, expected: str) -> None:
    unread = judgement("v3", UNREAD, cell=FORMULA)
    one = replace(judgement("v5", WRONG, cell=FORMULA, part="y/reverse"), reading=name(row))
    assert verdicts([unread, one]) == [UNREAD, expected]


PROBLEM = Problem.from_toml('[inputs]\np = 2\nq = 3\n[outputs]\ny = "p*q**2 - exp(p)"')
ROWS = ["v1 = q^2 = 9", "v2 = p v1 = 18", "v3 = exp(p) = 7.389", "y = v2 - v3 = 10.611"]
ADJOINTS = [
    "y_bar = 1", "v3_bar = -y_bar = -1", "v2_bar = y_bar = 1", "v1_bar = p v2_bar = 2", "q_bar = 2 q v1_bar = 12",
    "p_bar = v1 v2_bar + v3 v3_bar = 1.611",
]  # fmt: skip


def graded(*lines: str) -> Report:
    return grade(PROBLEM, "\n".join(lines), suffix=".txt")


def wrong(report: Report) -> list[tuple[str, str]]:
    return [(one.row, one.cell) for one in report.cells if one.verdict == WRONG]


TITLES = [
    "y = f(p, q) = p q^2 - exp(p)", "y = F(p, q) = p q^2 - exp(p)", "f(p, q) = p q^2 - exp(p) at (2, 3)",
    "y = p q^2 - exp(p) at (2, 3)", "y = p q^2 - exp(p) where p and q are numbers", "Problem: y = p q^2 - exp(p)",
    "x = (2, 3)^T", "(p, q) = (2, 3)", "p = 2, q = 3", "Inputs: p = 2, q = 3, y = p q^2 - exp(p)", "p = 5\nq = 7",
    "y(p, q) = p q^2 - exp(p)", "# y = p q^2 - exp(p)", "h(p, q) := p q^2 - exp(p)",
]  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_titles_are_not_accused_and_change_no_verdict_on_the_rows(title: str) -> None:
    report = graded(title, "", *ROWS, "", "Adjoints", "", *ADJOINTS)
    begin = title.count("\n") + 3
    assert wrong(report) == []
    rows = [one for one in report.cells if one.line >= begin]
    assert {one.verdict for one in rows} == {RIGHT}
    assert len(rows) == len(graded(*ROWS, "", "Adjoints", "", *ADJOINTS).cells)


@pytest.mark.parametrize("title", TITLES)
def test_a_slip_below_a_title_is_found(title: str) -> None:
    assert wrong(graded(title, "", *ROWS[:1], "v2 = p v1 = 19", *ROWS[2:3], "y = v2 - v3 = 11.611")) == [("v2", VALUE)]


@pytest.mark.parametrize("last", ["v4 = v2 - v3 = y", "v4 = v2 - v3 = 10.611 = y"])
def test_a_function_that_the_last_row_names_again_was_only_stated(last: str) -> None:
    report = graded("y = p q^2 - exp(p)", "", *ROWS[:3], last)
    assert wrong(report) == []
    assert wrong(graded("y = p q^2 - exp(p)", "", ROWS[0], "v2 = q v1 = 18", ROWS[2], last)) == [("v2", FORMULA)]


STEPS = Problem.from_toml('[inputs]\na = 2\nk = 3\n[steps]\nb = "exp(a)"\n[outputs]\nL = "b**2 + k*a**2"')


@pytest.mark.parametrize("title", ["L = b^2 + k a^2", "L = exp(a)^2 + k a^2", "L = f(a, k) = b^2 + k a^2"])
def test_a_statement_in_the_steps_of_a_problem_is_no_row_where_other_rows_work_it_out(title: str) -> None:
    rows = ["b = exp(a)", "c = b^2", "d = a^2", "L = c + k d", "", "Adjoints", "", "L_bar = 1", "c_bar = 1"]
    report = grade(STEPS, "\n".join([title, "", *rows, "d_bar = k", "b_bar = 2 b c_bar"]), suffix=".txt")
    assert {one.verdict for one in report.cells} == {RIGHT}


def test_a_function_of_one_input_is_named_and_not_multiplied() -> None:
    problem = Problem.from_toml('[inputs]\nx = 0.5\n[outputs]\ny = "sin(exp(x**2))"')
    rows = ["v1 = x^2 = 0.25", "v2 = exp(v1) = 1.284", "y = f(x) = sin v2 = 0.9592"]
    assert {one.verdict for one in grade(problem, "\n".join(rows), suffix=".txt").cells} == {RIGHT}
    wrong_row = rows[2].replace("sin", "cos")
    assert wrong(grade(problem, "\n".join([*rows[:2], wrong_row]), suffix=".txt")) == [("y", FORMULA)]


@pytest.mark.parametrize("used", ["v9", "w", "s", "v20"])
@pytest.mark.parametrize("place", range(1, len(ROWS)))
def test_a_name_without_a_row_is_never_wrong(used: str, place: int) -> None:
    rows = list(ROWS)
    rows[place] = rows[place].replace({1: "v1", 2: "p)", 3: "v3"}[place], used + ")" * (place == 2), 1)
    cells = [one for one in graded(*rows).cells if one.line == place + 1 and one.cell == FORMULA]
    assert [one.verdict in (UNSURE, UNREAD) for one in cells] == [True]


def test_the_adjoint_of_no_row_is_not_wrong() -> None:
    report = graded(*ROWS, "", "Adjoints", "", *(row.replace("v1_bar", "s_bar") for row in ADJOINTS))
    assert wrong(report) == []


def test_a_row_that_is_called_otherwise_elsewhere_is_not_wrong() -> None:
    rows = ["m = q^2 = 9", "v2 = p w = 18", *ROWS[2:]]
    assert wrong(graded(*rows)) == []


@pytest.mark.parametrize("rows", [ROWS[:3], ROWS[:2] + ROWS[2:3]])
def test_a_list_without_its_last_row_is_completed(rows: list[str]) -> None:
    report = graded(*rows, "", "Adjoints", "", *ADJOINTS)
    assert {one.verdict for one in report.cells} == {RIGHT}
    assert sum(one.part == "y/reverse" for one in report.cells) >= 12


def test_a_slip_in_a_list_without_its_last_row_is_found_and_carried() -> None:
    adjoints = [row.replace("= 1.611", "= 2.611") for row in ADJOINTS]
    report = graded("v1 = q^2 = 10", *ROWS[1:3], "", "Adjoints", "", *adjoints)
    assert ("v1", VALUE) in wrong(report)
    assert [one.verdict for one in report.cells if one.text == "2.611"] == [CARRIED]


def test_a_lone_cell_that_is_wrong_stays_wrong() -> None:
    report = graded(*ROWS[:3], "y = v2 + v3 = 11")
    assert wrong(report) == [("y", FORMULA), ("y", VALUE)]
    assert report.score == report.max_score - 2


COLUMNS = ["| Amt | Glonk | Zweck | Marg | Frum |", "|---|---|---|---|---|"]


@pytest.mark.parametrize("seed", range(10))
def test_a_right_table_with_heads_that_nobody_knows_is_hardly_accused(seed: int) -> None:
    """Values and rules of tangents stand in columns that look like more members of the primal rows."""
    source = random.Random(seed)
    p, q = source.randint(2, 6), source.randint(2, 6)
    problem = Problem.from_toml(f'[inputs]\np = {p}\nq = {q}\n[outputs]\ny = "(p*q + q)*p - q*q"')
    v1, v2, v3, v4 = p * q, p * q + q, (p * q + q) * p, q * q
    t3 = q * p + v2
    rows = [
        ("v1", "p q", v1, "q p' + p q'", q), ("v2", "v1 + q", v2, "v1' + q'", q),
        ("v3", "v2 p", v3, "p v2' + v2 p'", t3),
        ("v4", "q q", v4, "2 q q'", 0), ("y", "v3 - v4", v3 - v4, "v3' - v4'", t3),
    ]  # fmt: skip
    text = "\n".join([*COLUMNS, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])
    report = grade(problem, text)
    assert not [one for one in report.cells if one.verdict == WRONG and one.cell == FORMULA]
    assert sum(one.verdict == WRONG for one in report.cells) <= 1


@pytest.mark.parametrize("part", ["y/forward/x1", "y/reverse", "z/reverse"])
@pytest.mark.parametrize("names", ["v1", "v2", "v3"])
@pytest.mark.parametrize("tag", ["formula.wrong", "slip.sign"])
@pytest.mark.parametrize("of_list", [[WRONG], [RIGHT], [RIGHT, WRONG]])
def test_a_derivative_beside_a_row_that_is_otherwise_in_the_list_may_follow_from_it(
    part: str, names: str, tag: str, of_list: list[str]
) -> None:
    rows = [judgement("v2", verdict, cell=FORMULA) for verdict in of_list]
    derivative = replace(judgement("v3", WRONG, cell=FORMULA, part=part), reading=name(names), tags=(tag,))
    others = [judgement("v4", RIGHT, cell=FORMULA, part=part) for _ in range(2)]
    doubted = of_list == [WRONG] and names == "v2" and tag == "formula.wrong" and part.startswith("y/")
    assert verdicts([*rows, derivative, *others])[len(rows)] == (UNSURE if doubted else WRONG)
