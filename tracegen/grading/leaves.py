"""The leaves of a formula: the names in them, other names for them, what could stand in their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracegen.formula import Formula, name, rewritten
from tracegen.grading.lookalikes import look_alike
from tracegen.grading.world import World


def names_of(leaf: Formula) -> list[str]:
    """The names in a leaf, those of directions left out."""
    if leaf.head == "name":
        return [leaf.args[0]]
    if leaf.head == "tangent":
        return names_of(leaf.args[0])
    return [text for part in leaf.args if isinstance(part, Formula) for text in names_of(part)]


def mentioned(leaves: Iterable[Formula]) -> set[str]:
    """The names in some leaves, those of directions among them."""
    found = list(leaves)
    along = (leaf.args[1] for leaf in found if leaf.head == "tangent")
    return {text for leaf in found for text in names_of(leaf)} | {below.args[0] for below in along if below is not None}


def renamed(formula: Formula, names: Mapping[str, str]) -> Formula:
    """A formula with other names in it."""
    return rewritten(formula, lambda part: name(names.get(part.args[0], part.args[0])) if part.head == "name" else None)


def names_of_rows(world: World) -> list[str]:
    """What the rows are called on the sheet."""
    renamed_inputs = {row: text for text, row in world.listing.also.items() if row in world.listing.inputs}
    return [renamed_inputs.get(row, row) for row in world.listing.values]


def alternatives(leaf: Formula, world: World) -> list[Formula]:
    """What could stand in place of a leaf: the same of another row, along another input, upside down."""
    rows = names_of_rows(world)
    if leaf.head == "name":
        return [name(text) for text in rows if text != leaf.args[0]]
    if leaf.head == "adjoint":
        return [Formula("adjoint", (name(text),)) for text in rows if name(text) != leaf.args[0]]
    of, along = leaf.args
    if leaf.head == "tangent":
        return [Formula("tangent", (name(text), along)) for text in rows if name(text) != of]
    found = [Formula("partial", (along, of))]
    found += [Formula("partial", (name(text), along)) for text in rows if name(text) != of]
    found += [Formula("partial", (of, name(text))) for text in [*rows, *world.listing.inputs] if name(text) != along]
    found += [
        Formula("partial", (name(text), name(other)))
        for other in world.listing.inputs if name(other) != along
        for text in rows if name(text) != of
    ] if along.head == "name" and along.args[0] in world.listing.inputs else []  # fmt: skip
    return [other for other in found if other.args[0] != other.args[1]]


def family(leaf: Formula) -> Formula:
    """One leaf for all in whose place the same could stand, and each other: names, adjoints, tangents of one direction.

    >>> family(name("v3")) == family(name("v4"))
    True
    """
    nobody = name("")
    if leaf.head in ("name", "adjoint"):
        return nobody if leaf.head == "name" else Formula("adjoint", (nobody,))
    return Formula("tangent", (nobody, leaf.args[1])) if leaf.head == "tangent" else leaf


def name_slip(before: Formula, after: Formula) -> tuple[str, str, bool]:
    """The tag and the words of a change of one leaf, and whether the two look alike."""
    if before.head == "partial" and after.args == before.args[::-1]:
        return "slip.upside-down", "the local partial is upside down", True
    old, new = names_of(before), names_of(after)
    changed = [(a, b) for a, b in zip(old, new, strict=False) if a != b] if len(old) == len(new) else []
    if len(changed) == 1 and look_alike(*changed[0]):
        return "slip.misread", f"reads as {changed[0][0]}; {changed[0][1]} would be right", True
    if len(changed) == 1:
        return "slip.wrong-row", f"reads as {changed[0][0]}; {changed[0][1]} would be right", False
    return "slip.wrong-row", f"reads as {shown(before)}; {shown(after)} would be right", False


def shown(formula: Formula) -> str:
    """A formula in a sentence."""
    from tracegen.notation import unicode

    return unicode(formula)
