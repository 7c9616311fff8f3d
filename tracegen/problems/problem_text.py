"""What a problem gives and asks, in words and formulas, for the top of a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
    inputs = problem.inputs
    values = [_equation(entry.name, entry.value) for entry in inputs if entry.value is not None and not entry.shape]
    shapes = [(name(entry.name), Words(f" {shape_text(entry.shape)}")) for entry in inputs if entry.shape]
    steps = [_equation(step, problem.steps[step]) for step in problem.used(outputs) if not step.startswith(HIDDEN)]
    lines = [_side_by_side(groups) for groups in (values, shapes, steps) if groups]
    return lines + [_equation(output, problem.outputs[output]) for output in outputs]


def _equation(text: str, formula: Formula) -> tuple[Cell, ...]:
    return (Formula("equals", (name(text), formula)),)


def _side_by_side(groups: Iterable[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """A line of groups of cells, with commas between."""
    line: list[Cell] = []
    for group in groups:
        line += [Words(", " if line else ""), *group]
    return tuple(line)
