"""Judges a matrix that stands alone as the Jacobian of a problem, entry by entry."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from tracegen.formula import Formula
from tracegen.grading.choose import Chooser
from tracegen.grading.meaning import Array, MeaninglessError, compiled, value
from tracegen.grading.members import entry_texts
from tracegen.grading.numbers import figure
from tracegen.grading.reference import Reference
from tracegen.grading.samples import EQUAL, agreement
from tracegen.grading.sheet import Cell, Matrix
from tracegen.grading.slips import name_value_slip
from tracegen.grading.verdicts import FORMULA, RIGHT, SHAPE, SHORTENED, UNREAD, UNSURE, VALUE, WRONG, Judgement
from tracegen.grading.world import World

Entries = Sequence[Sequence[Cell]]


class Jacobian:
    """Judges matrices against the Jacobians of several problems."""

    def __init__(self, references: Sequence[Reference], chooser: Chooser) -> None:
        self._references = references
        self._chooser = chooser

    def judged(self, matrix: Matrix) -> list[Judgement]:
        """The verdicts on a matrix whose shape is that of a Jacobian, or of its transpose.

        None on one that only says at which point the inputs are; one of any other shape is for a person.
        """
        formula = matrix.cell.formula
        assert formula is not None
        if any(_is_point(formula, reference) for reference in self._references):
            return []
        entries = _entries(matrix.cell, formula)
        shape = (len(entries), len(entries[0]))
        for reference in self._references:
            if reference.has_matrices or len({len(row) for row in entries}) != 1:
                continue
            right = (len(reference.outputs), len(reference.problem.inputs))
            if 1 in shape and max(shape) == right[1] and right[0] > 1:
                return self._one_row(reference, [[entry for row in entries for entry in row]])
            straight = list(self._judged(reference, entries)) if shape == right else []
            if straight and (shape[0] != shape[1] or not any(one.verdict == WRONG for one in straight)):
                return straight
            turned = list(self._judged(reference, tuple(zip(*entries, strict=True)))) if shape == right[::-1] else []
            if turned and (not straight or all(one.verdict == RIGHT for one in turned)):
                return turned if 1 in shape else [*turned, _transposed(matrix.cell)]
            if straight:
                return straight
        said = f"a {shape[0]}×{shape[1]} matrix is not the Jacobian of this problem"
        return [Judgement("", "", matrix.cell.line, FORMULA, matrix.cell.text, formula, UNSURE, ("unsure",), said)]

    def _one_row(self, reference: Reference, entries: Entries) -> list[Judgement]:
        """The verdicts on one row of a Jacobian by itself: that of the output which it fits best."""
        found = [list(self._judged(reference, entries, [output])) for output in reference.outputs]
        return min(found, key=lambda judged: sum(one.verdict != RIGHT for one in judged))

    def _judged(self, reference: Reference, entries: Entries, outputs: Sequence[str] = ()) -> Iterator[Judgement]:
        inputs = [entry.name for entry in reference.problem.inputs]
        for output, row in zip(outputs or reference.outputs, entries, strict=True):
            listing = reference.listings[output]
            adjoints = listing.adjoints(listing.outputs[output])
            world = self._chooser.world(reference, listing, output)
            for text, entry in zip(inputs, row, strict=True):
                yield _judged(entry, world, f"∂{output}/∂{text}", adjoints[text])


def _entries(cell: Cell, matrix: Formula) -> Entries:
    """The entries of a matrix, each with its own text, or with that of all where it is not plain where one ends."""
    texts = entry_texts(cell.text)
    if [len(row) for row in texts] != [len(row) for row in matrix.args]:
        texts = [[cell.text] * len(row) for row in matrix.args]
    return [
        [Cell(text, cell.line, (entry,)) for text, entry in zip(own, row, strict=True)]
        for own, row in zip(texts, matrix.args, strict=True)
    ]


def _judged(cell: Cell, world: World, row: str, target: Array) -> Judgement:
    entry = cell.readings[0]
    judged = Judgement("jacobian", row, cell.line, VALUE, cell.text, entry, RIGHT, ("ok",))
    given = figure(entry)
    if world.reference.pointed and not math.isnan(given.value):
        if given.is_number(float(target[0])) or given.is_cut(float(target[0])):
            judged.tags = ("ok", SHORTENED) if given.is_shortened(float(target[0])) else judged.tags
            return judged
        slip = name_value_slip(given, float(target[0]), ())
        judged.verdict, judged.tags, judged.because = WRONG, ("value.slip", *slip.tags), slip.words
        return judged
    if not math.isnan(given.value) and np.ptp(target[:-1]) > 0:
        said = "the problem has no point at which this number could be checked"
        judged.verdict, judged.tags, judged.because = UNSURE, ("unsure",), said
        return judged
    try:
        values = world.listing.finished(value(compiled(entry), world, world.listing.functions))
    except MeaninglessError as error:
        judged.verdict, judged.tags, judged.because = UNREAD, ("unread",), error.message
        return judged
    if agreement(values[:-1], target[:-1]) != EQUAL:
        judged.verdict, judged.tags, judged.because = WRONG, ("formula.wrong",), "this is not the derivative"
    return judged


def _transposed(cell: Cell) -> Judgement:
    said = "the matrix is the transpose of the Jacobian"
    return Judgement("jacobian", "", cell.line, SHAPE, cell.text, cell.formula, WRONG, ("shape.transposed",), said)


def _is_point(matrix: Formula, reference: Reference) -> bool:
    """Whether a matrix only says at which point the inputs are."""
    values = [entry.value for entry in reference.problem.inputs]
    given = [figure(entry).value for row in matrix.args for entry in row]
    return None not in values and given == [figure(value).value for value in values if value is not None]
