"""Tables of lists with matrices under every convention: a cell for every column, and what a reader sees in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tracegen.document.table import Cell, Mark
from tracegen.errors import ProblemError, ShapeError
from tracegen.formula import Formula, rational
from tracegen.notation import unicode
from tracegen.notation.profiles import PROFILES
from tracegen.problems.problem import Problem
from tracegen.traces import Trace, trace

NETWORK = """
[inputs]
x = { SIZES_X }
W = { SIZES_W }
[steps]
h = "tanh(W @ x)"
[outputs]
L = "norm(h)**2"
R = "2*sum(exp(h))"
"""
LETTERS = {"SIZES_X": 'shape = ["N"]', "SIZES_W": 'shape = ["K", "N"]'}
NUMBERS = {"SIZES_X": "value = [1, 2]", "SIZES_W": "value = [[0.1, 0.2], [0.3, -0.4]]"}
TABLES = ("primal", "forward", "reverse", "gradient", "shapes", "why", "closed", "cost", "hessian")


def network(sizes: dict[str, str], **choices: Any) -> Trace:
    text = NETWORK
    for word, size in sizes.items():
        text = text.replace(word, size)
    return trace(Problem.from_toml(text), **choices)


def shown(cell: Cell) -> str:
    return unicode(cell) if isinstance(cell, Formula) else str(cell)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize("sizes", [LETTERS, NUMBERS], ids=["letters", "numbers"])
def test_every_profile_makes_every_table(profile: str, joint: bool, sizes: dict[str, str]) -> None:
    document = network(sizes, profile=profile, joint=joint).document(TABLES)
    assert {table.key.split("/")[1] for table in document.tables} >= set(TABLES)


def test_a_row_a_contribution_has_shapes() -> None:
    (table,) = network(LETTERS, profile="baydin").reverse("L").tables
    rows = {row.key: row.cells for row in table.rows}
    assert rows["x"][1:] == ("N×1", "N×1")
    assert rows["W"][1:] == ("K×N", "K×1 · 1×N")


def test_arithmetic_of_matrices_is_not_written_out() -> None:
    (table,) = network(NUMBERS, profile="baydin").primal("L").tables
    assert all("‖" not in shown(row.cells[2]) for row in table.rows)


OUTPUTS = '[inputs]\nx = { X }\nW = { W }\n[outputs]\ny = "W @ x"\nZ = "W @ W"'
POINT = {"X": "value = [1, 2]", "W": "value = [[1, 2], [3, 4]]"}
SQUARE = {"X": 'shape = ["N"]', "W": 'shape = ["N", "N"]'}


def matrices(sizes: dict[str, str], **choices: Any) -> Trace:
    text = OUTPUTS.replace("{ X }", f"{{ {sizes['X']} }}").replace("{ W }", f"{{ {sizes['W']} }}")
    return trace(Problem.from_toml(text), **choices)


@pytest.mark.parametrize("sizes", [SQUARE, POINT], ids=["letters", "numbers"])
@pytest.mark.parametrize("joint", [False, True])
def test_an_output_that_is_a_matrix_has_adjoints_for_any_adjoint_of_it(sizes: dict[str, str], joint: bool) -> None:
    found = matrices(sizes, joint=joint)
    (table,) = found.reverse("y").tables
    rules = [shown(row.cells[0]) for row in table.rows if "0" not in shown(row.cells[0]).split(" = ")[1:]]
    assert rules == ["v̄₀ = v̄₁·∂v₁/∂v₀ = Wᵀ v̄₁", "v̄₁ = ȳ", "W̄ = v̄₁·∂v₁/∂W = v̄₁ v₀ᵀ"]
    assert [column.key for column in table.columns] == ["line", "shape", "factors"]  # no values: ȳ has none
    (closed,) = found.gradient("y").tables
    assert [[shown(cell) for cell in row.cells[:2]] for row in closed.rows] == [["x̄", "Wᵀ ȳ"], ["W̄", "ȳ xᵀ"]]
    assert found.to("json")


def test_a_cotangent_of_numbers_gives_numbers() -> None:
    (table,) = matrices(POINT, digits=3).reverse(cotangent={"y": [1, -1]}).tables
    assert [shown(row.cells[-1]) for row in table.rows] == [
        "[−2.00; −2.00]",
        "[1.00; −1.00]",
        "[1.00, 2.00; −1.00, −2.00]",
    ]


def test_a_direction_of_numbers_moves_what_it_has() -> None:
    (table,) = matrices(POINT, digits=3).forward(of="Z", seed={"W": [[0, 1], [0, 0]]}).tables
    assert [shown(cell) for cell in table.rows[-1].cells] == [
        "v̇₁ = Ẇ W + W Ẇ", "2×2", "2×2 · 2×2 + 2×2 · 2×2", "[3.00, 5.00; 0, 3.00]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ({"x": [1, 0, 0]}, "x is 2×1, its direction 3×1"),
        ({"x": 1}, "x is 2×1, its direction a number"),
        ({"W": [1, 2]}, "W is 2×2, its direction 2×1"),
    ],
)
def test_a_direction_of_another_shape_is_refused(start: dict[str, Any], says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        matrices(POINT).forward(seed=start)


def test_the_gradient_of_a_matrix_in_floats_is_refused() -> None:
    with pytest.raises(ProblemError, match="y is a matrix"):
        matrices(POINT).gradient_at(of="y")


def test_closed_forms_of_matrices_are_written_as_everywhere() -> None:
    (table,) = network(LETTERS).closed("L").tables
    assert [shown(row.cells[1]) for row in table.rows[-2:]] == [
        "2 Wᵀ (tanh(W x) ∘ (1 − tanh(W x) ∘ tanh(W x)))", "2 (tanh(W x) ∘ (1 − tanh(W x) ∘ tanh(W x))) xᵀ",
    ]  # fmt: skip


def test_the_cost_of_a_list_with_matrices_counts_no_jacobian() -> None:
    """A forward sweep gives one derivative, not those of a whole matrix."""
    (table,) = network(LETTERS).cost("L").tables
    assert "jacobian" not in [row.key for row in table.rows]


def test_the_hessian_times_a_direction_of_numbers() -> None:
    """That of least squares is Xᵀ X, here times (1, −1)."""
    text = """
        [inputs]
        X = { value = [[1, 2], [3, 4], [5, 7]], constant = true }
        w = { value = [1, 1] }
        t = { value = [1, 0, 2], constant = true }
        [outputs]
        L = "norm(X @ w - t)**2/2"
    """
    (table,) = trace(Problem.from_toml(text), digits=4).hessian(seed={"w": [1, -1]}).tables
    X = np.array([[1, 2], [3, 4], [5, 7]])
    (row,) = (row for row in table.rows if row.key == "w")
    assert isinstance(row.cells[2], Formula)
    found = [float(rational(cell) or 0) for (cell,) in row.cells[2].args]
    assert found == (X.T @ X @ [1, -1]).tolist()


def test_the_hessian_of_numbers_times_a_direction() -> None:
    (table,) = trace("x**2*y", at={"x": 2, "y": 3}).hessian(seed={"x": 1, "y": "p"}).tables
    values = {row.key: shown(row.cells[-1]) for row in table.rows}
    assert (values["v0"], values["v1"]) == ("6 + 4·p", "4")


def test_adjoints_as_rows_have_the_shapes_and_values_of_rows() -> None:
    found = network(NUMBERS, layout="row", digits=3)
    (adjoints,), (gradient,) = found.reverse("R").tables, found.gradient("R", wrt="x").tables
    rows = {row.key: [shown(cell) for cell in row.cells] for row in adjoints.rows}
    assert rows["v0"][0].endswith("= v̄₁ W")
    assert rows["v0"][1:3] == ["1×2", "1×2 · 2×2"]
    assert "; " not in rows["v0"][3]
    assert shown(gradient.rows[0].cells[1]) == "2 (exp(h)ᵀ ∘ (1 − hᵀ ∘ hᵀ)) W"
    assert shown(gradient.rows[0].cells[3]) == rows["v0"][3]
    assert found.hessian("R").tables[0].rows[0].cells[1] == "1×2"


def test_a_large_matrix_is_left_out_of_tables_and_stands_in_json() -> None:
    size = 9
    numbers = {"SIZES_X": f"value = {[0.1] * size}", "SIZES_W": f"value = {[[0.01] * size] * size}"}
    found = network(numbers)
    rows = {row.key: row.cells[-1] for row in found.reverse("L").tables[0].rows}
    assert isinstance(rows["W"], Mark)
    assert isinstance(rows["v0"], Formula)
    line = next(line for line in found.record()["lists"][0]["lines"] if line["name"] == "W")
    assert len(line["decimal"]) == len(line["decimal"][0]) == size
