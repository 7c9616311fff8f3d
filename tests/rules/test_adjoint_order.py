"""The order of the terms of an adjoint is the convention's."""

from __future__ import annotations

import pytest

from tracegen import trace
from tracegen.rules.adjoint_order import in_order

TERMS = [("listed", [1, 2, 5, 8]), ("reversed", [8, 5, 2, 1]), ("unary", [2, 8, 1, 5])]


@pytest.mark.parametrize(("choice", "expected"), TERMS)
def test_each_line_once_in_the_order_of_the_choice(choice: str, expected: list[int]) -> None:
    assert in_order([5, 8, 2, 1, 2], choice, lambda place: place in (1, 5)) == expected


@pytest.mark.parametrize(("choice", "shown"), [("unary", "v̄₃·cos(v₀) + v̄₂·v₁"), ("listed", "v̄₂·v₁ + v̄₃·cos(v₀)")])
def test_the_reverse_table_shows_it(choice: str, shown: str) -> None:
    table = trace("x1*x2 + sin(x1)", at=[2, 1], adjoint_terms=choice).reverse()
    assert shown in table.to("txt")
