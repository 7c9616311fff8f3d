"""Judges what stands outside of lists: Jacobians, final formulas, shapes, headings, values that were left loose."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from tracegen.formula import Formula, name
from tracegen.grading.blocks import FINAL, PARTIAL, Block, Blocks
from tracegen.grading.choose import Chooser
from tracegen.grading.headings import FORWARD, PRIMAL, REVERSE
from tracegen.grading.jacobian import Jacobian
from tracegen.grading.judge import judge_row
from tracegen.grading.lookalikes import look_alike
from tracegen.grading.matrices import Matrices
from tracegen.grading.meaning import Array, MeaninglessError
from tracegen.grading.reference import Reference
from tracegen.grading.rules import adjoint_rule
from tracegen.grading.sheet import Dimension, Row, key_of
from tracegen.grading.tasks import Task
from tracegen.grading.verdicts import (
    EXTRA,
    FORMULA,
    HEADING,
    LABEL,
    RIGHT,
    SHAPE,
    UNREAD,
    UNSURE,
    VALUE,
    WRONG,
    Judgement,
)  # fmt: skip
from tracegen.grading.world import World
from tracegen.shapes import valued

NO_ROLE = "it can't be told what this column gives"


class Endings:
    """Judges what is not a row of a sweep, after the rows are judged."""

    def __init__(self, references: Sequence[Reference], chooser: Chooser, found: Blocks) -> None:
        self._references = references
        self._chooser = chooser
        self._found = found

    def judged(self) -> list[Judgement]:
        """All verdicts on it."""
        judged: list[Judgement] = []
        for block in self._found.blocks:
            if block.kind in (FINAL, PARTIAL):
                judged += [cell for row in block.rows for cell in self._final(block, row)]
        jacobian = Jacobian(self._references, self._chooser)
        for matrix, _ in self._found.matrices:
            judged += jacobian.judged(matrix)
        judged += self._shapes()
        judged += self._heads()
        judged += [
            Judgement("", "", cell.line, VALUE, cell.text, cell.formula, UNSURE, ("unsure", "loose"),
                      "this value stands alone; it can't be told to which row it belongs")
            for cell in self._found.loose
        ]  # fmt: skip
        judged += [
            Judgement("", "", cell.line, VALUE, cell.text, cell.formula, UNSURE, ("unsure",), NO_ROLE)
            for cell in self._found.apart
        ]
        return judged

    def _final(self, block: Block, row: Row) -> list[Judgement]:
        """A row that states a derivative of an output by an input, or a local partial."""
        best: list[Judgement] = []
        worlds = self._worlds_for(row)
        for world in worlds:
            world.local_below = block.kind == PARTIAL
            world.called = frozenset([row.key[0]]) if block.kind == FINAL else frozenset()
            target = self._target(world, row)
            if target is None:
                continue
            kind = "partial" if block.kind == PARTIAL else "derivative"
            output = world.output
            below = row.key[1]
            judged = judge_row(
                Task(
                    f"{output}/{kind}",
                    row,
                    below,
                    "final",
                    target,
                    world,
                    self._explained(world, below),
                    self._root(world, row, kind),
                )
            ).judgements
            if not best or _wrong(judged) < _wrong(best):
                best = judged
        if best:
            return best
        cells = [(LABEL, row.label), *((FORMULA, cell) for cell in (*row.members, *row.beside))]
        said = "what this row states can't be found in the problem"
        return [
            Judgement("", "", cell.line, kind, cell.text, cell.formula, UNREAD, ("unread",), cell.error or said)
            for kind, cell in cells
        ]

    def _root(self, world: World, row: Row, kind: str) -> str | None:
        """The slip on which a derivative rests: that of the adjoint, or of a value that a local partial uses."""
        above, below = (world.listing.row(text) or "" for text in row.key)
        if kind != PARTIAL:
            return world.roots.get((REVERSE, "", below))
        used = [*world.listing.edges(above), above]
        return next((root for text in used if (root := world.roots.get((PRIMAL, "", text)))), None)

    def _worlds_for(self, row: Row) -> list[World]:
        """The worlds whose output a label names, or all where it names none of them."""
        worlds = self._chooser.worlds()
        for reference in self._references:
            for output in reference.outputs:
                if not any(world.output == output for world in worlds):
                    worlds.append(self._chooser.world(reference, reference.listings[output], output))
        above = row.key[0]
        return [world for world in worlds if world.output == above] or worlds

    def _target(self, world: World, row: Row) -> Array | None:
        label = row.label.formula
        assert label is not None
        try:
            return world.listing.finished(world(label))
        except MeaninglessError:
            return None

    def _explained(self, world: World, below: str) -> Callable[[], Formula] | None:
        row = world.listing.row(below)
        return None if row is None else partial(adjoint_rule, world.listing, row, world.output_row())

    def _shapes(self) -> list[Judgement]:
        """What is said about shapes, against the problem's."""
        reference = next((reference for reference in self._references if reference.has_matrices), None)
        judged = []
        named = [key_of(one.name)[0] for one in self._found.dimensions if one.name is not None]
        for one in self._found.dimensions:
            if reference is None:
                judged.append(_shape(one, "", UNSURE, ("unsure",), "the problem has no shapes"))
            elif one.name is None:
                judged.append(self._alone(one, reference))
            else:
                judged.append(self._named(one, reference, named))
        return judged

    def _named(self, one: Dimension, reference: Reference, named: Sequence[str]) -> Judgement:
        text = key_of(one.name)[0]
        right = _right_shape(reference, text, self._chooser)
        if right is None:
            return _shape(one, text, UNREAD, ("unread",), f"{text} is no name of this problem")
        if right == one.shape or _sizes(right, reference) == _sizes(one.shape, reference):
            return _shape(one, text, RIGHT, ("ok",), "")
        others = [
            other for other in _all_names(reference) if _right_shape(reference, other, self._chooser) == one.shape
        ]
        alike = [
            other
            for other in others
            if other not in named and (look_alike(text, other) or other[0].lower() == text[0].lower())
        ]
        judged = _shape(
            one, text, WRONG, ("shape.wrong",), f"{text} is {right[0]}×{right[1]}, not {one.shape[0]}×{one.shape[1]}"
        )
        if named.count(text) > 1 and alike:
            judged.cell, judged.tags = LABEL, ("label.slip", "slip.misread")
            judged.because = f"{text} stands here twice; this is the shape of {alike[0]}"
            judged.repair = name(alike[0])
        return judged

    def _alone(self, one: Dimension, reference: Reference) -> Judgement:
        """A shape without a name: right where something in the problem has it."""
        shapes = {_right_shape(reference, text, self._chooser) for text in _all_names(reference)}
        shapes |= {(b, a) for a, b in [shape for shape in shapes if shape]} | {
            (a, a) for a, _ in [shape for shape in shapes if shape]
        }
        if one.shape in shapes:
            return _shape(one, "", RIGHT, ("ok",), "")
        return _shape(one, "", UNSURE, ("unsure",), "it can't be told of what this is the shape")

    def _heads(self) -> list[Judgement]:
        """Headings of columns of tangents, against the rows under them."""
        judged = []
        for heading, at in self._found.heads:
            block = self._found.blocks[at] if at < len(self._found.blocks) else None
            if block is None or block.kind != FORWARD or heading.formula is None:
                continue
            said = key_of(heading.formula)[1]
            columns = [head.column for head, where in self._found.heads if where == at]
            meant = _direction_under(block, columns.index(heading.column), len(columns))
            if not said or not meant:
                continue
            one = Judgement("forward", "", heading.line, HEADING, heading.text, heading.formula, RIGHT, ("ok",))
            if said != meant:
                one.verdict, one.tags = WRONG, ("heading.wrong",)
                one.because = f"the column under this heading is along {meant}"
                one.repair = Formula("partial", (heading.formula.args[0], name(meant)))
            judged.append(one)
        return judged


