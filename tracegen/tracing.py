"""Traces Python functions by operator overloading: NumPy's functions, SymPy's, or tracegen's own."""

from __future__ import annotations

import inspect
import numbers
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial, reduce
from itertools import count
from typing import Any

from tracegen.errors import ParseError, TracingError
from tracegen.formula import Formula, children, name, number, postorder, with_children
from tracegen.parse import parse_value
from tracegen.primitives import find
from tracegen.shapes import Signature

BRANCH = "a traced value has no number yet, so that a function can't branch on it; use max, min, abs or step"


class Tracer:
    """A value that remembers what is done to it, as a formula."""

    __slots__ = ("formula",)
    __array_priority__ = 1000

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

    @property
    def T(self) -> Tracer:  # noqa: N802
        """The transpose."""
        return applied("transpose", self)

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Tracer:
        if method != "__call__" or options:
            raise TracingError(f"NumPy's {ufunc.__name__} is traced as a plain call only")
        return applied(ufunc.__name__, *operands)

    def __array_function__(self, function: Any, types: Any, operands: Any, options: Any) -> Tracer:
        text = _SUMS.get((function.__name__, options.pop("axis", None)))
        options.pop("keepdims", None)
        if options:
            raise TracingError(f"NumPy's {function.__name__} is traced without {', '.join(options)} only")
        if isinstance(operands[0], list | tuple):
            return Tracer(reduce(partial(_stacked, function.__name__), map(formula_of, operands[0])))
        return applied(text or function.__name__, *operands)

    def __getitem__(self, at: Any) -> Tracer:
        entries = [_entry(entry) for entry in (at if isinstance(at, tuple) else (at,))]
        return Tracer(Formula("index", (self.formula, *entries)))

    def _sympy_(self) -> Any:
        import sympy

        symbol = sympy.Dummy()
        _SYMBOLS[symbol] = self.formula
        return symbol

    def __bool__(self) -> bool:
        raise TracingError(BRANCH)

    __lt__ = __le__ = __gt__ = __ge__ = lambda self, other: bool(self)

    def __float__(self) -> float:
        raise TracingError("Python's math takes numbers only; use NumPy's, SymPy's or tracegen's functions")

    __int__ = __index__ = __complex__ = __float__

    def __iter__(self) -> Any:
        raise TracingError("a traced value can't be taken apart")


_SUMS = {
    ("sum", 0): "column_sums", ("sum", 1): "row_sums", ("mean", 0): "column_means", ("mean", 1): "row_means",
}  # fmt: skip
"""The operations that NumPy has as sums and means along an axis."""


def _stacked(function: str, above: Formula, block: Formula) -> Formula:
    return applied(function, Tracer(above), Tracer(block)).formula


def _entry(at: Any) -> Formula:
    """One index or slice of a matrix."""
    if isinstance(at, slice) and at.step in (None, 1):
        return Formula("slice", tuple(None if end is None else number(int(end)) for end in (at.start, at.stop)))
    if isinstance(at, bool) or not isinstance(at, numbers.Integral):
        raise TracingError("a part of a matrix is taken by whole numbers and slices without a step only")
    return number(int(at))


_SYMBOLS: dict[Any, Formula] = {}
"""What the symbols stand for that SymPy was given in place of tracers."""


def applied(function: str, *operands: Any) -> Tracer:
    """The tracer of an operation of the table; TracingError where there is no such operation.

    >>> applied("maximum", Tracer(name("x")), 0).formula.head
    'max'
    """
    row = find(function)
    formulas = [formula_of(operand) for operand in operands]
    if function == "square" and len(formulas) == 1:
        return Tracer(Formula("pow", (formulas[0], number(2))))
    if row is None:
        raise TracingError(f"{function} is no operation of the table of primitives")
    if row.arity not in (len(formulas), -1):
        raise TracingError(f"{row.name} takes {row.arity} operands, not {len(formulas)}")
    return Tracer(Formula(row.name, tuple(formulas)))


