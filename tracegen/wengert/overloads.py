"""What an operation means for operands of some shapes: ``W x`` is a product of matrices, ``c x`` a multiple.

The table has a row for each; a text has one sign for several. The conventions are NumPy's: `*`, `/` and `**` go element
by element whatever the shapes, `@` is the product of matrices. A power that is written `^` is one of the matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracegen.algebra.constructors import add
from tracegen.errors import ShapeError
from tracegen.formula import DOTS, Formula, are_probabilities, number, rational
from tracegen.primitives import lookup
from tracegen.primitives.rule_formulas import constant_shape, definition
from tracegen.shapes import Dimension, Shape, dimension_formula, plus
from tracegen.wengert.wengert_list import ONE, Builder, Operand

Value = Formula | Operand
"""A constant that is not yet an operand, or an operand."""

Resolved = Value | tuple[str, list[Value]]
"""A value that is there already, or a row with its operands."""


HIGHEST_POWER = 20
"""The highest power of a matrix, which is written as a product of so many."""


class Meaning:
    """Applies operations to lowered values in a list that has shapes."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def shape(self, value: Value) -> Shape:
        """The shape of a value."""
        return constant_shape(value) if isinstance(value, Formula) else self.builder.list.shape(value)

    def apply(self, head: str, *values: Value) -> Value:
        """The value of an operation: a line, a folded constant, or an operand that is there already.

        Raises ShapeError with the reason where the shapes do not fit.
        """
        while True:
            rule = _RULES.get(head)
            meaning = rule(self, *values) if rule else None
            if meaning is None:
                return self._emit(head, values)
            if not isinstance(meaning, tuple) or isinstance(meaning, Formula):
                return meaning
            head, operands = meaning
            values = tuple(operands)

    def _emit(self, head: str, values: Sequence[Value]) -> Value:
        constants = [value for value in values if isinstance(value, Formula)]
        if len(constants) == len(values):
            constant_shape(Formula(head, tuple(constants)))
            return definition(lookup(head), constants, [constant_shape(constant) for constant in constants])
        operands = tuple(self.builder.constant(v) if isinstance(v, Formula) else v for v in values)
        return self.builder.append(head, operands)

    def is_matrix(self, *values: Value) -> bool:
        """Whether all of some values are matrices."""
        return all(self.shape(value) for value in values)

    def are_probabilities(self, value: Value) -> bool:
        """Whether the rows of a matrix, or its one column, are known to sum to 1."""
        return are_probabilities(value) if isinstance(value, Formula) else value in self.builder.probabilities


def part(index: Formula) -> Formula:
    """The part of a matrix that an index says: ``a[0]`` and ``A[0, 1]`` an element, anything else some rows and
    columns. Dots are the end of a row or column. Raises ShapeError where there are more than rows and columns.

    >>> from tracegen.formula import name
    >>> part(Formula("index", (name("A"), number(0), number(1)))).head
    'entry'
    """
    of, *entries = index.args
    if len(entries) > 2:
        raise ShapeError(f"a part of a matrix is said by its rows and columns, not by {len(entries)} places")
    if not any(entry.head == "slice" for entry in entries):
        return Formula("entry", (of, *entries))
    ends = [end for entry in entries for end in _ends(entry)]
    return Formula("slice", (of, *ends))


def _ends(entry: Formula) -> tuple[Formula, Formula]:
    if entry.head == "slice":
        start, stop = entry.args
        return (number(0) if start is None else start, DOTS if stop is None else stop)
    return entry, DOTS if entry == number(-1) else number((rational(entry) or 0) + 1)


def _mul(of: Meaning, a: Value, b: Value) -> Resolved | None:
    if not of.is_matrix(a):
        return ("scale", [a, b]) if of.is_matrix(b) else None
    if not of.is_matrix(b):
        return "scale", [b, a]
    return "hadamard", [a, b]


def _scale(of: Meaning, a: Value, b: Value) -> Resolved | None:
    if of.is_matrix(a) and not of.is_matrix(b):
        return "scale", [b, a]
    if not of.is_matrix(b):
        return "mul", [a, b]
    return b if a == ONE else None


def _hadamard(of: Meaning, a: Value, b: Value) -> Resolved | None:
    return None if of.is_matrix(a, b) else ("mul", [a, b])


def _matmul(of: Meaning, a: Value, b: Value) -> Resolved | None:
    if not of.is_matrix(a, b):
        return "mul", [a, b]
    if of.shape(a)[0] == of.shape(b)[1] == 1:
        return "row_dot", [a, b]
    return None


