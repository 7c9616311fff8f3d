"""The points at which formulas are compared: the problem's own, and some near it at which every line has a value."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence

import numpy as np

from tracegen.grading.meaning import Array

OTHERS = 5
"""Random points beside the problem's own."""

SAME, DIFFERENT = 1e-9, 1e-6
"""Relative differences below which values are the same, and above which they differ."""

EQUAL, UNEQUAL, UNSURE = "equal", "unequal", "unsure"


def drawn(point: Mapping[str, float | None], seed: int, count: int, spread: float = 0.45) -> dict[str, Array]:
    """Inputs at the point (where there is one) and at ``count`` random points round it, no further than ``spread``."""
    source = random.Random(seed)
    inputs = {}
    for name, value in point.items():
        base = 1.0 if value is None else value
        inputs[name] = np.array([base, *(_near(base, source, spread) for _ in range(count))])
    return inputs


def _near(base: float, source: random.Random, spread: float) -> float:
    """A number of the same sign and about the same size, never the same."""
    if base == 0:
        return source.uniform(0.1, 0.9) * source.choice([-1, 1]) * spread / 0.45
    return base * source.uniform(1.0 - spread, 1.0 + spread)


def agreement(a: Array, b: Array, scale: float = 1.0) -> str:
    """Whether two rows of values are equal, unequal, or too close to say; where either is not finite is left out.

    >>> agreement(np.array([1.0, 2.0]), np.array([1.0, 3.0]))
    'unequal'
    """
    # plain floats: on a handful of samples they are ten times faster than arrays
    floor, compared, close = 1e-12 * scale, 0, True
    pairs = list(zip(a.tolist(), b.tolist(), strict=True))
    for p, q in pairs:
        difference = abs(p - q)
        if not difference < math.inf:
            continue
        compared += 1
        size = max(abs(p), abs(q))
        if difference > SAME * size + floor:
            close = False
            if difference > DIFFERENT * size + 10 * floor:
                return UNEQUAL
    if compared * 2 < len(pairs) or not compared:
        return UNSURE
    return EQUAL if close else UNSURE


def right_values(values: Array) -> bytes:
    """The right values of a row as something to look findings up by: those of the writer's own world are left out."""
    right: bytes = (values[:-1] if values.ndim == 1 else values).tobytes()
    return right


def plainly_differ(a: Array, b: Array) -> bool:
    """Whether one look at one point tells that two rows of values are not equal."""
    p, q = a.item(1), b.item(1)
    return bool(10 * DIFFERENT * (1 + abs(q)) < abs(p - q) < math.inf)


def same_as(values: Array, others: Array, scale: float = 1.0) -> Array:
    """For each row of ``others`` whether it is equal to ``values``, at all points where both are finite."""
    difference = np.abs(others - values)
    size = np.maximum(np.abs(others), np.abs(values))
    close = (difference <= SAME * size + 1e-12 * scale) | ~(difference < np.inf)
    enough = (difference < np.inf).sum(axis=-1) * 2 >= difference.shape[-1]
    return close.all(axis=-1) & enough


def column(values: Array, count: int) -> Array:
    """Values as an array over all points, where they may be a plain number."""
    if isinstance(values, np.ndarray) and values.ndim:
        return values
    return np.full(count, float(values))


def stacked(rows: Sequence[Array]) -> Array:
    """Rows of values, one under the other."""
    return np.array(rows)
