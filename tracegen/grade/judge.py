"""Judges one row: each member of its chain and each value, against the truth and against the writer's own rows.

The table of verdicts is that of grading: a formula is right where it has the values of the row that it is meant for
at all samples; a value is right, or carried where it is what the right formula gives from the writer's own values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from tracegen.formula import Formula, postorder
from tracegen.grade import forms
from tracegen.grade.meaning import LEAF, NUMBER, Array, Code, Meaningless, compiled, leaves, value
from tracegen.grade.matrices import Matrices, ShapeMismatch
from tracegen.grade.numbers import Figure, figure
from tracegen.grade.repairs import Repair, misread_number, shown, smallest
from tracegen.grade.samples import EQUAL, UNSURE, agreement
from tracegen.grade.sheet import Cell, Row
from tracegen.grade.slips import name_value_slip
from tracegen.grade.verdicts import (
    BLANK, CARRIED, FORMULA, LABEL, RIGHT, UNREAD, VALUE, WRONG, Judgement,
)  # fmt: skip
from tracegen.grade.verdicts import UNSURE as CANNOT_TELL
from tracegen.grade.world import World

CLOSE = 1e-8


@dataclass
class Task:
    """What a row has to be judged by.

    ``target`` has the row's right values, and in the last sample what the right rule gives in the writer's own world;
    ``explain`` gives the right formula in the writer's names; ``root`` the slip that the writer's own values rest on;
    ``fresh`` says that what it uses is not trivial already, so that a trivial step is one that became so here.
    ``own`` says that the row is a step of the writer's own.
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

    @cached_property
    def rule(self) -> Formula | None:
        """The right formula in the writer's names, worked out when it is wanted."""
        return self.explain() if self.explain is not None else None


@dataclass
class Outcome:
    """A row judged: its cells, its value in the writer's own world, and the root that later rows rest on."""

    judgements: list[Judgement]
    value: float
    root: str | None


@dataclass
class Member:
    """A member of a chain, or a value beside it."""

    cell: Cell
    beside: bool
    codes: list[Code] = field(default_factory=list)
    error: str = ""
    mismatch: bool = False
    values: list[Array] = field(default_factory=list)

    @property
    def symbolic(self) -> bool:
        """Whether the member has names in it, whichever way it is read."""
        return bool(self.codes) and all(any(op.kind == LEAF for op in code) for code in self.codes)


def judge_row(task: Task) -> Outcome:
    """The verdicts on all cells of a row."""
    return _RowJudge(task).judge()


