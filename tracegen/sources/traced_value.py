"""Values that remember what is done to them, by Python's operators and NumPy's, SymPy's or tracegen's functions."""

from __future__ import annotations

import numbers
from decimal import Decimal
from functools import partial, reduce
from typing import Any

from tracegen.errors import ParseError, TracingError
from tracegen.formula import PI, Formula, number
from tracegen.primitives import find
from tracegen.problems.expression_text import parse_value

BRANCH = "a traced value has no number yet, so that a function can't branch on it; use where, max, min or abs"


class Tracer:
    """A value that remembers what is done to it, as a formula."""

    __slots__ = ("formula",)
    __array_priority__ = 1000
    _op_priority = 1000.0
    """With this, SymPy leaves it to a traced value what `sympy.sin(x) + x` is, and the order stays the written one."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula

    def __add__(self, other: Any) -> Tracer:
        return applied("add", self, other)

    def __radd__(self, other: Any) -> Tracer:
        return applied("add", other, self)

    def __sub__(self, other: Any) -> Tracer:
        return applied("sub", self, other)

    def __rsub__(self, other: Any) -> Tracer:
        return applied("sub", other, self)

    def __mul__(self, other: Any) -> Tracer:
        return applied("mul", self, other)

    def __rmul__(self, other: Any) -> Tracer:
        return applied("mul", other, self)

    def __truediv__(self, other: Any) -> Tracer:
        return applied("div", self, other)

    def __rtruediv__(self, other: Any) -> Tracer:
        return applied("div", other, self)

    def __pow__(self, other: Any) -> Tracer:
        return applied("pow", self, other)

    def __rpow__(self, other: Any) -> Tracer:
        return applied("pow", other, self)

    def __matmul__(self, other: Any) -> Tracer:
        return applied("matmul", self, other)

    def __rmatmul__(self, other: Any) -> Tracer:
        return applied("matmul", other, self)

    def __neg__(self) -> Tracer:
        return applied("neg", self)

    def __pos__(self) -> Tracer:
        return self

    def __abs__(self) -> Tracer:
        return applied("abs", self)

    def __mod__(self, other: Any) -> Tracer:
        return applied("mod", self, other)

    def __rmod__(self, other: Any) -> Tracer:
        return applied("mod", other, self)

    def __floordiv__(self, other: Any) -> Tracer:
        return applied("floordiv", self, other)

    def __rfloordiv__(self, other: Any) -> Tracer:
        return applied("floordiv", other, self)

    def __round__(self) -> Tracer:
        return applied("round", self)

    def __floor__(self) -> Tracer:
        return applied("floor", self)

    def __ceil__(self) -> Tracer:
        return applied("ceil", self)

    def __trunc__(self) -> Tracer:
        return applied("trunc", self)

    def __gt__(self, other: Any) -> Tracer:
        return applied("greater", self, other)

    def __lt__(self, other: Any) -> Tracer:
        return applied("less", self, other)

    def __ge__(self, other: Any) -> Tracer:
        return applied("greater_equal", self, other)

    def __le__(self, other: Any) -> Tracer:
        return applied("less_equal", self, other)

    def __eq__(self, other: object) -> Any:
        return applied("equal", self, other)

    def __ne__(self, other: object) -> Any:
        return applied("not_equal", self, other)

    __hash__ = object.__hash__

    @property
    def T(self) -> Tracer:  # noqa: N802
        """The transpose."""
        return applied("transpose", self)

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Tracer:
        if method != "__call__" or options:
            raise TracingError(f"NumPy's {ufunc.__name__} is traced as a plain call only")
        return applied(ufunc.__name__, *operands)

    def __array_function__(self, function: Any, types: Any, operands: Any, options: Any) -> Tracer:
        axis, kept = options.pop("axis", None), options.pop("keepdims", False)
        if function.__name__ in ("sum", "mean") and not options:
            return _total(function.__name__, operands[0], operands[1] if len(operands) > 1 else axis, kept)
        if options or axis is not None:
            raise TracingError(f"NumPy's {function.__name__} is traced without {', '.join(options)} only")
        if isinstance(operands[0], list | tuple):
            return Tracer(reduce(partial(_stacked, function.__name__), map(formula_of, operands[0])))
        return applied(function.__name__, *operands, numpys=True)

    def sum(self, axis: int | None = None, keepdims: bool = False) -> Tracer:
        """The sum of all elements, or along an axis."""
        return _total("sum", self, axis, keepdims)

    def mean(self, axis: int | None = None, keepdims: bool = False) -> Tracer:
        """The mean of all elements, or along an axis."""
        return _total("mean", self, axis, keepdims)

    def dot(self, other: Any) -> Tracer:
        """NumPy's dot product."""
        return applied("dot", self, other)

    def trace(self) -> Tracer:
        """The sum of the diagonal."""
        return applied("trace", self)

    def transpose(self) -> Tracer:
        """The transpose."""
        return self.T

    def __getitem__(self, at: Any) -> Tracer:
        entries = [_entry(entry) for entry in (at if isinstance(at, tuple) else (at,))]
        return Tracer(Formula("index", (self.formula, *entries)))

    def _sympy_(self) -> Any:
        from tracegen.symbolic.sympy_expressions import stand_in

        return stand_in(self.formula)

    def __bool__(self) -> bool:
        raise TracingError(BRANCH)

    def __float__(self) -> float:
        raise TracingError("Python's math takes numbers only; use NumPy's, SymPy's or tracegen's functions")

    __int__ = __index__ = __complex__ = __float__

    def __iter__(self) -> Any:
        raise TracingError("a traced value can't be taken apart")


