"""The matrix of a linear map: what stands before a direction in a formula, diag(σ′(z)) W in ẏ = diag(σ′(z)) W ẋ."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from tracegen.algebra import matrix_constructors as matrices
from tracegen.algebra.terms import Term, term
from tracegen.formula import Formula, postorder
from tracegen.primitives.algebras import FORMULAS
from tracegen.shapes import Shape
from tracegen.wengert.shape_inference import is_symmetric_in, shape_in
from tracegen.wengert.wengert_list import ZERO


def matrix_of(
    formula: Formula, direction: Formula, shapes: Mapping[Formula, Shape], symmetric: Collection[Formula] = ()
) -> Formula | None:
    """The matrix M for which a formula is M times a direction, a column; None where no product is found.

    ``shapes`` has those of names and directions. Of a formula that is a number, M is a row; 0 is the number 0.

    >>> from tracegen.formula import name
    >>> from tracegen.notation import unicode
    >>> W, a, d = name("W"), name("a"), name("d")
    >>> moved = Formula("hadamard", (a, Formula("matmul", (W, d))))
    >>> print(unicode(matrix_of(moved, d, {W: ("K", "N"), a: ("K", 1), d: ("N", 1)})))
    diag(a) W
    """
    if formula == ZERO:
        return ZERO
    found = _Linear(direction, shapes, symmetric).map(formula)
    return None if found is None else found.formula


class _Linear:
    """Takes a direction out of formulas that are linear in it."""

    def __init__(self, direction: Formula, shapes: Mapping[Formula, Shape], symmetric: Collection[Formula]) -> None:
        self.direction = direction
        self.shapes = shapes
        self.symmetric = symmetric
        self.size = shapes[direction][0]
        self.rules: dict[str, Callable[..., Term | None]] = {
            "neg": self._negative, "add": self._sum, "sub": self._difference, "scale": self._product,
            "mul": self._product, "hadamard": self._by_element, "div": self._quotient, "matmul": self._matmul,
            "sum": self._total, "solve": self._solve, "solve_transpose": self._solve_transpose,
            "transpose": self._transpose, "slice": self._slice, "pad": self._pad, "entry": self._entry,
            "inner": self._inner, "vstack": self._vstack,
        }  # fmt: skip

    def map(self, formula: Formula) -> Term | None:
        """The matrix of a column, or the row of a number; None where there is no rule."""
        if formula == self.direction:
            found: Term = FORMULAS.identity(self.size)
            return found
        rule = self.rules.get(formula.head)
        return rule(*formula.args) if rule else None

    def moves(self, formula: Formula) -> bool:
        """Whether the direction is in a formula."""
        return any(node == self.direction for node in postorder(formula))

    def still(self, formula: Formula) -> Term:
        """A formula without the direction, with its shape."""
        return Term(formula, self._shape(formula), is_symmetric_in(formula, self.shapes, self.symmetric))

    def _shape(self, formula: Formula) -> Shape:
        return shape_in(formula, self.shapes)

    def _negative(self, a: Formula) -> Term | None:
        found = self.map(a)
        return None if found is None else -found

    def _sum(self, a: Formula, b: Formula) -> Term | None:
        found = self._both(a, b)
        return None if found is None else found[0] + found[1]

    def _difference(self, a: Formula, b: Formula) -> Term | None:
        found = self._both(a, b)
        return None if found is None else found[0] - found[1]

    def _both(self, a: Formula, b: Formula) -> tuple[Term, Term] | None:
        """The matrices of two terms; a number goes with every element of a column."""
        first, second = self.map(a), self.map(b)
        if first is None or second is None:
            return None
        rows = [shape[0] for shape in (self._shape(a), self._shape(b)) if shape]
        lifted = [
            found if self._shape(part) or not rows else term(FORMULAS.ones(rows[0])) @ found
            for part, found in ((a, first), (b, second))
        ]
        return lifted[0], lifted[1]

    def _product(self, a: Formula, b: Formula) -> Term | None:
        if self.moves(a):
            row = self.map(a)
            return None if row is None or self.moves(b) else self._outer(self.still(b), row)
        found = self.map(b)
        return None if found is None else self.still(a) * found

    def _outer(self, column: Term, row: Term) -> Term:
        return column @ row if column.shape else column * row

    def _by_element(self, a: Formula, b: Formula) -> Term | None:
        if self.moves(a):
            a, b = b, a
        found = self.map(b)
        if found is None or self.moves(a):
            return None
        if not self._shape(b):
            return self._outer(self.still(a), found)
        return self._rows(self.still(a), found)

    def _quotient(self, a: Formula, b: Formula) -> Term | None:
        if self.moves(b):
            return None
        under, found = self.still(b), self.map(a)
        if found is None or not under.shape:
            return None if found is None else found / under
        over = 1 / under
        return self._rows(over, found) if self._shape(a) else over @ found

    def _rows(self, column: Term, found: Term) -> Term | None:
        """diag(c) M, without a product where M is 1, or c ∘ v for diag(c) v rᵀ."""
        if not column.shape:
            return column * found
        if column.shape[1] != 1:
            return None
        head, args = found.formula
        if head == "identity":
            return term(FORMULAS.diag(column))
        if head == "neg":
            inner = self._rows(column, Term(args[0], found.shape))
            return None if inner is None else -inner
        if head == "scale":
            inner = self._rows(column, Term(args[1], found.shape))
            return None if inner is None else Term(args[0]) * inner
        if head in ("add", "sub") and any(part.head in ("identity", "matmul") for part in args):
            first, second = (self._rows(column, Term(part, found.shape)) for part in args)
            if first is None or second is None:
                return None
            return first + second if head == "add" else first - second
        if head == "matmul" and self._shape(args[0])[1:] == (1,):
            return (column * self.still(args[0])) @ self.still(args[1])
        if head == "matmul" and args[0].head == "diag":
            return self._rows(column * self.still(args[0].args[0]), self.still(args[1]))
        if head == "diag":
            return term(FORMULAS.diag(column * self.still(args[0])))
        return term(FORMULAS.diag(column)) @ found

    def _matmul(self, a: Formula, b: Formula) -> Term | None:
        if not self.moves(a):
            found = self.map(b) if self._shape(b)[1:] in ((), (1,)) else None
            return None if found is None else self.still(a) @ found
        if self.moves(b) or self._shape(b)[1:] != (1,):
            return None
        if a.head == "diag":
            return self._by_element(a.args[0], b)
        if a.head == "matmul" and not self.moves(a.args[1]):
            return self._matmul(a.args[0], (self.still(a.args[1]) @ self.still(b)).formula)
        if self._shape(a)[:1] != (1,):
            return None
        found = self.map(matrices.transposed(a))
        return None if found is None else self.still(b).T @ found

    def _inner(self, a: Formula, b: Formula) -> Term | None:
        if self.moves(a):
            a, b = b, a
        if self.moves(a) or self._shape(b)[1:] != (1,):
            return None
        found = self.map(b)
        return None if found is None else self.still(a).T @ found

    def _transpose(self, a: Formula) -> Term | None:
        turned = matrices.transposed(a)
        return None if turned.head == "transpose" else self.map(turned)

    def _total(self, a: Formula) -> Term | None:
        shape = self._shape(a)
        found = self.map(a) if shape[1:] == (1,) else None
        return None if found is None else term(FORMULAS.ones(shape[0])).T @ found

    def _solve(self, A: Formula, b: Formula) -> Term | None:
        found = None if self.moves(A) else self.map(b)
        return None if found is None else term(FORMULAS.solve(self.still(A), found))

    def _solve_transpose(self, A: Formula, b: Formula) -> Term | None:
        found = None if self.moves(A) else self.map(b)
        return None if found is None else term(FORMULAS.solve_transpose(self.still(A), found))

    def _slice(self, a: Formula, top: Formula, bottom: Formula, left: Formula, right: Formula) -> Term | None:
        found = self.map(a) if self._shape(a)[1:] == (1,) else None
        return None if found is None else term(FORMULAS.slice(found, Term(top), Term(bottom), 0, self.size))

    def _entry(self, a: Formula, row: Formula, column: Formula) -> Term | None:
        found = self.map(a) if self._shape(a)[1:] == (1,) else None
        return None if found is None else term(FORMULAS.slice(found, Term(row), Term(row) + 1, 0, self.size))

    def _pad(self, a: Formula, above: Formula, below: Formula, before: Formula, after: Formula) -> Term | None:
        found = self.map(a) if self._shape(a)[1:] in ((), (1,)) and (before, after) == (ZERO, ZERO) else None
        return None if found is None else term(FORMULAS.pad(found, Term(above), Term(below), 0, 0))

    def _vstack(self, a: Formula, b: Formula) -> Term | None:
        blocks = []
        for part in (a, b):
            shape = self._shape(part) or (1, 1)
            found = self.map(part) if self.moves(part) else Term(ZERO, (shape[0], self.size))
            if found is None:
                return None
            blocks.append(found)
        return term(FORMULAS.vstack(*blocks))
