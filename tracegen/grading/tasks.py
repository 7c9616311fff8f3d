"""A row that is to be judged: its right values, its members as they were read, and what is found out on the way."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from tracegen.formula import Formula
from tracegen.grading.meaning import LEAF, Array, Code, MeaninglessError, compiled, value
from tracegen.grading.parts import ShapeMismatchError
from tracegen.grading.sheet import Cell, Row
from tracegen.grading.verdicts import RIGHT, Judgement
from tracegen.grading.world import World

CLOSE = 1e-8
"""The relative difference up to which two numbers that were worked out are the same."""


@dataclass
class Task:
    """What a row has to be judged by.

    ``target`` has the row's right values, and in the last sample what the right rule gives in the writer's own world;
    ``explain`` gives the right formula in the writer's names; ``root`` the slip that the writer's own values rest on;
    ``fresh`` says that what it uses is not trivial already, so that a trivial step is one that became so here.
    ``own`` says that the row is a step of the writer's own. ``increment`` is what a row adds to its own label, v̄1 += …:
    what stands behind it in the chain may be that as well as the sum.
    """

    part: str
    row: Row
    name: str
    kind: str
    target: Array
    world: World
    explain: Callable[[], Formula] | None = None
    root: str | None = None
    fresh: bool = True
    own: bool = False
    label: Judgement | None = None
    others: Callable[[], Sequence[tuple[str, float]]] = tuple
    increment: Array | None = None

    @cached_property
    def rule(self) -> Formula | None:
        """The right formula in the writer's names, worked out when it is wanted."""
        return self.explain() if self.explain is not None else None


@dataclass
class Outcome:
    """A row judged: its cells, its value in the writer's own world, and the root that later rows rest on."""

    judgements: list[Judgement]
    value: Any
    root: str | None


class Read(NamedTuple):
    """One reading of a member, with its steps and its values."""

    formula: Formula
    code: Code
    values: Array


@dataclass
class Member:
    """A member of a chain, or a value beside it: its readings that have a meaning, or why there is none."""

    cell: Cell
    beside: bool
    reads: list[Read] = field(default_factory=list)
    error: str = ""
    mismatch: bool = False

    @property
    def symbolic(self) -> bool:
        """Whether the member has names in it, whichever way it is read."""
        return bool(self.reads) and all(has_names(read.code) for read in self.reads)


def has_names(code: Code) -> bool:
    """Whether a formula has names in it, or is a number."""
    return any(op.kind == LEAF for op in code)


@dataclass
class Case:
    """A task with its members, and what has been found: what the formula gives in the writer's own world
    (``followed``, and ``made`` where it is a matrix) and with right values (``unrounded``), and whether any formula of
    the row is right, and whether the latest one is; which wrong ones have the right value by coincidence."""

    task: Task
    members: list[Member] = field(init=False)
    followed: float | None = None
    made: Array | None = None
    unrounded: float | None = None
    right_formula: bool = False
    latest_right: bool = False
    coincident: set[int] = field(default_factory=set)
    wrong: list[tuple[Judgement, Array | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        row = self.task.row
        self.members = [self._read(cell, False) for cell in row.members] + [
            self._read(cell, True) for cell in row.beside
        ]

    @property
    def world(self) -> World:
        return self.task.world

    @property
    def row(self) -> str:
        """The row in the list, whatever it is called on the sheet."""
        return self.world.listing.row(self.task.name) or self.task.name

    @property
    def here(self) -> str:
        """The row as a root is named."""
        return f"{self.task.part} {self.task.name}"

    @cached_property
    def numbers(self) -> tuple[float, float] | None:
        """The right value, and the one that the writer's own values give; None where there is none to compare."""
        target = self.task.target
        if target.ndim > 1:
            if target.shape[1:] != (1, 1):
                return None
            target = target[:, 0, 0]
        pointed = self.world.reference.pointed
        if not pointed and not np.allclose(target[:-1], target[0], rtol=1e-9, atol=1e-12):
            return None
        return float(target[0]), float(target[-1])

    @property
    def right(self) -> Array | None:
        """The right value, a number or a matrix, where there is one to compare."""
        if self.numbers is not None:
            return self.numbers[0]
        target = self.task.target
        return target[0] if target.ndim > 1 and self.world.reference.pointed else None

    @property
    def truth(self) -> float | None:
        """The right value, where there is one to compare."""
        return None if self.numbers is None else self.numbers[0]

    def judgement(
        self,
        kind: str,
        cell: Cell,
        verdict: str,
        reading: Formula | None = None,
        tags: Sequence[str] = (),
        because: str = "",
    ) -> Judgement:
        """A verdict on one of the row's cells."""
        given = cell.formula if reading is None else reading
        tags = tuple(tags) or (("ok",) if verdict == RIGHT else ())
        return Judgement(self.task.part, self.task.name, cell.line, kind, cell.text, given, verdict, tags, because)

    def _read(self, cell: Cell, beside: bool) -> Member:
        member = Member(cell, beside, error=cell.error)
        listing = self.world.listing
        for reading in cell.readings:
            try:
                code = compiled(reading)
                found = listing.finished(value(code, self.world, listing.functions), self.task.target)
                member.reads.append(Read(reading, code, found))
            except MeaninglessError as error:
                member.error = member.error or error.message
                member.mismatch = member.mismatch or isinstance(error, ShapeMismatchError)
            except (ValueError, np.linalg.LinAlgError):
                member.error = member.error or "this has no value"
        return member


def at(values: Array, sample: int) -> Array:
    """The value at a sample, a number or a matrix; at the last one it is that in the writer's own world."""
    found = values[sample]
    return float(found.flat[0]) if found.size == 1 else found


def is_close(a: Array, b: Array) -> bool:
    """Whether two values that were worked out, numbers or matrices, are the same."""
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=CLOSE, abs_tol=1e-12)
    return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=CLOSE, atol=1e-12))
