"""One Wengert list at a point: its lines, and the values of its primal, tangent and adjoint rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tracegen.algebra.machine import folded
from tracegen.document.table import Cell, Mark
from tracegen.errors import PointError, ProblemError
from tracegen.evaluation.decimals import NOT_TOLD, balls, decimal_of, decimals
from tracegen.evaluation.exact import BOUND, MOST_LINES, ExactValues
from tracegen.evaluation.line_names import line_labels, output_label
from tracegen.formula import Formula, children, name, names_in, with_children
from tracegen.notation.profiles import Convention
from tracegen.primitives import lookup
from tracegen.primitives.rule_formulas import definition
from tracegen.problems.problem import Problem
from tracegen.wengert.sweep import Adjoints, Tangents, forward, reverse
from tracegen.wengert.wengert_list import ONE, ZERO, Operand, WengertList

STAND_IN = "tanh"
"""What a letter stands for where a list is tried with numbers: smooth, defined everywhere, no symmetry of its first
derivative about any value but 0."""

TOO_LONG = Mark(f"the exact value has {BOUND}")
TOO_MANY = Mark(f"exact values are left out of lists of more than {MOST_LINES} lines")


@dataclass(frozen=True)
class Point:
    """The values of the inputs and parameters, and the digits of the decimals that are wanted.

    ``letters`` are parameters and seeds that have no value; with them, values are exact only.
    """

    inputs: tuple[Formula, ...]
    parameters: Mapping[str, Formula]
    digits: int
    rounding: str = "digits"
    letters: tuple[str, ...] = ()


class Values:
    """The exact and decimal values of some operands of a list; nothing where there is no point."""

    def __init__(self, wengert: WengertList, operands: Sequence[Operand], point: Point | None, primal: int) -> None:
        self.wengert = wengert
        self.operands = operands
        self._point = point
        self._primal = primal

    @property
    def has_exact(self) -> bool:
        """Whether there are exact values: a point."""
        return self._point is not None

    @property
    def has_decimals(self) -> bool:
        """Whether there are decimal values: a point, and no letters."""
        return self._point is not None and not self._point.letters

    def exact(self, place: int) -> Cell:
        """The exact value of the operand at a place, a mark where it is too long, None without a point."""
        if self._point is None:
            return None
        if self._primal > MOST_LINES:
            return TOO_MANY
        return self.exact_values.formula(self.operands[place]) or TOO_LONG

    def decimal(self, place: int) -> Cell:
        """The decimal value of the operand at a place, None without a point."""
        return self._decimals[place] if self.has_decimals else None

    def at(self, operand: Operand) -> Values:
        """The values of one other operand of the list."""
        other = Values(self.wengert, [operand], self._point, self._primal)
        if "exact_values" in self.__dict__:
            other.__dict__["exact_values"] = self.exact_values
        return other

    @cached_property
    def exact_values(self) -> ExactValues:
        """The exact values of all lines of the list. There has to be a point."""
        assert self._point is not None
        point = self._point
        return ExactValues(self.wengert, point.inputs, point.parameters, self._primal, point.letters)

    @cached_property
    def _decimals(self) -> Sequence[Cell]:
        assert self._point is not None
        point = self._point
        cells = decimals(self.wengert, self.operands, point.inputs, point.parameters, point.digits, point.rounding)
        return [self._by_the_exact_value(place) if cell is None else cell for place, cell in enumerate(cells)]

    def _by_the_exact_value(self, place: int) -> Cell:
        """The decimal of what numbers can't tell, such as the sign of 1/3 − 1/3; a mark where it has no exact value."""
        exact = self.exact(place)
        assert self._point is not None
        if not isinstance(exact, Formula):
            return NOT_TOLD
        return decimal_of(exact, self._point.digits, self._point.rounding) or NOT_TOLD


