"""What stands in the circle of an operation: its sign, its name, or its formula with a slot for each line."""

from __future__ import annotations

import re

from tracegen.algebra.machine import folded
from tracegen.document.table import Words
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, name, with_children
from tracegen.graph.picture.picture import Cells
from tracegen.notation import unicode

SLOT = name("□")
_LONGEST = 24
_BETWEEN = re.compile(r"□\s*([^\sᵀ^□])\s*□")
_CALL = re.compile(r"([^\W\d_][\w²]*)\((?:□, )*□\)")


def operation(evaluation: Evaluation, place: int) -> Cells:
    """The operation of a line, short enough for a circle: ``+``, ``exp``, ``2 □``, ``□²``.

    >>> from tracegen import trace
    >>> entry = trace("sin(3*x)*x").evaluations[0]
    >>> [operation(entry, place)[0] for place in (2, 3)]
    ['sin', '×']
    """
    definition = evaluation.definition(place)
    lines = {label for label in map(evaluation.label, evaluation.wengert.lines[place][1:]) if label.head == "name"}
    slotted = _slotted(definition, {label for label in lines if label in set(evaluation.labels)})
    text = unicode(slotted, evaluation.convention)
    between = _BETWEEN.fullmatch(text)
    if between:
        return (Words({"·": "×", "/": "÷"}.get(between[1], between[1])),)
    if re.fullmatch(r"□\s*□", text):
        return (Words("×"),)
    if text == "−□":
        return (Words("−"),)
    called = _CALL.fullmatch(text)
    if called:
        return (Words(called[1]),)
    return (slotted,) if len(text) <= _LONGEST else (Words(definition.head),)


def _slotted(definition: Formula, lines: set[Formula]) -> Formula:
    """A definition with slots in place of lines."""
    return folded(definition, lambda node, below: SLOT if node in lines else with_children(node, below))
