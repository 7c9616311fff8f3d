"""Closed forms: a line, or a derivative, as one formula in the inputs."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.algebra.constructors import apply
from tracegen.document.table import Cell, Mark
from tracegen.formula import Formula, name
from tracegen.primitives import Primitive
from tracegen.primitives.rule_formulas import definition
from tracegen.rules.rewritings import tidied
from tracegen.wengert.wengert_list import Operand, WengertList

LONGEST = 120
TOO_LONG = Mark(f"the closed form has more than {LONGEST} parts")


class ClosedForms:
    """The formulas of a list's lines in its inputs; those that grow too long are left out.

    Lines stay as they were written; ``derivatives`` are written as a person would.

    >>> from tracegen.wengert.wengert_list import Builder
    >>> from tracegen.notation import text
    >>> builder = Builder.of(["x"])
    >>> line = builder.append("exp", (builder.append("sin", (0,)),))
    >>> text(ClosedForms(builder.list).of(line))
    'exp(sin(x))'
    """

    def __init__(self, wengert: WengertList, *, derivatives: bool = False) -> None:
        self._wengert = wengert
        self._derivatives = derivatives
        self._formulas: list[Formula | None] = [name(text) for text in wengert.inputs]
        self._sizes = [1] * len(wengert.inputs)
        for line in list(wengert)[len(wengert.inputs) :]:
            operands = [self._operand(operand) for operand in line.operands]
            size = 1 + sum(self._sizes[operand] if operand >= 0 else 1 for operand in line.operands)
            terms = [operand for operand in operands if operand is not None]
            short = size <= LONGEST and len(terms) == len(operands) and line.primitive is not None
            self._formulas.append(_applied(line.primitive, terms) if short and line.primitive else None)
            self._sizes.append(size if short else LONGEST + 1)

    def _operand(self, operand: Operand) -> Formula | None:
        return self._formulas[operand] if operand >= 0 else self._wengert.constant(operand)

    def of(self, operand: Operand) -> Cell:
        """The closed form of an operand, or a mark where it is too long."""
        formula = self._operand(operand)
        if formula is None:
            return TOO_LONG
        return tidied(formula) if self._derivatives else formula


def _applied(row: Primitive, operands: Sequence[Formula]) -> Formula:
    """A row applied to formulas, written as a person would."""
    return definition(row, operands) if row.composite or row.letter else apply(row.name, *operands)
