"""Whether a rule names the right rows, where its value alone cannot tell: factors that are 1, tangents that are 0."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tracegen.formula import Formula, name
from tracegen.grading.matrices import Matrices
from tracegen.grading.meaning import Array, MeaninglessError, compiled, gradients, leaves, value
from tracegen.grading.samples import EQUAL, UNEQUAL, agreement
from tracegen.grading.world import World

REVERSE, FORWARD = "reverse", "forward"


def misnamed(formula: Formula, world: World, kind: str, row: str) -> str:
    """Why a rule that has the right value can't be meant for a row; empty where nothing speaks against it.

    In a sum of contributions every ∂a/∂b has to be by the row itself, or be a link of a chain that ends there, and
    every adjoint beside one has to be that of its upper row. A tangent has to be that of a row that is used.
    """
    try:
        if _is_plainly_fine(formula, world, kind, row):
            return ""
        if kind == REVERSE:
            said = next((said for term in _terms(formula) if (said := _misnamed_term(term, world, row))), "")
            return said or _misfitting(formula, world, row, kind)
        if kind == FORWARD:
            return _misnamed_tangent(formula, world, row)
    except MeaninglessError:
        return ""
    return ""


def _is_plainly_fine(formula: Formula, world: World, kind: str, row: str) -> bool:
    """Whether a rule stays right when every adjoint, or tangent, that it names is moved by an amount of its own.

    One evaluation that settles nearly all rules; what it does not settle is looked at term by term.
    """
    listing = world.listing
    if isinstance(listing.functions, Matrices) or kind not in (REVERSE, FORWARD):
        return False
    code = compiled(formula)
    moved: dict[Formula, float] = {}
    for leaf in leaves(code):
        if leaf.head == "partial" and not (kind == FORWARD and _is_tangent(leaf, world)):
            if kind == FORWARD or world.row(leaf.args[1]) != row or not world.has_edge(leaf):
                return False
        elif leaf.head == "adjoint" if kind == REVERSE else leaf.head != "name":
            if kind == FORWARD and (leaf.head == "adjoint" or _direction(leaf, world) != world.direction):
                return False
            moved[leaf] = 0.37 + 0.61 * len(moved)
    if not moved:
        return True
    uppers = {leaf.args[0] for leaf in leaves(code) if leaf.head == "partial"} if kind == REVERSE else set()
    if uppers and any(leaf.args[0] not in uppers for leaf in moved):
        return False
    expected = world.adjoints()[row] if kind == REVERSE else world.tangents(world.direction)[row]
    for leaf, step in moved.items():
        other = world.row(leaf.args[0])
        edge = listing.edges(other).get(row) if kind == REVERSE else listing.edges(row).get(other)
        if edge is None:
            return False
        expected = expected + step * edge
    found = value(code, lambda leaf: world(leaf) + moved[leaf] if leaf in moved else world(leaf), listing.functions)
    return agreement(listing.finished(found)[:-1], expected[:-1]) == EQUAL


def _terms(formula: Formula) -> list[Formula]:
    """The terms of a sum."""
    found, stack = [], [formula]
    while stack:
        node = stack.pop()
        if node.head in ("add", "sub", "neg"):
            stack.extend(reversed(node.args))
        else:
            found.append(node)
    return found


def _misnamed_term(term: Formula, world: World, row: str) -> str:
    found = leaves(compiled(term))
    partials = [leaf for leaf in found if leaf.head == "partial" and not _is_gradient(leaf, world)]
    uppers = {world.row(leaf.args[0]) for leaf in partials}
    for leaf in partials:
        below = world.row(leaf.args[1])
        if not world.has_edge(leaf):
            return f"{_shown(leaf.args[0])} does not depend on {_shown(leaf.args[1])}"
        if below != row and below not in uppers:
            return f"the local partial is by {_shown(leaf.args[1])}, not by the row itself"
    for leaf in found:
        if leaf.head == "adjoint" and partials and world.row(leaf.args[0]) not in uppers:
            return f"the adjoint of {_shown(leaf.args[0])} does not go with this local partial"
    return ""


def _is_gradient(leaf: Formula, world: World) -> bool:
    above = leaf.args[0]
    if above.head == "name" and above.args[0] in world.called:
        return True
    return above.head == "name" and world.is_output(above.args[0]) and above.args[0] not in world.listing.values


def _misnamed_tangent(formula: Formula, world: World, row: str) -> str:
    code = compiled(formula)
    for leaf in leaves(code):
        if leaf.head == "adjoint":
            return "an adjoint has no place in the rule of a tangent"
        if leaf.head == "partial" and not _is_tangent(leaf, world) and not world.has_edge(leaf):
            return f"{_shown(leaf.args[0])} does not depend on {_shown(leaf.args[1])}"
    used = set(world.listing.edges(row)) | {row}
    tangents = [leaf for leaf in leaves(code) if _is_tangent(leaf, world)]
    strange = [leaf for leaf in tangents if world.row(leaf.args[0]) not in used]
    if not strange and all(_direction(leaf, world) == world.direction for leaf in tangents):
        return _misfitting(formula, world, row, FORWARD)

    if in_general(formula, world, FORWARD, row):
        return ""
    leaf = strange[0] if strange else tangents[0]
    return f"the tangent of {_shown(leaf.args[0])} has no place in this rule"


def _misfitting(formula: Formula, world: World, row: str, kind: str) -> str:
    """Why what stands beside an adjoint or a tangent is not the local partial that belongs to it.

    Where a tangent is 0, or two adjoints are equal, the value of the rule would not show it.
    """
    functions = world.listing.functions
    if isinstance(functions, Matrices):
        return ""
    for leaf, factor in gradients(compiled(formula), world, functions).items():
        if leaf.head == "adjoint" and kind == REVERSE:
            above, below = world.row(leaf.args[0]), row
        elif kind == FORWARD and _is_tangent(leaf, world):
            above, below = row, world.row(leaf.args[0])
        else:
            continue
        if above != below and not _belongs(world, above, below, world.listing.finished(factor)):
            what = "adjoint" if leaf.head == "adjoint" else "tangent"
            return f"what stands beside the {what} of {_shown(leaf.args[0])} is not its local partial"
    return ""


def _belongs(world: World, above: str, below: str, factor: Array) -> bool:
    """Whether a factor is ∂above/∂below: the local partial, or the derivative through the rows between."""
    local = world.listing.edges(above).get(below)
    for right in (local, world.listing.adjoints(above)[below]):
        if right is not None and agreement(factor[:-1], right[:-1]) != UNEQUAL:
            return True
    # where every value of the factor at the point is put in as a number, only the point can tell
    return (
        local is not None
        and math.isclose(factor[0], local[0], rel_tol=1e-8, abs_tol=1e-12)
        and bool(np.ptp(factor) == 0)
    )


def in_general(formula: Formula, world: World, kind: str, row: str) -> bool:
    """Whether the rule of a tangent holds along every direction, not only along the one at hand."""
    code = compiled(formula)
    if kind != FORWARD or not any(_is_tangent(leaf, world) for leaf in leaves(code)):
        return True

    right = world.listing.tangents("")[row]
    try:
        found = world.listing.finished(value(code, along_any(world), world.listing.functions), right)
    except MeaninglessError:
        return False
    return found.shape == right.shape and agreement(found[:-1].ravel(), right[:-1].ravel()) == EQUAL


def along_any(world: World) -> World:
    """The world with the tangents along a direction in which no tangent is 0 by chance, in place of the one at hand."""
    return _AlongAny(world)


class _AlongAny(World):
    """Looks the tangents of the direction at hand up along another; all else as in the world that is given."""

    def __init__(self, world: World) -> None:
        self.__dict__.update(world.__dict__)
        self._world = world

    def __call__(self, leaf: Formula) -> Any:
        if _is_tangent(leaf, self._world) and _direction(leaf, self._world) == self._world.direction:
            return self.listing.tangents("")[self._world.row(leaf.args[0])]
        return self._world(leaf)


class AlongSome(_AlongAny):
    """The same, but that tangents which are 0 along the direction at hand stay 0: rules may leave their terms out."""

    def __call__(self, leaf: Formula) -> Any:
        found = super().__call__(leaf)
        return found if not _is_tangent(leaf, self._world) or np.any(self._world(leaf)) else np.zeros_like(found)

    def tangent(self, row: str) -> Any:
        """The right tangent of a row, from those of the rows that it uses."""
        edges = self.listing.edges(row).items()
        terms = [edge * self(Formula("tangent", (name(operand), None))) for operand, edge in edges]
        return sum(terms[1:], terms[0]) if terms else self.listing.tangents("")[row]


def _is_tangent(leaf: Formula, world: World) -> bool:
    if leaf.head == "tangent":
        return True
    return leaf.head == "partial" and leaf.args[1].head == "name" and leaf.args[1].args[0] in world.listing.inputs


def _direction(leaf: Formula, world: World) -> str:
    along = leaf.args[1]
    return world.direction if along is None else str(along.args[0])


def _shown(part: Formula) -> str:
    return str(part.args[0]) if part.head == "name" else "this"
