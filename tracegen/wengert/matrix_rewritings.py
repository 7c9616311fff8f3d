"""Derivatives of matrices as a person writes them: 2 A x for (A + Aᵀ) x, p − y for (−y/p) ∘ p ∘ (1 − p) and so on.

A formula is rewritten from its leaves up by a short table; every rewriting keeps the value, and one that does not
leave fewer parts is not made. What is known of inputs (symmetric, probabilities) is known here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import pairwise

from tracegen.algebra import matrix_constructors as matrices
from tracegen.algebra.constructors import add, mul, negative
from tracegen.algebra.machine import folded
from tracegen.algebra.terms import Term, is_symmetric
from tracegen.errors import ShapeError
from tracegen.formula import Formula, number, postorder, rational, with_children
from tracegen.shapes import Shape, dimension_formula
from tracegen.wengert.shape_inference import shape_in

MOST_TERMS = 12
"""The most terms of a sum, and the most products of one that is spread out."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the names in a formula: their shapes, which matrices are symmetric, which rows sum to 1."""

    shapes: Mapping[Formula, Shape]
    symmetric: Collection[Formula] = ()
    probabilities: Collection[Formula] = ()
    tidied: Callable[[Formula], Formula] = lambda formula: formula
    """How a number that stands before a matrix is written."""

    def term(self, formula: Formula) -> Term:
        """A formula with its shape."""
        return Term(formula, shape_in(formula, self.shapes), self.is_symmetric(formula))

    def is_symmetric(self, formula: Formula) -> bool:
        """Whether a matrix is its own transpose, as its formula says: XᵀX, A + Aᵀ and what is made of such."""
        if formula in self.symmetric or formula.head in ("identity", "diag"):
            return True
        if formula.head == "matmul":
            factors = _factors(formula)
            return factors == [self.transposed(factor) for factor in reversed(factors)]
        if formula.head in ("exp", "square", "hadamard", "add", "sub", "neg", "inv", "inv_transpose"):
            return all(map(self.is_symmetric, formula.args))
        if formula.head == "scale":
            return self.is_symmetric(formula.args[1])
        return is_symmetric(formula.head, [False] * len(formula.args), formula.args)

    def transposed(self, formula: Formula) -> Formula:
        """The transpose; of what is symmetric, itself."""
        return formula if self.is_symmetric(formula) else matrices.transposed(formula)


def tidied_matrix(formula: Formula, known: Known) -> Formula:
    """The formula as a person would write it.

    >>> from tracegen.formula import name
    >>> from tracegen.notation import unicode
    >>> A, x = name("A"), name("x")
    >>> both = Formula("add", (Formula("matmul", (A, x)), Formula("matmul", (Formula("transpose", (A,)), x))))
    >>> print(unicode(tidied_matrix(both, Known({A: ("N", "N"), x: ("N", 1)}, {A}))))
    2 A x
    """

    def rewritten(node: Formula, below: list[Formula]) -> Formula:
        rebuilt = with_children(node, below)
        for rewriting in TABLE:
            try:
                changed = rewriting.apply(rebuilt, known)
            except ShapeError:  # a broadcast that is not written out has no shape to be told from its parts
                changed = None
            if changed is not None:
                rebuilt = changed
        return rebuilt

    return folded(formula, rewritten) if any(map(known.shapes.get, postorder(formula))) else formula


@dataclass(frozen=True, slots=True)
class Rewriting:
    """One way to write a formula of matrices more shortly, in words; None where it does not apply."""

    says: str
    apply: Callable[[Formula, Known], Formula | None]


def _untransposed(node: Formula, known: Known) -> Formula | None:
    if node.head == "transpose" and known.is_symmetric(node.args[0]):
        return node.args[0]  # type: ignore[no-any-return]
    if node.head == "inv_transpose" and known.is_symmetric(node.args[0]):
        return node._replace(head="inv")
    if node.head == "solve_transpose" and known.is_symmetric(node.args[0]):
        return node._replace(head="solve")
    if node.head in ("inv", "inv_transpose") and node.args[0].head in ("inv", "inv_transpose"):
        inner: Formula = node.args[0].args[0]
        return inner if node.head == node.args[0].head else known.transposed(inner)
    return None


def _rebuilt(node: Formula, known: Known) -> Formula | None:
    """Numbers and signs go in front of products again, where operands have been rewritten."""
    make = _CONSTRUCTORS.get(node.head)
    return None if make is None else make(*node.args)


_CONSTRUCTORS: dict[str, Callable[..., Formula]] = {
    "matmul": matrices.matmul, "hadamard": matrices.hadamard, "transpose": matrices.transposed, "neg": negative,
}  # fmt: skip


def _numbers_in_front(node: Formula, known: Known) -> Formula | None:
    if node.head != "scale":
        return None
    scalar = known.tidied(node.args[0])
    return None if scalar == node.args[0] else matrices.scaled(scalar, node.args[1])


