"""The factors that may have been left out of a formula, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator

from tracegen.formula import Formula, name, postorder
from tracegen.grading.leaves import names_of_rows
from tracegen.grading.meaning import Array, compiled, leaves, value
from tracegen.grading.world import World

WHOLE = frozenset(["name", "number", "constant", "adjoint", "tangent", "partial"])
"""Parts of a rule that are leaves or inside of one."""


def factors_of(world: World, rule: Formula | None) -> Iterator[tuple[Formula, Array]]:
    """Factors with their values: those of the right rule, numbers, the rows, and the adjoints in a reverse sweep."""
    likely = dict.fromkeys(leaves(compiled(rule))) if rule is not None else ()
    for leaf in sorted(likely, key=lambda leaf: leaf.head == "name"):
        yield leaf, world(leaf)
    for part in dict.fromkeys(postorder(rule)) if rule is not None else ():
        if part.head not in WHOLE and all(leaf.head == "name" for leaf in leaves(compiled(part))):
            yield part, value(compiled(part), world, world.listing.functions)
    for whole in range(2, 13):
        yield Formula("number", (str(whole),)), float(whole)
    for text in names_of_rows(world):
        yield name(text), world.listing.values[world.listing.row(text) or text]
    if not world.local_below:
        return
    adjoints = world.adjoints()
    for text in names_of_rows(world):
        yield Formula("adjoint", (name(text),)), adjoints[world.listing.row(text) or text]
