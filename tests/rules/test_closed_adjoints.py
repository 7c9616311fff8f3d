"""Closed gradients, derivations by inner products, and the other layouts of a derivative, proved by numbers."""

from __future__ import annotations

import numpy as np
import pytest

from tests.networks import Network, network, random_point
from tracegen.formula import Formula, name, postorder
from tracegen.notation import unicode
from tracegen.primitives.algebras import ARRAYS
from tracegen.rules.closed_adjoints import LONGEST, closed_adjoints, derivation
from tracegen.rules.matrix_layout import in_rows, with_diagonals
from tracegen.shapes import Shape
from tracegen.wengert.shape_inference import lowered
from tracegen.wengert.sweep import evaluate
from tracegen.wengert.wengert_list import ONE

SHAPES: dict[str, Shape] = {
    "x": ("N", 1), "W1": ("K", "N"), "b": ("K", 1), "W2": ("M", "K"), "s": ("M", 1), "c": (),
}  # fmt: skip
STEPS = {"z": "W1 @ x + b", "h": "tanh(z)", "y": "W2 @ h", "L": "c*norm(y - s)**2 + sum(exp(h)) + trace(x @ x.T)"}
SIZES = {"N": 2, "K": 3, "M": 4}


def closed(net: Network) -> list[Formula | None]:
    return closed_adjoints(net.wengert, {net.last: ONE}, net.labels())


def value(net: Network, formula: Formula) -> object:
    """The value of a formula over the names of a network's lines, at its random point."""
    places = {label: place for place, label in enumerate(net.labels())}
    builder, operand = lowered(formula, {label: net.wengert.shape(place) for label, place in places.items()})
    assert isinstance(operand, int)
    values = evaluate(net.wengert, ARRAYS, random_point(net, SIZES))
    met = dict.fromkeys(node for node in postorder(formula) if node in places)
    return evaluate(builder.list, ARRAYS, [values[places[label]] for label in met])[operand]


@pytest.mark.parametrize("of", list(SHAPES))
def test_a_closed_gradient_has_the_value_of_the_sweep(of: str) -> None:
    net = network(SHAPES, STEPS)
    formula = closed(net)[net.names[of]]
    assert formula is not None
    wanted = net.gradient(random_point(net, SIZES))[net.names[of]]
    assert value(net, formula) == pytest.approx(wanted)


@pytest.mark.parametrize("of", ["x", "W1", "b", "W2", "s"])
def test_layouts_do_not_change_the_value(of: str) -> None:
    net = network(SHAPES, STEPS)
    shapes = {label: net.wengert.shape(place) for place, label in enumerate(net.labels())}
    formula = closed(net)[net.names[of]]
    assert formula is not None
    column = np.asarray(value(net, formula))
    assert value(net, with_diagonals(formula, shapes)) == pytest.approx(column)
    assert value(net, in_rows(formula, shapes)) == pytest.approx(column.T)


def test_a_gradient_that_grows_too_long_is_left_out() -> None:
    steps = {"h0": "x"} | {f"h{step}": f"sin(h{step - 1}) @ x.T @ h{step - 1}" for step in range(1, 30)}
    net = network({"x": ("N", 1)}, {**steps, "L": "sum(h29)"})
    found = closed(net)
    assert found[0] is None
    assert found[net.last] == ONE
    assert LONGEST < 1000


@pytest.mark.parametrize(
    ("operation", "lines"),
    [
        (
            "A @ B",
            ["⟨ȳ, ẏ⟩ = ⟨ȳ, Ȧ B + A Ḃ⟩", "⟨ȳ, Ȧ B⟩ + ⟨ȳ, A Ḃ⟩", "⟨ȳ Bᵀ, Ȧ⟩ + ⟨Aᵀ ȳ, Ḃ⟩", "⟨Ā, Ȧ⟩ + ⟨B̄, Ḃ⟩"],
        ),
        ("inv(A)", ["⟨ȳ, ẏ⟩ = ⟨ȳ, −y Ȧ y⟩", "⟨ȳ, −y Ȧ y⟩", "⟨−yᵀ ȳ yᵀ, Ȧ⟩", "⟨Ā, Ȧ⟩"]),
        (
            "tanh(A)",
            ["⟨ȳ, ẏ⟩ = ⟨ȳ, Ȧ ∘ (1 − y ∘ y)⟩", "⟨ȳ, Ȧ ∘ (1 − y ∘ y)⟩", "⟨ȳ ∘ (1 − y ∘ y), Ȧ⟩", "⟨Ā, Ȧ⟩"],
        ),
    ],
)
def test_a_derivation_has_four_lines(operation: str, lines: list[str]) -> None:
    net = network({"A": ("N", "N"), "B": ("N", "N")}, {"y": operation})
    line = net.wengert.line(net.last)
    assert line.primitive is not None
    operands = [net.labels()[operand] for operand in line.operands]
    shapes = [net.wengert.shape(operand) for operand in line.operands]
    assert [unicode(part) for part in derivation(line.primitive, operands, name("y"), shapes)] == lines
