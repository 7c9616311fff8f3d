"""Marks: what a label, a formula and a value are worth, by table and row, and what is taken off."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracegen.errors import ProblemError
from tracegen.formula import Formula
from tracegen.grading.key import Key
from tracegen.grading.paying import labels_alone, paying, rows_of
from tracegen.grading.verdicts import BLANK, CARRIED, CELLS, EXTRA, SHORTENED, WRONG, Judgement
from tracegen.problems.problem_file import text_of
from tracegen.problems.toml_text import Toml

_KEYS = (
    "marks",
    "tables",
    "rows",
    "carry",
    "skipped",
    "missing",
    "truncated",
    "unread",
    "judged",
    "decimals",
    "versions",
)

OPEN, FULL, NONE = "open", "full", "none"
"""What becomes of the marks of what was not judged: a person settles them, they are given, or they are taken."""

BEST, LAST = "best", "last"
"""Which of two versions of an answer by one student counts."""

_KINDS = ("primal", "forward", "reverse", "derivative")
_WHOLE = ("forward", "jacobian", "shapes")
"""Tables that are of no single output."""


def _ones() -> Mapping[str, float]:
    return dict.fromkeys(CELLS, 1.0)


@dataclass(frozen=True)
class Rubric:
    """What cells are worth. By default one mark a cell, carried errors on, nothing else taken off.

    ``tables`` and ``rows`` give other marks for single tables (``y1/reverse``) and rows (``y1/reverse v2``).
    ``unread`` says what becomes of the marks of a cell that was not judged: they stay ``"open"``, are given
    (``"full"``) or taken (``"none"``); a number is the share that is taken, and the rest is given. Where less than the
    share ``judged`` of a sheet was judged, its report says that a person has to mark it. A value that is shortened to
    fewer than ``decimals`` digits after the point has no marks. Of two versions of a student's answer the ``"best"``
    or the ``"last"`` counts.
    """

    marks: Mapping[str, float] = field(default_factory=_ones)
    tables: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    carry: bool = True
    skipped: float = 0.0
    missing: float = 0.0
    truncated: float = 0.0
    unread: str | float = OPEN
    judged: float = 0.5
    decimals: int = 0
    versions: str = BEST
    toml: Toml | None = field(default=None, compare=False, repr=False)

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
        reader = _Reader(Toml(text, source))
        return cls(**reader.parts(reader.toml.load()), toml=reader.toml)

    def check(self, outputs: Collection[str]) -> None:
        """Find a table that no sheet can have. Raises ProblemError, with its line where there is a file.

        >>> Rubric(tables={"y1/revrese": {}}).check(["y1"])  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        tracegen.errors.ProblemError: there is no table 'y1/revrese'; there are y1/primal, y1/reverse, ... and the like
        """
        for section, keys in (("tables", self.tables), ("rows", self.rows)):
            for key in keys:
                table = key.split(" ")[0] if section == "rows" else key
                of, *kind = table.split("/")
                is_known = set(of.split("+")) <= {*outputs} if kind else of in (*outputs, *_WHOLE)
                if not is_known or (kind and kind[0] not in _KINDS):
                    first = next(iter(outputs))
                    said = (
                        f"there is no table {table!r}; there are {first}/primal, {first}/reverse, {first}/forward/x, "
                    )
                    place = self.toml.place((section, key)) if self.toml else None
                    raise ProblemError(f"{said}jacobian and the like", place)

    def worth(self, judged: Judgement, kind: str) -> float:
        """What a cell is worth as a label, a formula, a value, a shape or a heading."""
        if not (self.rows or self.tables):
            return self.marks[kind]
        for found in (self.rows.get(f"{judged.part} {judged.row}"), self._table(judged.part)):
            if found and kind in found:
                return found[kind]
        return self.marks[kind]

    def _table(self, part: str) -> Mapping[str, float] | None:
        while part:
            if part in self.tables:
                return self.tables[part]
            part = part.rpartition("/")[0]
        return None

    def mark(self, sheets: Sequence[Sequence[Judgement]], key: Key) -> None:
        """Fill in the marks of the cells of one student's sheets, each row of the problem once. Cells that are wrong
        through one slip lose marks once."""
        cells = [cell for cells in sheets for cell in cells]
        for judged in cells:
            self._mark_alone(judged)
        rows = rows_of(sheets, key)
        for label in labels_alone(rows):
            self._leave(label)
        counted = paying(sheets, rows, key)
        kept = {id(cell) for cell, _ in counted}
        for judged in cells if len(kept) < len(cells) else ():
            if id(judged) not in kept:
                judged.marks = judged.open = judged.of = 0.0
        charged: set[str] = set()
        for judged, kind in counted:
            if kind != judged.cell:
                self._mark_alone(judged, kind)
            if judged.verdict == WRONG and judged.slip:
                judged.marks = judged.of if judged.slip in charged else 0.0
                charged.add(judged.slip)

    def _mark_alone(self, judged: Judgement, kind: str = "") -> None:
        """The marks of a cell that no other stands for; ``kind`` is what it is paid as, if that is not what it is."""
        judged.open = 0.0
        if judged.verdict in (EXTRA, BLANK):
            judged.marks, judged.of = 0.0 - (self.skipped if judged.verdict == BLANK else 0.0), 0.0
            return
        judged.of = self.worth(judged, kind or judged.cell)
        if judged.needs_person:
            self._leave(judged)
            return
        if judged.ruled is not None:
            judged.marks = min(judged.of, judged.ruled)
            return
        judged.marks = judged.of * self._share(judged)
        if "value.truncated" in judged.tags:
            judged.marks = max(0.0, judged.marks - self.truncated)
        if self.decimals and _decimals(judged) < self.decimals:
            judged.marks = 0.0
            said = f"{self.decimals} decimals are asked for"
            if said not in judged.because:
                judged.because = f"{judged.because}; {said}" if judged.because else said

    def _leave(self, judged: Judgement) -> None:
        """Give a cell what there is for one that was not judged."""
        given = {OPEN: 0.0, FULL: 1.0, NONE: 0.0}
        share = given[self.unread] if isinstance(self.unread, str) else 1.0 - min(1.0, self.unread)
        judged.marks, judged.open = judged.of * share, judged.of if self.unread == OPEN else 0.0

    def _share(self, judged: Judgement) -> float:
        """The share of its marks that a judged cell has."""
        if judged.verdict == CARRIED:
            return 1.0 if self.carry else 0.0
        return 0.0 if judged.verdict == WRONG else 1.0


def _decimals(judged: Judgement) -> float:
    """How many decimals a shortened value has; no end of them where it is none, or no plain decimal."""
    reading = judged.reading
    if reading is None or not {SHORTENED, "value.truncated", "value.rounded"}.intersection(judged.tags):
        return math.inf
    plain = reading.args[0] if reading.head == "neg" else reading
    if not isinstance(plain, Formula) or plain.head != "number" or "e" in plain.args[0].lower():
        return math.inf
    return len(plain.args[0].partition(".")[2])


class _Reader:
    """Reads a rubric; what is wrong is said with its line."""

    def __init__(self, toml: Toml) -> None:
        self.toml = toml

    def parts(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of a rubric."""
        for key in document:
            if key not in _KEYS:
                raise self._error(f"there is no {key!r} in a rubric; there are {', '.join(_KEYS)}", key)
        parts: dict[str, Any] = {"marks": {**_ones(), **self._marks(document.get("marks", {}), "marks")}}
        for key in ("tables", "rows"):
            section = self._section(document, key)
            parts[key] = {name: self._marks(value, key, name) for name, value in section.items()}
        for key in ("skipped", "missing", "truncated"):
            parts[key] = self._number(document.get(key, 0), key)
        parts["unread"] = self._unread(document.get("unread", OPEN))
        parts["judged"] = self._number(document.get("judged", 0.5), "judged")
        if parts["judged"] > 1:
            raise self._error("judged is a share, from 0 to 1", "judged")
        parts["carry"] = document.get("carry", True)
        if not isinstance(parts["carry"], bool):
            raise self._error("carry is true or false", "carry")
        parts["decimals"] = decimals = document.get("decimals", 0)
        if not isinstance(decimals, int) or isinstance(decimals, bool) or decimals < 0:
            raise self._error("decimals is a whole number of digits", "decimals")
        parts["versions"] = document.get("versions", BEST)
        if parts["versions"] not in (BEST, LAST):
            raise self._error(f'versions is "{BEST}" or "{LAST}"', "versions")
        return parts

    def _unread(self, value: Any) -> str | float:
        if value in (OPEN, FULL, NONE):
            return str(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._error(f'unread is "{OPEN}", "{FULL}", "{NONE}" or the share that is taken off', "unread")
        return self._number(value, "unread")

    def _section(self, document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        found = document.get(key, {})
        if not isinstance(found, Mapping):
            raise self._error(f"[{key}] has to be a section", key)
        return found

    def _marks(self, value: Any, *path: str) -> dict[str, float]:
        if not isinstance(value, Mapping):
            raise self._error("marks have to be lines such as formula = 1", *path)
        for cell in value:
            if cell not in CELLS:
                raise self._error(f"there is no cell {cell!r}; there are {', '.join(CELLS)}", *path, cell)
        return {cell: self._number(number, *path, cell) for cell, number in value.items()}

    def _number(self, value: Any, *path: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
            raise self._error(f"{path[-1]} has to be a number of marks, 0 or more", *path)
        return float(value)

    def _error(self, message: str, *path: str) -> ProblemError:
        return ProblemError(message, self.toml.place(path))
