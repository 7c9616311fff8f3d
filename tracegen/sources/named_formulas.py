"""Makes a problem of formulas: texts and SymPy expressions, one or several, with names or without."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from typing import Any

from tracegen.errors import ParseError, ProblemError, TracingError, UnknownNameError
from tracegen.formula import NAME, Formula, names_in
from tracegen.mathtext.known_words import name_of
from tracegen.mathtext.tokens import Spans
from tracegen.problems.expression_text import Reading, reading
from tracegen.problems.problem import Problem
from tracegen.problems.problem_file import LETTERS, Input
from tracegen.shapes import Shape
from tracegen.sources.input_values import Point, Shapes, exact_value, input_of, point_values, shape_from
from tracegen.sources.numpy_axes import axes_of
from tracegen.sources.python_functions import shared_as_steps


def problem_of_formulas(
    source: Any, at: Point, parameters: Mapping[str, Any], steps: Mapping[str, Any], shapes: Shapes
) -> Problem:
    """The problem of a text, a SymPy expression, a list or a dictionary of these; its inputs are the names in them.

    Raises ParseError where a text is no formula, ProblemError where names or shapes do not fit together.

    >>> [entry.name for entry in problem_of_formulas("x2 * x10 + x1", None, {}, {}, {}).inputs]
    ['x1', 'x2', 'x10']
    """
    arguments, source = _lambda(source)
    given = {text: shape_from(text, shape) for text, shape in shapes.items()}
    values = {text: exact_value(text, value) for text, value in parameters.items()}
    dimensions = [side for shape in given.values() for side in shape if isinstance(side, str)]
    matrices = any(given.values()) or (
        at is not None and any(map(axes_of, at.values() if isinstance(at, Mapping) else at))
    )
    known = _Known(at, [*values, *steps, *given, *dimensions], LETTERS if given else (), matrices=matrices)
    named = {key: known.formula(value) for key, value in steps.items()}
    used = [text for formula in named.values() for text in names_in(formula)]
    outputs = _outputs(source, known, [*values, *named, *given, *used])
    spans = {label: found for label, found in zip((*named, *outputs), known.spans, strict=True) if found is not None}
    shared, written = shared_as_steps([*named.values(), *outputs.values()])
    all_steps = _in_order({**dict(zip(named, written, strict=False)), **shared})
    results = dict(zip(outputs, written[len(named) :], strict=True))
    all_shapes = given | _shapes([*_several(source), *steps.values()])
    inputs = _inputs([*named.values(), *outputs.values()], at, {*values, *named}, all_shapes, [*arguments, *given])
    texts, symbols = _texts(source, outputs, steps), _symbols([*_several(source), *steps.values()])
    return Problem(
        inputs, results, all_steps, values, texts=texts, spans=spans, assumed=tuple(known.assumed), symbols=symbols
    )


def _outputs(source: Any, known: _Known, taken: Sequence[str]) -> dict[str, Formula]:
    """The outputs under their names: those given, those before an equals sign, or y, or y1, y2, …"""
    if isinstance(source, Mapping):
        return {text: known.formula(value) for text, value in source.items()}
    labelled = [_split(value) for value in _several(source)]
    formulas = [known.formula(value) for _, value in labelled]
    free = output_names(len(formulas), [*taken, *known.point, *(text for each in formulas for text in names_in(each))])
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
    if isinstance(source, list | tuple) or "DenseMatrix" in type(source).__name__ or type(source).__name__ == "Tuple":
        return list(source)
    return [source]


def _split(value: Any) -> tuple[str | None, Any]:
    """The name before an equals sign, or on the left of SymPy's Eq, and what is behind it."""
    if type(value).__name__ == "Equality":
        return _left_side(value.lhs), value.rhs
    if not isinstance(value, str) or value.count("=") != 1:
        return None, value
    label, formula = value.split("=")
    return (label.strip(), formula) if NAME.fullmatch(label.strip()) else (None, value)


def _left_side(side: Any) -> str:
    """The name that the left side of an Eq gives: a symbol, or a function of its inputs, f(x, y)."""
    text = name_of(side) if side.is_Symbol else getattr(side, "name", "")
    if not NAME.fullmatch(text):
        raise ProblemError(f"the left side of Eq names an output, Eq(y, …); {side} is no name")
    return str(text)


