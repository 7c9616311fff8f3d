"""How many rows the whole key of a problem has, table by table: no sheet can have the marks of more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracegen.grading.reference import Reference
from tracegen.grading.verdicts import FORMULA, Judgement


@dataclass(frozen=True)
class Key:
    """The rows of each table, ``steps`` those of primal rows that are no inputs; one that several problems have under
    the same name has the rows of all of them. ``outputs`` counts the problems that have an output of a name."""

    rows: Mapping[str, int] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)
    outputs: Mapping[str, int] = field(default_factory=dict)

    def steps_in(self, part: str) -> int:
        """The steps of a list of one output or several."""
        return sum(self.steps.get(output, 0) for output in part.split("/")[0].split("+"))

    def problems(self, part: str) -> int:
        """How many problems have a part of a report, by its name: 1, but where problems share the names of outputs."""
        return max([self.outputs.get(output, 1) for output in part.split("/")[0].split("+")])


def key_of(references: Sequence[Reference]) -> Key:
    """The rows of all tables that the problems have."""
    rows: Counter[str] = Counter()
    steps: Counter[str] = Counter()
    outputs: Counter[str] = Counter()
    for reference in references:
        inputs = len(reference.problem.inputs)
        joint = inputs + sum(len(listing.steps) for listing in reference.listings.values())
        for output, listing in reference.listings.items():
            lines = inputs + len(listing.steps)
            outputs[output] += 1
            steps[output] += len(listing.steps)
            rows[f"{output}/primal"] += lines
            rows[f"{output}/forward"] += joint * inputs  # one list may be written for all outputs
            rows[f"{output}/reverse"] += joint
            rows[f"{output}/derivative"] += inputs
            rows[f"{output}/partial"] += sum(len(step.args) for step in listing.steps.values())
            rows["forward"] += inputs
            rows["jacobian"] += inputs
            rows["shapes"] += lines * 2
    return Key(dict(rows), dict(steps), dict(outputs))


def rows_in(key: Key, part: str) -> int:
    """The rows that the key has in a part of a report: a table, one direction of it, or one list of several outputs.

    >>> rows_in(Key({"a/primal": 3, "b/primal": 4}), "a+b/primal")
    7
    """
    outputs, _, rest = part.partition("/")
    if rest:
        kind = rest.split("/")[0]
        return sum(key.rows.get(f"{output}/{kind}", 0) for output in outputs.split("+"))
    return key.rows.get(part) or sum(rows for table, rows in key.rows.items() if table.endswith(f"/{part}"))


def absent_rows(cells: Sequence[Judgement], key: Key) -> dict[str, int]:
    """How many rows of the primal and adjoint tables are on no sheet, for each table that is begun. Of a primal table
    only steps count: many lists leave the inputs out."""
    found: dict[str, set[str]] = {}
    for cell in cells:
        kind = cell.part.rpartition("/")[2]
        if cell.of and cell.row and kind in ("primal", "reverse"):
            rows = found.setdefault(cell.part, set())
            rows.add(cell.row)
    absent = {}
    for part, rows in found.items():
        named = _inputs(cells, part) if part.endswith("/primal") else set()
        whole = key.steps_in(part) if part.endswith("/primal") else rows_in(key, part)
        if whole > len(rows - named):
            absent[part] = whole - len(rows - named)
    return absent


def _inputs(cells: Sequence[Judgement], part: str) -> set[str]:
    """The rows of a list that are inputs: right ones whose formula is a name that is no row."""
    rows = {cell.row for cell in cells if cell.part == part}
    return {
        cell.row for cell in cells
        if cell.part == part and cell.reading is not None and cell.cell == FORMULA and cell.reading.head == "name"
        and cell.reading.args[0] not in rows
    }  # fmt: skip
