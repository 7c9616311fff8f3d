"""Traces Python functions: calls them with values that remember what is done to them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from tracegen.errors import TracegenError, TracingError
from tracegen.formula import Formula, children, name, with_children
from tracegen.mathtext.unicode_text import greek_word
from tracegen.sources.traced_value import Tracer, formula_of


def traced(function: Callable[..., Any]) -> tuple[list[str], list[Formula], list[str]]:
    """The names of a function's arguments, the formulas of what it returns, and their names where it returns a
    dictionary.

    Raises TracingError where the function can't be called with traced values.

    >>> names, (formula,), _ = traced(lambda x, y: x * y)
    >>> names, formula.head
    (['x', 'y'], 'mul')
    """
    names = _arguments(function)
    try:
        with _as_written():
            result = function(*(Tracer(name(text)) for text in names))
    except TracegenError:
        raise
    except Exception as error:
        raise TracingError(f"the function can't be traced: {type(error).__name__}: {error}") from error
    labels = list(map(str, result)) if isinstance(result, Mapping) else []
    results = list(result.values()) if isinstance(result, Mapping) else _results(result)
    if not results:
        raise TracingError("the function returns nothing")
    for label, value in zip(labels, results, strict=False):
        if isinstance(value, list | tuple):
            raise TracingError(f"the function returns a {type(value).__name__} for {label}; an output is one value")
    return names, [formula_of(value) for value in results], labels


def _results(result: Any) -> list[Any]:
    """What a function returns, one by one: a list, a tuple, or an array of traced values."""
    if hasattr(result, "tolist") and not isinstance(result, Tracer):
        result = result.tolist()
    return [value for each in result for value in _results(each)] if isinstance(result, list | tuple) else [result]


@contextmanager
def _as_written() -> Iterator[None]:
    """Keep SymPy, where it is in use, from arranging and simplifying what the function writes."""
    sympy = sys.modules.get("sympy")
    if sympy is None:
        yield
        return
    with sympy.evaluate(False):
        yield


def _arguments(function: Callable[..., Any]) -> list[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        raise TracingError("the function has no signature that can be read; wrap it in a lambda") from None
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    wanted = [parameter for parameter in parameters if parameter.default is inspect.Parameter.empty]
    if not wanted or any(parameter.kind not in plain for parameter in wanted):
        raise TracingError("the function needs plain arguments with names, such as lambda x1, x2: …")
    return [greek_word(parameter.name) for parameter in wanted]


def shared_as_steps(formulas: Sequence[Formula]) -> tuple[Mapping[str, Formula], list[Formula]]:
    """Formulas that share parts, as steps and formulas that share none: each shared part is an unnamed step.

    A function that uses a value twice makes one part with two uses; written out as a tree it could double at every
    line.
    """
    uses: dict[int, int] = {}
    order: list[Formula] = []
    for formula in formulas:
        _count(formula, uses, order)
    rebuilt: dict[int, Formula] = {}
    steps: dict[str, Formula] = {}
    labels = (f"#{place}" for place in count(1))
    for node in order:
        below = children(node)
        new = with_children(node, [rebuilt[id(child)] for child in below])
        if below and uses[id(node)] > 1:
            label = next(labels)
            steps[label] = new
            new = name(label)
        rebuilt[id(node)] = new
    return steps, [rebuilt[id(formula)] for formula in formulas]


def _count(formula: Formula, uses: dict[int, int], order: list[Formula]) -> None:
    """Count how often each part is used, and list the parts with operands first."""
    stack: list[tuple[Formula, bool]] = [(formula, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
            continue
        uses[id(node)] = uses.get(id(node), 0) + 1
        if uses[id(node)] > 1:
            continue
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(children(node)))
