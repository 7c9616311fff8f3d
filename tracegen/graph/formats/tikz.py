"""What the TikZ template is filled with: the places are those of the drawing, the mathematics is LaTeX's own."""

from __future__ import annotations

from typing import Any

from tracegen.graph.formats.svg import number
from tracegen.graph.layout.geometry import Point
from tracegen.graph.picture import colours


def point(place: Point) -> str:
    """A place in TikZ, where y goes up.

    >>> point((3, 4.04))
    '(3,-4)'
    """
    return f"({number(place[0])},{number(-place[1])})"


def curve(points: tuple[Point, ...]) -> str:
    """A chain of Bézier curves in TikZ.

    >>> curve(((0, 0), (1, 0), (2, 0), (3, 0)))
    '(0,0) .. controls (1,0) and (2,0) .. (3,0)'
    """
    parts = [point(points[0])]
    for at in range(1, len(points) - 2, 3):
        first, second, end = points[at : at + 3]
        parts.append(f".. controls {point(first)} and {point(second)} .. {point(end)}")
    return " ".join(parts)


TOOLS: dict[str, Any] = {
    "point": point,
    "curve": curve,
    "number": number,
    "colours": {name: getattr(colours, name).removeprefix("#").upper() for name in colours.__all__},
}
"""What the template is given."""
