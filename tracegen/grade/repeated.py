"""Judges once what stands on several sheets word for word, but for where it stands: rows that all of a class have."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

from tracegen.grade.assign import Assigned
from tracegen.grade.meaning import Array
from tracegen.grade.sheet import Row
from tracegen.grade.verdicts import Judgement
from tracegen.grade.world import World

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


def own_values(values: Mapping[str, Array]) -> bytes:
    """The values of rows in the writer's own world."""
    return b"".join(each[-1].tobytes() for each in values.values())


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