def formula_of(value: Any) -> Formula:
    """The formula of a traced value, a number, or a SymPy expression of either."""
    if isinstance(value, Tracer):
        return value.formula
    if isinstance(value, bool):
        raise TracingError(f"{value} is no number")
    if isinstance(value, numbers.Integral):
        return number(int(value))
    if isinstance(value, Fraction):
        return number(value)
    if isinstance(value, numbers.Real):
        return parse_value(float(value))
    if hasattr(value, "tolist") and value.shape:
        rows = [row if isinstance(row, list) else [row] for row in value.tolist()]
        return Formula("matrix", tuple(tuple(map(formula_of, row)) for row in rows))
    if hasattr(value, "free_symbols"):
        return _from_sympy(value)
    raise TracingError(f"a {type(value).__name__} can't be traced")


def _from_sympy(expression: Any) -> Formula:
    from tracegen.symbolic import from_sympy

    try:
        return from_sympy(expression, symbols=_SYMBOLS)
    except ParseError as error:
        raise TracingError(error.message) from None


def traced(function: Callable[..., Any]) -> tuple[list[str], list[Formula]]:
    """The names of a function's arguments, and the formulas of what it returns.

    Raises TracingError where the function can't be called with traced values.

    >>> names, (formula,) = traced(lambda x, y: x * y)
    >>> names, formula.head
    (['x', 'y'], 'mul')
    """
    names = _arguments(function)
    try:
        result = function(*(Tracer(name(text)) for text in names))
    except TypeError as error:
        raise TracingError(f"the function can't be traced: {error}") from error
    results = list(result) if isinstance(result, list | tuple) else [result]
    if not results:
        raise TracingError("the function returns nothing")
    return names, [formula_of(value) for value in results]


def of_arrays(formula: Formula) -> Formula:
    """The formula as NumPy means it for arrays: a product and a power are those of the elements.

    >>> of_arrays(Formula("mul", (name("A"), name("B")))).head
    'hadamard'
    """
    done: list[Formula] = []
    for node in postorder(formula):
        start = len(done) - len(children(node))
        rebuilt = with_children(node, done[start:])
        if node.head == "mul" or (node.head == "pow" and not _is_number(node.args[0])):
            rebuilt = rebuilt._replace(head="hadamard" if node.head == "mul" else "hadamard_power")
        done[start:] = [rebuilt]
    return done.pop()


def _is_number(formula: Formula) -> bool:
    """Whether a formula is a number, whatever its operands are."""
    row = find(formula.head)
    return formula.head == "number" or (row is not None and row.shapes is not None and not _wanted(row.shapes))


def _wanted(shapes: Any) -> bool:
    return not isinstance(shapes, Signature) or bool(shapes.wanted)


def _arguments(function: Callable[..., Any]) -> list[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        raise TracingError("the function has no signature that can be read; wrap it in a lambda") from None
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    wanted = [parameter for parameter in parameters if parameter.default is inspect.Parameter.empty]
    if not wanted or any(parameter.kind not in plain for parameter in wanted):
        raise TracingError("the function needs plain arguments with names, such as lambda x1, x2: …")
    return [parameter.name for parameter in wanted]


def shared_as_steps(formulas: Sequence[Formula]) -> tuple[Mapping[str, Formula], list[Formula]]:
    """Formulas that share parts, as steps and formulas that share none: each shared part is an unnamed step.

    A function that uses a value twice makes one part with two uses; written out as a tree it could double at every
    line.
    """
    uses: dict[int, int] = {}
    order: list[Formula] = []
    for formula in formulas:
        _count(formula, uses, order)
    rebuilt: dict[int, Formula] = {}
    steps: dict[str, Formula] = {}
    labels = (f"#{place}" for place in count(1))
    for node in order:
        below = children(node)
        new = with_children(node, [rebuilt[id(child)] for child in below])
        if below and uses[id(node)] > 1:
            label = next(labels)
            steps[label] = new
            new = name(label)
        rebuilt[id(node)] = new
    return steps, [rebuilt[id(formula)] for formula in formulas]


def _count(formula: Formula, uses: dict[int, int], order: list[Formula]) -> None:
    """Count how often each part is used, and list the parts with operands first."""
    stack: list[tuple[Formula, bool]] = [(formula, False)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
            continue
        uses[id(node)] = uses.get(id(node), 0) + 1
        if uses[id(node)] > 1:
            continue
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(children(node)))
