"""Finds rows of a primal list that may carry the label of another row: a label stands twice, or one is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from tracegen.grading.sheet import Row

OtherLabel = tuple[int, str, bool]
"""The place of a row, what it may be called, and whether that is likely in itself."""

MOST = 4
"""Other labels that are tried for the rows of one list."""

LONGEST = 300
"""Rows of a list up to which its labels are doubted: for each other label the whole list is gone through."""

_NUMBERED = re.compile(r"([A-Za-z]+)(-?\d+)")


def other_labels(
    rows: Sequence[Row], declared: Collection[str], elsewhere: Collection[str] = ()
) -> tuple[OtherLabel, ...]:
    """The places of rows whose label may be a slip, each with what it may be called, the likeliest first.

    A label is doubted where it stands twice, or where no formula uses it; the other one has to be nobody's, and has to
    be used in a formula or ``elsewhere``, in the labels of derivatives, unless the label stands twice. What comes last
    says whether the other label is likely in itself: it goes on from that of the row before, or the label stands twice.
    ``declared`` are the problem's own names.
    """
    labels = [row.key[0] for row in rows]
    counts = Counter(labels)
    used = set[str]().union(*(row.said.names for row in rows))
    missing = [text for text in sorted(used.union(elsewhere)) if text not in counts and text not in declared]
    if (not missing and len(counts) == len(labels)) or len(rows) > LONGEST:
        return ()
    doubted = [
        place
        for place, label in enumerate(labels)
        if label not in declared and (counts[label] > 1 or label not in used)
    ]
    found: dict[tuple[int, str], bool] = {}
    for place in doubted:
        after = _following(labels, place)
        if after and after not in counts and (after in missing or counts[labels[place]] > 1):
            found[place, after] = True
    unsaid = [text for text in missing if text in used]
    for place in doubted if len(unsaid) == 1 else ():
        again = counts[labels[place]] > 1
        if again or (place < len(labels) - 1 and labels[place] not in elsewhere and not _is_in_turn(labels, place)):
            found.setdefault((place, unsaid[0]), again)
    return tuple((place, text, likely) for (place, text), likely in found.items())[:MOST]


def _is_in_turn(labels: Sequence[str], place: int) -> bool:
    """Whether a label goes on from that of the row before, or leads to the one after."""
    return labels[place] == _following(labels, place) or _following(labels, place + 1) in labels[place + 1 : place + 2]


def _following(labels: Sequence[str], place: int) -> str:
    """The label that goes on from the row before, or leads to the row after where there is none before."""
    step = 1 if place else -1
    beside = _NUMBERED.fullmatch(labels[place - step]) if 0 <= place - step < len(labels) else None
    return f"{beside[1]}{int(beside[2]) + step}" if beside else ""
