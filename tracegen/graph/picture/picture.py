"""What a computational graph shows, before it is laid out: circles, wires, and what is written at them."""

from __future__ import annotations

from dataclasses import dataclass

from tracegen.document.table import Cell

Cells = tuple[Cell, ...]

SHOWS = ("none", "primal", "forward", "reverse", "both")
DIRECTIONS = ("right", "down")
INSIDES = ("operation", "value")


@dataclass(frozen=True, slots=True)
class Note:
    """Something written at a wire, and what it is: ``"primal"``, ``"tangent"``, ``"adjoint"`` or ``"shape"``."""

    kind: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class Circle:
    """A line, or a part of the list that is folded up.

    ``kind`` is ``"input"``, ``"step"``, ``"output"`` (the name at the end of a wire) or ``"folded"``; ``above`` and
    ``below`` are written at the wire that leaves it; ``places`` are the lines that it stands for.
    """

    key: str
    kind: str
    inside: Cells
    above: tuple[Note, ...] = ()
    below: tuple[Note, ...] = ()
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Wire:
    """From a circle to one that uses it; ``label`` is the local partial, where it is shown.

    Nothing goes back along a wire that is ``still``: it carries given data. ``sent`` is what goes back, where it is
    shown.
    """

    key: str
    tail: str
    head: str
    label: Cell = None
    still: bool = False
    sent: Cell = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One graph. ``arrows`` are those that are drawn: ``"forward"``, ``"reverse"`` or ``"both"``.

    In one that is ``shaped``, of matrices, the labels of wires are what goes back along them.
    """

    key: str
    title: Cells
    description: Cells
    circles: tuple[Circle, ...]
    wires: tuple[Wire, ...]
    arrows: str
    direction: str
    folded: bool = False
    shaped: bool = False
