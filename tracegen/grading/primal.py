"""Judges the rows of a primal list, and puts the writer's own values into the list's last sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from tracegen.formula import Formula, name
from tracegen.grading.alignment import Alignment
from tracegen.grading.asides import is_aside
from tracegen.grading.entries import Entry
from tracegen.grading.fits import names_itself, placed_fit
from tracegen.grading.judge import all_right, judge_row
from tracegen.grading.lookalikes import look_alike
from tracegen.grading.meaning import LEAF, Array, Code, MeaninglessError, compiled, leaves, value
from tracegen.grading.repeated import written
from tracegen.grading.restating import in_names
from tracegen.grading.rules import shown_name
from tracegen.grading.sheet import Cell, key_of
from tracegen.grading.sweeps import Roots
from tracegen.grading.tasks import Task
from tracegen.grading.verdicts import EXTRA, FORMULA, LABEL, VALUE, WRONG, Judgement, unsure
from tracegen.grading.world import World

PRIMAL = "primal"


ASIDE = "another row says what this step is; a number at another point or for another use is not counted"

MOST_NAMES = 2
"""The rows that may stand for one line by its name only: that of an input, and one that says how it is called."""


def judge_primal(alignment: Alignment, roots: Roots) -> list[Judgement]:
    """The verdicts on a primal list. ``roots`` takes up the rows whose own values are not right."""
    return _Primal(alignment, roots).judge()


class _Primal:
    def __init__(self, alignment: Alignment, roots: Roots) -> None:
        self._alignment = alignment
        self._listing = alignment.listing
        self._roots = roots
        self._scalar = not alignment.reference.has_matrices
        self._carries = alignment.reference.carries
        outputs = alignment.outputs or sorted({entry.line.output for entry in alignment.entries if entry.line})
        self._part = f"{'+'.join(outputs)}/primal" if outputs else "primal"
        self._world = World(alignment.reference, alignment.listing, outputs[0] if outputs else "")

    def judge(self) -> list[Judgement]:
        """The verdicts, worked out where no sheet had the same list to the letter."""
        values = self._listing.values
        if self._carries:
            values.update({row: right.copy() for row, right in values.items()})
        first = self._alignment.entries[0].row.line if self._alignment.entries else 0
        rows = tuple((entry.label, written(entry.row, first)) for entry in self._alignment.entries)
        key = ("primal", self._part, tuple(values), rows)

        def work() -> tuple[list[Judgement], dict[str, Array], Roots]:
            judged = [one.moved(-first) for one in self._in_turn()]
            return judged, {row: own[-1].copy() for row, own in values.items()}, dict(self._roots)

        judged, own, roots = self._alignment.reference.findings.of(key, work)
        self._roots.update(roots)
        for row in values if self._carries else ():
            values[row][-1] = own[row]
        self._listing.forget()
        return [one.moved(first) for one in judged]

    def _in_turn(self) -> list[Judgement]:
        """The verdicts on the rows, each judged after those that it uses."""
        listing = self._listing
        found: dict[int, list[Judgement]] = {}
        ordered = {row: at for at, row in enumerate(listing.values)}
        entries = sorted(self._alignment.entries, key=lambda entry: ordered.get(self._row(entry), -1))
        for entry in entries:
            found[id(entry)] = self._one(entry)
        return [judged for entry in self._alignment.entries for judged in found[id(entry)]]

    def _row(self, entry: Entry) -> str:
        return self._listing.also.get(entry.label, entry.label)

    def _one(self, entry: Entry) -> list[Judgement]:
        if entry.values is None or (entry.line is None and not entry.right):
            return self._extra(entry)
        if is_aside(entry, self._alignment):
            return self._extra(entry, ASIDE)
        if id(entry) in self._renamed_again:
            return self._extra(entry, "the row has another name already; it is not counted again")
        row = self._row(entry)
        target = np.array(entry.values)
        rule = self._rule(entry)
        uses = self._uses(rule)
        if self._carries:
            target[-1] = self._in_own_world(rule, target)
        root = next((self._roots[PRIMAL, "", text] for text in uses if (PRIMAL, "", text) in self._roots), None)
        given = entry.row.label
        if entry.mislabelled:
            entry = replace(entry, row=entry.row.called(name(entry.label)))
        if self._is_plainly_right(entry, target):
            outcome = all_right(self._part, entry.label, entry.row, target, root)
        else:
            outcome = judge_row(
                Task(
                    self._part, entry.row, entry.label, PRIMAL, target, self._world, lambda: rule, root,
                    own=entry.line is None, others=lambda: self._others(entry),
                )
            )  # fmt: skip
        if entry.mislabelled:
            outcome.judgements = _with_wrong_label(outcome.judgements, given, entry, self._part)
        if self._carries and row in self._listing.values:
            self._listing.values[row][-1] = outcome.value
        if outcome.root is not None:
            self._roots[PRIMAL, "", row] = outcome.root
        return outcome.judgements

    def _is_plainly_right(self, entry: Entry, target: Array) -> bool:
        """Whether all cells of a row are right, in exact numbers and without second readings."""
        row = entry.row
        if entry.line is None or names_itself(row):
            return False
        found = placed_fit(row, self._world, target, PRIMAL, entry.label)
        return found.whole and found.exact and found.count == len(row.members) + len(row.beside)

    @cached_property
    def _renamed_again(self) -> set[int]:
        """The rows that only give another name to a row that has one already besides its own: v5 = v4, v6 = v5."""
        names: Counter[tuple[str, int]] = Counter()
        found = set()
        for entry in self._alignment.entries:
            if entry.line is None or not entry.codes or not all(_is_name(code) for code in entry.codes):
                continue
            line = entry.line.output, entry.line.place
            names[line] += 1
            if names[line] > MOST_NAMES:
                found.add(id(entry))
        return found

    def _extra(
        self, entry: Entry, why: str = "this row is no step of the function; it is not counted"
    ) -> list[Judgement]:
        """A row that is no step of the function, and that nothing rests on, or one that was said already."""
        cells = [
            (LABEL, entry.row.label),
            *((FORMULA, cell) for cell in entry.row.members),
            *((VALUE, cell) for cell in entry.row.beside),
        ]
        return [
            Judgement(self._part, entry.label, cell.line, kind, cell.text, cell.formula, *_unplaced(cell.error, why))
            for kind, cell in cells
        ]  # fmt: skip

    def _rule(self, entry: Entry) -> Formula:
        """The right formula in the writer's names."""
        row = self._row(entry)
        if row in self._listing.inputs:
            return name(row)
        if row != entry.label:
            return shown_name(self._listing, row)
        if entry.line is None or row in self._listing.steps:
            return self._listing.definition(row)
        return in_names(self._alignment.reference, entry.line, self._listing)

    def _uses(self, rule: Formula) -> list[str]:
        return [
            self._listing.also.get(leaf.args[0], leaf.args[0]) for leaf in leaves(compiled(rule)) if leaf.head == "name"
        ]

    def _in_own_world(self, rule: Formula, target: Array) -> Array:
        try:
            meant = value(compiled(rule), self._listing.look_up, self._listing.functions)
            found = self._listing.finished(meant, target)
        except MeaninglessError:
            return target[0]
        return found[-1] if found.shape == target.shape else target[0]

    def _others(self, entry: Entry) -> Sequence[tuple[str, float]]:
        if not self._scalar:
            return []
        return [
            (other.label, float(other.values[0]))
            for other in self._alignment.entries
            if other is not entry and other.values is not None
        ]


def _with_wrong_label(judged: Sequence[Judgement], given: Cell, entry: Entry, part: str) -> list[Judgement]:
    """The cells of a row that is meant to have another label; a slip only where not its users alone say so."""
    right = entry.label
    tags = ("label.slip", "slip.misread" if look_alike(key_of(given.formula)[0], right) else "slip.label")
    said = f"other rows call this row {right}"
    label = Judgement(part, right, given.line, LABEL, given.text, given.formula, WRONG, tags, said, name(right))
    if not entry.likely:
        label = unsure(label, said)
    return [label, *(one for one in judged if one.cell != LABEL)]


def _is_name(code: Code) -> bool:
    return len(code) == 1 and code[0].kind == LEAF


def _unplaced(error: str, why: str) -> tuple[str, tuple[str, ...], str]:
    if error:
        return "unread", ("unread",), error
    return EXTRA, ("extra",), why
