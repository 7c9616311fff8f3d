"""A piece of mathematics as texts and lines at their places, and how pieces stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tracegen.graph.lettering.metrics import text_width

AXIS = 0.26
"""How far above the baseline the middle of a sign is."""

ASCENT, DESCENT = 0.7, 0.22
RULE = 0.055
"""How thick a line is."""

_DEEP = frozenset("gjpqy()[]|‖,;Qβγζημξρφχψ√∂")


class Glyphs(NamedTuple):
    """A text, from its left end on its baseline."""

    x: float
    y: float
    text: str
    size: float
    italic: bool


class Stroke(NamedTuple):
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    width: float


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of mathematics: how wide it is, how far it goes above and below its baseline, and what is drawn."""

    width: float
    above: float
    below: float
    marks: tuple[Glyphs | Stroke, ...] = ()

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.above + self.below

    def moved(self, x: float, y: float) -> tuple[Glyphs | Stroke, ...]:
        """What is drawn, at another place."""
        return tuple(_moved(mark, x, y) for mark in self.marks)


EMPTY = Box(0, 0, 0)


def _moved(mark: Glyphs | Stroke, x: float, y: float) -> Glyphs | Stroke:
    if isinstance(mark, Glyphs):
        return mark._replace(x=mark.x + x, y=mark.y + y)
    return mark._replace(points=tuple((px + x, py + y) for px, py in mark.points))


def word_box(text: str, size: float, italic: bool = False) -> Box:
    """A text in one piece.

    >>> word_box("10", 20).width
    20.0
    """
    if not text:
        return EMPTY
    low = any(letter in _DEEP for letter in text)
    mark = Glyphs(0, 0, text, size, italic)
    return Box(text_width(text, size, italic), ASCENT * size, (DESCENT if low else 0.02) * size, (mark,))


def beside(boxes: Sequence[Box]) -> Box:
    """Boxes one after the other on one baseline."""
    marks: list[Glyphs | Stroke] = []
    x = 0.0
    for box in boxes:
        marks += box.moved(x, 0)
        x += box.width
    above = max((box.above for box in boxes), default=0)
    return Box(x, above, max((box.below for box in boxes), default=0), tuple(marks))


def space(width: float) -> Box:
    return replace(EMPTY, width=width)
