"""W8: the gradient of a wide and deep network, of matrices."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.case import OURS, Case, Run, Target, once

WIDTH = 512
WHAT = "network, 512 wide, gradient"


def point(layers: int) -> list[Any]:
    """The input, the weights and biases, and what is wanted."""
    import numpy as np

    chosen = np.random.default_rng(0)
    column = (WIDTH, 1)
    shapes = [column, *[(WIDTH, WIDTH), column] * layers, column]
    return [chosen.normal(size=shape) / 20 for shape in shapes]


def ours(layers: int, engine: str = "numpy") -> Run:
    from tracegen.evaluation.floats import Evaluator
    from tracegen.wengert.sweep import reverse
    from tracegen.wengert.wengert_list import ONE, Builder

    column = (WIDTH, 1)
    names = ["x", *(f"{letter}{layer}" for layer in range(layers) for letter in "Wb"), "s"]
    builder = Builder.of(names, [column, *[(WIDTH, WIDTH), column] * layers, column])
    above = 0
    for layer in range(layers):
        above = builder.append("matmul", (1 + 2 * layer, above))
        above = builder.append("sigmoid", (builder.append("add", (above, 2 + 2 * layer)),))
    loss = builder.append("half_squared_distance", (above, len(names) - 1))
    swept = reverse(builder.list, {loss: ONE}, keep=False, data=[0, len(names) - 1])
    sweep = Evaluator(swept.wengert, [loss, *swept.of[1 : len(names) - 1]], engine=engine)
    given = point(layers)
    sweep(given)
    return lambda: sweep(given)


def with_jax(layers: int) -> Run:
    return ours(layers, "jax")


def by_hand(layers: int) -> Run:
    import numpy as np

    x, *parameters, wanted = point(layers)
    weights, biases = parameters[::2], parameters[1::2]

    def run() -> object:
        values = [x]
        for weight, bias in zip(weights, biases, strict=True):
            values.append(1 / (1 + np.exp(-(weight @ values[-1] + bias))))
        error = values[-1] - wanted
        found: list[Any] = [np.sum(error * error) / 2]
        passed = error
        for weight, above, below in zip(weights[::-1], values[:0:-1], values[-2::-1], strict=True):
            passed = passed * above * (1 - above)
            found += [passed @ below.T, passed]
            if below is not x:
                passed = weight.T @ passed
        return found

    return run


def jax_by_hand(layers: int) -> Run:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    x, *parameters, wanted = point(layers)

    def loss(given: list[Any]) -> Any:
        above = x
        for weight, bias in zip(given[::2], given[1::2], strict=True):
            above = 1 / (1 + jnp.exp(-(weight @ above + bias)))
        return jnp.sum((above - wanted) ** 2) / 2

    gradient = jax.jit(jax.value_and_grad(loss))
    jax.block_until_ready(gradient(parameters))
    return lambda: jax.block_until_ready(gradient(parameters))


CASES = [
    Case("W8", WHAT, OURS, ours, (2, 10, 50), once, "gradient"),
    Case("W8", WHAT, "NumPy by hand", by_hand, (2, 10, 50), once, "gradient"),
    Case("W8", WHAT, "tracegen, engine=jax", with_jax, (2, 10, 50), once, "gradient", "jax"),
    Case("W8", WHAT, "jax.jit", jax_by_hand, (2, 10, 50), once, "gradient", "jax"),
]

TARGETS = [Target("W8", WHAT, "ratio", 1.2, "NumPy by hand")]
