"""Finds room for the labels of wires in a drawing that was laid out without them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import NamedTuple

from tracegen.graph.layout.geometry import PlacedCircle, Point

CELL = 40.0
STEP = 5.0
"""How close to each other the boxes are that stand for a curve: no label fits between."""

GAPS = (2.5, 7.5, 14.0)
"""How far from its wire a label may stand."""

ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)
"""Where along its wire a label may stand."""

ON_A_BOX, ON_A_WIRE, OUTSIDE = 20, 1, 1000
"""How bad it is for a label to meet a circle or a text, a bit of a wire, or the edge."""


class Rectangle(NamedTuple):
    """A box in a drawing."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Rectangle) -> bool:
        """Whether two boxes have a part in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    @property
    def middle(self) -> Point:
        """The point between the corners."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


class Label(NamedTuple):
    """What is to be placed: the key of its wire, the points of this, how wide and high the label is, and where its
    middle should be if nothing is there."""

    key: str
    points: Sequence[Point]
    width: float
    height: float
    first: Point | None = None


class Page:
    """What is in a drawing already, by the cells of a grid.

    >>> page = Page(100, 100)
    >>> page.add(Rectangle(40, 40, 60, 60))
    >>> page.cost(Rectangle(55, 55, 70, 70)), page.cost(Rectangle(61, 55, 70, 70))
    (20, 0)
    """

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._cells: defaultdict[tuple[int, int], list[tuple[Rectangle, int]]] = defaultdict(list)

    def add(self, box: Rectangle, cost: int = ON_A_BOX) -> None:
        """Add a circle or a text."""
        for cell in _cells(box):
            self._cells[cell].append((box, cost))

    def add_circle(self, circle: PlacedCircle) -> None:
        """Add a circle with its wire and what is written there."""
        x, y, wide, tall = circle.x, circle.y, circle.width / 2, circle.height / 2
        self.add(Rectangle(x - wide, y - tall, x + wide, y + tall))
        for note in circle.notes:
            self.add(Rectangle(note.x, note.y - note.box.above, note.x + note.box.width, note.y + note.box.below))
        self.add_wire((circle.start, circle.end))

    def add_wire(self, points: Sequence[Point]) -> None:
        """Add a chain of points."""
        for (ax, ay), (bx, by) in pairwise(points):
            parts = max(1, int(hypot(bx - ax, by - ay) / STEP))
            for part in range(parts + 1):
                x, y = ax + (bx - ax) * part / parts, ay + (by - ay) * part / parts
                self.add(Rectangle(x - 0.8, y - 0.8, x + 0.8, y + 0.8), ON_A_WIRE)

    def cost(self, box: Rectangle) -> int:
        """How much is in the way of a box."""
        inside = box.left >= 0 and box.top >= 0 and box.right <= self._width and box.bottom <= self._height
        met = {other: cost for cell in _cells(box) for other, cost in self._cells.get(cell, ()) if box.meets(other)}
        return sum(met.values()) + (0 if inside else OUTSIDE)

    def placed(self, labels: Sequence[Label]) -> dict[str, Point]:
        """The middles of labels by the keys of their wires, each beside its wire where least is in its way.

        Those of short wires are placed first, since they have the least choice.
        """
        found: dict[str, Point] = {}
        for label in sorted(labels, key=lambda label: _length(label.points)):
            best = self._best(label)
            found[label.key] = best.middle
            self.add(best)
        return found

    def _best(self, label: Label) -> Rectangle:
        best, least = None, 0
        for box in _candidates(label):
            cost = self.cost(box)
            if best is None or cost < least:
                best, least = box, cost
            if not cost:
                break
        assert best is not None
        return best


def _cells(box: Rectangle) -> Iterator[tuple[int, int]]:
    for column in range(int(box.left // CELL), int(box.right // CELL) + 1):
        for row in range(int(box.top // CELL), int(box.bottom // CELL) + 1):
            yield column, row


def _candidates(label: Label) -> Iterator[Rectangle]:
    """Boxes for a label: where it should be, then beside its wire, the nearest to its middle first, above before
    below."""
    wide, tall = label.width / 2, label.height / 2
    if label.first is not None:
        (x, y) = label.first
        yield Rectangle(x - wide, y - tall, x + wide, y + tall)
    for gap in GAPS:
        for part in ALONG:
            (x, y), (dx, dy) = _at(label.points, part)
            for side in (1, -1) if dx >= 0 else (-1, 1):
                away = abs(dy) * wide + abs(dx) * tall + gap
                mx, my = x + side * dy * away, y - side * dx * away
                yield Rectangle(mx - wide, my - tall, mx + wide, my + tall)


def _at(points: Sequence[Point], part: float) -> tuple[Point, Point]:
    """The point of a chain that is a part of its way along it, and the direction there, of length 1."""
    left = part * _length(points)
    for (ax, ay), (bx, by) in pairwise(points):
        step = hypot(bx - ax, by - ay)
        if step and left <= step:
            along = left / step
            return (ax + (bx - ax) * along, ay + (by - ay) * along), ((bx - ax) / step, (by - ay) / step)
        left -= step
    return points[-1], (1.0, 0.0)


def _length(points: Sequence[Point]) -> float:
    return sum(hypot(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(points))
