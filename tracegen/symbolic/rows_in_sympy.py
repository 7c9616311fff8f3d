"""A row of a trace in SymPy: its definition, its exact value and its closed form as SymPy's expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracegen.formula import Formula, name, rewritten
from tracegen.notation import text
from tracegen.symbolic.sympy_expressions import to_sympy

MARKED = frozenset(["adjoint", "tangent", "partial"])
"""Heads of what is one name on a row."""


@dataclass(frozen=True, slots=True)
class InSympy:
    """A row as SymPy's expressions.

    ``symbol`` is the row's name (``v3``, ``v3_bar``, ``dv3_dx1``). ``definition`` is what stands on the row in the
    symbols of other rows: a line's operation, or the rule of a tangent or an adjoint. ``exact`` is its value at the
    point, None without a point or where it would be too long; ``closed`` the same row in the inputs alone, None where
    that would be too long.
    """

    symbol: Any
    definition: Any
    exact: Any
    closed: Any


@dataclass(frozen=True, slots=True)
class TraceInSympy:
    """A trace as SymPy's expressions.

    ``outputs`` has each output in the inputs, ``jacobian`` is the matrix of their closed derivatives, in which what
    would be too long is a symbol such as ``dy_dx``. For each output, ``lines`` has the rows of its list by their names,
    ``tangents`` those of the tangents by each input, and ``adjoints`` those of the adjoints.
    """

    outputs: dict[str, Any]
    jacobian: Any
    lines: dict[str, dict[str, InSympy]]
    tangents: dict[str, dict[str, dict[str, InSympy]]]
    adjoints: dict[str, dict[str, InSympy]]


def expression(formula: Formula | None, symbols: Mapping[str, Any]) -> Any:
    """SymPy's expression of what stands on a row, None of nothing: v̄3 is the symbol ``v3_bar``, as in a trace's JSON.

    >>> expression(Formula("mul", (Formula("adjoint", (name("v3"),)), name("v1"))), {})
    v1*v3_bar
    """
    if formula is None:
        return None

    def spelled(part: Formula) -> Formula | None:
        is_row = part.head in MARKED or (part.head == "name" and part.args[0] not in symbols)
        return name(text(part)) if is_row else None

    return to_sympy(rewritten(formula, spelled), symbols)
