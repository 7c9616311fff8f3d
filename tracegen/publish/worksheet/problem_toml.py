"""Writes a problem as the file that :meth:`tracegen.problems.problem.Problem.read` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from tracegen.errors import ProblemError
from tracegen.formula import Formula, rational
from tracegen.notation import source
from tracegen.problems.problem import Problem
from tracegen.problems.problem_file import FLAGS
from tracegen.shapes import Shape


def to_toml(problem: Problem) -> str:
    """The text of a problem's file. Raises ProblemError where it would not be read back as the same problem.

    >>> from tracegen.formula import name, number
    >>> from tracegen.problems.problem_file import Input
    >>> print(to_toml(Problem((Input("x", number(2)),), {"f": name("x")})))
    [inputs]
    x = 2
    <BLANKLINE>
    [outputs]
    f = "x"
    <BLANKLINE>
    """
    written = "\n".join(_lines(problem)) + "\n"
    again = Problem.from_toml(written)
    same = dict(again.outputs) == dict(problem.outputs) and dict(again.steps) == dict(problem.steps)
    if not same or again.inputs != problem.inputs:
        raise ProblemError("it can't be written as a problem file that is read back as the same problem")
    return written


def _lines(problem: Problem) -> Iterator[str]:
    if problem.title:
        yield f"title = {_quoted(problem.title)}"
        yield ""
    yield "[inputs]"
    for entry in problem.inputs:
        value_pair = {} if entry.value is None else {"value": _value(entry.value)}
        more = {"shape": _shape(entry.shape)} if entry.shape else {}
        more |= {flag: "true" for flag in FLAGS if getattr(entry, flag)}
        pairs = ", ".join(f"{key} = {value}" for key, value in (more | value_pair).items())
        yield f"{entry.name} = {value_pair['value'] if value_pair and not more else '{ ' + pairs + ' }'}"
    yield from _section("parameters", {key: _parameter(value) for key, value in problem.parameters.items()})
    yield from _section("functions", {key: _quoted(value) for key, value in problem.functions.items()})
    yield from _section("steps", {key: _quoted(source(formula)) for key, formula in problem.steps.items()})
    yield from _section("outputs", {key: _quoted(source(formula)) for key, formula in problem.outputs.items()})


def _section(section: str, entries: Mapping[str, str]) -> Iterator[str]:
    if entries:
        yield ""
        yield f"[{section}]"
        yield from (f"{key} = {value}" for key, value in entries.items())


def _parameter(value: Formula | None) -> str:
    return "{}" if value is None else _value(value)


def _shape(shape: Shape) -> str:
    return f"[{', '.join(_quoted(part) if isinstance(part, str) else str(part) for part in shape)}]"


def _value(formula: Formula) -> str:
    if formula.head == "matrix":
        return f"[{', '.join('[' + ', '.join(map(_value, row)) + ']' for row in formula.args)}]"
    whole = rational(formula)
    if whole is not None and whole.denominator == 1 and "." not in source(formula):
        return str(whole)
    return _quoted(source(formula))


def _quoted(words: str) -> str:
    # TOML's strings are those of JSON, but for one character
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007F")
