"""Values of a list in floats, again and again: at one point, at many points at once, or compiled by XLA."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracegen.algebra.algebra import Algebra
from tracegen.algebra.machine import Line, program, run_lines
from tracegen.errors import ProblemError, ToolError
from tracegen.primitives.algebras import ARRAYS, FLOATS, XLA
from tracegen.wengert.sweep import dimensions, function_of
from tracegen.wengert.wengert_list import Operand, WengertList

BLOCK = 16_384
"""Points that are worked on together: few enough for their values to stay in a processor's cache."""

OFTEN = 500
"""Calls at one point from which on a list is compiled, which takes about as long as so many of them."""

MOST_LINES = 5_000
"""Lines up to which a list is compiled: Python's compiler is slow on long functions."""

ENGINES = ("numpy", "jax")


class Evaluator:
    """Evaluates some operands of a list.

    Only what they need is worked out, and a value's place is used again when the value has been used for the last
    time, so that memory is what lives at once and not what there is.

    >>> from tracegen.wengert.wengert_list import Builder
    >>> builder = Builder.of(["x"])
    >>> square = builder.append("mul", (0, 0))
    >>> Evaluator(builder.list, [square])([3.0])
    [9.0]
    """

    def __init__(
        self,
        wengert: WengertList,
        wanted: Sequence[Operand],
        parameters: Mapping[str, Any] | None = None,
        engine: str = "numpy",
    ) -> None:
        if engine not in ENGINES:
            raise ProblemError(f"there is no engine {engine!r}; there are {', '.join(ENGINES)}")
        self._wengert = wengert
        self._parameters = dict(parameters or {})
        self._plan = _Plan(wengert, wanted)
        self._compiled = _compiled(self._swept) if engine == "jax" else None
        self._functions: dict[Algebra, list[Callable[..., Any]]] = {}
        self._programs = [program(constant) for constant in wengert.constants]
        self._fixed: dict[Algebra, list[Any]] = {}
        self._wanted = wanted
        self._calls = 0
        self._one_point: Callable[..., Any] | None = None

    def __call__(self, point: Sequence[Any]) -> list[Any]:
        """The values of the operands, from those of the inputs: floats, arrays of as many points, or matrices.

        Raises ShapeError where a matrix has not the shape of its input.
        """
        if self._compiled is not None:
            return self._compiled(point)
        sizes = {len(value) for value in point if getattr(value, "ndim", 0) == 1}
        if not sizes and self._wengert.shapes:
            return self._swept(ARRAYS, point)
        if not sizes:
            return self._at_one_point(point)
        return self._in_blocks(point, *sizes)

    def _at_one_point(self, point: Sequence[float]) -> list[float]:
        """The values at a point of numbers; from the call on at which it is worth it by a compiled function."""
        if self._one_point is not None:
            return list(self._one_point(*point))
        self._calls += 1
        if self._calls == OFTEN and len(self._plan.lines) <= MOST_LINES:
            from tracegen.evaluation.compiled import compiled

            self._one_point = compiled(
                self._wengert, self._wanted, self._parameters, lambda *given: self._swept(FLOATS, given)
            )
        return self._swept(FLOATS, point)

    def _in_blocks(self, point: Sequence[Any], count: int) -> list[Any]:
        import numpy as np

        found = [np.empty(count) for _ in self._plan.wanted]
        with np.errstate(all="ignore"):
            for start in range(0, count, BLOCK):
                part = slice(start, start + BLOCK)
                values = self._swept(ARRAYS, [value[part] if getattr(value, "ndim", 0) else value for value in point])
                for whole, value in zip(found, values, strict=True):
                    whole[part] = value
        return found

    def _swept(self, algebra: Algebra, point: Sequence[Any]) -> list[Any]:
        plan, functions = self._plan, self._functions_of(algebra)
        values = [*point, *self._constants(algebra, point), *[None] * plan.more]
        run_lines(zip(plan.places, plan.lines, strict=True), functions, values)
        return [values[place] for place in plan.wanted]

    def _functions_of(self, algebra: Algebra) -> list[Callable[..., Any]]:
        if algebra not in self._functions:
            wengert = self._wengert
            self._functions[algebra] = [function_of(row, algebra, wengert.functions) for row in wengert.primitives]
        return self._functions[algebra]

    def _constants(self, algebra: Algebra, point: Sequence[Any]) -> list[Any]:
        """The values of the constants, which are the same at all points unless shapes are among them."""
        if self._wengert.shapes:
            return self._constants_with(algebra, self._parameters | dimensions(self._wengert, point))
        if algebra not in self._fixed:
            self._fixed[algebra] = self._constants_with(algebra, self._parameters)
        return self._fixed[algebra]

    def _constants_with(self, algebra: Algebra, known: Mapping[str, Any]) -> list[Any]:
        return [constant.value(algebra, float, known.__getitem__) for constant in self._programs]


class _Plan:
    """Which lines are needed for some operands, and where each value is put."""

    def __init__(self, wengert: WengertList, wanted: Sequence[Operand]) -> None:
        count, size = len(wengert.inputs), len(wengert)
        last_use = [-1] * size
        for operand in wanted:
            if operand >= 0:
                last_use[operand] = size
        for place in range(size - 1, count - 1, -1):
            if last_use[place] >= 0:
                for operand in wengert.lines[place][1:]:
                    if operand >= 0 and last_use[operand] < 0:
                        last_use[operand] = place
        fixed = count + len(wengert.constants)
        places = [*range(count), *[0] * (size - count), *range(fixed - 1, count - 1, -1)]
        free: list[int] = []
        self.places: list[int] = []
        self.lines: list[Line] = []
        self.more = 0
        for place in range(count, size):
            if last_use[place] < 0:
                continue
            code, *operands = wengert.lines[place]
            given = [places[operand] for operand in operands]
            for operand in dict.fromkeys(operands):
                if operand >= count and last_use[operand] == place:
                    free.append(places[operand])
            if free:
                places[place] = free.pop()
            else:
                places[place] = fixed + self.more
                self.more += 1
            self.places.append(places[place])
            self.lines.append((code, *given))
        self.wanted = [places[operand] for operand in wanted]


def _compiled(swept: Callable[[Algebra, Sequence[Any]], list[Any]]) -> Callable[[Sequence[Any]], list[Any]]:
    """A function compiled by XLA, once for each shape of the inputs. Raises ToolError where JAX is not installed."""
    try:
        import jax
    except ImportError:
        raise ToolError("engine='jax' needs JAX: pip install tracegen[jax]") from None

    compiled = jax.jit(lambda point: swept(XLA, point))

    def run(point: Sequence[Any]) -> list[Any]:
        with jax.enable_x64(True):
            return list(map(_as_numpy, compiled(list(point))))

    return run


def _as_numpy(value: Any) -> Any:
    import numpy as np

    return np.asarray(value)[()]
