"""From a problem to its Wengert lists: one for each output, or one joint list."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.errors import ProblemError
from tracegen.formula import Formula
from tracegen.lower import AS_WRITTEN, Granularity, Value, lower
from tracegen.problem import HIDDEN, Problem
from tracegen.profiles import Convention
from tracegen.wengert import Builder, WengertList


def lists(problem: Problem, convention: Convention, granularity: Granularity | None = None) -> list[WengertList]:
    """The lists of a problem as a convention wants them.

    Raises ProblemError for an output that depends on no input, ShapeError where shapes do not fit.
    """
    outputs = list(problem.outputs)
    groups = [outputs] if convention.lists == "joint" else [[output] for output in outputs]
    chosen = granularity or granularity_of(convention)
    return [wengert_list(problem, group, chosen) for group in groups]


def granularity_of(convention: Convention) -> Granularity:
    """What counts as one line under a convention."""
    whole = {"sigmoid": convention.sigmoid == "whole", "expneg": convention.minus == "folded"}
    expand = {"sigmoid": convention.sigmoid == "expanded"}
    return Granularity(
        frozenset(row for row, wanted in whole.items() if wanted),
        frozenset(row for row, wanted in expand.items() if wanted),
        convention.steps == "whole",
    )


def wengert_list(problem: Problem, outputs: Sequence[str], granularity: Granularity = AS_WRITTEN) -> WengertList:
    """The list of some outputs: the inputs, then the steps that they need, then the outputs."""
    builder = Builder.of([entry.name for entry in problem.inputs], [entry.shape for entry in problem.inputs])
    environment: dict[str, Value] = {entry.name: place for place, entry in enumerate(problem.inputs)}
    for step in problem.used(outputs):
        value = environment[step] = lower(builder, problem.steps[step], environment, granularity)
        if isinstance(value, int) and value >= len(problem.inputs) and not step.startswith(HIDDEN):
            builder.list.names.setdefault(value, step)
    for output in outputs:
        value = lower(builder, problem.outputs[output], environment, granularity)
        if isinstance(value, Formula):
            raise ProblemError(f"{output} does not depend on any input: it is a constant")
        builder.list.outputs[output] = value
    return builder.list
