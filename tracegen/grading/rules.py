"""The right rule of a row in the writer's own names, for feedback: v̇7 = v0 v̇6 + v6 v̇0, v̄3 = v̄8."""

from __future__ import annotations

from functools import reduce

from tracegen.algebra.constructors import add, mul
from tracegen.formula import Formula, name, number
from tracegen.grading.listings import Listing
from tracegen.grading.matrices import Matrices
from tracegen.primitives import find
from tracegen.primitives.rule_formulas import local_partials

ZERO, ONE = number(0), number(1)


def shown_name(listing: Listing, row: str) -> Formula:
    """What a row is called on the sheet: an input goes by the writer's row for it, where there is one."""
    if row in listing.inputs:
        return name(next((text for text, of in listing.also.items() if of == row), row))
    return name(row)


def tangent_rule(listing: Listing, row: str, direction: str) -> Formula:
    """The rule of a row's tangent along an input."""
    if row in listing.inputs:
        return ONE if row == direction else ZERO
    along = name(direction) if direction else None
    terms = []
    for operand in listing.edges(row):
        tangent = Formula("tangent", (shown_name(listing, operand), along))
        terms.append(mul(_partial(listing, row, operand), tangent))
    return reduce(add, terms, ZERO)


def adjoint_rule(listing: Listing, row: str, output: str) -> Formula:
    """The rule of a row's adjoint: the sum over the rows that use it."""
    terms = [ONE] if row == output else []
    for child in listing.contributions(row):
        adjoint = Formula("adjoint", (shown_name(listing, child),))
        if isinstance(listing.functions, Matrices):
            terms.append(Formula("mul", (adjoint, _unevaluated(listing, child, row))))
        else:
            terms.append(mul(adjoint, _partial(listing, child, row)))
    return reduce(_sum if isinstance(listing.functions, Matrices) else add, terms) if terms else ZERO


def _sum(a: Formula, b: Formula) -> Formula:
    return Formula("add", (a, b))


def _unevaluated(listing: Listing, above: str, below: str) -> Formula:
    return Formula("partial", (shown_name(listing, above), shown_name(listing, below)))


def _partial(listing: Listing, above: str, below: str) -> Formula:
    """The local partial of a row by another, worked out where its formula can be differentiated."""
    found = _derived(listing, listing.definition(above), below, 0)
    return _unevaluated(listing, above, below) if found is None else found


_DEEPEST = 12


def _derived(listing: Listing, formula: Formula, below: str, depth: int) -> Formula | None:
    if formula.head == "name":
        return ONE if listing.also.get(formula.args[0], formula.args[0]) == below else ZERO
    if formula.head in ("number", "constant"):
        return ZERO
    row = find(formula.head)
    if row is None or row.partials is None or row.arity != len(formula.args) or depth > _DEEPEST:
        return None
    total = ZERO
    inner = [_derived(listing, arg, below, depth + 1) for arg in formula.args]
    if any(part is None for part in inner):
        return None
    if all(part == ZERO for part in inner):
        return ZERO
    for partial, part in zip(local_partials(row, formula.args, formula), inner, strict=True):
        if part is not None and part != ZERO:
            total = add(total, mul(partial, part))
    return total
