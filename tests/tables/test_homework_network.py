"""The homework's problem 2, row by row: a network with one hidden layer, in vectors and matrices."""

from __future__ import annotations

import pytest

from tracegen.document.table import Words
from tracegen.errors import ShapeError
from tracegen.examples import path_of
from tracegen.notation import latex
from tracegen.problems.problem import Problem
from tracegen.traces import Trace, trace

FORWARD = {
    "v0": ("x", "N×1"),
    "v1": ("W^{(1)} v_0", "K×1"),
    "z": ("v_1 + b^{(1)}", "K×1"),
    "h": (r"\sigma(z)", "K×1"),
    "R": (r"r^\top h", "1×1"),
    "v2": ("W^{(2)} h", "M×1"),
    "y": ("v_2 + b^{(2)}", "M×1"),
    "xi": (r"\tfrac{1}{2} \lVert y - s \rVert^2", "1×1"),
    "L": (r"\xi + R", "1×1"),
}

# row: (rule worked out, shape, shape of every factor)
ADJOINT = {
    "L": ("1", "1×1", None),
    "R": (r"\bar L", "1×1", "1×1"),
    "xi": (r"\bar L", "1×1", "1×1"),
    "y": (r"\bar \xi\, (y - s)", "M×1", "M×1"),
    "v2": (r"\bar y", "M×1", "M×1"),
    "h": (r"\bar R\, r + W^{(2)\top} \bar v_2", "K×1", "K×1 + K×M · M×1"),
    "z": (r"\bar h \circ \sigma'(z)", "K×1", "K×1 ∘ K×1"),
    "v1": (r"\bar z", "K×1", "K×1"),
    "v0": (r"W^{(1)\top} \bar v_1", "N×1", "N×K · K×1"),
    "W1": (r"\bar v_1 v_0^\top", "K×N", "K×1 · 1×N"),
    "b1": (r"\bar z", "K×1", "K×1"),
    "r": (r"\bar R\, h", "K×1", "K×1"),
    "W2": (r"\bar v_2 h^\top", "M×K", "M×1 · 1×K"),
    "b2": (r"\bar y", "M×1", "M×1"),
}

GRADIENT = {
    "x": r"W^{(1)\top} (\sigma'(z) \circ (r + W^{(2)\top} (y - s)))",
    "W1": r"(\sigma'(z) \circ (r + W^{(2)\top} (y - s))) x^\top",
    "b2": "y - s",
}


@pytest.fixture(scope="module")
def network() -> Trace:
    return trace(path_of("homework2"))


def members(network: Trace, cell: object) -> list[str]:
    return latex(cell, network.convention).split(" = ")  # type: ignore[arg-type]


def test_forward_rows(network: Trace) -> None:
    rows = network.primal().tables[0].rows
    assert [row.key for row in rows] == list(FORWARD)
    for row in rows:
        definition, shape = FORWARD[row.key]
        assert members(network, row.cells[0])[-1] == definition
        assert row.cells[1] == Words(shape)


def test_adjoint_rows(network: Trace) -> None:
    rows = {row.key: row for row in network.reverse().tables[0].rows}
    assert set(rows) == set(ADJOINT)
    for key, (rule, shape, factors) in ADJOINT.items():
        assert members(network, rows[key].cells[0])[-1] == rule
        assert rows[key].cells[1:3] == (Words(shape), factors and Words(factors))


def test_the_chain_is_shown_before_it_is_worked_out(network: Trace) -> None:
    (row,) = (row for row in network.reverse().tables[0].rows if row.key == "h")
    chain = r"\bar R \frac{\partial R}{\partial h} + \bar v_2 \frac{\partial v_2}{\partial h}"
    assert members(network, row.cells[0])[1] == chain


def test_gradients_in_one_piece(network: Trace) -> None:
    rows = {row.key: row for row in network.gradient().tables[0].rows}
    for key, formula in GRADIENT.items():
        assert latex(rows[key].cells[1], network.convention) == formula  # type: ignore[arg-type]


