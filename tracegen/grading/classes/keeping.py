"""Keeps reports as JSON and gives them back, readings and repairs included, so that nothing is graded twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from operator import attrgetter
from typing import Any

from tracegen.formula import Formula, postorder
from tracegen.grading.key import Key
from tracegen.grading.report import Report
from tracegen.grading.verdicts import Judgement

VERSION = 5
_FIELDS = [entry.name for entry in fields(Judgement)]
_VALUES = attrgetter(*_FIELDS)
_FORMULAS = [_FIELDS.index("reading"), _FIELDS.index("repair")]
_TAGS = _FIELDS.index("tags")


def kept(report: Report) -> dict[str, Any]:
    """A report as plain data. Formulas are kept in one list, each node once, operands before their operation; a cell is
    the list of its values, in the order of ``fields``.

    >>> restored(kept(Report("a.md", ()))).source
    'a.md'
    """
    nodes: list[list[Any]] = []
    places: dict[int, int] = {}
    cells = []
    for cell in report.cells:
        values = list(_VALUES(cell))
        for at in _FORMULAS:
            values[at] = _placed(values[at], nodes, places)
        cells.append(values)
    return {
        "version": VERSION, "source": report.source, "missing": report.missing, "notes": report.notes,
        "failure": report.failure, "penalty": report.penalty, "title": report.title, "key": asdict(report.key),
        "least": report.least, "formulas": nodes,
        "fields": _FIELDS, "cells": cells,
    }  # fmt: skip


def restored(data: dict[str, Any]) -> Report:
    """The report again. Raises KeyError, TypeError, IndexError or ValueError where the data are not of one."""
    if data["version"] != VERSION or data["fields"] != _FIELDS:
        raise ValueError("another version")
    known: list[Formula] = []
    for head, args in data["formulas"]:
        known.append(Formula(head, tuple([_argument(arg, known) for arg in args])))
    for values in data["cells"]:
        for at in _FORMULAS:
            values[at] = None if values[at] is None else known[values[at]]
        values[_TAGS] = tuple(values[_TAGS])
    return Report(
        data["source"],
        tuple([Judgement(*values) for values in data["cells"]]),
        tuple(data["missing"]),
        tuple(data["notes"]),
        data["failure"],
        data["penalty"],
        data["title"],
        key=Key(**data["key"]),
        least=data["least"],
    )


def _placed(formula: Formula | None, nodes: list[list[Any]], places: dict[int, int]) -> int | None:
    """The place of a formula among the nodes, where it is put if it does not stand there yet."""
    if formula is None:
        return None
    for node in postorder(formula) if id(formula) not in places else ():
        if id(node) not in places:
            nodes.append([node.head, [_plain(arg, places) for arg in node.args]])
            places[id(node)] = len(nodes) - 1
    return places[id(formula)]


def _plain(arg: Any, places: dict[int, int]) -> Any:
    """An argument as plain data: the place of a formula in brackets, a matrix's row as such places."""
    if isinstance(arg, Formula):
        return [places[id(arg)]]
    return [_plain(part, places) for part in arg] if isinstance(arg, tuple) else arg


def _argument(arg: Any, known: Sequence[Formula]) -> Any:
    if not isinstance(arg, list):
        return arg
    if arg and isinstance(arg[0], int):
        return known[arg[0]]
    return tuple(_argument(part, known) for part in arg)
