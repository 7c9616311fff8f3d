"""Makes a problem of whatever is to be traced: texts, SymPy expressions, Python functions, files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from typing import Any

from tracegen.axes import axes_of, of_arrays
from tracegen.errors import ParseError, ProblemError, TracingError, UnknownNameError
from tracegen.formula import NAME, Formula, names_in
from tracegen.parse import parse, parse_matrix, parse_value
from tracegen.problem import Problem
from tracegen.problem_file import LETTERS, Input, is_dimension, shape_of
from tracegen.shapes import SCALAR, Shape
from tracegen.tracing import shared_as_steps, traced

Source = Any
"""A text, a SymPy expression, a Python function, a list or dictionary of these, a Problem, or the path of a file."""


Shapes = Mapping[str, Any]
"""The shapes of inputs by their names, such as ``("K", "N")``."""

Point = Mapping[str, Any] | Sequence[Any] | None
"""The values of inputs: by their names, or in their order."""


def problem_of(
    source: Source,
    at: Point = None,
    parameters: Mapping[str, Any] | None = None,
    steps: Mapping[str, Any] | None = None,
    shapes: Shapes | None = None,
) -> Problem:
    """The problem of a source; see :func:`tracegen.trace`.

    >>> [entry.name for entry in problem_of("x2 * x10 + x1").inputs]
    ['x1', 'x2', 'x10']
    """
    if isinstance(source, Path) or (isinstance(source, str) and source.endswith(".toml")):
        source = Problem.read(source)
    if isinstance(source, Problem):
        if parameters or steps or shapes:
            raise ProblemError("a problem has parameters, steps and shapes of its own; leave these out")
        return _at(source, at)
    given = {text: shape_from(text, shape) for text, shape in (shapes or {}).items()}
    if callable(source) and not hasattr(source, "free_symbols"):
        if parameters or steps:
            raise ProblemError("a function has steps of its own and no parameters; leave these out")
        return _of_function(source, at, shapes or {})
    values = {text: _value(text, value) for text, value in (parameters or {}).items()}
    dimensions = [side for shape in given.values() for side in shape if isinstance(side, str)]
    known = _Known(at, [*values, *(steps or {}), *given, *dimensions], LETTERS if given else ())
    named = {key: known.formula(value) for key, value in (steps or {}).items()}
    outputs = _outputs(source, known, [*values, *named, *given])
    shared, written = shared_as_steps([*named.values(), *outputs.values()])
    all_steps = _in_order({**dict(zip(named, written, strict=False)), **shared})
    results = dict(zip(outputs, written[len(named) :], strict=True))
    all_shapes = given | _shapes([*_several(source), *(steps or {}).values()])
    inputs = _inputs([*named.values(), *outputs.values()], at, {*values, *named}, all_shapes, list(given))
    return Problem(inputs, results, all_steps, values, texts=_texts(source, outputs, steps or {}))


def _at(problem: Problem, at: Point) -> Problem:
    """The problem at another point."""
    if at is None:
        return problem
    names = [entry.name for entry in problem.inputs]
    values = _point(names, at)
    inputs = tuple(replace(entry, value=values.get(entry.name, entry.value)) for entry in problem.inputs)
    return replace(problem, inputs=inputs)


def shape_from(text: str, shape: Any) -> Shape:
    """A shape that a user gives: letters and numbers, one or two; ``("N",)`` is a column.

    Raises ProblemError for anything else.

    >>> shape_from("x", ["N"])
    ('N', 1)
    """
    sides = (shape,) if isinstance(shape, str | int) else tuple(shape)
    if len(sides) > 2 or not all(map(is_dimension, sides)):
        raise ProblemError(f'the shape of {text} is letters or numbers such as ("N", 1), not {shape!r}')
    return SCALAR if sides in ((), (1,), (1, 1)) else (*sides, 1)[:2]


def _of_function(function: Callable[..., Any], at: Point, shapes: Shapes) -> Problem:
    names, formulas = traced(function)
    for text in shapes:
        if text not in names:
            raise ProblemError(f"there is a shape for {text}, which is no argument; there are {', '.join(names)}")
    steps, results = shared_as_steps(formulas)
    values = _point(names, at)
    known = {text: shape_from(text, shape) for text, shape in shapes.items()}
    inputs = tuple(_input(text, values.get(text), known.get(text)) for text in names)
    if any(entry.shape for entry in inputs):
        given = dict(at) if isinstance(at, Mapping) else dict(zip(names, at or (), strict=False))
        axes = {text: axes_of(value) for text, value in given.items()}
        axes |= {text: 1 if isinstance(shape, str | int) else len(shape) for text, shape in shapes.items()}
        steps = dict(steps)
        for step, formula in steps.items():
            read = of_arrays(formula, axes)
            axes[step], steps[step] = read.axes, read.formula
        results = [of_arrays(formula, axes).formula for formula in results]
    return Problem(inputs, dict(zip(_output_names(len(results), names), results, strict=True)), steps)


def _outputs(source: Any, known: _Known, taken: Sequence[str]) -> dict[str, Formula]:
    """The outputs under their names: those given, those before an equals sign, or y, or y1, y2, …"""
    if isinstance(source, Mapping):
        return {text: known.formula(value) for text, value in source.items()}
    labelled = [_split(value) for value in _several(source)]
    formulas = [known.formula(value) for _, value in labelled]
    free = _output_names(len(formulas), [*taken, *known.point, *(text for each in formulas for text in names_in(each))])
    outputs: dict[str, Formula] = {}
    for (own, _), other, formula in zip(labelled, free, formulas, strict=True):
        if (own or other) in outputs:
            raise ProblemError(f"{own or other} is named twice")
        outputs[own or other] = formula
    return outputs


def _texts(source: Any, outputs: Iterable[str], steps: Mapping[str, Any]) -> dict[str, str]:
    """The steps and outputs that were given as texts, without what is before an equals sign."""
    given = dict(steps) | dict(zip(outputs, (_split(value)[1] for value in _several(source)), strict=True))
    return {label: value for label, value in given.items() if isinstance(value, str)}


def _several(source: Any) -> list[Any]:
    """The texts or expressions of a source, one or several; those of a SymPy matrix are its elements."""
    if isinstance(source, Mapping):
        return list(source.values())
    if isinstance(source, list | tuple) or "DenseMatrix" in type(source).__name__:
        return list(source)
    return [source]


def _split(value: Any) -> tuple[str | None, Any]:
    """The name before an equals sign, and what is behind it."""
    if not isinstance(value, str) or value.count("=") != 1:
        return None, value
    label, formula = value.split("=")
    return (label.strip(), formula) if NAME.fullmatch(label.strip()) else (None, value)


def _output_names(wanted: int, taken: Iterable[str]) -> list[str]:
    """y, or y1, y2, …, or with another letter where a name that is taken starts with it."""
    used = tuple(taken)
    letters = chain(("y", "f"), (f"out{'_' * more}" for more in count()))
    letter = next(letter for letter in letters if not any(str(text).startswith(letter) for text in used))
    return [letter] if wanted == 1 else [f"{letter}{place + 1}" for place in range(wanted)]


class _Known:
    """The names that texts may use: any, unless there is a point with names."""

    def __init__(self, at: Point, others: Sequence[str], letters: Sequence[str] = ()) -> None:
        self.point = list(at) if isinstance(at, Mapping) else []
        self._letters = [letter for letter in letters if letter not in self.point and letter not in others]
        self._names = [*self.point, *others] if self.point else None

    def formula(self, value: Any) -> Formula:
        """The formula of a text or of a SymPy expression."""
        if isinstance(value, Formula):
            return value
        if isinstance(value, str):
            return self._parsed(value)
        if hasattr(value, "free_symbols"):
            return _of_sympy(value)
        raise TracingError(f"a {type(value).__name__} is no text, no SymPy expression, no function and no problem")

    def _parsed(self, text: str) -> Formula:
        try:
            return parse(text, self._names, letters=self._letters)
        except UnknownNameError as error:
            if not self.point:
                raise
            raise UnknownNameError(f"{error.message} (the point has {', '.join(self.point)})", error.place) from None


def _of_sympy(expression: Any) -> Formula:
    from tracegen.symbolic import from_sympy

    names = [str(symbol) for symbol in expression.free_symbols]
    for text in names:
        if names.count(text) > 1:
            raise ParseError(f"two different symbols of SymPy are both called {text}")
    return from_sympy(expression)


def _inputs(
    formulas: Sequence[Formula],
    at: Point,
    taken: set[str],
    shapes: Mapping[str, Shape],
    first: Sequence[str] = (),
) -> tuple[Input, ...]:
    """The inputs: those at the point and ``first`` in their order, then the others by their names."""
    dimensions = {side for shape in shapes.values() for side in shape}
    used = dict.fromkeys(
        text for formula in formulas for text in names_in(formula) if text not in taken and text not in dimensions
    )
    given = list(dict.fromkeys([*(at if isinstance(at, Mapping) else ()), *first]))
    names = [*given, *sorted((text for text in used if text not in given), key=_natural)]
    values = _point(names, at)
    return tuple(_input(text, values.get(text), shapes.get(text)) for text in names)


def _shapes(values: Iterable[Any]) -> dict[str, Shape]:
    """The shapes of SymPy's matrix symbols, wherever they stand."""
    shapes: dict[str, Shape] = {}
    for value in values:
        if hasattr(value, "free_symbols"):
            from tracegen.symbolic_matrix import shapes_in

            shapes |= shapes_in(value)
    return shapes


