"""Shapes of matrices whose dimensions may be letters: how they fit, and what comes out.

A number has the shape ``()``; everything else has rows and columns. A dimension is a positive integer or a text: a
letter ``"N"``, or a sum such as ``"N+2"`` where matrices are stacked. Two letters fit when they are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracegen.errors import ShapeError
from tracegen.formula import Formula, name, number, rational

Dimension = int | str
Shape = tuple[Dimension, ...]
SCALAR: Shape = ()

Shapes = tuple[Shape, ...]
ShapeRule = Callable[[Sequence[Shape], Sequence[Formula | None]], Shape]
"""The shape of an output, from those of the operands and the formulas of the operands that are constants."""


def shape_text(shape: Shape) -> str:
    """A shape as it is written.

    >>> shape_text(("N", 1)), shape_text(())
    ('N×1', 'a number')
    """
    return "×".join(map(_dimension_text, shape)) if shape else "a number"


def _dimension_text(dimension: Dimension) -> str:
    text = str(dimension)
    return f"({text})" if "+" in text or "-" in text else text


def transposed(shape: Shape) -> Shape:
    """Rows for columns."""
    return shape[::-1]


def matrix_shape(rows: Dimension, columns: Dimension) -> Shape:
    """The shape of a result: one row and one column make a number."""
    return SCALAR if rows == columns == 1 else (rows, columns)


def broadcast(shapes: Sequence[Shape]) -> Shape:
    """The shape of an elementwise operation: a number, a row or a column goes with every row or column of a matrix.

    Raises ShapeError where dimensions differ, or where no operand has the whole shape.

    >>> broadcast([("B", "K"), (1, "K"), ()])
    ('B', 'K')
    """
    matrices = [shape for shape in shapes if shape]
    if not matrices:
        return SCALAR
    whole = tuple(_common([shape[axis] for shape in matrices]) for axis in (0, 1))
    if whole not in matrices:
        raise ShapeError("a column and a row do not add up to a matrix; multiply by a row or column of ones")
    return whole


def _common(dimensions: Sequence[Dimension]) -> Dimension:
    wide = [dimension for dimension in dimensions if dimension != 1]
    for dimension in wide:
        if dimension != wide[0]:
            raise ShapeError(f"{wide[0]} ≠ {dimension}")
    return wide[0] if wide else 1


@dataclass(frozen=True, slots=True)
class Signature:
    """The rule of a text such as ``"n k, k m -> n m"``; an empty side is a number."""

    operands: tuple[tuple[str, ...], ...]
    wanted: tuple[str, ...]

    def __call__(self, shapes: Sequence[Shape], constants: Sequence[Formula | None]) -> Shape:
        sizes: dict[str, Dimension] = {"1": 1}
        for letters, shape in zip(self.operands, shapes, strict=True):
            _bind(letters, shape, sizes)
        return matrix_shape(*(sizes[letter] for letter in self.wanted)) if self.wanted else SCALAR


def signature(spec: str) -> Signature:
    """The signature of a text.

    >>> signature("n k, k m -> n m")([("N", "K"), ("K", 1)], [])
    ('N', 1)
    """
    operands, result = spec.split("->")
    return Signature(tuple(tuple(side.split()) for side in operands.split(",")), tuple(result.split()))


def _bind(letters: Sequence[str], shape: Shape, sizes: dict[str, Dimension]) -> None:
    if bool(letters) != bool(shape):
        raise ShapeError("a matrix is needed, not a number" if letters else "a number is needed, not a matrix")
    for letter, dimension in zip(letters, shape, strict=True):
        if sizes.setdefault(letter, dimension) != dimension:
            raise ShapeError(f"{sizes[letter]} ≠ {dimension}")


def plus(a: Dimension, b: Dimension) -> Dimension:
    """The sum of two dimensions.

    >>> plus("N", 2), plus(2, 3)
    ('N+2', 5)
    """
    terms = _terms(a)
    terms.update(_terms(b))
    return _dimension(terms)


def minus(a: Dimension, b: Dimension) -> Dimension:
    """The difference of two dimensions.

    >>> minus("N+2", "N")
    2
    """
    terms = _terms(a)
    terms.subtract(_terms(b))
    return _dimension(terms)


def _terms(dimension: Dimension) -> Counter[str]:
    """How often each letter is in a dimension; the number is that of the empty letter."""
    if isinstance(dimension, int):
        return Counter({"": dimension})
    terms: Counter[str] = Counter()
    for part in filter(None, dimension.replace("-", "+-").split("+")):
        sign, text = (-1, part[1:]) if part.startswith("-") else (1, part)
        letter = text.lstrip("0123456789")
        count = text[: len(text) - len(letter)]
        terms[letter] += sign * int(count or "1")
    return terms


def valued(dimension: Dimension, sizes: Mapping[str, int]) -> int | None:
    """The number that a dimension is, where every letter has one; None where one has not.

    >>> valued("2N+1", {"N": 3})
    7
    """
    terms = _terms(dimension)
    if any(letter and letter not in sizes for letter in terms):
        return None
    return sum(count * sizes.get(letter, 1) for letter, count in terms.items())


_COUNTS = {1: "", -1: "-"}


def _dimension(terms: Counter[str]) -> Dimension:
    letters = [(letter, count) for letter, count in terms.items() if letter and count]
    rest = terms[""]
    if not letters:
        return rest
    letters.sort(key=lambda pair: pair[1] < 0)
    text = "+".join(f"{_COUNTS.get(count, count)}{letter}" for letter, count in letters)
    return f"{text}+{rest}".replace("+-", "-") if rest else text.replace("+-", "-")


def dimension_formula(dimension: Dimension) -> Formula:
    """A dimension as a formula over its letters.

    >>> dimension_formula("N")
    Formula(head='name', args=('N',))
    """
    if isinstance(dimension, int):
        return number(dimension)
    terms = _terms(dimension)
    rest = terms.pop("", 0)
    parts = [(_multiple(letter, abs(count)), count) for letter, count in terms.items() if count]
    parts += [(number(abs(rest)), rest)] if rest else []
    parts.sort(key=lambda part: part[1] < 0)
    whole = parts[0][0] if parts[0][1] > 0 else Formula("neg", (parts[0][0],))
    for part, count in parts[1:]:
        whole = Formula("add" if count > 0 else "sub", (whole, part))
    return whole


def _multiple(letter: str, count: int) -> Formula:
    return name(letter) if count == 1 else Formula("mul", (number(count), name(letter)))


def dimension_of(formula: Formula | None) -> Dimension:
    """The dimension that a formula of integers and letters stands for; ShapeError of any other.

    >>> dimension_of(Formula("add", (name("N"), number(2))))
    'N+2'
    """
    if formula is None:
        raise ShapeError("a dimension and a place in a matrix have to be known when the trace is built")
    value = rational(formula)
    if value is not None and value.denominator == 1:
        return int(value)
    if formula.head == "name":
        return str(formula.args[0])
    if formula.head == "add":
        return plus(*map(dimension_of, formula.args))
    if formula.head == "sub":
        return minus(*map(dimension_of, formula.args))
    if formula.head == "neg":
        return minus(0, dimension_of(formula.args[0]))
    if formula.head == "mul" and formula.args[0].head == "number" and formula.args[1].head == "name":
        return f"{formula.args[0].args[0]}{formula.args[1].args[0]}"
    raise ShapeError("a place in a matrix is an integer or a dimension")