def test_data_has_an_adjoint_when_asked_for(network: Trace) -> None:
    (row,) = network.gradient(wrt="s").tables[0].rows
    assert latex(row.cells[1], network.convention) == "-(y - s)"  # type: ignore[arg-type]


def test_with_a_diagonal_matrix(network: Trace) -> None:
    diagonal = trace(path_of("homework2"), elementwise="diagonal")
    (row,) = (row for row in diagonal.reverse().tables[0].rows if row.key == "z")
    assert members(diagonal, row.cells[0])[-1] == r"\operatorname{diag}(\sigma'(z)) \bar h"
    assert row.cells[2] == Words("K×K · K×1")


def test_adjoints_as_rows() -> None:
    rows = trace(path_of("homework2"), layout="row").reverse().tables[0].rows
    (row,) = (row for row in rows if row.key == "v0")
    assert latex(row.cells[0]).split(" = ")[-1] == r"\bar v_1 W_1"  # type: ignore[arg-type]


@pytest.mark.parametrize("step", ["W1.T @ x + b1", "W1.T x"])
def test_shapes_that_do_not_fit_are_named(step: str) -> None:
    text = path_of("homework2").read_text().replace("W1 @ x + b1", step)
    with pytest.raises(ShapeError, match=r"N×K.*N×1.*K ≠ N"):
        trace(Problem.from_toml(text))


def test_matrices_side_by_side_are_their_product_and_a_star_goes_by_element() -> None:
    text = path_of("homework2").read_text()
    rows = trace(Problem.from_toml(text.replace("W1 @ x", "W1 x"))).primal().tables[0].rows
    assert [row.key for row in rows] == list(FORWARD)
    with pytest.raises(ShapeError, match="W1 @ x is the product of matrices"):
        trace(Problem.from_toml(text.replace("W1 @ x", "W1*x")))


def test_numbers() -> None:
    """Against the values computed with another system, given with the problem to twelve digits."""
    record = trace(path_of("homework2_numbers"), digits=12).record()
    jacobian = dict(zip(record["jacobian"]["inputs"], record["jacobian"]["decimal"][0], strict=True))
    assert record["lists"][0]["lines"][-1]["decimal"] == "1.21730989243"
    assert _floats(jacobian["x"]) == pytest.approx([-0.142463190117, 0.00442892402865], rel=1e-11)
    expected = [0.160181188808, 0.320362377617, -0.190864774371, -0.381729548742, 0.50866826771, 1.01733653542]
    assert _floats(jacobian["W1"]) == pytest.approx(expected, rel=1e-11)


def _floats(matrix: list[list[str]]) -> list[float]:
    return [float(cell) for row in matrix for cell in row]


def test_the_record_has_shapes(network: Trace) -> None:
    lines = {line["name"]: line for line in network.record()["lists"][0]["lines"]}
    assert lines["v1"]["shape"] == ["K", "1"]
    assert lines["v1"]["exact"] is None
    assert lines["v1"]["definition"] == "W1 @ v0"


def test_a_derivation_by_inner_products(network: Trace) -> None:
    table = next(table for table in network.why().tables if table.key.endswith("why/v₁"))
    assert [latex(row.cells[1], network.convention) for row in table.rows][-1] == (  # type: ignore[arg-type]
        r"\langle \bar W^{(1)}, \dot W^{(1)} \rangle + \langle \bar v_0, \dot v_0 \rangle"
    )
    assert len(table.rows) == 5


def test_it_is_checked(network: Trace) -> None:
    (checked,) = network.checked.values()
    assert checked.points == 2
    assert checked.differences


def test_given_data_has_an_adjoint_row_where_it_is_asked_for(network: Trace) -> None:
    (table,) = network.reverse(wrt=["x", "s"]).tables
    row = table.rows[-1]
    assert row.key == "s"
    assert members(network, row.cells[0])[-1] == r"-\bar \xi\, (y - s)"
    assert "s" not in [row.key for row in network.reverse(wrt="x").tables[0].rows]