def _norm(node: Formula, known: Known) -> Formula | None:
    if node.head == "inner" and node.args[0] == node.args[1]:
        return Formula("squared_norm", node.args[:1])
    return None


def _inverse_beside(node: Formula, known: Known) -> Formula | None:
    """A A⁻¹ is left out of a product."""
    if node.head != "matmul":
        return None
    factors = _factors(node)
    for at, (first, second) in enumerate(pairwise(factors)):
        if _is_inverse(first, second, known) or _is_inverse(second, first, known):
            rest = factors[:at] + factors[at + 2 :]
            return reduce(matrices.matmul, rest) if rest else None
    return None


def _is_inverse(inverse: Formula, matrix: Formula, known: Known) -> bool:
    """Whether one is written as the inverse of the other: A⁻¹ of A, A⁻ᵀ of Aᵀ."""
    return inverse in (Formula("inv", (matrix,)), Formula("inv_transpose", (known.transposed(matrix),)))


def _no_sum(node: Formula, known: Known) -> Formula | None:
    """The sum of what a mean has been taken off is 0."""
    if node.head != "sum":
        return None
    centred = node.args[0]
    is_about_mean = centred.head == "sub" and centred.args[1] == Formula("mean", centred.args[:1])
    return matrices.ZERO if is_about_mean else None


def _sum_of_probabilities(node: Formula, known: Known) -> Formula | None:
    """The rows of probabilities sum to 1; pᵀ (t/p) is the sum of t."""
    if node.head != "matmul":
        return None
    first, second = node.args
    if second.head == "ones" and first in known.probabilities:
        return Formula("ones", (dimension_formula(known.term(first).shape[0]),))
    if first.head != "transpose" or known.term(first).shape[:1] != (1,):
        return None
    scalar, quotient = matrices.scalar_and_matrix(second)
    if quotient.head != "div" or quotient.args[1] != first.args[0]:
        return None
    total = number(1) if quotient.args[0] in known.probabilities else Formula("sum", (quotient.args[0],))
    return mul(scalar, total)


def _common_terms(node: Formula, known: Known) -> Formula | None:
    """Terms that are alike as one, and one factor of all terms in front of or behind their sum."""
    if node.head not in _SUMS:
        return None
    joined: dict[tuple[Formula, ...], Formula] = {}
    for scalar, matrix in _terms(node):
        key = tuple(_factors(matrix))
        joined[key] = add(joined[key], scalar) if key in joined else scalar
    summed = [(known.tidied(scalar), list(factors)) for factors, scalar in joined.items()]
    kept = [(scalar, factors) for scalar, factors in summed if rational(scalar) != 0]
    return _shorter(_factored(kept, known), node) if len(joined) <= MOST_TERMS else None


def _factored(terms: list[tuple[Formula, list[Formula]]], known: Known) -> Formula:
    """A sum with what all terms begin or end with apart."""
    for at in (0, -1) if len(terms) > 1 else ():
        common = terms[0][1][at]
        if all(len(factors) > 1 and factors[at] == common for _, factors in terms):
            rest = _factored([(scalar, factors[1:] if at == 0 else factors[:-1]) for scalar, factors in terms], known)
            return matrices.matmul(common, rest) if at == 0 else matrices.matmul(rest, common)
    return _written([(scalar, reduce(matrices.matmul, factors)) for scalar, factors in terms], known)


def _written(terms: Sequence[tuple[Formula, Formula]], known: Known) -> Formula:
    """Terms as a sum, with one number of all in front; one that is taken off does not stand first."""
    if not terms:
        return matrices.ZERO
    common = _common_number([scalar for scalar, _ in terms]) if len(terms) > 1 else number(1)
    if common != number(1):
        inner = [(number(1 if scalar == common else -1), matrix) for scalar, matrix in terms]
        return matrices.scaled(common, _written(inner, known))
    parts = [matrices.scaled(scalar, matrix) for scalar, matrix in terms]
    parts.sort(key=lambda part: (part.head == "neg", part.head == "transpose"))
    total = parts[0]
    for part in parts[1:]:
        total = Formula("sub", (total, part.args[0])) if part.head == "neg" else Formula("add", (total, part))
    return total


def _common_number(scalars: Sequence[Formula]) -> Formula:
    """The number before all terms, up to their signs; 1 where they have different ones."""
    first = scalars[0].args[0] if scalars[0].head == "neg" else scalars[0]
    return first if all(scalar in (first, negative(first)) for scalar in scalars) else number(1)


