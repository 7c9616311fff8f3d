"""Outputs and gradients of a trace in floats: at its own point, at another, or at many at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tracegen.errors import ProblemError, ShapeError
from tracegen.evaluation.floats import Evaluator
from tracegen.mathtext.known_words import name_of
from tracegen.primitives.algebras import ARRAYS, FLOATS
from tracegen.problems.problem import Problem
from tracegen.shapes import shape_text
from tracegen.wengert.sweep import constant_value, reverse
from tracegen.wengert.wengert_list import ONE, WengertList

LONGEST_SHOWN = 40
"""The most characters of a value that a message shows."""

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Points = Any
"""A value or a column of values for each input, by name; or an array with a column, or a number, for each; or None."""


class InFloats(ABC):
    """What a trace gives in floats."""

    problem: Problem

    @property
    @abstractmethod
    def wengerts(self) -> list[WengertList]:
        """The lists."""

    @abstractmethod
    def chosen_outputs(self, of: str | Iterable[str] | None) -> list[str]:
        """The outputs of a choice."""

    @cached_property
    def _batch(self) -> Batch:
        return Batch(self.problem, self.wengerts)

    def evaluate(self, points: Points = None, *, engine: str = "numpy") -> dict[str, Any]:
        """The outputs in floats, at the trace's own point or at others: by name, a number or an array for each input,
        or one array of shape (point, input). ``engine="jax"`` compiles the lists by XLA.

        An output is a float at one point and an array of shape (point,) at several; a matrix, which can be evaluated at
        one point at a time, has the shape (row, column).

        Raises ProblemError where a value is missing, ShapeError where one has the wrong shape, ToolError where the
        engine is not installed.

        >>> from tracegen import trace
        >>> trace("x1*x2").evaluate({"x1": [1, 2], "x2": 3})
        {'y': array([3., 6.])}
        """
        return self._batch.evaluate(points, engine)

    def gradient_at(self, points: Points = None, *, of: str | None = None, engine: str = "numpy") -> Any:
        """The derivatives of an output in floats, at points as for :meth:`evaluate`: by input, or as an array of
        shape (point, input) where the points are one. Raises ProblemError where there are several outputs and ``of``
        does not choose one, or it is a matrix, and what :meth:`evaluate` raises.

        >>> from tracegen import trace
        >>> trace("x1*x2").gradient_at([[2, 3], [4, 5]])
        array([[3., 2.],
               [5., 4.]])
        """
        return self._batch.gradient(points, self.chosen_outputs(of), engine)

    def compile(self, of: str | None = None) -> Callable[..., tuple[float, tuple[float, ...]]]:
        """A Python function of the values of the inputs, in their order, that gives an output's value and its
        derivatives by the inputs that are not constant: as fast as its lines typed by hand, for optimisers and plots.

        It gives what :meth:`evaluate` and :meth:`gradient_at` give at one point of floats; parameters have the values
        of the problem. Raises ProblemError where there are several outputs and ``of`` does not choose one, where a
        parameter has no value, and where there are matrices.

        >>> from tracegen import trace
        >>> trace("x1*x2 + x1**2").compile()(2.0, 3.0)
        (10.0, (7.0, 2.0))
        """
        return self._batch.compiled(self.chosen_outputs(of))


class Batch:
    """The lists of a problem in floats; what is made of them is made once and kept."""

    def __init__(self, problem: Problem, wengerts: Sequence[WengertList]) -> None:
        self._problem = problem
        self._wengerts = wengerts
        self._evaluators: dict[tuple[str, str, tuple[tuple[str, float], ...]], Evaluator] = {}

    def evaluate(self, points: Points, engine: str) -> dict[str, Any]:
        """The value of each output, or an array of its values at the points."""
        given, parameters = self._read(points)
        found: dict[str, Any] = {}
        for wengert in self._wengerts:
            evaluator = self._evaluator(wengert, "", parameters, engine)
            found |= zip(wengert.outputs, evaluator(given), strict=True)
        return found

    def gradient(self, points: Points, of: Sequence[str], engine: str) -> Any:
        """The derivative of an output by each input. Raises ProblemError where there are several outputs."""
        wengert, output = self._of_one(of)
        given, parameters = self._read(points)
        found = self._evaluator(wengert, output, parameters, engine)(given)
        if points is None or isinstance(points, Mapping):
            entries = zip(self._problem.inputs, given, found, strict=True)
            return {entry.name: _spread(slope, value) for entry, value, slope in entries if not entry.constant}
        import numpy as np

        return np.array([_spread(slope, value) for value, slope in zip(given, found, strict=True)]).T

    def compiled(self, of: Sequence[str]) -> Callable[..., tuple[float, tuple[float, ...]]]:
        """A function for the value and the gradient of an output of scalars."""
        from tracegen.evaluation.compiled import compiled

        wengert, output = self._of_one(of)
        if wengert.shapes:
            raise ProblemError("only lists of numbers are compiled; evaluate and gradient_at take matrices")
        parameters = {text: self._parameter(text, value, {}) for text, value in self._problem.parameters.items()}
        last = wengert.outputs[output]
        swept = reverse(wengert, {last: ONE}, keep=False)
        slopes = [swept.of[place] for place, entry in enumerate(self._problem.inputs) if not entry.constant]
        evaluator = Evaluator(swept.wengert, [last, *slopes], parameters)

        def otherwise(*point: float) -> tuple[float, tuple[float, ...]]:
            value, *gradient = evaluator(point)
            return value, tuple(gradient)

        return compiled(swept.wengert, [last, slopes], parameters, otherwise)

    def _of_one(self, of: Sequence[str]) -> tuple[WengertList, str]:
        """The one output that is chosen, and its list."""
        if len(of) > 1:
            raise ProblemError(f"say of which output: {', '.join(of)}")
        return next(wengert for wengert in self._wengerts if of[0] in wengert.outputs), of[0]

    def _evaluator(self, wengert: WengertList, output: str, parameters: Mapping[str, float], engine: str) -> Evaluator:
        """What evaluates the outputs of a list, or one output's gradient."""
        key = (output or "+".join(wengert.outputs), f"{engine}{bool(output)}", tuple(parameters.items()))
        if key not in self._evaluators:
            wanted = list(wengert.outputs.values())
            if output:
                if wengert.shape(wengert.outputs[output]):
                    raise ProblemError(f"{output} is a matrix; a gradient is that of a number")
                swept = reverse(wengert, {wengert.outputs[output]: ONE}, keep=False)
                wengert, wanted = swept.wengert, swept.of[: len(wengert.inputs)]
            self._evaluators[key] = Evaluator(wengert, wanted, parameters, engine)
        return self._evaluators[key]

    def _read(self, points: Points) -> tuple[list[Any], dict[str, float]]:
        """The inputs' values as floats and arrays, in order, and those of the parameters."""
        problem = self._problem
        names = [entry.name for entry in problem.inputs]
        given = {name_of(key): value for key, value in _columns(points, names).items()}
        for text in given:
            if text not in names and text not in problem.parameters:
                raise ProblemError(f"there is no input {text!r}; there are {', '.join(names)}")
        values = []
        for entry in problem.inputs:
            value = given.get(entry.name)
            if value is None and entry.value is not None:
                value = constant_value(entry.value, ARRAYS if entry.shape else FLOATS, {})
            if value is None:
                raise ProblemError(f"{entry.name} has no value")
            values.append(_as_column(entry.name, value) if entry.shape else _number(entry.name, value))
            if entry.has_probabilities:
                _check_sums(entry.name, values[-1])
        _check_counts(values, any(entry.shape for entry in problem.inputs))
        return values, {text: self._parameter(text, value, given) for text, value in problem.parameters.items()}

    def _parameter(self, text: str, value: Any, given: Mapping[str, Any]) -> float:
        if text in given:
            return float(_floats(text, given[text]))
        if value is None:
            raise ProblemError(f"{text} has no value")
        return float(constant_value(value, FLOATS, {}))


