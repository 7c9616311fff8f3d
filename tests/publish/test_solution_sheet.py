"""Solution sheets and slides: compiled, and read back from the PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tracegen import trace
from tracegen.document.typeset import typeset
from tracegen.errors import FormatError, ProblemError
from tracegen.examples import path_of
from tracegen.publish.slides import slides_of
from tracegen.publish.solution_sheet import sheet_of


@pytest.fixture(scope="module", autouse=True)
def latex() -> None:
    if shutil.which("pdflatex") is None or shutil.which("pdftotext") is None:
        pytest.skip("LaTeX and pdftotext are not installed: apt-get install texlive-pictures poppler-utils")


def pages(tex: str, folder: Path) -> list[str]:
    """The text of each page."""
    path = folder / "document.pdf"
    path.write_bytes(typeset(tex))
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_two_problems_in_one_document(paper: str, tmp_path: Path) -> None:
    tex = sheet_of([trace(path_of("homework1")), trace(path_of("homework2"))], paper=paper)
    found = pages(tex, tmp_path)
    whole = "\n".join(found)
    assert "Homework 2, problem 1" in found[0]
    second = next(at for at, page in enumerate(found) if "Homework 2, problem 2" in page)
    assert 0 < second < len(found)
    for words in (
        "forward and in reverse",
        "Evaluation trace of",
        "Tangents of",
        "Jacobian",
        "Adjoints of",
        "Cost of",
        "Checked",
    ):
        assert words in whole
    assert tex.count(r"\begin{tikzpicture}") == 6
    sizes = subprocess.run(
        ["pdfinfo", str(tmp_path / "document.pdf")], capture_output=True, text=True, check=True
    ).stdout
    assert {"a4": "A4", "letter": "letter"}[paper] in sizes


def test_no_page_is_empty_and_nothing_runs_over_the_margin(tmp_path: Path) -> None:
    tex = sheet_of([trace(path_of("homework1")), trace(path_of("homework2_numbers"))])
    found = pages(tex, tmp_path)
    assert all(len(page.split()) > 8 for page in found)
    (tmp_path / "document.tex").write_text(tex, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-no-shell-escape", "document.tex"]
    log = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).stdout.decode(errors="replace")
    wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide", log)]
    assert [points for points in wide if points > 5] == []


def test_a_long_list_breaks_over_pages(tmp_path: Path) -> None:
    steps = {"s0": "x*y"} | {f"s{at}": f"sin(s{at - 1}) + x" for at in range(1, 40)}
    tex = sheet_of([trace({"f": "s39"}, at={"x": 1, "y": 2}, steps=steps)])
    assert len(pages(tex, tmp_path)) > 5


@pytest.mark.parametrize("example", ["homework1", "baydin", "homework2"])
def test_slides_have_a_page_a_step(example: str, tmp_path: Path) -> None:
    traced = trace(path_of(example))
    found = pages(slides_of(traced), tmp_path)
    expected = 2 + sum(2 * len(entry.wengert) - len(entry.data) for entry in traced.evaluations)
    assert len(found) == expected
    if example == "homework1":
        assert "exp" in found[1]
        assert "12 cos(3)" in found[18]
        assert "12 cos(3)" not in found[6]


def test_wrong_choices_are_said() -> None:
    traced = trace(path_of("homework1"))
    with pytest.raises(ProblemError, match="there is no output 'y3'"):
        sheet_of([traced], of="y3")
    with pytest.raises(FormatError, match="there is no paper 'a3'"):
        sheet_of([traced], paper="a3")
    with pytest.raises(FormatError, match="slides have at most 120: make a page"):
        slides_of(trace(" + ".join(f"sin({at}*x)" for at in range(1, 60)), at={"x": 1}))


def test_hostile_titles_are_words(tmp_path: Path) -> None:
    title = r"\input{/etc/passwd} $x$ {{7*7}} ((( 7 ))) 100% #1 _a_ <b> \end{document}"
    problem = tmp_path / "hostile.toml"
    problem.write_text(f"title = '''{title}'''\n[inputs]\nx = 2\n[outputs]\nf = \"x**2\"\n", encoding="utf-8")
    traced = trace(problem)
    for tex in (sheet_of([traced]), slides_of(traced)):
        found = " ".join(pages(tex, tmp_path)[0].split())
        assert "{{7*7}} ((( 7 ))) 100% #1" in found
        assert "root:" not in found


@pytest.mark.parametrize("example", ["homework1", "homework2", "homework2_numbers", "baydin", "deisenroth"])
def test_the_graph_on_a_slide_can_be_read(example: str) -> None:
    """At half its size the letters of a graph are still as large as small print on the slide."""
    traced = trace(path_of(example))
    for scale in re.findall(r"adjustbox}\{scale=([0-9.]+)\}", slides_of(traced)):
        assert 0.5 <= float(scale) <= 1


def test_a_graph_on_a_slide_has_values_where_there_is_room() -> None:
    assert r"{$e^2 + 2 \sin(3)$};" in slides_of(trace(path_of("homework1")))
    graph = slides_of(trace(path_of("homework2_numbers"))).partition(r"\begin{tikzpicture}")[2]
    assert r"\begin{bmatrix}" not in graph.partition(r"\only<1>{%")[0]
