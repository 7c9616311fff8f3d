"""Joins values that stand on their own lines to the rows that they belong to, and says where it guessed."""

from __future__ import annotations

from tracegen.grading.sheet import Heading, Item, Loose, Row


def joined(items: list[Item]) -> tuple[list[Item], list[str]]:
    """The items with loose values beside their rows, and notes on what was guessed.

    One value is that of the row before it. A column of as many values as there are rows before it, or rows without
    a value, is theirs, in order. Any other stays loose.
    """
    done: list[Item] = []
    notes: list[str] = []
    index = 0
    while index < len(items):
        run = _run(items, index)
        if not run:
            done.append(items[index])
            index += 1
            continue
        index += len(run)
        if not _join(done, run, notes):
            done.extend(run)
    return done, notes


def _run(items: list[Item], index: int) -> list[Loose]:
    """The loose values from an index on."""
    run: list[Loose] = []
    while index + len(run) < len(items):
        item = items[index + len(run)]
        if not isinstance(item, Loose):
            break
        run.append(item)
    return run


def _join(done: list[Item], run: list[Loose], notes: list[str]) -> bool:
    places = _places(done, len(run))
    if not places:
        return False
    for place, loose in zip(places, run, strict=True):
        row = done[place]
        assert isinstance(row, Row)
        done[place] = Row(row.label, row.members, (*row.beside, loose.cell), True, row.named)
    if len(run) > 1:
        first = run[0].cell.line
        notes.append(f"line {first}: a column of {len(run)} values was taken for those of the rows before it (guessed)")
    return True


def _block_before(done: list[Item]) -> list[int]:
    """The places of the rows since the last heading that is words."""
    places: list[int] = []
    for place in range(len(done) - 1, -1, -1):
        item = done[place]
        if isinstance(item, Row):
            places.append(place)
        elif places or not (isinstance(item, Heading) and item.formula is not None):
            break
    return places[::-1]


def _places(done: list[Item], count: int) -> list[int]:
    """The places of the rows that so many values are those of; none where that can't be told."""
    block = _block_before(done)
    if count == 1:
        return block[-1:]
    rows = [(place, row) for place in block if isinstance(row := done[place], Row)]
    bare = [place for place, row in rows if not row.said.has_value]
    alone = [place for place, row in rows if not row.beside]
    return next((places for places in (block, bare, alone) if len(places) == count), [])
