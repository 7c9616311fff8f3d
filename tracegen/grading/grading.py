"""Grades a sheet: aligns its lists with the problems, judges every row, and gathers what a report needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from tracegen.grading.align import aligned
from tracegen.grading.alignment import Alignment
from tracegen.grading.asides import are_asides
from tracegen.grading.assign import Assigned, assigned, relabel
from tracegen.grading.blocks import Block, Blocks, as_adjoints, blocks_of
from tracegen.grading.brake import braked
from tracegen.grading.choose import Choice, Chooser
from tracegen.grading.completing import completed
from tracegen.grading.endings import Endings
from tracegen.grading.headings import FORWARD, PRIMAL, REVERSE
from tracegen.grading.key import Key, key_of
from tracegen.grading.matching.parting import parted
from tracegen.grading.matching.second import SecondReading
from tracegen.grading.mislabelled import other_labels
from tracegen.grading.order_of_rows import in_order_of_use
from tracegen.grading.primal import judge_primal
from tracegen.grading.read import Words
from tracegen.grading.reference import Reference
from tracegen.grading.sheet import Row, Submission
from tracegen.grading.statements import without_statements
from tracegen.grading.sweeps import Roots, Sweeps
from tracegen.grading.unsaid_inputs import unsaid_inputs
from tracegen.grading.verdicts import EXTRA, UNREAD, Judgement
from tracegen.grading.world import World

SURE = 0.9
"""The share of cells that are right from which on a block of tangents is not looked at as one of adjoints."""

FOREIGN_FROM = 3
"""Rows from which on a block can be seen to answer another problem."""

FOREIGN = 0.12
"""The share of right cells below which a block of derivatives is of another problem."""


@dataclass
class Graded:
    """The judgements of a sheet, in the order of its lines; the tables that are missing; notes on the reading."""

    judgements: list[Judgement]
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    key: Key = field(default_factory=Key)


def words_of(references: Sequence[Reference]) -> Words:
    """What a reader has to know of several problems."""
    words = [reference.words for reference in references]
    inputs = frozenset[str]().union(*(each.inputs for each in words))
    outputs = frozenset[str]().union(*(each.outputs for each in words))
    others = frozenset[str]().union(*(each.others for each in words))
    letters = frozenset[str]().union(*(each.letters for each in words))
    sizes = frozenset[str]().union(*(each.dimensions for each in words))
    matrices = any(reference.has_matrices for reference in references)
    return Words(inputs, outputs, others, letters - inputs, "e", sizes, matrices)


def grade_submission(references: Sequence[Reference], submission: Submission) -> Graded:
    """Judge everything on a sheet against one or several problems."""
    with np.errstate(all="ignore"):
        return _Grader(references, submission).grade()


class _Grader:
    def __init__(self, references: Sequence[Reference], submission: Submission) -> None:
        self._references = references
        self._submission, stated = without_statements(submission, references)
        self._sorted: Blocks = parted(blocks_of(self._submission, words_of(references)), references)
        self._alignments: list[Alignment] = []
        self._roots: dict[int, Roots] = {}
        self._judged = stated

    def grade(self) -> Graded:
        for block in self._sorted.blocks:
            if block.kind == PRIMAL:
                self._primal(block)
        self._alignments = completed(self._alignments)
        for alignment in self._without_asides():
            roots = self._roots[id(alignment.listing)] = {}
            self._judged += judge_primal(alignment, roots)
        chooser = Chooser(self._references, self._alignments)
        self._sweeps(chooser)
        for world in chooser.worlds():
            world.roots = world.roots or self._roots.get(id(world.listing), {})
        endings = Endings(self._references, chooser, self._sorted)
        self._judged += endings.judged()
        for cell in self._sorted.unread:
            self._judged.append(
                Judgement("", "", cell.line, "formula", cell.text, None, UNREAD, ("unread",), cell.error)
            )
        self._judged.sort(key=lambda judged: judged.line)
        inputs = words_of(self._references).inputs
        judged = braked(self._judged, self._sorted.blocks, inputs, SecondReading(self._alignments).excuse)
        return Graded(judged, self._missing(), list(self._submission.notes), key_of(self._references))

    def _primal(self, block: Block) -> None:
        """Align a list with the problem that it matches best."""
        block = replace(block, rows=in_order_of_use(block.rows))
        best: Alignment | None = None
        for reference in sorted(self._references, key=lambda reference: -_shared(reference, block)):
            others = other_labels(block.rows, reference.words.declared, self._elsewhere)
            if _is_strange(reference, block, [label for _, label, _ in others]):
                continue
            found = aligned(reference, block.rows, others)
            if best is None or found.matched > best.matched:
                best = found
            if best.matched * 4 >= len(block.rows) * 3:
                break
        if best is None or (len(block.rows) >= FOREIGN_FROM and _is_other(best)):
            self._judged += [judged for row in block.rows for judged in _foreign(row)]
            return
        self._alignments.append(best)

    def _without_asides(self) -> list[Alignment]:
        """The lists without those that are numbers said aside, which are judged to be none of the problem's."""
        asides = [each for each in self._alignments if are_asides(each, self._alignments)]
        self._judged += [judged for each in asides for entry in each.entries for judged in _foreign(entry.row)]
        self._alignments = [each for each in self._alignments if not any(each is one for one in asides)]
        return self._alignments

    @cached_property
    def _elsewhere(self) -> frozenset[str]:
        """The names in the labels of derivatives."""
        sweeps = (block for block in self._sorted.blocks if block.kind in (FORWARD, REVERSE))
        return frozenset[str]().union(*(row.said.label_names for block in sweeps for row in block.rows))

    def _sweeps(self, chooser: Chooser) -> None:
        """Give each block of derivatives its list and its output, and judge all of a sweep together."""
        rows: dict[tuple[int, str], tuple[World, list[tuple[Assigned, Choice]]]] = {}
        for block in self._sorted.blocks:
            if block.kind not in (FORWARD, REVERSE):
                continue
            choice = self._choice(chooser, block)
            if choice is None or (len(block.rows) >= FOREIGN_FROM and _is_foreign(choice)):
                self._judged += [judged for row in block.rows for judged in _foreign(row)]
                continue
            world, kept = rows.setdefault((id(choice.world), choice.block.kind), (choice.world, []))
            kept += [(one, choice) for one in assigned(choice)]
        for (_, kind), (world, placed) in rows.items():
            relabel(placed)
            ones = [one for one, _ in placed if _is_placed(one, world)]
            strange = [one for one, _ in placed if not _is_placed(one, world)]
            roots = self._roots.setdefault(id(world.listing), {})
            own = dict(roots)
            sweeps = Sweeps(world, own, world.output)
            self._judged += sweeps.forward(ones) if kind == FORWARD else sweeps.reverse(ones)
            world.roots = own if kind == REVERSE else world.roots
            self._judged += [judged for one in strange for judged in _unknown(one, world.output, kind)]

    def _choice(self, chooser: Chooser, block: Block) -> Choice | None:
        """The world of a block; primes and d's that are better adjoints than tangents are taken for these."""
        choice = chooser.choose(block)
        if choice is None or block.kind != FORWARD or choice.score > SURE:
            return choice
        adjoints = as_adjoints(block)
        other = chooser.choose(adjoints) if adjoints is not None else None
        return other if other is not None and other.score > choice.score and not _is_foreign(other) else choice

    def _missing(self) -> list[str]:
        """The tables that a sheet does not have."""
        parts = {judged.part for judged in self._judged}
        missing = []
        for reference in self._references:
            for output in reference.outputs:
                if not any(part.endswith("/primal") and output in part.split("/")[0].split("+") for part in parts):
                    missing.append(f"{output}/primal")
                if not any(part.startswith(f"{output}/reverse") for part in parts):
                    missing.append(f"{output}/reverse")
        return missing


