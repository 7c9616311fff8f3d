"""Variants of a problem: the same graph with other numbers, by choice also other functions of like difficulty, and
exact values that stay short."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from tracegen.algebra.machine import run
from tracegen.document.table import Cell, Decimal
from tracegen.errors import FormatError, ProblemError, TracegenError
from tracegen.evaluation.bad_points import bad_point, check_point
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, children, number, postorder, rational, with_children
from tracegen.notation import text
from tracegen.notation.profiles import Convention
from tracegen.problems.problem import Problem
from tracegen.problems.problem_file import Input
from tracegen.problems.problem_lists import lists
from tracegen.publish.worksheet.problem_toml import to_toml
from tracegen.wengert.wengert_list import ONE, WengertList

ALIKE = (
    ("sin", "cos"), ("log", "sqrt"), ("tanh", "atan"), ("sinh", "cosh"), ("asin", "acos"), ("min", "max"),
)  # fmt: skip
"""Functions that are as hard to differentiate as each other."""

VARY = ("point", "numbers", "all")
"""What a variant may change: the values of the inputs, also the coefficients in the formulas, or functions as well."""

COEFFICIENTS = ("add", "sub", "mul", "div", "neg")
"""The operations whose numbers are coefficients; others are exponents, places in an array, or axes."""

FACTORS, EXPONENTS = (2, 3, 4, 5), (2, 3)
INPUTS = (4, 9, 60)
"""How far the integers of a point go: a little first, and further where too few variants are found."""

LARGEST = dict(zip(INPUTS, (2e3, 2e4, 1e6), strict=True))
"""How large a value may be then."""

_PARTNERS = {head: group for group in ALIKE for head in group}
_CANDIDATES, _TRIES = 8, 80


def variants(problem: Problem, count: int, seed: int, convention: Convention, vary: str = "numbers") -> list[Problem]:
    """Some variants of a problem, all different from each other; the same for the same seed.

    One alone is the problem itself, where nothing in it can be varied: it can still be asked. Raises FormatError for
    what can't be varied, ProblemError where several are wanted of a problem that has too little in it.

    >>> from tracegen.sources.sources import problem_of
    >>> from tracegen.notation import text
    >>> made = variants(problem_of("3*sin(x)", {"x": 2}, None, None), 2, 1, Convention())
    >>> len({to_toml(variant) for variant in made})
    2
    """
    if vary not in VARY:
        raise FormatError(f"{vary!r} can't be varied; {', '.join(VARY)} can")
    wanted = _Wanted(problem, convention, vary)
    chosen = random.Random(seed)
    seen = {to_toml(problem)}
    made: list[Problem] = []
    for at in range(count):
        best = wanted.best(chosen, seen) or (problem if count == 1 else None)
        if best is None:
            found = "no variant" if at == 0 else "only one variant" if at == 1 else f"only {at} variants"
            raise ProblemError(f"{found} of it could be made, not {count}: {wanted.why(vary)}")
        seen.add(to_toml(best))
        named = f"{problem.title}, variant {at + 1}" if problem.title else f"Variant {at + 1}"
        made.append(replace(best, title=named))
    return made


class _Measure(NamedTuple):
    """How long the exact values are together, how many values are 0 or have no derivative, and how many are too long to
    be written."""

    length: int
    zeros: int
    unwritten: int


class _Wanted:
    """What a variant has to have: the graph of the problem, values at its point, and no more zeros."""

    def __init__(self, problem: Problem, convention: Convention, vary: str) -> None:
        self._vary = vary
        self._fault = ""
        self._problem = problem
        self._convention = convention
        self._graph = [_graph(wengert) for wengert in lists(problem, convention)]
        self._own = self._measured(problem, math.inf)

    def best(self, chosen: random.Random, seen: set[str]) -> Problem | None:
        """The one whose exact values are most nearly as long as the problem's, of some that are found; None if none."""
        ranked: list[tuple[int, int, Problem]] = []
        for attempt in range(_TRIES * len(INPUTS)):
            most = INPUTS[attempt // _TRIES]
            if ranked and most != INPUTS[0]:
                break
            candidate = _Numbers(self._vary, chosen, most).problem(self._problem)
            if len(ranked) == _CANDIDATES or to_toml(candidate) in seen:
                continue
            try:
                measured = self._measured(candidate, LARGEST[most])
            except TracegenError as error:
                self._fault = str(error)
                continue
            if measured.zeros <= self._own.zeros and measured.unwritten <= self._own.unwritten:
                ranked.append((abs(measured.length - self._own.length), attempt, candidate))
        return min(ranked)[2] if ranked else None

    def why(self, vary: str) -> str:
        """Why no other variant was found, in words."""
        wider = "" if vary == VARY[-1] else f"; vary {VARY[VARY.index(vary) + 1]} to have more"
        last = f" (of the last one that was tried, {self._fault})" if self._fault else ""
        return f"it has too few numbers to vary{last}{wider}"

    def _measured(self, problem: Problem, largest: float) -> _Measure:
        """What the values of a problem with the same graph are like. Raises ProblemError of another graph."""
        wengerts = lists(problem, self._convention)
        if [_graph(wengert) for wengert in wengerts] != self._graph:
            raise ProblemError("another graph")
        length = zeros = unwritten = 0
        for wengert in wengerts:
            evaluation = Evaluation(problem, wengert, self._convention)
            report = check_point(evaluation)
            if report.missing:
                raise bad_point(evaluation, report.missing[0].words)
            zeros += len(report.kinks)
            for exact, decimal in _values(evaluation, largest) if evaluation.is_evaluable else ():
                length += len(text(exact)) if isinstance(exact, Formula) else 0
                unwritten += not isinstance(exact, Formula)
                zeros += decimal == 0
        return _Measure(length, zeros, unwritten)


def _values(evaluation: Evaluation, largest: float) -> Iterator[tuple[Cell, float]]:
    """The exact and decimal values of the lines and adjoints. Raises ProblemError where one is not there or large."""
    swept = [evaluation.primal, *(evaluation.adjoints({output: ONE})[1] for output in evaluation.wengert.outputs)]
    for values in swept:
        for place in range(len(evaluation.wengert)):
            decimal = values.decimal(place)
            if isinstance(decimal, Formula):
                yield values.exact(place), 1.0
                continue
            if not isinstance(decimal, Decimal) or abs(float(decimal)) > largest:
                raise ProblemError("a value is too large")
            yield values.exact(place), float(decimal)


def _graph(wengert: WengertList) -> list[tuple[int, ...]]:
    """The wires of a list: which lines each line uses."""
    return [tuple(operand if operand >= 0 else -1 for operand in line[1:]) for line in wengert.lines]


@dataclass(frozen=True)
class _Numbers:
    """What is varied, and how far integers of the point may go."""

    vary: str
    chosen: random.Random
    most: int

    def problem(self, problem: Problem) -> Problem:
        """The problem with other numbers."""
        if self.vary == "point":
            return replace(problem, inputs=tuple(map(self._input, problem.inputs)))
        return replace(
            problem,
            inputs=tuple(map(self._input, problem.inputs)),
            steps={key: self._formula(formula) for key, formula in problem.steps.items()},
            outputs={key: self._formula(formula) for key, formula in problem.outputs.items()},
        )

    def _input(self, entry: Input) -> Input:
        """Another value; given data stays, and what has to be symmetric or probabilities."""
        if entry.value is None or entry.constant or entry.symmetric or entry.has_probabilities:
            return entry
        if entry.value.head != "matrix":
            return replace(entry, value=self._value(entry.value))
        rows = tuple(tuple(map(self._value, row)) for row in entry.value.args)
        return replace(entry, value=Formula("matrix", rows))

    def _value(self, value: Formula) -> Formula:
        """Another number of the same sign, with as many digits behind the point; what has other parts keeps them."""
        if value.head == "neg":
            return Formula("neg", (self._value(value.args[0]),))
        if value.head != "number":
            return self._formula(value)
        whole = rational(value)
        if whole == 0:
            return value
        if not value.args[0].isdigit():
            return _other_decimal(value, self.chosen)
        return number(self.chosen.randint(1, self.most))

    def _formula(self, formula: Formula) -> Formula:
        """Other coefficients; by choice also other exponents and functions."""

        def varied(node: Formula, fresh: list[Formula]) -> Formula:
            if node.head in COEFFICIENTS:
                fresh = [_other_coefficient(part, self.chosen) if part.head == "number" else part for part in fresh]
            if node.head == "pow":
                fresh[1] = _other_exponent(node.args[1], self.chosen) if self.vary == "all" else node.args[1]
            made = with_children(node, fresh)
            alike = _PARTNERS.get(node.head) if self.vary == "all" else None
            return Formula(self.chosen.choice(alike), made.args) if alike else made

        # not as a program, for a part that stands at two places is varied at each
        return run(((node, len(children(node))) for node in postorder(formula)), lambda leaf: leaf, varied)


def _other_coefficient(node: Formula, chosen: random.Random) -> Formula:
    """Another number of about its size; 0 and 1 stay, for they decide what is a line."""
    if not node.args[0].isdigit():
        return _other_decimal(node, chosen)
    whole = int(node.args[0])
    if whole <= 1:
        return node
    return number(chosen.choice(FACTORS) if whole <= FACTORS[-1] else chosen.randint(whole // 2, 2 * whole))


def _other_decimal(node: Formula, chosen: random.Random) -> Formula:
    """Another decimal of about its size, with as many digits behind the point."""
    before, point, after = node.args[0].partition(".")
    digits = f"{before}{after}"
    if not point or not digits.isdigit() or int(digits) == 0:
        return node
    whole = int(digits)
    last = chosen.randint(1, 9)  # no zero at the end, which would be a digit less
    tens = chosen.randint(whole // 20, max(whole // 5, 1)) if whole > 9 else 0
    fresh = f"{10 * tens + last:0{len(after) + 1}}"
    return Formula("number", (f"{fresh[: len(fresh) - len(after)]}.{fresh[len(fresh) - len(after) :]}",))


def _other_exponent(exponent: Formula, chosen: random.Random) -> Formula:
    return number(chosen.choice(EXPONENTS)) if exponent.args[0] in ("2", "3") else exponent
