"""A list of scalar lines as one Python function, made of syntax-tree nodes: for values that are wanted again and again.

Only names of our own, numbers and the operations of the table are in it; no text is compiled.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

from tracegen.algebra.algebra import floats
from tracegen.algebra.machine import program
from tracegen.primitives import Primitive, lookup
from tracegen.primitives.algebras import FLOATS
from tracegen.wengert.sweep import function_of
from tracegen.wengert.wengert_list import Operand, WengertList

Function = Callable[..., Any]
Wanted = Sequence[Operand | Sequence[Operand]]
"""What a function gives: operands, some of them together in a tuple of their own."""

_OPERATORS: Mapping[str, type[ast.operator]] = {"add": ast.Add, "sub": ast.Sub, "mul": ast.Mult, "div": ast.Div}
_NATIVE = frozenset(floats())
_FAILURES = ("ArithmeticError", "ValueError")
_OTHERWISE = "otherwise"


def compiled(wengert: WengertList, wanted: Wanted, parameters: Mapping[str, float], otherwise: Function) -> Function:
    """A function of the values of the inputs, in their order, that gives a tuple of some operands of a list of scalars.

    ``otherwise`` is called with the same values where a step has none in Python's own arithmetic: 1/0, log of 0.
    Raises PointError where a letter stands for no operation.

    >>> from tracegen.wengert.wengert_list import Builder
    >>> builder = Builder.of(["x"])
    >>> square = builder.append("mul", (0, 0))
    >>> compiled(builder.list, [square, 0], {}, otherwise=lambda x: (0.0, x))(3.0)
    (9.0, 3.0)
    """
    writer = _Writer(wengert, parameters)
    writer.names[_OTHERWISE] = otherwise
    needed = _needed(wengert, [one for each in wanted for one in ([each] if isinstance(each, int) else each)])
    lines = [writer.line(place) for place in range(len(wengert.inputs), len(wengert)) if place in needed]
    body = [*lines, ast.Return(writer.tuple(wanted))]
    given = [_read(_variable(place)) for place in range(len(wengert.inputs))]
    again = ast.Return(ast.Call(_read(_OTHERWISE), list(given), []))
    failed = ast.ExceptHandler(ast.Tuple([_read(name) for name in _FAILURES], ast.Load()), None, [again])
    parameters_of = ast.arguments(
        posonlyargs=[ast.arg(_variable(place)) for place in range(len(given))],
        args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[],
    )  # fmt: skip
    function = ast.FunctionDef(
        name="values", args=parameters_of, body=[ast.Try(body, [failed], [], [])], decorator_list=[], returns=None
    )
    module = ast.fix_missing_locations(ast.Module([function], []))
    whole = compile(module, "<lines of a trace>", "exec")
    code = next(constant for constant in whole.co_consts if isinstance(constant, CodeType))
    return FunctionType(code, writer.names)


def _needed(wengert: WengertList, wanted: Sequence[Operand]) -> set[int]:
    """The lines on which some operands rest."""
    needed = {operand for operand in wanted if operand >= 0}
    for place in range(len(wengert) - 1, len(wengert.inputs) - 1, -1):
        if place in needed:
            needed.update(operand for operand in wengert.lines[place][1:] if operand >= 0)
    return needed


class _Writer:
    """Writes lines as assignments; ``names`` are the functions that they call."""

    def __init__(self, wengert: WengertList, parameters: Mapping[str, float]) -> None:
        self._wengert = wengert
        self._constants = [program(each).value(FLOATS, float, parameters.__getitem__) for each in wengert.constants]
        self.names: dict[str, Any] = {"__builtins__": {}, "ArithmeticError": ArithmeticError, "ValueError": ValueError}

    def operand(self, operand: Operand) -> ast.expr:
        """A line's value, or a constant."""
        return _read(_variable(operand)) if operand >= 0 else ast.Constant(float(self._constants[~operand]))

    def tuple(self, wanted: Wanted) -> ast.expr:
        """The values of several operands."""
        elements = [self.operand(each) if isinstance(each, int) else self.tuple(each) for each in wanted]
        return ast.Tuple(elements, ast.Load())

    def line(self, place: int) -> ast.stmt:
        """The assignment of a line."""
        code, *operands = self._wengert.lines[place]
        value = self.value(self._wengert.primitives[code], [self.operand(operand) for operand in operands])
        return ast.Assign([ast.Name(_variable(place), ast.Store())], value)

    def value(self, row: Primitive, operands: list[ast.expr]) -> ast.expr:
        """An operation on values."""
        if row.name in _OPERATORS:
            return ast.BinOp(operands[0], _OPERATORS[row.name](), operands[1])
        if row.name == "neg":
            return ast.UnaryOp(ast.USub(), operands[0])
        if row.name == "reciprocal":
            return ast.BinOp(ast.Constant(1.0), ast.Div(), operands[0])
        if row.name == "pow" and _is_whole(operands[1]):
            return ast.BinOp(operands[0], ast.Pow(), operands[1])
        worked_out = self._worked_out(row, operands)
        return self._called(row, operands) if worked_out is None else worked_out

    def _worked_out(self, row: Primitive, operands: Sequence[ast.expr]) -> ast.expr | None:
        """What a row of the table is in terms of others, 1/(1 + exp(−a)); None of one that Python has, or asks about
        its operands."""
        if row.name in _NATIVE or row.letter is not None or row.composite:
            return None
        try:
            found = row.value(_Operations(self), *map(_Node, operands))
        except TypeError:
            return None
        return found.node if isinstance(found, _Node) else None

    def _called(self, row: Primitive, operands: list[ast.expr]) -> ast.expr:
        name = f"f{len(self.names)}"
        function = function_of(row, FLOATS, self._wengert.functions)
        self.names[name] = getattr(function, "__wrapped__", function)
        return ast.Call(_read(name), operands, [])


