"""How people write: strokes through, commas, ditto marks, own commands, remarks, look-alikes, plain notations."""

from __future__ import annotations

import pytest

from tracegen.grading.crossing import without_crossed_out
from tracegen.grading.grader import grade
from tracegen.grading.macros import MOST_WRITTEN, written_out
from tracegen.grading.mistyped import with_digits
from tracegen.grading.pieces import Piece
from tracegen.grading.read import Words, read_sheet
from tracegen.grading.remarks import formulas_in, without_remarks
from tracegen.grading.scripts import with_scripts
from tracegen.grading.sheet import Row
from tracegen.grading.tidying import tidied
from tracegen.mathtext import read
from tracegen.mathtext.spellings import CERTAIN
from tracegen.notation import unicode
from tracegen.problems.problem import Problem

NAMES = frozenset(["v-1", "v0", "v1", "v3", "x1", "x", "f"])

CROSSED = [
    ("v2 = ~~v0 + v1~~ v0 v1", False, "v2 =  v0 v1"),
    (r"v_2 = \cancel{v_0 + v_1} v_0", True, "v_2 =   v_0"),
    (r"\frac{\cancel{2} v_1}{\cancel{2}}", True, r"\frac{ 2  v_1}{ 2 }"),
    (r"\sout{v_4 = 3} v_4 = 9", True, "  v_4 = 9"),
    (r"v_1 + \cancelto{0}{v_2}", True, "v_1 + {0}"),
    ("v_1 ~~=~~ 2", True, "v_1 ~~=~~ 2"),
    ("<del>v4 = 3</del> v4 = 9", False, "  v4 = 9"),
    ("3\u03362\u0336 9", False, "  9"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ties", "left"), CROSSED)
def test_what_is_crossed_out_is_not_read(text: str, ties: bool, left: str) -> None:
    assert without_crossed_out(text, ties=ties) == left


MACROS = [
    (r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}\pd{v_2}{x_1}", r"\frac{\partial v_2}{\partial x_1} "),
    (r"\def\b#1{\bar{#1}}\b{v}_1", r"\bar{v} _1"),
    (r"\newcommand{\vb}{\bar v}\vb_1", r"\bar v _1"),
    (r"\DeclareMathOperator{\relu}{relu}\relu(z)", r"\operatorname{relu} (z)"),
    (r"\pdv{v_2}{x_1}", r"\frac{\partial v_2}{\partial x_1} "),
    (r"\newcommand{\a}{\a\a}\a", r"\a"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "written"), MACROS)
def test_own_commands_are_written_out(text: str, written: str) -> None:
    assert written_out(text) == written


def test_commands_that_grow_are_bounded() -> None:
    doubling = "".join(rf"\newcommand{{\c{chr(97 + place)}}}{{{'x' * 390}}}" for place in range(26))
    text = doubling + "".join(rf"\c{chr(97 + place % 26)} " for place in range(20_000))
    assert len(written_out(text)) <= len(text) + 3 * (MOST_WRITTEN + 400)


CELLS = [
    ((("v1", "0,5"), ("v2", "1,25")), (("v1", "0.5"), ("v2", "1.25"))),
    ((("v1", "0{,}5"),), (("v1", "0.5"),)),
    ((("v1", "sin(0,5)"), ("f(2,1)", "0,3")), (("v1", "sin(0.5)"), ("f(2,1)", "0.3"))),
    ((("v1", "f(2,1)"),), (("v1", "f(2,1)"),)),
    ((("[[3,4],[2,1]]",),), (("[[3,4],[2,1]]",),)),
    ((("v1", "0.5"), ("v2", "2,5")), (("v1", "0.5"), ("v2", "2,5"))),
    ((("v1", "v0", "2"), ("v2", '"', "—")), (("v1", "v0", "2"), ("v2", "v0", "—"))),
    ((("a", "b"), ("v1", "same as above")), (("a", "b"), ("v1", "b"))),
    ((("#", "row"), ("1", "v1 = 2"), ("2", "v2 = 3")), (("#", "row"), ("1", "v1 = 2"), ("2", "v2 = 3"))),
    ((("i", "v_i"), ("-1", "x1"), ("0", "x2")), (("i", "v_i"), ("v_{-1}", "x1"), ("v_{0}", "x2"))),
    ((("1", "2"), ("3", "4")), (("1", "2"), ("3", "4"))),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), CELLS)
def test_tables_are_readied(before: tuple[tuple[str, ...], ...], after: tuple[tuple[str, ...], ...]) -> None:
    pieces = [Piece(line, cells, (True,) * len(cells), 0) for line, cells in enumerate(before)]
    assert tuple(piece.cells for piece in tidied(pieces)) == after


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("-0.28 (radians!)", "-0.28"), ("9, see above", "9"), (r"2 \text{ as given}", "2"), ("5.5 # checked", "5.5"),
        ("v0 x v4", "v0 * v4"), ("v0 . v1", "v0 * v1"), ("0.28 rad", "0.28"),
    ],
)  # fmt: skip
def test_remarks_are_taken_away(text: str, read_as: str) -> None:
    assert read_as in without_remarks(text, times=True)


