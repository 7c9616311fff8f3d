"""What output/pictures/ holds, and how it is written anew: ``python -m tests.pictures``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tracegen.examples import path_of
from tracegen.files.writing import write
from tracegen.graph import graph_of
from tracegen.publish.page import page_of
from tracegen.publish.slides import slides_of
from tracegen.publish.solution_sheet import sheet_of
from tracegen.publish.worksheet import worksheets
from tracegen.traces import Trace, trace

PICTURES = Path(__file__).parent.parent / "output" / "pictures"

ENDINGS = {"svg": "svg", "tikz": "tex", "mermaid": "mmd"}
PASSES = {"forward": "primal", "reverse": "reverse"}


def traced(example: str) -> Trace:
    """A shipped example under its convention."""
    return trace(path_of(example), profile="baydin" if example == "baydin" else "homework")


def _graph(example: str, output: str, show: str, format: str) -> str:
    return str(graph_of(traced(example), of=output, show=show).to(format))


def _sheet() -> str:
    return sheet_of([traced("homework1"), traced("homework2")])


def _worksheet(key: bool) -> str:
    (found,) = worksheets(traced("homework1"), 1, seed=7)
    return found.key if key else found.sheet


TEXTS: dict[str, Callable[[], str]] = {
    f"{example}-{output}-{name}.{ending}": lambda e=example, o=output, s=show, f=format: _graph(e, o, s, f)  # type: ignore[misc]
    for example, output in (("homework1", "y1"), ("homework1", "y2"), ("homework2", "L"))
    for name, show in PASSES.items()
    for format, ending in ENDINGS.items()
}
TEXTS |= {
    f"{example}-page.html": lambda e=example: page_of(traced(e)) for example in ("homework1", "homework2", "baydin")
}  # type: ignore[misc]
TEXTS |= {
    "homework-sheet.tex": _sheet,
    "homework1-slides.tex": lambda: slides_of(traced("homework1")),
    "worksheet.md": lambda: _worksheet(False),
    "worksheet-key.md": lambda: _worksheet(True),
}
"""The files that are text, which a test holds fresh."""


def main() -> None:
    """Write all of it, and what needs LaTeX or a browser."""
    from tests.browser import browser, opened
    from tracegen.document.typeset import typeset

    for name, make in TEXTS.items():
        write(PICTURES / name, make())
    write(PICTURES / "homework-sheet.pdf", typeset(_sheet()))
    write(PICTURES / "homework1-slides.pdf", typeset(slides_of(traced("homework1"))))
    with browser(1280, 900) as window:
        opened(window, PICTURES / "homework1-page.html", "output=y1&input=x2&step=17")
        window.save_screenshot(str(PICTURES / "homework1-page.png"))
    with browser(390, 844, dark=True) as window:
        opened(window, PICTURES / "homework1-page.html", "output=y2&input=x1&step=12")
        window.save_screenshot(str(PICTURES / "homework1-page-telephone.png"))


if __name__ == "__main__":
    main()
