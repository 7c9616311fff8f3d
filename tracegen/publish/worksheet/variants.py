"""Variants of a problem: the same graph, other numbers and functions of like difficulty, and exact values that stay
short."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from tracegen.algebra.machine import run
from tracegen.document.table import Cell, Decimal
from tracegen.errors import ProblemError, TracegenError
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

FACTORS, EXPONENTS, INPUTS = (2, 3, 4, 5), (2, 3), (1, 2, 3, 4)

_PARTNERS = {head: group for group in ALIKE for head in group}
_CANDIDATES, _TRIES = 8, 80
_LARGEST = 2000.0


def variants(problem: Problem, count: int, seed: int, convention: Convention) -> list[Problem]:
    """Some variants of a problem, all different from each other; the same for the same seed.

    Raises ProblemError where the problem has too little in it that could be varied.

    >>> from tracegen.sources.sources import problem_of
    >>> from tracegen.notation import text
    >>> made = variants(problem_of("3*sin(x)", {"x": 2}, None, None), 2, 1, Convention())
    >>> len({to_toml(variant) for variant in made})
    2
    """
    wanted = _Wanted(problem, convention)
    chosen = random.Random(seed)
    seen = {to_toml(problem)}
    made: list[Problem] = []
    for at in range(count):
        best = wanted.best(chosen, seen)
        if best is None:
            raise ProblemError(f"only {at} variants of it were found, not {count}: it has too few numbers to vary")
        seen.add(to_toml(best))
        named = f"{problem.title}, variant {at + 1}" if problem.title else f"Variant {at + 1}"
        made.append(replace(best, title=named))
    return made


class _Measure(NamedTuple):
    """How long the exact values are together, how many values are 0, and how many are too long to be written."""

    length: int
    zeros: int
    unwritten: int


class _Wanted:
    """What a variant has to have: the graph of the problem, values at its point, and no more zeros."""

    def __init__(self, problem: Problem, convention: Convention) -> None:
        self._problem = problem
        self._convention = convention
        self._graph = [_graph(wengert) for wengert in lists(problem, convention)]
        self._own = self._measured(problem)

    def best(self, chosen: random.Random, seen: set[str]) -> Problem | None:
        """The one whose exact values are most nearly as long as the problem's, of some that are found; None if none."""
        ranked: list[tuple[int, int, Problem]] = []
        for attempt in range(_TRIES):
            candidate = _varied(self._problem, chosen)
            if len(ranked) == _CANDIDATES or to_toml(candidate) in seen:
                continue
            try:
                measured = self._measured(candidate)
            except TracegenError:
                continue
            if measured.zeros <= self._own.zeros and measured.unwritten <= self._own.unwritten:
                ranked.append((abs(measured.length - self._own.length), attempt, candidate))
        return min(ranked)[2] if ranked else None

    def _measured(self, problem: Problem) -> _Measure:
        """What the values of a problem with the same graph are like. Raises ProblemError of another graph."""
        wengerts = lists(problem, self._convention)
        if [_graph(wengert) for wengert in wengerts] != self._graph:
            raise ProblemError("another graph")
        length = zeros = unwritten = 0
        for wengert in wengerts:
            evaluation = Evaluation(problem, wengert, self._convention)
            for exact, decimal in _values(evaluation) if evaluation.is_evaluable else ():
                length += len(text(exact)) if isinstance(exact, Formula) else 0
                unwritten += not isinstance(exact, Formula)
                zeros += decimal == 0
        return _Measure(length, zeros, unwritten)


def _values(evaluation: Evaluation) -> Iterator[tuple[Cell, float]]:
    """The exact and decimal values of the lines and adjoints. Raises ProblemError where one is not there or large."""
    swept = [evaluation.primal, *(evaluation.adjoints({output: ONE})[1] for output in evaluation.wengert.outputs)]
    for values in swept:
        for place in range(len(evaluation.wengert)):
            decimal = values.decimal(place)
            if isinstance(decimal, Formula):
                yield values.exact(place), 1.0
                continue
            if not isinstance(decimal, Decimal) or abs(float(decimal)) > _LARGEST:
                raise ProblemError("a value is too large")
            yield values.exact(place), float(decimal)


def _graph(wengert: WengertList) -> list[tuple[int, ...]]:
    """The wires of a list: which lines each line uses."""
    return [tuple(operand if operand >= 0 else -1 for operand in line[1:]) for line in wengert.lines]


def _varied(problem: Problem, chosen: random.Random) -> Problem:
    return replace(
        problem,
        inputs=tuple(_varied_input(entry, chosen) for entry in problem.inputs),
        steps={key: _varied_formula(formula, chosen) for key, formula in problem.steps.items()},
        outputs={key: _varied_formula(formula, chosen) for key, formula in problem.outputs.items()},
    )


def _varied_input(entry: Input, chosen: random.Random) -> Input:
    if entry.value is None or entry.symmetric or entry.has_probabilities:
        return entry
    if entry.value.head != "matrix":
        return replace(entry, value=_varied_value(entry.value, chosen))
    rows = tuple(tuple(_varied_value(cell, chosen) for cell in row) for row in entry.value.args)
    return replace(entry, value=Formula("matrix", rows))


def _varied_value(value: Formula, chosen: random.Random) -> Formula:
    """Another integer of the same sign; what is no integer stays."""
    whole = rational(value)
    if whole is None or whole.denominator != 1 or whole == 0:
        return value
    return number(chosen.choice(INPUTS) * (1 if whole > 0 else -1))


def _varied_formula(formula: Formula, chosen: random.Random) -> Formula:
    """Other factors, exponents and functions; 0 and 1 stay, for they decide what is a line."""

    def varied(node: Formula, fresh: list[Formula]) -> Formula:
        if node.head == "pow" and node.args[1].head == "number":
            fresh[1] = _varied_exponent(node.args[1], chosen)
        made = with_children(node, fresh)
        return Formula(chosen.choice(_PARTNERS[node.head]), made.args) if node.head in _PARTNERS else made

    # not as a program, for a part that stands at two places is varied at each
    steps = ((node, len(children(node))) for node in postorder(formula))
    return run(steps, lambda leaf: _varied_number(leaf, chosen), varied)


def _varied_number(node: Formula, chosen: random.Random) -> Formula:
    if node.head == "number" and node.args[0].isdigit() and int(node.args[0]) > 1:
        return number(chosen.choice(FACTORS))
    return node


def _varied_exponent(exponent: Formula, chosen: random.Random) -> Formula:
    return number(chosen.choice(EXPONENTS)) if exponent.args[0] in ("2", "3") else exponent
