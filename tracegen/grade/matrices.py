"""The functions of matrices over samples: values are (sample, row, column); a local partial has four axes more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from tracegen import primitives
from tracegen.grade.meaning import Array, MeaninglessError, Scalars
from tracegen.grade.wrapped import Functions, Wrapped
from tracegen.primitives.algebra import ARRAYS

STEP = 1e-30
"""The step of the complex-step derivative: the imaginary part is the derivative, to all digits.

Source: Squire & Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40 (1998).
"""


class ShapeMismatchError(MeaninglessError):
    """Operands whose shapes do not fit."""


@dataclass(frozen=True, slots=True)
class Local:
    """A local partial of a matrix by a matrix: (sample, row and column above, row and column below)."""

    array: Array

    @property
    def above(self) -> tuple[int, ...]:
        return self.array.shape[1:3]  # type: ignore[no-any-return]

    @property
    def below(self) -> tuple[int, ...]:
        return self.array.shape[3:5]  # type: ignore[no-any-return]


class Matrices(Scalars):
    """The functions of matrices. ``letters`` says what letters for functions stand for, ``sizes`` what each size is
    called. ``forward`` makes a local partial times a matrix the tangent, instead of the adjoint that is passed on."""

    def __init__(self, letters: dict[str, str] | None = None, sizes: Mapping[int, str] | None = None) -> None:
        super().__init__(letters)
        self.sizes = dict(sizes or {})
        self.forward = False
        self._own: dict[str, Callable[..., Any]] = {
            "add": self._sum(np.add), "sub": self._sum(np.subtract), "mul": self.product, "matmul": self.matmul,
            "dot": self._dot, "inner": self._dot, "matmul_nt": self._outer, "hadamard": self.hadamard,
            "scale": self.product,
            "div": self._quotient, "transpose": _transpose, "neg": _negative, "norm": _norm, "diag": _diagonal,
            "trace": lambda a: np.trace(_3d(a), axis1=1, axis2=2)[:, None, None],
            "sum": lambda a: _3d(a).sum((1, 2), keepdims=True),
            "det": lambda a: np.linalg.det(_3d(a))[:, None, None], "inv": lambda a: np.linalg.inv(_square(a)),
            "pow": self._power, "diagonal": _diagonal, "row_sums": lambda a: _3d(a).sum(2, keepdims=True),
            "column_sums": lambda a: _3d(a).sum(1, keepdims=True), "mean": lambda a: _3d(a).mean((1, 2), keepdims=True),
            "solve": lambda a, b: np.linalg.solve(_square(a), _3d(b)),
            "abs": _of_matrices(lambda a: np.where(np.real(a) < 0, -a, a)),
            "sign": _of_matrices(lambda a: np.sign(np.real(a))), "square": _of_matrices(lambda a: a * a),
            "reciprocal": _of_matrices(lambda a: 1.0 / a),
            "softmax": _softmax,
        }  # fmt: skip

    def function(self, head: str | tuple[str, int, int]) -> Any:
        if isinstance(head, tuple):
            return partial(_stacked, head[1], head[2])
        own = self._own.get(head)
        if own is not None:
            return own
        row = primitives.find(head)
        if row is not None and row.shapes is not None and not row.elementwise:
            return self._of_the_table(row)
        elementwise = super().function(head)

        def applied(*operands: Array) -> Array:
            return elementwise(*map(_no_local, operands))

        return applied

    def _of_the_table(self, row: primitives.Primitive) -> Callable[..., Any]:
        namespace = Functions(self, row.name)

        def applied(*operands: Array) -> Array:
            found = row.value(namespace, *(Wrapped(_no_local(operand), self) for operand in operands))
            return found.array if isinstance(found, Wrapped) else found

        self._own[row.name] = applied
        return applied

    def letter(self, text: str, primes: int, operand: Array) -> Array:
        meant = self._letters.get(text)
        if primes == 1 and meant is not None:
            function = getattr(ARRAYS, meant)
            return (
                np.imag(function(operand + 1j * STEP)) / STEP
                if not np.iscomplexobj(operand)
                else _slope(function, operand)
            )
        return super().letter(text, primes, operand)

    def shape(self, value: Array) -> str:
        """A shape in the letters of the problem: ``N×1``."""
        if not isinstance(value, np.ndarray):
            return "1×1"
        rows, columns = value.shape[1:3]
        return f"{self.sizes.get(rows, rows)}×{self.sizes.get(columns, columns)}"

    def finished(self, value: Any, samples: int) -> Array:
        """A value as an array; a local partial of a number is its gradient."""
        if isinstance(value, Local):
            if value.above != (1, 1):
                raise MeaninglessError("a local partial of a matrix stands alone here")
            return value.array[:, 0, 0]
        if not isinstance(value, np.ndarray) or value.ndim < 3:
            return np.full((samples, 1, 1), value)
        return np.broadcast_to(value, (samples, *value.shape[1:]))

    def _sum(self, operation: Any) -> Callable[..., Array]:
        def added(a: Array, b: Array) -> Array:
            if isinstance(a, Local) and isinstance(b, Local):
                return Local(operation(a.array, b.array)) if a.array.shape == b.array.shape else self._misfit(a, b)
            a, b = _gradient(a), _gradient(b)
            if _is_number(a) or _is_number(b) or a.shape[1:] == b.shape[1:]:
                return operation(a, b)
            if _stretches(a, b):
                return operation(a, b)
            return self._misfit(a, b)

        return added

    def product(self, a: Any, b: Any) -> Any:
        """What a product without a sign means: of matrices where the shapes fit, element by element where a row of
        the table would have it so, of a local partial by the chain rule."""
        if isinstance(a, Local) or isinstance(b, Local):
            return self._chain(a, b)
        if _is_number(a) or _is_number(b):
            return a * b
        if a.shape[2] == b.shape[1]:
            return a @ b
        if a.shape[1:] == b.shape[1:]:
            return a * b
        return self._misfit(a, b)

    def matmul(self, a: Any, b: Any) -> Any:
        """The product of matrices."""
        if isinstance(a, Local) or isinstance(b, Local) or _is_number(a) or _is_number(b) or a.shape[2] == b.shape[1]:
            return self.product(a, b)
        return self._misfit(a, b)

    def hadamard(self, a: Any, b: Any) -> Any:
        """The product element by element."""
        if isinstance(a, Local) or isinstance(b, Local):
            return self._chain(a, b)
        if _is_number(a) or _is_number(b) or a.shape[1:] == b.shape[1:] or _stretches(a, b):
            return a * b
        return self._misfit(a, b)

    def _dot(self, a: Array, b: Array) -> Array:
        a, b = _3d(a), _3d(b)
        if a.shape[1:] != b.shape[1:]:
            return self._misfit(a, b)
        return (a * b).sum((1, 2), keepdims=True)

    def _outer(self, a: Array, b: Array) -> Array:
        return self.matmul(a, _transpose(b))

    def _quotient(self, a: Array, b: Array) -> Array:
        a, b = _gradient(a), _gradient(b)
        if _is_number(b) or _is_number(a) or a.shape[1:] == b.shape[1:] or _stretches(a, b):
            return np.divide(a, b)
        return self._misfit(a, b)

    def _power(self, a: Array, b: Array) -> Array:
        if not _is_number(_no_local(b)):
            raise MeaninglessError("an exponent is a number")
        return np.power(_no_local(a), b)

    def _chain(self, a: Any, b: Any) -> Any:
        if isinstance(a, Local) and isinstance(b, Local):
            return self._composed(a, b)
        local, other = (a, b) if isinstance(a, Local) else (b, a)
        if not isinstance(other, np.ndarray):
            return Local(local.array * other)
        shape = other.shape[1:3]
        if self.forward and shape == local.below:
            return np.einsum("snmpq,spq->snm", local.array, np.broadcast_to(other, (len(local.array), *shape)))
        if shape == local.above:
            return np.einsum("snmpq,snm->spq", local.array, np.broadcast_to(other, (len(local.array), *shape)))
        if shape == (1, 1):
            return Local(local.array * other[:, :, :, None, None])
        if local.above == (1, 1):
            return (
                self.product(local.array[:, 0, 0], other) if local is a else self.product(other, local.array[:, 0, 0])
            )
        raise ShapeMismatchError(
            f"the shapes do not fit: {self.shape(other)} and a local partial of {self._size(local.above)}"
        )

    def _composed(self, a: Local, b: Local) -> Local:
        if a.below == b.above:
            return Local(np.einsum("snmpq,spqkl->snmkl", a.array, b.array))
        if b.below == a.above:
            return Local(np.einsum("snmpq,spqkl->snmkl", b.array, a.array))
        raise ShapeMismatchError("the shapes of the local partials do not fit")

    def _size(self, shape: tuple[int, ...]) -> str:
        return "×".join(str(self.sizes.get(size, size)) for size in shape)

    def _misfit(self, a: Any, b: Any) -> Any:
        raise ShapeMismatchError(f"the shapes do not fit: {self.shape(a)} and {self.shape(b)}")


def _stacked(rows: int, columns: int, *entries: Any) -> Array:
    """A matrix of its entries, row by row, which may be matrices themselves.

    Raises ShapeMismatchError where blocks of different heights stand side by side, or rows of different lengths.
    """
    if not all(_is_number(entry) for entry in entries):
        return _of_blocks([list(map(_3d, entries[at : at + columns])) for at in range(0, rows * columns, columns)])
    numbers = np.broadcast_arrays(*(np.reshape(_no_local(entry), -1) for entry in entries))
    return np.stack(numbers, axis=-1).reshape(-1, rows, columns)


def _of_blocks(rows: Sequence[Sequence[Array]]) -> Array:
    samples = max(len(block) for row in rows for block in row)
    whole = [[np.broadcast_to(block, (samples, *block.shape[1:])) for block in row] for row in rows]
    try:
        return np.concatenate([np.concatenate(row, axis=2) for row in whole], axis=1)
    except ValueError:
        raise ShapeMismatchError("the blocks of the matrix do not fit together") from None


def _slope(function: Any, operand: Array) -> Array:
    """The derivative of a function at complex points, by a complex step across both axes."""
    step = 1e-6
    return (function(operand + step) - function(operand - step)) / (2 * step)


def _is_number(value: Any) -> bool:
    return not isinstance(value, np.ndarray) or value.ndim < 3 or value.shape[1:] == (1, 1)


def _stretches(a: Array, b: Array) -> bool:
    """Whether a row goes with every row of a matrix, a bias, or a column with every column."""
    (rows, columns), (others, across) = a.shape[1:], b.shape[1:]
    return (columns == across > 1 and 1 in (rows, others)) or (rows == others > 1 and 1 in (columns, across))


def _gradient(value: Any) -> Any:
    """A local partial of a number as its gradient."""
    if isinstance(value, Local):
        return value.array[:, 0, 0] if value.above == (1, 1) else _no_local(value)
    return value


def _no_local(value: Any) -> Any:
    if isinstance(value, Local):
        raise MeaninglessError("a local partial of a matrix can only be multiplied")
    return value


def _of_matrices(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function that is none of local partials."""
    return lambda operand: function(_no_local(operand))


def _3d(value: Any) -> Array:
    return value if isinstance(value, np.ndarray) and value.ndim == 3 else np.full((1, 1, 1), _no_local(value))


def _square(value: Any) -> Array:
    value = _3d(value)
    if value.shape[1] != value.shape[2]:
        raise ShapeMismatchError("only a square matrix has an inverse")
    return value


def _transpose(value: Any) -> Any:
    if isinstance(value, Local):
        return value
    return np.swapaxes(value, 1, 2) if isinstance(value, np.ndarray) and value.ndim == 3 else value


def _negative(value: Any) -> Any:
    return Local(-value.array) if isinstance(value, Local) else -value


def _softmax(value: Array) -> Array:
    """Of a column, or of each row of a matrix."""
    value = _3d(value)
    axis = 2 if value.shape[2] > 1 else 1
    powers = np.exp(value - np.real(value).max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


def _norm(value: Array) -> Array:
    return np.sqrt((_3d(value) ** 2).sum((1, 2), keepdims=True))


def _diagonal(value: Array) -> Array:
    value = _3d(value)
    if value.shape[2] == 1:
        return value * np.eye(value.shape[1])
    return np.diagonal(value, axis1=1, axis2=2)[:, :, None]
