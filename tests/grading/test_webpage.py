"""Web pages: the project's own, those of a word processor, and those on which KaTeX or MathJax has drawn formulas."""

from __future__ import annotations

import time

import pytest

from tracegen.examples import path_of
from tracegen.grading.grader import grade
from tracegen.grading.read import Words, read_sheet
from tracegen.grading.sheet import Heading, Row
from tracegen.grading.webpage import WebPage
from tracegen.notation import unicode
from tracegen.traces import trace

PAGES = [
    ("<p>v<sub>2</sub> = v<sub>1</sub><sup>2</sup> = <s>6</s> 9</p>", ["v₂ = v₁² = 9"]),
    ("<p>v0 = x1<br>v1 = x2</p>", ["v₀ = x₁", "v₁ = x₂"]),
    ("<table><tr><td>v2<td>2 v1<td>4<tr><td>v3<td>sin(v2)</table>", ["v₂ = 2·v₁ = 4", "v₃ = sin(v₂)"]),
    (r"<p>\(v_2 = 2 v_1\) and $v_3 = v_2$</p>", ["v₂ = 2·v₁", "v₃ = v₂"]),
    ('<script type="math/tex">v_2 = 2 v_1</script>', ["v₂ = 2·v₁"]),
    (
        '<math><semantics><mi>z</mi><annotation encoding="application/x-tex">v_2 = 2 v_1</annotation></semantics>'
        "</math>"
        '<span aria-hidden="true">v2=2v1</span>',
        ["v₂ = 2·v₁"],
    ),
    (
        "<math><msub><mi>v</mi><mn>2</mn></msub><mo>=</mo><mfrac><mn>1</mn><msqrt><msub><mi>v</mi><mn>1</mn></msub></msqrt>"
        "</mfrac></math>",
        ["v₂ = 1/√v₁"],
    ),
    (
        "<math><msub><mover><mi>v</mi><mo>¯</mo></mover><mn>2</mn></msub><mo>=</mo><msup><mi>e</mi><mn>2</mn></msup></math>",
        ["v̄₂ = e²"],
    ),
    ("<script>v2 = 2 v1</script><style>v3 = v2</style><p hidden>v4 = v3</p>", ["v₄ = v₃"]),
]  # fmt: skip


@pytest.mark.parametrize(("page", "wanted"), PAGES)
def test_rows_of_pages(page: str, wanted: list[str]) -> None:
    items = read_sheet(page, Words(frozenset(["x1", "x2"]), frozenset(["y"])), suffix=".html").items
    rows = [[item.label, *item.members, *item.beside] for item in items if isinstance(item, Row)]
    shown = [" = ".join("?" if cell.formula is None else unicode(cell.formula) for cell in row) for row in rows]
    assert shown == wanted


def test_headings_of_pages() -> None:
    items = read_sheet("<h2>Adjoints of <math><mi>y</mi></math></h2>", Words(), suffix=".html").items
    assert [item.text for item in items if isinstance(item, Heading)] == ["Adjoints of y"]


@pytest.mark.parametrize(
    "example", ["baydin", "homework1", "homework2", "homework2_numbers", "deisenroth", "wikipedia"]
)
def test_our_own_pages_get_full_marks(example: str) -> None:
    report = grade(path_of(example), trace(path_of(example)).to("html"), suffix=".html")
    assert [(cell.text, cell.because) for cell in report.cells if cell.verdict != "right"] == []
    assert report.max_score > 40


HOSTILE = [
    "<" * 300_000, "<!--" * 200_000, "<math>" * 100_000, "<table><tr><td colspan=99999999>" * 1_000, "<sub>" * 100_000,
    "<td>" * 200_000, "</p>" * 200_000, "<s>" * 200_000, "<a " + "b=1 " * 200_000, "<![CDATA[" * 50_000, "&" * 500_000,
    "<math><mrow>" + "<mfrac>" * 50_000 + "</math>", "&#x110000;" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("page", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_pages_are_cut_in_bounded_time(page: str) -> None:
    start = time.process_time()
    WebPage(page[:1_000_000]).pieces()
    assert time.process_time() - start < 10
