"""Finds a row of the table in the formula that writes it out: 1/(1 + exp(−u)) is sigmoid(u)."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from functools import cache

from tracegen.algebra.constructors import div
from tracegen.algebra.terms import Term
from tracegen.formula import Formula, name, number, postorder, rational
from tracegen.primitives import edition, lookup, rows
from tracegen.primitives.algebras import FORMULAS
from tracegen.primitives.primitive import Primitive
from tracegen.shapes import SCALAR, Signature

COMMUTATIVE = frozenset(["add", "mul"])


def recognise(formula: Formula, rows: Collection[str]) -> Formula | None:
    """The application of one of ``rows`` that a formula writes out, or None.

    >>> from tracegen.formula import number
    >>> one, exp = number(1), Formula("exp", (Formula("neg", (name("u"),)),))
    >>> recognise(Formula("div", (one, Formula("add", (exp, one)))), ["sigmoid"])
    Formula(head='sigmoid', args=(Formula(head='name', args=('u',)),))
    """
    for row in rows:
        pattern = written_out(row)
        if pattern.head != formula.head:
            continue
        found: dict[str, Formula] = {}
        if _match(pattern, formula, found):
            return Formula(row, tuple(found[_slot(place)] for place in range(lookup(row).arity)))
    return None


def written_out(row: str) -> Formula:
    """The formula of a row's value, over the names of its slots."""
    return _value_of(lookup(row))


@cache
def _value_of(primitive: Primitive) -> Formula:
    return primitive.value(FORMULAS, *_operands(primitive)).formula  # type: ignore[no-any-return]


def recognise_spelling(formula: Formula, expanded: Collection[str] = ()) -> Formula | None:
    """The application of a row of matrices that a formula spells in another way, or None.

    >>> norm = Formula("norm", (Formula("sub", (name("a"), name("b"))),))
    >>> recognise_spelling(Formula("pow", (norm, Formula("number", ("2",)))))
    Formula(head='squared_distance', args=(Formula(head='name', args=('a',)), Formula(head='name', args=('b',))))
    """
    if formula.head == "mul" and rational(formula.args[0]) == Fraction(1, 2):
        formula = div(formula.args[1], number(2))
    for row, pattern in spellings().get(formula.head, ()):
        found: dict[str, Formula] = {}
        if row.name not in expanded and _match(pattern, formula, found):
            return Formula(row.name, tuple(found[_slot(place)] for place in range(row.arity)))
    return None


def spellings() -> dict[str, list[tuple[Primitive, Formula]]]:
    """The rows with a spelling, by its head; what says more comes first."""
    return _spellings(edition())


@cache
def _spellings(edition: int) -> dict[str, list[tuple[Primitive, Formula]]]:
    found: dict[str, list[tuple[Primitive, Formula]]] = {}
    for row in rows():
        for rule in row.spelled:
            pattern = rule(FORMULAS, *_operands(row)).formula
            found.setdefault(pattern.head, []).append((row, pattern))
    for listed in found.values():
        listed.sort(key=lambda entry: -sum(1 for _ in postorder(entry[1])))
    return found


def _operands(row: Primitive) -> list[Term]:
    """The slots of a row as operands of shapes that fit."""
    sides = row.shapes.operands if isinstance(row.shapes, Signature) else [SCALAR] * row.arity
    shapes = [tuple(1 if letter == "1" else letter for letter in shape) for shape in sides]
    return [Term(name(_slot(place)), shape) for place, shape in enumerate(shapes)]


def _slot(place: int) -> str:
    return f"#{place}"


def _match(pattern: Formula, formula: Formula, found: dict[str, Formula]) -> bool:
    """Whether a formula is an instance of a pattern; recursion is as deep as the pattern, which a row bounds."""
    if pattern.head == "name":
        return found.setdefault(pattern.args[0], formula) == formula
    if pattern.head != formula.head or len(pattern.args) != len(formula.args):
        return False
    if pattern.head in ("number", "constant"):
        return pattern.args == formula.args
    if _match_all(pattern.args, formula.args, found):
        return True
    return pattern.head in COMMUTATIVE and _match_all(pattern.args, formula.args[::-1], found)


def _match_all(patterns: tuple[Formula, ...], formulas: tuple[Formula, ...], found: dict[str, Formula]) -> bool:
    trial = dict(found)
    for pattern, formula in zip(patterns, formulas, strict=True):
        if not _match(pattern, formula, trial):
            return False
    found.update(trial)
    return True
