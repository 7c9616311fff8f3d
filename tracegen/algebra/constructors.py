"""Sums, products, quotients and powers as a person would write them.

Sums and products drop 0 and 1, numbers are worked out and stand in front, signs are pulled out; nothing else is
rearranged.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tracegen.formula import Formula, number, rational


def apply(name: str, *operands: Formula) -> Formula:
    """An application of a primitive, written as a person would."""
    simple = _SIMPLE.get(name)
    return simple(*operands) if simple else Formula(name, operands)


def add(a: Formula, b: Formula) -> Formula:
    """a + b, without a 0, a sum with a negative number or term as a difference.

    >>> from tracegen.formula import name, number
    >>> add(name("a"), Formula("neg", (name("b"),))).head
    'sub'
    """
    p, q = rational(a), rational(b)
    if p is not None and q is not None:
        return number(p + q)
    if p == 0:
        return b
    if q == 0:
        return a
    minus, size = _sign(b)
    return Formula("sub", (a, size)) if minus else Formula("add", (a, b))


def sub(a: Formula, b: Formula) -> Formula:
    """a − b."""
    p, q = rational(a), rational(b)
    if p is not None and q is not None:
        return number(p - q)
    if q == 0:
        return a
    if p == 0:
        return negative(b)
    minus, size = _sign(b)
    return Formula("add", (a, size)) if minus else Formula("sub", (a, b))


def negative(a: Formula) -> Formula:
    """−a; of a difference of a number and a term too, the minus stays in front."""
    p = rational(a)
    if p is not None:
        return number(-p)
    minus, size = _sign(a)
    return size if minus else Formula("neg", (a,))


def mul(a: Formula, b: Formula) -> Formula:
    """a b: signs in front, then numbers; 1/c times a is a/c."""
    minus_a, a = _sign(a)
    minus_b, b = _sign(b)
    product = _product(a, b)
    return negative(product) if minus_a != minus_b else product


def _product(a: Formula, b: Formula) -> Formula:
    p, q = rational(a), rational(b)
    if p is not None and q is not None:
        return number(p * q)
    if p == 0 or q == 0:
        return number(0)
    if p == 1:
        return b
    if q == 1:
        return a
    if q is not None:
        return _product(b, a)
    if p is not None:
        return _scaled(p, a, b)
    if _is_reciprocal(b):
        return Formula("div", (a, b.args[-1]))
    coefficient, rest = _coefficient(b)
    if coefficient is not None and _coefficient(a)[0] is None:
        return _product(coefficient, _product(a, rest))
    return Formula("mul", (a, b))


def _scaled(p: Fraction, a: Formula, b: Formula) -> Formula:
    """A number times something that is not one: numbers meet in front, ½ becomes a quotient."""
    coefficient, rest = _coefficient(b)
    if coefficient is not None:
        return _product(number(p * (rational(coefficient) or 0)), rest)
    if b.head == "div":
        return div(_product(a, b.args[0]), b.args[1])
    if p.denominator != 1:
        over = b if p.numerator == 1 else Formula("mul", (number(p.numerator), b))
        return Formula("div", (over, number(p.denominator)))
    return _in_front(a, b)


def _in_front(a: Formula, b: Formula) -> Formula:
    """A number as the first factor of a product."""
    return Formula("mul", (_in_front(a, b.args[0]), b.args[1])) if b.head == "mul" else Formula("mul", (a, b))


def div(a: Formula, b: Formula) -> Formula:
    """a/b: signs in front, numbers worked out."""
    minus_a, a = _sign(a)
    minus_b, b = _sign(b)
    quotient = _quotient(a, b)
    return negative(quotient) if minus_a != minus_b else quotient


def _quotient(a: Formula, b: Formula) -> Formula:
    p, q = rational(a), rational(b)
    if p is not None and q:
        return number(p / q)
    if p == 0:
        return number(0)
    if q == 1:
        return a
    if q is not None:
        coefficient, rest = _coefficient(a)
        if coefficient is not None and (rational(coefficient) or Fraction(1, 2)) % q == 0:
            return _product(number((rational(coefficient) or 0) / q), rest)
    return Formula("div", (a, b))


def power(a: Formula, b: Formula) -> Formula:
    """a to the b: to the 1 is a, to the 0 is 1."""
    p, q = rational(a), rational(b)
    if q == 1:
        return a
    if q == 0:
        return number(1)
    if p is not None and q is not None and q.denominator == 1 and abs(q) <= _LARGEST_EXPONENT and (p or q > 0):
        return number(p ** int(q))
    return Formula("pow", (a, b))


_LARGEST_EXPONENT = 64


def _sign(a: Formula) -> tuple[bool, Formula]:
    """Whether a formula starts with a minus, and the formula without it."""
    return (True, a.args[0]) if a.head == "neg" else (False, a)


def _coefficient(a: Formula) -> tuple[Formula | None, Formula]:
    """The number in front of a product, and the rest."""
    if a.head == "mul" and rational(a.args[0]) is not None:
        return a.args[0], a.args[1]
    if a.head == "mul" and a.args[0].head == "mul":
        coefficient, rest = _coefficient(a.args[0])
        return coefficient, a if coefficient is None else Formula("mul", (rest, a.args[1]))
    return None, a


def _is_reciprocal(a: Formula) -> bool:
    return a.head == "reciprocal" or (a.head == "div" and rational(a.args[0]) == 1)


_SIMPLE: dict[str, Callable[..., Formula]] = {
    "add": add, "sub": sub, "mul": mul, "div": div, "neg": negative, "pow": power,
}  # fmt: skip
