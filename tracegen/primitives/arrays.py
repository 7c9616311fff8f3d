"""Functions of matrices over NumPy arrays, of floats and of exact numbers or balls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Functions = dict[str, Any]


def shared() -> Functions:
    """What is the same for arrays of any numbers: sums, diagonals, stacks, parts."""
    import numpy as np

    return {
        "transpose": lambda A: A.T,
        "trace": np.trace,
        "diag": lambda a: np.diag(a[:, 0]),
        "diagonal": lambda A: np.diag(A)[:, None],
        "sum": np.sum,
        "row_sums": lambda A: np.sum(A, axis=1, keepdims=True),
        "column_sums": lambda A: np.sum(A, axis=0, keepdims=True),
        "ones": lambda n: np.ones((_int(n), 1)),
        "identity": lambda n: np.eye(_int(n)),
        "zeros": lambda n, m: np.zeros((_int(n), _int(m))),
        "dimension": lambda n: n,
        "vstack": lambda *blocks: np.vstack(blocks),
        "hstack": lambda *blocks: np.hstack([np.atleast_2d(block) for block in blocks]),
        "slice": lambda A, top, bottom, left, right: A[_int(top) : _int(bottom), _int(left) : _int(right)],
        "entry": lambda A, row, column: A[_int(row), _int(column)],
        "pad": _pad,
        "matrix": lambda rows: np.array(rows),
    }


def floats() -> Functions:
    """What NumPy and BLAS do with floats. A singular matrix gives NaN."""
    import numpy as np

    return shared() | {
        "matmul": np.matmul,
        "inner": np.vdot,
        "dot": np.vdot,
        "det": np.linalg.det,
        "logdet": _logdet,
        "inv": _regular(np.linalg.inv),
        "solve": _regular(np.linalg.solve),
        "softmax": lambda a: _softmax(a, None),
        "softmax_rows": lambda A: _softmax(A, 1),
        "logsumexp": lambda a: _logsumexp(a, None)[0, 0],
        "logsumexp_rows": lambda A: _logsumexp(A, 1),
    }


def _int(number: Any) -> int:
    return int(float(number))


def _pad(A: Any, above: Any, below: Any, before: Any, after: Any) -> Any:
    import numpy as np

    block = np.atleast_2d(A)
    rows, columns = block.shape
    padded = np.zeros((_int(above) + rows + _int(below), _int(before) + columns + _int(after)), dtype=block.dtype)
    padded[_int(above) : _int(above) + rows, _int(before) : _int(before) + columns] = block
    return padded


def _regular(function: Callable[..., Any]) -> Callable[..., Any]:
    import numpy as np

    def regular(*operands: Any) -> Any:
        try:
            return function(*operands)
        except np.linalg.LinAlgError:
            return np.full_like(operands[-1], np.nan)

    return regular


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
