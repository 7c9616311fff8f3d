"""Functions of whole matrices over samples: sums, norms, determinants, inverses, softmax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tracegen.grading.local import Local, matrices, no_local
from tracegen.grading.meaning import Array, MeaninglessError
from tracegen.grading.parts import ShapeMismatchError
from tracegen.grading.roomy import Roomy, spread, turned


def transpose(value: Any) -> Any:
    """The transpose; a local partial that is no adjoint is its own."""
    if isinstance(value, Roomy):
        return turned(value)
    if isinstance(value, Local) and value.adjoint:
        value = no_local(value)
    return np.swapaxes(value, 1, 2) if isinstance(value, np.ndarray) and value.ndim == 3 else value


def negative(value: Any) -> Any:
    """−A."""
    if isinstance(value, Roomy):
        return spread(np.negative, value)
    return Local(-value.array) if isinstance(value, Local) else -value


def inverse(value: Any) -> Array:
    """A⁻¹."""
    return _solved(np.linalg.inv, square(value))


def solve(a: Any, b: Any) -> Array:
    """A⁻¹ B."""
    a, b = square(a), matrices(b)
    if a.shape[1] != b.shape[1]:
        raise ShapeMismatchError("the matrix and the right side differ in their rows")
    return _solved(np.linalg.solve, a, b)


def power(a: Any, b: Any) -> Any:
    """A power: of a square matrix a product with itself, or with its inverse; of others, and of numbers, by element."""
    a, b = no_local(a), no_local(b)
    if _is_matrix(a) and _is_matrix(b) and a.shape[1:] != b.shape[1:]:
        raise ShapeMismatchError("the shapes of a power and its exponent differ")
    exponent = b if isinstance(b, float) else 0.5
    if _is_matrix(a) and a.shape[1] == a.shape[2] and exponent == int(exponent):
        return _solved(lambda matrix: np.linalg.matrix_power(matrix, int(exponent)), a)
    return np.power(a, b)


def norm(value: Any) -> Array:
    """The root of the sum of squares."""
    return np.sqrt((matrices(value) ** 2).sum((1, 2), keepdims=True))


def diagonal(value: Any) -> Array:
    """A vector on the diagonal of a matrix, or the diagonal of a matrix as a vector."""
    values = matrices(value)
    if values.shape[2] == 1:
        return values * np.eye(values.shape[1])
    return np.diagonal(values, axis1=1, axis2=2)[:, :, None]


def softmax(value: Any) -> Array:
    """Of a column, or of each row of a matrix."""
    values = matrices(value)
    powers = np.exp(values - _greatest(values))
    return powers / powers.sum(_along(values), keepdims=True)


def logsumexp(value: Any) -> Array:
    """Of a column, or of each row of a matrix."""
    values = matrices(value)
    greatest = _greatest(values)
    return greatest + np.log(np.exp(values - greatest).sum(_along(values), keepdims=True))


def square(value: Any) -> Array:
    """A matrix with as many rows as columns. Raises ShapeMismatchError for another."""
    values = matrices(value)
    if values.shape[1] != values.shape[2]:
        raise ShapeMismatchError("only a square matrix has an inverse")
    return values


def _greatest(values: Array) -> Array:
    return np.real(values).max(_along(values), keepdims=True)


def _along(values: Array) -> int:
    return 2 if values.shape[2] > 1 else 1


def _is_matrix(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == 3 and value.shape[1:] != (1, 1)


def _solved(operation: Callable[..., Array], *operands: Array) -> Array:
    try:
        return operation(*operands)
    except np.linalg.LinAlgError:
        raise MeaninglessError("this matrix has no inverse") from None
