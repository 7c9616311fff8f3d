"""A row's arithmetic with the numbers put in: 2 × 5, 0.693 + 10."""

from __future__ import annotations

from tracegen.document.table import Decimal
from tracegen.evaluation.evaluation import Evaluation, Values
from tracegen.formula import Formula

OPPOSITE = {"add": "sub", "sub": "add"}
"""What is written where a negative number is added or taken away: 10.693 − (−0.959) is 10.693 + 0.959."""


def substituted(evaluation: Evaluation, rule: Formula, tangents: Values | None = None) -> Formula:
    """A rule of one line, with decimal values put in for the names of lines and for their tangents."""
    places = {label: at for at, label in enumerate(evaluation.labels)}

    def put_in(node: Formula) -> Formula:
        if node in places:
            return _figure(evaluation.primal, places[node], node)
        if node.head == "tangent" and tangents is not None:
            return _figure(tangents, places[node.args[0]], node)
        args = tuple(put_in(arg) if isinstance(arg, Formula) else arg for arg in node.args)
        if node.head in OPPOSITE and args[1].head == "neg":
            return Formula(OPPOSITE[node.head], (args[0], args[1].args[0]))
        return Formula(node.head, args)

    return put_in(rule)


def _figure(values: Values, place: int, label: Formula) -> Formula:
    """The decimal value at a place as a number; its label where it has none."""
    decimal = values.decimal(place)
    return figure(decimal) if isinstance(decimal, Decimal) else label


def figure(decimal: Decimal) -> Formula:
    """A decimal as a formula."""
    size = Formula("number", (decimal.removeprefix("-"),))
    return Formula("neg", (size,)) if decimal.startswith("-") else size
