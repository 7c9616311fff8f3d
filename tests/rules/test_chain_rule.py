"""The rule on paper is the rule of the sweeps: one derivation from the table, whoever asks."""

from __future__ import annotations

import pytest

from tracegen.formula import Formula, name
from tracegen.primitives import Primitive, rows
from tracegen.primitives.rule_formulas import contributions, local_partials, tangent
from tracegen.rules.chain_rule import ONE, ZERO, adjoint_rule, differentiated, link, operation_tangent

SCALARS = [row for row in rows() if row.partials is not None and row.shapes is None and row.arity > 0]
X, Y, G = name("x"), name("y"), name("g")


def operands_of(row: Primitive) -> tuple[Formula, ...]:
    return tuple(name(f"a{place}") for place in range(row.arity))


@pytest.mark.parametrize("still", [None, 0, 1])
@pytest.mark.parametrize("row", SCALARS, ids=lambda row: row.name)
def test_the_tangent_on_paper_is_that_of_the_templates(row: Primitive, still: int | None) -> None:
    operands = operands_of(row)
    moved = [ZERO if place == still else name(f"t{place}") for place in range(row.arity)]
    assert operation_tangent(row, operands, Y, moved) == tangent(row, operands, Y, moved)


@pytest.mark.parametrize("row", SCALARS, ids=lambda row: row.name)
def test_a_row_by_itself_is_differentiated_to_its_local_partials_and_contributions(row: Primitive) -> None:
    operands = operands_of(row)
    whole = Formula(row.name, operands)
    partials = local_partials(row, operands, whole)
    assert contributions(row, operands, whole, ONE) == partials
    for wanted, partial in zip(operands, partials, strict=True):
        found = differentiated(
            whole,
            lambda node, wanted=wanted: (ONE if node == wanted else ZERO) if node.head == "name" else None,
            lambda node, given, moved: operation_tangent(row, given, node, moved),
        )
        assert found == partial


def test_a_link_has_no_adjoint_that_is_one() -> None:
    assert link(ONE, Y, X) == Formula("partial", (Y, X))
    assert link(G, Y, X) == Formula("mul", (G, Formula("partial", (Y, X))))


def test_nothing_contributes_zero() -> None:
    assert adjoint_rule([]) == ZERO
    assert adjoint_rule([G]) == G
