"""Where things are: circles apart, wires from circle to circle, texts inside, the same from run to run."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from math import hypot

import pytest

from tracegen import trace
from tracegen.errors import ToolError
from tracegen.examples import path_of
from tracegen.graph import graph_of
from tracegen.graph.layout import graphviz
from tracegen.graph.layout.draw import MOST_ROOMY
from tracegen.graph.layout.geometry import Drawing, Point
from tracegen.graph.layout.graphviz import Link, Room, place
from tracegen.graph.layout.wire_labels import Label, Page, Rectangle
from tracegen.graph.lettering.box import Box
from tracegen.traces import Trace

CASES = [
    ("homework1", "right"),
    ("homework1", "down"),
    ("homework2", "right"),
    ("homework2_numbers", "down"),
    ("baydin", "right"),
]


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    example, direction = request.param
    return graph_of(trace(path_of(example)), direction=direction).drawings[0]


def test_circles_do_not_touch(drawing: Drawing) -> None:
    for a, b in combinations(drawing.circles, 2):
        apart = abs(a.x - b.x) >= (a.width + b.width) / 2 or abs(a.y - b.y) >= (a.height + b.height) / 2
        assert apart, (a.circle.key, b.circle.key)


def test_a_wire_leaves_its_tail_and_reaches_its_head(drawing: Drawing) -> None:
    circles = {placed.circle.key: placed for placed in drawing.circles}
    for placed in drawing.wires:
        tail, head = circles[placed.wire.tail], circles[placed.wire.head]
        (ax, ay), (bx, by) = placed.curve[0], placed.curve[-1]
        assert hypot(ax - tail.end[0], ay - tail.end[1]) < 1.5
        assert abs(bx - head.x) <= head.width / 2 + 1.5
        assert abs(by - head.y) <= head.height / 2 + 1.5


def test_a_backward_arrow_ends_where_its_wire_begins(drawing: Drawing) -> None:
    for placed in drawing.wires:
        (ax, ay), (bx, by) = placed.curve[0], placed.back[-1]
        assert hypot(ax - bx, ay - by) < 12


def test_everything_is_on_the_sheet(drawing: Drawing) -> None:
    for placed in drawing.circles:
        for written in placed.notes:
            assert written.x >= 0
            assert written.x + written.box.width <= drawing.width
            assert written.y - written.box.above >= 0
            assert written.y + written.box.below <= drawing.height
        assert placed.inside.width <= placed.width


def test_primal_values_are_above_and_adjoints_below() -> None:
    drawing = graph_of(trace(path_of("homework1")), of="y1").drawings[0]
    for placed in drawing.circles:
        for written in placed.notes:
            above = written.y + written.box.below <= placed.start[1]
            assert above == (written.note.kind == "primal")


def test_inputs_stand_in_one_layer() -> None:
    drawing = graph_of(trace(path_of("homework2"))).drawings[0]
    places = [placed for placed in drawing.circles if placed.circle.kind == "input"]
    steps = [placed for placed in drawing.circles if placed.circle.kind == "step"]
    assert max(placed.x for placed in places) < min(placed.x for placed in steps)


def test_the_same_bytes_in_another_process() -> None:
    code = (
        "from tracegen import trace; from tracegen.examples import path_of; from tracegen.graph import graph_of;"
        "import hashlib; g = graph_of(trace(path_of('homework1')));"
        "made = ''.join(g.to(f) for f in ('svg', 'tikz', 'dot', 'mermaid', 'json'));"
        "print(hashlib.sha256(made.encode()).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(runs[0]) > 60


def test_without_graphviz_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    monkeypatch.setattr(graphviz.shutil, "which", lambda name: None)
    with pytest.raises(ToolError, match="pip install pygraphviz, or the program dot"):
        place([Room("left alone", 31, 20)], [], "right")


def test_the_program_dot_gives_the_same_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    if graphviz.shutil.which("dot") is None:
        pytest.skip("Graphviz is not installed: apt-get install graphviz")
    rooms = [Room(key, 40, 24) for key in "abcd"]
    links = [Link("ab", "a", "b", 20, 10), Link("ac", "a", "c"), Link("bd", "b", "d"), Link("cd", "c", "d", 20, 10)]
    inside = place(rooms, links, "right")
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    graphviz._laid_out.cache_clear()
    outside = place(rooms, links, "right")
    assert sorted(inside.rooms, key=lambda key: inside.rooms[key][0]) == sorted(
        outside.rooms, key=lambda key: outside.rooms[key][0]
    )
    assert outside.labels.keys() == {"ab", "cd"}


def chain_and_branches(lines: int) -> Trace:
    """A list in which each step uses the last one and one of some steps before it."""
    names = ["x", "z"]
    steps = {}
    for at in range(lines):
        last, other = names[-1], names[-2 - at % 5 if len(names) > 6 else 0]
        steps[f"s{at}"] = (f"{last}*{other}", f"exp({last}/10)", f"{last} - 0.5*{other}", f"sin({last})")[at % 4]
        names.append(f"s{at}")
    return trace({"y": names[-1]}, steps=steps, at={"x": 1, "z": 2})


@pytest.mark.parametrize(("lines", "show", "direction"), [(90, "both", "right"), (90, "reverse", "down")])
def test_labels_of_a_large_picture_meet_nothing(lines: int, show: str, direction: str) -> None:
    drawing = graph_of(chain_and_branches(lines), show=show, direction=direction).drawings[0]
    assert len(drawing.circles) > MOST_ROOMY
    labels = [_rectangle(wire.label, wire.at) for wire in drawing.wires if wire.label]
    texts = [_rectangle(note.box, (note.x, note.y)) for circle in drawing.circles for note in circle.notes]
    circles = [
        Rectangle(c.x - c.width / 2, c.y - c.height / 2, c.x + c.width / 2, c.y + c.height / 2) for c in drawing.circles
    ]
    assert len(labels) > lines
    assert not [(a, b) for a, b in combinations(labels, 2) if a.meets(b)]
    assert not [(a, b) for a in labels for b in (*texts, *circles) if a.meets(b)]
    assert all(a.left >= 0 and a.top >= 0 and a.right <= drawing.width and a.bottom <= drawing.height for a in labels)


def _rectangle(box: Box, at: Point) -> Rectangle:
    return Rectangle(at[0], at[1] - box.above, at[0] + box.width, at[1] + box.below)


def test_a_label_stands_where_its_wire_is_free() -> None:
    page = Page(200, 100)
    page.add(Rectangle(80, 30, 120, 70))
    wire = [(float(x), 50.0) for x in range(0, 201, 10)]
    page.add_wire(wire)
    (at,) = page.placed([Label("w", wire, 20, 10)]).values()
    assert page.cost(Rectangle(at[0] - 9, at[1] - 4, at[0] + 9, at[1] + 4)) == 20  # itself only
    assert not 70 < at[0] < 130
    assert 5 < abs(at[1] - 50) < 20


def test_a_label_that_has_room_of_its_own_stands_there_unless_something_is_in_it() -> None:
    wire = [(0.0, 50.0), (200.0, 50.0)]
    for taken, wanted in ((Rectangle(0, 0, 10, 10), True), (Rectangle(95, 20, 105, 40), False)):
        page = Page(200, 100)
        page.add_wire(wire)
        page.add(taken)
        (at,) = page.placed([Label("w", wire, 20, 10, (100.0, 30.0))]).values()
        assert (at == (100.0, 30.0)) == wanted