def _columns(points: Points, names: Sequence[str]) -> Mapping[str, Any]:
    """The values given for each input."""
    import numpy as np

    if points is None:
        return {}
    if isinstance(points, Mapping):
        return points
    table = _floats("the array of points", points)
    if table.ndim not in (1, 2) or table.shape[-1] != len(names):
        raise ShapeError(f"points are an array with {len(names)} columns: {', '.join(names)}")
    return dict(zip(names, table.tolist() if table.ndim == 1 else np.ascontiguousarray(table.T), strict=True))


def _floats(text: str, value: Any) -> Floats:
    """An array of floats. Raises ProblemError for what is none: a text, a complex number, a whole one beyond floats."""
    import numpy as np

    try:
        if not np.iscomplexobj(value):
            return np.asarray(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        pass
    shown = repr(value)
    shown = shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"
    raise ProblemError(f"{text} is {shown}, which is no number that a float can hold, and no array of such")


def _number(text: str, value: Any) -> float | Floats:
    """A number or a column of numbers."""
    if isinstance(value, float):
        return float(value)
    numbers = _floats(text, value)
    if numbers.ndim > 1:
        raise ShapeError(f"{text} is {shape_text(())}, its value {shape_text(numbers.shape)}")
    return numbers if numbers.ndim else float(numbers)


def _as_column(text: str, value: Any) -> Floats:
    """A matrix; a list of numbers is a column."""
    matrix = _floats(text, value)
    if matrix.ndim not in (1, 2):
        raise ShapeError(f"{text} is a matrix, its value has {matrix.ndim} dimensions")
    return matrix[:, None] if matrix.ndim == 1 else matrix


def _check_counts(values: Sequence[Any], has_matrices: bool) -> None:
    """Raise ShapeError where inputs have different numbers of points, or several points go with matrices."""
    counts = {len(value) for value in values if getattr(value, "ndim", 0) == 1}
    if len(counts) > 1:
        raise ShapeError(f"the inputs have different numbers of points: {', '.join(map(str, sorted(counts)))}")
    if counts and has_matrices:
        raise ShapeError("with matrices, one point at a time is evaluated")


def _check_sums(text: str, value: Any) -> None:
    """Find what is no probabilities, where the rules of the list take it for such."""
    import numpy as np

    if not np.allclose(value.sum(axis=0 if value.shape[1] == 1 else 1), 1):
        raise ProblemError(f"{text} is taken for probabilities, and its values do not sum to 1")


def _spread(slope: Any, value: Any) -> Any:
    """A derivative by a matrix, which may be 0 for all of it."""
    import numpy as np

    return slope if np.ndim(slope) or not np.ndim(value) else np.full_like(value, slope)
