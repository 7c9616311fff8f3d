"""Reads what a sheet says about shapes: ``x: N × 1``, ``W ∈ ℝ^{K × N}``, or ``N × K`` alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tracegen.grading.findings import remembered
from tracegen.grading.sheet import Cell, Dimension

LABELS = frozenset(["name", "adjoint", "tangent", "partial"])
_TERM = r"(?:\d{1,3}[A-Z]|[A-Z]|\d{1,3})"
_SIZE = rf"(?:[A-Za-z]|\d{{1,4}}|\d[A-Z]|\(\s*{_TERM}(?:\s*[+−-]\s*{_TERM}){{1,3}}\s*\))"
_TIMES = r"\s*(?:\\times|×|x|\*|\\,\\times\\,)\s*"
_SHAPE = re.compile(rf"\(?\s*({_SIZE}){_TIMES}({_SIZE})\s*\)?")
_DIMENSION = re.compile(
    rf"(?P<name>[^:=]{{1,60}}?)\s*(?::|\\in\s*(?:\\mathbb\s*\{{?R\}}?)\s*\^\s*\{{?|∈\s*ℝ\^?\{{?)\s*\(?\s*"
    rf"(?P<rows>{_SIZE}){_TIMES}(?P<columns>{_SIZE})\s*\)?\}}?\s*"
)
_STATED = re.compile(
    rf"(?P<name>\\?[^\W\d_]+(?:_\{{?\w+\}}?|\w)*(?:\^\{{?[(\[]?\d[)\]]?\}}?)?)\s*\$?\s*"
    rf"(?::|\\in\s*(?:\\mathbb\s*\{{?R\}}?)\s*\^\s*\{{?|∈\s*ℝ\s*\^?\{{?)\s*\$?\s*\(?\s*"
    rf"(?P<rows>{_SIZE})(?:{_TIMES}(?P<columns>{_SIZE}))?\s*\)?\}}?\$?(?!\w)"
)
_WIDE = re.compile(r"\\q?quad|\\\\|[,;](?=\s)|\n")


def shape_in(text: str, letters: frozenset[str] = frozenset()) -> tuple[str, str] | None:
    """The shape that a text is; None where it is none. ``letters`` are the small ones that are sizes.

    >>> shape_in("N × 1"), shape_in("(N + 1)×2"), shape_in("a × b")
    (('N', '1'), ('(N + 1)', '2'), None)
    """
    found = _SHAPE.fullmatch(text)
    return (found[1], found[2]) if found and _are_sizes(found.groups(), letters) else None


def _are_sizes(shape: Sequence[str], letters: frozenset[str]) -> bool:
    return all(size in letters or not size.islower() for size in shape)


def dimensions_in(text: str, line: int, read: Callable[[str, int], Cell], letters: frozenset[str]) -> list[Dimension]:
    """The shapes that a text says; none where anything in it is something else."""
    found: list[Dimension] = []
    for part, name, shape in _parts(text, letters):
        label = read(name, line).formula if name else None
        if name and (label is None or label.head not in LABELS):
            return []
        found.append(Dimension(Cell(part, line), label, shape))
    return found


def stated(text: str) -> list[tuple[str, tuple[str, str], tuple[int, int]]]:
    """The shapes that a text says of names among other words: each name, its shape, and where both stand.

    >>> [(name, shape) for name, shape, _ in stated("where W: K×N, and $x \\\\in \\\\mathbb{R}^N$ is the input")]
    [('W', ('K', 'N')), ('x', ('N', '1'))]
    """
    return [
        (found["name"], (found["rows"], found["columns"] or "1"), found.span())
        for found in _STATED.finditer(text)
        if found["columns"] or ":" not in found[0]
    ]


@remembered(8_192)
def _parts(text: str, letters: frozenset[str]) -> tuple[tuple[str, str, tuple[str, str]], ...]:
    """The parts of a text that is nothing but shapes, each with the name before it and the shape."""
    found: list[tuple[str, str, tuple[str, str]]] = []
    for part in filter(None, map(str.strip, _WIDE.split(text))):
        named, alone = _DIMENSION.fullmatch(part), shape_in(part, letters)
        if named and _are_sizes((named["rows"], named["columns"]), letters):
            found.append((part, named["name"].strip(), (named["rows"], named["columns"])))
        elif alone and not (alone[0].isdigit() and alone[1].isdigit()):
            found.append((part, "", alone))
        else:
            return ()
    return tuple(found)
