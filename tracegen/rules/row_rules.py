"""The formulas of a trace's rows: a line's definition, its tangent, and the contributions to its adjoint."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, reduce

from tracegen.algebra.constructors import mul, negative
from tracegen.algebra.matrix_constructors import plus
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, name, rational, same
from tracegen.notation.profiles import Convention
from tracegen.primitives.rule_formulas import contributions, tangent
from tracegen.rules.adjoint_order import in_order
from tracegen.rules.chain_rule import adjoint_rule, link, tangent_rule, written_sum
from tracegen.rules.closed_adjoints import derivation
from tracegen.rules.local_partials import Partials
from tracegen.rules.matrix_layout import in_rows, with_diagonals
from tracegen.shapes import Shape
from tracegen.wengert.sweep import Adjoints
from tracegen.wengert.wengert_list import ONE, ZERO, Operand

PRODUCTS = frozenset(["mul"])
"""The operations whose rule is the product rule."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a line passes to the adjoint of an operand: ``v̄8 ∂v8/∂v3``, and worked out ``v̄8``."""

    child: int
    chain: Formula
    worked: Formula


@lru_cache(maxsize=16)
def leaf_shapes(evaluation: Evaluation) -> dict[Formula, Shape]:
    """The shape of every name, tangent and adjoint of a list."""
    found: dict[Formula, Shape] = {}
    for place, label in enumerate(evaluation.labels):
        shape = evaluation.wengert.shape(place)
        own = [label] if place >= len(evaluation.wengert.inputs) else [label, name(evaluation.wengert.inputs[place])]
        for called in own:
            for leaf in (called, Formula("adjoint", (called,)), Formula("tangent", (called, None))):
                found[leaf] = shape
    for output, operand in evaluation.wengert.outputs.items():
        found[Formula("adjoint", (name(output),))] = evaluation.wengert.shape(operand)
    return found


@lru_cache(maxsize=16)
def laid_out_shapes(evaluation: Evaluation) -> dict[Formula, Shape]:
    """The shapes of :func:`leaf_shapes` in the layout of the convention, where adjoints may be rows."""
    shapes = leaf_shapes(evaluation)
    if evaluation.convention.layout == "column":
        return shapes
    return {leaf: shape[::-1] if leaf.head == "adjoint" else shape for leaf, shape in shapes.items()}


@lru_cache(maxsize=16)
def symmetric_leaves(evaluation: Evaluation) -> frozenset[Formula]:
    """The names and tangents of the lines that are symmetric matrices."""
    wengert = evaluation.wengert
    labels = [evaluation.labels[place] for place in wengert.symmetric]
    labels += [name(text) for place, text in enumerate(wengert.inputs) if place in wengert.symmetric]
    return frozenset([*labels, *(Formula("tangent", (label, None)) for label in labels)])


def equation(*members: Formula | None) -> Formula:
    """A chain of equations; members that are None or say again what the last one said are left out."""
    kept: list[Formula] = []
    for member in members:
        if member is not None and (not kept or not same(member, kept[-1])):
            kept.append(member)
    return kept[0] if len(kept) == 1 else Formula("equals", tuple(kept))


