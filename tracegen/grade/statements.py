"""Takes the statement of a problem, y = ln x1 + x1 x2, off a sheet, where the rows that work it out come after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracegen.formula import names_in
from tracegen.grade.judge import judge_row
from tracegen.grade.meaning import MeaninglessError, compiled, value
from tracegen.grade.reference import Reference
from tracegen.grade.samples import EQUAL, agreement
from tracegen.grade.sheet import Item, Row, Submission
from tracegen.grade.tasks import Task
from tracegen.grade.verdicts import Judgement
from tracegen.grade.world import World

FEWEST = 2
"""Rows that have to come after a statement; else it is the answer."""


def without_statements(submission: Submission, references: Sequence[Reference]) -> tuple[Submission, list[Judgement]]:
    """A sheet without the rows that only state the function of a problem, and the verdicts on these."""
    names = frozenset(["f"]).union(*(reference.outputs for reference in references))
    judged: list[Judgement] = []
    taken: set[int] = set()
    for place, item in enumerate(submission.items):
        if not isinstance(item, Row) or item.key[0] not in names:
            continue
        world = _stated(item, submission.items[place + 1 :], references)
        if world is None:
            continue
        taken.add(place)
        target = world.listing.values[world.output_row()]
        judged += judge_row(Task(f"{world.output}/primal", item, world.output, "primal", target, world)).judgements
    if not taken:
        return submission, judged
    kept = (item for place, item in enumerate(submission.items) if place not in taken)
    return replace(submission, items=tuple(kept)), judged


def _stated(row: Row, later: Sequence[Item], references: Sequence[Reference]) -> World | None:
    """The world of the output that a row states; None where it is a row like others."""
    label = row.label.formula
    if label is None or label.head != "name" or not row.members or not row.members[0].readings:
        return None
    text = str(label.args[0])
    for reference in references:
        used = set(names_in(row.members[0].readings[0]))
        named = text in reference.words.outputs or (len(reference.outputs) == 1 and text == "f")
        if not named or not used or not used <= reference.inputs.keys() or not _is_worked_out(text, later, reference):
            continue
        for output in reference.outputs:
            if _is_equal(row, reference, output):
                return World(reference, reference.listings[output], output)
    return None


def _is_worked_out(text: str, later: Sequence[Item], reference: Reference) -> bool:
    """Whether rows come after a statement that do not rest on it."""
    steps = 0
    for item in later:
        label = item.label.formula if isinstance(item, Row) else None
        if not isinstance(item, Row) or label is None or label.head != "name":
            continue
        if label.args[0] == text:
            return True
        used = [names_in(reading) for cell in item.members for reading in cell.readings[:1]]
        if any(text in names for names in used):
            return False
        steps += bool(used and used[0]) and label.args[0] not in reference.words.outputs
    return steps >= FEWEST


def _is_equal(row: Row, reference: Reference, output: str) -> bool:
    listing = reference.listings[output]
    target = listing.values[listing.outputs[output]]
    try:
        code = compiled(row.members[0].readings[0])
        found = listing.finished(value(code, listing.look_up, listing.functions))
    except (MeaninglessError, ValueError):
        return False
    return found.shape == target.shape and agreement(found[:-1].ravel(), target[:-1].ravel()) == EQUAL
