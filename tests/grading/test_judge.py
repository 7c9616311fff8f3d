"""The table of verdicts, row by row, and what carrying, chains and digits do."""

from __future__ import annotations

import pytest

from tracegen.grading.grader import grade
from tracegen.grading.verdicts import Judgement
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\na = 2\nb = 3\n[outputs]\ny = "sin(a*b) + a*b**2"')
# v0 = a, v1 = b, v2 = v0 v1 = 6, v3 = sin(v2), v4 = v1^2 = 9, v5 = v0 v4 = 18, v6 = v3 + v5
RIGHT = [
    "v0 = a = 2", "v1 = b = 3", "v2 = v0 v1 = 6", "v3 = sin(v2) = sin(6)", "v4 = v1^2 = 9", "v5 = v0 v4 = 18",
    "v6 = v3 + v5 = sin(6) + 18",
]  # fmt: skip


def judged(changes: dict[int, str], problem: Problem = PROBLEM) -> list[Judgement]:
    lines = [changes.get(place, line) for place, line in enumerate(RIGHT)]
    return list(grade(problem, "\n".join(lines)).cells)


def cell(cells: list[Judgement], row: str, kind: str) -> Judgement:
    return next(one for one in cells if one.row == row and one.cell == kind)


# what v5 says, the formula's verdict and tag, the value's verdict and tag
TABLE = [
    ("v5 = v0 v4 = 18", "right", "ok", "right", "ok"),
    ("v5 = v0 v4 = 19", "right", "ok", "wrong", "value.slip"),
    ("v5 = v0 v2 = 18", "wrong", "formula.slip", "right", "ok"),
    ("v5 = a b^2 = 18", "right", "ok", "right", "ok"),
    ("v5 = 2 v4 = 18", "wrong", "formula.coincidence", "right", "ok"),
    ("v5 = v0 + v4 = 11", "wrong", "formula.wrong", "carried", "carried"),
]


@pytest.mark.parametrize(("line", "formula", "formula_tag", "value", "value_tag"), TABLE)
def test_verdicts_on_one_row(line: str, formula: str, formula_tag: str, value: str, value_tag: str) -> None:
    cells = judged({5: line})
    first, second = cell(cells, "v5", "formula"), cell(cells, "v5", "value")
    assert (first.verdict, second.verdict) == (formula, value)
    assert formula_tag in first.tags
    assert value_tag in second.tags


def test_a_wrong_value_is_carried_and_its_root_named() -> None:
    cells = judged({4: "v4 = v1^2 = 8", 5: "v5 = v0 v4 = 16", 6: "v6 = v3 + v5 = sin(6) + 16"})
    assert cell(cells, "v4", "value").verdict == "wrong"
    for row in ("v5", "v6"):
        assert cell(cells, row, "formula").verdict == "right"
        assert cell(cells, row, "value").verdict == "carried"
        assert cell(cells, row, "value").root == "y/primal v4"
    assert sum(one.of - one.marks for one in cells) == 1


def test_a_value_that_is_right_in_spite_of_a_wrong_row_before_it_stays_right() -> None:
    cells = judged({4: "v4 = v1^2 = 8"})
    assert cell(cells, "v5", "value").verdict == "right"


def test_a_wrong_formula_with_carried_value_is_both() -> None:
    cells = judged({4: "v4 = v1^2 = 8", 5: "v5 = v0 v3 = 16", 6: "v6 = v3 + v5 = sin(6) + 16"})
    assert cell(cells, "v5", "formula").verdict == "wrong"
    assert cell(cells, "v5", "value").verdict == "carried"


def test_every_member_of_a_chain_is_judged() -> None:
    cells = judged({6: "v6 = v3 + v5 = v3 + v2 = sin(6) + 18"})
    formulas = [one for one in cells if one.row == "v6" and one.cell == "formula"]
    assert [one.verdict for one in formulas] == ["right", "wrong"]
    assert cell(cells, "v6", "value").verdict == "right"


def test_a_value_without_a_formula_has_its_marks() -> None:
    cells = judged({5: "v5 = 18"})
    assert cell(cells, "v5", "value").verdict == "right"


def test_what_cannot_be_read_is_for_a_person_and_never_wrong() -> None:
    cells = judged({5: "?? v0 v4"})
    unread = [one for one in cells if one.line == 6]
    assert {one.verdict for one in unread} == {"unread"}
    assert all((one.marks, one.open) == (0, one.of) for one in unread)


def test_a_row_is_known_by_its_label_though_its_formula_cannot_be_read() -> None:
    cells = judged({4: "v4 = v1 ?? 2 = 9"})
    here = [(one.row, one.cell, one.verdict) for one in cells if one.line == 5]
    assert here == [("v4", "label", "right"), ("v4", "formula", "unread"), ("v4", "value", "right")]
    assert {one.verdict for one in cells if one.line != 5} == {"right"}


WORDS = ["the square of v1", "foo bar baz", "=cmd|' /C calc'!A0", "-2+3+cmd|x", "?", r"\input{/etc/passwd}"]


