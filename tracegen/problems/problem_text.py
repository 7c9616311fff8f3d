"""What a problem gives and asks, in words and formulas, for the top of a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.document.table import Cell, Words
from tracegen.formula import Formula, name
from tracegen.problems.problem import HIDDEN, Problem
from tracegen.shapes import shape_text


def statement(problem: Problem, outputs: Sequence[str]) -> list[tuple[Cell, ...]]:
    """The point, the shapes, the named steps and the outputs, a line each.

    >>> from tracegen.problems.problem_file import Input
    >>> len(statement(Problem((Input("x"),), {"f": name("x")}), ["f"]))
    1
    """
    lines: list[tuple[Cell, ...]] = []
    values: list[Cell] = []
    for entry in problem.inputs:
        if entry.value is not None and not entry.shape:
            values += [Words(", " if values else ""), Formula("equals", (name(entry.name), entry.value))]
    if values:
        lines.append(tuple(values))
    shapes: list[Cell] = []
    for entry in problem.inputs:
        if entry.shape:
            shapes += [Words(", " if shapes else ""), name(entry.name), Words(f" {shape_text(entry.shape)}")]
    if shapes:
        lines.append(tuple(shapes))
    steps = [step for step in problem.used(outputs) if not step.startswith(HIDDEN)]
    named: list[Cell] = []
    for step in steps:
        named += [Words(", " if named else ""), Formula("equals", (name(step), problem.steps[step]))]
    lines += [tuple(named)] if named else []
    lines += [(Formula("equals", (name(output), problem.outputs[output])),) for output in outputs]
    return lines