class Evaluation:
    """A list of a problem under a convention, and its sweeps, each done once."""

    def __init__(self, problem: Problem, wengert: WengertList, convention: Convention) -> None:
        self.problem = problem
        self.wengert = wengert
        self.convention = convention
        if wengert.shapes:
            shaped = [text for place, text in enumerate(wengert.inputs) if wengert.shape(place)]
            self.convention = convention = convention.with_(matrices=convention.matrices | set(shaped))
        if convention.adjoint != "bar" and len(wengert.outputs) == 1:
            (output,) = wengert.outputs
            self.convention = convention.with_(function=str(output_label(wengert, output, convention).args[0]))
        self._tangents: dict[tuple[Formula, ...], tuple[Tangents, Values]] = {}
        self._adjoints: dict[tuple[tuple[Operand, Formula], ...], tuple[Adjoints, Values]] = {}

    @cached_property
    def labels(self) -> list[Formula]:
        """The name of each line."""
        return line_labels(self.wengert, self.convention, self.data, self._taken)

    @property
    def _taken(self) -> Iterable[str]:
        """The names of the problem, and of Euler's number where values may be written with it."""
        problem = self.problem
        constants = [] if self.point is None else ["e"]
        return (*problem.parameters, *problem.steps, *problem.functions, *problem.outputs, *constants)

    def label(self, operand: Operand) -> Formula:
        """The name of a line, or the formula of a constant."""
        return self.labels[operand] if operand >= 0 else self.wengert.constant(operand)

    def definition(self, place: int) -> Formula:
        """What a line is: its operation on the names of its operands, or the name of its input."""
        line = self.wengert.line(place)
        if line.primitive is None:
            return name(self.wengert.inputs[place])
        shapes = [self.wengert.shape(operand) for operand in line.operands]
        written = definition(line.primitive, tuple(map(self.label, line.operands)), shapes)
        if not any(shapes) or not self.called:
            return written
        return with_children(written, [self.with_names(part) for part in children(written)])

    def with_names(self, formula: Formula) -> Formula:
        """The formula with the names of functions of matrices that are lines already: P for softmax(Z)."""
        return with_names(formula, self.called)

    @cached_property
    def called(self) -> dict[Formula, Formula]:
        """The names of all lines that are functions of matrices."""
        return self.calls(range(len(self.wengert)), self.labels)

    def calls(self, places: Iterable[int], labels: Sequence[Formula]) -> dict[Formula, Formula]:
        """The names of some lines by their definitions over ``labels``: of those that are functions of matrices,
        neither sums nor products nor element by element, which a rule may have in it again."""
        names: dict[Formula, Formula] = {}
        for place in places if self.wengert.shapes else ():
            line = self.wengert.line(place)
            row = line.primitive
            if row is None or row.multilinear or row.vjp is None:
                continue
            operands = [
                labels[operand] if operand >= 0 else self.wengert.constant(operand) for operand in line.operands
            ]
            written = definition(row, operands, [self.wengert.shape(operand) for operand in line.operands])
            names[written] = self.labels[place]
        return names

    @cached_property
    def data(self) -> list[int]:
        """The inputs that are given data: nothing is differentiated by them."""
        return [place for place, entry in enumerate(self.problem.inputs) if entry.constant]

    @cached_property
    def unused(self) -> set[int]:
        """The steps that no output is made of, and so without adjoints: P = softmax(Z), where the loss takes Z."""
        wengert = self.wengert
        if not wengert.shapes:
            return set()
        steps = set(range(len(wengert.inputs), len(wengert))).difference(wengert.outputs.values())
        for place in range(len(wengert) - 1, len(wengert.inputs) - 1, -1):
            if place not in steps:
                steps.difference_update(wengert.lines[place][1:])
        return steps

    @cached_property
    def point(self) -> Point | None:
        """The point, or None where an input has no value."""
        if not self.problem.has_point:
            return None
        if self.letters:
            return None
        inputs = tuple(entry.value for entry in self.problem.inputs if entry.value is not None)
        parameters = {text: value for text, value in self.problem.parameters.items() if value is not None}
        letters = tuple(text for text, value in self.problem.parameters.items() if value is None)
        return Point(inputs, parameters, self.convention.digits, self.convention.rounding, letters)

    @property
    def is_evaluable(self) -> bool:
        """Whether every line has a number at the point: nothing in it is a letter."""
        return self.point is not None and not self.point.letters and not self.letters

    @cached_property
    def letters(self) -> list[str]:
        """The functions that are known by their letter only."""
        letters = [row.letter[0] for row in self.wengert.primitives if row.letter is not None]
        return [text for text in dict.fromkeys(letters) if text not in self.wengert.functions]

    @cached_property
    def sampled(self) -> WengertList:
        """The list with a smooth function in place of each letter, so that it can be tried with numbers."""
        if not self.letters:
            return self.wengert
        return replace(self.wengert, functions=self.wengert.functions | dict.fromkeys(self.letters, STAND_IN))

    def cotangent(self, output: str, seed: Formula = ONE) -> Formula:
        """What the adjoint of an output starts with: the seed, but for a matrix a letter ȳ instead of 1."""
        return Formula("adjoint", (name(output),)) if seed == ONE and self.wengert.shape(self.output(output)) else seed

    def point_for(self, output: str, seed: Sequence[Formula]) -> Point | None:
        """The point of a second-order sweep: with the letters of a direction, None where ȳ or they are matrices."""
        return self._point_with([self.cotangent(output), *seed])

    def _point_with(self, formulas: Iterable[Formula]) -> Point | None:
        """The point, with the letters of some seeds; None where they stand for matrices."""
        formulas = list(formulas)
        if self.point is None or (self.wengert.shapes and any(map(names_in, formulas))):
            return None
        taken = {*self.point.parameters, *self.point.letters}
        fresh = dict.fromkeys(text for formula in formulas for text in names_in(formula) if text not in taken)
        return replace(self.point, letters=(*self.point.letters, *fresh))

    @cached_property
    def primal(self) -> Values:
        """The values of the lines."""
        return Values(self.wengert, range(len(self.wengert)), self.point, len(self.wengert))

    def tangents(self, seed: Sequence[Formula]) -> tuple[Tangents, Values]:
        """A forward sweep with the tangents of the inputs, and the values of the lines' tangents."""
        key = tuple(seed)
        if key not in self._tangents:
            swept = forward(self.wengert, key)
            self._tangents[key] = swept, Values(swept.wengert, swept.of, self._point_with(key), len(self.wengert))
        return self._tangents[key]

    def adjoints(self, cotangents: Mapping[str, Formula]) -> tuple[Adjoints, Values]:
        """A reverse sweep with the adjoints of outputs, and the values of the lines' adjoints."""
        key = tuple((self.output(output), self.cotangent(output, given)) for output, given in cotangents.items())
        if key not in self._adjoints:
            swept = reverse(self.wengert, dict(key))
            point = self._point_with(formula for _, formula in key)
            self._adjoints[key] = swept, Values(swept.wengert, swept.of, point, len(self.wengert))
        return self._adjoints[key]

    def output(self, output: str) -> Operand:
        """The operand of an output; ProblemError where the list has no such output."""
        if output not in self.wengert.outputs:
            raise ProblemError(f"there is no output {output!r}; there are {', '.join(self.wengert.outputs)}")
        return self.wengert.outputs[output]

    def unit_seed(self, wanted: str) -> tuple[Formula, ...]:
        """The seed that is 1 for one input and 0 for the others; ProblemError where there is no such input."""
        self.problem.input(wanted)
        return tuple(ONE if text == wanted else ZERO for text in self.wengert.inputs)