@pytest.mark.parametrize("words", WORDS)
def test_a_row_of_words_is_unread_and_those_after_it_are_not(words: str) -> None:
    cells = judged({4: f"v4 = {words}"})
    assert [(one.row, one.cell, one.verdict) for one in cells if one.line == 5] == [
        ("v4", "label", "right"), ("v4", "formula", "unread"),
    ]  # fmt: skip
    assert {one.verdict for one in cells if one.line != 5} == {"right"}


def test_a_row_that_names_itself_is_wrong() -> None:
    assert cell(judged({3: "v3 = sin(v3) = sin(6)"}), "v3", "formula").verdict == "wrong"


DIGITS = [
    ("-0.279415", "right", ""), ("-0.27942", "right", ""), ("-0.2794", "right", ""),
    ("-0.27941", "right", "value.truncated"),
    ("-0.28", "right", ""), ("-0.2795", "wrong", "slip.rounding"), ("0.279415", "wrong", "slip.sign"),
    ("sin(6)", "right", ""), ("6", "wrong", ""), ("-0.10453", "wrong", ""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "verdict", "tag"), DIGITS)
def test_decimals_are_judged_by_the_digits_given(value: str, verdict: str, tag: str) -> None:
    found = cell(judged({3: f"v3 = sin(v2) = {value}"}), "v3", "value")
    assert found.verdict == verdict
    assert not tag or tag in found.tags


THIRDS = Problem.from_toml('[inputs]\nx = 3\n[outputs]\ny = "x*(1/x)"')


@pytest.mark.parametrize(
    ("value", "verdict"), [("0.333", "right"), ("0.334", "wrong"), ("1/3", "right"), ("0.33333333333", "right")]
)
def test_a_third_to_some_digits(value: str, verdict: str) -> None:
    cells = list(grade(THIRDS, f"v0 = x = 3\nv1 = 1/v0 = {value}\nv2 = v0 v1 = 1").cells)
    assert cell(cells, "v1", "value").verdict == verdict


def test_nearly_one_is_not_one_but_rounding_carries() -> None:
    cells = list(grade(THIRDS, "v0 = x = 3\nv1 = 1/v0 = 0.333\nv2 = v0 v1 = 0.999").cells)
    assert cell(cells, "v2", "value").verdict == "right"
    cells = list(grade(THIRDS, "v0 = x = 3\nv1 = 1/v0 = 1/3\nv2 = v0 v1 = 0.99999999").cells)
    assert cell(cells, "v2", "value").verdict == "wrong"


def test_carrying_is_refused_where_the_step_becomes_trivial() -> None:
    problem = Problem.from_toml('[inputs]\nx = 2\n[outputs]\ny = "sin(x)**2"')
    text = "v0 = x = 2\nv1 = sin(v0) = 0\nv2 = v1^2 = 0\n\nv̄2 = 1\nv̄1 = 2 v1 v̄2 = 0\nv̄0 = v̄1 cos(v0) = 0"
    cells = list(grade(problem, text).cells)
    refused = [one for one in cells if "carry.refused" in one.tags]
    assert [one.row for one in refused] == ["v1"]
    assert "trivial" in refused[0].because


RENAMED = [
    "w1 = a = 2\nw2 = b = 3\nw3 = w1 w2 = 6\nw4 = sin(w3)\nw5 = w2^2 = 9\nw6 = w1 w5 = 18\nw7 = w4 + w6",
    "v-1 = a = 2\nv0 = b = 3\nv1 = v0^2 = 9\nv2 = v-1 v1 = 18\nv3 = v-1 v0 = 6\nv4 = sin(v3)\nv5 = v2 + v4\ny = v5",
    "p = a b = 6\nq = sin(p)\nu = a b^2 = 18\ny = q + u",
    "v1 = sin(a b)\nv2 = a b^2 + v1",
    "v0 = a = 2\nv1 = b = 3\nv2 = v0 v1\nv3 = sin(v2)\nv4 = v1 v1\nv5 = v4 v0\nv6 = -v5\nv7 = v3 - v6",
]


@pytest.mark.parametrize("text", RENAMED)
def test_other_lists_of_the_same_function_are_right(text: str) -> None:
    report = grade(PROBLEM, text)
    assert {one.verdict for one in report.cells} == {"right"}
    assert report.score == report.max_score > 0


ADJOINTS = [
    """v̄6 = 1
v̄5 = v̄6
v̄4 = v̄5 v0 = 2
v̄3 = v̄6
v̄2 = v̄3 cos(v2)
v̄1 = v̄2 v0 + 2 v1 v̄4 = 2cos(6) + 12
v̄0 = v̄2 v1 + v̄5 v4 = 3cos(6) + 9""",
    """v̄6 = ∂y/∂v6 = 1
v̄3 = v̄6 ∂v6/∂v3 = 1
v̄5 = v̄6 ∂v6/∂v5 = 1
v̄0 = v̄5 ∂v5/∂v0 = v4 = 9
v̄4 = v̄5 ∂v5/∂v4 = 2
v̄1 = v̄4 ∂v4/∂v1 = 12
v̄2 = v̄3 cos(v2)
v̄0 = v̄0 + v̄2 ∂v2/∂v0 = 9 + 3cos(6)
v̄1 += v̄2 ∂v2/∂v1 = 12 + 2cos(6)""",
    r"""$\frac{\partial y}{\partial v_5} = 1$
$\frac{\partial y}{\partial v_4} = \frac{\partial y}{\partial v_5} v_0 = 2$""",
]  # fmt: skip


