"""What the cells of a page are checked against: the numbers of every line, at the point or at one drawn at random."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from tracegen.document.table import Cell, Decimal
from tracegen.evaluation.decimals import decimals
from tracegen.evaluation.evaluation import Evaluation, Point
from tracegen.evaluation.random_points import draw
from tracegen.formula import Formula, rational
from tracegen.notation import text
from tracegen.wengert.wengert_list import ONE, ZERO, Operand, WengertList

DIGITS = 17


def answers(evaluation: Evaluation, output: str, inputs: Sequence[str]) -> str:
    """The numbers as JSON: by the keys of cells, and by the names that an answer may use."""
    point = _point(evaluation)
    if point is None:
        return "null"
    places = range(len(evaluation.wengert))
    cells = _keyed("p", _numbers(evaluation, evaluation.wengert, places, point))
    swept, _ = evaluation.adjoints({output: ONE})
    cells |= _keyed("a-", _numbers(evaluation, swept.wengert, swept.of, point))
    for at, wanted in enumerate(evaluation.wengert.inputs):
        if wanted in inputs and not evaluation.wengert.shapes:
            moved, _ = evaluation.tangents([ONE if text == wanted else ZERO for text in evaluation.wengert.inputs])
            cells |= _keyed(f"t{at}-", _numbers(evaluation, moved.wengert, moved.of, point))
    record = {
        "exact": evaluation.is_evaluable,
        "cells": cells,
        "lines": [text(label) for label in evaluation.labels],
        "inputs": list(evaluation.wengert.inputs),
        "parameters": {name: _plain(value) for name, value in point.parameters.items()},
        "functions": dict(evaluation.sampled.functions),
    }
    # a page's script must not be ended by a text in it
    return json.dumps(record, ensure_ascii=True, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _point(evaluation: Evaluation) -> Point | None:
    if evaluation.is_evaluable:
        return evaluation.point
    return next(draw(evaluation), None)


def _numbers(evaluation: Evaluation, wengert: WengertList, operands: Sequence[Operand], point: Point) -> list[Any]:
    listed = replace(wengert, functions=evaluation.sampled.functions)
    cells = decimals(listed, list(operands), point.inputs, point.parameters, DIGITS)
    return [_plain(cell) for cell in cells]


def _keyed(prefix: str, values: Sequence[Any]) -> dict[str, Any]:
    return {f"{prefix}{place}": value for place, value in enumerate(values) if value is not None}


def _plain(cell: Cell) -> Any:
    """A number, or the rows of a matrix; None where there is neither, or a float has no room for it."""
    if isinstance(cell, Decimal):
        return float(cell) if isfinite(float(cell)) else None
    if not isinstance(cell, Formula):
        return None
    if cell.head == "matrix":
        return [[_plain(entry) for entry in row] for row in cell.args]
    value = rational(cell)
    return None if value is None else float(value)