def _lambda(source: Any) -> tuple[list[str], Any]:
    """The arguments of SymPy's Lambda, in their order, and what it gives; no arguments and the source of another."""
    if type(source).__name__ != "Lambda":
        return [], source
    if not all(getattr(argument, "is_Symbol", False) for argument in source.signature):
        raise ProblemError("a Lambda has plain arguments: Lambda((x, y), x*y)")
    return [name_of(argument) for argument in source.signature], source.expr


def _symbols(values: Iterable[Any]) -> dict[str, Any]:
    """SymPy's symbols in expressions by their names. Raises ParseError where two different ones share a name."""
    symbols: dict[str, Any] = {}
    for symbol in (each for value in values for each in getattr(value, "free_symbols", ())):
        if not getattr(symbol, "is_Symbol", False):
            continue
        if symbols.setdefault(name_of(symbol), symbol) != symbol:
            raise ParseError(f"two different symbols of SymPy are both called {name_of(symbol)}")
    return symbols


def output_names(wanted: int, taken: Iterable[str]) -> list[str]:
    """y, or y1, y2, …, or with another letter where a name that is taken starts with it."""
    used = tuple(taken)
    letters = chain(("y", "f"), (f"out{'_' * more}" for more in count()))
    letter = next(letter for letter in letters if not any(str(text).startswith(letter) for text in used))
    return [letter] if wanted == 1 else [f"{letter}{place + 1}" for place in range(wanted)]


class _Known:
    """The names that texts may use: any, unless there is a point with names."""

    def __init__(self, at: Point, others: Sequence[str], letters: Sequence[str], *, matrices: bool) -> None:
        self.point = list(at) if isinstance(at, Mapping) else []
        self._letters = [letter for letter in letters if letter not in self.point and letter not in others]
        self._names = [*self.point, *others] if self.point else None
        self._declared = frozenset(others)
        self._matrices = matrices
        self.spans: list[Spans | None] = []
        self.assumed: dict[str, None] = {}

    def formula(self, value: Any) -> Formula:
        """The formula of a text or of an expression; ``spans`` gets where its operations stand, None of no text."""
        if not isinstance(value, str):
            self.spans.append(None)
            return _of_expression(value)
        read = self._parsed(value)
        self.spans.append(read.spans)
        self.assumed.update(dict.fromkeys(read.assumed))
        return read.formula

    def _parsed(self, text: str) -> Reading:
        try:
            return reading(text, self._names, letters=self._letters, declared=self._declared, matrices=self._matrices)
        except UnknownNameError as error:
            if not self.point:
                raise
            raise UnknownNameError(f"{error.message} (the point has {', '.join(self.point)})", error.place) from None


def _of_expression(value: Any) -> Formula:
    if isinstance(value, Formula):
        return value
    if hasattr(value, "free_symbols"):
        from tracegen.symbolic.sympy_expressions import formula_of_sympy

        return formula_of_sympy(value)
    raise TracingError(f"a {type(value).__name__} is no text, no SymPy expression, no function and no problem")


def _inputs(
    formulas: Sequence[Formula], at: Point, taken: set[str], shapes: Mapping[str, Shape], first: Sequence[str] = ()
) -> tuple[Input, ...]:
    """The inputs: those at the point and ``first`` in their order, then the others by their names."""
    dimensions = {side for shape in shapes.values() for side in shape}
    used = dict.fromkeys(
        text for formula in formulas for text in names_in(formula) if text not in taken and text not in dimensions
    )
    given = list(dict.fromkeys([*(at if isinstance(at, Mapping) else ()), *first]))
    names = [*given, *sorted((text for text in used if text not in given), key=_natural)]
    values = point_values(names, at)
    return tuple(input_of(text, values.get(text), shapes.get(text)) for text in names)


def _shapes(values: Iterable[Any]) -> dict[str, Shape]:
    """The shapes of SymPy's matrix symbols, wherever they stand."""
    shapes: dict[str, Shape] = {}
    for value in values:
        if hasattr(value, "free_symbols"):
            from tracegen.symbolic.sympy_matrices import shapes_in

            shapes |= shapes_in(value)
    return shapes


def _natural(text: str) -> list[Any]:
    """A key that puts x2 before x10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text)]


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
