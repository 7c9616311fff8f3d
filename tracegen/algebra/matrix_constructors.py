"""Products of matrices as a person would write them: numbers and signs in front, nothing multiplied by 1 or added to 0.

Shapes are known to the caller (:mod:`tracegen.algebra.terms`); these functions see formulas only.
"""

from __future__ import annotations

from tracegen.algebra.constructors import add, mul, negative, sub
from tracegen.formula import Formula, number, rational

ZERO = number(0)


def scaled(scalar: Formula, matrix: Formula) -> Formula:
    """A number times a matrix.

    >>> from tracegen.formula import name
    >>> scaled(number(1), name("A"))
    Formula(head='name', args=('A',))
    """
    if scalar.head == "neg":
        return negative(scaled(scalar.args[0], matrix))
    if matrix.head == "neg":
        return negative(scaled(scalar, matrix.args[0]))
    value = rational(scalar)
    if value == 0 or matrix == ZERO:
        return ZERO
    if value == 1:
        return matrix
    if matrix.head == "scale":
        return scaled(_times(scalar, matrix.args[0]), matrix.args[1])
    if _is_reciprocal(matrix):
        return Formula("div", (scalar, matrix.args[-1]))
    return Formula("scale", (scalar, matrix))


def hadamard(a: Formula, b: Formula) -> Formula:
    """The product element by element. A sum goes behind a factor that is none."""
    scalar, a, b = pulled_out(a, b)
    if scalar != number(1):
        return scaled(scalar, hadamard(a, b))
    if ZERO in (a, b):
        return ZERO
    if _is_reciprocal(b):
        return Formula("div", (a, b.args[-1]))
    if _is_reciprocal(a):
        return Formula("div", (b, a.args[-1]))
    if a.head in _SUMS and b.head not in _SUMS:
        a, b = b, a
    return Formula("hadamard", (a, b))


_SUMS = ("add", "sub")


def matmul(a: Formula, b: Formula) -> Formula:
    """The product of matrices; the identity is left out."""
    scalar, a, b = pulled_out(a, b)
    if scalar != number(1):
        return scaled(scalar, matmul(a, b))
    if ZERO in (a, b):
        return ZERO
    if a.head == "identity":
        return b
    if b.head == "identity":
        return a
    return Formula("matmul", (a, b))


def transposed(a: Formula) -> Formula:
    """The transpose: twice is not at all, and signs and numbers stay in front."""
    if a.head == "transpose":
        inner: Formula = a.args[0]
        return inner
    if a.head == "neg":
        return negative(transposed(a.args[0]))
    if a.head == "scale":
        return scaled(a.args[0], transposed(a.args[1]))
    if a.head == "matmul":
        return matmul(transposed(a.args[1]), transposed(a.args[0]))
    if a == ZERO or a.head in ("identity", "diag"):
        return a
    if a.head in _SUMS:
        terms = tuple(map(transposed, a.args))
        return Formula("transpose", (a,)) if "transpose" in [term.head for term in terms] else Formula(a.head, terms)
    if a.head in ("solve", "solve_transpose"):
        return matmul(transposed(a.args[1]), Formula("inv_transpose" if a.head == "solve" else "inv", a.args[:1]))
    if a.head in ("inv", "inv_transpose"):
        return Formula("inv_transpose" if a.head == "inv" else "inv", a.args)
    return Formula("transpose", (a,))


def pulled_out(a: Formula, b: Formula) -> tuple[Formula, Formula, Formula]:
    """The number and the sign that stand before two factors, and the factors without them."""
    (p, a), (q, b) = scalar_and_matrix(a), scalar_and_matrix(b)
    return _times(p, q), a, b


def scalar_and_matrix(formula: Formula) -> tuple[Formula, Formula]:
    """The number and the sign before a matrix, and the matrix without them."""
    scalar = number(1)
    while formula.head in ("neg", "scale"):
        scalar = negative(scalar) if formula.head == "neg" else _times(scalar, formula.args[0])
        formula = formula.args[-1]
    return scalar, formula


def _times(a: Formula, b: Formula) -> Formula:
    """The product of two numbers; 1/c goes behind, so that v̄/c comes out."""
    return mul(b, a) if _is_reciprocal(a) else mul(a, b)


def plus(a: Formula, b: Formula) -> Formula:
    """a + b, term by term; A + A is 2 A.

    >>> from tracegen.formula import name
    >>> plus(name("A"), Formula("neg", (name("A"),)))
    Formula(head='number', args=('0',))
    """
    together = _together(a, b, 1)
    if together is not None:
        return together
    if b.head in _SUMS:
        return (plus if b.head == "add" else minus)(plus(a, b.args[0]), b.args[1])
    return add(a, b)


def minus(a: Formula, b: Formula) -> Formula:
    """a − b."""
    together = _together(a, b, -1)
    return sub(a, b) if together is None else together


def _together(a: Formula, b: Formula, sign: int) -> Formula | None:
    """The sum of two multiples of one matrix; None of others."""
    if a == b:
        return scaled(number(1 + sign), a)
    (p, x), (q, y) = scalar_and_matrix(a), scalar_and_matrix(b)
    first, second = rational(p), rational(q)
    if x != y or first is None or second is None:
        return None
    return scaled(number(first + sign * second), x)


def is_ones(a: Formula) -> bool:
    """Whether every element of a matrix is 1, as far as its formula says."""
    if a.head == "matmul":
        return all(map(is_ones, a.args))
    return a.head == "ones" or (a.head == "transpose" and a.args[0].head == "ones")


def solved(head: str, A: Formula, B: Formula) -> Formula:
    """A⁻¹ B, or with ``solve_transpose`` A⁻ᵀ B: numbers and signs in front, of the identity the inverse itself."""
    scalar, B = scalar_and_matrix(B)
    if B.head == "identity":
        return scaled(scalar, Formula("inv" if head == "solve" else "inv_transpose", (A,)))
    return scaled(scalar, Formula(head, (A, B)))


def _is_reciprocal(a: Formula) -> bool:
    return a.head == "reciprocal" or (a.head == "div" and rational(a.args[0]) == 1)
