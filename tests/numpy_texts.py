"""What Python and NumPy make of a text that tracegen prints, without eval."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def _inner(a: Array, b: Array) -> float:
    return float(np.sum(a * b))


def _softmax(a: Array) -> Array:
    raised = np.exp(a)
    return np.asarray(raised / raised.sum())


def _stacked(*blocks: Any) -> Array:
    return np.vstack([np.atleast_2d(block) for block in blocks])


def _softmax_rows(a: Array) -> Array:
    raised = np.exp(a)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": np.sum, "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "sqrt": np.sqrt,
    "norm": np.linalg.norm, "inv": np.linalg.inv, "trace": np.trace, "det": np.linalg.det, "inner": _inner,
    "inv_transpose": lambda a: np.linalg.inv(a).T, "softmax_rows": _softmax_rows, "diag": lambda a: np.diag(a[:, 0]),
    "softmax": _softmax, "solve": np.linalg.solve, "vstack": _stacked, "mean": np.mean,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)), "zeros": lambda n, m: np.zeros((int(n), int(m))),
    "solve_transpose": lambda a, b: np.linalg.solve(a.T, b),
    "ones": lambda n: np.ones((int(n), 1)), "identity": lambda n: np.eye(int(n)),
}  # fmt: skip

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.MatMult: np.matmul,
    ast.Pow: np.power, ast.USub: np.negative,
}  # fmt: skip


def in_numpy(text: str, values: Mapping[str, Any]) -> Any:
    """What Python and NumPy make of a text."""
    return _value(ast.parse(text, mode="eval").body, values)


def _value(node: ast.AST, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.BinOp(left, operator, right):
            a, b = _value(left, values), _value(right, values)
            if isinstance(operator, ast.MatMult) and not (np.ndim(a) and np.ndim(b)):
                raise AssertionError("a number stands beside @")
            return OPERATORS[type(operator)](a, b)
        case ast.UnaryOp(operator, operand):
            return OPERATORS[type(operator)](_value(operand, values))
        case ast.Call(ast.Name(called), operands):
            return FUNCTIONS[called](*[_value(operand, values) for operand in operands])
        case ast.Attribute(of, "T"):
            return _value(of, values).T
        case ast.Subscript(of, ast.Tuple(places)):
            return _value(of, values)[tuple(_place(place, values) for place in places)]
        case ast.Name(text):
            return values[text]
        case ast.Constant(number):
            return float(number)
    raise AssertionError(ast.dump(node))


def _place(node: ast.AST, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Slice(ast.AST() as start, ast.AST() as stop):
            return slice(int(_value(start, values)), int(_value(stop, values)))
    return int(_value(node, values))
