"""States a line of the reference in the writer's own names."""

from __future__ import annotations

from collections.abc import Callable

from tracegen.formula import Formula, name
from tracegen.grade.listings import Listing
from tracegen.grade.meaning import Array
from tracegen.grade.reference import PoolLine, Reference, same_matrix
from tracegen.grade.samples import EQUAL, agreement

Naming = Callable[[str], Formula]


def same_values(a: Array, b: Array) -> bool:
    if a.ndim > 1:
        return same_matrix(a, b)
    return a.shape == b.shape and agreement(a[:-1], b[:-1]) == EQUAL


def in_names(reference: Reference, line: PoolLine, listing: Listing) -> Formula:
    """What a line of the reference is, in the names of a list; steps that the list has not are written out."""
    source = reference.listings[line.output]
    done: dict[str, Formula] = {}

    def named(text: str, *, top: bool) -> Formula:
        row = source.also.get(text, text)
        values = source.values[row]
        if not top:
            for known, given in listing.values.items():
                if same_values(given, values):
                    return name(_shown(listing, known))
        if row not in source.steps:
            return name(row)
        if row not in done:
            done[row] = _replaced(source.steps[row], named)
        return done[row]

    text = line.label if line.label in source.values else source.also.get(line.label, line.label)
    return named(text, top=True)


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