class _RowJudge:
    def __init__(self, task: Task) -> None:
        self._task = task
        self._world = task.world
        self._members = [self._read(cell, False) for cell in task.row.members]
        self._members += [self._read(cell, True) for cell in task.row.beside]
        self._truth, self._carried = self._numbers()
        self._followed: float | None = None
        self._right_formula = False
        self._wrong_formula: Judgement | None = None

    def judge(self) -> Outcome:
        task = self._task
        judgements = [self._label()] if task.row.named else []
        values = [place for place, member in enumerate(self._members) if self._is_value(place, member)]
        for place, member in enumerate(self._members):
            judged = self._value(member) if place in values else self._formula(place, member)
            judgements.append(judged)
        self._name_formulas(judgements)
        own = self._own_value()
        root = self._root(judgements, own)
        return Outcome(judgements, own, root)

    def _label(self) -> Judgement:
        if self._task.label is not None:
            return self._task.label
        cell = self._task.row.label
        return self._judgement(LABEL, cell, RIGHT)

    def _read(self, cell: Cell, beside: bool) -> Member:
        member = Member(cell, beside)
        if cell.error:
            member.error = cell.error
            return member
        for reading in cell.readings:
            try:
                code = compiled(reading)
                found = value(code, self._world, self._world.listing.functions)
                member.values.append(self._world.listing.finished(found))
                member.codes.append(code)
            except Meaningless as error:
                member.error = member.error or error.message
                member.mismatch = member.mismatch or isinstance(error, ShapeMismatch)
            except (ValueError, np.linalg.LinAlgError):
                member.error = member.error or "this has no value"
        if member.mismatch and not member.codes:
            member.codes = []
        return member

    def _numbers(self) -> tuple[float | None, float | None]:
        """The right value, and the one that the writer's own values give; None where there is none to compare."""
        target = self._task.target
        if target.ndim > 1:
            if target.shape[1:] != (1, 1):
                return None, None
            target = target[:, 0, 0]
        pointed = self._world.reference.pointed
        if not pointed and not np.allclose(target[:-1], target[0], rtol=1e-9, atol=1e-12):
            return None, None
        return float(target[0]), float(target[-1])

    def _is_value(self, place: int, member: Member) -> bool:
        """Whether a member is a value: a number that stands beside the chain, or ends it."""
        if member.beside:
            return not member.symbolic
        if member.symbolic or (member.error and not member.codes):
            return False
        if any(op.kind == LEAF for code in member.codes for op in code) and self._says_so(member):
            return False
        return place == len(self._members) - 1

    def _says_so(self, member: Member) -> bool:
        """Whether a member that can be read as a number is right as a formula: 3 e, where e is a row."""
        for values, code, reading in self._readings(member):
            if any(op.kind == LEAF for op in code) and self._compared(values, code, reading)[0] == EQUAL:
                return True
        return False

    # formulas

    def _formula(self, place: int, member: Member) -> Judgement:
        if not member.codes:
            return self._unreadable(member)
        if not member.symbolic:
            return self._worked_number(place, member)
        verdicts = [self._compared(values, code, reading) for values, code, reading in self._readings(member)]
        best = min(range(len(verdicts)), key=lambda at: _ORDER[verdicts[at][0]])
        outcome, said = verdicts[best]
        values, code, reading = self._readings(member)[best]
        if outcome == EQUAL:
            self._right_formula = True
            self._followed = self._last(values)
            return self._judgement(FORMULA, member.cell, RIGHT, reading, ("formula.fused",) if self._task.own else ())
        if outcome == UNSURE:
            return self._judgement(
                FORMULA,
                member.cell,
                CANNOT_TELL,
                reading,
                ("unsure",),
                "it can't be told whether this is equal; a person has to look",
            )
        if not said and self._numbers_put_in(place, values, code):
            self._followed = self._last(values)
            return self._judgement(
                FORMULA,
                member.cell,
                RIGHT,
                reading,
                ("formula.numbers",),
                "right with the numbers of earlier rows put in",
            )
        self._followed = self._last(values)
        repair = self._repaired(code)
        judged = self._judgement(
            FORMULA,
            member.cell,
            WRONG,
            reading,
            (repair.slip,) if repair else (),
            said or (repair.words if repair else ""),
        )
        judged.repair = repair.formula if repair else self._task.rule
        self._wrong_formula = self._wrong_formula or judged
        return judged

    def _readings(self, member: Member) -> list[tuple[Array, Code, Formula]]:
        return list(zip(member.values, member.codes, member.cell.readings, strict=False))

    def _compared(self, values: Array, code: Code, reading: Formula) -> tuple[str, str]:
        target = self._task.target
        if values.shape != target.shape:
            shape = self._shape
            return "unequal", f"its shape is {shape(values)}; {shape(target)} is that of the row"
        outcome = agreement(
            values.reshape(len(values), -1)[: _kept(values)].ravel(),
            target.reshape(len(target), -1)[: _kept(target)].ravel(),
        )
        if outcome != EQUAL:
            return outcome, ""
        said = self._names_itself(code) or forms.misnamed(reading, self._world, self._task.kind, self._row_name())
        return ("unequal", said) if said else (EQUAL, "")

    def _names_itself(self, code: Code) -> str:
        """What to say where a row is explained by itself."""
        label = self._task.row.label.formula
        if self._task.kind == forms.REVERSE or label is None or not any(leaf == label for leaf in leaves(code)):
            return ""
        if label.head == "name" and label.args[0] in self._world.listing.inputs:
            return ""
        return "the row names itself"

    def _row_name(self) -> str:
        return self._world.listing.row(self._task.name) or self._task.name

    def _shape(self, values: Array) -> str:
        functions = self._world.listing.functions
        return functions.shape(values) if isinstance(functions, Matrices) and isinstance(values, np.ndarray) else ""

    def _unreadable(self, member: Member) -> Judgement:
        if member.mismatch:
            said = self._misfit(member) or member.error
            judged = self._judgement(FORMULA, member.cell, WRONG, member.cell.formula, ("formula.shape",), said)
            assert member.cell.formula is not None
            repair = smallest(compiled(member.cell.formula), self._world, self._task.target)
            judged.repair = repair.formula if repair else self._task.rule
            judged.tags += (repair.slip,) if repair else ()
            self._wrong_formula = self._wrong_formula or judged
            return judged
        misread = self._misread(member)
        if misread is not None:
            return misread
        kind = VALUE if member.beside else FORMULA
        return self._judgement(kind, member.cell, UNREAD, None, ("unread",), member.error or "this can't be read")

    def _misfit(self, member: Member) -> str:
        """Which two factors do not fit, with their shapes."""
        functions = self._world.listing.functions
        assert member.cell.formula is not None and isinstance(functions, Matrices)
        for node in postorder(member.cell.formula):
            if len(node.args) != 2 or not all(isinstance(arg, Formula) for arg in node.args):
                continue
            try:
                value(compiled(node), self._world, functions)
            except ShapeMismatch:
                return "the shapes do not fit: " + ", ".join(self._with_shape(arg) for arg in node.args)
            except (Meaningless, ValueError):
                continue
        return ""

    def _with_shape(self, part: Formula) -> str:
        try:
            return f"{shown(part)} is {self._shape(value(compiled(part), self._world, self._world.listing.functions))}"
        except (Meaningless, ValueError):
            return shown(part)

    def _misread(self, member: Member) -> Judgement | None:
        """A formula with a name that nobody knows, which one other name would make right."""
        if member.cell.formula is None:
            return None
        try:
            code = compiled(member.cell.formula)
        except Meaningless:
            return None
        repair = smallest(code, self._world, self._task.target)
        if repair is None:
            return None
        judged = self._judgement(
            FORMULA, member.cell, WRONG, member.cell.formula, ("formula.slip", repair.slip), repair.words
        )
        judged.repair = repair.formula
        self._wrong_formula = self._wrong_formula or judged
        return judged

    def _worked_number(self, place: int, member: Member) -> Judgement:
        """A member that is a number but not the last one: the rule with the numbers put in."""
        judged = self._value(member)
        judged.cell = FORMULA
        if judged.verdict == WRONG:
            self._followed = self._followed if self._followed is not None else figure(member.cell.readings[0]).value
            later = [other for other in self._members[place + 1 :] if not other.symbolic and other.codes]
            right = any(self._is_right_number(other) for other in later)
            judged.tags = (
                "formula.slip" if right else "formula.wrong",
                *[tag for tag in judged.tags if tag.startswith("slip.")],
            )
            truth = self._truth
            repair = None
            if truth is not None and member.codes:
                repair = misread_number(member.codes[0], lambda number: math.isclose(number, truth, rel_tol=CLOSE))
            if repair is not None:
                judged.repair, judged.because = repair.formula, repair.words
                judged.tags += (repair.slip,) if repair.slip not in judged.tags else ()
            if right:
                judged.because = f"this member is wrong; the end of the chain is right{_also(judged.because)}"
        return judged

    def _is_right_number(self, member: Member) -> bool:
        return self._truth is not None and any(
            figure(reading).is_number(self._truth) for reading in member.cell.readings
        )

    def _numbers_put_in(self, place: int, values: Array, code: Code) -> bool:
        """Whether a formula is right at the point, with numbers in it that are values of rows which the rule uses."""
        if self._truth is None or values.ndim > 1 or (place == 0 and self._task.kind == "primal"):
            return False
        if not self._world.reference.pointed or not any(op.kind == NUMBER for op in code):
            return False
        fits = math.isclose(values[0], self._truth, rel_tol=CLOSE, abs_tol=1e-12)
        fits = fits or (
            self._carried is not None and math.isclose(values[-1], self._carried, rel_tol=CLOSE, abs_tol=1e-12)
        )
        if not fits:
            return False
        if any(op.kind == LEAF and op.what.head == "name" and op.what.args[0] in self._world.symbols for op in code):
            return True
        known = self._used_numbers()
        return any(op.kind == NUMBER and _is_known(op.what, known) for op in code)

    def _used_numbers(self) -> list[float]:
        """The values, in the truth and in the writer's world, of what the right rule uses."""
        if self._task.rule is None:
            return []
        numbers = []
        for leaf in leaves(compiled(self._task.rule)):
            try:
                values = self._world.listing.finished(self._world(leaf))
            except Meaningless:
                continue
            if values.ndim == 1:
                numbers += [float(values[0]), float(values[-1])]
        return numbers

    def _repaired(self, code: Code) -> Repair | None:
        if self._task.own:
            return None
        name, kind = self._row_name(), self._task.kind

        label = self._task.row.label.formula

        def accepted(formula: Formula) -> bool:
            if label in leaves(compiled(formula)) or not forms.in_general(formula, self._world, kind, name):
                return False
            return not forms.misnamed(formula, self._world, kind, name)

        return smallest(code, self._world, self._task.target, accepted, self._likely())

    def _likely(self) -> list[Formula]:
        return list(dict.fromkeys(leaves(compiled(self._task.rule)))) if self._task.rule is not None else []

    # values

    def _value(self, member: Member) -> Judgement:
        if not member.codes:
            return self._unreadable(member)
        readings = member.cell.readings
        if self._truth is None:
            return self._without_number(member)
        judged = [self._number(member, figure(reading), reading) for reading in readings]
        return min(judged, key=lambda one: _ORDER.get(one.verdict, 9))

    def _without_number(self, member: Member) -> Judgement:
        values = member.values[0]
        if self._task.target.ndim > 1 and values.shape == self._task.target.shape and self._world.reference.pointed:
            right = agreement(values[0].ravel(), self._task.target[0].ravel()) == EQUAL
            return self._judgement(
                VALUE, member.cell, RIGHT if right else WRONG, member.cell.formula, () if right else ("value.slip",)
            )
        return self._judgement(
            VALUE,
            member.cell,
            CANNOT_TELL,
            member.cell.formula,
            ("unsure",),
            "the problem has no point at which this number could be checked",
        )

    def _number(self, member: Member, given: Figure, reading: Formula) -> Judgement:
        """A value against the truth, against the right rule in the writer's world, and against the writer's own rule."""
        truth, carried = self._truth, self._carried
        assert truth is not None and carried is not None
        cell = member.cell
        if not math.isfinite(given.value):
            return self._judgement(
                VALUE, cell, CANNOT_TELL, reading, ("unsure",), "this number is too large or has no value"
            )
        if given.is_number(truth):
            return self._judgement(VALUE, cell, RIGHT, reading)
        if given.is_cut(truth):
            return self._judgement(
                VALUE, cell, RIGHT, reading, ("value.truncated",), "digits are cut off where they should be rounded"
            )
        slack = abs(carried - truth)
        if self._task.root is None and (given.is_number(carried) or given.is_about(truth, slack)):
            return self._judgement(
                VALUE, cell, RIGHT, reading, ("value.rounded",), "right but for rounding in earlier rows"
            )
        if self._task.root is not None and (
            given.is_number(carried) or given.is_cut(carried) or given.is_about(carried, given.open)
        ):
            return self._carried_value(cell, reading, carried, truth)
        if (
            self._followed is not None
            and not self._right_formula
            and (given.is_number(self._followed) or given.is_about(self._followed, given.open))
        ):
            judged = self._judgement(
                VALUE, cell, CARRIED, reading, ("carried",), "it follows from the formula as it is written"
            )
            judged.root = self._here()
            return judged
        slip = name_value_slip(given, truth, self._task.others())
        judged = self._judgement(VALUE, cell, WRONG, reading, ("value.slip", *slip.tags), slip.words)
        return judged

    def _carried_value(self, cell: Cell, reading: Formula, carried: float, truth: float) -> Judgement:
        if self._task.fresh and _is_trivial(carried, truth, self._task.kind):
            said = f"the step became trivial: {carried:g} instead of {truth:.6g}"
            judged = self._judgement(
                VALUE, cell, WRONG, reading, ("value.slip", "carry.refused"), f"not carried on: {said}"
            )
            judged.root = self._task.root
            return judged
        judged = self._judgement(
            VALUE, cell, CARRIED, reading, ("carried",), f"right from the value in {self._task.root}: full marks"
        )
        judged.root = self._task.root
        return judged

    # the row as a whole

    def _name_formulas(self, judgements: list[Judgement]) -> None:
        """Say of a wrong formula what the values beside it tell."""
        values = [judged for judged in judgements if judged.cell == VALUE]
        for judged in judgements:
            if (
                judged.cell != FORMULA
                or judged.verdict != WRONG
                or any(tag.startswith("formula.") for tag in judged.tags)
            ):
                continue
            judged.tags = (self._formula_tag(judged, values), *judged.tags)
            judged.because = judged.because or _REASONS[judged.tags[0]]

    def _formula_tag(self, judged: Judgement, values: list[Judgement]) -> str:
        right = any(one.verdict == RIGHT for one in values)
        if (
            right
            and self._followed is not None
            and self._truth is not None
            and math.isclose(self._followed, self._truth, rel_tol=CLOSE)
        ):
            return "formula.coincidence"
        if right or any(one.verdict == CARRIED and one.root != self._here() for one in values) or self._right_formula:
            return "formula.slip"
        if not values and any(tag.startswith("slip.") for tag in judged.tags):
            return "formula.slip"
        return "formula.wrong"

    def _own_value(self) -> float:
        """The row's value in the writer's own world: what was written, or what the formula gives there."""
        for member in reversed(self._members):
            if member.codes and not member.symbolic:
                number = figure(member.cell.readings[0]).value
                if math.isfinite(number):
                    return number
        if self._followed is not None and math.isfinite(self._followed):
            return self._followed
        target = self._task.target
        return float(target[-1]) if target.ndim == 1 else float(target[-1].ravel()[0])

    def _root(self, judgements: Sequence[Judgement], own: float) -> str | None:
        """The slip on which later rows rest: this row's own, or the one that it was carried from."""
        if self._truth is None or math.isclose(own, self._truth, rel_tol=CLOSE, abs_tol=1e-12):
            return None
        values = [judged for judged in judgements if judged.cell == VALUE]
        if values and values[-1].verdict == RIGHT:
            return None
        if values and values[-1].verdict == CARRIED:
            return values[-1].root
        if any(judged.verdict == WRONG for judged in judgements):
            return self._here()
        return self._task.root

    def _here(self) -> str:
        return f"{self._task.part} {self._task.name}"

    def _last(self, values: Array) -> float:
        return float(values[-1]) if values.ndim == 1 else float(values[-1].ravel()[0])

    def _judgement(
        self,
        kind: str,
        cell: Cell,
        verdict: str,
        reading: Formula | None = None,
        tags: tuple[str, ...] = (),
        because: str = "",
    ) -> Judgement:
        reading = cell.formula if reading is None else reading
        if verdict == RIGHT and not tags:
            tags = ("ok",)
        return Judgement(self._task.part, self._task.name, cell.line, kind, cell.text, reading, verdict, tags, because)


