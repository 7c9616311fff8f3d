"""Marks: what a label, a formula and a value are worth, by table and row, and what is taken off."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracegen.errors import Place, ProblemError
from tracegen.grade.verdicts import BLANK, CARRIED, CELLS, EXTRA, UNREAD, UNSURE, WRONG, Judgement
from tracegen.problem_file import text_of

_KEYS = ("marks", "tables", "rows", "carry", "skipped", "missing", "truncated", "unread", "decimals")


def _ones() -> Mapping[str, float]:
    return dict.fromkeys(CELLS, 1.0)


@dataclass(frozen=True)
class Rubric:
    """What cells are worth. By default one mark a cell, carried errors on, nothing else taken off.

    ``tables`` and ``rows`` give other marks for single tables (``y1/reverse``) and rows (``y1/reverse v2``).
    ``unread`` is the share of a cell's marks that is taken off until a person has looked.
    """

    marks: Mapping[str, float] = field(default_factory=_ones)
    tables: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    carry: bool = True
    skipped: float = 0.0
    missing: float = 0.0
    truncated: float = 0.0
    unread: float = 0.0
    decimals: int = 0

    @classmethod
    def read(cls, path: str | Path) -> Rubric:
        """The rubric of a TOML file. Raises ProblemError where it can't be read or says what no rubric says."""
        return cls.from_toml(text_of(path), str(path))

    @classmethod
    def from_toml(cls, text: str, source: str = "rubric") -> Rubric:
        """The rubric of a TOML text.

        >>> Rubric.from_toml('carry = false').carry
        False
        """
        try:
            document = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ProblemError(f"is no TOML: {error}", Place(source)) from None
        for key in document:
            if key not in _KEYS:
                raise ProblemError(f"there is no {key!r} in a rubric; there are {', '.join(_KEYS)}", Place(source))
        marks = {**_ones(), **_marks(document.get("marks", {}), source)}
        tables = {key: _marks(value, source) for key, value in _section(document, "tables", source).items()}
        rows = {key: _marks(value, source) for key, value in _section(document, "rows", source).items()}
        numbers = {
            key: _number(document.get(key, 0), key, source) for key in ("skipped", "missing", "truncated", "unread")
        }
        carry = document.get("carry", True)
        if not isinstance(carry, bool):
            raise ProblemError("carry is true or false", Place(source))
        decimals = document.get("decimals", 0)
        if not isinstance(decimals, int) or isinstance(decimals, bool) or decimals < 0:
            raise ProblemError("decimals is a whole number of digits", Place(source))
        return cls(marks, tables, rows, carry, decimals=decimals, **numbers)

    def worth(self, judged: Judgement) -> float:
        """What a cell is worth."""
        if not (self.rows or self.tables):
            return self.marks[judged.cell]
        for found in (self.rows.get(f"{judged.part} {judged.row}"), self._table(judged.part)):
            if found and judged.cell in found:
                return found[judged.cell]
        return self.marks[judged.cell]

    def _table(self, part: str) -> Mapping[str, float] | None:
        while part:
            if part in self.tables:
                return self.tables[part]
            part = part.rpartition("/")[0]
        return None

    def mark(self, judgements: Iterable[Judgement]) -> None:
        """Fill in the marks of cells. Cells that are wrong through one slip lose marks once."""
        paid: set[str] = set()
        for judged in judgements:
            if judged.verdict in (EXTRA, BLANK):
                judged.marks, judged.of = 0.0 - (self.skipped if judged.verdict == BLANK else 0.0), 0.0
                continue
            judged.of = self.worth(judged)
            judged.marks = judged.of * self._share(judged, paid)
            if "value.truncated" in judged.tags:
                judged.marks = max(0.0, judged.marks - self.truncated)

    def _share(self, judged: Judgement, paid: set[str]) -> float:
        if judged.verdict == CARRIED:
            return 1.0 if self.carry else 0.0
        if judged.verdict in (UNREAD, UNSURE):
            return 1.0 - min(1.0, self.unread)
        if judged.verdict != WRONG:
            return 1.0
        if judged.slip:
            if judged.slip in paid:
                return 1.0
            paid.add(judged.slip)
        return 0.0


def _section(document: Mapping[str, Any], key: str, source: str) -> Mapping[str, Any]:
    found = document.get(key, {})
    if not isinstance(found, Mapping):
        raise ProblemError(f"[{key}] has to be a section", Place(source))
    return found


def _marks(value: Any, source: str) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise ProblemError("marks have to be lines such as formula = 1", Place(source))
    for cell in value:
        if cell not in CELLS:
            raise ProblemError(f"there is no cell {cell!r}; there are {', '.join(CELLS)}", Place(source))
    return {cell: _number(number, cell, source) for cell, number in value.items()}


def _number(value: Any, key: str, source: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise ProblemError(f"{key} has to be a number of marks, 0 or more", Place(source))
    return float(value)