class _Operations:
    """The operations of the table, on values that are written down."""

    def __init__(self, writer: _Writer) -> None:
        self._writer = writer

    def __getattr__(self, name: str) -> Callable[..., _Node]:
        row = lookup(name)
        return lambda *operands: _Node(self._writer.value(row, [_expression(operand) for operand in operands]))


@dataclass(frozen=True)
class _Node:
    """A value that is written down; it has no truth and no order, so that a rule that asks for these is called."""

    node: ast.expr

    def __add__(self, other: _Operand) -> _Node:
        return _joined(self, ast.Add(), other)

    def __radd__(self, other: _Operand) -> _Node:
        return _joined(other, ast.Add(), self)

    def __sub__(self, other: _Operand) -> _Node:
        return _joined(self, ast.Sub(), other)

    def __rsub__(self, other: _Operand) -> _Node:
        return _joined(other, ast.Sub(), self)

    def __mul__(self, other: _Operand) -> _Node:
        return _joined(self, ast.Mult(), other)

    def __rmul__(self, other: _Operand) -> _Node:
        return _joined(other, ast.Mult(), self)

    def __truediv__(self, other: _Operand) -> _Node:
        return _joined(self, ast.Div(), other)

    def __rtruediv__(self, other: _Operand) -> _Node:
        return _joined(other, ast.Div(), self)

    def __neg__(self) -> _Node:
        return _Node(ast.UnaryOp(ast.USub(), self.node))

    def __bool__(self) -> bool:
        raise TypeError("what is written down has no truth")


_Operand = _Node | float


def _expression(operand: _Operand) -> ast.expr:
    return operand.node if isinstance(operand, _Node) else ast.Constant(float(operand))


def _joined(left: _Operand, sign: ast.operator, right: _Operand) -> _Node:
    return _Node(ast.BinOp(_expression(left), sign, _expression(right)))


def _is_whole(exponent: ast.expr) -> bool:
    return isinstance(exponent, ast.Constant) and isinstance(exponent.value, float) and exponent.value.is_integer()


def _variable(place: int) -> str:
    return f"v{place}"


def _read(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())
