"""Folds a long list: a circle for each named step, each output or each stretch of lines, not one for each line."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from tracegen.document.table import Words
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula
from tracegen.graph.picture.build import Builder, Wanted
from tracegen.graph.picture.picture import Circle, Picture, Wire

LONGEST = 300
"""Lists of up to so many lines are drawn line by line."""

MOST = 40
"""So many circles a folded picture has at most, besides those of the inputs."""

MOST_INPUTS = 24


def is_long(evaluation: Evaluation) -> bool:
    """Whether a list is folded."""
    return len(evaluation.wengert) > LONGEST


def fold(evaluation: Evaluation, wanted: Wanted) -> Picture:
    """The folded picture of a list: the lines that a named step or an output needs first are one circle.

    A list without several of them is folded by stretches of lines.
    """
    groups = _groups(evaluation)
    builder = Builder(evaluation, wanted)
    number = {place: at for at, group in enumerate(groups) for place in group}
    circles = [_circle(evaluation, builder, at, group) for at, group in enumerate(groups)]
    pairs = dict.fromkeys(
        (number[operand], number[place])
        for place in range(len(evaluation.wengert))
        for operand in _used(evaluation, place)
        if number[operand] != number[place]
    )
    wires = [Wire(f"w{tail}-{head}", f"g{tail}", f"g{head}") for tail, head in pairs]
    for output, operand in evaluation.wengert.outputs.items():
        if operand >= 0:
            circles.append(Circle(f"output-{output}", "output", (Formula("name", (output,)),)))
            wires.append(Wire(f"w{number[operand]}-{output}", f"g{number[operand]}", f"output-{output}"))
    return builder.framed(circles, wires, folded=True)


def _used(evaluation: Evaluation, place: int) -> list[int]:
    code, *operands = evaluation.wengert.lines[place]
    return [operand for operand in operands if operand >= 0] if code >= 0 else []


def _groups(evaluation: Evaluation) -> list[list[int]]:
    """The lines of each circle, each group in order and the groups in an order in which none uses a later one."""
    inputs = len(evaluation.wengert.inputs)
    steps = range(inputs, len(evaluation.wengert))
    first = [[place] for place in range(inputs)] if inputs <= MOST_INPUTS else [list(range(inputs))]
    targets = sorted({*evaluation.wengert.names, *evaluation.wengert.outputs.values()} - set(range(inputs)))
    groups = _by_target(evaluation, targets, steps) if len(targets) > 3 else [[place] for place in steps]
    return first + _joined([group for group in groups if group])


def _by_target(evaluation: Evaluation, targets: Sequence[int], steps: range) -> list[list[int]]:
    """Each line with the first of the targets that needs it; what a target needs comes before it in the list."""
    owner: dict[int, int] = {}
    for number, target in enumerate(targets):
        waiting = [target]
        while waiting:
            place = waiting.pop()
            if place in owner or place not in steps:
                continue
            owner[place] = number
            waiting += _used(evaluation, place)
    groups: list[list[int]] = [[] for _ in targets]
    for place in steps:
        if place in owner:
            groups[owner[place]].append(place)
    return groups


def _joined(groups: list[list[int]]) -> list[list[int]]:
    """Neighbours put together until there are few."""
    size = -(-len(groups) // MOST)
    return [sorted(chain(*groups[at : at + size])) for at in range(0, len(groups), size)]


def _circle(evaluation: Evaluation, builder: Builder, at: int, group: list[int]) -> Circle:
    place = group[-1]
    above, below = builder.notes(place)
    kind = "input" if place < len(evaluation.wengert.inputs) else "folded"
    if len(group) > 1:
        return Circle(
            f"g{at}",
            kind,
            (Words(f"{len(group)} {'inputs' if kind == 'input' else 'lines'}"),),
            above,
            below,
            tuple(group),
        )
    return Circle(f"g{at}", kind, (evaluation.definition(place),), above, below, (place,))
