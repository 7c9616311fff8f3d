"""Looks for the smallest change that makes a formula right: a name, a sign, an operation, a number, a factor."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Any

import numpy as np

from tracegen.formula import Formula
from tracegen.grading import sides
from tracegen.grading.editing import begins, sign_changes, starts, swapped, with_part
from tracegen.grading.factors import factors_of
from tracegen.grading.leaves import alternatives, family, mentioned, name_slip, names_of, names_of_rows, renamed, shown
from tracegen.grading.lookalikes import look_alike, misread_numbers
from tracegen.grading.matrices import Matrices
from tracegen.grading.meaning import (
    FUNCTION,
    LEAF,
    NUMBER,
    Array,
    Code,
    MeaninglessError,
    Op,
    compiled,
    formula_of,
    leaves,
    leaves_room,
    value,
)  # fmt: skip
from tracegen.grading.samples import EQUAL, agreement, plainly_differ, same_as
from tracegen.grading.terms import signed_terms
from tracegen.grading.world import World

Fits = Callable[[Any], bool]

MOST = 12
"""Changes with the right values that are looked at, where some are not accepted."""

MOST_TERMS = 8
"""Terms of the right rule of which one or two are tried as left out."""

LONGEST = 60
"""Formulas with more steps are not repaired: the work is bounded."""

LONGEST_WITH_ROOM = 20
"""The same where zeros are of no size that is known, so that every change has to be tried in many ways."""


@dataclass(frozen=True, slots=True)
class Repair:
    """A change that makes a formula right: the formula then, the tag of the slip, and the change in words."""

    formula: Formula
    slip: str
    words: str


def smallest(
    code: Code, world: World, target: Array, accepted: Fits = lambda formula: True, rule: Formula | None = None
) -> Repair | None:
    """The smallest change that gives a formula the values wanted, and that is accepted; or None.

    ``rule`` is the right rule: where a term or a factor is left out, those of the rule are tried first, and a change
    that brings in rows which neither it nor the formula names is taken only where there is no other.
    """
    if len(code) > (LONGEST_WITH_ROOM if leaves_room(code) else LONGEST):
        return None
    tried = islice(_Search(code, world, target, rule).found(), MOST)
    first: Repair | None = None
    known = set() if rule is None else mentioned(leaves(code)) | mentioned(leaves(compiled(rule)))
    for repair in tried:
        if not accepted(repair.formula):
            continue
        if rule is None or known >= mentioned(leaves(compiled(repair.formula))):
            return repair
        first = first or repair
    return first


class _Search:
    def __init__(self, code: Code, world: World, target: Array, rule: Formula | None) -> None:
        self._code = code
        self._rule = rule
        self._world = world
        self._functions = world.listing.functions
        self._target = target
        self._known: dict[Formula, Array] = {}
        self._matrices = isinstance(self._functions, Matrices)

    def found(self) -> Iterator[Repair]:
        """The changes that do it, the likeliest first."""
        if self._matrices:
            yield from self._close_names()
        alike, others = self._names()
        yield from alike
        yield from self._signs()
        yield from others
        yield from self._renamed()
        if self._matrices:
            yield from (Repair(formula_of(code), *said) for code, *said in sides.found(self._code) if self._fits(code))
        yield from self._left_out()
        yield from self._numbers()
        yield from self._terms()
        yield from self._factors()
        yield from self._operations()
        yield from self._functions_swapped()
        yield from self._degrees()

    def _look_up(self, leaf: Formula) -> Array:
        """What a leaf means; in a search the same ones are asked for again and again."""
        known = self._known.get(leaf)
        if known is None:
            known = self._known[leaf] = self._world(leaf)
        return known

    def _fits(self, code: Sequence[Op]) -> bool:
        try:
            found = value(code, self._look_up, self._functions)
            found = self._world.listing.finished(found, self._target)
        except (MeaninglessError, ValueError):
            return False
        return _same(found, self._target)

    def _names(self) -> tuple[list[Repair], list[Repair]]:
        """One name changed: to those that look alike, and to others."""
        alike: list[Repair] = []
        others: list[Repair] = []
        for place, op in enumerate(self._code):
            if op.kind != LEAF:
                continue
            for leaf in self._fitting(place, op.what):
                changed = (*self._code[:place], Op(LEAF, leaf), *self._code[place + 1 :])
                slip, words, close = name_slip(op.what, leaf)
                (alike if close else others).append(Repair(formula_of(changed), slip, words))
        return alike, others

    def _alternatives(self, leaf: Formula) -> list[Formula]:
        world = self._world
        return world.reference.findings.of(("alternatives", world.list, leaf), lambda: alternatives(leaf, world))

    def _close_names(self) -> Iterator[Repair]:
        """Names that look alike, and local partials upside down, before all others are tried one by one."""
        for place, op in enumerate(self._code):
            for leaf in self._alternatives(op.what) if op.kind == LEAF else ():
                slip, words, close = name_slip(op.what, leaf)
                changed = (*self._code[:place], Op(LEAF, leaf), *self._code[place + 1 :])
                if close and self._fits(changed):
                    yield Repair(formula_of(changed), slip, words)

    def _fitting(self, place: int, leaf: Formula) -> list[Formula]:
        """The leaves that do it in place of another; all are tried at once where they are numbers."""
        world = self._world
        if self._matrices:
            return [
                other for other in self._alternatives(leaf)
                if self._fits((*self._code[:place], Op(LEAF, other), *self._code[place + 1 :]))
            ]  # fmt: skip
        like = family(leaf)
        known, stack = world.reference.findings.of(("stack", type(world), world.state, like), lambda: self._stack(like))
        if not known:
            return []
        try:
            values = value(
                (*self._code[:place], Op(NUMBER, stack), *self._code[place + 1 :]), self._look_up, self._functions
            )
        except MeaninglessError:
            return []
        right = np.broadcast_to(self._target[:-1], stack[:, :-1].shape)
        fits = same_as(right, np.broadcast_to(values, stack.shape)[:, :-1])
        return [other for other, fit in zip(known, fits, strict=True) if fit and other != leaf]

    def _stack(self, leaf: Formula) -> tuple[list[Formula], Array]:
        """What may stand in place of a leaf, and the values, one under the other; the last sample is of no use.

        The same for all leaves of a family, and looked up by it.
        """
        known, values = [], []
        for other in self._alternatives(leaf):
            try:
                values.append(self._world.listing.finished(self._look_up(other)))
            except MeaninglessError:
                continue
            known.append(other)
        return known, np.array(values)

    def _renamed(self) -> Iterator[Repair]:
        """One name changed wherever it stands, where that is more than once."""
        names = Counter(text for leaf in leaves(self._code) for text in names_of(leaf))
        rows = names_of_rows(self._world)
        for text in (text for text, count in names.items() if count > 1):
            for other in sorted(rows, key=lambda other: not look_alike(text, other)):
                if other == text:
                    continue
                changed = [Op(LEAF, renamed(op.what, {text: other})) if op.kind == LEAF else op for op in self._code]
                if self._fits(changed):
                    slip = "slip.misread" if look_alike(text, other) else "slip.wrong-symbol"
                    yield Repair(formula_of(changed), slip, f"reads as {text}; {other} would be right")

    def _signs(self) -> Iterator[Repair]:
        for changed in sign_changes(self._code):
            if self._fits(changed):
                yield Repair(formula_of(changed), "slip.sign", "a sign is wrong")

    def _left_out(self) -> Iterator[Repair]:
        """One term of the right rule left out: half of the product rule, a contribution."""
        terms = signed_terms(self._rule)[:MOST_TERMS] if self._rule is not None else []
        groups = [group for size in (1, 2) if size < len(terms) for group in combinations(terms, size)]
        for group in groups:
            formula = formula_of(self._code)
            for term, negative in group:
                formula = Formula("sub" if negative else "add", (formula, term))
            if self._fits(compiled(formula)):
                words = " and ".join(shown(term) for term, _ in group)
                yield Repair(formula, "slip.left-out", f"{words} {'is' if len(group) == 1 else 'are'} left out")

    def _operations(self) -> Iterator[Repair]:
        for place, op in enumerate(self._code):
            if op.arity != 2 or op.what not in _OPERATIONS:
                continue
            if op.what in ("sub", "div", "pow"):
                changed = swapped(self._code, place)
                if self._fits(changed):
                    yield Repair(formula_of(changed), "slip.order", "the operands stand the wrong way round")
            for other in _OPERATIONS:
                changed = (*self._code[:place], op._replace(what=other), *self._code[place + 1 :])
                if (op.what, other) == ("mul", "div") and not self._fits(changed):
                    changed = swapped(changed, place)
                if other != op.what and self._fits(changed):
                    yield Repair(
                        formula_of(changed),
                        "slip.operation",
                        f"{_SIGNS[op.what]} stands where {_SIGNS[other]} is meant",
                    )

    def _functions_swapped(self) -> Iterator[Repair]:
        for place, op in enumerate(self._code):
            if op.kind != FUNCTION or op.arity != 1 or op.what in ("neg", "transpose"):
                continue
            for other in _FUNCTIONS:
                if other == op.what:
                    continue
                for tail in ((), (Op(FUNCTION, "neg", 1),)):
                    changed = (*self._code[:place], op._replace(what=other), *tail, *self._code[place + 1 :])
                    if self._fits(changed):
                        yield Repair(
                            formula_of(changed),
                            "slip.function",
                            f"{op.what} stands where {'−' if tail else ''}{other} is meant",
                        )
        yield from self._applied()

    def _applied(self) -> Iterator[Repair]:
        """A function left out: v0·v6 for sin(v6), or an application written as a product."""
        for place, op in enumerate(self._code):
            if op.kind != LEAF or op.what.head != "name":
                continue
            for function in _FUNCTIONS:
                changed = (*self._code[: place + 1], Op(FUNCTION, function, 1), *self._code[place + 1 :])
                if self._fits(changed):
                    yield Repair(formula_of(changed), "slip.function", f"{function} is left out")

    def _numbers(self) -> Iterator[Repair]:
        for place, op in enumerate(self._code):
            if op.kind != NUMBER or not isinstance(op.what, float):
                continue
            text = str(int(op.what)) if op.what == int(op.what) else repr(op.what)
            tried = [*misread_numbers(text), *(str(whole) for whole in range(13)), "0.5"]
            for other in dict.fromkeys(tried):
                changed = (*self._code[:place], Op(NUMBER, float(other)), *self._code[place + 1 :])
                if float(other) != op.what and self._fits(changed):
                    slip = "slip.misread" if other in misread_numbers(text) else "slip.number"
                    yield Repair(formula_of(changed), slip, f"reads as {text}; {other} would be right")

    def _terms(self) -> Iterator[Repair]:
        """A term or a factor too many."""
        for place, op in enumerate(self._code):
            if op.arity != 2 or op.what not in ("add", "sub", "mul", "div", "hadamard", "matmul"):
                continue
            first, second = starts(self._code, place)
            left, right = self._code[first:second], self._code[second:place]
            for kept in (left, right):
                changed = (*self._code[:first], *kept, *self._code[place + 1 :])
                if self._fits(changed):
                    extra = formula_of(right if kept is left else left)
                    sum_ = op.what in ("add", "sub")
                    slip = (
                        ("slip.phantom" if _has_derivative(extra) else "slip.extra-term")
                        if sum_
                        else "slip.extra-factor"
                    )
                    yield Repair(
                        formula_of(changed), slip, f"a {'term' if sum_ else 'factor'} stands here that does not belong"
                    )

    def _factors(self) -> Iterator[Repair]:
        """A factor that is left out, anywhere: a row, an adjoint, a tangent, a whole number."""
        if self._matrices:
            return
        known = [(formula, values) for formula, values in factors_of(self._world, self._rule)]
        stack = np.array([self._world.listing.finished(values) for _, values in known])
        for place in range(len(self._code)):
            for how in ("mul", "div"):
                tried = (*self._code[: place + 1], Op(NUMBER, stack), Op(FUNCTION, how, 2), *self._code[place + 1 :])
                try:
                    values = np.broadcast_to(value(tried, self._look_up, self._functions), stack.shape)
                except (MeaninglessError, ValueError):
                    continue
                fits = same_as(np.broadcast_to(self._target[:-1], stack[:, :-1].shape), values[:, :-1])
                for (formula, _), fit in zip(known, fits, strict=True):
                    if fit and (repair := self._with_factor(place, formula, how)):
                        yield repair

    def _with_factor(self, place: int, factor: Formula, how: str) -> Repair | None:
        first = begins(self._code, place)
        part = formula_of(self._code[first : place + 1])
        if how == "div" and part == factor:
            return None
        product = Formula("mul", (factor, part)) if how == "mul" else Formula("div", (part, factor))
        formula = with_part(self._code, first, place, product)
        if factor.head == "number":
            return Repair(formula, "slip.factor", "the factor of the power rule, or another number, is left out")
        return Repair(formula, "slip.factor", "a factor is left out")

    def _degrees(self) -> Iterator[Repair]:
        for place, op in enumerate(self._code):
            if op.what in ("sin", "cos", "tan"):
                changed = (*self._code[:place], Op(NUMBER, math.pi / 180), Op(FUNCTION, "mul", 2), *self._code[place:])
                if self._fits(changed):
                    yield Repair(formula_of(self._code), "slip.degrees", "degrees were taken for radians")


_OPERATIONS = ("add", "sub", "mul", "div", "pow")
_SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "÷", "pow": "a power"}
_FUNCTIONS = ("sin", "cos", "exp", "log", "tan", "sqrt", "square", "reciprocal", "tanh", "sinh", "cosh")


def _same(values: Array, target: Array) -> bool:
    if values.shape != target.shape or plainly_differ(values, target):
        return False
    return agreement(values[:-1].ravel(), target[:-1].ravel()) == EQUAL


def _has_derivative(formula: Formula) -> bool:
    return any(leaf.head != "name" for leaf in leaves(compiled(formula)))
