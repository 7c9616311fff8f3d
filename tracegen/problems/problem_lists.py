"""From a problem to its Wengert lists: one for each output, or one joint list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracegen.errors import FormatError, ProblemError, ShapeError
from tracegen.formula import Formula
from tracegen.notation.profiles import Convention
from tracegen.problems.problem import HIDDEN, Problem
from tracegen.wengert.composite import whole_step
from tracegen.wengert.lower import AS_WRITTEN, Granularity, lower, nowhere
from tracegen.wengert.overloads import Value
from tracegen.wengert.wengert_list import Builder, WengertList

DISTANCES = ("squared_norm", "half_squared_norm", "squared_distance", "half_squared_distance")


def lists(problem: Problem, convention: Convention, granularity: Granularity | None = None) -> list[WengertList]:
    """The lists of a problem as a convention wants them.

    Raises ProblemError for an output that depends on no input, ShapeError where shapes do not fit, FormatError where
    steps of matrices should be one line each.
    """
    outputs = list(problem.outputs)
    groups = [outputs] if convention.lists == "joint" else [[output] for output in outputs]
    chosen = granularity or granularity_of(convention)
    wengerts = [wengert_list(problem, group, chosen) for group in groups]
    return [by_level(wengert) for wengert in wengerts] if convention.order == "levels" else wengerts


def granularity_of(convention: Convention) -> Granularity:
    """What counts as one line under a convention."""
    whole = {"sigmoid": convention.sigmoid == "whole", "expneg": convention.minus == "folded"}
    expand = {"sigmoid": convention.sigmoid == "expanded"}
    expand |= dict.fromkeys(DISTANCES, convention.distance == "split")
    return Granularity(
        frozenset(row for row, wanted in whole.items() if wanted),
        frozenset(row for row, wanted in expand.items() if wanted),
        convention.steps == "whole",
    )


def wengert_list(problem: Problem, outputs: Sequence[str], granularity: Granularity = AS_WRITTEN) -> WengertList:
    """The list of some outputs: the inputs, then the steps that they need, then the outputs.

    Raises ProblemError where an output does not depend on an input, ShapeError where shapes do not fit, FormatError
    where a step of matrices is to be one line.
    """
    builder = Builder.of([entry.name for entry in problem.inputs], [entry.shape for entry in problem.inputs])
    builder.list.functions = dict(problem.functions)
    builder.list.symmetric = {place for place, entry in enumerate(problem.inputs) if entry.symmetric}
    builder.probabilities = {place for place, entry in enumerate(problem.inputs) if entry.has_probabilities}
    environment: dict[str, Value] = {entry.name: place for place, entry in enumerate(problem.inputs)}
    if granularity.steps and builder.list.shapes:
        raise FormatError("a step of matrices can't be one line; leave out the choice steps=whole")
    for step in problem.used(outputs):
        value = environment[step] = _lowered(problem, step, builder, environment, granularity)
        if isinstance(value, int) and value >= len(problem.inputs) and not step.startswith(HIDDEN):
            builder.list.names.setdefault(value, step)
    for output in outputs:
        value = _lowered(problem, output, builder, environment, granularity)
        if isinstance(value, Formula):
            where = problem.place_of(output) if problem.toml else None
            raise ProblemError(f"{output} does not depend on any input: it is a constant", where)
        builder.list.outputs[output] = value
    return builder.list


def _lowered(
    problem: Problem, label: str, builder: Builder, environment: Mapping[str, Value], granularity: Granularity
) -> Value:
    """The value of a step or an output; ShapeError where in its text shapes do not fit."""
    formula = problem.steps.get(label) or problem.outputs[label]
    try:
        if granularity.steps and label in problem.steps and not label.startswith(HIDDEN):
            return whole_step(builder, label, formula, environment, granularity)
        spans = problem.spans.get(label)
        return lower(builder, formula, environment, granularity, place_of=spans.place if spans else nowhere)
    except ShapeError as error:
        if label.startswith(HIDDEN):
            raise
        raise ShapeError(error.message, problem.place_of(label, error.place)) from None


def by_level(wengert: WengertList) -> WengertList:
    """The list with its lines in the order of how deep they are; lines of one level stay in the order of reading.

    >>> from tracegen.formula import name
    >>> x, y = name("x"), name("y")
    >>> deep = Formula("add", (Formula("exp", (Formula("sin", (x,)),)), Formula("cos", (x,))))
    >>> from tracegen.problems.problem_file import Input
    >>> wengert = by_level(wengert_list(Problem((Input("x"),), {"y": deep}), ["y"]))
    >>> [line.primitive.name for line in wengert if line.primitive]
    ['sin', 'cos', 'exp', 'add']
    """
    levels: list[int] = []
    for line in wengert.lines:
        used = [levels[operand] for operand in line[1:] if operand >= 0 and line[0] >= 0]
        levels.append(1 + max(used, default=0) if line[0] >= 0 else 0)
    order = sorted(range(len(wengert)), key=lambda place: levels[place])
    moved = {before: after for after, before in enumerate(order)}
    lines = [_moved(wengert.lines[before], moved) for before in order]
    return replace(
        wengert,
        lines=lines,
        outputs={output: moved.get(operand, operand) for output, operand in wengert.outputs.items()},
        names={moved[place]: text for place, text in wengert.names.items()},
        shapes={moved.get(place, place): shape for place, shape in wengert.shapes.items()},
        symmetric={moved[place] for place in wengert.symmetric},
    )


def _moved(line: tuple[int, ...], moved: dict[int, int]) -> tuple[int, ...]:
    if line[0] < 0:
        return line
    return (line[0], *[moved.get(operand, operand) for operand in line[1:]])