def _natural(text: str) -> list[Any]:
    """A key that puts x2 before x10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text)]


def _point(names: Sequence[str], at: Point) -> dict[str, Formula]:
    """The values at a point that has any, by the names of the inputs."""
    if at is None:
        return {}
    if not isinstance(at, Mapping):
        values = list(at)
        if len(values) != len(names):
            given = f"{len(values)} value{'s' * (len(values) != 1)}"
            raise ProblemError(f"the point has {given} for the {len(names)} inputs {', '.join(names)}")
        at = dict(zip(names, values, strict=True))
    for text in at:
        if text not in names:
            raise ProblemError(f"the point has a value for {text}, which is no input; there are {', '.join(names)}")
    found = {text: _value(text, value) for text, value in at.items()}
    return {text: value for text, value in found.items() if value is not None}


def _value(text: str, value: Any) -> Formula | None:
    """The formula of a value of an input or a parameter; None where it has none."""
    if value is None:
        return None
    formula = value_of(value)
    for used in names_in(formula):
        raise ProblemError(f"the value of {text} has {used} in it; a value is a number")
    return formula


def value_of(value: Any) -> Formula:
    """The formula of a value: a number, an exact text, or lists of these for a matrix, which may be a text, too."""
    if isinstance(value, Formula):
        return value
    if isinstance(value, str) and value.lstrip().startswith("["):
        return parse_matrix(value, parse_value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        rows = [row if isinstance(row, list | tuple) else [row] for row in value]
        if not rows or not rows[0] or any(len(row) != len(rows[0]) for row in rows):
            raise ProblemError("the rows of a matrix have to be of one length")
        return Formula("matrix", tuple(tuple(value_of(cell) for cell in row) for row in rows))
    return _of_sympy(value) if hasattr(value, "free_symbols") else parse_value(value)


def _input(text: str, value: Formula | None, shape: Shape | None = None) -> Input:
    if shape is None:
        shape = shape_of(value) if value is not None else SCALAR
    return Input(text, value, shape)


def _in_order(steps: Mapping[str, Formula]) -> dict[str, Formula]:
    """Steps with those that others use before them, otherwise as they were given."""
    ordered: dict[str, Formula] = {}
    waiting = list(steps)[::-1]
    while waiting:
        step = waiting[-1]
        before = [text for text in names_in(steps[step]) if text in steps and text not in ordered]
        if step in ordered or not before:
            waiting.pop()
            ordered.setdefault(step, steps[step])
            continue
        if step in before or len(waiting) > 2 * len(steps) + 1:
            raise ProblemError(f"the step {step} uses itself")
        waiting += reversed(before)
    return ordered