def test_words_are_never_taken_out_of_the_midst_of_a_formula() -> None:
    assert formulas_in("so v3 = sinus v2 = 0.28", lambda word: False) == []
    assert formulas_in("loss = 0.28", lambda word: False) == []
    assert "2 v0" not in without_remarks("2 v0 foo", times=True)


LOOKALIKES = [
    ("vO = v1 + v2 + v3", "v0 = v1 + v2 + v3"), ("v3 = vl v2 v4", "v3 = v1 v2 v4"), ("-O.279", "-0.279"),
    ("l8", "18"), ("2O", "20"), (r"\ln l + \log O", r"\ln l + \log O"), ("d = lO", "d = lO"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "read_as"), LOOKALIKES)
def test_letters_that_can_only_be_digits(text: str, read_as: str) -> None:
    pieces, notes = with_digits([Piece(1, (text,), (True,)), Piece(2, ("v1 = v2 v3",), (True,))], ["x1"])
    assert pieces[0].cells == (read_as,)
    assert bool(notes) == (text != read_as)


NOTATIONS = {
    "∂v₃/∂x₁": [
        "dv3/dx1", "d v3 / d x1", "d(v3)/d(x1)", "del v3/del x1", "partial v3/partial x1", "∂v₃⁄∂x₁", "∂_{x_1} v_3",
        r"\partial_{x_1} v_3", "∂ₓ₁v₃", "d/dx1 v3", "∂/∂x₁ v₃", "D_x₁ v₃", "D_{x_1} v_3", "D_{x_1}(v_3)", "dv3_dx1",
        r"\frac{\mathrm{d} v_3}{\mathrm{d} x_1}", r"\frac{d}{dx_1} v_3", r"{\partial v_3 \over \partial x_1}",
        r"\left.\frac{\partial v_3}{\partial x_1}\right|_{x_1=2}", r"\nabla_{x_1} v_3",
    ],
    "v̄₃": [
        "v3_bar", "vbar3", "v3bar", "v_bar_3", "bar(v3)", "bar v3", "adj(v3)", "v3_adj", r"\bar{\mathbf v}_3", "v̄_3",
    ],
    "v̄₋₁": ["v̄₋₁", r"\bar{v}_{-1}", "vm1_bar", "vbar_{-1}"],
    "v̇₃": ["v3_dot", "vdot3", "v3dot", "v̇_3", "v3'", "v'_3", r"v^\prime_3", "D_p v_3"],
}  # fmt: skip


@pytest.mark.parametrize("text", ["v3_bar v0", "v3bar v0", "vbar3 v0", "v_bar_3 v0", "bar v3 v0"])
def test_a_mark_belongs_to_the_name_that_it_stands_beside(text: str) -> None:
    assert unicode(read(CERTAIN.spelled_out(text), names=NAMES).formula) == "v̄₃·v₀"
    assert unicode(read(CERTAIN.spelled_out(f"2{text}"), names=NAMES).formula) == "2·v̄₃·v₀"


@pytest.mark.parametrize(("wanted", "text"), [(wanted, text) for wanted, texts in NOTATIONS.items() for text in texts])
def test_notations_of_derivatives(wanted: str, text: str) -> None:
    assert unicode(read(CERTAIN.spelled_out(text), names=NAMES).formula) == wanted


HATS = {
    "v₃": [r"\hat{v}_3", r"\hat v_3", r"\hat{v_3}", r"\widehat{v}_3", r"\tilde{v}_{3}", "v̂₃", "v\u0302_3"],
    "v̄₃": [r"\bar{\hat{v}}_3", r"\bar{\hat{v}_3}", r"\overline{\hat v_3}"],
    "∂v₃/∂x₁": [r"\frac{\partial \hat{v}_3}{\partial x_1}"],
    "xₕₐₜ": [r"\hat{x}", "x̂"],
}


@pytest.mark.parametrize(("wanted", "text"), [(wanted, text) for wanted, texts in HATS.items() for text in texts])
def test_a_hat_is_part_of_a_name_where_a_name_has_it_and_else_says_nothing(wanted: str, text: str) -> None:
    assert unicode(read(text, names=NAMES | {"x_hat"}).formula) == wanted


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("%0 = x1\n\n%1 = 2*%0 + %0 %0", ["t₀ = x₁", "t₁ = 2·t₀ + t₀·t₀"]),
        ("%3 = x1\n\ny = sin(%3)", ["t₃ = x₁", "y = sin(t₃)"]),
        ("t1 = x1\n\n%3 = t1\n\ny = %3̄", ["t₁ = x₁", "v₃ = t₁", "y = v̄₃"]),
        ("v1 = 12.5 %\n\nv2 = 3%", ["v₁ = 0.125", "v₂ = 0.03"]),
    ],
)
def test_rows_may_be_named_by_a_percent_sign_and_a_number(text: str, read_as: list[str]) -> None:
    assert rows(text) == read_as


