"""Draws sheets one after another, so that a seed and a number always give the same sheet."""

from __future__ import annotations

import random
from collections.abc import Iterator

from .answers import PRIMAL, Answer, UnfitError, answers_of
from .planting import planted
from .problems import KINDS, Task
from .sheets import Sheet, presentation, written
from .slips import SLIPS
from .writers import SECTIONS, adapted

SHEETS_A_PROBLEM = 20
WRITERS = 2


def sheets_of(seed: int, number: int, slips: tuple[int, int], count: int = SHEETS_A_PROBLEM) -> Iterator[Sheet]:
    """The sheets on the problem of a number."""
    source = random.Random(f"{seed}/{number}")
    task, writers = drawn_writers(source)
    for at in range(count):
        answers = writers[at % len(writers)]
        sheet = _sheet(task, answers, source, source.randint(*slips))
        sheet.ways["list"] = answers[0].made
        yield sheet


def drawn_writers(source: random.Random) -> tuple[Task, list[list[Answer]]]:
    while True:
        kind = source.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0]
        task = kind(source)
        try:
            return task, [answers_of(task, source) for _ in range(WRITERS)]
        except UnfitError:
            continue


def _sheet(task: Task, answers: list[Answer], source: random.Random, slips: int) -> Sheet:
    for _ in range(20):
        ways = presentation(task, answers, source)
        pick = source.randrange(1_000_000)
        own = [adapted(answer, ways, pick) for answer in answers]
        mistaken, names = _with_slips(own, ways, source, slips)
        sheet = written(task, mistaken, ways, source)
        if len(sheet.slips) == len(names):
            return sheet
    ways = presentation(task, answers, source)
    pick = source.randrange(1_000_000)
    return written(task, [adapted(answer, ways, pick) for answer in answers], ways, source)


def _with_slips(
    answers: list[Answer], ways: dict[str, str], source: random.Random, count: int
) -> tuple[list[Answer], list[str]]:
    kinds = {SECTIONS[each] for each in ways["sections"].split(", ")}
    if ways["kinks"] == "on the point's side":
        kinds -= {PRIMAL}  # a slip in the list may lead to the other side
    found = list(answers)
    names: list[str] = []
    for _ in range(count * 12):
        if len(names) == count:
            break
        slip = source.choice(SLIPS)
        if (
            not set(slip.kinds) & kinds
            or (PRIMAL not in kinds and PRIMAL in slip.kinds)
            or (slip.values is not None and ways["chain"] == "rule")
            or not slip.when(ways)
        ):
            continue
        at = source.randrange(len(found))
        changed = planted(found[at], slip, source, answers)
        if changed is not None:
            found[at] = changed
            names.append(slip.name)
    return found, names
