"""A graph as plain data for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tracegen.document.table import Cell
from tracegen.formula import Formula
from tracegen.graph.picture.picture import Cells, Circle, Picture
from tracegen.notation import text


def to_json(pictures: Sequence[Picture]) -> str:
    """The pictures as JSON: circles with what is in them and at their wires, and wires with their local partials."""
    return json.dumps([_picture(picture) for picture in pictures], indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "list": picture.key,
        "arrows": picture.arrows,
        "folded": picture.folded,
        "circles": [_circle(circle) for circle in picture.circles],
        "wires": [
            {"from": wire.tail, "to": wire.head, "partial": _text(wire.label) if wire.label is not None else None}
            for wire in picture.wires
        ],
    }


def _circle(circle: Circle) -> dict[str, Any]:
    notes: dict[str, list[str]] = {}
    for note in (*circle.above, *circle.below):
        notes.setdefault(note.kind, []).append(_line(note.cells))
    return {
        "key": circle.key,
        "kind": circle.kind,
        "inside": _line(circle.inside),
        "lines": list(circle.places),
        **notes,
    }


def _line(cells: Cells) -> str:
    return "".join(map(_text, cells))


def _text(cell: Cell) -> str:
    return text(cell) if isinstance(cell, Formula) else str(cell or "")
