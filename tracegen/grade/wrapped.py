"""Reads the value of any row of the table over samples of matrices, by operators that know shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from tracegen.grade.meaning import Array

if TYPE_CHECKING:
    from tracegen.grade.matrices import Matrices


class Wrapped:
    """A matrix with operators: what a row's value is written with."""

    __slots__ = ("array", "functions")

    def __init__(self, array: Array, functions: Matrices) -> None:
        self.array = array
        self.functions = functions

    @property
    def shape(self) -> tuple[int, int]:
        return self.array.shape[1:3] if isinstance(self.array, np.ndarray) else (1, 1)

    @property
    def T(self) -> Wrapped:  # noqa: N802
        return self._applied("transpose")

    def _applied(self, head: str, *others: Any) -> Wrapped:
        return Wrapped(self.functions.function(head)(self.array, *map(_bare, others)), self.functions)

    def __add__(self, other: Any) -> Wrapped:
        return self._applied("add", other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Wrapped:
        return self._applied("sub", other)

    def __rsub__(self, other: Any) -> Wrapped:
        return Wrapped(self.functions.function("sub")(_bare(other), self.array), self.functions)

    def __mul__(self, other: Any) -> Wrapped:
        return self._applied("hadamard", other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Wrapped:
        return self._applied("div", other)

    def __rtruediv__(self, other: Any) -> Wrapped:
        return Wrapped(self.functions.function("div")(_bare(other), self.array), self.functions)

    def __matmul__(self, other: Any) -> Wrapped:
        return self._applied("matmul", other)

    def __pow__(self, other: Any) -> Wrapped:
        return self._applied("pow", other)

    def __neg__(self) -> Wrapped:
        return self._applied("neg")


class Functions:
    """The namespace ``f`` of a row's value."""

    def __init__(self, functions: Matrices) -> None:
        self._functions = functions

    def __getattr__(self, head: str) -> Callable[..., Any]:
        def applied(*operands: Any) -> Wrapped:
            return Wrapped(self._functions.function(head)(*map(_bare, operands)), self._functions)

        return applied

    def dimension(self, size: int) -> float:
        return float(size)

    def ones(self, size: Any) -> Wrapped:
        return Wrapped(np.ones((1, int(_bare(size)), 1)), self._functions)

    def identity(self, size: Any) -> Wrapped:
        return Wrapped(np.eye(int(_bare(size)))[None], self._functions)


def _bare(operand: Any) -> Any:
    return operand.array if isinstance(operand, Wrapped) else operand
