"""What output/ holds, and how it is written anew, with the snapshots: ``python -m tests.refresh``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.house import house
from tracegen.cli.catalogue import catalogue, conventions
from tracegen.document.render import render
from tracegen.examples import path_of
from tracegen.files.writing import write
from tracegen.traces import trace

OUTPUT = Path(__file__).parent.parent / "output"

PROFILES = {"baydin": "baydin", "wikipedia": "wikipedia", "deisenroth": "deisenroth"}
"""The examples that are a textbook's, with its profile; the others are written as the homework is."""

EXAMPLES = ["homework1", "homework2", "homework2_numbers", *PROFILES]
FORMATS = ["md", "tex", "txt", "html", "csv", "json"]
PICTURES = ["homework1-y1.svg", "homework1-y2.svg", "homework2-L.svg"]
"""Graphs of examples, one for an output: forward and backward in one picture."""

PAGES: dict[str, Callable[[], str]] = {
    "choices.md": lambda: render(conventions(), "md"),
    "operations.md": lambda: render(catalogue(), "md"),
    "pictures/house.svg": house,
}
"""What the program says of itself: the lists that are too long for the README, and the picture of its rooms."""

OUTPUTS = [
    *(f"{example}.{format}" for example in EXAMPLES for format in FORMATS),
    *(f"pictures/{picture}" for picture in PICTURES),
    *PAGES,
]


def made(name: str) -> str:
    """What an output's file should hold."""
    if name in PAGES:
        return PAGES[name]()
    if name.startswith("pictures/"):
        return _picture(name.removeprefix("pictures/"))
    example, format = name.rsplit(".", 1)
    traced = trace(path_of(example), profile=PROFILES.get(example, "homework"))
    return traced.to(format, standalone=True) if format == "tex" else traced.to(format)


def _picture(name: str) -> str:
    example, output = name.removesuffix(".svg").split("-")
    picture = trace(path_of(example)).graph(output).to("svg")
    assert isinstance(picture, str)
    return picture


if __name__ == "__main__":
    for name in OUTPUTS:
        write(OUTPUT / name, made(name))
    from tests.snapshots import refresh

    refresh()
