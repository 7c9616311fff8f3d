"""Keeps reports as JSON and gives them back, readings and repairs included, so that nothing is graded twice."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from tracegen.formula import Formula
from tracegen.grade.report import Report
from tracegen.grade.verdicts import Judgement

VERSION = 1
_FIELDS = [entry.name for entry in fields(Judgement)]


def kept(report: Report) -> dict[str, Any]:
    """A report as plain data.

    >>> restored(kept(Report("a.md", ()))).source
    'a.md'
    """
    return {
        "version": VERSION, "source": report.source, "missing": report.missing, "notes": report.notes,
        "failure": report.failure, "penalty": report.penalty, "title": report.title,
        "cells": [{name: _plain(getattr(cell, name)) for name in _FIELDS} for cell in report.cells],
    }  # fmt: skip


def restored(data: dict[str, Any]) -> Report:
    """The report again. Raises KeyError, TypeError or ValueError where the data are not of one."""
    if data["version"] != VERSION:
        raise ValueError("another version")
    cells = tuple(Judgement(**{name: _back(name, cell[name]) for name in _FIELDS}) for cell in data["cells"])
    return Report(
        data["source"],
        cells,
        tuple(data["missing"]),
        tuple(data["notes"]),
        data["failure"],
        data["penalty"],
        data["title"],
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Formula):
        return {"head": value.head, "args": [_plain(arg) for arg in value.args]}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


def _back(name: str, value: Any) -> Any:
    if name == "tags":
        return tuple(value)
    return _formula(value)


def _formula(value: Any) -> Any:
    if isinstance(value, dict):
        return Formula(value["head"], tuple(_formula(arg) for arg in value["args"]))
    if isinstance(value, list):
        return tuple(_formula(part) for part in value)
    return value
