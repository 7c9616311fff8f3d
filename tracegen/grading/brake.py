"""Takes back accusations for which the reading may be at fault and not the writer: judgements in, judgements out.

It never makes a cell wrong. What is taken back is unsure, with one sentence, and a person looks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

from tracegen.formula import names_in, postorder
from tracegen.grading.behind import behind_all
from tracegen.grading.blocks import Block
from tracegen.grading.verdicts import CARRIED, FORMULA, RIGHT, UNREAD, VALUE, WRONG, Judgement, unsure

FEWEST = 2
"""Wrong cells from which on a field can be one that was misread."""

MOSTLY_WRONG = "most of what stands here in these rows would be wrong; it may be read otherwise than it is meant"
GUESSED = "it rests on {}, which could not be read"
COINCIDENT = "right at this point; whether it is meant otherwise can't be told"
RESTATED = "this restates the problem, which says otherwise"
DOUBTED = "{} stands otherwise in the list; whether this follows from it can't be told"
HALF_READ = "another member of this chain could not be read"
FOLLOWS = "it rests on {}, which a person has to look at"
TURNED = "it is right but for a transpose, as every derivative here; derivatives may be rows on this sheet"
HELPER = "only derivatives rest on it; it may be one itself"
OTHER_COLUMN = "it stands behind what the row is and is worth; what is meant by it can't be told"
BESIDE = "it belongs to a formula that a person has to look at"

_Row = tuple[str, str, int]

Second = Callable[[Judgement], str]
"""Another reading of a sheet: why a cell that is wrong may be right by it; empty where it is wrong by both."""


def no_second(_: Judgement) -> str:
    return ""


def braked(
    judged: Sequence[Judgement], blocks: Iterable[Block], inputs: Collection[str], second: Second = no_second
) -> list[Judgement]:
    """The judgements in their order, with accusations that do not stand on their own turned into ``unsure``.

    ``blocks`` are those of the sheet: a field of cells ends where another one begins. ``inputs`` are the problem's.
    ``second`` says why a cell may be right by another reading of the sheet.
    """
    if not any(one.verdict == WRONG for one in judged):
        return list(judged)
    guessed, doubted = _guessed(judged), _doubted(judged)
    halves = {_row(one) for one in judged if one.cell == FORMULA and one.verdict == UNREAD}
    starts = sorted({block.rows[0].line for block in blocks if block.rows})
    fields = _fields(judged, starts)
    helpers = _helpers(judged)
    reasons = dict.fromkeys(
        (place for places in fields if _is_misread([judged[at] for at in places]) for place in places), MOSTLY_WRONG
    )
    reasons |= dict.fromkeys(behind_all(judged, fields), OTHER_COLUMN)
    reasons |= dict.fromkeys(
        (place for place, one in enumerate(judged) if _is_primal(one) and one.row in helpers), HELPER
    )
    reasons |= dict.fromkeys(_turned(judged), TURNED)
    for place, one in enumerate(judged):
        said = second(one) if one.verdict == WRONG and place not in reasons else ""
        if said:
            reasons[place] = said
    found = [
        one
        if one.verdict != WRONG
        else unsure(one, reasons[place])
        if place in reasons
        else _alone(one, guessed, doubted, halves, inputs)
        for place, one in enumerate(judged)
    ]
    return _without_followers(judged, found)


def _guessed(judged: Iterable[Judgement]) -> set[str]:
    """The rows of lists that were not read: what they stand for is guessed from the rows that use them."""
    formulas = [one for one in judged if one.cell == FORMULA and _is_primal(one)]
    known = {one.row for one in formulas if one.verdict in (RIGHT, WRONG)}
    return {one.row for one in formulas if one.verdict == UNREAD} - known


def _doubted(judged: Iterable[Judgement]) -> set[tuple[str, str]]:
    """The rows of which no formula in the list is right, each with the output: a derivative may be that of the row as
    it was written as well as that of the right one."""
    formulas = [one for one in judged if one.cell == FORMULA and _is_primal(one)]
    right = {_in_list(one, one.row) for one in formulas if one.verdict == RIGHT}
    return {_in_list(one, one.row) for one in formulas if one.verdict == WRONG} - right


def _has_name(one: Judgement) -> bool:
    """Whether the slip is one that has a name."""
    return any(tag.startswith("slip.") for tag in one.tags)


def _in_list(one: Judgement, row: str) -> tuple[str, str]:
    """A row with the output of the list that it is in."""
    return one.part.partition("/")[0], row


def _alone(
    one: Judgement,
    guessed: Collection[str],
    doubted: Collection[tuple[str, str]],
    halves: Collection[_Row],
    inputs: Collection[str],
) -> Judgement:
    """A cell judged again by what it is and what it names. ``halves`` are the rows that were read in part."""
    if one.cell == FORMULA and _row(one) in halves:
        return unsure(one, HALF_READ)
    if one.cell == VALUE and _is_primal(one) and one.row in inputs:
        return unsure(one, RESTATED)
    names = names_in(one.reading) if one.reading is not None else []
    for text in names:
        if text in guessed:
            return unsure(one, GUESSED.format(text))
    for text in () if _is_primal(one) or _has_name(one) else (one.row, *names):
        if _in_list(one, text) in doubted:
            return unsure(one, DOUBTED.format(text))
    if "formula.coincidence" in one.tags and not _is_certain(one, inputs):
        return unsure(one, COINCIDENT)
    return one


def _is_certain(one: Judgement, inputs: Collection[str]) -> bool:
    """Whether a formula that is right at the point can only be meant as it was read.

    A ∂a/∂b can be a local partial as well as a derivative through other rows, unless it is by an input.
    """
    nodes = postorder(one.reading) if one.reading is not None else ()
    below = (names_in(node.args[1]) for node in nodes if node.head == "partial")
    return all(text in inputs for names in below for text in names)


def _row(one: Judgement) -> _Row:
    return one.part, one.row, one.line


def _is_primal(one: Judgement) -> bool:
    return one.part.rpartition("/")[2] == "primal"


def _fields(judged: Sequence[Judgement], starts: Sequence[int]) -> list[list[int]]:
    """The places of the cells of each field: those of one kind and of one place in their rows, a column or the values
    of a list."""
    fields: dict[tuple[str, str, int, int], list[int]] = defaultdict(list)
    counts: Counter[tuple[str, str, str, int]] = Counter()
    for place, one in enumerate(judged):
        within = one.part, one.row, one.cell, one.line
        fields[one.part, one.cell, bisect_right(starts, one.line), counts[within]].append(place)
        counts[within] += 1
    return list(fields.values())


def _helpers(judged: Sequence[Judgement]) -> set[str]:
    """The wrong rows with a letter of their own, δ = (z − t) z, that derivatives use, no row of a list does, and of
    which no formula is that of a row."""
    wrong = [one for one in judged if one.verdict == WRONG and _is_primal(one) and not one.row[-1:].isdigit()]
    rows = {one.row for one in wrong if one.row not in one.part.partition("/")[0].split("+")}
    if not rows:
        return set()
    used: dict[bool, set[str]] = {True: set(), False: set()}
    for one in judged:
        if one.cell == FORMULA and one.reading is not None:
            used[_is_primal(one)].update(names_in(one.reading))
        if one.cell == FORMULA and one.verdict == RIGHT and _is_primal(one):
            used[True].add(one.row)
    return rows & used[False] - used[True]


def _turned(judged: Sequence[Judgement]) -> set[int]:
    """The places of the derivatives by inputs on a sheet that gives all of them transposed."""
    stated = [
        place
        for place, one in enumerate(judged)
        if one.part.endswith("/derivative") and one.cell == FORMULA and one.verdict in (RIGHT, WRONG)
    ]
    if any(judged[place].verdict == RIGHT or not _is_turned(judged[place]) for place in stated):
        return set()
    return set(stated)


def _is_turned(one: Judgement) -> bool:
    return one.verdict == WRONG and one.tags[-1:] == ("slip.transpose",) and one.because.startswith("its shape")


def _is_misread(cells: Sequence[Judgement]) -> bool:
    """Whether more than half of the judged cells of a field are wrong, and no single slip explains it."""
    wrong = [one for one in cells if one.verdict == WRONG]
    count = sum(one.verdict in (RIGHT, CARRIED, WRONG) for one in cells)
    slips = {one.slip for one in wrong}
    one_slip = len(slips) == 1 and "" not in slips
    return len(wrong) >= FEWEST and len(wrong) * 2 > count and not one_slip


def _without_followers(before: Sequence[Judgement], judged: Sequence[Judgement]) -> list[Judgement]:
    """The same where what rests on a cell that was taken back is unsure as well: neither charged nor given."""
    taken = [one for was, one in zip(before, judged, strict=True) if was.verdict != one.verdict]
    formulas = {_row(one) for one in taken if one.cell == FORMULA}
    found = [
        unsure(one, BESIDE) if one.verdict == WRONG and one.cell == VALUE and _row(one) in formulas else one
        for one in judged
    ]
    roots = {f"{one.part} {one.row}" for one in taken} - {
        f"{one.part} {one.row}" for one in found if one.verdict == WRONG
    }
    return [
        unsure(one, FOLLOWS.format(one.row if one.root == f"{one.part} {one.row}" else one.root))
        if one.root in roots and one.verdict in (CARRIED, WRONG)
        else one
        for one in found
    ]
