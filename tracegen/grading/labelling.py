"""Says what a formula at the head of a chain names: f(x1, x2), a tangent in the column of a direction, a seed."""

from __future__ import annotations

from tracegen.formula import Formula, name, rewritten
from tracegen.grading.sheet import Cell, is_undirected


def is_application(formula: Formula) -> bool:
    """Whether a formula is a name before a bracket with numbers, ``f(2, 1)``."""
    return formula.head == "mul" and formula.args[0].head == "name" and formula.args[1].head == "matrix"


def unapplied(members: list[Cell], outputs: frozenset[str], inputs: frozenset[str]) -> list[Cell]:
    """A chain that begins with an output applied to inputs, ``f(x1, x2) = …``, as one that begins with its name."""
    label = members[0].formula
    if len(members) < 2 or label is None or label.head != "mul" or label.args[0].head != "name":
        return members
    of = label.args[1]
    if not is_application(label) and not (of.head == "name" and of.args[0] in inputs):
        return members
    return [members[0]._replace(readings=label.args[:1]), *members[1:]] if label.args[0].args[0] in outputs else members


def is_unit(formula: Formula | None) -> bool:
    """Whether a formula is a vector of zeros with a single one: the seed of a sweep."""
    if formula is None or formula.head != "matrix" or 1 not in (len(formula.args), len(formula.args[0])):
        return False
    entries = [str(entry.args[0]) for row in formula.args for entry in row if entry.head == "number"]
    count = sum(len(row) for row in formula.args)
    return count > 1 and len(entries) == count and sorted(entries) == ["0"] * (count - 1) + ["1"]


def along(cell: Cell, direction: str) -> Cell:
    """A cell in the column of a direction: tangents that have none are along it."""

    def directed(part: Formula) -> Formula | None:
        return Formula("tangent", (part.args[0], name(direction))) if is_undirected(part) else None

    return cell._replace(readings=tuple(rewritten(reading, directed) for reading in cell.readings))
