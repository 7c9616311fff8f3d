"""Takes the statement of a problem, y = ln x1 + x1 x2, off a sheet, where other rows work it out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from tracegen.formula import ATOMS, name, names_in, postorder
from tracegen.grading.judge import judge_row
from tracegen.grading.labelling import is_application
from tracegen.grading.meaning import MeaninglessError, compiled, value
from tracegen.grading.reference import Reference
from tracegen.grading.samples import EQUAL, agreement
from tracegen.grading.sheet import Cell, Item, Row, Submission
from tracegen.grading.tasks import Task
from tracegen.grading.verdicts import FORMULA, UNREAD, Judgement
from tracegen.grading.world import World

FEWEST = 2
"""Rows that have to come after a statement; else it is the answer."""


def without_statements(submission: Submission, references: Sequence[Reference]) -> tuple[Submission, list[Judgement]]:
    """A sheet without the rows that only state the function of a problem, and the verdicts on these."""
    names = frozenset(["f"]).union(*(reference.outputs for reference in references))
    submission = _without_applications(submission, references)
    judged: list[Judgement] = []
    taken: set[int] = set()
    for place, item in enumerate(submission.items):
        if not isinstance(item, Row) or item.key[0] not in names:
            continue
        if _is_unread_title(item, submission.items[place + 1 :]):
            taken.add(place)
            judged += [Judgement("", "", cell.line, FORMULA, cell.text, None, UNREAD, ("unread",), cell.error)
                       for cell in item.members]  # fmt: skip
            continue
        world = _stated(item, submission.items[:place], submission.items[place + 1 :], references)
        if world is None:
            continue
        taken.add(place)
        target = world.listing.values[world.output_row()]
        judged += judge_row(Task(f"{world.output}/primal", item, world.output, "primal", target, world)).judgements
    if not taken:
        return submission, judged
    kept = (item for place, item in enumerate(submission.items) if place not in taken)
    return replace(submission, items=tuple(kept)), judged


def _without_applications(submission: Submission, references: Sequence[Reference]) -> Submission:
    """A sheet without the members that only name the function: f(a, b) in y = f(a, b) = a b + b."""
    inputs = frozenset[str]().union(*(reference.inputs for reference in references))
    labels = {item.key[0] for item in submission.items if isinstance(item, Row)}
    known = labels.union(inputs, *(reference.problem.steps for reference in references))
    items: list[Item] = []
    for item in submission.items:
        if isinstance(item, Row):
            members = tuple(cell for cell in item.members if not _names_function(cell, inputs, known))
            item = replace(item, members=members) if 0 < len(members) < len(item.members) else item
        items.append(item)
    return replace(submission, items=tuple(items))


def _names_function(cell: Cell, inputs: Collection[str], known: Collection[str]) -> bool:
    """Whether a member is a letter that is nobody's row before a bracket with nothing but inputs in it."""
    formula = cell.formula
    if formula is None or formula.head != "mul" or formula.args[0].head != "name" or formula.args[0].args[0] in known:
        return False
    in_bracket = is_application(formula) or (formula.args[1].head == "name" and cell.text.rstrip().endswith(")"))
    names = names_in(formula.args[1])
    return in_bracket and bool(names) and set(names) <= set(inputs)


def _is_unread_title(row: Row, later: Sequence[Item]) -> bool:
    """Whether nothing of a row can be read, and a row that can has its label: it is a title with words in it."""
    if not row.members or any(cell.readings for cell in (*row.members, *row.beside)):
        return False
    again = (item for item in later if isinstance(item, Row) and item.key == row.key)
    return any(cell.readings for item in again for cell in item.members)


def _stated(row: Row, before: Sequence[Item], later: Sequence[Item], references: Sequence[Reference]) -> World | None:
    """The world of the output that a row states; None where it is a row like others."""
    label = row.label.formula
    if label is None or label.head != "name" or not row.members or not row.members[0].readings:
        return None
    text = str(label.args[0])
    for reference in references:
        used = set(names_in(row.members[0].readings[0]))
        named = text in reference.words.outputs or (len(reference.outputs) == 1 and text == "f")
        known = _known(reference, named_steps=_is_said_otherwise(row, later))
        if not named or not used or not used <= known:
            continue
        if not _is_worked_out(text, later, reference) and not _is_worked_out_before(row, before, reference):
            continue
        for output in reference.outputs:
            if _is_equal(row, reference, output):
                return World(reference, reference.listings[output], output)
    return None


def _known(reference: Reference, *, named_steps: bool) -> set[str]:
    """The names that a statement may have in it: inputs, and steps that the problem names."""
    return {*reference.inputs, *(reference.problem.steps if named_steps else ())}


def _is_said_otherwise(row: Row, later: Sequence[Item]) -> bool:
    """Whether a row that comes later says by other steps what a row says: L = |a − t|²/2 + k d, then L = c + k d."""
    rows = (item for item in later if isinstance(item, Row) and item.key == row.key and item.members)
    return any(item.members[0].readings and item.said.names - row.said.names for item in rows)


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
        if used and used[0] and any(cell.formula == name(text) for cell in item.members[1:]):
            return steps + 1 >= FEWEST  # v4 = cos v3 = y says which row the output is
        if any(text in names for names in used):
            return False
        steps += bool(used and used[0]) and label.args[0] not in reference.words.outputs
    return steps >= FEWEST


def _is_worked_out_before(row: Row, before: Sequence[Item], reference: Reference) -> bool:
    """Whether rows come before a statement of more than one operation on which it does not rest."""
    reading = row.members[0].readings[0]
    if sum(node.head not in ATOMS for node in postorder(reading)) < FEWEST:
        return False
    steps = [item for item in before if isinstance(item, Row)]
    steps = [item for item in steps if item.label.formula == name(item.key[0]) and item.key[0] not in reference.inputs]
    own = {item.key[0] for item in steps}
    return sum(bool(item.said.names) for item in steps) >= FEWEST and not row.said.names & own


def _is_equal(row: Row, reference: Reference, output: str) -> bool:
    listing = reference.listings[output]
    target = listing.values[listing.outputs[output]]
    try:
        code = compiled(row.members[0].readings[0])
        found = listing.finished(value(code, listing.look_up, listing.functions))
    except (MeaninglessError, ValueError):
        return False
    return found.shape == target.shape and agreement(found[:-1].ravel(), target[:-1].ravel()) == EQUAL
