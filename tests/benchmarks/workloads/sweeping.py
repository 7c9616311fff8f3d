"""W3: values and gradients in floats, at one point and at many; lists of a million lines, saved and loaded."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.benchmarks.case import OURS, Case, Run, Target
from tests.benchmarks.workloads.functions import Operations, chain

POINTS = 100_000
SIZES = (30, 300)
LONG = (100, 1_000, 10_000, 100_000, 1_000_000)

VALUE, GRADIENT, ONE_VALUE, ONE_GRADIENT, FILES = (
    "value, 10⁵ points", "gradient, 10⁵ points", "value, one point", "gradient, one point", "save and load"
)  # fmt: skip


def a_list(size: int) -> Any:
    """The chain as a list; it has one input."""
    from tracegen.wengert.wengert_list import Builder

    builder = Builder.of(["x"])
    append = builder.append
    operations = Operations(
        lambda a: append("sin", (a,)), lambda a, b: append("add", (a, b)), lambda a, b: append("mul", (a, b))
    )
    builder.list.outputs["y"] = chain(size, operations, [0])
    return builder.list


def evaluator(size: int, gradient: bool, engine: str = "numpy") -> Any:
    from tracegen.evaluation.floats import Evaluator
    from tracegen.wengert.sweep import reverse
    from tracegen.wengert.wengert_list import ONE

    wengert = a_list(size)
    if not gradient:
        return Evaluator(wengert, list(wengert.outputs.values()), engine=engine)
    swept = reverse(wengert, {wengert.outputs["y"]: ONE}, keep=False)
    return Evaluator(swept.wengert, swept.of[:1], engine=engine)


def points() -> Any:
    import numpy as np

    return np.random.default_rng(0).uniform(0.2, 0.9, POINTS)


def ours(gradient: bool, many: bool, size: int, engine: str = "numpy") -> Run:
    sweep = evaluator(size, gradient, engine)
    given = points() if many else 0.7
    sweep([given])
    return lambda: sweep([given])


def by_hand(gradient: bool, size: int) -> Run:
    import numpy as np

    x = points()

    def value() -> Any:
        y = x
        for _ in range(size // 3):
            y = np.sin(y) * x + y
        return y

    def slope() -> Any:
        y = x
        kept = []
        for _ in range(size // 3):
            sine = np.sin(y)
            kept.append((y, sine))
            y = sine * x + y
        adjoint, total = np.ones_like(x), np.zeros_like(x)
        for before, sine in reversed(kept):
            total += adjoint * sine
            adjoint = adjoint + adjoint * x * np.cos(before)
        return total + adjoint

    return slope if gradient else value


def lambdified(gradient: bool, size: int) -> Run:
    import sympy

    symbol = sympy.Symbol("x")
    y = chain(size, Operations(sympy.sin), [symbol])
    wanted = sympy.diff(y, symbol) if gradient else y
    function, x = sympy.lambdify(symbol, wanted, cse=True), points()
    return lambda: function(x)


def mapped(gradient: bool, size: int) -> Run:
    import casadi

    symbol = casadi.SX.sym("x")
    y = chain(size, Operations(casadi.sin), [symbol])
    function = casadi.Function("f", [symbol], [casadi.gradient(y, symbol) if gradient else y]).map(POINTS)
    x = points()[None, :]
    return lambda: function(x)


def jitted(gradient: bool, size: int) -> Run:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    value = partial(chain, size, Operations(jnp.sin))
    one = jax.grad(lambda x: value([x])) if gradient else lambda x: value([x])
    function, x = jax.jit(jax.vmap(one)), points()
    function(x).block_until_ready()
    return lambda: function(x).block_until_ready()


def plain_python(gradient: bool, size: int) -> Run:
    """The chain and its derivative, written out with Python's own floats."""

    def value() -> float:
        y = 0.7
        for _ in range(size // 3):
            y = math.sin(y) * 0.7 + y
        return y

    def slope() -> float:
        y, kept = 0.7, []
        for _ in range(size // 3):
            kept.append((y, math.sin(y)))
            y = kept[-1][1] * 0.7 + y
        adjoint, total = 1.0, 0.0
        for before, sine in reversed(kept):
            total += adjoint * sine
            adjoint += adjoint * 0.7 * math.cos(before)
        return total + adjoint

    return slope if gradient else value


def saved(size: int) -> Run:
    from tracegen.wengert.storing import load, save

    wengert = a_list(size)

    def run() -> object:
        with tempfile.TemporaryDirectory() as folder:
            save(wengert, Path(folder) / "a.list")
            return load(Path(folder) / "a.list")

    return run


def pickled(size: int) -> Run:
    import pickle

    wengert = a_list(size)

    def run() -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.pickle"
            path.write_bytes(pickle.dumps((wengert.lines, wengert.inputs)))
            return pickle.loads(path.read_bytes())

    return run


def _cases(what: str, gradient: bool) -> list[Case]:
    systems: list[tuple[str, Callable[[int], Run], str]] = [
        (OURS, partial(ours, gradient, True), ""),
        ("NumPy by hand", partial(by_hand, gradient), ""),
        ("tracegen, engine=jax", partial(ours, gradient, True, engine="jax"), "jax"),
        ("jax.jit", partial(jitted, gradient), "jax"),
        ("casadi map", partial(mapped, gradient), "casadi"),
        ("sympy.lambdify", partial(lambdified, gradient), "sympy"),
    ]
    return [
        Case("W3", what, system, make, SIZES, lambda size: size * POINTS / 1000, "line and 1000 points", needs)
        for system, make, needs in systems
    ]


CASES = [
    *_cases(VALUE, False),
    *_cases(GRADIENT, True),
    *(
        case
        for what, gradient in ((ONE_VALUE, False), (ONE_GRADIENT, True))
        for case in (
            Case("W3", what, OURS, partial(ours, gradient, False), LONG),
            Case("W3", what, "Python by hand", partial(plain_python, gradient), LONG),
        )
    ),
    Case("W3", FILES, OURS, saved, LONG[2:]),
    Case("W3", FILES, "pickle", pickled, LONG[2:]),
]

TARGETS = [
    Target("W3", ONE_VALUE, "seconds", 1e-6),
    Target("W3", ONE_GRADIENT, "ratio", 4, OURS, than=ONE_VALUE),
    Target("W3", GRADIENT, "ratio", 4, OURS, than=VALUE),
    Target("W3", VALUE, "ratio", 1.2, "NumPy by hand"),
    Target("W3", GRADIENT, "ratio", 1.2, "NumPy by hand"),
    Target("W3", VALUE, "ratio", 1.2, "jax.jit", system="tracegen, engine=jax"),
    Target("W3", GRADIENT, "ratio", 1.2, "jax.jit", system="tracegen, engine=jax"),
]
