"""A second reading of a list, as it is written: every row is what its writer says, right or not.

A derivative that is right in it follows rightly from what is wrong before: it is no slip of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from tracegen.formula import name
from tracegen.grading.alignment import Alignment
from tracegen.grading.fits import placed_fit
from tracegen.grading.headings import FORWARD, PRIMAL, REVERSE
from tracegen.grading.listings import Listing
from tracegen.grading.matching.proof import unproved
from tracegen.grading.meaning import MeaninglessError, formula_of
from tracegen.grading.sheet import Cell, Row
from tracegen.grading.verdicts import FORMULA, Judgement
from tracegen.grading.world import World

STEPWISE = frozenset(["slip.factor", "slip.left-out", "slip.extra-factor"])
"""What one step more or less in a row looks like; any other slip by which a row is a line says that it is this line."""

FOLLOWS = "this follows from the list as it is written"
OTHER_LINE = "this row may be another step than the one that it was taken for"


class SecondReading:
    """The lists of a sheet as they are written, each worked out when something in it is asked for."""

    def __init__(self, alignments: Iterable[Alignment]) -> None:
        self._lists = [_Written(each) for each in alignments]

    def excuse(self, one: Judgement) -> str:
        """Why a cell that is wrong may be right all the same; empty where it is wrong by this reading too."""
        outputs, _, rest = one.part.partition("/")
        kind, _, direction = rest.partition("/")
        lists = [each for each in self._lists if each.is_of(outputs) and each.differs]
        if kind == PRIMAL and one.cell == FORMULA and STEPWISE.issuperset(_slips(one)):
            return OTHER_LINE if any(one.row in each.unproved for each in lists) else ""
        if one.reading is None or kind not in (FORWARD, REVERSE) or "carry.refused" in one.tags:
            return ""
        return FOLLOWS if any(each.is_right(one, outputs, kind, direction) for each in lists) else ""


def _slips(one: Judgement) -> set[str]:
    return {tag for tag in one.tags if tag.startswith("slip.")}


class _Written:
    def __init__(self, alignment: Alignment) -> None:
        self._alignment = alignment

    def is_of(self, outputs: str) -> bool:
        return not self._alignment.listing.outputs.keys().isdisjoint(outputs.split("+"))

    @cached_property
    def unproved(self) -> frozenset[str]:
        """The rows of which nothing says that they are the lines that they were taken for."""
        return frozenset(unproved(self._alignment))

    @cached_property
    def differs(self) -> bool:
        """Whether a row of the list is wrong, so that the list as it is written is another one."""
        return any(not entry.right and entry.codes for entry in self._alignment.entries)

    @cached_property
    def _listing(self) -> Listing:
        right = self._alignment.listing
        listing = Listing(right.inputs, right.functions, also=dict(right.also), outputs=dict(right.outputs))
        own = {entry.label: entry.codes for entry in self._alignment.entries if not entry.right}
        for row, step in right.steps.items():
            formulas = [formula_of(code) for code in own.get(row, ())[:1]]
            for formula in (*formulas, step):
                try:
                    listing.add(row, formula)
                    break
                except MeaninglessError:
                    continue
        return listing

    def is_right(self, one: Judgement, output: str, kind: str, direction: str) -> bool:
        """Whether a cell has the derivative's values in the list."""
        world = World(self._alignment.reference, self._listing, output, direction)
        world.local_below = kind == REVERSE
        try:
            row = world.row(name(one.row))
            target = world.adjoints()[row] if kind == REVERSE else world.tangents(direction)[row]
        except (MeaninglessError, KeyError):
            return False
        assert one.reading is not None
        cell = Cell(one.text, one.line, (one.reading,))
        return placed_fit(Row(cell, (cell,)), world, target, kind, row).whole
