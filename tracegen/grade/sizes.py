"""Reads what a sheet says about shapes: ``x: N × 1``, ``W ∈ ℝ^{K × N}``, or ``N × K`` alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from tracegen.grade.sheet import Cell, Dimension

LABELS = frozenset(["name", "adjoint", "tangent", "partial"])
_SIZE = r"(?:[A-Z]|\d{1,4})"
_TIMES = r"\s*(?:\\times|×|x|\*|\\,\\times\\,)\s*"
_SHAPE = re.compile(rf"\(?\s*({_SIZE}){_TIMES}({_SIZE})\s*\)?")
_DIMENSION = re.compile(
    rf"(?P<name>[^:=]{{1,60}}?)\s*(?::|\\in\s*(?:\\mathbb\s*\{{?R\}}?)\s*\^\s*\{{?|∈\s*ℝ\^?\{{?)\s*\(?\s*"
    rf"(?P<rows>{_SIZE}){_TIMES}(?P<columns>{_SIZE})\s*\)?\}}?\s*"
)
_WIDE = re.compile(r"\\q?quad|\\\\|[,;](?=\s)|\n")


def shape_in(text: str) -> tuple[str, str] | None:
    """The shape that a text is; None where it is none.

    >>> shape_in("N × 1")
    ('N', '1')
    """
    found = _SHAPE.fullmatch(text)
    return (found[1], found[2]) if found else None


def dimensions_in(text: str, line: int, read: Callable[[str, int], Cell]) -> list[Dimension]:
    """The shapes that a text says; none where anything in it is something else."""
    found: list[Dimension] = []
    for part in (part.strip() for part in _WIDE.split(text) if part.strip()):
        named = _DIMENSION.fullmatch(part)
        alone = shape_in(part)
        if named:
            label = read(named["name"].strip(), line)
            if label.formula is None or label.formula.head not in LABELS:
                return []
            found.append(Dimension(Cell(part, line), label.formula, (named["rows"], named["columns"])))
        elif alone and not (alone[0].isdigit() and alone[1].isdigit()):
            found.append(Dimension(Cell(part, line), None, alone))
        else:
            return []
    return found