def with_names(formula: Formula, called: Mapping[Formula, Formula]) -> Formula:
    """The formula with the names of lines for what the lines are: P − T for softmax(Z) − T.

    >>> from tracegen.formula import name
    >>> with_names(Formula("neg", (Formula("inv", (name("A"),)),)), {Formula("inv", (name("A"),)): name("B")}).args
    (Formula(head='name', args=('B',)),)
    """
    if not called:
        return formula

    def renamed(node: Formula, below: list[Formula]) -> Formula:
        rebuilt = with_children(node, below)
        return called.get(rebuilt, rebuilt)

    return folded(formula, renamed)


_BITS = 192


def evaluation_of(problem: Problem, wengert: WengertList, convention: Convention) -> Evaluation:
    """A list of a problem under a convention; where a determinant is 0 at the point, with the rule adj(A)ᵀ for
    determinants instead of det(A) A⁻ᵀ.

    Source: Jacobi's formula; J. R. Magnus and H. Neudecker, "Matrix Differential Calculus" (2019), section 8.3.
    """
    evaluation = Evaluation(problem, wengert, convention)
    if not any(row.name == "det" for row in wengert.primitives) or not _is_zero_somewhere(evaluation):
        return evaluation
    primitives = [lookup("det_by_adjugate") if row.name == "det" else row for row in wengert.primitives]
    return Evaluation(problem, replace(wengert, primitives=primitives), convention)


def _is_zero_somewhere(evaluation: Evaluation) -> bool:
    """Whether a determinant is 0 at the point."""
    point = evaluation.point
    if point is None or point.letters:
        return False
    values = balls(evaluation.wengert, point.inputs, point.parameters, _BITS)
    lines = (line for line in evaluation.wengert if line.primitive is not None and line.primitive.name == "det")
    return any(values[line.index].contains(0) for line in lines)


def check_second_order(evaluation: Evaluation) -> None:
    """Raise PointError where a determinant is 0: the rule for its second derivative has an inverse in it."""
    if any(row.name == "det_by_adjugate" for row in evaluation.wengert.primitives):
        raise PointError("a determinant is 0 at the point, and the rule for its second derivative needs an inverse")
