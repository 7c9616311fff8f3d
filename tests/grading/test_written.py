"""Answer sheets as students and lecturers write them, each otherwise; and what a fair lecturer would say of each."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tracegen.examples import path_of
from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

FOLDER = Path(__file__).parent.parent / "submissions" / "written"
PROBLEMS = {
    "chain": '[inputs]\nx = 0.5\n[outputs]\ny = "sin(exp(x**2))"',
    "tanh": '[inputs]\nx1 = 2\nx2 = 0.5\n[outputs]\nf = "tanh(x2*log(x1)) + x1/x2"',
    "v3": '[inputs]\nx1 = 2\nx2 = 5\n[outputs]\nv3 = "log(x1) + x1*x2 - sin(x2)"',
    "ab": '[inputs]\na = 2\nb = 3\n[outputs]\ny = "sin(a*b) + a*b**2"',
    "neu": '[inputs]\nw = 0.5\nx = 2\nb = -0.3\n[outputs]\nL = "(sigmoid(w*x + b) - 1)**2/2"',
    "sq": '[inputs]\nx1 = 3\nx2 = 4\n[outputs]\nf = "sqrt(x1**2 + x2**2)"',
    "ros": '[inputs]\nx = 1.5\ny = 2\n[outputs]\nf = "(1 - x)**2 + 100*(y - x**2)**2"',
}

ALL_RIGHT = {
    "v3": [
        "v3out.md",
    ],
    "ab": [
        "yout.md", "letters.md", "repeat.md", "repeat2.md", "md-prose.md", "oneline.txt", "remarks.md", "ditto.md",
        "strike.md", "sout.tex", "nb.ipynb", "ocr.txt", "twocol.txt", "numeric.txt", "html-word.html",
        "html-katex.html", "md-rawalign.md", "md-tabular.md", "md-inlineparen.md", "code-notebook.ipynb",
        "skip-rows.md", "joined.md", "numbered.md", "percent.md", "reverse-prime.md", "accumulate.txt",
    ],
    "baydin": [
        "locals.md", "locals2.md", "dx1.md", "fracslash.md", "dots.md", "xdot.md", "vbar3.md", "v3-bar.md",
        "bar-v3.md", "primes.md", "dx.md", "symseed.md", "tex-tabular.tex", "tex-array.tex", "tex-split-align.md",
        "german.md", "french.md", "excel.csv", "excel2.csv", "mdnohead.md", "wide.md", "excel-tab.txt",
        "missing-input-rows.md", "forward-both.md", "point-said.md", "excel-quoted.csv",
        "d-adjoints.md", "d-tangents.md", "values-only.md", "commas.csv", "letters-alone.md", "values-adjoints.md",
    ],
    "homework1": [
        "tex-align.tex", "tex-itemize.tex", "powers.md", "jac-end.md", "jac-rows.md",
    ],
    "sq": [
        "grad.md", "grad2.tex", "eqlabels.tex", "sin2.md", "greek.md", "grad-symbolic.md",
    ],
    "deisenroth": [
        "implicit.md",
    ],
    "tanh": [
        "tanh1.md", "tanh2.md",
    ],
    "neu": [
        "neuron.md",
    ],
    "ros": [
        "ros.md", "sci.md",
    ],
    "homework2_numbers": [
        "mat-pm4.md", "mat-pm3.md", "mat-pm2.tex", "mat-br.txt", "mat-np.txt", "mat-workedout.tex",
        "mat-multiline.md", "mat-matlab.txt",
    ],
    "ab+baydin": [
        "two-problems.md",
    ],
    "chain": [
        "chain-e.tex", "chain-words.txt",
    ],
}  # fmt: skip

SLIPS = [
    ("baydin", "bay-slip-carried.md", {
        ("v2", "value", "wrong"): 1, ("v4", "value", "carried"): 1, ("v5", "value", "carried"): 1,
    }),
    ("baydin", "bay-sign.md", {
        ("v0", "value", "carried"): 1, ("v3", "formula", "wrong"): 1, ("v3", "value", "carried"): 1,
    }),
    ("baydin", "adj-wide-slip.md", {
        ("v3", "value", "wrong"): 1,
    }),
    ("sq", "gradbad.tex", {
        ("∂f/∂x2", "value", "wrong"): 1,
    }),
    ("tanh", "tanh-slip.tex", {
        ("v1", "value", "carried"): 1, ("v2", "formula", "wrong"): 1, ("v2", "value", "carried"): 1,
        ("x1", "value", "carried"): 1, ("x2", "value", "carried"): 1,
    }),
    ("neu", "neuron-slips.md", {
        ("b", "value", "carried"): 1, ("w", "value", "carried"): 1, ("z", "formula", "wrong"): 1,
        ("z", "value", "carried"): 1,
    }),
    ("homework2_numbers", "mat-carry.md", {
        ("L", "value", "carried"): 1, ("R", "value", "carried"): 1, ("W1", "value", "carried"): 1,
        ("W2", "value", "carried"): 1, ("b1", "value", "carried"): 1, ("b2", "value", "carried"): 1,
        ("h", "value", "carried"): 2, ("x", "value", "carried"): 1, ("xi", "value", "carried"): 1,
        ("y", "value", "carried"): 2, ("z", "value", "carried"): 1, ("z", "value", "wrong"): 1,
    }),
    ("homework2_numbers", "mat-carry-adj.md", {
        ("W1", "value", "carried"): 1, ("W2", "value", "carried"): 1, ("b1", "value", "carried"): 1,
        ("b2", "value", "carried"): 1, ("h", "value", "carried"): 1, ("x", "value", "carried"): 1,
        ("y", "value", "wrong"): 1, ("z", "value", "carried"): 1,
    }),
    ("homework2_numbers", "mat-carry-formula.md", {
        ("W1", "value", "carried"): 1, ("W2", "value", "carried"): 1, ("b1", "value", "carried"): 1,
        ("b2", "value", "carried"): 1, ("h", "value", "carried"): 1, ("x", "value", "carried"): 1,
        ("y", "formula", "wrong"): 1, ("y", "value", "carried"): 1, ("z", "value", "carried"): 1,
    }),
    ("homework2_numbers", "mat-transposed.md", {
        ("W1", "formula", "wrong"): 1, ("W1", "value", "wrong"): 1,
    }),
    ("baydin", "commas-doubt.csv", {("v1", "value", "unread"): 1}),
    ("baydin", "commas-slip.csv", {("v3", "value", "wrong"): 1, ("v6", "value", "carried"): 1}),
    ("baydin", "adjoints-slip.md", {("b", "value", "wrong"): 1}),
    ("baydin", "d-slip.md", {("t2", "formula", "wrong"): 1}),
    ("baydin", "values-slip.md", {("c", "formula", "wrong"): 1, ("c", "value", "carried"): 1}),
]  # fmt: skip


def problems(names: str) -> list[Problem]:
    found = [PROBLEMS.get(name) for name in names.split("+")]
    return [
        Problem.read(path_of(name)) if text is None else Problem.from_toml(text)
        for name, text in zip(names.split("+"), found, strict=True)
    ]


def verdicts(names: str, file: str) -> Counter[tuple[str, str, str]]:
    """How often cells that are not right have which verdict."""
    path = FOLDER / file
    report = grade(problems(names), path.read_text("utf-8"), suffix=path.suffix)
    assert len(report.cells) > 5
    return Counter((cell.row, cell.cell, cell.verdict) for cell in report.cells if cell.verdict != "right")


@pytest.mark.parametrize(("names", "file"), [(names, file) for names, files in ALL_RIGHT.items() for file in files])
def test_a_right_sheet_is_right_however_it_is_written(names: str, file: str) -> None:
    assert verdicts(names, file) == {}


REWORDED = {
    "nb.ipynb": "backslashes are doubled in the file", "html-word.html": "small digits are tags",
    "html-katex.html": "small digits are tags", "tex-align.tex": "own commands are written out",
}  # fmt: skip


@pytest.mark.parametrize(
    ("names", "file"), [(names, file) for names, files in ALL_RIGHT.items() for file in files if file not in REWORDED]
)
def test_a_report_says_what_the_sheet_says(names: str, file: str) -> None:
    path = FOLDER / file
    text = path.read_text("utf-8")
    for cell in grade(problems(names), text, suffix=path.suffix).cells:
        assert without_layout(cell.text) in without_layout(text)


def without_layout(text: str) -> str:
    return re.sub(r"[\s&$]", "", text)


@pytest.mark.parametrize(("names", "file", "wanted"), SLIPS)
def test_a_slip_is_found_and_carried_and_nothing_else(
    names: str, file: str, wanted: dict[tuple[str, str, str], int]
) -> None:
    assert verdicts(names, file) == wanted


def test_every_sheet_is_looked_at() -> None:
    named = [file for files in ALL_RIGHT.values() for file in files] + [file for _, file, _ in SLIPS]
    assert sorted(named) == sorted(path.name for path in FOLDER.iterdir())
