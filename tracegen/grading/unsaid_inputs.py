"""Tells which input a numbered name is in a list that begins after the rows of its inputs: v0 and v1 before v2."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_NUMBERED = re.compile(r"([A-Za-z]+)(-?\d+)")


def unsaid_inputs(
    labels: Sequence[str], used: Collection[str], inputs: Sequence[str], declared: Collection[str]
) -> dict[str, str]:
    """The inputs by the names that a list has for them without saying so, in the problem's order.

    Nothing where a row has the name of an input, or where a name that no row has is not one of those just before the
    first row. ``used`` are the names in the formulas, ``declared`` all names of the problem.

    >>> unsaid_inputs(["v2", "v3"], {"v0", "v1", "v2"}, ["x1", "x2"], {"x1", "x2", "y"})
    {'v0': 'x1', 'v1': 'x2'}
    """
    unknown = {text for text in used if text not in labels and text not in declared}
    numbered = [found for label in labels if (found := _NUMBERED.fullmatch(label))]
    if not unknown or not numbered or not set(inputs).isdisjoint((*used, *labels)):
        return {}
    letter = numbered[0][1]
    first = min(int(found[2]) for found in numbered if found[1] == letter)
    before = [f"{letter}{number}" for number in range(first - len(inputs), first)]
    return dict(zip(before, inputs, strict=True)) if unknown.issubset(before) else {}
