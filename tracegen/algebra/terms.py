"""Terms: formulas with operators and shapes, in which a rule is read to become the formula that a person would write.

``*`` of two matrices is the product element by element, ``@`` the product of matrices, a number goes with every
element. A dimension that a rule takes from a shape is a letter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Union

from tracegen.algebra import matrix_constructors as matrices
from tracegen.algebra.algebra import Find
from tracegen.algebra.constructors import add, apply, div, mul, negative, power, sub
from tracegen.formula import PI, E, Formula, number
from tracegen.shapes import (
    SCALAR,
    Dimension,
    Shape,
    broadcast,
    dimension_formula,
    dimension_of,
    matrix_shape,
    minus,
    plus,
    signature,
    transposed,
)  # fmt: skip

Operand = Union["Term", int, str, Fraction]


class Term:
    """A formula of a shape. ``Term(name("a")) * 1`` is ``a`` again.

    >>> from tracegen.formula import name
    >>> (Term(name("a")) * 1 + 0).formula == name("a")
    True
    >>> A, x = Term(name("A"), ("N", "K")), Term(name("x"), ("N", 1))
    >>> (A.T @ x).shape
    ('K', 1)
    """

    __slots__ = ("formula", "shape", "symmetric")

    def __init__(self, formula: Formula, shape: Shape = SCALAR, symmetric: bool = False) -> None:
        self.formula = formula
        self.shape = shape
        self.symmetric = symmetric

    @property
    def T(self) -> Term:  # noqa: N802
        """The transpose; of a number and of a symmetric matrix, itself."""
        if not self.shape or self.symmetric:
            return self
        return Term(matrices.transposed(self.formula), transposed(self.shape))

    def __matmul__(self, other: Term) -> Term:
        if not self.shape or not other.shape:
            return self * other
        return Term(matrices.matmul(self.formula, other.formula), _PRODUCT([self.shape, other.shape], []))

    def __add__(self, other: Operand) -> Term:
        return _sum(add, self, term(other))

    def __radd__(self, other: Operand) -> Term:
        return _sum(add, term(other), self)

    def __sub__(self, other: Operand) -> Term:
        return _sum(sub, self, term(other))

    def __rsub__(self, other: Operand) -> Term:
        return _sum(sub, term(other), self)

    def __mul__(self, other: Operand) -> Term:
        return _product(self, term(other))

    def __rmul__(self, other: Operand) -> Term:
        return _product(term(other), self)

    def __truediv__(self, other: Operand) -> Term:
        return _quotient(self, term(other))

    def __rtruediv__(self, other: Operand) -> Term:
        return _quotient(term(other), self)

    def __pow__(self, other: Operand) -> Term:
        exponent = term(other)
        if self.shape and exponent.formula == number(2):
            return self * self
        raised = power(self.formula, exponent.formula)
        if self.shape and raised.head == "pow":
            raised = raised._replace(head="hadamard_power")
        return Term(raised, broadcast([self.shape, exponent.shape]))

    def __neg__(self) -> Term:
        return Term(negative(self.formula), self.shape, self.symmetric)


_PRODUCT = signature("n k, k m -> n m")


def term(operand: Operand) -> Term:
    """An operand of a rule as a term; texts are dimensions."""
    if isinstance(operand, Term):
        return operand
    if isinstance(operand, str):
        return Term(dimension_formula(operand))
    return Term(number(operand))


def _sum(write: Callable[[Formula, Formula], Formula], a: Term, b: Term) -> Term:
    if a.shape == b.shape == SCALAR:
        return Term(write(a.formula, b.formula))
    shape = broadcast([a.shape, b.shape])
    if a.shape == b.shape:
        write = matrices.plus if write is add else matrices.minus
    return Term(write(a.formula, b.formula), shape, a.symmetric and b.symmetric)


def _product(a: Term, b: Term) -> Term:
    if a.shape == b.shape == SCALAR:
        return Term(mul(a.formula, b.formula))
    if not a.shape:
        return Term(matrices.scaled(a.formula, b.formula), b.shape, b.symmetric)
    if not b.shape:
        return Term(matrices.scaled(b.formula, a.formula), a.shape, a.symmetric)
    shape = broadcast([a.shape, b.shape])
    scalar, left, right = matrices.pulled_out(a.formula, b.formula)
    for ones, other in ((left, Term(right, b.shape)), (right, Term(left, a.shape))):
        if matrices.is_ones(ones) and other.shape == shape:
            return Term(matrices.scaled(scalar, other.formula), shape)
    return Term(matrices.hadamard(a.formula, b.formula), shape)


def _quotient(a: Term, b: Term) -> Term:
    if a.shape and not b.shape:
        scalar, matrix = matrices.scalar_and_matrix(a.formula)
        return Term(matrices.scaled(div(scalar, b.formula), matrix), a.shape, a.symmetric)
    return Term(div(a.formula, b.formula), broadcast([a.shape, b.shape]), a.symmetric and not b.shape)


class Formulas:
    """The algebra of terms: every function applied to terms is a term."""

    def __init__(self, find: Find) -> None:
        self._find = find

    def __getattr__(self, name: str) -> Callable[..., Term]:
        if name.startswith("__"):
            raise AttributeError(name)

        def applied(*operands: Operand) -> Term:
            return self._applied(name, [term(operand) for operand in operands])

        return applied

    def pi(self) -> Term:
        return Term(PI)

    def e(self) -> Term:
        return Term(E)

    def transpose(self, a: Term) -> Term:
        return a.T

    def ones(self, count: Operand) -> Term:
        """A column of ones; of length 1, the number 1."""
        return Term(number(1)) if count == 1 else self._applied("ones", [term(count)])

    def dimension(self, count: Operand) -> Term:
        """A dimension as a number."""
        return term(count)

    def vstack(self, *blocks: Term) -> Term:
        """Blocks one above the other."""
        return self._applied("vstack", [_full(block) for block in blocks])

    def hstack(self, *blocks: Term) -> Term:
        """Blocks side by side."""
        return self._applied("hstack", [_full(block) for block in blocks])

    def slice(self, A: Term, *ends: Operand) -> Term:
        """A part of a matrix; all of it is the matrix."""
        top, bottom, left, right = map(_place, ends)
        if [top, bottom, left, right] == [0, A.shape[0], 0, A.shape[1]]:
            return A
        if A.formula.head == "ones":
            return self.ones(minus(bottom, top))
        return self._applied("slice", [A, *map(term, (top, bottom, left, right))])

    def entry(self, A: Term, row: Operand, column: Operand) -> Term:
        """An element of a matrix; that of a part, counted in the whole, and what stands before it in front."""
        scalar, matrix = matrices.scalar_and_matrix(A.formula)
        if matrices.is_ones(matrix):
            return Term(scalar)
        at, beside = _place(row), _place(column)
        if matrix.head == "slice":
            matrix, top, _, left, _ = matrix.args
            at, beside = plus(dimension_of(top), at), plus(dimension_of(left), beside)
        places = map(dimension_formula, (at, beside))
        return Term(scalar) * Term(Formula("entry", (matrix, *places)))

    def pad(self, A: Term, *sides: Operand) -> Term:
        """Zeros around a matrix, or around a number."""
        room = [_place(side) for side in sides]
        return self._applied("pad", [A, *map(term, room)]) if any(room) else A

    def letter(self, text: str, primes: int, a: Term) -> Term:
        """A function known by its letter only, differentiated some times."""
        return Term(Formula("letter", (text, primes, a.formula)), a.shape)

    def solve(self, A: Term, B: Term) -> Term:
        """A⁻¹ B."""
        return Term(matrices.solved("solve", A.formula, B.formula), B.shape)

    def solve_transpose(self, A: Term, B: Term) -> Term:
        """A⁻ᵀ B; A⁻¹ B of a symmetric matrix."""
        if A.symmetric:
            return self.solve(A, B)
        return Term(matrices.solved("solve_transpose", A.formula, B.formula), B.shape)

    def inner(self, a: Term, b: Term) -> Term:
        """The inner product; of columns and of rows, that of a row and a column."""
        if a.shape[1:] == (1,):
            return a.T @ b
        if a.shape[:1] == (1,):
            return a @ b.T
        scalar, left, right = matrices.pulled_out(a.formula, b.formula)
        return Term(scalar) * self._applied("inner", [Term(left, a.shape), Term(right, b.shape)])

    def sum(self, a: Term) -> Term:
        """The sum of all elements; of a product of two factors, their inner product."""
        scalar, inside = matrices.scalar_and_matrix(a.formula)
        if inside.head != "hadamard":
            return Term(scalar) * self._applied("sum", [Term(inside, a.shape)])
        return Term(scalar) * self.inner(*(Term(factor, a.shape) for factor in inside.args))

    def ones_of(self, shape: Shape) -> Term:
        """A matrix of ones: a column times a row."""
        if not shape:
            return Term(number(1))
        left, right = map(self.ones, shape)
        return Term((left @ right.T).formula, matrix_shape(*shape))

    def _applied(self, name: str, operands: list[Term]) -> Term:
        """The application of an operation, as it is shown."""
        row = self._find(name)
        if row is None or row.shapes is None:
            shape = broadcast([operand.shape for operand in operands])
            return Term(apply(name, *(operand.formula for operand in operands)), shape)
        shape = row.shapes([operand.shape for operand in operands], [operand.formula for operand in operands])
        if row.multilinear and any(operand.formula == matrices.ZERO for operand in operands):
            return Term(matrices.ZERO, shape)
        if row.shown is not None:
            shown: Term = row.shown(self, *operands)
            return shown
        formulas = tuple(operand.formula for operand in operands)
        return Term(
            Formula(name, formulas), shape, is_symmetric(name, [operand.symmetric for operand in operands], formulas)
        )


def is_symmetric(name: str, operands: Sequence[bool], which: Sequence[object]) -> bool:
    """Whether a row's output is symmetric, from which of its operands are, and which they are."""
    if name in ("diag", "identity"):
        return True
    if name in ("matmul_tn", "matmul_nt"):
        return which[0] == which[1]
    return name in _KEEP_SYMMETRY and operands[-1] and (len(operands) == 1 or name == "scale" or all(operands))


_KEEP_SYMMETRY = frozenset(["neg", "add", "sub", "scale", "hadamard", "inv", "inv_transpose", "transpose"])


def _place(operand: Operand) -> Dimension:
    """A place in a matrix, or a number of rows: N − N is 0."""
    return dimension_of(term(operand).formula)


def _full(a: Term) -> Term:
    """A term that takes its room: 0 becomes a matrix of zeros."""
    if a.formula != matrices.ZERO or not a.shape:
        return a
    return Term(Formula("zeros", tuple(map(dimension_formula, a.shape))), a.shape)
