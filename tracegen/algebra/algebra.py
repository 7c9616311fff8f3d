"""The meanings a rule can be read in: floats, balls of many digits, SymPy's exact values; arrays are next door.

An algebra is a namespace of elementary functions. What its own library has is taken from there; every other
operation is read off the table that it is handed, through the row's value. Numbers that have no value are NaN or
infinite, never an exception, so that a sweep can say at which line they arose. The constants are functions,
``f.pi()`` and ``f.e()``, since balls know them to the digits of the moment.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, Protocol

from tracegen.shapes import ShapeRule

Function = Callable[..., Any]
Functions = dict[str, Any]
Quiet = Callable[[], AbstractContextManager[Any]]


class Row(Protocol):
    """What an algebra asks of an operation."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> Function: ...
    @property
    def shapes(self) -> ShapeRule | None: ...
    @property
    def multilinear(self) -> bool: ...
    @property
    def shown(self) -> Function | None: ...


Find = Callable[[str], Row | None]
"""The table, as an algebra is handed it: the operation of a name, or None."""


class Algebra:
    """A namespace of functions, loaded when first used; ``find`` gives the operations that its library lacks.

    >>> f = Algebra("floats", floats, find=lambda name: None)
    >>> f.exp(0.0)
    1.0
    """

    def __init__(self, name: str, load: Callable[[], Functions], find: Find, quiet: Quiet = nullcontext) -> None:
        self._name = name
        self._load = load
        self._find = find
        self.quiet = quiet
        """A context in which numbers that have no value give no warning either."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if not self.__dict__.get("_loaded"):
            self._loaded = True
            self.__dict__.update(self._load())
            return getattr(self, name)
        return self._from_the_table(name)

    def _from_the_table(self, name: str) -> Function:
        row = self._find(name)
        if row is None:
            raise AttributeError(f"the algebra of {self._name} has no function {name!r}")
        if row.name != name:
            return getattr(self, row.name)  # type: ignore[no-any-return]
        value = row.value

        def function(*operands: Any) -> Any:
            return value(self, *operands)

        return function

    def __repr__(self) -> str:
        return f"<algebra of {self._name}>"


class Floats(Algebra):
    """Python's floats. Where Python's arithmetic raises (at a pole, outside a domain, beyond the largest float), a
    value is that of ``otherwise``, an algebra of arrays: so one point gives what a column of points gives."""

    def __init__(self, find: Find, otherwise: Algebra) -> None:
        def load() -> Functions:
            functions = floats()
            return functions | {name: self._total(name, functions[name]) for name in functions.keys() - _NEVER_RAISE}

        super().__init__("floats", load, find)
        self._otherwise = otherwise

    def _from_the_table(self, name: str) -> Function:
        return self._total(name, super()._from_the_table(name))

    def _total(self, name: str, function: Function) -> Function:
        """A function that has a value where Python's raises; ``__wrapped__`` is Python's own."""

        @wraps(function)
        def total(*operands: float) -> float:
            try:
                return function(*operands)  # type: ignore[no-any-return]
            except (ArithmeticError, ValueError):
                return self._by_arrays(name, operands)

        return total

    def _by_arrays(self, name: str, operands: tuple[float, ...]) -> float:
        import numpy as np

        with self._otherwise.quiet():
            try:
                return float(getattr(self._otherwise, name)(*map(np.float64, operands)))
            except (ArithmeticError, ValueError):
                return math.nan  # of a rule that is written for Python's own floats


def floats() -> Functions:
    """What Python and its library do with floats, where they do not raise."""
    names = (
        "exp exp2 expm1 log log2 log10 log1p sqrt cbrt sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh "
        "atanh erf erfc hypot"
    )
    functions: Functions = {name: getattr(math, name) for name in names.split()}
    functions.update(
        add=operator.add, sub=operator.sub, mul=operator.mul, neg=operator.neg, div=operator.truediv, pow=_power,
        reciprocal=lambda a: 1.0 / a, step=lambda a: 1.0 if a > 0 else 0.0 if a <= 0 else a,
        sign=_sign, abs=abs, min=_minimum, max=_maximum, pi=lambda: math.pi, e=lambda: math.e,
        where=lambda c, a, b: a if c else b, floor=_whole(math.floor), ceil=_whole(math.ceil), round=_whole(round),
        trunc=_whole(math.trunc), mod=operator.mod, floordiv=operator.floordiv, dsinc=_slope_of_sinc,
        log_base=lambda a, b: math.log(a) / math.log(b),
        sigmoid=_sigmoid, softplus=lambda a: _maximum(a, 0.0) + math.log1p(math.exp(-abs(a))),
    )  # fmt: skip
    return functions


_NEVER_RAISE = frozenset(["add", "sub", "mul", "neg", "step", "sign", "abs", "min", "max", "pi", "e"])


def _power(a: float, b: float) -> float:
    value = a**b
    return math.nan if isinstance(value, complex) else value


def _sigmoid(a: float) -> float:
    power = math.exp(-abs(a))
    return 1.0 / (1.0 + power) if a >= 0 else power / (1.0 + power)


def _sign(a: float) -> float:
    if a != a or a == 0:
        return a
    return 1.0 if a > 0 else -1.0


def _whole(function: Callable[[float], int]) -> Function:
    """A function to whole numbers; what has none, or is one, is itself."""
    return lambda a: float(function(a)) if abs(a) < 2**53 else a


def _slope_of_sinc(a: float) -> float:
    """(cos a − sinc a)/a, near 0 by its series: there all digits of the difference cancel."""
    if abs(a) >= NEAR_0:
        return (math.cos(a) - math.sin(a) / a) / a if math.isfinite(a) else math.nan
    return slope_of_sinc_near_0(a)  # type: ignore[no-any-return]


NEAR_0 = 0.1


def slope_of_sinc_near_0(a: Any) -> Any:
    """The series of the derivative of sin(a)/a, of floats or arrays, up to NEAR_0."""
    return -a * (1 / 3 - a * a * (1 / 30 - a * a * (1 / 840 - a * a / 45360)))


def _minimum(a: float, b: float) -> float:
    return a if a < b or a != a else b


def _maximum(a: float, b: float) -> float:
    return a if a > b or a != a else b


def balls() -> Functions:
    """What python-flint does with balls."""
    from flint import arb

    def method(name: str) -> Function:
        return lambda a: getattr(arb(a), name)()

    names = (
        "exp expm1 log log1p sqrt sin cos tan cot sec csc asin acos atan sinh cosh tanh coth sech csch asinh acosh "
        "atanh erf erfc sinc floor ceil"
    )
    functions: Functions = {name: method(name) for name in names.split()}
    functions.update(
        abs=abs, sign=method("sgn"), atan2=lambda a, b: arb.atan2(arb(a), arb(b)), min=lambda a, b: arb(a).min(b),
        max=lambda a, b: arb(a).max(b), cbrt=_cube_root_of_ball, exp2=lambda a: arb(2) ** a,
        log2=lambda a: arb(a).log() / arb(2).log(), log10=lambda a: arb(a).log() / arb(10).log(),
        where=_one_of_balls, pow=_power_of_balls, pi=arb.pi, e=lambda: arb(1).exp(),
    )  # fmt: skip
    return functions


def _one_of_balls(c: Any, a: Any, b: Any) -> Any:
    """The first where c is not 0, the second where it is, a ball round both where that can't be told."""
    from flint import arb

    c, a, b = arb(c), arb(a), arb(b)
    if c == 0:
        return b
    return a if c != 0 else a.union(b)


