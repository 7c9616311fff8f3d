"""The local partials of a list's lines, over the names of the lines that they use."""

from __future__ import annotations

from collections.abc import Mapping

from tracegen.algebra.constructors import add
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, children, postorder, with_children
from tracegen.primitives import Primitive
from tracegen.primitives.rule_formulas import OUTPUT, local_partials, slot
from tracegen.wengert.wengert_list import Line, Operand

SLOTS = tuple(map(slot, range(8)))
"""What stands for the operands in a rule; no row of the table that has local partials has more."""


class Partials:
    """The local partials of scalar lines as a convention writes them.

    A row's rules are worked out once, over slots, and filled with the names of each line's operands.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self._rules: dict[Primitive, tuple[Formula, ...] | None] = {}

    def of(self, place: int) -> dict[Operand, Formula]:
        """The local partials by each line that a line uses, in the order of its operands."""
        evaluation = self._evaluation
        line = evaluation.wengert.line(place)
        if line.primitive is None:
            return {}
        rules = self._rules_of(line)
        if rules is not None:
            names = self._names(line)
            return {operand: _filled(rule, names) for operand, rule in zip(line.operands, rules, strict=True)}
        found = local_partials(line.primitive, tuple(map(evaluation.label, line.operands)), self.output(place))
        partials: dict[Operand, Formula] = {}
        for operand, partial in zip(line.operands, found, strict=True):
            if operand >= 0:
                partials[operand] = add(partials[operand], partial) if operand in partials else partial
        return partials

    def by(self, place: int, operand: Operand) -> Formula:
        """The local partial of a line by one of those that it uses."""
        line = self._evaluation.wengert.line(place)
        rules = self._rules_of(line)
        if rules is None:
            return self.of(place)[operand]
        return _filled(rules[line.operands.index(operand)], self._names(line))

    def output(self, place: int) -> Formula:
        """What a rule calls a line's own value: its name, or what it is made of."""
        evaluation = self._evaluation
        named = evaluation.convention.reuse == "output"
        return evaluation.labels[place] if named else evaluation.definition(place)

    def _rules_of(self, line: Line) -> tuple[Formula, ...] | None:
        """The local partials of a line over slots; None where they depend on more than the names of its operands: on
        numbers, on one line twice, on how the line's own value is written."""
        row, operands = line.primitive, line.operands
        assert row is not None
        if row.composite or min(operands, default=-1) < 0 or len(set(operands)) < len(operands):
            return None
        if row not in self._rules:
            found = local_partials(row, SLOTS[: len(operands)], OUTPUT)
            own = any(node == OUTPUT for rule in found for node in postorder(rule))
            self._rules[row] = None if own else found
        return self._rules[row]

    def _names(self, line: Line) -> Mapping[Formula, Formula]:
        """What stands in the slots of a line's rules."""
        labels = self._evaluation.labels
        return dict(zip(SLOTS, [labels[operand] for operand in line.operands], strict=False))


def _filled(rule: Formula, names: Mapping[Formula, Formula]) -> Formula:
    """A rule with names in its slots; it is as small as a row writes it."""
    if rule.head == "name":
        return names.get(rule, rule)
    below = children(rule)
    return with_children(rule, [_filled(part, names) for part in below]) if below else rule
