"""Formulas of the generator: small trees of its own, read from a trace's text, worked out in floats, changed in places.

The grader's readers and printers take no part, so that a fault of theirs can't hide here.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

Number = float | np.ndarray


class Node(NamedTuple):
    """A node; ``args`` are nodes, but for the leaves num, name, bar, dot and partial, whose arguments are texts."""

    head: str
    args: tuple[Any, ...]


LEAVES = frozenset(["num", "name", "bar", "dot", "partial"])
SUMS = frozenset(["add", "sub"])

_BINARY = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow", ast.MatMult: "matmul",
}  # fmt: skip
_TANGENT = re.compile(r"d(.+)_d(.+)")


def num(value: int | str) -> Node:
    """A number of at least 0, as it is written."""
    return Node("num", (str(value),))


def name(text: str) -> Node:
    """A name."""
    return Node("name", (text,))


ONE, ZERO = num(1), num(0)


@lru_cache(maxsize=65536)
def parsed(text: str) -> Node:
    """The tree of a text of a trace's record."""
    return _of(ast.parse(text, mode="eval").body)


def _of(tree: ast.expr) -> Node:
    if isinstance(tree, ast.BinOp):
        return Node(_BINARY[type(tree.op)], (_of(tree.left), _of(tree.right)))
    if isinstance(tree, ast.UnaryOp):
        return Node("neg", (_of(tree.operand),))
    if isinstance(tree, ast.Constant):
        return num(str(tree.value))
    if isinstance(tree, ast.Attribute):
        return Node("transpose", (_of(tree.value),))
    if isinstance(tree, ast.Call):
        assert isinstance(tree.func, ast.Name)
        return Node(tree.func.id.lower(), tuple(_of(arg) for arg in tree.args))
    assert isinstance(tree, ast.Name), ast.dump(tree)
    return _leaf(tree.id)


def _leaf(text: str) -> Node:
    if text.endswith("_bar"):
        return Node("bar", (text[:-4],))
    if text.endswith("_dot"):
        return Node("dot", (text[:-4],))
    found = _TANGENT.fullmatch(text)
    return Node("dot", (found[1],)) if found else name(text)


def walk(node: Node) -> Iterator[Node]:
    """The nodes of a tree from the top."""
    yield node
    if node.head not in LEAVES:
        for arg in node.args:
            yield from walk(arg)


def leaves(node: Node) -> set[Node]:
    """The names, adjoints and tangents in a tree."""
    return {each for each in walk(node) if each.head in LEAVES and each.head != "num"}


def changed(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """A tree with every node that ``change`` answers replaced by the answer."""
    found = change(node)
    if found is not None:
        return found
    if node.head in LEAVES:
        return node
    return Node(node.head, tuple(changed(arg, change) for arg in node.args))


def replaced(node: Node, one: Node, other: Node) -> Node:
    """A tree with one node, known by identity, replaced."""
    return changed(node, lambda each: other if each is one else None)


def put_in(node: Node, known: Mapping[Node, Node]) -> Node:
    """A tree with leaves replaced."""
    return changed(node, lambda each: known.get(each) if each.head in LEAVES else None)


def _sign(value: Number) -> Number:
    return np.sign(value)


def _norm(value: Number) -> Number:
    return float(np.sqrt(np.sum(np.asarray(value) ** 2)))


FUNCTIONS: dict[str, Callable[..., Number]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "neg": lambda a: -a, "pow": lambda a, b: a**b, "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos,
    "tan": np.tan, "tanh": np.tanh, "sqrt": np.sqrt, "abs": np.abs, "sign": _sign, "max": np.maximum,
    "min": np.minimum, "norm": _norm, "transpose": np.transpose, "matmul": np.matmul,
    "heaviside": lambda a, b: (np.asarray(a) > 0) * 1.0, "step": lambda a: (np.asarray(a) > 0) * 1.0,
    "greater": lambda a, b: (np.asarray(a) > np.asarray(b)) * 1.0,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)), "relu": lambda a: np.maximum(a, 0.0),
    "log1p": np.log1p, "square": lambda a: a * a,
}  # fmt: skip


def value_of(node: Node, known: Mapping[Node, Number]) -> Number:
    """What a tree is worth; NaN where it has no value."""
    try:
        with np.errstate(all="ignore"):
            found = _value(node, known)
    except (KeyError, ValueError, ZeroDivisionError, OverflowError, TypeError):
        return math.nan
    if isinstance(found, np.ndarray) and found.size == 1:
        found = float(found.reshape(())[()]) if found.ndim == 0 or found.shape == (1, 1) else found
    return math.nan if isinstance(found, complex) else found


def _value(node: Node, known: Mapping[Node, Number]) -> Number:
    if node.head == "num":
        return float(node.args[0])
    if node in known:
        return known[node]
    if node == name("E"):
        return math.e
    if node.head in LEAVES:
        raise KeyError(node)
    args = [_value(arg, known) for arg in node.args]
    found = FUNCTIONS[node.head](*args)
    return found.reshape(())[()] if isinstance(found, np.ndarray) and found.shape == (1, 1) else found


def size(value: Number) -> float:
    """The largest entry, without its sign."""
    if isinstance(value, float):
        return abs(value)
    return float(np.max(np.abs(value))) if np.size(value) else 0.0


def close(one: Number, other: Number, relative: float = 1e-6) -> bool:
    """Whether two values are the same but for what floats lose."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-9 + relative * abs(other)
    if np.shape(one) != np.shape(other):
        return False
    return bool(np.allclose(one, other, rtol=relative, atol=1e-9))


def finite(value: Number, most: float = 1e6) -> bool:
    """Whether a value is a number that a person would write."""
    if isinstance(value, float):
        return math.isfinite(value) and abs(value) < most
    return bool(np.all(np.isfinite(value))) and size(value) < most