@pytest.mark.parametrize("text", ADJOINTS)
def test_adjoints_in_several_conventions(text: str) -> None:
    report = grade(PROBLEM, "\n".join(RIGHT) + "\n\nReverse\n\n" + text)
    assert [(one.text, one.because) for one in report.cells if one.verdict != "right"] == []


def test_a_phantom_contribution_and_one_left_out_are_found() -> None:
    body = "\n".join(RIGHT) + "\n\nReverse\n\nv̄6 = 1\nv̄5 = v̄6 ∂v6/∂v5\nv̄4 = v̄5 ∂v5/∂v4\nv̄3 = v̄6 ∂v6/∂v3\n"
    phantom = grade(PROBLEM, body + "v̄2 = v̄3 ∂v3/∂v2 + v̄5 ∂v5/∂v2").cells[-1]
    assert phantom.verdict == "wrong"
    assert "does not depend" in phantom.because
    half = grade(PROBLEM, body + "v̄2 = v̄3 ∂v3/∂v2\nv̄1 = v̄2 ∂v2/∂v1").cells[-1]
    assert half.verdict == "wrong"


FIRST = Problem.from_toml('[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "exp(2*x2) + x1*sin(3*x2**2)"')
LIST = (
    "v0 = x1 = 2\nv1 = x2 = 1\nv2 = 2 v1\nv3 = exp(v2)\nv4 = v1^2\nv5 = 3 v4\n"
    "v6 = sin(v5) = {six}\nv7 = v0 v6\nv8 = v3 + v7\n"
)


def test_degrees_for_radians_are_named() -> None:
    cells = list(grade(FIRST, LIST.format(six="0.052336")).cells)
    assert "slip.degrees" in cell(cells, "v6", "value").tags


def test_a_column_pasted_from_another_seed_is_one_slip() -> None:
    rules = ["1", "0", "2 v̇1", "exp(v2) v̇2", "2 v1 v̇1", "3 v̇4", "cos(v5) v̇5"]
    along_x2 = ["0", "1", "2", "2exp(2)", "2", "6", "6cos(3)"]
    lines = [f"| v̇{row} = {rule} | {value} |" for row, (rule, value) in enumerate(zip(rules, along_x2, strict=True))]
    table = "\n\n## Tangents of y along x1\n\n| tangent | value |\n| --- | --- |\n" + "\n".join(lines)
    report = grade(FIRST, LIST.format(six="sin(3)") + table)
    wrong = [one for one in report.cells if one.verdict == "wrong"]
    assert {one.row for one in wrong} == {"v0", "v1"}
    assert all("slip.pasted" in one.tags for one in wrong)
    assert report.max_score - report.score == 1


SWAPPED = [
    ("v4 = v1^2 = 18", "v5 = v0 v4 = 9", {"v4", "v5"}),
    ("v4 = v0 v4 = 9", "v5 = v1^2 = 18", {"v4", "v5"}),
]


@pytest.mark.parametrize(("fourth", "fifth", "rows"), SWAPPED)
def test_swapped_cells_are_found_where_they_are(fourth: str, fifth: str, rows: set[str]) -> None:
    cells = judged({4: fourth, 5: fifth})
    assert {one.row for one in cells if one.verdict == "wrong"} == rows


def test_a_tangent_under_another_rows_label_is_a_label_slip() -> None:
    text = LIST.format(six="sin(3)") + "\nTangents along x2\n\nv̇1 = 1\nv̇2 = 2 v̇1\nv̇4 = 2 v1 v̇1\nv̇4 = 3 v̇4 = 6\n"
    wrong = [one for one in grade(FIRST, text).cells if one.verdict == "wrong"]
    assert [(one.cell, one.row) for one in wrong] == [("label", "v5")]


@pytest.mark.parametrize(("chain", "verdict"), [
    ("3 * 0.362 = 1.086", "right"), ("3 * 0.362 = 1.089", "wrong"), ("3 * 0.372 = 1.116", "carried"),
    ("3 * 0.4 = 1.2", "right"), ("1.086", "wrong"),
])  # fmt: skip
def test_a_value_may_be_what_the_rounded_numbers_before_it_make(chain: str, verdict: str) -> None:
    problem = Problem.from_toml('[inputs]\na = 1.2\nb = 3\n[outputs]\ny = "b*cos(a)"')
    report = grade(problem, f"v1 = cos(a) = 0.3624\ny = b v1 = {chain}\n")
    assert report.cells[-1].verdict == verdict
