"""Where wires reach their circle: side by side in the order in which they come, not all at one point."""

from __future__ import annotations

from tracegen.graph.layout.geometry import Point, Size
from tracegen.graph.layout.graphviz import Placed
from tracegen.graph.picture.picture import Wire

LEVEL = 8.0
"""A wire that strays less from its course is drawn straight."""

APART = 11.0


def arrivals(wires: tuple[Wire, ...], placed: Placed, sizes: dict[str, Size], right: bool) -> dict[str, Point]:
    """The end of each wire, by its key."""
    arriving: dict[str, list[Wire]] = {}
    for wire in wires:
        arriving.setdefault(wire.head, []).append(wire)
    heads: dict[str, Point] = {}
    for key, group in arriving.items():
        group.sort(key=lambda wire: _before(placed.curves[wire.key], right))
        radius = min(sizes[key].tall, sizes[key].circle) / 2
        step = min(APART, 1.3 * radius / len(group))
        for at, wire in enumerate(group):
            off = (at - (len(group) - 1) / 2) * step
            if len(group) == 1:
                off = _level(placed.curves[wire.key], right)
            heads[wire.key] = _on_circle(placed.curves[wire.key][-1], off, radius if sizes[key].wire else 0, right)
    return heads


def _level(curve: tuple[Point, ...], right: bool) -> float:
    """How far from a circle's middle a wire reaches it that comes straight and nearly there."""
    axis = 1 if right else 0
    off = curve[0][axis] - curve[-1][axis]
    return off if abs(off) < LEVEL else 0.0


def _before(curve: tuple[Point, ...], right: bool) -> tuple[float, float]:
    """Where a curve comes from, across the direction of the layers."""
    axis = 1 if right else 0
    return curve[-3][axis], curve[0][axis]


def _on_circle(tip: Point, off: float, radius: float, right: bool) -> Point:
    """The point of a circle's edge beside the one where all curves end."""
    inward = radius - (radius**2 - off**2) ** 0.5 if radius > abs(off) else 0
    return (tip[0] + inward, tip[1] + off) if right else (tip[0] + off, tip[1] + inward)


def led_to(curve: tuple[Point, ...], head: Point) -> tuple[Point, ...]:
    """A curve that ends at another point nearby; straight where it hardly strays."""
    (ax, ay), (bx, by) = curve[0], head
    axis = 1 if abs(bx - ax) > abs(by - ay) else 0
    if max(abs(point[axis] - curve[0][axis]) for point in (*curve, head)) < LEVEL:
        thirds = [(ax + (bx - ax) * part / 3, ay + (by - ay) * part / 3) for part in range(4)]
        return tuple(thirds)
    dx, dy = head[0] - curve[-1][0], head[1] - curve[-1][1]
    return (*curve[:-2], *((x + dx, y + dy) for x, y in curve[-2:]))
