"""The label of a row is found wherever it stands in a table, by what it is and not by its place or by the heads."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from itertools import permutations

import pytest

from tracegen.grading.grader import grade
from tracegen.grading.report import Report
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\na = 2\nb = 3\n[outputs]\ny = "sin(a*b) + a*b**2"')
SWEEPS = [
    [("v0", "a", "2"), ("v1", "b", "3"), ("v2", "v0*v1", "6"), ("v3", "sin(v2)", "-0.2794"), ("v4", "v1^2", "9"),
     ("v5", "v0*v4", "18"), ("v6", "v3 + v5", "17.7206")],
    [("v6_bar", "1", "1"), ("v5_bar", "v6_bar", "1"), ("v4_bar", "v5_bar*v0", "2"), ("v3_bar", "v6_bar", "1"),
     ("v2_bar", "v3_bar*cos(v2)", "0.9602"), ("v1_bar", "v2_bar*v0 + v4_bar*2*v1", "13.9203"),
     ("v0_bar", "v2_bar*v1 + v5_bar*v4", "11.8805")],
]  # fmt: skip
ORDERS = list(permutations(["label", "rule", "value"])) + [
    ("number", *rest) for rest in permutations(["label", "rule", "value"])
]
HEADS = [["label", "rule", "value"], ["甲", "乙", "丙"], ["A", "B", "C"]]

Table = list[list[str]]


def tables(order: Sequence[str], heads: Sequence[str], wrong: str = "") -> list[Table]:
    """The tables of both sweeps with their columns in an order; a value of the last row may be wrong."""
    names = dict(zip(["label", "rule", "value"], heads, strict=True)) | {"number": "#"}
    made = []
    for sweep in SWEEPS:
        table = [[names[each] for each in order]]
        for number, (label, rule, value) in enumerate(sweep, start=1):
            cells = {"number": str(number), "label": label, "rule": rule, "value": value}
            if label == wrong:
                cells["value"] = "7.5"
            table.append([cells[each] for each in order])
        made.append(table)
    return made


def turned(table: Table) -> Table:
    return [list(line) for line in zip(*table, strict=True)]


def markdown(table: Table) -> str:
    head, *body = ("| " + " | ".join(line) + " |" for line in table)
    return "\n".join([head, "|---" * len(table[0]) + "|", *body])


def web(table: Table) -> str:
    lines = ("".join(f"<td>{html.escape(cell)}</td>" for cell in line) for line in table)
    return "\n".join(["<table>", *(f"<tr>{line}</tr>" for line in lines), "</table>"])


def latex(table: Table) -> str:
    lines = (" & ".join(f"${cell}$" if at else cell for cell in line) + r" \\" for at, line in enumerate(table))
    return "\n".join([r"\begin{tabular}{" + "c" * len(table[0]) + "}", *lines, r"\end{tabular}"])


FORMATS: dict[str, Callable[[Table], str]] = {
    ".md": markdown, ".html": web, ".tex": latex, ".csv": lambda table: "\n".join(map(",".join, table)),
}  # fmt: skip


def sheet(written: Callable[[Table], str], shown: Sequence[Table]) -> str:
    return "\n\n".join(map(written, shown)) + "\n"


def whole(report: Report) -> bool:
    """Whether every rule and every value of both sweeps is in a report, and right; what a head says earns nothing."""
    rows = [cell for cell in report.cells if cell.text not in HEADS[1] + HEADS[2]]
    judged = [cell for cell in rows if cell.cell != "label"]
    return len(judged) == 2 * sum(map(len, SWEEPS)) and {cell.verdict for cell in rows} == {"right"}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("heads", HEADS, ids="".join)
@pytest.mark.parametrize("order", ORDERS, ids=", ".join)
def test_columns_stand_in_any_order(order: Sequence[str], heads: Sequence[str], suffix: str) -> None:
    shown = tables(order, heads)
    report = grade(PROBLEM, sheet(FORMATS[suffix], shown), suffix=suffix)
    assert whole(report)


@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix != ".csv"])
@pytest.mark.parametrize("heads", HEADS, ids="".join)
@pytest.mark.parametrize("order", [("label", "rule", "value"), ("label", "value", "rule")], ids=", ".join)
def test_rows_stand_side_by_side(order: Sequence[str], heads: Sequence[str], suffix: str) -> None:
    shown = list(map(turned, tables(order, heads)))
    report = grade(PROBLEM, sheet(FORMATS[suffix], shown), suffix=suffix)
    assert whole(report)


@pytest.mark.parametrize("wrong", [label for label, _, _ in SWEEPS[0][2:]])
def test_a_cell_of_a_turned_table_is_named_by_its_own_line(wrong: str) -> None:
    text = sheet(markdown, list(map(turned, tables(["label", "rule", "value"], HEADS[0], wrong))))
    found = [cell for cell in grade(PROBLEM, text).cells if cell.verdict == "wrong" and cell.text == "7.5"]
    assert [cell.line for cell in found] == [next(at for at, line in enumerate(text.split("\n"), 1) if "7.5" in line)]


@pytest.mark.parametrize(
    "table",
    [
        [["", "a", "b"], ["y", "11.8805", "13.9203"]],
        [["gradient", "a", "b"], ["value", "11.8805", "13.9203"]],
        [["", "∂/∂a", "∂/∂b"], ["y", "11.8805", "13.9203"]],
    ],
    ids=["names", "words", "operators"],
)
def test_a_jacobian_is_not_turned(table: Table) -> None:
    text = sheet(markdown, [tables(["label", "rule", "value"], HEADS[0])[0], table])
    assert [cell for cell in grade(PROBLEM, text).cells if cell.verdict == "wrong"] == []


@pytest.mark.parametrize("title", ["Paso hacia adelante", "Paso hacia adelante,,", "前向计算"])
@pytest.mark.parametrize("order", ORDERS[:6], ids=", ".join)
def test_a_title_in_a_csv_file_is_no_line_of_its_table(order: Sequence[str], title: str) -> None:
    shown = tables(order, HEADS[0])
    text = "\n\n".join(f"{title}\n{FORMATS['.csv'](table)}" for table in shown)
    assert whole(grade(PROBLEM, text, suffix=".csv"))


LETTERS = {"v0": "c", "v1": "d", "v2": "g", "v3": "h", "v4": "k", "v5": "theta", "v6": "y"}


@pytest.mark.parametrize("heads", HEADS, ids="".join)
@pytest.mark.parametrize("suffix", [suffix for suffix in FORMATS if suffix not in (".csv", ".tex")])
def test_labels_can_be_any_names(heads: Sequence[str], suffix: str) -> None:
    problem = Problem.from_toml('[inputs]\na = 2\nb = 3\n[steps]\ntheta = "a*b**2"\n[outputs]\ny = "sin(a*b) + theta"')

    def named(table: Table) -> Table:
        return [[re.sub(r"v\d", lambda found: LETTERS[found[0]], cell) for cell in line] for line in table]

    for shown in (
        tables(["value", "label", "rule"], heads),
        list(map(turned, tables(["label", "value", "rule"], heads))),
    ):
        report = grade(problem, sheet(FORMATS[suffix], list(map(named, shown))), suffix=suffix)
        assert whole(report)


@pytest.mark.parametrize("first", [-3, 0, 1])
def test_a_column_that_counts_is_nobodys_value(first: int) -> None:
    rows = [f"{label} = {rule} = {value}" for label, rule, value in SWEEPS[0]]
    table = [["Nr.", "row"], *([str(number), row] for number, row in enumerate(rows, start=first)), ["", "y = v6"]]
    report = grade(PROBLEM, markdown(table))
    assert {cell.verdict for cell in report.cells} == {"right"}
    assert not any(cell.text == str(first) for cell in report.cells if cell.cell == "value" and cell.line == 3)
