"""Tables of lists with matrices under every convention: a cell for every column, and what a reader sees in it."""

from __future__ import annotations

from typing import Any

import pytest

from tracegen.formula import Formula
from tracegen.notation import unicode
from tracegen.problem import Problem
from tracegen.profiles import PROFILES
from tracegen.table import Cell
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
