"""What the SVG template is filled with: texts, lines and paths with their numbers rounded."""

from __future__ import annotations

from html import escape

from tracegen.graph.layout.geometry import Drawing, Point, arrowhead, shortened
from tracegen.graph.lettering.box import Box, Glyphs, Stroke
from tracegen.graph.picture import colours
from tracegen.graph.picture.colours import OF_KIND

HEAD, HALF = 7.5, 2.9
"""How long an arrow's head is, and half of how wide."""

HEADING = 26.0


def number(value: float) -> str:
    """A coordinate, to a tenth of a point.

    >>> number(3.04), number(-0.01)
    ('3', '0')
    """
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def pairs(points: tuple[Point, ...]) -> str:
    """Points as SVG writes them."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def path(curve: tuple[Point, ...]) -> str:
    """A chain of Bézier curves as the data of a path.

    >>> path(((0, 0), (1, 0), (2, 0), (3, 0)))
    'M0,0 C1,0 2,0 3,0'
    """
    return f"M{pairs(curve[:1])} C{pairs(curve[1:])}"


def arrow(curve: tuple[Point, ...]) -> tuple[str, str]:
    """The path of an arrow without its head, and the points of its head."""
    return path(shortened(curve, 0, HEAD - 1)), pairs(arrowhead(curve, HEAD, HALF))


def text_of(box: Box, x: float, y: float) -> str:
    """A box as SVG: one text that can be selected, and the lines in it."""
    spans = []
    for glyphs in (mark for mark in box.marks if isinstance(mark, Glyphs)):
        style = ' font-style="italic"' if glyphs.italic else ""
        spans.append(
            f'<tspan x="{number(glyphs.x + x)}" y="{number(glyphs.y + y)}" font-size="{number(glyphs.size)}"{style}>'
            f"{escape(glyphs.text)}</tspan>"
        )
    strokes = [
        f'<polyline points="{pairs(tuple((px + x, py + y) for px, py in mark.points))}"'
        f' stroke-width="{mark.width:.2f}"/>'
        for mark in box.marks
        if isinstance(mark, Stroke)
    ]
    lines = f'<g fill="none" stroke="currentColor">{"".join(strokes)}</g>' if strokes else ""
    return (f"<text>{''.join(spans)}</text>" if spans else "") + lines


def sheet(drawings: tuple[Drawing, ...]) -> tuple[float, list[float], float]:
    """Drawings one under the other: how wide the sheet is, where each one begins, and how high the sheet is."""
    tops, y = [], 0.0
    for drawing in drawings:
        y += HEADING if len(drawings) > 1 else 0
        tops.append(y)
        y += drawing.height
    width = max((max(drawing.width, drawing.heading.width + 20) for drawing in drawings), default=0)
    return width, tops, y


TOOLS = {
    "number": number, "path": path, "pairs": pairs, "arrow": arrow, "text": text_of, "sheet": sheet,
    "head": lambda curve: pairs(arrowhead(curve, HEAD, HALF)), "colour": OF_KIND, "colours": colours,
}  # fmt: skip
"""What the template is given."""
