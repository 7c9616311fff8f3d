"""What proves that a row of a list is the line that it was taken for, though its formula is another one."""

from __future__ import annotations

from collections.abc import Iterator

from tracegen.grading.alignment import Alignment
from tracegen.grading.candidates import value_fits
from tracegen.grading.entries import Entry
from tracegen.grading.meaning import leaves


def unproved(alignment: Alignment) -> Iterator[str]:
    """The rows that are wrong as the line that they were taken for, where nothing says that they are this line.

    What says so is the value beside the row, a right row that uses it, or that it is called as the output. A row that
    uses one which may be another line may be another line itself.
    """
    wrong = [entry for entry in alignment.entries if not entry.right and entry.codes]
    used = {text for entry in alignment.entries if entry.right and entry.line is not None for text in _names(entry)}
    guessed: set[str] = set()
    for entry in wrong:
        if _has_value(alignment, entry) or entry.label in used:
            continue
        if entry.label not in alignment.reference.words.outputs or not guessed.isdisjoint(_names(entry)):
            guessed.add(entry.label)
            yield entry.label


def _has_value(alignment: Alignment, entry: Entry) -> bool:
    return entry.line is not None and value_fits(alignment.reference, entry, entry.line)


def _names(entry: Entry) -> set[str]:
    """The rows that a row uses."""
    return {str(leaf.args[0]) for code in entry.codes for leaf in leaves(code) if leaf.head == "name"}
