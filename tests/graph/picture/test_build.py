"""What is in a picture: its circles, wires, partials, values, and folds."""

from __future__ import annotations

import json

import pytest

from tracegen import trace
from tracegen.errors import FormatError, ProblemError
from tracegen.examples import path_of
from tracegen.graph import graph_of
from tracegen.graph.picture.inside import operation
from tracegen.graph.picture.picture import Picture
from tracegen.notation import unicode
from tracegen.traces import Trace


@pytest.fixture(scope="module")
def homework() -> Trace:
    return trace(path_of("homework1"))


def words(cells: tuple[object, ...]) -> str:
    return "".join(unicode(cell) if isinstance(cell, tuple) else str(cell) for cell in cells)


def picture(traced: Trace, **choices: str) -> Picture:
    return graph_of(traced, **choices).pictures[0]


def notes(shown: Picture, kind: str) -> list[str]:
    return [
        words(note.cells) for circle in shown.circles for note in (*circle.above, *circle.below) if note.kind == kind
    ]


def test_the_homeworks_primal_values_stand_above_the_wires(homework: Trace) -> None:
    assert notes(picture(homework, of="y1", show="primal"), "primal") == [
        "v₀ = 2", "v₁ = 1", "v₂ = 2", "v₃ = e²", "v₄ = 1", "v₅ = 3", "v₆ = sin(3)", "v₇ = 2·sin(3)",
        "v₈ = e² + 2·sin(3)",
    ]  # fmt: skip


def test_the_homeworks_adjoints_stand_below_them(homework: Trace) -> None:
    assert notes(picture(homework, of="y1", show="reverse"), "adjoint") == [
        "v̄₀ = sin(3)", "v̄₁ = 2·e² + 12·cos(3)", "v̄₂ = e²", "v̄₃ = 1", "v̄₄ = 6·cos(3)", "v̄₅ = 2·cos(3)", "v̄₆ = 2",
        "v̄₇ = 1", "v̄₈ = 1",
    ]  # fmt: skip


def test_tangents_are_those_of_the_inputs_asked_for(homework: Trace) -> None:
    found = notes(picture(homework, of="y2", show="forward", wrt="x1"), "tangent")
    assert found[2] == "∂v₂/∂x₁ = 1"
    assert len(found) == 8


def test_every_operand_is_a_wire_with_its_local_partial(homework: Trace) -> None:
    shown = picture(homework, of="y1", show="both")
    partials = {(wire.tail, wire.head): unicode(wire.label) for wire in shown.wires if isinstance(wire.label, tuple)}
    assert partials == {
        ("v1", "v2"): "2", ("v2", "v3"): "exp(v₂)", ("v1", "v4"): "2·v₁", ("v4", "v5"): "3", ("v5", "v6"): "cos(v₅)",
        ("v0", "v7"): "v₆", ("v6", "v7"): "v₀", ("v3", "v8"): "1", ("v7", "v8"): "1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a + b", "+"), ("a - b", "−"), ("a*b", "×"), ("a/b", "÷"), ("-a", "−"), ("exp(a)", "exp"), ("2*a", "2·□"),
        ("a**2", "□²"), ("1/a", "1/□"), ("1 + a", "1 + □"), ("max(a, b)", "max"), ("a**b", "□^□"),
    ],
)  # fmt: skip
def test_a_circle_says_its_operation(text: str, inside: str) -> None:
    entry = trace(text, at={"a": 2, "b": 3} if "b" in text else {"a": 2}).evaluations[0]
    assert words(operation(entry, len(entry.wengert) - 1)) == inside


def test_values_in_the_circles(homework: Trace) -> None:
    shown = picture(homework, of="y1", inside="value")
    assert [words(circle.inside) for circle in shown.circles][3] == "e²"
    assert notes(shown, "primal")[3] == "v₃ = exp(v₂)"


def test_shapes_stand_at_the_wires_of_matrices_and_nothing_goes_back_to_given_data() -> None:
    shown = picture(trace(path_of("homework2")), show="both")
    assert notes(shown, "shape")[:3] == ["N×1", "K×N", "K×1"]
    backward = {(wire.tail, wire.head): wire.label for wire in shown.wires if not wire.still}
    assert all(tail != "v6" for tail, _ in backward)
    sent = {unicode(label) for label in backward.values() if isinstance(label, tuple)}
    assert {"R̄ r", "v̄₂ hᵀ"} & sent


@pytest.mark.parametrize(
    ("choices", "error", "message"),
    [
        ({"of": "y3"}, ProblemError, "there is no output 'y3'; there are y1, y2"),
        ({"wrt": "x9", "show": "forward"}, ProblemError, "there is no input 'x9'"),
        ({"show": "backward"}, FormatError, "there is no show 'backward'"),
        ({"direction": "left"}, FormatError, "there is no direction 'left'"),
        ({"inside": "name"}, FormatError, "there is no inside 'name'"),
    ],
)
def test_a_wrong_choice_is_said(homework: Trace, choices: dict[str, str], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        graph_of(homework, **choices)


def test_values_without_a_point_are_refused() -> None:
    with pytest.raises(ProblemError, match="need a point"):
        graph_of(trace("a*b"), inside="value")


def chain(lines: int, outputs: int = 1) -> Trace:
    """A long list in which every step uses the two before it."""
    steps = {"s0": "x*y", "s1": "x + s0"}
    for at in range(2, lines):
        steps[f"s{at}"] = f"sin(s{at - 1})*s{at - 2}" if at % 2 else f"s{at - 1} + s{at - 2}"
    return trace({f"y{at}": f"s{lines - 1 - at} + x" for at in range(outputs)}, at={"x": 1, "y": 2}, steps=steps)


@pytest.mark.parametrize("lines", [400, 2000])
def test_a_long_list_is_folded_into_few_circles_and_no_wire_goes_back(lines: int) -> None:
    shown = picture(chain(lines), show="both")
    assert shown.folded
    assert len(shown.circles) <= 43
    order = {circle.key: at for at, circle in enumerate(shown.circles)}
    assert all(order[wire.tail] < order[wire.head] for wire in shown.wires)
    folded = [place for circle in shown.circles for place in circle.places]
    assert sorted(folded) == list(range(len(folded)))


def test_a_list_without_named_steps_is_folded_by_stretches() -> None:
    shown = picture(trace(" + ".join(f"sin({at}*x)" for at in range(1, 200)), at={"x": 1}), show="primal")
    assert shown.folded
    assert len(shown.circles) <= 43


def test_the_record_for_programs_has_the_circles_and_wires(homework: Trace) -> None:
    (found, _) = json.loads(graph_of(homework).to("json"))
    assert found["circles"][3]["primal"] == ["v3 = exp(2)"] or "v3" in found["circles"][3]["primal"][0]
    assert {"from": "v2", "to": "v3", "partial": "exp(v2)"} in found["wires"]
