"""Judges the rows of a sheet's sweeps in the order of the sweep, so that values are carried from row to row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import combinations
from typing import Any

import numpy as np

from tracegen.formula import Formula
from tracegen.grading.assign import Assigned
from tracegen.grading.choose import target_of
from tracegen.grading.fits import names_itself, placed_fit
from tracegen.grading.headings import FORWARD, REVERSE
from tracegen.grading.judge import all_right, relabelled
from tracegen.grading.kinks import tied
from tracegen.grading.leaves import names_of, renamed
from tracegen.grading.listings import pulled
from tracegen.grading.meaning import Array, compiled, leaves
from tracegen.grading.numbers import Figure, figure
from tracegen.grading.repeated import judged_once, repeated
from tracegen.grading.rules import adjoint_rule, shown_name, tangent_rule
from tracegen.grading.samples import right_values
from tracegen.grading.sheet import Cell, Row, is_undirected
from tracegen.grading.tasks import Outcome, Task
from tracegen.grading.verdicts import CARRIED, FORMULA, LABEL, RIGHT, VALUE, WRONG, Judgement, unsure
from tracegen.grading.world import World

Roots = dict[tuple[str, str, str], str]
"""The slip on which a value rests, by kind, direction and row; values that are right are not in it."""

MOST_CHILDREN = 8

PASTED_FROM = 3
"""Values from which on a column can be seen to be pasted."""


AT_TIE = "the point lies at a kink, where any slope between those of its sides is a derivative"
OTHER_SEED = "this may be along a direction of the writer's own, which a person has to look at"


class Sweeps:
    """Judges the derivatives of one world. ``roots`` has those of the primal rows to begin with."""

    def __init__(self, world: World, roots: Roots, part: str) -> None:
        self._world = world
        self._listing = world.listing
        self._roots = roots
        self._given = tuple(roots.items())
        self._part = part
        self._scalar = not world.reference.has_matrices
        self._carries = world.reference.carries

    def forward(self, rows: Sequence[Assigned]) -> list[Judgement]:
        """The tangents, direction by direction."""
        judged: list[Judgement] = []
        for direction in dict.fromkeys(one.direction for one in rows):
            along = [one for one in rows if one.direction == direction]
            before = FORWARD, self._part, direction, self._given
            work = partial(self._along, direction, along)
            judged += repeated(self._world, along, self._world.tangents(direction), before, work)
        return judged

    def _along(self, direction: str, rows: Sequence[Assigned]) -> list[Judgement]:
        world, judged = self._world, []
        world.direction, world.local_below = direction, False
        tangents = world.tangents(direction)
        part = f"{self._part}/forward/{direction}" if direction else f"{self._part}/forward"
        if all(map(self._is_plain, rows)):
            return [cell for one in rows for cell in self._plain(one, part, tangents[one.name], None).judgements]
        for row in self._listing.values:
            if self._carries and row in self._listing.steps:
                tangents[row][-1] = world.push(row, tangents)
            uses = list(self._listing.edges(row))
            root = self._root(FORWARD, direction, uses, [*uses, row])
            self._set(FORWARD, direction, row, root)
            for one in rows:
                if one.name == row:
                    rule = partial(tangent_rule, self._listing, row, direction)
                    fresh = self._is_fresh(tangents, uses)
                    outcome = self._judge(one, part, FORWARD, tangents[row], rule, root, fresh)
                    self._take(outcome, tangents[row], FORWARD, direction, row)
                    judged += outcome.judgements
        self._mark_pasted(judged, direction)
        return self._without_other_seeds(judged, rows)

    def _without_other_seeds(self, judged: list[Judgement], rows: Sequence[Assigned]) -> list[Judgement]:
        """The same where tangents along no direction that they say, and that follow from a seed of their own, (1, 1),
        are unsure: they may be along that."""
        part = judged[0].part if judged else ""
        undirected = {
            shown_name(self._listing, one.name).args[0]
            for one in rows
            if one.name in self._listing.inputs and (label := one.row.label.formula) and is_undirected(label)
        }
        seeds = {
            f"{part} {one.row}"
            for one in judged
            if one.verdict == WRONG and one.row in undirected and "slip.pasted" not in one.tags
        }
        followed = {one.root for one in judged if one.verdict == CARRIED} & seeds
        return [
            unsure(one, OTHER_SEED)
            if one.root in followed or (one.verdict == WRONG and f"{part} {one.row}" in followed)
            else one
            for one in judged
        ]

    def _mark_pasted(self, judged: Sequence[Judgement], direction: str) -> None:
        """Values that are all those along another input are one slip: the column was pasted from another seed."""
        values = [one for one in judged if one.cell == VALUE and one.reading is not None]
        wrong = [one for one in values if one.verdict == WRONG]
        if not self._scalar or len(wrong) < 2 or len(values) < PASTED_FROM:
            return
        for other in self._listing.inputs:
            tangents = self._world.tangents(other)
            numbers = [float(tangents[self._listing.row(one.row) or one.row][0]) for one in values]
            fits = [
                _is_pasted(figure(one.reading), number)
                for one, number in zip(values, numbers, strict=True)
                if one.reading
            ]
            if other != direction and all(fits):
                for one in wrong:
                    one.slip, one.tags = f"{one.part} pasted", (*one.tags, "slip.pasted")
                    one.because = f"the column is that of another seed: along {other}"

    def reverse(self, rows: Sequence[Assigned]) -> list[Judgement]:
        """The adjoints, from the output to the inputs."""
        before = REVERSE, self._part, self._given
        if not rows:
            return []
        return repeated(self._world, rows, self._world.adjoints(), before, partial(self._downwards, rows))

    def _downwards(self, rows: Sequence[Assigned]) -> list[Judgement]:
        world, judged = self._world, []
        world.local_below = True
        adjoints = world.adjoints()
        output, part = world.output_row(), f"{self._part}/reverse"
        if all(map(self._is_plain, rows)):
            return [cell for one in rows for cell in self._plain(one, part, adjoints[one.name], None).judgements]
        for row in [*reversed(list(self._listing.steps)), *self._listing.inputs]:
            if self._carries:
                adjoints[row][-1] = world.pull(row, adjoints, float(row == output))
            children = self._listing.contributions(row)
            root = self._root(
                REVERSE,
                "",
                list(children),
                [*children, row, *(op for child in children for op in self._listing.edges(child))],
            )
            self._set(REVERSE, "", row, root)
            own = [one for one in rows if one.name == row]
            judged += self._row(own, row, part, root)
        return judged

    def _row(self, rows: Sequence[Assigned], row: str, part: str, root: str | None) -> list[Judgement]:
        """The rows of one adjoint: one that has the sum, or several that add it up."""
        judged: list[Judgement] = []
        adjoints = self._world.adjoints()
        total = adjoints[row]
        rule = partial(adjoint_rule, self._listing, row, self._world.output_row())
        targets = [total] * len(rows)
        if len(rows) > 1:
            rows, targets = self._in_order(rows, row, total)
        before = np.zeros_like(total)
        for one, target in zip(rows, targets, strict=True):
            self._stand_at(row, before if _uses_itself(one, self._world, row) else total, total)
            kept = rule if target is total else None
            fresh = self._is_fresh(adjoints, self._listing.contributions(row))
            increment = target - before if _uses_itself(one, self._world, row) else None
            outcome = self._judge(one, part, REVERSE, target, kept, root, fresh, increment)
            for cell in outcome.judgements:
                cell.step = _step(target, targets, total)
            judged += outcome.judgements
            self._stand_at(row, total, total)
            before = target.copy()
            self._take(outcome, before if target is not total else total, REVERSE, "", row)
        return judged

    def _stand_at(self, row: str, so_far: Array, total: Array) -> None:
        """Let the adjoint of a row be what is summed up so far, for a row of the sheet that adds to it."""
        self._world.adjoints()[row] = so_far
        self._world.so_far = b"" if so_far is total else right_values(so_far)

    def _in_order(self, rows: Sequence[Assigned], row: str, total: Array) -> tuple[Sequence[Assigned], list[Array]]:
        """The rows of one adjoint as they were executed, down the page or up, with what each stands for."""
        down, right_down = self._partial_sums(rows, row, total)
        if right_down == sum(one.fit.count for one in rows):
            return rows, down
        up, right_up = self._partial_sums(rows[::-1], row, total)
        return (rows[::-1], up) if right_up > right_down else (rows, down)

    def _partial_sums(self, rows: Sequence[Assigned], row: str, total: Array) -> tuple[list[Array], int]:
        """What each of several rows of one adjoint stands for: contributions summed so far, the last one all."""
        adjoints = self._world.adjoints()
        contributions = [pulled(edge, adjoints[child]) for child, edge in self._listing.contributions(row).items()]
        sums = _subset_sums(contributions)
        targets: list[Array] = []
        before, right = np.zeros_like(total), 0
        for at, one in enumerate(rows):
            self._world.called, self._world.symbols = one.called, one.symbols
            adds = _uses_itself(one, self._world, row)
            self._stand_at(row, before if adds else total, total)
            fits = partial(placed_fit, one.row, self._world, kind=REVERSE, name=row)
            options = [total, *sums] if at == len(rows) - 1 else [*sums, total]
            scored = [
                (fits(target=target).right + (fits(target=target - before).right if adds else 0), -place, target)
                for place, target in enumerate(options)
            ]
            best = max(scored, key=lambda score: score[:2])
            chosen = best[2] if best[0] else total
            if at == len(rows) - 1 and next(score for score, _, target in scored if target is total) >= best[0]:
                chosen = total
            right += fits(target=chosen).right
            self._stand_at(row, total, total)
            targets.append(total if _equal(chosen, total) else chosen)
            before = chosen
        return targets, right

    def _judge(
        self,
        one: Assigned,
        part: str,
        kind: str,
        target: Array,
        rule: Callable[[], Formula] | None,
        root: str | None,
        fresh: bool,
        increment: Array | None = None,
    ) -> Outcome:
        if self._is_plain(one):
            return self._plain(one, part, target, root)
        row = _with_names(one.row, one.names) if one.names else one.row
        if one.label is not None:
            row = row.called(one.label)
        label = self._label(one, part, kind)
        self._world.called, self._world.symbols = one.called, one.symbols
        task = Task(
            part, row, str(shown_name(self._listing, one.name).args[0]), kind, target, self._world, rule, root, fresh,
            label=label, others=partial(self._others, kind, one), increment=increment,
        )  # fmt: skip
        outcome = judged_once(task, one.label)
        if self._is_at_tie(one.name, kind):
            outcome.judgements = [
                unsure(judged, AT_TIE) if judged.verdict == WRONG else judged for judged in outcome.judgements
            ]
        if one.names:
            outcome.judgements = [_as_renamed(judged, one, place) for place, judged in enumerate(outcome.judgements)]
        return outcome

    @cached_property
    def _tied(self) -> list[str]:
        """The rows whose derivative is any between two at the point."""
        return tied(self._listing) if self._world.reference.pointed else []

    def _is_at_tie(self, row: str, kind: str) -> bool:
        """Whether a derivative of a row goes through a kink at which the point lies."""
        if kind == FORWARD:
            return any(row == step or self._listing.depends(row, step) for step in self._tied)
        return any(row != step and self._listing.depends(step, row) for step in self._tied)

    def _is_plain(self, one: Assigned) -> bool:
        """Whether everything in a row is right, and nothing has to be worked out to say so."""
        return one.exact and not one.names and one.label is None and not _uses_itself(one, self._world, one.name)

    def _plain(self, one: Assigned, part: str, target: Array, root: str | None) -> Outcome:
        return all_right(part, str(shown_name(self._listing, one.name).args[0]), one.row, target, root)

    def _label(self, one: Assigned, part: str, kind: str) -> Judgement:
        cell = one.row.label
        name = str(shown_name(self._listing, one.name).args[0])
        right = Judgement(part, name, cell.line, LABEL, cell.text, cell.formula, RIGHT, ("ok",))
        if one.label is None:
            return right
        said = "the rule and the value are those of another derivative"
        if target_of(one.row, self._world, kind, one.direction) is None:
            return unsure(right, f"no row is called so; {said}")
        return relabelled(right, said, one.label, ("label.slip", "slip.label"))

    def _others(self, kind: str, one: Assigned) -> list[tuple[str, float]]:
        """Right values of other cells, by which a swap or a column of another seed shows."""
        if not self._scalar:
            return []
        if kind == REVERSE:
            return [
                (f"the adjoint of {row}", float(values[0]))
                for row, values in self._world.adjoints().items()
                if row != one.name
            ]
        found = []
        for direction in self._listing.inputs:
            tangents = self._world.tangents(direction)
            if direction != one.direction:
                found.append((f"the same row along {direction}", float(tangents[one.name][0])))
        tangents = self._world.tangents(one.direction)
        return found + [
            (f"the tangent of {row}", float(values[0])) for row, values in tangents.items() if row != one.name
        ]

    def _is_fresh(self, derivatives: Mapping[str, Array], uses: Iterable[str]) -> bool:
        """Whether a derivative that a row uses is, in the writer's world, neither 0 nor 1 where the true one is not."""
        if not self._scalar:
            return True
        used = [derivatives[row] for row in uses]
        return not any(float(values[-1]) in (0.0, 1.0) and float(values[0]) not in (0.0, 1.0) for values in used)

    def _root(self, kind: str, direction: str, uses: Iterable[str], primal: Iterable[str]) -> str | None:
        """The first slip that the values used rest on."""
        for row in uses:
            if (kind, direction, row) in self._roots:
                return self._roots[kind, direction, row]
        for row in primal:
            if ("primal", "", row) in self._roots:
                return self._roots["primal", "", row]
        return None

    def _set(self, kind: str, direction: str, row: str, root: str | None) -> None:
        if root is not None:
            self._roots[kind, direction, row] = root

    def _take(self, outcome: Outcome, values: Array, kind: str, direction: str, row: str) -> None:
        """Let the writer's own value be that of the row from here on."""
        if self._carries:
            values[-1] = outcome.value
        if outcome.root is None:
            self._roots.pop((kind, direction, row), None)
        else:
            self._roots[kind, direction, row] = outcome.root


