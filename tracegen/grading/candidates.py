"""The lines of the reference that a row may stand for when its formula says none of them: what speaks for each."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping, Sequence, Sized

import numpy as np

from tracegen.grading.entries import Entry, Names
from tracegen.grading.meaning import LEAF, NUMBER, Array, Code, MeaninglessError, Op, value
from tracegen.grading.reference import PoolLine, Reference
from tracegen.grading.samples import same_as

CANDIDATES = 6
"""Lines that are tried for a row that matches none."""

MOST_NAMES = 200
"""Rows before a row that are tried in its formula, beside the inputs: the work on a long list is bounded."""


def value_fits(reference: Reference, entry: Entry, line: PoolLine) -> bool:
    """Whether the number beside a row is about the value of a line."""
    if entry.number is None or not reference.pointed or line.values[0].size != 1:
        return False
    right = float(line.values[0].flat[0])
    given = entry.number
    near = abs(given.value - right) <= 1e-3 * max(abs(right), 1e-2)
    return near or given.is_number(right) or given.is_cut(right) or given.is_about(right, 3 * given.open)


class Lines:
    """Weighs the lines of a reference for the rows of one list. ``claimed`` says which rows have which lines."""

    def __init__(
        self, reference: Reference, entries: Sequence[Entry], names: Names, claimed: Mapping[tuple[str, int], str]
    ) -> None:
        self._reference = reference
        self._entries = entries
        self._names = names
        self._claimed = claimed
        self._places = {id(entry): place for place, entry in enumerate(entries)}
        self._placed: list[int] = []
        self.counts: Counter[str] = Counter()
        self.steps: Counter[str] = Counter()

    def has_placed(self, entry: Entry) -> None:
        """Take note that a row has its line: ``counts`` has how many have one, by output, ``steps`` those of steps."""
        assert entry.line is not None
        insort(self._placed, self._places[id(entry)])
        self.counts[entry.line.output] += 1
        if not self.is_input(entry.line):
            self.steps[entry.line.output] += 1

    def is_input(self, line: PoolLine) -> bool:
        return line.place < len(self._reference.inputs)

    def is_output(self, line: PoolLine) -> bool:
        listing = self._reference.listings[line.output]
        return listing.outputs[line.output] == line.label

    def candidates(self, entry: Entry, own: tuple[Code, Array] | None, waiting: Sized) -> list[tuple[float, PoolLine]]:
        """Lines that a row may stand for, each with what speaks for it: value, place, a change of one name."""
        near = self._repairable(own[0]) if own is not None and not self._reference.has_matrices else frozenset()
        following = self._following(entry)
        scored = []
        for at, line in enumerate(self._reference.pool):
            claimed = self._claimed.get((line.output, line.place))
            prior = 0.0
            if claimed is not None and claimed != entry.label:
                prior -= 2.5
            if own is not None and own[1].shape != line.values.shape:
                prior -= 2.0
            if self.value_fits(entry, line):
                prior += 3.0
            if at in near:
                prior += 2.0
            if line is following:
                prior += 1.5
            if line.label == entry.label:
                prior += 2.5 if self._reference.has_matrices else 1.0
            if not waiting and claimed is None and self.is_output(line) and self._may_be_last(entry, own, line):
                prior += 4.0
            if prior > 0.9:
                scored.append((prior, line))
        scored.sort(key=lambda pair: -pair[0])
        return scored[:CANDIDATES]

    def _may_be_last(self, entry: Entry, own: tuple[Code, Array] | None, line: PoolLine) -> bool:
        """Whether the last row of a list may be an output because it is the last. One with a name of its own is none
        where it is a number alone, η = 0.1, or has another shape, δ = (z − t) ⊙ (1 − z ⊙ z), which is a derivative."""
        if entry.label in self._reference.words.declared or entry.label[-1:].isdigit():
            return True
        return not self._is_a_number_alone(entry) and (own is None or own[1].shape == line.values.shape)

    def _is_a_number_alone(self, entry: Entry) -> bool:
        """Whether a row says nothing but a number of a name of the writer's own: its place says nothing then."""
        if entry.codes or entry.label[-1:].isdigit():
            return False
        return entry.label not in self._reference.words.declared

    def value_fits(self, entry: Entry, line: PoolLine) -> bool:
        """Whether the number beside a row is about the value of a line; to its digits where it is all that is said."""
        if not value_fits(self._reference, entry, line):
            return False
        if entry.number is None or not self._is_a_number_alone(entry):
            return True
        return entry.number.is_number(float(line.values[0].flat[0]))

    def _following(self, entry: Entry) -> PoolLine | None:
        """The line after that of the row before."""
        at = self._places[id(entry)]
        following = bisect_left(self._placed, at)
        before = self._entries[self._placed[following - 1]].line if following else None
        after = self._entries[self._placed[following]].line if following < len(self._placed) else None
        pool = self._reference.pool
        if before is not None:
            return next(
                (line for line in pool if line.output == before.output and line.place == before.place + 1), None
            )
        if after is not None:
            return next((line for line in pool if line.output == after.output and line.place == after.place - 1), None)
        if self._is_a_number_alone(entry):
            return None
        at += len(self._reference.inputs) if any(len(code) > 1 for code in entry.codes) else 0
        return pool[at] if at < len(pool) else None

    def _repairable(self, code: Code) -> frozenset[int]:
        """The lines of the pool that a formula would be with one name changed."""
        if len(code) == 1:
            return frozenset()
        rows = list(self._names.env.values())
        inputs = len(self._reference.inputs)
        known = np.array([*rows[:inputs], *rows[max(inputs, len(rows) - MOST_NAMES) :]])[:, None, :]
        found: set[int] = set()
        for place, op in enumerate(code):
            if op.kind != LEAF:
                continue
            tried = (*code[:place], Op(NUMBER, known), *code[place + 1 :])
            try:
                values = value(tried, self._names, self._reference.functions)
            except MeaninglessError:
                continue
            fits = same_as(values[..., :-1], self._reference.stacked[None, :, :-1])
            found.update(np.nonzero(fits.any(axis=0))[0].tolist())
        return frozenset(found)
