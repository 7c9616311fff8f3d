"""The house as a picture: its floors as pyproject.toml has them for lint-imports, each room with its own first line."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).parent.parent

WIDTH = 980
MARGIN = 24
GAP = 5
ROOF = 84
LINE = 18
NAME_WIDTH = 106
LETTER_WIDTH = 6.9
"""What a letter of the small text takes on average, in any of its typefaces, so that no line runs out of its room."""

GROUND, TOP = (36, 30, 84), (206, 48, 93)
"""Hue, saturation and lightness of the lowest and the highest floor: from earth to sky."""

STYLE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2933}"
    ".name{font-size:14px;font-weight:600}.says{font-size:12.5px;fill:#3e4c59}"
    ".house{font-size:17px;font-weight:700;fill:#fff}"
)


@dataclass(frozen=True, slots=True)
class Room:
    """A folder of the package, or a file that stands beside the folders, with what it is for."""

    name: str
    line: str


def floors() -> list[list[Room]]:
    """The rooms of each floor, the highest first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (
        found
        for found in settings["tool"]["importlinter"]["contracts"]
        if found["type"] == "layers" and found["containers"] == ["tracegen"]
    )
    return [[Room(name, first_line(name)) for name in re.split(r"\s*[|:]\s*", floor)] for floor in contract["layers"]]


def first_line(room: str) -> str:
    """The first sentence of a room's docstring.

    >>> first_line("errors")
    'Every way to be wrong has one exception, and each says where.'
    """
    folder = ROOT / "tracegen" / room
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(text.split("\n\n")[0].split()).replace("``", "")
    return re.split(r"(?<=\.) (?=[A-Z])", paragraph)[0]


def house() -> str:
    """The picture as SVG."""
    shapes: list[str] = []
    top = MARGIN + ROOF
    found = floors()
    for place, rooms in enumerate(found):
        height = max(_height(room, len(rooms)) for room in rooms)
        share = (len(found) - 1 - place) / (len(found) - 1)
        for at, room in enumerate(rooms):
            shapes += _room(room, _left(at, len(rooms)), top, _width(len(rooms)), height, _colour(share))
        top += height + GAP
    shapes.append(f'<path d="M{MARGIN - 14} {top + 3}H{WIDTH - MARGIN + 14}" stroke="#7b6a4d" stroke-width="6"/>')
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + MARGIN}" width="{WIDTH}"'
        f' height="{top + MARGIN}" role="img" aria-label="The rooms of tracegen, floor by floor">'
    )
    parts = [head, f"<style>{STYLE}</style>", '<rect width="100%" height="100%" rx="10" fill="#fff"/>', *_roof()]
    return "\n".join([*parts, *shapes, "</svg>"]) + "\n"


def _roof() -> Iterator[str]:
    middle, eaves = WIDTH // 2, MARGIN + ROOF - GAP
    yield f'<path d="M{MARGIN - 14} {eaves}L{middle} {MARGIN}L{WIDTH - MARGIN + 14} {eaves}Z" fill="#9c4a3c"/>'
    yield f'<text class="house" x="{middle}" y="{eaves - 18}" text-anchor="middle">tracegen</text>'


def _room(room: Room, left: float, top: float, width: float, height: float, colour: str) -> Iterator[str]:
    yield (
        f'<rect x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="3" fill="{colour}"'
        ' stroke="#9aa5b1" stroke-width="0.8"/>'
    )
    beside = width > WIDTH / 2
    yield f'<text class="name" x="{left + 12:g}" y="{top + 22:g}">{escape(room.name)}</text>'
    x, y = (left + 12 + NAME_WIDTH, top + 22) if beside else (left + 12, top + 22 + LINE + 1)
    for number, text in enumerate(_lines(room, width)):
        yield f'<text class="says" x="{x:g}" y="{y + number * LINE:g}">{escape(text)}</text>'


def _lines(room: Room, width: float) -> list[str]:
    space = width - 24 - (NAME_WIDTH if width > WIDTH / 2 else 0)
    return wrap(room.line, int(space / LETTER_WIDTH), break_long_words=False)


def _height(room: Room, among: int) -> float:
    width = _width(among)
    return 16 + LINE * (len(_lines(room, width)) + (0 if width > WIDTH / 2 else 1))


def _width(among: int) -> float:
    return (WIDTH - 2 * MARGIN - GAP * (among - 1)) / among


def _left(at: int, among: int) -> float:
    return MARGIN + at * (_width(among) + GAP)


def _colour(share: float) -> str:
    hue, saturation, lightness = (low + (high - low) * share for low, high in zip(GROUND, TOP, strict=True))
    return f"hsl({hue:.0f} {saturation:.0f}% {lightness:.0f}%)"