def _by_element(node: Formula, known: Known) -> Formula | None:
    """What cancels in a product element by element of a sum: (−t/p + (1 − t)/(1 − p)) ∘ p ∘ (1 − p) is p − t."""
    front, inside = matrices.scalar_and_matrix(node)
    if inside.head != "hadamard":
        return None
    spread = _spread(_powers(inside))
    joined: dict[frozenset[tuple[Formula, int]], tuple[Fraction, dict[Formula, int]]] = {}
    for scale, powers in spread:
        key = frozenset(powers.items())
        joined[key] = (joined[key][0] + scale if key in joined else scale, powers)
    terms = [(number(scale), _of_powers(powers, known).formula) for scale, powers in joined.values() if scale]
    found = _written(terms, known)
    fits = found == matrices.ZERO or known.term(found).shape == known.term(inside).shape
    return _shorter(matrices.scaled(front, found), node) if fits else None


Product = tuple[Fraction, dict[Formula, int]]
"""A number, and bases with their exponents."""


def _powers(formula: Formula) -> Product:
    """A product element by element taken apart."""
    scale, powers = Fraction(1), dict[Formula, int]()
    waiting = [(formula, 1)]
    while waiting:
        node, exponent = waiting.pop()
        value = rational(node)
        if value is not None and value != 0:
            scale *= value**exponent
        elif node.head in ("hadamard", "scale", "mul"):
            waiting += [(node.args[1], exponent), (node.args[0], exponent)]
        elif node.head == "div":
            waiting += [(node.args[1], -exponent), (node.args[0], exponent)]
        elif node.head == "reciprocal":
            waiting.append((node.args[0], -exponent))
        elif node.head == "neg":
            scale = -scale if exponent % 2 else scale
            waiting.append((node.args[0], exponent))
        else:
            powers[node] = powers.get(node, 0) + exponent
    return scale, {base: exponent for base, exponent in powers.items() if exponent and not matrices.is_ones(base)}


def _spread(product: Product) -> list[Product]:
    """The terms of a product, sums with quotients in them spread out first, since what they are over may cancel."""
    done: list[Product] = []
    waiting = [product]
    while waiting and len(done) + len(waiting) <= MOST_TERMS:
        scale, powers = waiting.pop()
        sums = [base for base, exponent in powers.items() if exponent == 1 and base.head in _SUMS]
        sums.sort(key=lambda base: not any(node.head == "div" for node in postorder(base)))
        if not sums:
            done.append((scale, powers))
            continue
        others = (scale, {base: exponent for base, exponent in powers.items() if base != sums[0]})
        for factor, term in reversed(_terms(sums[0])):
            waiting.append(_times(_times(others, _powers(factor)), _powers(term)))
    return done + waiting


def _times(a: Product, b: Product) -> Product:
    powers = dict(a[1])
    for base, exponent in b[1].items():
        powers[base] = powers.get(base, 0) + exponent
    return a[0] * b[0], {base: exponent for base, exponent in powers.items() if exponent}


def _of_powers(powers: Mapping[Formula, int], known: Known) -> Term:
    """Bases with their exponents as one product."""
    over, under = Term(number(1)), Term(number(1))
    for base, exponent in powers.items():
        for _ in range(abs(exponent)):
            if exponent > 0:
                over = over * known.term(base)
            else:
                under = under * known.term(base)
    return over / under if under.formula != number(1) else over


def _shorter(found: Formula, node: Formula) -> Formula | None:
    """What was found, where it has fewer parts."""
    return found if _size(found) < _size(node) else None


def _size(formula: Formula) -> int:
    return sum(1 for _ in postorder(formula))


def _factors(formula: Formula) -> list[Formula]:
    """The factors of a product of matrices, however it is grouped."""
    found, waiting = [], [formula]
    while waiting:
        node = waiting.pop()
        if node.head == "matmul":
            waiting += reversed(node.args)
        else:
            found.append(node)
    return found


def _terms(formula: Formula) -> list[tuple[Formula, Formula]]:
    """The terms of a sum, each a number and a matrix."""
    found, waiting = [], [(number(1), formula)]
    while waiting:
        scalar, node = waiting.pop()
        if node.head in _SUMS:
            second = negative(scalar) if node.head == "sub" else scalar
            waiting += [(second, node.args[1]), (scalar, node.args[0])]
        elif node.head == "neg":
            waiting.append((negative(scalar), node.args[0]))
        elif node.head == "scale":
            waiting.append((mul(scalar, node.args[0]), node.args[1]))
        elif node != matrices.ZERO:
            found.append((scalar, node))
    return found


_SUMS = ("add", "sub")

TABLE = (
    Rewriting("numbers and signs stand in front", _rebuilt),
    Rewriting("no transpose of what is symmetric, no inverse of an inverse", _untransposed),
    Rewriting("numbers before a matrix cancel", _numbers_in_front),
    Rewriting("⟨A, A⟩ is ‖A‖²", _norm),
    Rewriting("A A⁻¹ is left out", _inverse_beside),
    Rewriting("differences from a mean sum to 0", _no_sum),
    Rewriting("probabilities sum to 1", _sum_of_probabilities),
    Rewriting("a product of a sum is spread out where it cancels", _by_element),
    Rewriting("terms that are alike are one, common factors stand apart", _common_terms),
)
"""What is tried on every part of a formula, in this order."""
