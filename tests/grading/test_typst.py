"""A text of Typst is read whole: nothing of it is lost, its mathematics is LaTeX's, and work grows with its length."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable

import pytest

from tracegen.grading.documents import typst
from tracegen.grading.documents.document import DISPLAY, HEADING, LINE, TABLE, Document
from tracegen.grading.documents.typst_maths import as_latex
from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\na = 2\nb = 3\n[outputs]\ny = "sin(a*b) + a*b**2"')
ROWS = [
    ("v_0", "a", "2"), ("v_1", "b", "3"), ("v_2", "v_0 dot v_1", "6"), ("v_3", "sin(v_2)", "-0.2794"),
    ("v_4", "v_1^2", "9"), ("v_5", "v_0 v_4", "18"), ("y", "v_3 + v_5", "17.7206"),
]  # fmt: skip
ADJOINTS = [
    ("overline(y)", "1", "1"), ("overline(v_5)", "overline(y)", "1"), ("overline(v_4)", "overline(v_5) dot v_0", "2"),
    ("overline(v_3)", "overline(y)", "1"), ("overline(v_2)", "overline(v_3) dot cos(v_2)", "0.9602"),
    ("overline(v_1)", "overline(v_2) v_0 + 2 v_1 overline(v_4)", "13.9203"),
    ("overline(v_0)", "overline(v_2) v_1 + overline(v_5) v_4", "11.8805"),
]  # fmt: skip


def table(rows: list[tuple[str, str, str]]) -> str:
    cells = "".join(f"  {', '.join(f'[${cell}$]' for cell in row)},\n" for row in rows)
    return f"#table(columns: 3,\n  [row], [rule], [value],\n{cells})\n"


def figure(rows: list[tuple[str, str, str]]) -> str:
    cells = ", ".join(f"${cell}$" for row in rows for cell in row)
    head = "table.header([*row*], [*rule*], [*value*])"
    return (
        f"#figure(\n  caption: [The trace],\n  table(columns: (1fr, auto, auto), {head}, table.hline(), {cells}),\n)\n"
    )


def displays(rows: list[tuple[str, str, str]]) -> str:
    return "\n".join(f"$ {' = '.join(row)} $\n" for row in rows)


def aligned(rows: list[tuple[str, str, str]]) -> str:
    return "$\n" + " \\\n".join(f"{label} &= {rule} \\\n  &= {value}" for label, rule, value in rows) + "\n$\n"


def inline(rows: list[tuple[str, str, str]]) -> str:
    return "".join(f"- ${' = '.join(row)}$\n" for row in rows)


WAYS: dict[str, Callable[[list[tuple[str, str, str]]], str]] = {
    "table": table, "figure": figure, "displays": displays, "aligned": aligned, "items": inline,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_rows_are_judged_on_their_lines(way: str) -> None:
    text = f"#set page(width: 10cm)\n= Values\n{WAYS[way](ROWS)}\n= Adjoints\n{WAYS[way](ADJOINTS)}"
    report = grade(PROBLEM, text, suffix=".typ")
    assert {cell.verdict for cell in report.cells} == {"right"}
    judged = [cell for cell in report.cells if cell.cell != "label"]
    assert len(judged) == 2 * len(ROWS + ADJOINTS)
    lines = text.split("\n")
    assert [cell for cell in judged if cell.text not in lines[cell.line - 1]] == []


@pytest.mark.parametrize("wrong", ["overline(v_5)", "2 v_1"])
def test_a_wrong_rule_is_shown_as_its_writer_has_it(wrong: str) -> None:
    rows = [(label, wrong if label == "overline(v_4)" else rule, value) for label, rule, value in ADJOINTS]
    report = grade(PROBLEM, displays(ROWS) + displays(rows), suffix=".typ")
    assert [cell.text for cell in report.cells if cell.verdict == "wrong"] == [wrong]


MATHS = [
    ("v_1 dot v_(-1)", r"v_1 \cdot v_{-1}"), ("v_12^(2 x)", r"v_{12}^{2 x}"), ("dot(v_1)", r"\dot{v_1}"),
    ("(diff f)/(diff v_4)", r"\frac{\partial f}{\partial v_4}"), ("(dif y)/(dif x)", r"\frac{dy}{dx}"),
    ("frac(a, b + 1) approx 3", r"\frac{a}{ b + 1} \approx 3"), ("sqrt(alpha times x)", r"\sqrt{\alpha \times x}"),
    ("mat(1, 2; 3, 4)", r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"), ("abs(x) + norm(x)", r"|x| + \|x\|"),
    ("vec(a, b)", r"\begin{bmatrix} a \\ b \end{bmatrix}"), ("exp(-x)", "exp(-x)"), ('"if" x', r"\text{if} x"),
    ("bold(W)^T x", r"\mathbf{W}^T x"), ("v_(", "v_("), (")(", ")("), ("mat(", "mat("),
]  # fmt: skip


@pytest.mark.parametrize(("text", "latex"), MATHS)
def test_mathematics_is_written_as_in_latex(text: str, latex: str) -> None:
    assert as_latex(text).text == latex


@pytest.mark.parametrize(("text", "latex"), MATHS)
def test_each_letter_comes_from_somewhere(text: str, latex: str) -> None:
    starts = as_latex(text).starts
    assert len(starts) == len(latex) + 1
    assert starts == sorted(starts)
    assert starts[-1] == len(text)


def drawn(seed: int) -> tuple[str, list[str]]:
    """A text of Typst of many parts, and the words of its own that stand in it."""
    source, words = random.Random(seed), list[str]()

    def word() -> str:
        words.append(f"w{seed}n{len(words)}q")
        return words[-1]

    def content(depth: int) -> str:
        if depth and source.random() < 0.3:
            return f"#box[{content(depth - 1)}]"
        ways = [lambda: f"${word()} = {word()}$", word, lambda: f"*{word()}*", lambda: f"{word()} {word()}"]
        return source.choice(ways)()

    parts: list[Callable[[], str]] = [
        lambda: f"= {word()} {word()}", lambda: f"*{word()}*", lambda: f"{word()} ${word()}$, {word()}.",
        lambda: f"$ {word()} = {word()} $", lambda: f"$\n  {word()} = {word()} \\\n  &= {word()}\n$",
        lambda: "#table(columns: 2, " + ", ".join(f"[{content(1)}]" for _ in range(source.randint(1, 7))) + ")",
        lambda: f"#figure(table(columns: (auto, 1fr), table.header([{word()}], [{word()}]), ${word()}$, [{word()}]),"
                f" caption: [{content(1)}])",
        lambda: f"- {word()}\n+ {content(2)}", lambda: f"#align(center)[{content(2)}]",
        lambda: f"#text(red)[${word()}$]",
    ]  # fmt: skip
    return "\n\n".join(source.choice(parts)() for _ in range(12)), words


def cells(document: Document) -> list[tuple[str, int, int, int]]:
    return [
        (cell.text, cell.span.start, cell.span.end, cell.span.line)
        for block in document.blocks
        for line in block.lines
        for cell in line
    ]


@pytest.mark.parametrize("seed", range(60))
def test_nothing_of_a_text_is_lost(seed: int) -> None:
    text, words = drawn(seed)
    found = cells(typst.read(text))
    for written, start, end, line in found:
        assert text[start:end] == written
        assert text.count("\n", 0, start) + 1 == line
    covered = " ".join(written for written, _, _, _ in found)
    assert [word for word in words if not re.search(rf"\b{word}\b", covered)] == []


def test_blocks_are_of_their_kinds() -> None:
    text = "= A\n*B*\nwords $x$\n$ x = 1 $\n#table(columns: 2, table.header([a], [b]), [c], [d])"
    blocks = typst.read(text).blocks
    assert [block.kind for block in blocks] == [HEADING, HEADING, LINE, DISPLAY, TABLE]
    assert [block.heads for block in blocks] == [0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("text", "typst_like"),
    [
        ("= Values\n\n$ v_1 = x $\n", True), ("#table(columns: 2, [a], [b])", True), ("$\nv_1 = x\n$\n", True),
        ("v1 = x\n   = 2\n", False), ("$ v_1 = \\sin x $\n", False), ("$$\nv_1 = x\n$$\n", False),
        ("# Values\n\nv1 = x\n", False), ("$ v_{12} = x $\n", False),
    ],
)  # fmt: skip
def test_typst_is_told_from_other_texts(text: str, typst_like: bool) -> None:
    assert typst.is_typst(text) == typst_like


def calls(work: Callable[[], object]) -> int:
    count = 0

    def called(*event: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


SIGNS = [
    "#table(",
    "#box[",
    "$",
    "$ ",
    "[",
    "(",
    "= ",
    "=\n",
    " \n",
    "\\ ",
    "mat(",
    "(a)/(",
    "_(",
    "/",
    "#",
    "a ",
    "*\n",
    ",",
]


@pytest.mark.parametrize("sign", SIGNS)
def test_work_grows_with_the_length(sign: str) -> None:
    def work(times: int) -> int:
        return calls(lambda: [as_latex(text) for text, *_ in cells(typst.read(sign * times))])

    assert work(4_000) <= 2.2 * work(2_000) + 400
