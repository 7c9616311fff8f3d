"""W2: building a function and its derivative by all inputs as expressions (micrograd and autograd: as numbers)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from tests.benchmarks.case import OURS, Case, Run, Target
from tests.benchmarks.workloads.functions import FUNCTIONS, Function, Operations, lines

SIZES = tuple(10**power for power in range(1, 7))
TRACED = "tracegen, from a Python function"

Value = Callable[[Operations, Sequence[Any]], Any]


def tracegen(function: Function, size: int) -> Run:
    from tracegen.wengert.sweep import reverse
    from tracegen.wengert.wengert_list import ONE, Builder

    count = function.inputs(size)

    def run() -> object:
        builder = Builder.of([f"x{place}" for place in range(count)])
        append = builder.append
        operations = Operations(
            lambda a: append("sin", (a,)), lambda a, b: append("add", (a, b)), lambda a, b: append("mul", (a, b))
        )
        last = function.value(size, operations, range(count))
        return reverse(builder.list, {last: ONE}, keep=False)

    return run


def traced(function: Function, size: int) -> Run:
    """By operator overloading, like the peers."""
    from tracegen import sin
    from tracegen.problems.problem_lists import wengert_list
    from tracegen.sources.sources import problem_of
    from tracegen.wengert.sweep import reverse
    from tracegen.wengert.wengert_list import ONE

    arguments = [f"x{place}" for place in range(function.inputs(size))]
    called = _with_arguments(lambda x: function.value(size, Operations(sin), x), arguments)

    def run() -> object:
        problem = problem_of(called, None, None, None)
        wengert = wengert_list(problem, list(problem.outputs))
        return reverse(wengert, dict.fromkeys(wengert.outputs.values(), ONE), keep=False)

    return run


def _with_arguments(value: Callable[[Sequence[Any]], Any], arguments: Sequence[str]) -> Callable[..., Any]:
    """A function ``f`` that says it has so many plain arguments."""
    import inspect

    def f(*x: Any) -> Any:
        return value(x)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    f.__signature__ = inspect.Signature([inspect.Parameter(text, kind) for text in arguments])  # type: ignore[attr-defined]
    return f


def sympy(function: Function, size: int) -> Run:
    import sympy as sp

    def run() -> object:
        x = sp.symbols(f"x:{function.inputs(size)}")
        y = function.value(size, Operations(sp.sin), x)
        return sp.cse([y, *(sp.diff(y, each) for each in x)])

    return run


def symengine(function: Function, size: int) -> Run:
    import symengine as se

    def run() -> object:
        x = [se.Symbol(f"x{place}") for place in range(function.inputs(size))]
        y = function.value(size, Operations(se.sin), x)
        return se.cse([y, *(y.diff(each) for each in x)])

    return run


def casadi(function: Function, size: int) -> Run:
    import casadi as ca

    def run() -> object:
        x = [ca.SX.sym(f"x{place}") for place in range(function.inputs(size))]
        return ca.gradient(function.value(size, Operations(ca.sin), x), ca.vertcat(*x))

    return run


def jax(function: Function, size: int) -> Run:
    import jax as jx
    import jax.numpy as jnp

    point = [0.5] * function.inputs(size)

    def run() -> object:
        # a new function each time, since JAX remembers what it has traced
        return jx.make_jaxpr(jx.grad(lambda x: function.value(size, Operations(jnp.sin), x)))(point)

    return run


def autograd(function: Function, size: int) -> Run:
    import autograd as ag
    import autograd.numpy as anp

    point = [0.5] * function.inputs(size)
    gradient = ag.grad(lambda x: function.value(size, Operations(anp.sin), x))
    return lambda: gradient(point)


def micrograd(function: Function, size: int) -> Run:
    import math

    from micrograd.engine import Value as Scalar

    def sin(a: Any) -> Any:
        out = Scalar(math.sin(a.data), (a,), "sin")

        def backward() -> None:
            a.grad += math.cos(a.data) * out.grad

        out._backward = backward
        return out

    def run() -> object:
        x = [Scalar(0.5) for _ in range(function.inputs(size))]
        function.value(size, Operations(sin), x).backward()
        return x

    return run


SYSTEMS: dict[str, tuple[Callable[[Function, int], Run], str]] = {
    OURS: (tracegen, ""), TRACED: (traced, ""), "casadi SX": (casadi, "casadi"), "jax": (jax, "jax"),
    "sympy diff, cse": (sympy, "sympy"), "symengine": (symengine, "symengine"), "autograd": (autograd, "autograd"),
    "micrograd": (micrograd, "micrograd"),
}  # fmt: skip


def prepared(make: Callable[[Function, int], Run], what: str, size: int) -> Run:
    """A function worked through once before it is timed: which random lines it has is no part of the work."""
    lines(what)(size)
    return make(FUNCTIONS[what], size)


CASES = [
    Case("W2", what, system, partial(prepared, make, what), SIZES, lines(what), needs=needs)
    for what in FUNCTIONS
    for system, (make, needs) in SYSTEMS.items()
]

TARGETS = [
    target
    for what in FUNCTIONS
    for target in (
        Target("W2", what, "seconds", 4e-6),
        Target("W2", what, "seconds", 4e-6, sizes=SIZES[2:]),
        Target("W2", what, "exponent", 1.05),
        Target("W2", what, "ahead", 10, "casadi SX"),
        Target("W2", what, "ahead", 10, "casadi SX", sizes=SIZES[2:]),
        Target("W2", what, "ahead", 150, "jax"),
        Target("W2", what, "ahead", 150, "jax", sizes=SIZES[2:]),
        Target("W2", what, "bytes", 300, sizes=SIZES[4:]),
    )
]