def _matmul_tn(of: Meaning, a: Value, b: Value) -> Resolved | None:
    if not of.is_matrix(a, b):
        return "mul", [of.apply("transpose", a), b]
    if of.shape(a)[1] == of.shape(b)[1] == 1:
        return "dot", [a, b]
    return ("matmul", [a, b]) if _is_symmetric(of, a) else None


def _matmul_nt(of: Meaning, a: Value, b: Value) -> Resolved | None:
    if not of.is_matrix(a, b):
        return "mul", [a, of.apply("transpose", b)]
    if of.shape(a)[0] == of.shape(b)[0] == 1:
        return "row_dot", [a, of.apply("transpose", b)]
    return ("matmul", [a, b]) if _is_symmetric(of, b) else None


def _is_symmetric(of: Meaning, a: Value) -> bool:
    return isinstance(a, int) and a in of.builder.list.symmetric


def _transpose(of: Meaning, a: Value) -> Resolved | None:
    return a if not of.is_matrix(a) or _is_symmetric(of, a) else None


def _pow(of: Meaning, a: Value, b: Value) -> Resolved | None:
    if not of.is_matrix(a):
        return None
    return a if b == ONE else ("hadamard_power", [a, b])


def _matrix_power(of: Meaning, a: Value, b: Value) -> Resolved | None:
    """A power of a matrix as a product; of a matrix that is not square, as long as it is none, element by element."""
    if not of.is_matrix(a):
        return "pow", [a, b]
    exponent = rational(b) if isinstance(b, Formula) else None
    if exponent is None or exponent.denominator != 1 or not 0 < abs(exponent) <= HIGHEST_POWER:
        raise ShapeError(f"the power of a matrix is a whole number up to {HIGHEST_POWER}; A**n is one of each element")
    base = a if exponent > 0 else of.apply("inv", a)
    power = base
    for _ in range(abs(int(exponent)) - 1):
        power = of.apply("matmul", power, base)
    return power


def _hadamard_power(of: Meaning, a: Value, b: Value) -> Resolved | None:
    return None if of.is_matrix(a) else ("pow", [a, b])


def _quadratic(of: Meaning, x: Value, A: Value) -> Resolved | None:
    if of.is_matrix(x, A) and of.shape(x)[1] == 1:
        return None
    return "matmul", [of.apply("matmul_tn", x, A), x]


def _diag(of: Meaning, a: Value) -> Resolved | None:
    if not of.is_matrix(a):
        return a
    rows, columns = of.shape(a)
    if columns == 1:
        return None
    return "diag" if rows == 1 else "diagonal", [of.apply("transpose", a) if rows == 1 else a]


def _sums(axis: int, total: str) -> Callable[..., Resolved | None]:
    """Sums along an axis; of a single row or column they are the sum of all."""

    def rule(of: Meaning, a: Value) -> Resolved | None:
        if not of.is_matrix(a):
            return a
        return (total, [a]) if of.shape(a)[axis] == 1 else None

    return rule


def _softmax(of: Meaning, a: Value) -> Resolved | None:
    """Of a column, or of every row of a matrix."""
    return ("softmax_rows", [a]) if of.shape(a)[1:] not in ((), (1,)) else None


def _softmax_cross_entropy(head: str) -> Callable[..., Resolved | None]:
    """Of a column, or of every row of a matrix; of other shapes, as it is written."""

    def rule(of: Meaning, T: Value, Z: Value) -> Resolved | None:
        if of.shape(T) != of.shape(Z) or not of.is_matrix(Z):
            return "cross_entropy", [T, of.apply("softmax", Z)]
        row = "probability_cross_entropy" if of.are_probabilities(T) else "softmax_cross_entropy"
        row += "" if of.shape(Z)[1] == 1 else "_rows"
        return None if row == head else (row, [T, Z])

    return rule


def _cross_entropy(of: Meaning, T: Value, P: Value) -> Resolved | None:
    """Of probabilities and a line that is a softmax, one line, so that the softmax's operand gets P − T."""
    line = of.builder.list.line(P) if isinstance(P, int) and P >= 0 else None
    if line is None or line.primitive is None or line.primitive.name not in ("softmax", "softmax_rows"):
        return None
    fits = of.are_probabilities(T) and of.shape(T) == of.shape(P)
    return ("softmax_cross_entropy", [T, line.operands[0]]) if fits else None


def _logsumexp(of: Meaning, a: Value) -> Resolved | None:
    """Of a column or a row, or of every row of a matrix."""
    rows, columns = of.shape(a) or (1, 1)
    if columns == 1:
        return None
    return ("logsumexp", [of.apply("transpose", a)]) if rows == 1 else ("logsumexp_rows", [a])