class Rows:
    """The formulas of one evaluation's rows under its convention.

    A scalar line's rule is put together as the convention wants it; a line with matrices has one way to be written.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self._convention = evaluation.convention
        self._partials = Partials(evaluation)

    def partials(self, place: int) -> dict[Operand, Formula]:
        """The local partials of a scalar line by each line that it uses, in the order of its operands."""
        return self._partials.of(place)

    def used(self, place: int) -> list[Operand]:
        """The lines that a line uses, each once, in the order of its operands."""
        return list(dict.fromkeys(operand for operand in self._evaluation.wengert.line(place).operands if operand >= 0))

    def has_matrices(self, place: int) -> bool:
        """Whether a line has a shape, or an operand that has one."""
        wengert = self._evaluation.wengert
        if not wengert.shapes:
            return False
        return any(wengert.shape(operand) for operand in (place, *wengert.line(place).operands))

    def _output(self, place: int) -> Formula:
        """What a rule calls the output: its name, or what it is made of."""
        return self._evaluation.labels[place] if self.has_matrices(place) else self._partials.output(place)

    def tangent(self, place: int, direction: Formula | None, still: Collection[Operand] = ()) -> Formula:
        """The rule of a line's tangent: the sum of local partial × tangent over its operands.

        ``still`` are the lines whose tangents are 0 and are not written.
        """
        if self.has_matrices(place):
            return self._matrix_tangent(place, direction, still)
        parts = [
            (found, ZERO if operand in still else self._tangent_of(operand, direction))
            for operand, found in self.partials(place).items()
        ]
        line = self._evaluation.wengert.line(place)
        if line.primitive and line.primitive.name in PRODUCTS and self._convention.product_rule == "last":
            parts.reverse()
        partial_first = self._convention.tangent_factor == "partial"
        return tangent_rule(parts, times=partial(_product, partial_first=partial_first, convention=self._convention))

    def _matrix_tangent(self, place: int, direction: Formula | None, still: Collection[Operand]) -> Formula:
        line = self._evaluation.wengert.line(place)
        tangents = [
            ZERO if operand < 0 or operand in still else self._tangent_of(operand, direction)
            for operand in line.operands
        ]
        assert line.primitive is not None
        rule = tangent(line.primitive, *self._arguments(place), tangents, self._shapes(place), self._symmetric(place))
        return self._evaluation.with_names(rule)

    def derivation(self, place: int) -> tuple[Formula, Formula, Formula, Formula]:
        """Why the adjoints of a line with matrices are what they are; see :func:`derivation`."""
        line = self._evaluation.wengert.line(place)
        assert line.primitive is not None
        return derivation(line.primitive, *self._arguments(place), self._shapes(place), self._symmetric(place))

    def _arguments(self, place: int) -> tuple[tuple[Formula, ...], Formula]:
        line = self._evaluation.wengert.line(place)
        return tuple(map(self._evaluation.label, line.operands)), self._output(place)

    def _shapes(self, place: int) -> list[Shape]:
        wengert = self._evaluation.wengert
        return [wengert.shape(operand) for operand in wengert.line(place).operands]

    def _symmetric(self, place: int) -> list[bool]:
        wengert = self._evaluation.wengert
        return [operand in wengert.symmetric for operand in wengert.line(place).operands]

    def _tangent_of(self, place: int, direction: Formula | None) -> Formula:
        """The name of a line's tangent; its number for an input that has no row of its own."""
        evaluation = self._evaluation
        if direction is None or self._convention.inputs != "none" or place >= len(evaluation.wengert.inputs):
            return Formula("tangent", (evaluation.labels[place], direction))
        return ONE if evaluation.labels[place] == direction else ZERO

    def _adjoint_of(self, place: int) -> Formula:
        """The name of a line's adjoint; 1 where that would be ∂f/∂f."""
        return ONE if self.is_the_output(place) else Formula("adjoint", (self._evaluation.labels[place],))

    def is_the_output(self, place: int) -> bool:
        """Whether a line's adjoint would be written ∂f/∂f."""
        return self._convention.adjoint != "bar" and self._evaluation.labels[place].args[0] == self._convention.function

    def contributions(self, place: int, users: Sequence[int]) -> list[Contribution]:
        """The contributions of some lines to a line's adjoint, in the convention's order."""
        labels = self._evaluation.labels
        found = []
        for child in in_order(users, self._convention.adjoint_terms, self._uses_several):
            adjoint = self._adjoint_of(child)
            chain = link(adjoint, labels[child], labels[place])
            found.append(Contribution(child, chain, self._worked(child, place, adjoint)))
        return found

    def _worked(self, child: int, place: int, adjoint: Formula) -> Formula:
        """What a line passes on to the adjoint of one that it uses."""
        if self.has_matrices(child):
            return self._matrix_contribution(child, place, adjoint)
        found = self._partials.by(child, place)
        return _product(found, adjoint, self._convention.adjoint_factor == "partial", self._convention)

    def _matrix_contribution(self, child: int, place: int, adjoint: Formula) -> Formula:
        line = self._evaluation.wengert.line(child)
        assert line.primitive is not None
        found = contributions(
            line.primitive, *self._arguments(child), adjoint, self._shapes(child), self._symmetric(child)
        )
        whole = reduce(plus, [term for term, operand in zip(found, line.operands, strict=True) if operand == place])
        return self.laid_out(self._evaluation.with_names(whole))

    def laid_out(self, formula: Formula) -> Formula:
        """A formula of matrices as the convention lays it out: with diagonal matrices, with adjoints as rows."""
        shapes = leaf_shapes(self._evaluation)
        if self._convention.elementwise == "diagonal":
            formula = with_diagonals(formula, shapes)
        return in_rows(formula, shapes) if self._convention.layout == "row" else formula

    def _uses_several(self, place: int) -> bool:
        return len(self.used(place)) > 1

    def adjoint(self, place: int, swept: Adjoints) -> Formula | None:
        """The sum of contributions to a line's adjoint, as a chain of what the convention shows; None if there are
        none."""
        found = self.arriving(place, swept)
        if not found:
            return None
        chain = adjoint_rule([contribution.chain for contribution in found], plus=written_sum)
        return shown(chain, adjoint_rule([contribution.worked for contribution in found]), self._convention)

    def worked_adjoint(self, place: int, swept: Adjoints) -> Formula:
        """The rule of a line's adjoint, worked out; 0 of a line that passes nothing on."""
        return adjoint_rule([contribution.worked for contribution in self.arriving(place, swept)])

    def arriving(self, place: int, swept: Adjoints) -> list[Contribution]:
        """All that a sweep adds to a line's adjoint, in the convention's order."""
        return self.contributions(place, [arrival.child for arrival in swept.contributions.get(place, [])])


