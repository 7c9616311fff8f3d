"""Tells numbers that are said aside from the rows of a list: a step size, a tolerance, values at another point."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.grading.alignment import Alignment
from tracegen.grading.candidates import value_fits
from tracegen.grading.entries import Entry

FEWEST = 2
"""Steps that another list has to have right, so that it is the one that works the function out."""


def is_aside(entry: Entry, alignment: Alignment) -> bool:
    """Whether a row is a number that a row of its list, which says what the step does, does not have.

    It stands above that row, or it is called as nothing in the problem.
    """
    line, reference = entry.line, alignment.reference
    if line is None or not entry.is_number or value_fits(reference, entry, line):
        return False
    entries = alignment.entries
    twins = [at for at, other in enumerate(entries) if other.line is line and other.right and other.codes]
    above = all(entries.index(entry) < at for at in twins)
    return bool(twins) and (above or entry.label not in reference.words.declared)


def are_asides(alignment: Alignment, alignments: Sequence[Alignment]) -> bool:
    """Whether a list is nothing but numbers that fit no row, beside another list of the problem that is worked out.

    It stands above that list, or its rows are called as nothing in the problem or in that list.
    """
    reference, entries = alignment.reference, alignment.entries
    if not all(entry.is_number for entry in entries):
        return False
    if any(entry.line is not None and value_fits(reference, entry, entry.line) for entry in entries):
        return False
    place = next(at for at, other in enumerate(alignments) if other is alignment)
    for at, other in enumerate(alignments):
        if other is alignment or other.reference is not reference or other.steps_matched < FEWEST:
            continue
        known = reference.words.declared.union(row.label for row in other.entries)
        if place < at or not any(entry.label in known for entry in entries):
            return True
    return False
