"""Every format of a graph: what a reader of that format makes of it."""

from __future__ import annotations

import html
import json
import shutil
import subprocess
import tarfile
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.browser import browser, opened
from tracegen import trace
from tracegen.errors import FormatError, ToolError
from tracegen.examples import path_of
from tracegen.graph import graph_of
from tracegen.graph.graph import Graph
from tracegen.graph.picture import colours

SVG = "{http://www.w3.org/2000/svg}"
SHOWN = [
    ("homework1", "primal"),
    ("homework1", "reverse"),
    ("homework1", "both"),
    ("homework2", "both"),
    ("homework1", "forward"),
]


@pytest.fixture(scope="module", params=SHOWN, ids="-".join)
def graph(request: pytest.FixtureRequest) -> Graph:
    example, show = request.param
    return graph_of(trace(path_of(example)), show=show)


def test_svg_has_a_title_a_description_and_text(graph: Graph) -> None:
    root = ElementTree.fromstring(str(graph.to("svg")))
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert title.text
    assert title.text.startswith("Computational graph of ")
    assert description is not None
    assert description.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert "exp" in texts or "σ" in texts


def test_svg_asks_for_nothing_from_outside(graph: Graph) -> None:
    text = str(graph.to("svg"))
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in text
    assert "<style" not in text


def test_ids_are_there_once(graph: Graph) -> None:
    root = ElementTree.fromstring(str(graph.to("svg")))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# W. C. A. Machado, M. M. Oliveira and L. A. F. Fernandes (2009): full deuteranomaly and protanomaly, on linear RGB
BLIND = {
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}


@pytest.mark.parametrize("kind", BLIND)
def test_primal_and_adjoint_colours_are_told_apart_by_everyone(kind: str) -> None:
    seen = []
    for colour in (colours.PRIMAL, colours.ADJOINT):
        linear = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        seen.append([sum(m * c for m, c in zip(row, linear, strict=True)) for row in BLIND[kind]])
    assert max(abs(a - b) for a, b in zip(*seen, strict=True)) > 0.3


@pytest.mark.parametrize("colour", [colours.PRIMAL, colours.ADJOINT, colours.TANGENT, colours.SOFT])
def test_colours_are_read_on_white(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_png(graph: Graph) -> None:
    try:
        content = graph.to("png")
    except ToolError as error:
        pytest.skip(str(error))
    assert isinstance(content, bytes)
    assert content.startswith(b"\x89PNG\r\n")
    width = int.from_bytes(content[16:20], "big")
    assert abs(width - 2 * max(drawing.width for drawing in graph.drawings)) < 4


def test_pdf_is_compiled_from_tikz_and_has_the_names_in_it(graph: Graph, tmp_path: Path) -> None:
    if shutil.which("pdflatex") is None or shutil.which("pdftotext") is None:
        pytest.skip("LaTeX and pdftotext are not installed: apt-get install texlive-pictures poppler-utils")
    path = tmp_path / "graph.pdf"
    content = graph.to("pdf")
    assert isinstance(content, bytes)
    path.write_bytes(content)
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "exp" in text or "σ" in text
    assert "U+" not in text


def test_dot_is_read_by_graphviz(graph: Graph) -> None:
    pygraphviz = pytest.importorskip("pygraphviz", reason="pygraphviz is not installed")
    for part in str(graph.to("dot")).split("\n}\n")[:-1]:
        read = pygraphviz.AGraph(string=part + "\n}")
        picture = next(picture for picture in graph.pictures if picture.key == read.name)
        assert len(read.nodes()) == len(picture.circles)


@pytest.fixture(scope="module")
def mermaid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mermaid's own script, from its npm package."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: apt-get install npm")
    place = tmp_path_factory.mktemp("mermaid")
    packed = subprocess.run(
        ["npm", "pack", "mermaid@11", "--silent"], cwd=place, capture_output=True, text=True, check=False
    )
    if packed.returncode:
        pytest.skip("npm can't fetch mermaid")
    with tarfile.open(place / packed.stdout.split()[-1]) as archive:
        archive.extract("package/dist/mermaid.min.js", place, filter="data")
    return place


def rendered(window: Any, mermaid: Path, text: str) -> Any:
    page = mermaid / "page.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><pre class="mermaid">{html.escape(text)}</pre>'
        '<script src="package/dist/mermaid.min.js"></script><script>mermaid.initialize({startOnLoad: true})</script>',
        encoding="utf-8",
    )
    opened(window, page)
    for _ in range(100):
        found = window.execute_script(
            "return document.querySelector('pre svg .edgeLabel') ? document.querySelector('pre svg').outerHTML : ''"
        )
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(window.find_element("tag name", "body").text)


def test_mermaid_renders(mermaid: Path) -> None:
    with browser() as window:
        for example, show in SHOWN:
            shown = graph_of(trace(path_of(example)), show=show)
            svg = rendered(window, mermaid, str(shown.to("mermaid")))
            assert "Syntax error" not in svg
            circles = window.execute_script("return document.querySelectorAll('pre svg .node').length")
            assert circles == sum(len(picture.circles) for picture in shown.pictures)
            words = window.execute_script("return document.querySelector('pre svg').textContent")
            assert "v₀" in words


def test_svg_in_a_browser_keeps_its_text_where_it_belongs(tmp_path: Path) -> None:
    """The widths that the layout reckons with are those of the browser's font, within a tenth."""
    path = tmp_path / "graph.svg"
    path.write_text(str(graph_of(trace(path_of("homework1")), of="y1").to("svg")), encoding="utf-8")
    with browser() as window:
        opened(window, path)
        circles = window.execute_script(
            "return [...document.querySelectorAll('.circle.step')].map(c => {"
            " const d = c.querySelector('.disc').getBBox(), t = c.querySelector('.inside').getBBox();"
            " return [d.x, d.x + d.width, t.x, t.x + t.width]; })"
        )
    assert len(circles) == 7
    for left, right, begin, end in circles:
        assert left < begin < end < right


def test_a_format_that_is_not_there(graph: Graph) -> None:
    with pytest.raises(FormatError, match="there are svg, png, pdf, dot, tikz, mermaid, json"):
        graph.to("gif")


def test_json_is_strict(graph: Graph) -> None:
    assert len(json.loads(graph.to("json"))) == len(graph.pictures)


def test_a_notebook_shows_it(graph: Graph) -> None:
    assert graph._repr_svg_().startswith("<svg")


def test_three_hundred_lines_are_one_picture() -> None:
    steps = {"s0": "x*y"}
    for at in range(1, 290):
        steps[f"s{at}"] = (f"sin(s{at - 1})", f"s{at - 1}*s{max(0, at - 5)}", f"s{at - 1} + s{max(0, at - 3)}")[at % 3]
    traced = trace({"f": "s289 + x"}, at={"x": 1, "y": 2}, steps=steps)
    assert len(traced.lines) > 285
    assert traced.checked
    shown = graph_of(traced, show="both")
    text = shown.to("svg")
    assert not shown.pictures[0].folded
    assert str(text).count('class="circle step"') > 285
