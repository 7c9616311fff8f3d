"""The local partial of a matrix by a matrix, and what it stands for where it stands alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracegen.grading.meaning import Array, MeaninglessError
from tracegen.grading.parts import as_matrices
from tracegen.grading.roomy import least


@dataclass(frozen=True, slots=True)
class Local:
    """A local partial of a matrix by a matrix: (sample, row and column above, row and column below).

    ``adjoint`` says that it is the derivative of an output, ∂L/∂u, which is a matrix like ū itself.
    """

    array: Array
    adjoint: bool = False

    @property
    def above(self) -> tuple[int, ...]:
        return self.array.shape[1:3]  # type: ignore[no-any-return]

    @property
    def below(self) -> tuple[int, ...]:
        return self.array.shape[3:5]  # type: ignore[no-any-return]


def gradient(value: Any) -> Any:
    """A local partial of a number as its gradient."""
    if isinstance(value, Local):
        return value.array[:, 0, 0] if value.above == (1, 1) else no_local(value)
    return value


def no_local(value: Any) -> Any:
    """A value that is no local partial, zeros of no size that is known being numbers. Raises MeaninglessError."""
    if isinstance(value, Local) and value.adjoint:
        return value.array[:, 0, 0]
    if isinstance(value, Local):
        raise MeaninglessError("a local partial of a matrix can only be multiplied")
    return least(value)


def matrices(value: Any) -> Array:
    """A value that is no local partial as a matrix at every sample."""
    return as_matrices(no_local(value))
