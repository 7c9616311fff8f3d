"""Makes a problem of whatever is to be traced, by the first reader in a table that takes this kind of source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracegen.errors import ProblemError
from tracegen.formula import Formula
from tracegen.mathtext.known_words import name_of
from tracegen.problems.problem import Problem
from tracegen.sources.input_values import Point, Shapes, at_point, input_of, point_values, shape_from
from tracegen.sources.named_formulas import output_names, problem_of_formulas
from tracegen.sources.numpy_axes import axes_of, of_arrays
from tracegen.sources.python_functions import shared_as_steps, traced

Source = Any
"""A text, a SymPy expression, a Python function, a list or dictionary of these, a Problem, or the path of a file."""


@dataclass(frozen=True)
class Beside:
    """What a caller gives beside a source."""

    at: Point = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    steps: Mapping[str, Any] = field(default_factory=dict)
    shapes: Shapes = field(default_factory=dict)


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
    beside = Beside(_named(at), _named(parameters or {}), _named(steps or {}), _named(shapes or {}))
    reader = next(reader for reader in READERS if reader.takes(source))
    return reader.read(source, beside)


def _named(given: Any) -> Any:
    """What is given by keys, by the names that these stand for: α is alpha, and a symbol of SymPy's its name."""
    if not isinstance(given, Mapping):
        return given
    named = {name_of(key): value for key, value in given.items()}
    if len(named) < len(given):
        raise ProblemError("one name is given twice, in two spellings: " + ", ".join(map(str, given)))
    return named


def _is_file(source: Source) -> bool:
    return isinstance(source, Path) or (isinstance(source, str) and source.endswith(".toml"))


def _of_file(source: Source, beside: Beside) -> Problem:
    return _of_problem(Problem.read(source), beside)


def _is_problem(source: Source) -> bool:
    return isinstance(source, Problem)


def _of_problem(source: Problem, beside: Beside) -> Problem:
    if beside.parameters or beside.steps or beside.shapes:
        raise ProblemError("a problem has parameters, steps and shapes of its own; leave these out")
    return at_point(source, beside.at)


def _is_function(source: Source) -> bool:
    # SymPy's Lambda and its classes of functions can be called too
    return callable(source) and not hasattr(source, "free_symbols")


def _of_function(function: Callable[..., Any], beside: Beside) -> Problem:
    if beside.parameters or beside.steps:
        raise ProblemError("a function has steps of its own and no parameters; leave these out")
    at, shapes = beside.at, beside.shapes
    names, formulas, labels = traced(function)
    for text in shapes:
        if text not in names:
            raise ProblemError(f"there is a shape for {text}, which is no argument; there are {', '.join(names)}")
    steps, results = shared_as_steps(formulas)
    values = point_values(names, at)
    for text in names:
        if isinstance(at, Mapping) and at and text not in at:
            raise ProblemError(f"the point has no value for {text}; give None for an input without one")
    known = {text: shape_from(text, shape) for text, shape in shapes.items()}
    inputs = tuple(input_of(text, values.get(text), known.get(text)) for text in names)
    if any(entry.shape for entry in inputs):
        given = dict(at) if isinstance(at, Mapping) else dict(zip(names, at or (), strict=False))
        axes = {text: axes_of(value) for text, value in given.items()}
        axes |= {text: 1 if isinstance(shape, str | int) else len(shape) for text, shape in shapes.items()}
        steps, results = _of_arrays(steps, results, axes)
    labels = labels or output_names(len(results), names)
    return Problem(inputs, dict(zip(labels, results, strict=True)), steps)


def _of_arrays(
    steps: Mapping[str, Formula], results: Sequence[Formula], axes: Mapping[str, int]
) -> tuple[dict[str, Formula], list[Formula]]:
    """Steps and results as formulas of matrices; ``axes`` has the number of axes of each argument."""
    axes_so_far, matrix_steps = dict(axes), {}
    for step, formula in steps.items():
        read = of_arrays(formula, axes_so_far)
        axes_so_far[step], matrix_steps[step] = read.axes, read.formula
    return matrix_steps, [of_arrays(formula, axes_so_far).formula for formula in results]


def _of_formulas(source: Source, beside: Beside) -> Problem:
    return problem_of_formulas(_named(source), beside.at, beside.parameters, beside.steps, beside.shapes)


@dataclass(frozen=True)
class Reader:
    """How one kind of source becomes a problem."""

    kind: str
    takes: Callable[[Source], bool]
    read: Callable[[Any, Beside], Problem]


READERS = (
    Reader("the path of a problem file", _is_file, _of_file),
    Reader("a problem", _is_problem, _of_problem),
    Reader("a Python function", _is_function, _of_function),
    Reader("texts and SymPy expressions", lambda source: True, _of_formulas),
)
"""The kinds of sources, in the order in which they are tried; the last one takes what is left."""
