"""States a line of the reference in the writer's own names, or a row as it was meant."""

from __future__ import annotations

from collections.abc import Callable, Collection

from tracegen.formula import Formula, name
from tracegen.grade.entries import Entry
from tracegen.grade.listings import Listing
from tracegen.grade.meaning import Array, compiled, leaves
from tracegen.grade.reference import PoolLine, Reference, same_matrix
from tracegen.grade.repairs import smallest
from tracegen.grade.samples import EQUAL, agreement
from tracegen.grade.world import World

PLAIN = frozenset(f"slip.{kind}" for kind in ("sign", "number", "misread", "operation", "function", "order"))
"""Slips after which the writer's formula is still the one that was meant."""

Naming = Callable[[str], Formula]


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
    done: dict[str, Formula] = {}

    def named(text: str, *, top: bool) -> Formula:
        row = source.also.get(text, text)
        values = source.values[row]
        if not top:
            for known in rows:
                if same_values(listing.values[known], values):
                    return name(_shown(listing, known))
        if row not in source.steps:
            return name(row)
        if row not in done:
            done[row] = _replaced(source.steps[row], named)
        return done[row]

    text = line.label if line.label in source.values else source.also.get(line.label, line.label)
    return named(text, top=True)


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


def _replaced(formula: Formula, named: object) -> Formula:
    """A formula of one operation with its names put into other words."""
    args = []
    for arg in formula.args:
        if isinstance(arg, Formula) and arg.head == "name":
            args.append(named(arg.args[0], top=False))  # type: ignore[operator]
        elif isinstance(arg, Formula):
            args.append(_replaced(arg, named))
        else:
            args.append(arg)
    return Formula(formula.head, tuple(args))