_ORDER = {EQUAL: 0, RIGHT: 0, CARRIED: 1, UNSURE: 2, "unequal": 3, CANNOT_TELL: 4, WRONG: 5, UNREAD: 6, BLANK: 7}
_REASONS = {
    "formula.slip": "the formula is not that of this row, though its value is",
    "formula.coincidence": "the formula has the right value at this point only, by coincidence",
    "formula.wrong": "the rule is not that of this row",
}


def _kept(values: Array) -> int:
    """Of numbers the last sample is the writer's own world and is not compared."""
    return len(values) - 1 if values.ndim == 1 else len(values)


def _is_known(number: float, known: Sequence[float]) -> bool:
    return any(math.isclose(number, other, rel_tol=CLOSE, abs_tol=1e-12) for other in known)


def _is_trivial(carried: float, truth: float, kind: str) -> bool:
    """Whether a carried derivative became 0 or 1 where the true one is neither."""
    return kind != "primal" and carried in (0.0, 1.0) and truth not in (0.0, 1.0)


def _also(said: str) -> str:
    return f"; {said}" if said else ""


def relabelled(judged: Judgement, because: str, repair: Formula | None, tags: tuple[str, ...]) -> Judgement:
    """A label that is wrong, with the one that would be right."""
    return replace(judged, verdict=WRONG, tags=tags, because=because, repair=repair)
