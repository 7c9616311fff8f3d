"""Functions of NumPy arrays: of floats, by BLAS, and matrices of exact numbers or balls, one by one."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from tracegen.algebra.algebra import NEAR_0, Algebra, Find, Functions, slope_of_sinc_near_0


def arrays() -> Functions:
    """What NumPy does with arrays of floats: batches of numbers, and matrices."""
    import numpy as np

    names = (
        "exp exp2 expm1 log log2 log10 log1p sqrt cbrt sin cos tan sinh cosh tanh sign abs add reciprocal square "
        "floor ceil trunc mod"
    )
    functions: Functions = {name: getattr(np, name) for name in names.split()}
    functions.update(
        sub=np.subtract, mul=np.multiply, div=np.divide, neg=np.negative, pow=np.power, asin=np.arcsin,
        acos=np.arccos, atan=np.arctan, atan2=np.arctan2, asinh=np.arcsinh, acosh=np.arccosh, atanh=np.arctanh,
        min=np.minimum, max=np.maximum, step=lambda a: np.heaviside(a, 0.0), pi=lambda: np.pi, e=lambda: np.e,
        where=lambda c, a, b: np.where(c, a, b), round=np.rint, floordiv=np.floor_divide,
        sinc=lambda a: np.sinc(a / np.pi),
        dsinc=slope_of_sinc(np),
        erf=np.vectorize(math.erf, otypes=[float]), erfc=np.vectorize(math.erfc, otypes=[float]),
        hadamard=np.multiply, scale=np.multiply, sigmoid=_sigmoid, softplus=lambda a: _log_of_sum(a, 0.0),
        logaddexp=_log_of_sum, hypot=_length, **_matrices(),
    )  # fmt: skip
    return functions


def slope_of_sinc(library: Any) -> Callable[[Any], Any]:
    """The derivative of sin(a)/a, by its series near 0, where the difference would lose all digits; ``library`` is
    NumPy or what has its functions."""

    def slope(a: Any) -> Any:
        ratio = (library.cos(a) - library.sinc(a / library.pi)) / (a + (a == 0))
        return library.where(abs(a) < NEAR_0, slope_of_sinc_near_0(a), ratio)

    return slope


def _sigmoid(a: Any) -> Any:
    """Of a power that is at most 1, which neither overflows nor is lost."""
    import numpy as np

    is_positive = np.real(a) >= 0
    power = np.exp(np.where(is_positive, -a, a))
    return np.where(is_positive, 1.0, power) / (1.0 + power)


def _log_of_sum(a: Any, b: Any) -> Any:
    """ln(eᵃ + eᵇ); NumPy's own takes no complex numbers, of which derivatives by a complex step are made."""
    import numpy as np

    if not (np.iscomplexobj(a) or np.iscomplexobj(b)):
        return np.logaddexp(a, b)
    larger = np.where(np.real(a) >= np.real(b), a, b)
    return larger + np.log1p(np.exp(a + b - 2 * larger))


def _length(a: Any, b: Any) -> Any:
    """√(a² + b²), of complex numbers as well."""
    import numpy as np

    return np.sqrt(a * a + b * b) if np.iscomplexobj(a) or np.iscomplexobj(b) else np.hypot(a, b)


def without_warnings() -> AbstractContextManager[Any]:
    """A context in which NumPy says nothing of numbers that have no value."""
    import numpy as np

    return np.errstate(all="ignore")


def shared(number: Callable[[int], Any] = float, dtype: type = float) -> Functions:
    """What is the same for arrays of any numbers: sums, diagonals, stacks, parts. ``number`` makes a 0 or a 1."""
    import numpy as np

    def filled(rows: Any, columns: Any, value: int) -> Any:
        return np.full((_int(rows), _int(columns)), number(value), dtype=dtype)

    def diagonal_matrix(a: Any) -> Any:
        matrix = filled(len(a), len(a), 0)
        np.fill_diagonal(matrix, a[:, 0])
        return matrix

    def padded(A: Any, above: Any, below: Any, before: Any, after: Any) -> Any:
        block = np.atleast_2d(A)
        (top, left), (rows, columns) = (_int(above), _int(before)), block.shape
        matrix = filled(top + rows + _int(below), left + columns + _int(after), 0)
        matrix[top : top + rows, left : left + columns] = block
        return matrix

    return {
        "transpose": lambda A: A.T,
        "trace": np.trace,
        "diag": diagonal_matrix,
        "diagonal": lambda A: np.diag(A)[:, None],
        "sum": np.sum,
        "row_sums": lambda A: np.sum(A, axis=1, keepdims=True),
        "column_sums": lambda A: np.sum(A, axis=0, keepdims=True),
        "ones": lambda n: filled(n, 1, 1),
        "identity": lambda n: diagonal_matrix(filled(n, 1, 1)),
        "zeros": lambda n, m: filled(n, m, 0),
        "dimension": lambda n: n,
        "vstack": lambda A, B: np.vstack([np.atleast_2d(A), np.atleast_2d(B)]),
        "hstack": lambda A, B: np.hstack([np.atleast_2d(A), np.atleast_2d(B)]),
        "slice": lambda A, top, bottom, left, right: A[_int(top) : _int(bottom), _int(left) : _int(right)],
        "entry": lambda A, row, column: A[_int(row), _int(column)],
        "pad": padded,
        "matrix": lambda rows: np.array(rows, dtype=dtype),
    }


