"""The right rule of a row in the writer's own names, for feedback: v̇7 = v0 v̇6 + v6 v̇0, v̄3 = v̄8."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tracegen.algebra.constructors import add, mul
from tracegen.formula import Formula, name, number
from tracegen.grading.listings import Listing
from tracegen.grading.matrices import Matrices
from tracegen.grading.seeds import is_own, numbers_of
from tracegen.primitives import find, lookup
from tracegen.rules import chain_rule
from tracegen.rules.chain_rule import ONE, ZERO, differentiated, local_partial, operation_tangent, written_sum

LEAVES = frozenset(["name", "number", "constant"])
FINEST = 10**6
"""The largest denominator of a number in a seed of the writer's own."""

"""What has a derivative by itself."""

DEEPEST = 12
"""How deep a formula may be to be differentiated on paper."""


def shown_name(listing: Listing, row: str) -> Formula:
    """What a row is called on the sheet: an input goes by the writer's row for it, where there is one."""
    if row in listing.inputs:
        return name(next((text for text, of in listing.also.items() if of == row), row))
    return name(row)


def tangent_rule(listing: Listing, row: str, direction: str) -> Formula:
    """The rule of a row's tangent along a direction."""
    if row in listing.inputs:
        seed = dict(zip(listing.inputs, numbers_of(direction, list(listing.inputs)), strict=False))
        return number(Fraction(seed.get(row, 0.0)).limit_denominator(FINEST))
    along = name(direction) if direction and not is_own(direction) else None
    return chain_rule.tangent_rule(
        (_partial(listing, row, operand), Formula("tangent", (shown_name(listing, operand), along)))
        for operand in listing.edges(row)
    )


def adjoint_rule(listing: Listing, row: str, output: str) -> Formula:
    """The rule of a row's adjoint: the sum over the rows that use it; of matrices, not worked out."""
    has_matrices = isinstance(listing.functions, Matrices)
    terms = [ONE] if row == output else []
    for child in listing.contributions(row):
        adjoint = Formula("adjoint", (shown_name(listing, child),))
        if has_matrices:
            terms.append(chain_rule.link(adjoint, shown_name(listing, child), shown_name(listing, row)))
        else:
            terms.append(mul(adjoint, _partial(listing, child, row)))
    return chain_rule.adjoint_rule(terms, plus=written_sum if has_matrices else add)


def _partial(listing: Listing, above: str, below: str) -> Formula:
    """The local partial of a row by another, worked out where its formula can be differentiated: a writer's row may be
    more than one operation."""
    formula = listing.definition(above)
    if not _has_rules(formula, 0):
        return local_partial(shown_name(listing, above), shown_name(listing, below))

    def leaf(node: Formula) -> Formula | None:
        if node.head not in LEAVES:
            return None
        is_below = node.head == "name" and listing.also.get(node.args[0], node.args[0]) == below
        return ONE if is_below else ZERO

    return differentiated(formula, leaf, _moved)


def _has_rules(formula: Formula, depth: int) -> bool:
    """Whether every operation of a formula has local partials."""
    if formula.head in LEAVES:
        return True
    row = find(formula.head)
    if row is None or row.partials is None or row.arity != len(formula.args) or depth > DEEPEST:
        return False
    return all(_has_rules(arg, depth + 1) for arg in formula.args)


def _moved(node: Formula, operands: Sequence[Formula], moved: Sequence[Formula]) -> Formula:
    return operation_tangent(lookup(node.head), operands, node, moved)