def _direction_under(block: Block, place: int, columns: int) -> str:
    """The direction that most rows of one of several columns have."""
    lines: dict[int, list[Row]] = {}
    for row in block.rows:
        lines.setdefault(row.line, []).append(row)
    found = [rows[place].key[1] for rows in lines.values() if len(rows) == columns]
    return max(dict.fromkeys(found), key=found.count) if found else ""


def _right_shape(reference: Reference, text: str, chooser: Chooser) -> tuple[str, str] | None:
    """The shape of a name in the problem, in its letters."""
    functions = reference.functions
    assert isinstance(functions, Matrices)
    listings = [world.listing for world in chooser.worlds() if world.reference is reference]
    for listing in [*listings, *reference.listings.values()]:
        row = listing.row(text)
        if row is not None:
            rows, columns = functions.shape(listing.values[row]).split("×")
            return rows, columns
    return None


def _sizes(shape: Sequence[str], reference: Reference) -> list[int | str]:
    """A shape in numbers, where the problem's values give any: with them two letters may be the same."""
    sums = [re.sub(r"[()\s]", "", size).replace("−", "-") for size in shape]
    known = [valued(size, reference.sizes) for size in sums]
    return [text if size is None else size for text, size in zip(shape, known, strict=True)]


def _all_names(reference: Reference) -> list[str]:
    names = [entry.name for entry in reference.problem.inputs] + list(reference.problem.steps)
    return names + list(reference.outputs)


def _shape(one: Dimension, text: str, verdict: str, tags: tuple[str, ...], because: str) -> Judgement:
    return Judgement("shapes", text, one.cell.line, SHAPE, one.cell.text, None, verdict, tags, because)


def _wrong(judged: Sequence[Judgement]) -> int:
    return sum(one.verdict not in (RIGHT, EXTRA) for one in judged)
