"""Judges a formula: by its values at all samples, then by the rows that it names, then by the slip that explains it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tracegen.formula import Formula, postorder
from tracegen.grading import forms
from tracegen.grading.leaves import shown
from tracegen.grading.matrices import Matrices
from tracegen.grading.meaning import LEAF, NUMBER, Array, Code, MeaninglessError, compiled, leaves, value
from tracegen.grading.misread import misread_number
from tracegen.grading.numbers import figure, with_decimals_moved
from tracegen.grading.parts import ShapeMismatchError
from tracegen.grading.repairs import Repair, smallest
from tracegen.grading.samples import EQUAL, UNEQUAL, agreement, right_values
from tracegen.grading.samples import UNSURE as UNDECIDED
from tracegen.grading.tasks import CLOSE, Case, Member, Read, at, has_names
from tracegen.grading.values import ValueJudge
from tracegen.grading.verdicts import FORMULA, RIGHT, UNREAD, UNSURE, VALUE, WRONG, Judgement

NAMES_ITSELF = "the row names itself"

_ORDER = {EQUAL: 0, UNDECIDED: 1, UNEQUAL: 2}


class FormulaJudge:
    """Judges the formulas of one row."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def judge(self, place: int, member: Member) -> Judgement:
        """The verdict on a member of a chain; of several readings the one that fits best counts."""
        if not member.reads:
            return self.unreadable(member)
        if not member.symbolic and not self.is_right(member):
            return self._worked_number(place, member)
        compared = [(*self._compared(read), read) for read in member.reads if has_names(read.code)]
        outcome, said, read = min(compared, key=lambda one: (not np.isfinite(one[2].values).any(), _ORDER[one[0]]))
        case, cell = self._case, member.cell
        followed = at(read.values, -1)
        case.followed, case.made = (followed, None) if isinstance(followed, float) else (None, followed)
        case.unrounded = None if case.followed is None else float(at(read.values, 0))
        case.latest_right = outcome == EQUAL
        if outcome == EQUAL:
            case.right_formula = True
            return case.judgement(FORMULA, cell, RIGHT, read.formula, ("formula.fused",) if case.task.own else ())
        if outcome == UNDECIDED:
            said = "it can't be told whether this is equal; a person has to look"
            return case.judgement(FORMULA, cell, UNSURE, read.formula, ("unsure",), said)
        if not said and self._numbers_put_in(place, read):
            said = "right with the numbers of earlier rows put in"
            return case.judgement(FORMULA, cell, RIGHT, read.formula, ("formula.numbers",), said)
        repair = self._repaired(read.code)
        tags: tuple[str, ...] = (repair.slip,) if repair else ()
        tags += ("slip.itself",) if said == NAMES_ITSELF else ()
        judged = case.judgement(FORMULA, cell, WRONG, read.formula, tags, said or (repair.words if repair else ""))
        judged.repair = repair.formula if repair else case.task.rule
        if case.truth is not None and case.followed is not None:
            case.coincident |= {id(judged)} if math.isclose(case.followed, case.truth, rel_tol=CLOSE) else set()
        return self._once(judged, read.values)

    def _once(self, judged: Judgement, values: Array | None) -> Judgement:
        """A wrong member, which is one slip with an earlier one that says the same or has the same repair."""
        for earlier, before in self._case.wrong:
            if values is None or before is None:
                same = values is before and judged.tags == earlier.tags
            else:
                same = values.shape == before.shape and agreement(values[:-1].ravel(), before[:-1].ravel()) == EQUAL
            if same:
                judged.slip = earlier.slip = f"{self._case.here} line {earlier.line} {earlier.text}"
        self._case.wrong.append((judged, values))
        return judged

    def is_right(self, member: Member) -> bool:
        """Whether a member is right as a formula, though it can be read as a number: 3 e, where e is a row."""
        return any(has_names(read.code) and self._compared(read)[0] == EQUAL for read in member.reads)

    def unreadable(self, member: Member) -> Judgement:
        """A member without a meaning: shapes that do not fit, a name without a row, or something for a person."""
        case, formula = self._case, member.cell.formula
        if member.mismatch and formula is not None:
            judged = case.judgement(
                FORMULA, member.cell, WRONG, formula, ("formula.shape",), self._misfit(formula) or member.error
            )
            repair = smallest(compiled(formula), case.world, case.task.target)
            judged.repair = repair.formula if repair else case.task.rule
            judged.tags += (repair.slip,) if repair else ()
            return self._once(judged, None)
        repair = self._misread(formula)
        if repair is not None:
            return case.judgement(FORMULA, member.cell, UNSURE, formula, ("unsure",), f"{member.error}; {repair.words}")
        kind = VALUE if member.beside else FORMULA
        return case.judgement(kind, member.cell, UNREAD, None, ("unread",), member.error or "this can't be read")

    def _compared(self, read: Read) -> tuple[str, str]:
        """Whether a reading has the row's values, and what is wrong with it though it has."""
        target, values = self._case.task.target, read.values
        if values.shape != target.shape:
            return UNEQUAL, f"its shape is {self._shape(values)}; {self._shape(target)} is that of the row"
        outcome = agreement(values[:-1].ravel(), target[:-1].ravel())
        increment = self._case.task.increment
        if outcome != EQUAL and increment is not None:
            added = agreement(values[:-1].ravel(), increment[:-1].ravel())
            return (EQUAL if added == EQUAL else outcome), ""
        if outcome != EQUAL:
            return outcome, ""
        said = self._names_itself(read.code) or forms.misnamed(
            read.formula, self._case.world, self._case.task.kind, self._case.row
        )
        return (UNEQUAL, said) if said else (EQUAL, "")

    def _names_itself(self, code: Code) -> str:
        """What to say where a row is explained by itself."""
        label = self._case.task.row.label.formula
        if self._case.task.kind == forms.REVERSE or label is None or label not in leaves(code):
            return ""
        base = label if label.head == "name" else label.args[0]
        if isinstance(base, Formula) and base.head == "name" and base.args[0] in self._case.world.listing.inputs:
            return ""
        return NAMES_ITSELF

    def _shape(self, values: Array) -> str:
        functions = self._case.world.listing.functions
        return functions.shape(values) if isinstance(functions, Matrices) and isinstance(values, np.ndarray) else ""

    def _misfit(self, formula: Formula) -> str:
        """Which two factors do not fit, with their shapes."""
        functions = self._case.world.listing.functions
        for node in postorder(formula):
            if len(node.args) != 2 or node.head == "slice" or not all(isinstance(arg, Formula) for arg in node.args):
                continue
            try:
                value(compiled(node), self._case.world, functions)
            except ShapeMismatchError:
                return "the shapes do not fit: " + ", ".join(self._with_shape(arg) for arg in node.args)
            except (MeaninglessError, ValueError):
                continue
        return ""

    def _with_shape(self, part: Formula) -> str:
        try:
            found = value(compiled(part), self._case.world, self._case.world.listing.functions)
        except (MeaninglessError, ValueError):
            return shown(part)
        shape = self._shape(found)
        return f"{shown(part)} is {shape}" if shape else shown(part)

    def _misread(self, formula: Formula | None) -> Repair | None:
        """The change that makes a formula right in which nobody knows a name."""
        if formula is None:
            return None
        world, target = self._case.world, self._case.task.target

        def sought() -> Repair | None:
            try:
                return smallest(compiled(formula), world, target)
            except MeaninglessError:
                return None

        return world.reference.findings.of(("misread", world.state, formula, right_values(target)), sought)

    def _worked_number(self, place: int, member: Member) -> Judgement:
        """A member that is a number but not the last one: the rule with the numbers put in."""
        case = self._case
        judged = ValueJudge(case).judge(member)
        judged.cell = FORMULA
        if judged.verdict != WRONG:
            return judged
        case.followed, case.latest_right = figure(member.reads[0].formula).value, False
        truth = case.truth
        later = [other for other in case.members[place + 1 :] if other.reads and not other.symbolic]
        right = truth is not None and any(
            figure(read.formula).is_number(truth) for other in later for read in other.reads
        )
        tags = ["formula.slip" if right else "formula.wrong", *(tag for tag in judged.tags if tag.startswith("slip."))]
        if truth is not None:
            repair = misread_number(member.reads[0].code, lambda number: math.isclose(number, truth, rel_tol=CLOSE))
            if repair is not None:
                judged.repair, judged.because = repair.formula, repair.words
                tags.append(repair.slip)
        if right:
            also = f"; {judged.because}" if judged.because else ""
            judged.because = f"this member is wrong; the end of the chain is right{also}"
        judged.tags = tuple(dict.fromkeys(tags))
        return judged

    def _numbers_put_in(self, place: int, read: Read) -> bool:
        """Whether a formula is right at the point, with numbers in it that are values of rows which the rule uses."""
        case, values = self._case, read.values
        if case.numbers is None or values.ndim > 1 or (place == 0 and case.task.kind == "primal"):
            return False
        truth, carried = case.numbers
        numbers = [op.what for op in read.code if op.kind == NUMBER]
        if not case.world.reference.pointed or not numbers:
            return False
        if not _is_known(values[0], [truth]) and not _is_known(values[-1], [carried]):
            return self._is_about(read, truth, carried)
        if any(op.kind == LEAF and _seed(op.what) in case.world.symbols for op in read.code):
            return True
        known = self._used_numbers()
        return any(_is_known(number, known) for number in numbers)

    def _is_about(self, read: Read, truth: float, carried: float) -> bool:
        """Whether a formula has the right value, or the one carried, to the digits of the decimals that were put in;
        those of the right rule itself are no such."""
        case = self._case
        exact = {op.what for op in compiled(case.task.rule) if op.kind == NUMBER} if case.task.rule is not None else ()
        left_open = [0.0, 0.0]
        for code in with_decimals_moved(read.formula, read.code, exact):
            try:
                moved = case.world.listing.finished(value(code, case.world, case.world.listing.functions))
            except MeaninglessError:
                return False
            left_open[0] += abs(float(moved[0] - read.values[0]))
            left_open[1] += abs(float(moved[-1] - read.values[-1]))
        differences = abs(float(read.values[0]) - truth), abs(float(read.values[-1]) - carried)
        return any(0 < difference <= room for difference, room in zip(differences, left_open, strict=True))

    def _used_numbers(self) -> list[float]:
        """The values, in the truth and in the writer's world, of what the right rule uses."""
        numbers = []
        for leaf in self._rule_leaves():
            try:
                values = self._case.world.listing.finished(self._case.world(leaf))
            except MeaninglessError:
                continue
            if values.ndim == 1:
                numbers += [float(values[0]), float(values[-1])]
        return numbers

    def _repaired(self, code: Code) -> Repair | None:
        """The smallest change that makes a formula the row's, and not only by coincidence."""
        case = self._case
        if case.task.own:
            return None
        task, world = case.task, case.world
        right = right_values(task.target), task.explain is None
        key = ("repair", world.state, task.kind, case.row, task.row.label.formula, code, *right)
        return world.reference.findings.of(key, lambda: self._sought(code))

    def _sought(self, code: Code) -> Repair | None:
        case = self._case
        label = case.task.row.label.formula

        adds_up = case.task.kind == forms.REVERSE and label in leaves(code)

        def named(formula: Formula) -> bool:
            if label in leaves(compiled(formula)) and not adds_up:
                return False
            return not forms.misnamed(formula, case.world, case.task.kind, case.row)

        def accepted(formula: Formula) -> bool:
            return named(formula) and forms.in_general(formula, case.world, case.task.kind, case.row)

        if case.task.kind == forms.FORWARD and not case.world.reference.has_matrices:
            target = case.world.listing.tangents("")[case.row]
            found = smallest(code, forms.along_any(case.world), target, accepted, case.task.rule)
            if found is not None:
                return found
        found = smallest(code, case.world, case.task.target, accepted, case.task.rule)
        if found is not None or case.task.kind != forms.FORWARD or case.world.reference.has_matrices:
            return found
        some = forms.AlongSome(case.world)
        return smallest(code, some, some.tangent(case.row), named, case.task.rule)

    def _rule_leaves(self) -> list[Formula]:
        rule = self._case.task.rule
        return [] if rule is None else list(dict.fromkeys(leaves(compiled(rule))))


def _seed(leaf: Formula) -> str:
    """What a leaf says where it is a letter for a seed, p1, or the tangent of an input that stands for one, ẋ1."""
    named = leaf.args[0] if leaf.head == "tangent" else leaf
    return str(named.args[0]) if named.head == "name" else ""


def _is_known(number: float, known: Sequence[float]) -> bool:
    return any(math.isclose(number, other, rel_tol=CLOSE, abs_tol=1e-12) for other in known)
