"""Lays a picture out by Graphviz, which comes inside pygraphviz, or by the program ``dot``.

Every size is known beforehand and no text is handed over, so that fonts play no part and the same picture always
gets the same places.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from tracegen.errors import ToolError
from tracegen.graph.layout.geometry import Point

INCH = 72.0
SECONDS = 60


class Room(NamedTuple):
    """A rectangle to be placed."""

    key: str
    width: float
    height: float


class Link(NamedTuple):
    """A curve to be drawn from one rectangle to another, with room for a label."""

    key: str
    tail: str
    head: str
    width: float = 0.0
    height: float = 0.0


class Placed(NamedTuple):
    """The middles of the rectangles, the curves, the middles of the labels, and the size of the whole."""

    rooms: dict[str, Point]
    curves: dict[str, tuple[Point, ...]]
    labels: dict[str, Point]
    width: float
    height: float


def place(
    rooms: Sequence[Room], links: Sequence[Link], direction: str, first: Sequence[str] = (), apart: float = 0.5
) -> Placed:
    """Places for rectangles and curves, in layers from left to right or from the top down.

    ``first`` has the keys of those that share the first layer; ``apart`` is how many inches are between layers, where
    there are no labels.

    Raises ToolError where there is no Graphviz, or it fails.

    >>> found = place([Room("a", 30, 20), Room("b", 30, 20)], [Link("ab", "a", "b")], "right")
    >>> found.rooms["a"][0] < found.rooms["b"][0]
    True
    """
    names = {room.key: f"r{at}" for at, room in enumerate(rooms)}
    wide = 0.3 if any(link.width for link in links) else apart
    plain = _laid_out(_source(rooms, links, names, direction, first, wide))
    return _read(plain, rooms, links, names)


def _source(
    rooms: Sequence[Room],
    links: Sequence[Link],
    names: dict[str, str],
    direction: str,
    first: Sequence[str],
    wide: float,
) -> str:
    right = direction == "right"
    head, tail = ("w", "e") if right else ("n", "s")
    quick = " nslimit=4 mclimit=0.5" if len(rooms) > 100 else ""
    lines = [
        f"digraph g {{ rankdir={'LR' if right else 'TB'} nodesep=0.16 ranksep={wide} remincross=true{quick}",
        'node [shape=box fixedsize=true label=""]',
        f"edge [headport={head} tailport={tail} arrowhead=none]",
    ]
    lines += [f"{names[room.key]} [width={room.width / INCH:.4f} height={room.height / INCH:.4f}]" for room in rooms]
    if first:
        lines.append(f"{{ rank=source {' '.join(names[key] for key in first)} }}")
    lines += [_link(link, names) for link in links]
    return "\n".join([*lines, "}"])


def _link(link: Link, names: dict[str, str]) -> str:
    if not link.width:
        return f"{names[link.tail]} -> {names[link.head]}"
    table = (
        f'<<table fixedsize="true" width="{link.width:.0f}" height="{link.height:.0f}" border="0" cellborder="0"'
        ' cellspacing="0"><tr><td></td></tr></table>>'
    )
    return f"{names[link.tail]} -> {names[link.head]} [label={table}]"


@lru_cache(maxsize=64)
def _laid_out(source: str) -> str:
    try:
        import pygraphviz
    except ImportError:
        return _by_program(source)
    plain: bytes = pygraphviz.AGraph(string=source).draw(format="plain", prog="dot")
    return plain.decode()


def _by_program(source: str) -> str:
    program = shutil.which("dot")
    if program is None:
        raise ToolError("a graph needs Graphviz: pip install pygraphviz, or the program dot")
    try:
        done = subprocess.run(
            [program, "-Tplain"], input=source, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"Graphviz did not finish in {SECONDS} seconds") from error
    if done.returncode:
        raise ToolError(f"Graphviz refuses the graph: {done.stderr.strip().splitlines()[0]}")
    return done.stdout


def _read(plain: str, rooms: Sequence[Room], links: Sequence[Link], names: dict[str, str]) -> Placed:
    keys = {name: room_key for room_key, name in names.items()}
    middles: dict[str, Point] = {}
    curves: dict[tuple[str, str], list[tuple[tuple[Point, ...], Point]]] = defaultdict(list)
    width = height = 0.0
    for line in plain.replace("\\\n", "").splitlines():
        words = line.split()
        if words[0] == "graph":
            width, height = float(words[2]) * INCH, float(words[3]) * INCH
        elif words[0] == "node":
            middles[keys[words[1]]] = _point(words[2], words[3], height)
        elif words[0] == "edge":
            count = int(words[3])
            numbers = words[4 : 4 + 2 * count]
            curve = tuple(_point(x, y, height) for x, y in zip(numbers[::2], numbers[1::2], strict=True))
            rest = words[4 + 2 * count :]
            label = _point(rest[-4], rest[-3], height) if len(rest) > 2 else curve[0]
            curves[keys[words[1]], keys[words[2]]].append((curve, label))
    return _matched(Placed(middles, {}, {}, width, height), links, curves)


def _matched(
    placed: Placed, links: Sequence[Link], curves: dict[tuple[str, str], list[tuple[tuple[Point, ...], Point]]]
) -> Placed:
    """The curves by the keys of their links; Graphviz gives those of one pair in the order they were asked for."""
    for link in links:
        curve, label = curves[link.tail, link.head].pop(0)
        placed.curves[link.key] = curve
        if link.width:
            placed.labels[link.key] = label
    return placed


def _point(x: str, y: str, height: float) -> Point:
    return (round(float(x) * INCH, 2), round(height - float(y) * INCH, 2))
