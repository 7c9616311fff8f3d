"""What a problem gives and asks, in words and formulas, for the top of a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from tracegen.document.table import Cell, Words
from tracegen.formula import DOTS, Formula, name
from tracegen.problems.meant_formulas import as_meant
from tracegen.problems.problem import HIDDEN, Problem
from tracegen.problems.problem_file import Input
from tracegen.shapes import shape_text

Part = TypeVar("Part")

MOST_SHOWN = 8
"""So many rows and columns of a matrix are shown whole; of a larger one the corners are."""

_AT_A_CORNER = 2


def statement(problem: Problem, outputs: Sequence[str], beside: str = "") -> list[tuple[Cell, ...]]:
    """The point, the parameters, the matrices or their shapes, the named steps and the outputs, a line each.

    ``beside`` is the file that has the values of matrices of which only the corners are shown.

    >>> from tracegen.problems.problem_file import Input
    >>> len(statement(Problem((Input("x"),), {"f": name("x")}), ["f"]))
    1
    """
    problem, inputs = as_meant(problem), problem.inputs
    numbers = [_input(entry) for entry in inputs if entry.value is not None and not entry.shape]
    numbers += [_equation(text, value) for text, value in problem.parameters.items() if value is not None]
    letters = [(name(text), Words(" is a parameter")) for text, value in problem.parameters.items() if value is None]
    letters += [(name(text), Words(f" is {meaning}")) for text, meaning in problem.functions.items()]
    shapes = [_shaped(entry) for entry in inputs if entry.shape and entry.value is None]
    matrices = [_matrix(entry, beside) for entry in inputs if entry.shape and entry.value is not None]
    steps = [_equation(step, problem.steps[step]) for step in problem.used(outputs) if not step.startswith(HIDDEN)]
    lines = [_side_by_side(groups) for groups in (numbers, letters, shapes) if groups]
    return [*lines, *matrices, *steps, *(_equation(output, problem.outputs[output]) for output in outputs)]


def _equation(text: str, formula: Formula) -> tuple[Cell, ...]:
    return (Formula("equals", (name(text), formula)),)


def _input(entry: Input) -> tuple[Cell, ...]:
    assert entry.value is not None
    return (*_equation(entry.name, entry.value), *_data(entry))


def _shaped(entry: Input) -> tuple[Cell, ...]:
    return (name(entry.name), Words(f" {shape_text(entry.shape)}"), *_data(entry))


def _matrix(entry: Input, beside: str) -> tuple[Cell, ...]:
    assert entry.value is not None
    if len(entry.value.args) <= MOST_SHOWN and len(entry.value.args[0]) <= MOST_SHOWN:
        return _input(entry)
    whole = f", {shape_text(entry.shape)}" + (f"; all its values are in {beside}" if beside else "")
    return (*_equation(entry.name, _corners(entry.value)), *_data(entry), Words(whole))


def _data(entry: Input) -> Iterator[Cell]:
    if entry.constant:
        yield Words(" (given data)")


def _corners(matrix: Formula) -> Formula:
    """The corners of a matrix, with dots for what is left out.

    >>> from tracegen.formula import number
    >>> row = tuple(map(number, range(20)))
    >>> [len(line) for line in _corners(Formula("matrix", (row, row))).args]
    [5, 5]
    """
    rows = [tuple(_ends(row, DOTS)) for row in matrix.args]
    return Formula("matrix", tuple(_ends(rows, (DOTS,) * len(rows[0]))))


def _ends(parts: Sequence[Part], between: Part) -> Iterator[Part]:
    if len(parts) <= MOST_SHOWN:
        yield from parts
        return
    yield from (*parts[:_AT_A_CORNER], between, *parts[-_AT_A_CORNER:])


def _side_by_side(groups: Iterable[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """A line of groups of cells, with commas between."""
    line: list[Cell] = []
    for group in groups:
        line += [Words(", " if line else ""), *group]
    return tuple(line)
