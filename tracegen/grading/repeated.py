"""Judges once what stands on several sheets word for word, but for where it stands: rows that all of a class have."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

from tracegen.formula import Formula
from tracegen.grading.assign import Assigned
from tracegen.grading.judge import judge_row
from tracegen.grading.meaning import Array
from tracegen.grading.sheet import Row
from tracegen.grading.tasks import Outcome, Task
from tracegen.grading.verdicts import Judgement
from tracegen.grading.world import World, own_values

Roots = Mapping[tuple[str, str, str], str]


def repeated(
    world: World, rows: Sequence[Assigned], derivatives: Mapping[str, Array], before: Hashable,
    judge: Callable[[], list[Judgement]],
) -> list[Judgement]:  # fmt: skip
    """The verdicts on the rows of a sweep, worked out where no sheet had the same rows in the same world.

    ``derivatives`` are those of the sweep, whose last samples are the writer's own and are set as the sweep leaves
    them; ``before`` is all that the verdicts depend on beside the world and the rows.
    """
    first = rows[0].row.line
    key = ("sweep", before, world.list, own_values(world.listing.values), tuple(_said(one, first) for one in rows))

    def work() -> tuple[list[Judgement], dict[str, Array]]:
        judged = judge()
        return [one.moved(-first) for one in judged], {row: values[-1].copy() for row, values in derivatives.items()}

    judged, own = world.reference.findings.of(key, work)
    for row, value in own.items():
        derivatives[row][-1] = value
    return [one.moved(first) for one in judged]


def judged_once(task: Task, label: Formula | None) -> Outcome:
    """The verdicts on a row of a sweep, worked out where no sheet had it in the same world, with the same own values.

    ``label`` is the one that the row should have, where its own is wrong.
    """
    world, line = task.world, task.row.line
    known = task.root, task.fresh, task.explain is None
    given = task.part, task.kind, task.name, label, known, written(task.row, line)
    key = ("row", given, world.state, world.own, task.target.tobytes(), _bytes(task.increment))
    found = world.reference.findings.of(key, lambda: _moved(judge_row(task), -line))
    return _moved(found, line)


def _bytes(values: Array | None) -> bytes:
    return b"" if values is None else values.tobytes()


def _moved(outcome: Outcome, lines: int) -> Outcome:
    return Outcome([one.moved(lines) for one in outcome.judgements], outcome.value, outcome.root)


def _said(one: Assigned, first: int) -> Hashable:
    """What stands in a row, to the letter, and what it was taken for."""
    taken = one.name, one.direction, one.label, one.unknown, one.called, *map(_items, (one.names, one.symbols))
    return taken, written(one.row, first)


def written(row: Row, first: int) -> Hashable:
    """What stands in a row to the letter, with its lines counted from another."""
    cells = (row.label, *row.members, *row.beside)
    texts = tuple((cell.text, cell.line - first, cell.error) for cell in cells)
    return row.said, texts, len(row.members), row.named


def _items(names: Mapping[str, str]) -> Hashable:
    return tuple(names.items())
