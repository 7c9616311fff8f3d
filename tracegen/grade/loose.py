"""Joins values that stand on their own lines to the rows that they belong to, and says where it guessed."""

from __future__ import annotations

from tracegen.formula import names_in
from tracegen.grade.sheet import Heading, Item, Loose, Row


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
    block = _block_before(done)
    bare = [place for place in block if not _has_value(done[place])]
    if block and len(run) == 1 and len(block) >= 1:
        places = block[-1:]
    elif len(run) == len(block):
        places = block
    elif len(run) == len(bare):
        places = bare
    elif len(run) == len(_unbeside(done, block)):
        places = _unbeside(done, block)
    else:
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


def _unbeside(done: list[Item], block: list[int]) -> list[int]:
    return [place for place in block if isinstance(row := done[place], Row) and not row.beside]


def _has_value(item: Item) -> bool:
    if not isinstance(item, Row):
        return True
    last = item.members[-1] if item.members else None
    return bool(item.beside) or (last is not None and last.formula is not None and not names_in(last.formula))
