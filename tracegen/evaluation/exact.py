"""Exact values of lines, as a person would leave them: 2e² + 12 cos(3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracegen.algebra.algebra import Algebra
from tracegen.algebra.arrays import by_element
from tracegen.formula import Formula
from tracegen.primitives import Primitive, find
from tracegen.primitives.algebras import EXACT, EXACT_MATRICES
from tracegen.shapes import Signature
from tracegen.symbolic.sympy_expressions import from_sympy
from tracegen.wengert.sweep import constant_value, evaluate
from tracegen.wengert.wengert_list import Operand, WengertList

LONGEST = 60
"""The most parts (numbers, letters, operations) of a value that is still shown."""

DEEPEST = 3
"""How many functions may stand one in another in a value that is still shown: a person would go on with decimals, and
SymPy, which looks at all of a value whenever it is put into a function, takes longer the deeper it is."""

BOUND = f"more than {LONGEST} parts, or functions more than {DEEPEST} deep"

MOST_LINES = 4000
"""The longest list of which exact values are worked out."""

MOST_IRRATIONAL = 3
"""A matrix of three rows or more with more elements that are not rational has no exact determinant or inverse."""

_MOST_BITS = 1024

_ARITHMETIC = frozenset(["add", "sub", "mul", "div", "neg", "pow", "reciprocal"])


class Bounded(Algebra):
    """Exact values that never swell: one that would is None, and so is all that follows from it."""

    def __init__(self) -> None:
        super().__init__("bounded exact values", dict, find)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        def bounded(*operands: Any) -> Any:
            for operand in operands:
                if operand is None:
                    return None
            if _would_swell(name, operands):
                return None
            value = getattr(EXACT, name)(*operands)  # looked up anew, since a row may be replaced
            return value if is_short(value) else None

        setattr(self, name, bounded)
        return bounded


BOUNDED = Bounded()


class BoundedMatrices(Algebra):
    """Matrices of exact values that never swell: an element that would is None."""

    def __init__(self) -> None:
        super().__init__("matrices of bounded exact values", dict, find)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        row = find(name)
        if name not in ("matrix", "e", "pi") and (row is None or row.shapes is None):
            function = by_element(getattr(BOUNDED, name))
        else:
            function = _kept_short(getattr(EXACT_MATRICES, name), eliminates=row is not None and _eliminates(row))
        setattr(self, name, function)
        return function


BOUNDED_MATRICES = BoundedMatrices()


def _eliminates(row: Primitive) -> bool:
    """Whether a row works on a square matrix as elimination does: determinants, inverses and linear systems."""
    square = isinstance(row.shapes, Signature) and row.shapes.operands[0] == ("n", "n")
    return square and not row.multilinear


def _kept_short(function: Callable[..., Any], *, eliminates: bool) -> Callable[..., Any]:
    """A function of matrices that takes None for an unknown element, and gives it for one that is too long; where it
    ``eliminates`` a matrix of many numbers that are not rational, before it is worked out."""
    unknown, short = by_element(_nan_of_none), by_element(_none_of_long)

    def kept(*operands: Any) -> Any:
        if eliminates and _many_irrational(operands[0]):
            operands = (by_element(_never)(operands[0]), *operands[1:])
        return short(function(*map(unknown, operands)))

    return kept


def _many_irrational(matrix: Any) -> bool:
    elements = _elements(matrix)
    return len(elements) > 4 and sum(not element.is_Rational for element in elements) > MOST_IRRATIONAL


def _never(value: Any) -> None:
    return None


def _nan_of_none(value: Any) -> Any:
    import sympy

    return sympy.nan if value is None else value


def _none_of_long(value: Any) -> Any:
    import sympy

    return value if value is not sympy.nan and is_short(value) else None


def _would_swell(name: str, operands: Sequence[Any]) -> bool:
    """Whether a value is known to be too long before it is worked out: a high power, or a function of deep ones."""
    if name == "pow" and operands[0].is_Rational and operands[1].is_Rational:
        return bool(abs(operands[1]) * (_bits(operands[0]) - 1) > _MOST_BITS)
    return name not in _ARITHMETIC and not all(_is_short(operand, DEEPEST - 1) for operand in operands)


def is_short(value: Any) -> bool:
    """Whether a value, or a matrix as a whole, has at most LONGEST parts, its functions are at most DEEPEST deep, and
    no number is longer than a person would write."""
    return _is_short(value, DEEPEST)


def _is_short(value: Any, deepest: int) -> bool:
    count = 0
    stack = [(element, 0) for element in _elements(value)]
    while stack:
        part, depth = stack.pop()
        count += 1
        depth += part.is_Function or (part.is_Pow and not part.exp.is_Integer)
        if count > LONGEST or depth > deepest or (part.is_Rational and _bits(part) > _MOST_BITS):
            return False
        stack.extend([(below, depth) for below in part.args])
    return True


def _bits(number: Any) -> int:
    return max(abs(int(number.p)).bit_length(), int(number.q).bit_length())


class ExactValues:
    """The exact values of a list's operands at a point.

    Terms are written in the order in which the lines meet them; a sum in one of the first ``primal`` lines, as there.
    ``letters`` are the parameters that have no value and stay what they are.
    """

    def __init__(
        self,
        wengert: WengertList,
        point: Sequence[Formula],
        parameters: Mapping[str, Formula],
        primal: int,
        letters: Sequence[str] = (),
    ) -> None:
        algebra: Algebra = BOUNDED_MATRICES if wengert.shapes else BOUNDED
        known = {text: constant_value(value, algebra, {}, _number) for text, value in parameters.items()}
        known.update((letter, _symbol(letter)) for letter in letters)
        inputs = [constant_value(value, algebra, known, _number) for value in point]
        self._values = evaluate(wengert, algebra, inputs, known, _number)
        self._rank: dict[Any, int] = {}
        self._sums: dict[tuple[Any, ...], list[Any]] = {}
        for place, line in enumerate(wengert.lines):
            if self._values[place] is None:
                continue
            if not wengert.shapes and len(wengert.inputs) <= place < primal:
                self._keep_sum(self._values[place], [self._values[operand] for operand in line[1:]])
            for element in _elements(self._values[place]):
                for term in _terms(element):
                    self._rank.setdefault(_core(term), len(self._rank))

    def _keep_sum(self, value: Any, operands: Sequence[Any]) -> None:
        """Remember in which order the terms of a line's value are written."""
        if not value.is_Add:
            return
        written = [_core(term) for operand in operands for term in _terms(operand)]
        place = {core: at for at, core in reversed(list(enumerate(written)))}
        self._sums[value.args] = sorted(value.args, key=lambda term: place.get(_core(term), len(place)))

    def value(self, operand: Operand) -> Any:
        """The SymPy number of an operand, or None where it would be too long."""
        return self._values[operand]

    def formula(self, operand: Operand) -> Formula | None:
        """The value as a formula, or None where it would be too long or has no form."""
        value = self._values[operand]
        if hasattr(value, "shape"):
            if not is_short(value):
                return None
            rows = [[self._written(element) for element in row] for row in value]
            unknown = any(element is None for row in rows for element in row)
            return None if unknown else Formula("matrix", tuple(map(tuple, rows)))
        return self._written(value)

    def _written(self, value: Any) -> Formula | None:
        if value is None or value.is_finite is False or value.is_real is False or _is_nan(value):
            return None
        return from_sympy(value, self._in_order, powers_of_e=True)

    def _in_order(self, args: Sequence[Any]) -> Sequence[Any]:
        ordered = self._sums.get(tuple(args))
        return ordered or sorted(args, key=lambda arg: self._rank.get(_core(arg), len(self._rank)))


def _is_nan(value: Any) -> bool:
    import sympy

    return value is sympy.nan


def _elements(value: Any) -> Sequence[Any]:
    """The elements of a matrix that are known; a number itself."""
    if hasattr(value, "shape"):
        return [element for element in value.flat if element is not None]
    return (value,)


def _terms(value: Any) -> Sequence[Any]:
    return value.args if value.is_Add else (value,)


def _core(term: Any) -> Any:
    """A term without its number in front."""
    return term.as_coeff_Mul()[1]


def _symbol(text: str) -> Any:
    import sympy

    return sympy.Symbol(text, real=True)


def _number(text: str) -> Any:
    import sympy

    return sympy.Rational(text)
