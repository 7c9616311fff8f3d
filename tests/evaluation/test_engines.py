"""One point, a column of points, a compiled list and XLA give the same numbers, of every row, at awkward points too."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from tracegen import TracegenError, register, scalar, trace
from tracegen.evaluation.compiled import compiled
from tracegen.evaluation.floats import Evaluator
from tracegen.primitives import Primitive, rows
from tracegen.wengert.sweep import reverse
from tracegen.wengert.wengert_list import ONE, Builder, Operand, WengertList

SIZES = (1.0, 0.5, 2.0, 3.0, 1e-8, 1e-17, 1e-160, 1e-200, 1e-300, 1e16, 1e160, 1e200, 1e300, 37.0, 710.0, 745.5, 1000.0)
EDGES = [0.0, -0.0, *SIZES, *(-size for size in SIZES), math.pi / 2, math.pi, 1 - 2**-53, 2**-53 - 1]
SCALARS = [row for row in rows() if row.elementwise and row.partials is not None]


def points_of(row: Primitive) -> list[tuple[float, ...]]:
    """Every edge; of several operands each edge with a handful of others."""
    if row.arity == 1:
        return [(edge,) for edge in EDGES]
    count = len(EDGES)
    strides = ((0, 1), (7, 3), (3, 11), (9, 1), (1, 0))
    return [
        tuple(EDGES[(a * step**place + by * place) % count] for place in range(row.arity))
        for a in range(count)
        for step, by in strides
    ]


def to_second_order(row: Primitive) -> tuple[WengertList, list[Operand]]:
    """A list of a row's value, first and second derivatives."""
    builder = Builder.of(["x", "y", "z"][: row.arity])
    wanted = [builder.append(row.name, tuple(range(row.arity)))]
    wengert = builder.list
    for order in range(2):
        last = wanted[0] if order == 0 else wanted[1]
        if last >= 0:
            swept = reverse(wengert, {last: ONE}, keep=False)
            wengert = swept.wengert
            wanted += swept.of[: row.arity]
    return wengert, [operand for operand in wanted if operand >= 0]


def agree(a: float, b: float) -> bool:
    if math.isnan(a) or math.isnan(b) or math.isinf(a) or math.isinf(b):
        return str(a) == str(b)
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b)) + 1e-300


def differing(points: Sequence[tuple[float, ...]], a: Sequence[Sequence[float]], b: Sequence[np.ndarray]) -> list[str]:
    return [
        f"value {place} at {point}: {a[at][place]} and {column[at]}"
        for place, column in enumerate(b)
        for at, point in enumerate(points)
        if not agree(a[at][place], float(column[at]))
    ]


@pytest.mark.parametrize("row", SCALARS, ids=lambda row: row.name)
def test_one_point_is_like_a_column_of_points(row: Primitive) -> None:
    points = points_of(row)
    wengert, wanted = to_second_order(row)
    evaluator = Evaluator(wengert, wanted)
    columns = evaluator([np.array(column) for column in zip(*points, strict=True)])
    single = [evaluator(point) for point in points[:400]]
    assert differing(points, single, columns) == []
    function = compiled(wengert, wanted, {}, lambda *point: Evaluator(wengert, wanted)(point))
    assert differing(points, [function(*point) for point in points], columns) == []


@pytest.mark.parametrize("row", SCALARS, ids=lambda row: row.name)
def test_values_by_xla_are_like_a_column_of_points(row: Primitive) -> None:
    pytest.importorskip("jax")
    points = [
        point for point in points_of(row) if all(abs(part) < 1e70 and not 0 < abs(part) < 1e-70 for part in point)
    ]
    wengert, wanted = to_second_order(row)
    wanted = wanted[:1]  # where terms cancel, derivatives keep few digits and XLA rounds otherwise
    columns = [np.array(column) for column in zip(*points, strict=True)]
    by_xla = [np.broadcast_to(column, len(points)) for column in Evaluator(wengert, wanted, engine="jax")(columns)]
    by_numpy = Evaluator(wengert, wanted)(columns)
    single = [[float(column[at]) for column in by_xla] for at in range(len(points))]
    assert differing(points, single, by_numpy) == []


def test_a_row_that_is_registered_raises_nothing_either() -> None:
    register(scalar("inverse_of_root", value=lambda f, a: 1 / f.sqrt(a), partials=lambda f, y, a: (-y / (2 * a),)))
    traced = trace("inverse_of_root(x)")
    for x in (0.0, -1.0, 1e-320):
        column = traced.evaluate({"x": [x]})["y"]
        assert agree(traced.evaluate({"x": x})["y"], column[0])


@pytest.mark.parametrize("value", ["pi", "", 1j, 10**400, object(), [1j], ["a"], [[1.0], [2.0, 3.0]], b"x", {}])
def test_what_no_float_can_hold_is_refused_in_a_sentence(value: object) -> None:
    for points in ({"x": value}, [value, value]):
        for call in (trace("x + a").evaluate, trace("x + a").gradient_at):
            with pytest.raises(TracegenError):
                call(points)