def shown(chain: Formula, worked: Formula, convention: Convention) -> Formula:
    """A rule and the rule worked out, or what the convention shows of the two."""
    if convention.partial in ("worked", "column"):
        return worked
    if convention.partial == "unevaluated":
        return chain
    return equation(chain, worked)


def starting_adjoint(evaluation: Evaluation, output: Formula, place: int, seed: Formula) -> Formula:
    """What the adjoint of an output's line starts with."""
    start = evaluation.convention.adjoint_start
    if start == "value" or seed != ONE or output == evaluation.labels[place]:
        return seed
    if start == "partial" and evaluation.convention.adjoint != "bar":
        return seed  # ∂f/∂v8 = ∂f/∂v8 would say nothing
    if start == "output":
        return Formula("adjoint", (output,))
    return Formula("partial", (output, evaluation.labels[place]))


def starting_tangent(evaluation: Evaluation, place: int) -> Formula | None:
    """What the tangent of an input's line is called, ẋ1, where the convention has a dot."""
    if evaluation.convention.tangent == "fraction" or evaluation.convention.inputs == "none":
        return None
    own = name(evaluation.wengert.inputs[place])
    return None if own == evaluation.labels[place] else Formula("tangent", (own, None))


def _product(partial: Formula, differential: Formula, partial_first: bool, convention: Convention) -> Formula:
    """Local partial × differential as the convention writes it."""
    value = rational(partial)
    if value == 0 or differential in (ZERO, ONE):
        return mul(partial, differential)
    if value is not None and convention.units == "shown" and differential.head == "adjoint":
        return Formula("mul", (differential, partial))
    if partial_first or (convention.numbers == "front" and (value is not None or _has_number_in_front(partial))):
        return mul(partial, differential)
    return _behind(differential, partial, convention)


def _behind(differential: Formula, partial: Formula, convention: Convention) -> Formula:
    """Differential × local partial: the sign in front, a quotient folded or as a factor of its own."""
    sign, size = (True, partial.args[0]) if partial.head == "neg" else (False, partial)
    apart = (size.head == "div" and convention.quotient == "factor") or convention.numbers == "place"
    if not apart or rational(size) == 1:
        product = mul(differential, size)
    else:
        product = reduce(_times, _factors(size), differential)
    return negative(product) if sign else product


def _factors(formula: Formula) -> list[Formula]:
    """The factors of a product, left to right."""
    return [*_factors(formula.args[0]), formula.args[1]] if formula.head == "mul" else [formula]


def _times(a: Formula, b: Formula) -> Formula:
    return Formula("mul", (a, b))


def _has_number_in_front(partial: Formula) -> bool:
    while partial.head in ("mul", "neg"):
        partial = partial.args[0]
    return partial.head == "number"
