"""What the reader finds on sheets: rows, values, headings, matrices and shapes, in every format it takes."""

from __future__ import annotations

import json

import pytest

from tracegen.errors import BoundError, ParseError
from tracegen.grading.headings import Hint, hint_of
from tracegen.grading.members import member_texts
from tracegen.grading.read import Words, read_sheet
from tracegen.grading.sheet import Cell, Dimension, Heading, Loose, Matrix, Row
from tracegen.mathtext.spellings import CERTAIN
from tracegen.notation import unicode

WORDS = Words(frozenset(["x1", "x2"]), frozenset(["y1", "y2"]), frozenset(["y", "f"]))


def rows(text: str, suffix: str = ".md") -> list[str]:
    """Rows as ``label = members | beside``."""
    found = [item for item in read_sheet(text, WORDS, suffix=suffix).items if isinstance(item, Row)]
    return [
        f"{_shown(row.label)} = {' = '.join(map(_shown, row.members))} | {', '.join(map(_shown, row.beside))}"
        for row in found
    ]  # fmt: skip


def _shown(cell: Cell) -> str:
    return "?" if cell.formula is None else unicode(cell.formula)


ROWS = [
    (r"$v_2 = 2v_1$" + "\t2", ["v₂ = 2·v₁ | 2"]),
    ("v2 = 2 v1 = 4", ["v₂ = 2·v₁ = 4 | "]),
    ("| $v_2 = 2 v_1$ | $4$ |", ["v₂ = 2·v₁ | 4"]),
    ("| v2 | 2 v1 | 4 |", ["v₂ = 2·v₁ | 4"]),
    ("- v2 = 2 v1\n- v3 = exp(v2)", ["v₂ = 2·v₁ | ", "v₃ = exp(v₂) | "]),
    ("v0 = x1, v1 = x2; v2 = v0 v1", ["v₀ = x₁ | ", "v₁ = x₂ | ", "v₂ = v₀·v₁ | "]),
    (r"$$\bar{v}_4 = 3 \bar{v}_5 \quad 6 \cos(3)$$", ["v̄₄ = 3·v̄₅ | 6·cos(3)"]),
    (r"$$\bar{v}_4 = 3 \bar{v}_5$$" + "\n\n$$|$$", ["v̄₄ = 3·v̄₅ | 1"]),
    (r"$$\begin{aligned} v_7 &= v_0 v_6 \\ &= 2 \sin 3 \end{aligned}$$", ["v₇ = v₀·v₆ = 2·sin(3) | "]),
    ("v̄₁ = v̄₂·∂v₂/∂v₁", ["v̄₁ = v̄₂·∂v₂/∂v₁ | "]),
    ("dv2/dx1 = 2 dv1/dx1 = 0", ["∂v₂/∂x₁ = 2·∂v₁/∂x₁ = 0 | "]),
    ("v2_bar = v3_bar*dv3_dv2", ["v̄₂ = v̄₃·∂v₃/∂v₂ | "]),
    ("v-1 = x1\nv0 = x2\nv1 = v-1 v0", ["v₋₁ = x₁ | ", "v₀ = x₂ | ", "v₁ = v₋₁·v₀ | "]),
    (
        "| row | primal | value | adjoint rule |\n| --- | --- | --- | --- |\n| v2 | 2 v1 | 2 | exp(v2) |",
        ["v₂ = 2·v₁ | 2, exp(v₂)"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ROWS)
def test_rows_of_markdown_and_plain_text(text: str, wanted: list[str]) -> None:
    found = rows(text)
    assert found == wanted


def test_rows_of_latex() -> None:
    text = r"""\documentclass{article}\begin{document}\section{Adjoints of $y_1$}
% v_9 = 9
\begin{tabular}{ll}\toprule line & value \\ \midrule $v_2 = 2 v_1$ & $4$ \\ \bottomrule\end{tabular}
\begin{align*} v_3 &= \exp(v_2) \\ v_4 &= v_3 \\ &= 2 \end{align*}
Then $v_5 = v_4$.\end{document}"""
    assert rows(text, ".tex") == ["v₂ = 2·v₁ | 4", "v₃ = exp(v₂) | ", "v₄ = v₃ = 2 | ", "v₅ = v₄ | "]


def test_notebooks_give_their_markdown_and_code_is_not_looked_at() -> None:
    cells = [
        {"cell_type": "code", "source": "v9 = open('/etc/passwd')"},
        {"cell_type": "markdown", "source": ["v2 = 2 v1\n", "v3 = exp(v2)"]},
    ]
    assert rows(json.dumps({"cells": cells}), ".ipynb") == ["v₂ = 2·v₁ | ", "v₃ = exp(v₂) | "]


def test_csv_and_json() -> None:
    assert rows("v2 = 2*v1,4\nv3 = exp(v2),exp(4)\n", ".csv") == ["v₂ = 2·v₁ | 4", "v₃ = exp(v₂) | exp(4)"]
    assert rows(json.dumps({"v2": "2*v1", "v3": "exp(v2)"}), ".json") == ["v₂ = 2·v₁ | ", "v₃ = exp(v₂) | "]


@pytest.mark.parametrize(("text", "suffix"), [("{", ".json"), ("[1]", ".ipynb"), ("x", ".exe")])
def test_what_is_not_of_its_format_is_an_error(text: str, suffix: str) -> None:
    with pytest.raises(ParseError):
        read_sheet(text, WORDS, suffix=suffix)


def test_other_items_keep_their_lines() -> None:
    text = "# Jacobian\n\n$$\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}$$\n\n$x: N \\times 1$\n\n?? 2\n"
    items = read_sheet(text, WORDS).items
    assert [type(item) for item in items] == [Heading, Matrix, Dimension, Cell]
    assert [item.line for item in items if isinstance(item, Heading | Cell)] == [1, 7]
    assert isinstance(items[-1], Cell)
    assert items[-1].error


def test_a_column_set_loose_is_joined_where_its_length_fits_and_else_left() -> None:
    three = "v0 = x1\n\nv1 = x2\n\nv2 = v0 v1\n\n"
    joined = read_sheet(three + "2\n\n1\n\n2\n", WORDS)
    assert all(item.guessed for item in joined.items if isinstance(item, Row))
    assert joined.notes
    left = read_sheet(three + "2\n\n1\n", WORDS)
    assert len([item for item in left.items if isinstance(item, Loose)]) == 2


BOUNDS = [
    ("x" * 1_000_001, "characters"), ("x" * 20_001, "characters"), ("\t".join("1" * 51), "columns"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "word"), BOUNDS, ids=["sheet", "line", "columns"])
def test_bounds_are_checked_before_any_work(text: str, word: str) -> None:
    with pytest.raises(BoundError, match=word):
        read_sheet(text, WORDS)


@pytest.mark.parametrize(
    "text", ["v1 = " + "x1 + " * 1_000 + "1", "v1 = " + "(" * 60 + "1" + ")" * 60, "v1 = 9^{9^{9}}"]
)
def test_a_cell_beyond_bounds_is_unread_and_no_more(text: str) -> None:
    items = read_sheet(f"{text}\n\nv2 = x1\n", WORDS).items
    assert isinstance(items[-1], Row)


HINTS = [
    ("Adjoints of y1", Hint("reverse", "y1", "")), ("Tangents of y_2 along x_1", Hint("forward", "y2", "x1")),
    ("backward", Hint("reverse", "", "")), ("y_1 f(2,1)", Hint("", "y1", "")), ("Dim:", Hint("shapes", "", "")),
    ("Jacobian", Hint("jacobian", "", "")), ("a stroll", Hint()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "hint"), HINTS)
def test_what_headings_say(text: str, hint: Hint) -> None:
    assert hint_of(text, frozenset(["y1", "y2"]), frozenset(["x1", "x2"])) == hint


def test_members_keep_their_own_text() -> None:
    assert member_texts(r"\bar v_2 = 1 \times \exp(4) \quad \exp(2)") == (r"\bar v_2", r"1 \times \exp(4)", r"\exp(2)")
    assert member_texts(r"f(a=b) = 2") == ("f(a=b)", "2")


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("D_p v_3", r"\dot{v_3}"),
        ("v3_dot", r"\dot{v3}"),
        ("dvm1_dx1", r"\frac{\partial v_{-1}}{\partial x1}"),
        ("v3", "v3"),
    ],
)
def test_plain_names_are_spelled_out(text: str, spelled: str) -> None:
    assert CERTAIN.spelled_out(text) == spelled