def _number(row: str) -> Callable[..., Resolved | None]:
    """What an operation of matrices is for numbers; an empty row is the number itself."""

    def rule(of: Meaning, *values: Value) -> Resolved | None:
        if any(map(of.is_matrix, values)):
            return None
        return (row, list(values)) if row else values[0]

    return rule


def _adjugate(of: Meaning, a: Value) -> Resolved | None:
    return None if of.is_matrix(a) else ONE


def _distance(norm: str) -> Callable[..., Resolved | None]:
    """A distance of matrices of one shape; others, and numbers, are subtracted first."""

    def rule(of: Meaning, a: Value, b: Value) -> Resolved | None:
        return None if of.is_matrix(a) and of.shape(a) == of.shape(b) else (norm, [of.apply("sub", a, b)])

    return rule


def _half_squared(of: Meaning, a: Value) -> Resolved | None:
    return None if of.is_matrix(a) else ("div", [of.apply("square", a), number(2)])


def _solve(of: Meaning, A: Value, b: Value) -> Resolved | None:
    return None if of.is_matrix(A) else ("div", [b, A])


def _slice(of: Meaning, A: Value, *ends: Value) -> Resolved | None:
    """Rows, or rows and columns; dots are the end, and places below 0 count from it."""
    rows, columns = of.shape(A) or (1, 1)
    whole = [*ends, number(0), DOTS][:4]
    placed = [_placed(end, length) for end, length in zip(whole, (rows, rows, columns, columns), strict=True)]
    return None if placed == list(ends) else ("slice", [A, *placed])


def _entry(of: Meaning, A: Value, *places: Value) -> Resolved | None:
    """An element; one place is that in a row or column, or a whole row of a matrix."""
    shape = of.shape(A)
    if len(places) == 2:
        placed = [_placed(place, length) for place, length in zip(places, shape or (1, 1), strict=True)]
        return None if placed == list(places) else ("entry", [A, *placed])
    if 1 in shape:
        return "entry", [A, number(0), *places] if shape[0] == 1 else [A, *places, number(0)]
    (place,) = places
    first = _placed(place, shape[0]) if shape else place
    after = add(first, number(1)) if isinstance(first, Formula) else first
    return "slice", [A, first, after, number(0), DOTS]


def _placed(place: Value, length: Dimension) -> Value:
    """A place counted from the start."""
    if place == DOTS:
        return dimension_formula(length)
    value = rational(place) if isinstance(place, Formula) else None
    if value is None or value >= 0:
        return place
    counted = plus(length, int(value))
    if isinstance(counted, int) and counted < 0:
        raise ShapeError(f"place {value}, counted from the end, is not within {length}")
    return dimension_formula(counted)


CROSS_ENTROPIES = (
    "softmax_cross_entropy", "softmax_cross_entropy_rows", "probability_cross_entropy",
    "probability_cross_entropy_rows",
)  # fmt: skip
"""The rows for a cross-entropy of a softmax: which one it is depends on its operands."""

_RULES: dict[str, Callable[..., Resolved | None]] = {
    "mul": _mul, "scale": _scale, "hadamard": _hadamard, "matmul": _matmul, "matmul_tn": _matmul_tn,
    "matmul_nt": _matmul_nt, "transpose": _transpose, "pow": _pow, "hadamard_power": _hadamard_power,
    "matrix_power": _matrix_power,
    "quadratic": _quadratic, "diag": _diag, "solve": _solve, "slice": _slice, "entry": _entry,
    "sum": _number(""), "mean": _number(""), "trace": _number(""), "det": _number(""), "diagonal": _number(""),
    "det_by_adjugate": _number(""), "adjugate": _adjugate,
    "norm": _number("abs"), "squared_norm": _number("square"), "inv": _number("reciprocal"),
    "squared_distance": _distance("squared_norm"), "half_squared_distance": _distance("half_squared_norm"),
    "half_squared_norm": _half_squared, "logdet": _number("log"), "dot": _number("mul"), "inner": _number("mul"),
    "row_sums": _sums(0, "sum"), "column_sums": _sums(1, "sum"),
    "row_means": _sums(0, "mean"), "column_means": _sums(1, "mean"),
    "softmax": _softmax, "logsumexp": _logsumexp, "cross_entropy": _cross_entropy,
    **{head: _softmax_cross_entropy(head) for head in CROSS_ENTROPIES},
}  # fmt: skip