def _power_of_balls(a: Any, b: Any) -> Any:
    """A power; a whole one by squaring, since arb has none of a ball round zero."""
    from flint import arb

    a, b = arb(a), arb(b)
    if not b.is_integer() or not abs(b) <= 1_000:
        return a**b
    count = int(abs(b).unique_fmpz())
    value = arb(1)
    while count:
        value = value * a if count % 2 else value
        a, count = a * a, count // 2
    return 1 / value if b < 0 else value


def _cube_root_of_ball(a: Any) -> Any:
    from flint import arb

    a = arb(a)
    if a == 0:
        return a
    return -((-a).root(3)) if a < 0 else a.root(3)


def exact() -> Functions:
    """What SymPy does with exact values."""
    import sympy

    names = (
        "exp log sqrt sin cos tan cot sec csc asin acos atan acot asec acsc atan2 sinh cosh tanh coth sech csch asinh "
        "acosh atanh acoth asech acsch sign erf erfc sinc floor"
    )
    functions: Functions = {name: getattr(sympy, name) for name in names.split()}
    functions.update(
        abs=sympy.Abs, min=sympy.Min, max=sympy.Max, pi=lambda: sympy.pi, e=lambda: sympy.E,
        exp2=lambda a: sympy.Integer(2) ** a, expm1=lambda a: sympy.exp(a) - 1, log1p=lambda a: sympy.log(1 + a),
        log2=lambda a: sympy.log(a, 2), log10=lambda a: sympy.log(a, 10),
        cbrt=lambda a: sympy.sign(a) * sympy.cbrt(sympy.Abs(a)),
        reciprocal=lambda a: sympy.Integer(1) / a, step=lambda a: sympy.Heaviside(a, 0), where=_one_of_exact_values,
        ceil=sympy.ceiling, mod=sympy.Mod, log_base=sympy.log,
        logaddexp=lambda a, b: sympy.log(sympy.exp(a) + sympy.exp(b)),
        greater=_compared(sympy.Gt), less=_compared(sympy.Lt), greater_equal=_compared(sympy.Ge),
        less_equal=_compared(sympy.Le), equal=_compared(sympy.Eq), not_equal=_compared(sympy.Ne),
    )  # fmt: skip
    return functions


def _compared(relation: Function) -> Function:
    """A comparison as a number: 1 where it holds, 0 where it does not."""
    import sympy

    return lambda a, b: sympy.Piecewise((sympy.Integer(1), relation(a, b)), (sympy.Integer(0), True))


def _one_of_exact_values(c: Any, a: Any, b: Any) -> Any:
    import sympy

    return sympy.Piecewise((a, sympy.Ne(c, 0)), (b, True))
