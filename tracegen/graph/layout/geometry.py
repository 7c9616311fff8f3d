"""Sizes, places and curves of a picture, in points; y goes down."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from tracegen.graph.lettering.box import Box
from tracegen.graph.picture.picture import Circle, Note, Picture, Wire

Point = tuple[float, float]

_CLOSE = 6.0


@dataclass(frozen=True, slots=True)
class Size:
    """How much room a circle takes with the wire that leaves it and what is written there."""

    circle: float
    tall: float
    wire: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Written:
    """A note, its box, and where the box begins on its baseline."""

    note: Note
    box: Box
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class PlacedCircle:
    """A circle at its place: its middle, how wide and high it is, and its wire from ``start`` to ``end``."""

    circle: Circle
    x: float
    y: float
    width: float
    height: float
    inside: Box
    start: Point
    end: Point
    notes: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class PlacedWire:
    """A wire as a chain of Bézier curves, the chain of its backward arrow, its label, and what goes back below it."""

    wire: Wire
    curve: tuple[Point, ...]
    back: tuple[Point, ...]
    label: Box | None
    at: Point
    sent: Box | None
    sent_at: Point


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture laid out."""

    picture: Picture
    heading: Box
    width: float
    height: float
    circles: tuple[PlacedCircle, ...]
    wires: tuple[PlacedWire, ...]


def beside(curve: tuple[Point, ...], distance: float) -> tuple[Point, ...]:
    """A curve that runs beside another, on its left as it goes (y down: above one that goes right).

    >>> beside(((0, 0), (10, 0), (20, 0), (30, 0)), 2)
    ((0.0, -2.0), (10.0, -2.0), (20.0, -2.0), (30.0, -2.0))
    """
    moved = []
    for at, (x, y) in enumerate(curve):
        (ax, ay), (bx, by) = _before(curve, at), _before(curve[::-1], len(curve) - 1 - at)
        length = hypot(bx - ax, by - ay) or 1
        moved.append((x + (by - ay) / length * distance, y - (bx - ax) / length * distance))
    return tuple(moved)


def _before(curve: tuple[Point, ...], at: int) -> Point:
    """The last point before a place that is some way from it: close ones say little of a direction."""
    x, y = curve[at]
    for point in curve[:at][::-1]:
        if hypot(point[0] - x, point[1] - y) > _CLOSE:
            return point
    return curve[at]


def shortened(curve: tuple[Point, ...], at_start: float, at_end: float) -> tuple[Point, ...]:
    """A curve whose ends are drawn in along their own directions.

    >>> shortened(((0, 0), (1, 0), (2, 0), (9, 0)), 0, 2)
    ((0, 0), (1, 0), (2, 0), (7.0, 0.0))
    """
    points = list(curve)
    if at_end:
        points[-1] = _toward(points[-1], points[-2], at_end)
    if at_start:
        points[0] = _toward(points[0], points[1], at_start)
    return tuple(points)


def _toward(point: Point, other: Point, distance: float) -> Point:
    length = hypot(other[0] - point[0], other[1] - point[1]) or 1
    step = min(distance / length, 0.9)
    return (point[0] + (other[0] - point[0]) * step, point[1] + (other[1] - point[1]) * step)


def arrowhead(curve: tuple[Point, ...], length: float, half: float) -> tuple[Point, Point, Point]:
    """The triangle at the end of a curve, its tip first.

    >>> arrowhead(((0, 0), (10, 0)), 6, 2)
    ((10, 0), (4.0, -2.0), (4.0, 2.0))
    """
    tip = curve[-1]
    before = next(
        (point for point in reversed(curve[:-1]) if hypot(point[0] - tip[0], point[1] - tip[1]) > 0.5), curve[0]
    )
    size = hypot(tip[0] - before[0], tip[1] - before[1]) or 1
    dx, dy = (tip[0] - before[0]) / size, (tip[1] - before[1]) / size
    x, y = tip[0] - dx * length, tip[1] - dy * length
    return tip, (x + dy * half, y - dx * half), (x - dy * half, y + dx * half)


def points_of(curve: tuple[Point, ...]) -> list[Point]:
    """Points along a chain of Bézier curves, six a piece, which draw it well enough to keep away from it.

    >>> points_of(((0, 0), (2, 0), (4, 0), (6, 0)))[3]
    (3.0, 0.0)
    """
    points = [curve[0]]
    for at in range(0, len(curve) - 3, 3):
        points += [_of_bezier(curve[at : at + 4], part / 6) for part in range(1, 7)]
    return points


def _of_bezier(piece: tuple[Point, ...], t: float) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, piece, strict=True)) for axis in (0, 1))
    return x, y