def _matrices() -> Functions:
    """What NumPy and BLAS do with floats. A singular matrix gives NaN."""
    import numpy as np

    return shared() | {
        "matmul": np.matmul,
        # a column times a row is faster element by element
        "matmul_nt": lambda A, B: A * B.T if A.shape[1] == 1 else np.matmul(A, B.T),
        "inner": np.vdot,
        "dot": np.vdot,
        "det": np.linalg.det,
        "adjugate": _adjugate(np.linalg.det),
        "logdet": _logdet,
        "inv": _regular(np.linalg.inv, np.nan),
        "solve": _regular(np.linalg.solve, np.nan),
        "softmax": lambda a: _softmax(a, None),
        "softmax_rows": lambda A: _softmax(A, 1),
        "logsumexp": lambda a: _logsumexp(a, None)[0, 0],
        "logsumexp_rows": lambda A: _logsumexp(A, 1),
    }


class Elements(Algebra):
    """Matrices whose elements are numbers of another algebra."""

    def __init__(self, base: Algebra, load: Callable[[], Functions], find: Find) -> None:
        super().__init__(f"matrices of {base!r}", load, find)
        self._base = base

    def _from_the_table(self, name: str) -> Any:
        row = self._find(name)
        if row is not None and row.shapes is not None:
            return super()._from_the_table(name)
        return by_element(getattr(self._base, name))


def by_element(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numbers, applied to each element of matrices."""
    import numpy as np

    def applied(*operands: Any) -> Any:
        if any(isinstance(operand, np.ndarray) for operand in operands):
            return np.frompyfunc(function, len(operands), 1)(*operands)
        return function(*operands)

    return applied


def matrices_of_balls() -> Functions:
    """What python-flint does with matrices."""
    import numpy as np
    from flint import arb, arb_mat

    def made(matrix: Any) -> Any:
        return np.array(matrix.tolist(), dtype=object)

    def of(A: Any) -> Any:
        return arb_mat(A.tolist())

    def det(A: Any) -> Any:
        return of(A).det()

    return shared(arb, object) | {
        "det": det,
        "adjugate": _adjugate(det),
        "inv": _regular(lambda A: made(of(A).inv()), arb("nan")),
        "solve": _regular(lambda A, B: made(of(A).solve(of(B))), arb("nan")),
    }


def matrices_of_exact_values() -> Functions:
    """What SymPy does with matrices."""
    import numpy as np
    import sympy

    def made(matrix: Any) -> Any:
        return np.array(matrix.tolist(), dtype=object)

    def det(A: Any) -> Any:
        return sympy.Matrix(A).det()

    return shared(sympy.Integer, object) | {
        "det": det,
        "adjugate": _adjugate(det),
        "inv": _regular(lambda A: made(sympy.Matrix(A).inv()), sympy.nan),
        "solve": _regular(lambda A, B: made(sympy.Matrix(A).LUsolve(sympy.Matrix(B))), sympy.nan),
    }


def _int(number: Any) -> int:
    return int(float(number))


def _regular(function: Callable[..., Any], otherwise: Any) -> Callable[..., Any]:
    """A function of a matrix that may be singular: then every element is ``otherwise``."""
    import numpy as np

    def regular(*operands: Any) -> Any:
        try:
            return function(*operands)
        except (np.linalg.LinAlgError, ZeroDivisionError, ValueError):
            return np.full_like(operands[-1], otherwise)

    return regular


def _adjugate(det: Callable[..., Any]) -> Callable[..., Any]:
    """The adjugate by minors, which are there where the inverse is not."""
    import numpy as np

    def adjugate(A: Any) -> Any:
        cofactors = np.zeros_like(A)
        for row, column in np.ndindex(*A.shape):
            minor = np.delete(np.delete(A, row, axis=0), column, axis=1)
            cofactors[column, row] = (-1) ** (row + column) * (det(minor) if minor.size else A[0, 0] * 0 + 1)
        return cofactors

    return adjugate


def _logdet(A: Any) -> Any:
    import numpy as np

    sign, value = np.linalg.slogdet(A)
    return value if sign > 0 else np.nan if sign < 0 else -np.inf


def _softmax(a: Any, axis: int | None) -> Any:
    import numpy as np

    powers = np.exp(a - np.max(a, axis=axis, keepdims=True))
    powers /= np.sum(powers, axis=axis, keepdims=True)
    return powers


def _logsumexp(a: Any, axis: int | None) -> Any:
    import numpy as np

    most = np.max(a, axis=axis, keepdims=True)
    return most + np.log(np.sum(np.exp(a - most), axis=axis, keepdims=True))
