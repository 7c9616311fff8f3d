"""Finds a row of the table in the formula that writes it out: 1/(1 + exp(−u)) is sigmoid(u)."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from tracegen.formula import Formula, name
from tracegen.primitives import lookup
from tracegen.primitives.written import FORMULAS, Term

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


@cache
def written_out(row: str) -> Formula:
    """The formula of a row's value, over the names of its slots."""
    primitive = lookup(row)
    operands = [Term(name(_slot(place))) for place in range(primitive.arity)]
    return primitive.value(FORMULAS, *operands).formula  # type: ignore[no-any-return]


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
