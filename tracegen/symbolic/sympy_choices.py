"""Formulas from what SymPy chooses with: Piecewise, And, Or, Not; and from what says nothing of real numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tracegen.errors import ParseError
from tracegen.formula import Formula, number, rational
from tracegen.mathtext.calls import all_of

ZERO, ONE = number(0), number(1)


def parts_of(node: Any) -> Sequence[Any]:
    """The expressions that a choice is made of: of a Piecewise, each value with its condition behind it."""
    if type(node).__name__ == "Piecewise":
        return tuple(part for pair in node.args for part in pair.args)
    return () if type(node).__name__ == "im" else tuple(node.args)


def chosen(parts: Sequence[Formula]) -> Formula:
    """The formula of pairs of a value and its condition, the first that holds; the last condition has to hold always.

    >>> x, y = Formula("name", ("x",)), Formula("name", ("y",))
    >>> chosen([x, Formula("greater", (x, y)), y, ONE]).head
    'where'
    """
    values, conditions = list(parts[::2]), list(parts[1::2])
    if conditions[-1] != ONE:
        raise ParseError("a Piecewise without (…, True) at its end has no value where none of its conditions holds")
    whole = values.pop()
    for value, condition in zip(reversed(values), reversed(conditions[:-1]), strict=True):
        whole = _where(condition, value, whole)
    return whole


def _where(condition: Formula, value: Formula, otherwise: Formula) -> Formula:
    if rational(condition) is not None:
        return value if rational(condition) else otherwise
    if (value, otherwise) == (ONE, ZERO):
        return condition
    return Formula("where", (condition, value, otherwise))


def _compared(head: str, holds: Callable[[Any, Any], bool]) -> Callable[[Sequence[Formula]], Formula]:
    def read(parts: Sequence[Formula]) -> Formula:
        one, other = map(rational, parts)
        if one is not None and other is not None:
            return number(int(holds(one, other)))
        return Formula(head, tuple(parts))

    return read


READERS: dict[str, Callable[[Sequence[Formula]], Formula]] = {
    "Piecewise": chosen,
    "BooleanTrue": lambda parts: ONE,
    "BooleanFalse": lambda parts: ZERO,
    "And": all_of("mul"),
    "Or": all_of("max"),
    "Not": lambda parts: Formula("sub", (ONE, parts[0])),
    "Equality": _compared("equal", lambda a, b: a == b),
    "Unequality": _compared("not_equal", lambda a, b: a != b),
    "UnevaluatedExpr": lambda parts: parts[0],
    "re": lambda parts: parts[0],
    "conjugate": lambda parts: parts[0],
    "im": lambda parts: ZERO,
}
"""What becomes of the formulas of the parts, by the name of SymPy's class. All that is traced is real."""