def test_a_row_named_by_a_percent_sign_keeps_its_own_text() -> None:
    items = read_sheet("%0 = x1\n\n%1 = 2*%0", Words(frozenset(["x1"]))).items
    assert [[cell.text for cell in (row.label, *row.cells)] for row in items if isinstance(row, Row)] == [
        ["%0", "x1"],
        ["%1", "2*%0"],
    ]


@pytest.mark.parametrize("library", ["np", "numpy", "math", "torch"])
def test_the_name_of_a_library_is_no_word_of_a_sentence(library: str) -> None:
    assert rows(f"```\nv1 = {library}.sqrt(x1)  # 1.5\n```") == ["v₁ = √x₁ = 1.5"]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("v̂1 = x1\n\nv̂2 = v̂1 x2", ["v₁ = x₁", "v₂ = v₁·x₂"]),
        ("v̂1 = x1\n\nv1 = v̂1 x2", ["vₕₐₜ₁ = x₁", "v₁ = vₕₐₜ₁·x₂"]),
        (r"$\tilde{x}_1 = x_1 / 2$", ["x_tilde1 = x₁/2"]),
    ],
)
def test_a_hat_tells_two_names_apart_where_a_sheet_has_both(text: str, read_as: list[str]) -> None:
    assert rows(text) == read_as


def rows(text: str) -> list[str]:
    items = read_sheet(text, Words(frozenset(["x1", "x2"]), frozenset(["y"])), suffix=".md").items
    shown = [[row.label, *row.members, *row.beside] for row in items if isinstance(row, Row)]
    return [" = ".join("?" if cell.formula is None else unicode(cell.formula) for cell in cells) for cells in shown]


SHEETS = [
    ("First let $v_0=x_1=2$ and $v_1=x_2$. So $v_2=v_0v_1$.", ["v₀ = x₁ = 2", "v₁ = x₂", "v₂ = v₀·v₁"]),
    ("Then v2 = v0 v1 = 6, and so v3 = sin v2 (see above).", ["v₂ = v₀·v₁ = 6", "v₃ = sin(v₂)"]),
    ("v2: v0 v1 = 6", ["v₂ = v₀·v₁ = 6"]),
    ("v-1 | x1 | 2\nv0 | x2 | 5\nv1 | v-1 v0 | 10", ["v₋₁ = x₁ = 2", "v₀ = x₂ = 5", "v₁ = v₋₁·v₀ = 10"]),
    (
        r"$$\begin{array}{rcl} v_0 & = & x_1 \\ v_1 & = & 2 v_0 = 4 \end{array}$$",
        ["v₀ = x₁", "v₁ = 2·v₀ = 4"],
    ),
    ("| i | v_i | value |\n|---|---|---|\n| 0 | x1 | 2 |\n| 1 | 2 v0 | 4 |", ["v₀ = x₁ = 2", "v₁ = 2·v₀ = 4"]),
    ("v-1 = x1\nv̄-1 = 2\nvbar-1 = 3\ndv-1/dx1 = 1", ["v₋₁ = x₁", "v̄₋₁ = 2", "v̄₋₁ = 3", "∂v₋₁/∂x₁ = 1"]),
    ("v0 = x1, v1 = x2\nv2 = v0 x v1", ["v₀ = x₁", "v₁ = x₂", "v₂ = v₀·v₁"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), SHEETS)
def test_rows_among_words_and_in_loose_tables(text: str, wanted: list[str]) -> None:
    assert rows(text) == wanted


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("v<sub>2</sub> = v<sub>-1</sub><sup>2</sup>", "v_{2} = v_{-1}^{2}"),
        ("<b>v<sub>2</sub></b>", "v_{2}"),
        ("a < b", "a < b"),
        ("v1 <sub", "v1 <sub"),
    ],
)
def test_elements_set_below_and_above(text: str, read: str) -> None:
    assert with_scripts(text) == read


@pytest.mark.parametrize("space", ["", " ", "\\,"])
@pytest.mark.parametrize("letters", ["xy", "ab", "pq"])
def test_a_product_of_letters_inside_a_chain_is_no_name(letters: str, space: str) -> None:
    x, y = letters
    inputs = f"[inputs]\n{x} = -2\n{y} = -3\n[outputs]\n"
    problem = Problem.from_toml(f'{inputs}f = "{x}*{y} + sin({x}*{y})*{x}"\n')
    text = (
        f"$u = {x}{space}{y} = 6$, $v = \\sin u = -0.2794$, $w = v{space}{x} = 0.5588$, $f = u + w = 6.5588$\n\n"
        f"$u = {x}{y} = 6$\n"
    )
    assert {cell.verdict for cell in grade(problem, text).cells} == {"right"}
