"""Completes a list that ends before the output of its problem, so that there is always one to judge derivatives in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tracegen.grading.alignment import Alignment
from tracegen.grading.meaning import MeaninglessError
from tracegen.grading.restating import in_names


def completed(alignments: Sequence[Alignment]) -> list[Alignment]:
    """The lists of a sheet; where none of a problem's has an output, the longest of them has the row that it lacks.

    That row is the reference's, in the writer's names. It is no row of the sheet, so nothing is said of it.
    """
    found = list(alignments)
    reached = {id(each.reference) for each in found if each.outputs}
    for reference in {id(each.reference): each.reference for each in found}.values():
        if id(reference) in reached:
            continue
        places = [place for place, each in enumerate(found) if each.reference is reference]
        longest = max(places, key=lambda place: found[place].steps_matched)
        if found[longest].steps_matched:
            found[longest] = _with_output(found[longest])
    return found


def _with_output(alignment: Alignment) -> Alignment:
    """A list with the output that most of its rows are steps of; as it is, where that is called as another row."""
    reference = alignment.reference
    lines = [entry.line for entry in alignment.entries if entry.right and entry.line is not None]
    counts = Counter(line.output for line in lines if line.place >= len(reference.inputs))
    output = counts.most_common(1)[0][0]
    right = reference.listings[output]
    target = right.values[right.outputs[output]]
    end = next(line for line in reference.pool if line.output == output and line.values is target)
    if alignment.listing.row(output) is not None:
        return alignment
    listing = alignment.listing.so_far()
    try:
        listing.add(output, in_names(reference, end, listing), target)
    except MeaninglessError:
        return alignment
    listing.outputs[output] = output
    return replace(alignment, listing=listing, outputs=[output])
