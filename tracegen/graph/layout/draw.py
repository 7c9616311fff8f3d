"""From a picture to a drawing: everything measured, laid out by Graphviz, and put in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracegen.graph.layout.arrivals import arrivals, led_to
from tracegen.graph.layout.geometry import (
    Drawing,
    PlacedCircle,
    PlacedWire,
    Point,
    Size,
    Written,
    beside,
    points_of,
    shortened,
)
from tracegen.graph.layout.graphviz import Link, Placed, Room, place
from tracegen.graph.layout.wire_labels import Label, Page
from tracegen.graph.lettering.box import Box
from tracegen.graph.lettering.setter import Setter
from tracegen.graph.picture.picture import Circle, Note, Picture, Wire
from tracegen.notation.profiles import Convention

SIZE = 13.0
SMALL = 11.5
CIRCLE = 34.0
GAP = 5.0
"""Between a wire and what is written at it."""

_LEAD = 7.0
_APART = 5.0
"""How far a backward arrow runs from its wire."""

_MARGIN = 10.0

MOST_ROOMY = 80
"""In larger pictures labels stand at their wires: room of their own takes Graphviz seconds to find."""

MOST_ALIGNED = 40
"""Inputs stand in one layer in pictures of up to so many circles."""


def draw(picture: Picture, convention: Convention, apart: float = 0.5, most_aligned: int = MOST_ALIGNED) -> Drawing:
    """The drawing of a picture, its layers some inches ``apart``, its inputs in one layer where there are not more than
    ``most_aligned`` circles. Raises ToolError where there is no Graphviz."""
    return _Artist(picture, Setter(convention), apart, most_aligned).drawing()


class _Artist:
    def __init__(self, picture: Picture, setter: Setter, apart: float, most_aligned: int) -> None:
        self._picture = picture
        self._apart = apart
        self._most_aligned = most_aligned
        self._setter = setter
        self._right = picture.direction == "right"
        self._insides = {circle.key: setter.box(circle.inside, SIZE) for circle in picture.circles}
        self._notes = {
            circle.key: [
                (note, setter.box(note.cells, SMALL if note.kind == "shape" else SIZE))
                for note in (*circle.above, *circle.below)
            ]
            for circle in picture.circles
        }
        self._labels = {wire.key: setter.box((wire.label,), SMALL) for wire in picture.wires if wire.label is not None}
        self._sent = {wire.key: setter.box((wire.sent,), SMALL) for wire in picture.wires if wire.sent is not None}

    def drawing(self) -> Drawing:
        picture = self._picture
        sizes = {circle.key: self._size(circle) for circle in picture.circles}
        rooms = [Room(key, size.width, size.height) for key, size in sizes.items()]
        links = [self._link(wire) for wire in picture.wires]
        placed = place(rooms, links, picture.direction, self._first(), self._apart)
        circles = tuple(self._circle(circle, sizes[circle.key], placed) for circle in picture.circles)
        heads = arrivals(picture.wires, placed, sizes, self._right)
        curves = {wire.key: _led(placed.curves[wire.key], heads[wire.key]) for wire in picture.wires}
        width, height = placed.width + 2 * _MARGIN, placed.height + 2 * _MARGIN
        middles = self._free_places(placed, circles, curves, (width, height))
        wires = tuple(self._wire(wire, curves[wire.key], middles.get(wire.key)) for wire in picture.wires)
        heading = self._setter.box(picture.title, SIZE + 1)
        return Drawing(picture, heading, width, height, circles, wires)

    @property
    def _roomy(self) -> bool:
        """Whether labels have room of their own in the layout."""
        return len(self._picture.circles) <= MOST_ROOMY

    def _first(self) -> list[str]:
        """The inputs stand in one layer, unless their wires would cross half of a large picture."""
        few = len(self._picture.circles) <= self._most_aligned
        return [circle.key for circle in self._picture.circles if circle.kind == "input"] if few else []

    def _link(self, wire: Wire) -> Link:
        width, height = self._label_size(wire)
        if not width or not self._roomy:
            return Link(wire.key, wire.tail, wire.head)
        return Link(wire.key, wire.tail, wire.head, width + 10, height + 6)

    def _label_size(self, wire: Wire) -> tuple[float, float]:
        """How wide and high the labels of a wire are, one below the other."""
        boxes = [boxes_of[wire.key] for boxes_of in (self._labels, self._sent) if wire.key in boxes_of]
        return max((box.width for box in boxes), default=0.0), sum(box.height + 3 for box in boxes)

    def _free_places(
        self,
        placed: Placed,
        circles: Sequence[PlacedCircle],
        curves: Mapping[str, tuple[Point, ...]],
        size: tuple[float, float],
    ) -> dict[str, Point]:
        """Where labels stand: in the room that they have in the layout, or beside their wires, clear of what is
        there."""
        page = Page(*size)
        for circle in circles:
            page.add_circle(circle)
        points = {key: points_of(curve) for key, curve in curves.items()}
        for key, chain in points.items():
            page.add_wire(chain)
            if self._picture.arrows != "forward":
                page.add_wire(points_of(_back(curves[key])))
        rooms = {key: _inward(at) for key, at in placed.labels.items()}
        sizes = {wire.key: self._label_size(wire) for wire in self._picture.wires}
        return page.placed([Label(key, points[key], *size, rooms.get(key)) for key, size in sizes.items() if size[0]])

    def _size(self, circle: Circle) -> Size:
        inside = self._insides[circle.key]
        if circle.kind == "output":
            return Size(inside.width + 6, inside.height + 6, 0, inside.width + 6, inside.height + 6)
        wide = max(CIRCLE, inside.width + (14 if inside.width < 60 else 20))
        tall = max(CIRCLE, inside.height + 10)
        above, below = self._side(circle.above, circle), self._side(circle.below, circle)
        if self._right:
            wire = max(above[0], below[0], 10) + 2 * _LEAD
            return Size(wide, tall, wire, wide + wire, 2 * max(tall / 2, above[1], below[1]))
        wire = max(above[1] - GAP, below[1] - GAP, 14) + 6
        return Size(wide, tall, wire, max(wide, 2 * max(above[0], below[0]) + 2 * GAP + 4), tall + wire)

    def _side(self, notes: tuple[Note, ...], circle: Circle) -> tuple[float, float]:
        """How wide the notes on one side of a wire are, and how far they reach from it."""
        boxes = [box for note, box in self._notes[circle.key] if note in notes]
        return max((box.width for box in boxes), default=0), sum(box.height + 2 for box in boxes) + GAP

    def _circle(self, circle: Circle, size: Size, placed: Placed) -> PlacedCircle:
        middle_x, middle_y = placed.rooms[circle.key]
        if circle.kind == "output":
            x, y = middle_x + _MARGIN, middle_y + _MARGIN
            return PlacedCircle(circle, x, y, size.circle, size.tall, self._insides[circle.key], (x, y), (x, y), ())
        if self._right:
            x, y = middle_x - size.width / 2 + size.circle / 2 + _MARGIN, middle_y + _MARGIN
            start, end = (x + size.circle / 2, y), (x + size.circle / 2 + size.wire, y)
        else:
            x, y = middle_x + _MARGIN, middle_y - size.height / 2 + size.tall / 2 + _MARGIN
            start, end = (x, y + size.tall / 2), (x, y + size.tall / 2 + size.wire)
        notes = self._written(circle, start, end)
        return PlacedCircle(circle, x, y, size.circle, size.tall, self._insides[circle.key], start, end, notes)

    def _written(self, circle: Circle, start: Point, end: Point) -> tuple[Written, ...]:
        boxes = self._notes[circle.key]
        above, below = boxes[: len(circle.above)], boxes[len(circle.above) :]
        if self._right:
            return (*_over(above, start, end), *_under(below, start, end))
        return (*_left(above, start, end), *_right_of(below, start, end))

    def _wire(self, wire: Wire, curve: tuple[Point, ...], middle: Point | None) -> PlacedWire:
        label, sent = self._labels.get(wire.key), self._sent.get(wire.key)
        at, sent_at = _stacked([label, sent], middle or curve[0])
        return PlacedWire(wire, curve, _back(curve), label, at, sent, sent_at)


def _led(curve: tuple[Point, ...], head: Point) -> tuple[Point, ...]:
    """The curve of a wire in the drawing, up to the place where it reaches its circle."""
    return tuple(map(_inward, led_to(curve, head)))


def _inward(point: Point) -> Point:
    """A place of the layout in the drawing, which has a margin."""
    return point[0] + _MARGIN, point[1] + _MARGIN


def _back(curve: tuple[Point, ...]) -> tuple[Point, ...]:
    """The curve of the backward arrow beside a wire."""
    return beside(shortened(tuple(reversed(curve)), 3, 3), _APART)


def _stacked(boxes: list[Box | None], middle: Point) -> list[Point]:
    """Where boxes begin that stand one below the other around a middle."""
    y = middle[1] - sum(box.height + 3 for box in boxes if box) / 2
    places = []
    for box in boxes:
        places.append((middle[0] - box.width / 2, y + box.above + 1.5) if box else middle)
        y += box.height + 3 if box else 0
    return places


def _over(boxes: list[tuple[Note, Box]], start: Point, end: Point) -> list[Written]:
    """Notes above a wire, the first one highest."""
    written, y = [], start[1] - GAP
    for note, box in reversed(boxes):
        written.append(Written(note, box, _centred(box, start, end), y - box.below))
        y -= box.height + 2
    return written[::-1]


def _under(boxes: list[tuple[Note, Box]], start: Point, end: Point) -> list[Written]:
    written, y = [], start[1] + GAP
    for note, box in boxes:
        written.append(Written(note, box, _centred(box, start, end), y + box.above))
        y += box.height + 2
    return written


def _centred(box: Box, start: Point, end: Point) -> float:
    return (start[0] + end[0]) / 2 - box.width / 2


def _left(boxes: list[tuple[Note, Box]], start: Point, end: Point) -> list[Written]:
    """Notes on the left of a wire that goes down."""
    written, y = [], start[1] + 3
    for note, box in boxes:
        written.append(Written(note, box, start[0] - GAP - box.width, y + box.above))
        y += box.height + 2
    return written


def _right_of(boxes: list[tuple[Note, Box]], start: Point, end: Point) -> list[Written]:
    written, y = [], start[1] + 3
    for note, box in boxes:
        written.append(Written(note, box, start[0] + GAP, y + box.above))
        y += box.height + 2
    return written
