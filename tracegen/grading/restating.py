"""States a line of the reference in the writer's own names, or a row as it was meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import count as count_from

from tracegen.formula import Formula, name, names_in
from tracegen.grading.entries import Entry
from tracegen.grading.listings import Listing
from tracegen.grading.meaning import Array, compiled, leaves
from tracegen.grading.reference import PoolLine, Reference, same_matrix
from tracegen.grading.repairs import smallest
from tracegen.grading.samples import EQUAL, agreement
from tracegen.grading.world import World

PLAIN = frozenset(f"slip.{kind}" for kind in ("sign", "number", "misread", "operation", "function", "order"))
"""Slips after which the writer's formula is still the one that was meant."""

MOST_WRITTEN_OUT = 200
"""Signs of a step that is written out in a rule; a longer one is named, since steps in steps double with each."""


def same_values(a: Array, b: Array) -> bool:
    if a.ndim > 1:
        return same_matrix(a, b)
    return a.shape == b.shape and agreement(a[:-1], b[:-1]) == EQUAL


def in_names(reference: Reference, line: PoolLine, listing: Listing, own: Collection[str] = ()) -> Formula:
    """What a line of the reference is, in the names of a list; steps that the list has not are written out.

    Of rows that have the same values one of a row's ``own`` names is taken.
    """
    rows = sorted(listing.values, key=lambda known: known not in own) if own else list(listing.values)
    source = reference.listings[line.output]
    text = line.label if line.label in source.values else source.also.get(line.label, line.label)
    top = source.also.get(text, text)
    if top not in source.steps:
        return name(top)
    done: dict[str, Formula] = {}
    waiting, needed = [top], {top}
    while waiting:
        for operand in names_in(source.steps[waiting.pop()]):
            row = source.also.get(operand, operand)
            if row in done or row in needed:
                continue
            known = next((known for known in rows if same_values(listing.values[known], source.values[row])), None)
            if known is not None or row not in source.steps:
                done[row] = name(row if known is None else _shown(listing, known))
            else:
                needed.add(row)
                waiting.append(row)
    sizes: dict[str, int] = {}
    for row in source.steps:
        if row not in needed:
            continue
        below = [source.also.get(text, text) for text in _names_of(source.steps[row])]
        sizes[row] = 1 + sum(sizes.get(text, 1) for text in below)
        written = _replaced(
            source.steps[row], {text: done[source.also.get(text, text)] for text in names_in(source.steps[row])}
        )
        if row != top and sizes[row] > MOST_WRITTEN_OUT:
            written, sizes[row] = name(_kept(listing, row, written)), 1
        done[row] = written
    return done[top]


def put_right(entry: Entry, world: World) -> Formula | None:
    """What a row is by its own formula with one slip in it put right; None where none explains it.

    It rests on the rows that its writer used, where a line of the reference may be written out in others.
    """
    target = entry.values
    assert target is not None
    known = all(_is_known(leaf, world) for leaf in leaves(entry.codes[0]))
    repair = smallest(entry.codes[0], world, target, lambda formula: name(entry.label) not in leaves(compiled(formula)))
    plain = repair is not None and (repair.slip in PLAIN or (repair.slip == "slip.wrong-row" and not known))
    return repair.formula if repair is not None and plain else None


def _is_known(leaf: Formula, world: World) -> bool:
    return leaf.head == "name" and world.listing.row(str(leaf.args[0])) is not None


def _shown(listing: Listing, known: str) -> str:
    """An input goes by the writer's name for it."""
    return next((text for text, row in listing.also.items() if row == known and known in listing.inputs), known)


def _kept(listing: Listing, row: str, formula: Formula) -> str:
    """A step that the writer has left out, made a row of the list under a name that it has not: named, it is shared."""
    free = next(text for text in (row + "'" * count for count in count_from(0)) if listing.row(text) is None)
    listing.add(free, formula)
    return free


def _names_of(formula: Formula) -> list[str]:
    """The names in a formula, as often as they stand there."""
    return [str(leaf.args[0]) for leaf in leaves(compiled(formula)) if leaf.head == "name"]


def _replaced(formula: Formula, names: Mapping[str, Formula]) -> Formula:
    """A formula of one operation with its names put into other words."""
    args = []
    for arg in formula.args:
        if isinstance(arg, Formula) and arg.head == "name":
            args.append(names[str(arg.args[0])])
        elif isinstance(arg, Formula):
            args.append(_replaced(arg, names))
        else:
            args.append(arg)
    return Formula(formula.head, tuple(args))
