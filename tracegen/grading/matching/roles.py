"""The roles that a field may have, and how well it fits each: the share of its cells that are what the role says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from tracegen.formula import Formula, name, names_in
from tracegen.grading.alignment import Alignment
from tracegen.grading.choose import seed_in
from tracegen.grading.columns import operator_along, said_over
from tracegen.grading.fits import Fit, placed_fit
from tracegen.grading.headings import FORWARD, PRIMAL, REVERSE
from tracegen.grading.matching.fields import Field
from tracegen.grading.meaning import Array, MeaninglessError, formula_of
from tracegen.grading.seeds import direction_of, is_own
from tracegen.grading.sheet import Cell, Heading, Row
from tracegen.grading.world import World

PARTIAL = "partial"

LEAST = 0.5
"""The share of right cells from which on a field has a role: with less, one slip more could give it another one."""

BESIDE = 0.1
"""What the role of the field of rules on the left weighs for a field of values: mostly they are a pair."""

HEADED = 0.1
"""What the words over a field weigh: they decide between roles that fit it alike, and no more."""

TAKEN = -0.05
"""What it weighs that another field has the role already."""


class Role(NamedTuple):
    """What a field gives of each row: its rule or value, its tangent ``of`` an input, its adjoint ``of`` an output,
    or its local partial by the operand with the number ``of``."""

    kind: str
    of: str = ""


def said_by(head: Heading | None, inputs: Collection[str]) -> Role | None:
    """The role that stands over a field, as far as it is said: the kind, and what a derivative is along."""
    if head is None:
        return None
    along = operator_along(head.text)
    if head.formula is not None:
        along = str(head.formula.args[1].args[0])
    elif head.text in inputs:
        along = head.text
    if along in inputs:
        return Role(FORWARD, along)
    kind = said_over(head.text)
    return Role(kind) if kind else None


class Truths:
    """What each role says of each row of a list."""

    def __init__(self, alignment: Alignment) -> None:
        reference, listing = alignment.reference, alignment.listing
        self.inputs = reference.words.inputs
        self._doubted = {entry.label for entry in alignment.entries if not entry.right}
        self._written = {
            entry.label: names_in(formula_of(entry.codes[0])) for entry in alignment.entries if entry.codes
        }
        outputs = alignment.outputs or list(reference.outputs[:1])
        self._worlds = {output: World(reference, listing, output) for output in outputs}
        self._first = self._worlds[outputs[0]]

    def roles(self, seed: str) -> Iterator[Role]:
        """The roles that there are, the usual ones first; ``seed`` is a direction of tangents that is said."""
        yield Role(PRIMAL)
        still = self._first.listing.functions.still
        yield from (
            Role(FORWARD, text)
            for text in self._first.listing.inputs
            if text not in still and text not in self._first.reference.problem.parameters
        )
        if is_own(seed):
            yield Role(FORWARD, seed)
        yield from (Role(REVERSE, output) for output in self._worlds if output in self._first.listing.outputs)
        most = max((len(self._operands(row)) for row in self._first.listing.steps), default=0)
        yield from (Role(PARTIAL, str(place)) for place in range(most))

    def seed(self, field: Field, bases: Sequence[Formula]) -> str:
        """The direction that a field has, if it is one of tangents: what it says of the inputs."""
        rows = [
            Row(cells[0]._replace(readings=(Formula("tangent", (base, None)),)), cells)
            for base, cells in zip(bases, field.cells, strict=True) if cells
        ]  # fmt: skip
        return direction_of(seed_in(rows, self._first))

    def label(self, role: Role, base: Formula, cells: Sequence[Cell]) -> Formula | None:
        """What cells of a role are about, in the row that a label names; None where the row has nothing of the kind.

        The operands of a row may be counted in another order than that of writing: a local partial is by the one that
        it is right for.
        """
        row = self._row(base)
        if row is None or role.kind == PRIMAL:
            return None if row is None else base
        if role.kind == FORWARD:
            return Formula("tangent", (base, name(role.of)))
        if role.kind == REVERSE:
            return Formula("adjoint", (base,))
        operands, place = [] if row in self._doubted else self._operands(row), int(role.of)
        if not operands:
            return None
        own = operands[min(place, len(operands) - 1)]
        labels = [Formula("partial", (base, name(text))) for text in (own, *operands)]
        return max(labels, key=lambda label: self._fit(role, row, label, cells).right)

    def _operands(self, row: str) -> list[str]:
        """What a row rests on, in the order of writing: the writer's, where that has the right rows."""
        listing = self._first.listing
        if row not in listing.steps:
            return []
        still = self._first.reference.problem.parameters
        right = [text for text in names_in(listing.steps[row]) if text not in still]
        own = [text for text in self._written.get(row, ()) if text not in still]
        return own if set(own) == set(right) else right

    def is_right(self, role: Role, base: Formula, cells: Sequence[Cell]) -> bool:
        """Whether cells are what a role says of a row."""
        row, label = self._row(base), self.label(role, base, cells)
        return row is not None and label is not None and self._fit(role, row, label, cells).whole

    def _fit(self, role: Role, row: str, label: Formula, cells: Sequence[Cell]) -> Fit:
        world = self._worlds.get(role.of, self._first)
        world.direction = role.of if role.kind == FORWARD else ""
        world.local_below = role.kind in (REVERSE, PARTIAL)
        target = _target(role, row, label, world)
        if target is None:
            return Fit()
        return placed_fit(Row(cells[0], tuple(cells)), world, target, role.kind, row)

    def _row(self, base: Formula) -> str | None:
        try:
            return self._first.row(base)
        except MeaninglessError:
            return None


def _target(role: Role, row: str, label: Formula, world: World) -> Array | None:
    try:
        if role.kind == PRIMAL:
            return world.listing.values[row]
        if role.kind == FORWARD:
            return world.tangents(role.of)[row]
        if role.kind == REVERSE:
            return world.adjoints()[row]
        return world.listing.finished(world.partial(label))
    except (MeaninglessError, KeyError):
        return None


def shares(field: Field, bases: Sequence[Formula], truths: Truths) -> dict[Role, float]:
    """How well a field fits each role: the share of its rows in which all that stands there is right."""
    filled = [(base, cells) for base, cells in zip(bases, field.cells, strict=True) if cells]
    return {
        role: sum(truths.is_right(role, base, cells) for base, cells in filled) / len(filled)
        for role in truths.roles(truths.seed(field, bases))
    }


def roles_of(fields: Sequence[Field], bases: Sequence[Formula], truths: Truths) -> list[Role | None]:
    """The role of each field; None where none fits it well enough."""
    found: list[Role | None] = []
    fitting = [shares(field, bases, truths) for field in fields]
    for place, field in enumerate(fields):
        before = found[-1] if found and not fields[place - 1].is_of_numbers else None
        after = fitting[place + 1] if place + 1 < len(fields) and fields[place + 1].is_of_numbers else {}
        said = said_by(field.head, truths.inputs)

        def weight(role: Role, own: dict[Role, float] = fitting[place], pair: Role | None = before,
                   values: dict[Role, float] = after, numbers: bool = field.is_of_numbers,
                   head: Role | None = said) -> float:  # fmt: skip
            score = own[role] + TAKEN * (role in found and role != pair)
            score += BESIDE * (role == pair) if numbers else BESIDE * values.get(role, 0.0)
            return score + HEADED * (head is not None and head.kind == role.kind and head.of in ("", role.of))

        best = max(fitting[place], key=weight)
        if fitting[place][best] >= LEAST:
            found.append(best)
        else:
            found.append(before if field.is_of_numbers else None)
    return found
