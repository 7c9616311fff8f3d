"""Tells what stands behind the rule and the value of a row: columns that may have another meaning than one more.

A table may have local derivatives, slopes or a second seed behind the values, under a head that says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.formula import ATOMS, children
from tracegen.grading.verdicts import CARRIED, FORMULA, LABEL, RIGHT, WRONG, Judgement

FEWEST = 2
"""Numbers of a field that do not fit from which on they may be meant otherwise; a single one is a slip."""


def behind_all(judged: Sequence[Judgement], fields: Sequence[Sequence[int]]) -> set[int]:
    """The places of cells that may belong to another column than those of the rows' rules and values."""
    numbered, ruled = _behind(judged)
    found = {place for place in ruled if judged[place].cell == FORMULA and _has_names(judged[place])}
    for places in fields:
        numbers = [place for place in places if place in numbered and not _has_names(judged[place])]
        misfits = sum(judged[place].verdict in (CARRIED, WRONG) for place in numbers)
        if misfits >= FEWEST and len(numbers) * 2 > len(places):
            found.update(numbers)
    return found


def _behind(judged: Sequence[Judgement]) -> tuple[set[int], set[int]]:
    """The cells behind a right number of their row, and those that are behind a right rule and then a right number."""
    numbered, ruled = set[int](), set[int]()
    row, has_rule, has_number, both = ("", "", -1), False, False, False
    for place, one in enumerate(judged):
        if (one.part, one.row, one.line) != row or one.cell == LABEL:
            row, has_rule, has_number, both = (one.part, one.row, one.line), False, False, False
        if has_number:
            numbered.add(place)
        if both:
            ruled.add(place)
        if one.verdict == RIGHT:
            is_rule = _has_names(one)
            has_rule, has_number = has_rule or is_rule, has_number or not is_rule
            both = both or (has_rule and not is_rule)
    return numbered, ruled


def _has_names(one: Judgement) -> bool:
    """Whether a cell has a name in it; the first one decides."""
    waiting = [] if one.reading is None else [one.reading]
    while waiting:
        node = waiting.pop()
        if node.head == "name":
            return True
        if node.head not in ATOMS:
            waiting.extend(children(node))
    return False