def _is_other(alignment: Alignment) -> bool:
    """Whether a list is of another problem: no row says what a step does, and most values are those of none."""
    return not alignment.steps_matched and alignment.valued * 2 <= len(alignment.entries)


def _is_foreign(choice: Choice) -> bool:
    """Whether a block of derivatives is of another problem: hardly anything fits, or its labels name no rows."""
    return choice.score < FOREIGN or choice.strange


def _foreign(row: Row) -> list[Judgement]:
    """The cells of a row that answers another problem."""
    cells = [
        ("label", row.label),
        *(("formula", cell) for cell in row.members),
        *(("value", cell) for cell in row.beside),
    ]
    return [
        Judgement("", row.key[0], cell.line, kind, cell.text, cell.formula, EXTRA, ("extra",),
                  "this row does not belong to the problem; it is not counted")
        for kind, cell in cells
    ]  # fmt: skip


def _is_known(text: str, known: Collection[str], reference: Reference) -> bool:
    """Whether a name is one that is known, or that of an element of a matrix: A12."""
    return text in known or (reference.has_matrices and text.rstrip("0123456789_") in reference.words.declared)


def _is_strange(reference: Reference, block: Block, labels: Sequence[str]) -> bool:
    """Whether many rows of a list name what neither the problem nor the list has, nor ``labels``: it is of another."""
    words, own = reference.words, [row.key[0] for row in block.rows]
    known = {*own, *words.declared, *words.dimensions, *labels}
    used = frozenset[str]().union(*(row.said.names for row in block.rows))
    known.update(unsaid_inputs(own, used, list(reference.inputs), words.declared | words.dimensions))
    strange = sum(any(not _is_known(text, known, reference) for text in row.said.names - known) for row in block.rows)
    return len(block.rows) >= FOREIGN_FROM and strange * 3 > len(block.rows)


def _shared(reference: Reference, block: Block) -> int:
    """How many names of a problem are written in a block."""
    written = {row.key[0] for row in block.rows}.union(*(row.said.names for row in block.rows))
    return len(written & (reference.words.inputs | reference.words.outputs | frozenset(reference.problem.steps)))


def _is_placed(one: Assigned, world: World) -> bool:
    """Whether a row is one of a list, along a direction of its inputs."""
    return one.name in world.listing.values and (not one.direction or world.listing.has_direction(one.direction))


def _unknown(one: Assigned, output: str, kind: str) -> list[Judgement]:
    """The cells of a row whose label names no row."""
    cells = [("label", one.row.label), *(("formula", cell) for cell in (*one.row.members, *one.row.beside))]
    said = f"{one.unknown or one.name} is no row of this list"
    return [
        Judgement(f"{output}/{kind}", one.name, cell.line, name, cell.text, cell.formula, UNREAD, ("unread",), said)
        for name, cell in cells
    ]
