"""Derivatives as a person writes them: y²/(x² + y²)^(3/2) for 1/√(x² + y²) − 2·x/(√(x² + y²))²/(2·√(x² + y²))·x.

A formula is taken apart into terms, a number times powers of bases, which are rewritten by a short table and put
together again. Terms and factors stay in the order in which they are first met; what a function is applied to stays as
it was written; nothing is expanded but where that leaves fewer terms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

from tracegen.algebra.constructors import add, div, mul, negative
from tracegen.formula import Formula, number, rational

MOST_TERMS = 24
"""The most terms of a sum that is looked at."""

LARGEST_EXPONENT = 64

Powers = tuple[tuple[Formula, Fraction], ...]
"""Bases with their exponents, in the order in which they are first met."""


@dataclass(frozen=True, slots=True)
class Monomial:
    """A number times powers of bases."""

    number: Fraction
    powers: Powers = ()

    def times(self, other: Monomial) -> Monomial:
        """The product of two, powers of one base joined."""
        joined = dict(self.powers)
        for base, exponent in other.powers:
            joined[base] = joined.get(base, Fraction(0)) + exponent
        return Monomial(self.number * other.number, tuple((base, each) for base, each in joined.items() if each))

    def to_the(self, exponent: Fraction) -> Monomial | None:
        """Its power by a whole number; by another one, None."""
        if exponent.denominator != 1 or abs(exponent) > LARGEST_EXPONENT or (exponent < 0 and not self.number):
            return None
        return Monomial(self.number ** int(exponent), tuple((base, each * exponent) for base, each in self.powers))

    @property
    def key(self) -> frozenset[tuple[Formula, Fraction]]:
        """What terms that are alike have in common."""
        return frozenset(self.powers)


Terms = tuple[Monomial, ...]


@dataclass(frozen=True, slots=True)
class Rewriting:
    """One way to write terms in a simpler way, in words, with a text before and after."""

    says: str
    before: str
    after: str
    apply: Callable[[Terms], Terms]


def tidied(formula: Formula) -> Formula:
    """The formula as a person would write it.

    >>> from tracegen.formula import name
    >>> from tracegen.notation import text
    >>> x = name("x")
    >>> text(tidied(Formula("div", (x, Formula("sqrt", (x,))))))
    'sqrt(x)'
    """
    return _written(_rewritten(_terms(formula)))


def _rewritten(terms: Terms) -> Terms:
    if not 1 < len(terms) <= MOST_TERMS:
        return _without_zeros(terms)
    for rewriting in TABLE:
        terms = rewriting.apply(terms)
    return terms


def _terms(formula: Formula) -> Terms:
    """The terms of a formula, from its sums at the top."""
    head, args = formula
    if head in ("add", "sub"):
        sign = Fraction(1 if head == "add" else -1)
        return (*_terms(args[0]), *(replace(term, number=sign * term.number) for term in _terms(args[1])))
    if head == "neg":
        return tuple(replace(term, number=-term.number) for term in _terms(args[0]))
    return (_monomial(formula),)


def _monomial(formula: Formula) -> Monomial:
    """A product, a quotient or a power taken apart; anything else is a base."""
    head, args = formula
    value = rational(formula)
    if value is not None:
        return Monomial(value)
    if head == "mul":
        return _monomial(args[0]).times(_monomial(args[1]))
    if head in ("div", "reciprocal"):
        under = _monomial(args[-1]).to_the(Fraction(-1))
        over = _monomial(args[0]) if head == "div" else Monomial(Fraction(1))
        return over.times(under) if under is not None else _alone(formula)
    if head == "neg":
        inner = _monomial(args[0])
        return replace(inner, number=-inner.number)
    if head in ("sqrt", "pow", "square"):
        return _power(formula)
    if head in ("add", "sub"):
        terms = _rewritten(_terms(formula))
        return terms[0] if len(terms) == 1 else _alone(_written(terms)) if terms else Monomial(Fraction(0))
    return _alone(formula)


def _power(formula: Formula) -> Monomial:
    """A power by a number; of a product, by a whole one, that of its factors."""
    base = formula.args[0]
    halves = {"sqrt": Fraction(1, 2), "square": Fraction(2)}
    exponent = halves[formula.head] if formula.head in halves else rational(formula.args[1])
    if exponent is None or base.head == "number":
        return _alone(formula)
    whole = _monomial(base).to_the(exponent)
    if whole is not None:
        return whole
    inner = _monomial(base) if base.head in ("add", "sub") else _alone(base)
    if inner.number != 1 or len(inner.powers) != 1 or inner.powers[0][1] != 1:
        inner = _alone(base)
    return Monomial(Fraction(1), ((inner.powers[0][0], exponent),))


def _alone(base: Formula) -> Monomial:
    return Monomial(Fraction(1), ((base, Fraction(1)),))


def _joined(terms: Terms) -> Terms:
    """Terms that are alike as one."""
    found: dict[frozenset[tuple[Formula, Fraction]], Monomial] = {}
    for term in terms:
        before = found.get(term.key)
        found[term.key] = term if before is None else replace(before, number=before.number + term.number)
    return _without_zeros(tuple(found.values()))


def _without_zeros(terms: Terms) -> Terms:
    return tuple(term for term in terms if term.number)


def _over_one_denominator(terms: Terms) -> Terms:
    """Terms over powers of one sum, put over the highest of these, where fewer terms are left."""
    for base in dict.fromkeys(base for term in terms for base, exponent in term.powers if exponent < 0):
        exponents = [dict(term.powers).get(base, Fraction(0)) for term in terms]
        lowest = min(exponents)
        steps = [exponent - lowest for exponent in exponents]
        if base.head not in ("add", "sub") or not any(steps) or any(step not in (0, 1) for step in steps):
            continue
        spread = [
            product
            for term, step in zip(terms, steps, strict=True)
            for product in _multiplied(_divided(term, base, lowest + step), base, int(step))
        ]
        collected = _joined(tuple(spread))
        if len(collected) < len(terms):
            power = Monomial(Fraction(1), ((base, lowest),))
            return tuple(term.times(power) for term in collected)
    return terms


def _divided(term: Monomial, base: Formula, exponent: Fraction) -> Monomial:
    return term.times(Monomial(Fraction(1), ((base, -exponent),)))


def _multiplied(term: Monomial, base: Formula, step: int) -> Terms:
    """A term times a sum, spread out; times nothing, itself."""
    return tuple(term.times(each) for each in _terms(base)) if step else (term,)


TABLE = (
    Rewriting("terms that are alike are one", "2*x*y - y*x + 3*x*y", "4*x*y", _joined),
    Rewriting(
        "over one denominator, where fewer terms are left",
        "1/sqrt(x**2 + y**2) - x**2/(x**2 + y**2)**(3/2)",
        "y**2/(x**2 + y**2)**(3/2)",
        _over_one_denominator,
    ),
)
"""What is done to the terms of a sum, in this order. Powers of one base join, and numbers meet, in every product."""


def _written(terms: Terms) -> Formula:
    if not terms:
        return number(0)
    return reduce(add, map(_product, terms))


def _product(term: Monomial) -> Formula:
    """A term: what has a negative exponent under a line, the number in front."""
    over = [_raised(base, exponent) for base, exponent in term.powers if exponent > 0]
    under = [_raised(base, -exponent) for base, exponent in term.powers if exponent < 0]
    size = abs(term.number)
    if size.numerator != 1 or not over:
        over.insert(0, number(size.numerator))
    if size.denominator != 1:
        under.insert(0, number(size.denominator))
    whole = reduce(mul, over)
    whole = div(whole, reduce(mul, under)) if under else whole
    return negative(whole) if term.number < 0 else whole


def _raised(base: Formula, exponent: Fraction) -> Formula:
    if exponent == 1:
        return base
    if exponent == Fraction(1, 2):
        return Formula("sqrt", (base,))
    return Formula("pow", (base, number(exponent)))
