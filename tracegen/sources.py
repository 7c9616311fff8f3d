"""Makes a problem of whatever is to be traced: texts, SymPy expressions, Python functions, files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tracegen.errors import ProblemError, TracingError
from tracegen.formula import Formula, names_in
from tracegen.parse import parse, parse_value
from tracegen.problem import Problem
from tracegen.problem_file import NAME, Input, shape_of
from tracegen.shapes import SCALAR, Shape
from tracegen.tracing import of_arrays, shared_as_steps, traced

Source = Any
"""A text, a SymPy expression, a Python function, a list or dictionary of these, a Problem, or the path of a file."""


def problem_of(
    source: Source,
    at: Mapping[str, Any] | Sequence[Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    steps: Mapping[str, Any] | None = None,
) -> Problem:
    """The problem of a source; see :func:`tracegen.trace`.

    >>> [entry.name for entry in problem_of("x2 * x10 + x1").inputs]
    ['x1', 'x2', 'x10']
    """
    if isinstance(source, Path) or (isinstance(source, str) and source.endswith(".toml")):
        source = Problem.read(source)
    if isinstance(source, Problem):
        return _at(source, at)
    if callable(source) and not hasattr(source, "free_symbols"):
        return _of_function(source, at)
    values = {key: None if value is None else parse_value(value) for key, value in (parameters or {}).items()}
    known = [*(at if isinstance(at, Mapping) else ()), *values, *(steps or {})]
    outputs = {key: _formula(value, known) for key, value in _named(source).items()}
    named = {key: _formula(value, known) for key, value in (steps or {}).items()}
    shared, written = shared_as_steps([*named.values(), *outputs.values()])
    all_steps = _in_order({**dict(zip(named, written, strict=False)), **shared})
    results = dict(zip(outputs, written[len(named) :], strict=True))
    shapes = _shapes([*_named(source).values(), *(steps or {}).values()])
    inputs = _inputs([*named.values(), *outputs.values()], at, {*values, *named}, shapes)
    return Problem(inputs, results, all_steps, values)


def _at(problem: Problem, at: Mapping[str, Any] | Sequence[Any] | None) -> Problem:
    """The problem at another point."""
    if at is None:
        return problem
    names = [entry.name for entry in problem.inputs]
    values = _point(names, at)
    inputs = tuple(
        Input(entry.name, values.get(entry.name, entry.value), entry.shape, entry.constant, entry.symmetric)
        for entry in problem.inputs
    )
    return Problem(inputs, problem.outputs, problem.steps, problem.parameters, problem.functions, problem.title)


def _of_function(function: Callable[..., Any], at: Mapping[str, Any] | Sequence[Any] | None) -> Problem:
    names, formulas = traced(function)
    steps, results = shared_as_steps(formulas)
    values = _point(names, at or {})
    inputs = tuple(_input(text, values.get(text)) for text in names)
    if any(entry.shape for entry in inputs):
        steps = {step: of_arrays(formula) for step, formula in steps.items()}
        results = [of_arrays(formula) for formula in results]
    return Problem(inputs, dict(zip(_output_names(len(results), names), results, strict=True)), steps)


def _named(source: Any) -> dict[str, Any]:
    """The outputs under their names: those given, those before an equals sign, or y, or y1, y2, …"""
    if isinstance(source, Mapping):
        return dict(source)
    several = list(source) if isinstance(source, list | tuple) else [source]
    if not several:
        raise ProblemError("there is no output: nothing to trace")
    named: dict[str, Any] = {}
    for label, value in zip(_output_names(len(several), ()), several, strict=True):
        own, formula = _split(value)
        if (own or label) in named:
            raise ProblemError(f"{own or label} is named twice")
        named[own or label] = formula
    return named


def _split(value: Any) -> tuple[str | None, Any]:
    """The name before an equals sign, and what is behind it."""
    if not isinstance(value, str) or value.count("=") != 1:
        return None, value
    label, formula = value.split("=")
    return (label.strip(), formula) if NAME.fullmatch(label.strip()) else (None, value)


def _output_names(count: int, taken: Iterable[str]) -> list[str]:
    letter = next(letter for letter in ("y", "f", "out") if not any(text.startswith(letter) for text in taken))
    return [letter] if count == 1 else [f"{letter}{place + 1}" for place in range(count)]


def _formula(value: Any, known: Sequence[str]) -> Formula:
    if isinstance(value, Formula):
        return value
    if isinstance(value, str):
        return parse(value, known or None)
    if hasattr(value, "free_symbols"):
        from tracegen.symbolic import from_sympy

        return from_sympy(value)
    raise TracingError(f"a {type(value).__name__} can't be traced: give a text, a SymPy expression or a function")


def _inputs(
    formulas: Sequence[Formula],
    at: Mapping[str, Any] | Sequence[Any] | None,
    taken: set[str],
    shapes: Mapping[str, Shape],
) -> tuple[Input, ...]:
    dimensions = {side for shape in shapes.values() for side in shape}
    used = dict.fromkeys(
        text for formula in formulas for text in names_in(formula) if text not in taken and text not in dimensions
    )
    given = list(at) if isinstance(at, Mapping) else []
    names = [*given, *sorted((text for text in used if text not in given), key=_natural)]
    values = _point(names, at or {})
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


def _point(names: Sequence[str], at: Mapping[str, Any] | Sequence[Any]) -> dict[str, Formula]:
    if not isinstance(at, Mapping):
        if len(at) != len(names):
            raise ProblemError(f"the point has {len(at)} values for the {len(names)} inputs {', '.join(names)}")
        at = dict(zip(names, at, strict=True))
    for text in at:
        if text not in names:
            raise ProblemError(f"the point has a value for {text}, which is no input; there are {', '.join(names)}")
    return {text: value_of(value) for text, value in at.items()}


def value_of(value: Any) -> Formula:
    """The formula of a value: a number, an exact text, or lists of these for a matrix."""
    if isinstance(value, Formula):
        return value
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        rows = [row if isinstance(row, list | tuple) else [row] for row in value]
        return Formula("matrix", tuple(tuple(value_of(cell) for cell in row) for row in rows))
    if hasattr(value, "free_symbols"):
        from tracegen.symbolic import from_sympy

        return from_sympy(value)
    return parse_value(value)


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
