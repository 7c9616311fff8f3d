"""The functions of matrices over samples: values are (sample, row, column); a local partial has four axes more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from tracegen import primitives
from tracegen.grading import linear, parts, roomy
from tracegen.grading.local import Local, gradient, matrices, no_local
from tracegen.grading.meaning import Array, MeaninglessError, Scalars
from tracegen.grading.parts import ShapeMismatchError
from tracegen.grading.roomy import Roomy, spread
from tracegen.grading.wrapped import Functions, Wrapped
from tracegen.primitives.algebras import ARRAYS

STEP = 1e-30
"""The step of the complex-step derivative: the imaginary part is the derivative, to all digits.

Source: Squire & Trapp, "Using complex variables to estimate derivatives of real functions", SIAM Review 40 (1998).
"""


class Matrices(Scalars):
    """The functions of matrices. ``letters`` says what letters for functions stand for, ``sizes`` what each size is
    called, ``dimensions`` which sizes there are, and ``still`` which names stand for sizes and never change."""

    def __init__(
        self,
        letters: dict[str, str] | None = None,
        sizes: Mapping[int, str] | None = None,
        dimensions: Sequence[int] = (),
        still: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(letters)
        self.sizes = dict(sizes or {})
        self._dimensions = dimensions
        self.still = still
        self._own: dict[str, Callable[..., Any]] = {
            "add": self._sum(np.add), "sub": self._sum(np.subtract), "mul": self.product, "matmul": self.matmul,
            "dot": self._dot, "inner": self._dot, "matmul_nt": self._outer, "hadamard": self.hadamard,
            "scale": self.product, "div": self._quotient, "transpose": linear.transpose, "neg": linear.negative,
            "norm": linear.norm, "diag": linear.diagonal, "diagonal": linear.diagonal,
            "trace": lambda a: np.trace(matrices(a), axis1=1, axis2=2)[:, None, None],
            "sum": lambda a: matrices(a).sum((1, 2), keepdims=True),
            "mean": lambda a: matrices(a).mean((1, 2), keepdims=True),
            "row_sums": lambda a: matrices(a).sum(2, keepdims=True),
            "column_sums": lambda a: matrices(a).sum(1, keepdims=True),
            "det": lambda a: np.linalg.det(linear.square(a))[:, None, None], "inv": linear.inverse,
            "solve": linear.solve, "softmax": linear.softmax, "logsumexp": linear.logsumexp,
            "pow": self._elementwise(linear.power), "hadamard_power": self._elementwise(self._raised),
            "abs": self._elementwise(lambda a: np.sign(np.real(a)) * a), "relu": self._elementwise(_positive_part),
            "step": self._elementwise(lambda a: np.heaviside(np.real(a), 0.0)),
            "max": self._elementwise(_larger), "min": self._elementwise(lambda a, b: -_larger(-a, -b)),
            "sign": self._elementwise(lambda a: np.sign(np.real(a))), "square": self._elementwise(lambda a: a * a),
            "reciprocal": self._elementwise(lambda a: 1.0 / a),
            "slice": self._cut(parts.sliced), "entry": self._cut(parts.entry), "pad": self._cut(parts.padded),
            "vstack": _of_matrices(parts.stacked), "hstack": _of_matrices(parts.side_by_side),
            "zeros": _of_matrices(parts.zeros),
        }  # fmt: skip

    def function(self, head: str | tuple[Any, ...]) -> Any:
        if isinstance(head, tuple):
            return self._cut(partial(parts.part, head[1])) if head[0] == "index" else partial(_matrix, *head[1:])
        own = self._own.get(head)
        if own is not None:
            return own
        row = primitives.find(head)
        if row is not None and row.shapes is not None and not row.elementwise:
            return self._of_the_table(row)
        self._own[head] = applied = self._elementwise(super().function(head))
        return applied

    def _elementwise(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that is applied element by element, to no local partials."""

        def applied(*operands: Any) -> Any:
            if any(isinstance(operand, Roomy) for operand in operands):
                return spread(applied, *operands)
            return function(*_fitting([no_local(operand) for operand in operands]))

        return applied

    def _cut(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        """An operation that takes a part of a matrix, or puts it into a larger one; all other operands are sizes."""

        def applied(matrix: Any, *sizes: Any) -> Any:
            if isinstance(matrix, Roomy):
                return roomy.cut(lambda way: operation(way, *sizes), matrix, self._dimensions)
            return operation(no_local(matrix), *sizes)

        return applied

    def _of_the_table(self, row: primitives.Primitive) -> Callable[..., Any]:
        namespace = Functions(self, row.name)

        def applied(*operands: Array) -> Array:
            found = row.value(namespace, *(Wrapped(no_local(operand), self) for operand in operands))
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

    def finished(self, value: Any, samples: int, like: Array | None = None) -> Array:
        """A value as an array; a local partial of a number is its gradient. Zeros take the room that they have in
        ``like``, what is wanted."""
        if isinstance(value, Roomy):
            value = value.least() if like is None else value.like(like)
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
            if isinstance(a, Roomy) or isinstance(b, Roomy):
                return spread(added, a, b)
            a, b = gradient(a), gradient(b)
            if _is_number(a) or _is_number(b) or a.shape[1:] == b.shape[1:] or _stretches(a, b):
                return operation(a, b)
            return self._misfit(a, b)

        return added

    def product(self, a: Any, b: Any) -> Any:
        """What a product without a sign means: of matrices where the shapes fit, element by element where a row of
        the table would have it so, of a local partial by the chain rule."""
        if isinstance(a, Local) or isinstance(b, Local):
            return self._chain(a, b)
        if isinstance(a, Roomy) or isinstance(b, Roomy):
            numbers = any(not isinstance(each, Roomy) and _is_number(each) for each in (a, b))
            return spread(self.product, a, b) if numbers else roomy.multiplied(self.product, a, b)
        if _is_number(a) or _is_number(b):
            return a * b
        if a.shape[2] == b.shape[1]:
            return a @ b
        if a.shape[1:] == b.shape[1:]:
            return a * b
        return self._misfit(a, b)

    def matmul(self, a: Any, b: Any) -> Any:
        """The product of matrices."""
        if not isinstance(a, np.ndarray) or not isinstance(b, np.ndarray) or _is_number(a) or _is_number(b):
            return self.product(a, b)
        if a.shape[2] == b.shape[1]:
            return a @ b
        return self._misfit(a, b)

    def hadamard(self, a: Any, b: Any) -> Any:
        """The product element by element."""
        if isinstance(a, Local) or isinstance(b, Local):
            plain = [gradient(each) for each in (a, b) if not isinstance(each, Local) or each.adjoint]
            return self.hadamard(*plain) if len(plain) == 2 else self._chain(a, b)
        if isinstance(a, Roomy) or isinstance(b, Roomy):
            return spread(self.hadamard, a, b)
        if _is_number(a) or _is_number(b) or a.shape[1:] == b.shape[1:] or _stretches(a, b):
            return a * b
        return self._misfit(a, b)

    def _dot(self, a: Any, b: Any) -> Any:
        if isinstance(a, Roomy):
            return self._dot(b, a)
        if isinstance(b, Roomy):
            return roomy.cut(lambda way: self._dot(a, way), b, self._dimensions)
        a, b = matrices(a), matrices(b)
        if a.shape[1:] != b.shape[1:]:
            return self._misfit(a, b)
        return (a * b).sum((1, 2), keepdims=True)

    def _outer(self, a: Array, b: Array) -> Array:
        return self.matmul(a, linear.transpose(b))

    def _quotient(self, a: Array, b: Array) -> Array:
        if isinstance(a, Roomy) or isinstance(b, Roomy):
            return spread(self._quotient, a, b)
        a, b = gradient(a), gradient(b)
        if _is_number(b) or _is_number(a) or a.shape[1:] == b.shape[1:] or _stretches(a, b):
            return np.divide(a, b)
        return self._misfit(a, b)

    def _raised(self, a: Any, b: Any) -> Any:
        if _is_number(a) or _is_number(b) or a.shape[1:] == b.shape[1:] or _stretches(a, b):
            return np.power(a, b)
        return self._misfit(a, b)

    def _chain(self, a: Any, b: Any) -> Any:
        if isinstance(a, Local) and isinstance(b, Local):
            return self._composed(a, b)
        local, other = (a, b) if isinstance(a, Local) else (b, a)
        if isinstance(other, Roomy):
            other = other.of(local.array.shape[1:3])
        if not isinstance(other, np.ndarray):
            return Local(local.array * other)
        shape = other.shape[1:3]
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


def _matrix(rows: int, columns: int, *entries: Any) -> Any:
    """A matrix of its entries, row by row, which may be matrices themselves; then its zeros are blocks of zeros."""
    if not all(map(_is_number, entries)) or _leaves_room(entries):
        blocks = [None if _is_zero(entry) else matrices(gradient(entry)) for entry in entries]
        return roomy.with_zeros([blocks[at : at + columns] for at in range(0, rows * columns, columns)])
    numbers = np.broadcast_arrays(*(np.reshape(no_local(gradient(entry)), -1) for entry in entries))
    return np.stack(numbers, axis=-1).reshape(-1, rows, columns)


def _is_zero(entry: Any) -> bool:
    return isinstance(entry, float) and entry == 0


def _leaves_room(entries: Sequence[Any]) -> bool:
    """Whether there are zeros beside numbers that are worked out, an element in its place: no matrix of numbers."""
    return any(map(_is_zero, entries)) and not all(isinstance(entry, float) for entry in entries)


def _positive_part(a: Array) -> Array:
    """The larger of a number and 0; moved at 0 in the imaginary direction, it stays."""
    return np.where(np.real(a) > 0, a, 0 * a)


def _larger(a: Array, b: Array) -> Array:
    """The larger of two numbers; of equal ones, each has half of the derivative."""
    side = np.sign(np.real(a) - np.real(b))
    return np.where(side > 0, a, np.where(side < 0, b, (a + b) / 2))


def _fitting(operands: list[Any]) -> list[Any]:
    """The operands of a function that goes element by element. Raises ShapeMismatchError where they have none in
    common."""
    try:
        np.broadcast_shapes(*map(np.shape, operands))
    except ValueError:
        raise ShapeMismatchError("the shapes of the operands do not fit") from None
    return operands


def _of_matrices(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is none of local partials."""
    return lambda *operands: function(*map(no_local, operands))


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
