"""Numeric sweeps of networks run at NumPy's speed: within half as much again of backpropagation by hand."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.networks import network
from tracegen.primitives.algebras import ARRAYS
from tracegen.shapes import Shape
from tracegen.wengert.sweep import evaluate, reverse
from tracegen.wengert.wengert_list import ONE

WIDTH, LAYERS, ROUNDS = 512, 4, 25

Array = NDArray[np.float64]


def by_hand(point: list[Array], batch: int) -> list[Array]:
    """The loss and the gradients of weights and biases of a network of logistic layers, in plain NumPy."""
    x, *parameters, target = point
    weights, biases = parameters[::2], parameters[1::2]
    layers = [x]
    for weight, bias in zip(weights, biases, strict=True):
        layers.append(1 / (1 + np.exp(-(weight @ layers[-1] + bias))))
    error = layers[-1] - target
    found = [np.asarray(np.sum(error * error) / 2)]
    passed = error
    for weight, above, under in zip(weights[::-1], layers[:0:-1], layers[-2::-1], strict=True):
        passed = passed * above * (1 - above)
        found += [passed @ under.T, passed if batch == 1 else np.sum(passed, axis=1, keepdims=True)]
        if under is not x:
            passed = weight.T @ passed
    return found


def best(functions: list[Callable[[], object]]) -> list[float]:
    """The shortest time of each function, taken in turns so that a busy machine hits all alike."""
    times = [float("inf")] * len(functions)
    for _ in range(ROUNDS):
        for at, function in enumerate(functions):
            start = time.perf_counter()
            function()
            times[at] = min(times[at], time.perf_counter() - start)
    return times


@pytest.mark.parametrize("batch", [1, 64])
def test_a_wide_network(batch: int) -> None:
    shapes: dict[str, Shape] = {"x": (WIDTH, batch)}
    for layer in range(1, LAYERS + 1):
        shapes |= {f"W{layer}": (WIDTH, WIDTH), f"b{layer}": (WIDTH, 1)}
    shapes["s"] = (WIDTH, batch)
    steps = {
        f"h{layer}": f"sigma(W{layer} @ {f'h{layer - 1}' if layer > 1 else 'x'} + b{layer})"
        for layer in range(1, LAYERS + 1)
    }
    net = network(shapes, {**steps, "L": f"norm(h{LAYERS} - s)**2 / 2"}, functions={"sigma": "sigmoid"})
    swept = reverse(net.wengert, {net.last: ONE}, keep=False, data=[0, len(shapes) - 1])
    chosen = np.random.default_rng(0)
    point = [chosen.normal(size=tuple(map(int, shape))) / 20 for shape in shapes.values()]
    values, wanted = evaluate(swept.wengert, ARRAYS, point), by_hand(point, batch)
    found = [
        values[net.last],
        *(values[swept.of[at]] for layer in range(LAYERS, 0, -1) for at in (2 * layer - 1, 2 * layer)),
    ]
    for own, other in zip(found, wanted, strict=True):
        assert own == pytest.approx(other)
    ours, theirs = best([lambda: evaluate(swept.wengert, ARRAYS, point), lambda: by_hand(point, batch)])
    assert ours < 3 * theirs, "the table of the benchmarks has the ratio; this one is measured beside other tests"
