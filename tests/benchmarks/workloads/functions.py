"""The functions that are differentiated, written once over whatever adds, multiplies and takes sines."""

from __future__ import annotations

import operator
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

Binary = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Operations:
    """The operations of a system."""

    sin: Callable[[Any], Any]
    add: Binary = operator.add
    mul: Binary = operator.mul


@dataclass(frozen=True, slots=True)
class Function:
    """A function of about ``size`` lines: how many inputs it has, and its value by a system's operations."""

    inputs: Callable[[int], int]
    value: Callable[[int, Operations, Sequence[Any]], Any]


def product(size: int, f: Operations, x: Sequence[Any]) -> Any:
    """Speelpenning's product."""
    y = x[0]
    for factor in x[1:]:
        y = f.mul(y, factor)
    return y


def chain(size: int, f: Operations, x: Sequence[Any]) -> Any:
    """y ← sin(y)·x + y"""
    y = x[0]
    for _ in range(size // 3):
        y = f.add(f.mul(f.sin(y), x[0]), y)
    return y


def dag(size: int, f: Operations, x: Sequence[Any]) -> Any:
    """Random lines, each of any two before it; their sum, so that each counts."""
    lines = list(x)
    total = x[0]
    for kind, a, b in _random_lines(size, len(x)):
        lines.append(f.sin(lines[b]) if kind < 0.4 else (f.mul if kind < 0.7 else f.add)(lines[a], lines[b]))
        total = f.add(total, lines[-1])
    return total


@cache
def _random_lines(size: int, inputs: int) -> list[tuple[float, int, int]]:
    chosen = random.Random(size)
    return [
        (chosen.random(), chosen.randrange(count), chosen.randrange(max(0, count - 20), count))
        for count in range(inputs, inputs + size // 2)
    ]


def network(size: int, f: Operations, x: Sequence[Any]) -> Any:
    """A network of two layers, every scalar written out: about 4 w² lines for layers as wide as the input, w."""
    width = wide(size)
    weights = iter(x)
    layer = [next(weights) for _ in range(width)]
    for _ in range(2):
        layer = [f.sin(_weighted(f, weights, layer)) for _ in layer]
    return _weighted(f, weights, layer)


def _weighted(f: Operations, weights: Any, layer: list[Any]) -> Any:
    total = f.mul(next(weights), layer[0])
    for value in layer[1:]:
        total = f.add(total, f.mul(next(weights), value))
    return total


def wide(size: int) -> int:
    """How wide a network of a size is."""
    return max(1, int((size / 4) ** 0.5))


FUNCTIONS = {
    "product": Function(lambda size: size, product),
    "chain": Function(lambda size: 1, chain),
    "dag": Function(lambda size: 5, dag),
    "network": Function(lambda size: wide(size) * (2 * wide(size) + 2), network),
}


def lines(what: str) -> Callable[[int], float]:
    """How many lines a function of a size has."""

    def counted(size: int) -> float:
        count = 0

        def one(*operands: Any) -> int:
            nonlocal count
            count += 1
            return 0

        function = FUNCTIONS[what]
        function.value(size, Operations(one, one, one), [0] * function.inputs(size))
        return float(max(count, 1))

    return counted
