"""Lists of matrices from texts, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracegen.formula import Formula, name
from tracegen.primitives.algebras import ARRAYS
from tracegen.problems.expression_text import reading
from tracegen.shapes import SCALAR, Shape
from tracegen.wengert.lower import AS_WRITTEN, Granularity, Value, lower
from tracegen.wengert.sweep import evaluate, forward, reverse
from tracegen.wengert.wengert_list import ONE, Builder, Operand, WengertList

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Network:
    """A list, its last line, and what every name is."""

    wengert: WengertList
    last: Operand
    names: Mapping[str, Operand]

    def value(self, point: Sequence[Any], operand: Operand | None = None) -> Any:
        return evaluate(self.wengert, ARRAYS, point)[self.last if operand is None else operand]

    def gradient(self, point: Sequence[Any]) -> list[Any]:
        swept = reverse(self.wengert, {self.last: ONE})
        swept.wengert.check()
        values = evaluate(swept.wengert, ARRAYS, point)
        return [values[swept.of[place]] for place in range(len(self.wengert.inputs))]

    def product(self, point: Sequence[Any], direction: Sequence[Any]) -> list[Any]:
        """The Hessian times a direction, by forward over reverse."""
        swept = reverse(self.wengert, {self.last: ONE})
        texts = [f"d{text}" for text in self.wengert.inputs]
        both = forward(swept.wengert, [name(text) for text in texts])
        both.wengert.check()
        values = evaluate(both.wengert, ARRAYS, point, dict(zip(texts, direction, strict=True)))
        places = [swept.of[place] for place in range(len(texts))]
        return [values[both.of[adjoint]] if adjoint >= 0 else 0.0 for adjoint in places]

    def labels(self) -> list[Formula]:
        """The names of the lines: their own, or v with their place."""
        own = {place: text for text, place in self.names.items()}
        return [name(own.get(place, f"v{place}")) for place in range(len(self.wengert))]


def network(
    shapes: Mapping[str, Shape],
    steps: Mapping[str, str],
    *,
    symmetric: Sequence[str] = (),
    granularity: Granularity = AS_WRITTEN,
    functions: Mapping[str, str] | None = None,
) -> Network:
    """The list of some steps over inputs of some shapes; the last step is the output."""
    places = [place for place, text in enumerate(shapes) if text in symmetric]
    builder = Builder.of(list(shapes), list(shapes.values()), places)
    builder.list.functions = dict(functions or {})
    environment: dict[str, Value] = {text: place for place, text in enumerate(shapes)}
    for step, text in steps.items():
        formula = reading(text, list(environment), letters={"sigma"}, matrices=True).formula
        environment[step] = lower(builder, formula, environment, granularity)
    builder.list.check()
    places_of = {text: value for text, value in environment.items() if isinstance(value, int)}
    return Network(builder.list, places_of[step], places_of)


def random_point(net: Network, sizes: Mapping[str, int], seed: int = 0) -> list[Any]:
    """Random inputs of the network's shapes."""
    chosen = np.random.default_rng(seed)
    point: list[Any] = []
    for place in range(len(net.wengert.inputs)):
        shape = net.wengert.shape(place)
        size = tuple(sizes[side] if isinstance(side, str) else side for side in shape)
        point.append(float(chosen.normal()) if shape == SCALAR else chosen.normal(size=size))
    return point


def differences(net: Network, point: Sequence[Any], step: float = 1e-6) -> list[Array]:
    """The gradient by central differences, an element at a time."""
    found = []
    for at, given in enumerate(point):
        gradient = np.zeros(np.shape(given))
        for index in np.ndindex(gradient.shape):
            ends = []
            for sign in (1, -1):
                moved = np.array(given, dtype=float)
                moved[index] += sign * step
                ends.append(net.value([*point[:at], moved if moved.shape else float(moved), *point[at + 1 :]]))
            gradient[index] = (ends[0] - ends[1]) / (2 * step)
        found.append(gradient)
    return found
