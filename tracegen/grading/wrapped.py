"""Reads the value of any row of the table over samples of matrices, by operators that know shapes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from tracegen.grading.meaning import Array, MeaninglessError
from tracegen.primitives.algebras import ARRAYS

if TYPE_CHECKING:
    from tracegen.grading.matrices import Matrices


LARGEST = 1_000
"""The largest size of a matrix that an answer can ask for."""


class Wrapped:
    """A matrix with operators: what a row's value is written with. Sums and products stretch a column over rows."""

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
        return Wrapped(np.add(self.array, _bare(other)), self.functions)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Wrapped:
        return Wrapped(np.subtract(self.array, _bare(other)), self.functions)

    def __rsub__(self, other: Any) -> Wrapped:
        return Wrapped(np.subtract(_bare(other), self.array), self.functions)

    def __mul__(self, other: Any) -> Wrapped:
        return Wrapped(np.multiply(self.array, _bare(other)), self.functions)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Wrapped:
        return Wrapped(np.divide(self.array, _bare(other)), self.functions)

    def __rtruediv__(self, other: Any) -> Wrapped:
        return Wrapped(np.divide(_bare(other), self.array), self.functions)

    def __matmul__(self, other: Any) -> Wrapped:
        return self._applied("matmul", other)

    def __pow__(self, other: Any) -> Wrapped:
        return self._applied("pow", other)

    def __neg__(self) -> Wrapped:
        return self._applied("neg")


class Functions:
    """The namespace ``f`` of a row's value. What the row itself is called is NumPy's own."""

    def __init__(self, functions: Matrices, row: str) -> None:
        self._functions = functions
        self._row = row

    def __getattr__(self, head: str) -> Callable[..., Any]:
        def applied(*operands: Any) -> Wrapped:
            function = partial(_by_sample, head) if head == self._row else self._functions.function(head)
            return Wrapped(function(*map(_bare, operands)), self._functions)

        return applied

    def dimension(self, size: Any) -> float:
        return float(_whole(size))

    def ones(self, size: Any) -> Wrapped:
        return Wrapped(np.ones((1, _whole(size), 1)), self._functions)

    def identity(self, size: Any) -> Wrapped:
        return Wrapped(np.eye(_whole(size))[None], self._functions)


def _by_sample(head: str, first: Any, *others: Any) -> Array:
    """What NumPy makes of matrices, sample by sample; sizes and places are numbers, the same at each."""
    function = getattr(ARRAYS, head)
    matrices = [each for each in (first, *others) if np.ndim(each) == 3]
    found = []
    for at in range(max(map(len, matrices), default=1)):
        given = [each[at % len(each)] if np.ndim(each) == 3 else each for each in (first, *others)]
        found.append(np.atleast_2d(function(np.atleast_2d(given[0]), *map(_number, given[1:]))))
    return np.array(found)


def _number(value: Any) -> Any:
    """A matrix of one number as this number."""
    single = isinstance(value, np.ndarray) and value.shape == (1, 1) and not np.iscomplexobj(value)
    return value.item() if single else value


def _whole(size: Any) -> int:
    """A size that is given as a number or as a matrix of one, the same at every sample; a huge one is refused."""
    number = float(np.real(np.ravel(_bare(size))[0]))
    if not 0 < number <= LARGEST or number != int(number):
        raise MeaninglessError("this is no size of a matrix")
    return int(number)


def _bare(operand: Any) -> Any:
    return operand.array if isinstance(operand, Wrapped) else operand
