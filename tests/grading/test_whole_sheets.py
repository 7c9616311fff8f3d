"""One thing that can't be read, or is only written otherwise, costs itself and nothing else of the sheet."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator

import pytest

from tracegen.errors import BoundError
from tracegen.grading.decimals import with_points, writes_commas
from tracegen.grading.grader import grade
from tracegen.grading.report import Report
from tracegen.mathtext import read
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\nx1 = 2\nx2 = 3\n[outputs]\ny = "x1*x2 + x1"')
PLAIN = ["v0 = x1 = 2", "v1 = x2 = 3", "v2 = v0 v1 = 6", "v3 = v2 + v0 = 8"]
SLIP = ["v0 = x1 = 2", "v1 = x2 = 3", "v2 = v0 v1 = 7", "v3 = v2 + v0 = 9"]
TABLE = ["| v0 | x1 | 2 |", "| v1 | x2 | 3 |", "| v2 | v0 v1 | 6 |", "| v3 | v2 + v0 | 8 |"]
CSV = ["v0,x1,2", "v1,x2,3", "v2,v0*v1,6", "v3,v2+v0,8"]
WHERE = range(len(PLAIN) + 1)
LENGTHS = (1_500, 32_000, 300_000)
BASE64 = "QmFzZTY0"


def judged(report: Report, *, without: str = "\0") -> list[tuple[str, str, str, str]]:
    return [(cell.row, cell.cell, cell.text, cell.verdict) for cell in report.cells if without not in cell.text]


def with_form(rows: list[str], at: int, form: str) -> list[str]:
    return [*rows[:at], form, *rows[at:]]


LONG = {
    "a picture": ".md", "an unmarked picture": ".md", "printed output": ".txt", "a comment": ".tex",
    "a csv row": ".csv", "a table row": ".md", "a picture in a table": ".md",
}  # fmt: skip


def long_form(kind: str, length: int) -> str:
    picture = BASE64 * (length // len(BASE64))
    return {
        "a picture": f"![f = x1](data:image/png;base64,{picture}==)",
        "an unmarked picture": picture,
        "printed output": "step " + "0.125 " * (length // 6),
        "a comment": "% " + "v2 = 5 " * (length // 7),
        "a csv row": f"{picture},,",
        "a table row": "| " + "and so on " * (length // 10) + " | | |",
        "a picture in a table": f"| ![f](data:image/png;base64,{picture}) | | |",
    }[kind]


def long_sheet(kind: str, form: str | None, at: int) -> str:
    """A right sheet, with or without a form that is too long before a row."""
    suffix, table = LONG[kind], "table" in kind
    rows = CSV if suffix == ".csv" else TABLE if table else [f"${row}$" for row in PLAIN] if suffix == ".tex" else PLAIN
    rows = rows if form is None else with_form(rows, at, form)
    head = {".csv": "row,formula,value\n"}.get(suffix, "| row | formula | value |\n|---|---|---|\n" if table else "")
    return head + ("\n\n" if suffix == ".tex" else "\n").join(rows) + "\n"


@pytest.mark.parametrize("at", WHERE)
@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("kind", LONG)
def test_what_is_too_long_is_skipped_and_the_sheet_is_graded_as_without_it(kind: str, length: int, at: int) -> None:
    bare = grade(PROBLEM, long_sheet(kind, None, at), suffix=LONG[kind])
    report = grade(PROBLEM, long_sheet(kind, long_form(kind, length), at), suffix=LONG[kind])
    assert judged(report, without="0.125") == judged(bare)
    assert {cell.verdict for cell in bare.cells} == {"right"}
    skipped = kind != "a comment" and (length > 20_000 or "picture" in kind or "csv" in kind)
    assert [note.endswith("skipped") for note in report.notes] == [True] * skipped


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("indent", [None, 1], ids=["on one line", "indented"])
@pytest.mark.parametrize("where", ["output", "attachment", "cell", "code"])
def test_a_notebook_is_graded_as_without_its_pictures(where: str, indent: int | None, length: int) -> None:
    picture = BASE64 * (length // len(BASE64))
    text = {"cell_type": "markdown", "source": [f"{row}\n\n" for row in PLAIN]}
    others = {
        "output": {"cell_type": "code", "source": "1", "outputs": [{"data": {"image/png": picture}}]},
        "attachment": {"cell_type": "markdown", "source": "![f](attachment:f.png)", "attachments": {"f.png": picture}},
        "cell": {"cell_type": "markdown", "source": [f"![f](data:image/png;base64,{picture})"]},
        "code": {"cell_type": "code", "source": f"data = '{picture}'", "outputs": []},
    }
    bare = grade(PROBLEM, json.dumps({"cells": [text]}), suffix=".ipynb")
    report = grade(PROBLEM, json.dumps({"cells": [others[where], text]}, indent=indent), suffix=".ipynb")
    assert judged(report) == judged(bare)
    assert len(report.cells) == 12


@pytest.mark.parametrize("length", LENGTHS)
def test_a_json_sheet_is_graded_as_without_its_pictures(length: int) -> None:
    rows = [row.split(",") for row in CSV]
    bare = grade(PROBLEM, json.dumps({"rows": rows}), suffix=".json")
    report = grade(PROBLEM, json.dumps({"picture": BASE64 * (length // 8), "rows": rows}), suffix=".json")
    assert judged(report) == judged(bare)
    assert any(note.endswith("skipped") for note in report.notes)


def test_a_row_with_too_many_columns_costs_itself() -> None:
    bare = grade(PROBLEM, "\n".join(CSV), suffix=".csv")
    report = grade(PROBLEM, "\n".join([*CSV, ",".join("1" * 51)]), suffix=".csv")
    assert judged(report) == judged(bare)
    assert "51 columns" in report.notes[0]


def test_a_sheet_that_is_nothing_but_too_long_is_refused() -> None:
    with pytest.raises(BoundError, match="characters"):
        grade(PROBLEM, BASE64 * 5_000)


DOTS = [
    "v5 = …", "v5 = ...", "v5 = 1 + 2 + … + 5", "v5 = v1 … v2", r"$v_5 = \dots$", r"$v_5 = \sin(\ldots)$",
    r"$v_5 = \frac{\cdots}{2} = 3$", r"$v_5 = \begin{pmatrix} 1 \\ \vdots \\ 3 \end{pmatrix}$", "dv5/dx1 = ... = 1",
    r"$\bar v_5 = \dots + \bar v_9$",
]  # fmt: skip


@pytest.mark.parametrize("at", WHERE)
@pytest.mark.parametrize("form", DOTS)
def test_a_formula_with_something_left_out_is_unread_and_no_other_row_is_lost(form: str, at: int) -> None:
    for rows in (PLAIN, SLIP):
        text = "\n\n".join(with_form(rows, at, form))
        report = grade(PROBLEM, text)
        line = text[: text.index(form)].count("\n") + 1
        others = [cell for cell in report.cells if cell.line != line]
        assert [(cell.row, cell.text, cell.verdict) for cell in others] == [
            (cell.row, cell.text, cell.verdict) for cell in grade(PROBLEM, "\n\n".join(rows)).cells
        ]
        assert "unread" in [cell.verdict for cell in report.cells if cell.line == line]


@pytest.mark.parametrize("dots", ["…", "...", r"$\dots$", r"$\vdots$"])
@pytest.mark.parametrize("at", range(1, len(TABLE)))
def test_a_row_of_dots_in_a_table_ends_nothing(dots: str, at: int) -> None:
    head = "| row | formula | value |\n|---|---|---|\n"
    report = grade(PROBLEM, head + "\n".join(with_form(TABLE, at, f"| {dots} | {dots} | {dots} |")))
    assert judged(report) == judged(grade(PROBLEM, head + "\n".join(TABLE)))


SET = [
    ("v_0", "x_1 = 2"), ("v_1", "x_2 = 3"), ("v_2", "v_0 v_1 = 6"), ("v_3", r"v_2 + v_0 = 8"),
]  # fmt: skip
ALIGNED = ["align", "align*", "aligned", "split", "gathered", "gather*", "eqnarray*", "flalign*", "multline*", "cases"]
WITH_COLUMNS = {"alignat*": "{2}", "alignedat": "{2}", "array": "{rl}", "IEEEeqnarray*": "{rCl}"}
DISPLAYS = [(".md", "$$", "$$"), (".md", "\\[", "\\]"), (".tex", "$$", "$$"), (".tex", "\\[", "\\]"),
            (".tex", "\\begin{equation*}", "\\end{equation*}")]  # fmt: skip


@pytest.mark.parametrize(("suffix", "opening", "closing"), DISPLAYS)
@pytest.mark.parametrize("between", [" \\\\\n", "\\\\[2pt] "], ids=["lines", "one line"])
@pytest.mark.parametrize("name", [*ALIGNED, *WITH_COLUMNS])
def test_what_sets_rows_under_each_other_in_a_display_is_read(
    name: str, between: str, suffix: str, opening: str, closing: str
) -> None:
    lines = between.join(f"{label} &= {rest}" for label, rest in SET)
    text = f"{opening}\n\\begin{{{name}}}{WITH_COLUMNS.get(name, '')}\n{lines}\n\\end{{{name}}}\n{closing}"
    report = grade(PROBLEM, text, suffix=suffix)
    assert [cell.verdict for cell in report.cells] == ["right"] * 12


@pytest.mark.parametrize("columns", ["|l|l|l|", "lll"])
@pytest.mark.parametrize(("suffix", "opening", "closing"), DISPLAYS)
def test_a_ruled_array_in_a_display_is_a_table(columns: str, suffix: str, opening: str, closing: str) -> None:
    lines = " \\\\\n".join(f"{label} & {' & '.join(rest.split('='))}" for label, rest in SET)
    head = "\\text{ Row } & \\text{ Formula } & \\text{ Value } \\\\ \\hline\n"
    text = f"{opening}\\begin{{array}}{{{columns}}}\n\\hline {head}{lines}\n\\end{{array}}{closing}"
    report = grade(PROBLEM, text, suffix=suffix)
    assert {(cell.row, cell.verdict) for cell in report.cells} == {(f"v{at}", "right") for at in range(4)}
    assert len(report.cells) >= 8


def test_equations_side_by_side_are_a_row_each() -> None:
    text = "$$\\begin{aligned} v_0 &= x_1, & v_1 &= x_2, \\\\ v_2 &= v_0 v_1, & v_3 &= v_2 + v_0 . \\end{aligned}$$"
    report = grade(PROBLEM, text)
    assert [(cell.row, cell.verdict) for cell in report.cells if cell.cell == "formula"] == [
        (f"v{at}", "right") for at in range(4)
    ]


def test_a_line_of_an_alignment_that_cannot_be_read_costs_itself() -> None:
    lines = " \\\\\n".join(with_form([f"{label} &= {rest}" for label, rest in SET], 2, r"v_9 &= \oint \spadesuit"))
    report = grade(PROBLEM, f"$$\\begin{{aligned}}\n{lines}\n\\end{{aligned}}$$")
    assert [cell.verdict for cell in report.cells if cell.row != "v9"] == ["right"] * 12


@pytest.mark.parametrize("tabs", ["\t", " \t\t ", "\t "])
def test_a_tab_in_a_table_with_bars_is_a_space(tabs: str) -> None:
    text = "| row | formula | value |\n|---|---|---|\n" + "\n".join(TABLE)
    assert judged(grade(PROBLEM, text.replace(" |", f"{tabs}|"))) == judged(grade(PROBLEM, text))


FONTS = ["mathbf", "boldsymbol", "bm", "mathrm", "mathit", "mathsf", "mathcal", "vec", "underline", "pmb", "mathnormal"]
DRESSED = {
    "v_1": [r"\%s{v}_1", r"\%s v_1", r"\%s{v_1}", r"\%s{v_{1}}", r"{\%s{v}}_1"],
    r"\bar{v}_1": [r"\bar{\%s v}_1", r"\bar{\%s{v}}_1", r"\bar{\%s{v}_1}", r"\%s{\bar{v}_1}", r"\%s{\bar v}_1"],
    r"\dot{v}_1": [r"\dot{\%s v}_1", r"\dot{\%s{v}}_1", r"\%s{\dot{v}_1}"],
    "x": [r"\%s{x}", r"\%s x"],
    "441": [r"\%s{441}"],
    "2.5": [r"\%s{2.5}"],
    "2 x": [r"\%s{2 x}", r"\%s{2} \%s{x}", r"2\%s{x}"],
    "x^2": [r"\%s{x}^2", r"\%s{x}^\%s{2}", r"\%s{x^2}"],
    r"\frac{\partial y}{\partial x}": [r"\frac{\partial \%s{y}}{\partial \%s{x}}",
        r"\%s{\frac{\partial y}{\partial x}}"],
    "W x + b": [r"\%s{W} \%s{x} + \%s{b}", r"\%s W \%s x + \%s b"],
}  # fmt: skip
NAMES = ["v1", "x", "y", "W", "b", "loss"]


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize(("plain", "dressed"), [(plain, each) for plain, forms in DRESSED.items() for each in forms])
def test_a_font_means_nothing(plain: str, dressed: str, font: str) -> None:
    wanted = str(read(plain, names=NAMES).formula).replace("v_1", "v1")
    assert str(read(dressed.replace("%s", font), names=NAMES).formula).replace("v_1", "v1") == wanted


PUT_ON = [
    r"\boxed{%s}", r"\textcolor{red}{%s}", r"{\color{blue} %s}", r"\underbrace{%s}_{\text{step A}}",
    r"\overbrace{%s}^{n}", r"\displaystyle %s", r"\underline{\underline{%s}}", r"%s \tag{1}", r"%s \tag*{(1)}",
    r"%s \label{eq:one}", r"%s \nonumber", r"\phantom{-}%s", r"%s \hspace{1em}", r"\therefore %s", r"%s \hfill",
    r"\left(%s\right)", r"\bigl(%s\bigr)", r"\underset{a}{%s}", r"\ensuremath{%s}", r"\colorbox{yellow}{%s}",
]  # fmt: skip


@pytest.mark.parametrize("formula", ["21", "v_1", r"\bar{v}_1", r"\frac{1}{2} x", "x + 1", r"\sin(x)^2"])
@pytest.mark.parametrize("form", PUT_ON)
def test_what_is_put_on_a_formula_means_nothing(form: str, formula: str) -> None:
    assert read(form.replace("%s", formula), names=NAMES).formula == read(formula, names=NAMES).formula


@pytest.mark.parametrize("form", PUT_ON)
def test_a_sheet_in_such_dress_is_right(form: str) -> None:
    rows = [
        f"${label} = {rest.rpartition('=')[0]} = {form.replace('%s', rest.rpartition('=')[2])}$" for label, rest in SET
    ]
    assert [cell.verdict for cell in grade(PROBLEM, "\n\n".join(rows)).cells] == ["right"] * 12


def test_a_word_in_a_font_is_one_name_and_a_text_is_none() -> None:
    assert read(r"\mathbf{loss}", names=NAMES).formula == read("loss", names=NAMES).formula
    report = grade(PROBLEM, r"$v_0 = x_1 = 2 \text{ (so x1 is it)}$")
    assert [cell.verdict for cell in report.cells] == ["right"] * 3


@pytest.mark.parametrize(
    "arrow",
    ["←", "⟵", "→", "↦", "<-", "->", ":=", "=", r"\leftarrow", r"\gets", r"\to", r"\rightarrow", r"\mapsto"],
)
@pytest.mark.parametrize("rows", [PLAIN, SLIP], ids=["right", "slip"])
def test_an_arrow_behind_a_label_is_an_equal_sign(arrow: str, rows: list[str]) -> None:
    written = [row.replace("=", arrow, 1) for row in rows]
    for before, after, between in (("", "", "\n"), ("$", "$", "\n\n"), ("- ", "", "\n"), ("1. ", "", "\n")):
        if "\\" in arrow and before != "$":
            continue
        text = between.join(f"{before}{row}{after}" for row in written)
        assert judged(grade(PROBLEM, text)) == judged(grade(PROBLEM, "\n".join(rows)))


@pytest.mark.parametrize("arrow", ["←", "<-", "->", ":=", "="])
@pytest.mark.parametrize("between", ["; ", ", "])
def test_rows_with_arrows_on_one_line_are_a_row_each(between: str, arrow: str) -> None:
    report = grade(PROBLEM, between.join(row.replace("=", arrow, 1) for row in PLAIN))
    assert [cell.verdict for cell in report.cells] == ["right"] * 12


@pytest.mark.parametrize("edge", ["v0 → v2", "v0 -> v2 -> v3", r"$v_0 \to v_2$", r"$\bar v_3 \to \bar v_2$"])
def test_an_edge_of_a_graph_is_no_row(edge: str) -> None:
    report = grade(PROBLEM, "\n".join([*PLAIN, "", edge]))
    assert {cell.verdict for cell in report.cells} <= {"right", "unread"}
    assert [cell.verdict for cell in report.cells if cell.line < 5] == ["right"] * 12


@pytest.mark.parametrize(("label", "sign"), [("%s.grad", "="), ("%s.grad", "←"), ("%s_bar", "←"), ("%s̄", "->")])
def test_an_adjoint_of_a_program_is_one(label: str, sign: str) -> None:
    adjoints = [("v3", "1"), ("v2", "BAR3 = 1"), ("v1", "BAR2 * v0 = 2"), ("v0", "BAR3 + BAR2 * v1 = 4")]
    rows = [f"{label.replace('%s', row)} {sign} {rest}" for row, rest in adjoints]
    text = "\n".join([*PLAIN, "", *rows])
    for row in ("v3", "v2"):
        text = text.replace(f"BAR{row[1]}", label.replace("%s", row))
    report = grade(PROBLEM, text)
    assert [cell.verdict for cell in report.cells if cell.line > 5] == ["right"] * len(report.cells[12:])
    assert {cell.line for cell in report.cells} == {1, 2, 3, 4, 6, 7, 8, 9}


UNREADABLE = ["{} = the square of something", "{} ← whatever comes out there", "{} = ∮ ♠", "{} := as on the board"]


@pytest.mark.parametrize("label", ["v9", "dv9/dx1", "y", "v9.grad", "v9_bar", "$v_9$"])
@pytest.mark.parametrize("form", UNREADABLE)
def test_a_row_that_cannot_be_read_is_in_the_report(label: str, form: str) -> None:
    report = grade(PROBLEM, "\n".join([*PLAIN, form.replace("{}", label)]))
    assert any(cell.line == 5 and cell.needs_person for cell in report.cells)
    assert [cell.verdict for cell in report.cells if cell.line < 5] == ["right"] * 12


SEPARATORS = ["log(v_0,2)", "max(v0,1)", "pow(v1,3)", "max(2,1)", r"\max\left(v_0,1\right)", "(1,2)", "f(2,1)",
              r"\operatorname{min}(3,4)", "min(1,2,3)", "atan2(v_{1},2)", "v0,1", "v_0,1"]  # fmt: skip
DECIMALS = [("sin(0,5)", "sin(0.5)"), ("0{,}5", "0.5"), ("2 * 1,25", "2 * 1.25"), (r"v_0 \cdot0,5", r"v_0 \cdot0.5"),
            ("max(1,5; 2,5)", "max(1.5; 2.5)"), ("pow(1,5, 2)", "pow(1.5, 2)"), ("exp(-0,5)", "exp(-0.5)"),
            ("[0,5; 1,5]", "[0.5; 1.5]")]  # fmt: skip


@pytest.mark.parametrize("text", SEPARATORS)
def test_a_comma_between_operands_is_none_of_a_number(text: str) -> None:
    assert not writes_commas(text)
    assert with_points(f"{text} = 0,25") == f"{text} = 0.25"


@pytest.mark.parametrize(("text", "points"), DECIMALS)
def test_a_comma_within_a_number_is_a_point(text: str, points: str) -> None:
    assert writes_commas(text)
    assert with_points(text) == points


def test_what_the_sheet_does_elsewhere_decides_between_a_base_and_a_decimal() -> None:
    assert not writes_commas("v2 = log(8,2) = 3")
    assert writes_commas("v1 = 0,25\nv2 = log(0,5)")
    assert not writes_commas("v1 = 0.25 + 1.5\nv2 = 0,5")


def sheets_of_operands() -> Iterator[tuple[str, str]]:
    for declared, written in (("max(x1, 1)", "max(v0,1)"), ("x1**3", "pow(v0,3)"), ("log(x1)/log(2)", "log(v0,2)")):
        for value in ("2", "2,0", "2.0"):
            yield declared, f"v0 = x1 = {value}\nv1 = {written}"


@pytest.mark.parametrize(("declared", "text"), list(sheets_of_operands()))
def test_a_row_with_operands_is_right(declared: str, text: str) -> None:
    problem = Problem.from_toml(f'[inputs]\nx1 = 2\n[outputs]\ny = "{declared}"')
    report = grade(problem, text)
    assert [cell.verdict for cell in report.cells if cell.line == 2] == ["right"] * 2


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.5 %", "0.125"),
        (r"12.5\%", "0.125"),
        (r"12.5\,\%", "0.125"),
        ("50%", "0.50"),
        ("-8 %", "-0.08"),
        ("150 %", "1.50"),
    ],
)
def test_percent_is_a_number_with_its_digits(text: str, number: str) -> None:
    assert read(text).formula == read(number).formula


@pytest.mark.parametrize("remark", ["% fine", " % as above", "% = v0 again", " %", "  % 3 points", "% v2 = 5"])
def test_a_comment_behind_a_percent_sign_is_none_of_the_row(remark: str) -> None:
    text = "\n\n".join(f"${row}$ {remark}" for row in PLAIN)
    assert judged(grade(PROBLEM, text, suffix=".tex")) == judged(grade(PROBLEM, "\n\n".join(PLAIN)))


@pytest.mark.parametrize("remark", ["% fine", " % as above", "  % the product"])
def test_a_comment_of_a_program_is_none_of_the_row(remark: str) -> None:
    report = grade(PROBLEM, "\n".join(f"{row} {remark}" for row in PLAIN), suffix=".txt")
    assert [cell.verdict for cell in report.cells] == ["right"] * 12


@pytest.mark.parametrize("font", ["BOLD", "ITALIC", "BOLD ITALIC", "SANS-SERIF", "MONOSPACE"])
def test_letters_in_the_fonts_of_unicode_are_the_letters_that_they_are(font: str) -> None:
    def dressed(found: re.Match[str]) -> str:
        return unicodedata.lookup(f"MATHEMATICAL {font} SMALL {found[0].upper()}")

    text = "v_0 = x = 2\n\nv_1 = 3 v_0 = 6"
    report = grade(Problem.from_toml('[inputs]\nx = 2\n[outputs]\ny = "3*x"'), re.sub("[vx]", dressed, text))
    assert [cell.verdict for cell in report.cells] == ["right"] * 6


def test_rows_past_those_that_are_read_cost_no_row_before() -> None:
    text = "v0 = x = 2\n\nv1 = 3 v0 = 6\n\n" + "\n\n".join(f"v9 = {at}" for at in range(2_100))
    report = grade(Problem.from_toml('[inputs]\nx = 2\n[outputs]\ny = "3*x"'), text)
    assert [cell.verdict for cell in report.cells[:6]] == ["right"] * 6
    assert any("2,102 rows" in note and "skipped" in note for note in report.notes)