def _is_pasted(given: Figure, number: float) -> bool:
    return given.is_number(number) or given.is_about(number, 3 * given.open)


def _step(target: Array, targets: Sequence[Array], total: Array) -> int:
    """The number of a row among those that add up an adjoint, from 1; 0 of one that has the whole sum."""
    return 0 if target is total else 1 + next(at for at, other in enumerate(targets) if other is target)


def _subset_sums(terms: Sequence[Array]) -> list[Array]:
    """The sums of some but not all of a few terms, single ones first."""
    chosen = terms[:MOST_CHILDREN]
    return [sum(group[1:], group[0]) for size in range(1, len(chosen)) for group in combinations(chosen, size)]


def _equal(a: Array, b: Array) -> bool:
    return a is b or bool(np.allclose(a[:-1], b[:-1], rtol=1e-12, atol=0, equal_nan=True))


def _uses_itself(one: Assigned, world: World, row: str) -> bool:
    """Whether a row adds to its own label: v̄0 = v̄0 + …, but for that of the output, which nothing is added to."""
    label = one.row.label.formula
    if row == world.output_row() and not world.listing.contributions(row):
        return False
    if label is None or (label.head == "adjoint" and world.listing.row(str(label.args[0].args[0])) != row):
        return False
    return names_itself(one.row)