_SUMS = {
    ("sum", 0): "column_sums", ("sum", 1): "row_sums", ("mean", 0): "column_means", ("mean", 1): "row_means",
}  # fmt: skip
"""The operations that NumPy has as sums and means along an axis."""


def _total(function: str, value: Any, axis: int | None, kept: bool) -> Tracer:
    """A sum or mean of all elements, or along an axis, which is then gone unless it is kept."""
    if axis is None:
        return applied(function, value)
    row = _SUMS.get((function, axis % 2))
    if row is None or axis not in (-1, 0, 1):
        raise TracingError(f"a {function} goes along axis 0 or 1, not {axis}")
    along = applied(row, value)
    return along if kept else Tracer(Formula(FLAT, (along.formula,)))


FLAT = "flat"
"""The head of sums along an axis that is gone."""


def _stacked(function: str, above: Formula, block: Formula) -> Formula:
    return applied(function, Tracer(above), Tracer(block)).formula


def _entry(at: Any) -> Formula:
    """One index or slice of a matrix."""
    if isinstance(at, slice) and at.step in (None, 1):
        return Formula("slice", tuple(None if end is None else number(int(end)) for end in (at.start, at.stop)))
    if isinstance(at, bool) or not isinstance(at, numbers.Integral):
        raise TracingError("a part of a matrix is taken by whole numbers and slices without a step only")
    return number(int(at))


def applied(function: str, *operands: Any, numpys: bool = False) -> Tracer:
    """The tracer of an operation of the table; TracingError where there is no such operation.

    Of ``numpys`` functions, sinc(x) is sin(πx)/(πx).

    >>> from tracegen.formula import name
    >>> applied("maximum", Tracer(name("x")), 0).formula.head
    'max'
    """
    formulas = [formula_of(operand) for operand in operands]
    if function == "positive":
        return Tracer(formulas[0])
    if function == "sinc" and numpys:
        formulas = [Formula("mul", (PI, formulas[0]))]
    if function == "square" and len(formulas) == 1:
        return Tracer(Formula("pow", (formulas[0], number(2))))
    row = find(function)
    if row is None:
        raise TracingError(f"{function} is no operation of the table of primitives")
    if row.name == "heaviside" and formulas[1:] == [number(0)]:
        return Tracer(Formula("step", (formulas[0],)))
    if row.arity not in (len(formulas), -1):
        raise TracingError(f"{row.name} takes {row.arity} operand{'s' * (row.arity != 1)}, not {len(formulas)}")
    return Tracer(Formula(row.name, tuple(formulas)))


def formula_of(value: Any) -> Formula:
    """The formula of a traced value, a number, an array of these, or a SymPy expression of either.

    Raises TracingError for whatever else a function may put between.
    """
    if isinstance(value, Tracer):
        return value.formula
    if hasattr(value, "tolist"):
        return _of_array(value)
    try:
        if isinstance(value, numbers.Real | Decimal):
            return parse_value(value)
        if hasattr(value, "free_symbols"):
            return _of_sympy(value)
    except ParseError as error:
        raise TracingError(error.message) from None
    raise TracingError(f"a value of the type {type(value).__name__} can't be traced")


def _of_array(value: Any) -> Formula:
    listed = value.tolist()
    if not isinstance(listed, list):
        return formula_of(listed)
    rows = [row if isinstance(row, list) else [row] for row in listed]
    return Formula("matrix", tuple(tuple(map(formula_of, row)) for row in rows))


def _of_sympy(expression: Any) -> Formula:
    from tracegen.symbolic.sympy_expressions import from_sympy

    return from_sympy(expression, list)