def _with_names(row: Row, names: Any) -> Row:
    """A row with other names in its formulas."""

    def changed(cell: Cell) -> Cell:
        return cell._replace(readings=tuple(renamed(reading, names) for reading in cell.readings))

    return replace(row, members=tuple(map(changed, row.members)), beside=tuple(map(changed, row.beside)))


def _as_renamed(judged: Judgement, one: Assigned, place: int) -> Judgement:
    """A cell that is right under a renaming: wrong where a name in it is misread, all such cells through one slip."""
    cells = [one.row.label, *one.row.members, *one.row.beside]
    original = cells[place].formula if place < len(cells) else None
    if original is None or judged.verdict != RIGHT or judged.cell not in (LABEL, FORMULA):
        return judged
    changed = renamed(original, one.names)
    if changed == original:
        return judged
    said = ", ".join(f"{old} as {new}" for old, new in one.names.items() if old in _names(original))
    kind = "label.slip" if judged.cell == LABEL else "formula.slip"
    return replace(
        judged, reading=original, verdict=WRONG, tags=(kind, "slip.misread", "slip.renaming"), repair=changed,
        because=f"right with one renaming through all these rows: {said}",
        slip=f"{judged.part} {sorted(one.names.items())}",
    )  # fmt: skip


def _names(formula: Formula) -> list[str]:
    return [text for leaf in leaves(compiled(formula)) for text in names_of(leaf)]
