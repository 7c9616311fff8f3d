"""Fills in the gradebook that a learning platform exported: the same rows, columns and encoding, with the marks."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from tracegen.errors import Place, ProblemError
from tracegen.grading.classes.together import Student

_IDENTIFIERS = frozenset(
    ["id", "identifier", "id number", "sis user id", "sis login id", "sid", "student id", "email", "email address",
     "username", "submission id"]
)  # fmt: skip
_NAMES = frozenset(["student", "name", "full name"])
_GRADES = frozenset(["grade", "total score"])
_NUMBERED = re.compile(r".+ \(\d+\)$")
"""A column of an assignment as Canvas names it: Homework 1 (4711)."""

LARGEST = 20_000_000
_ENCODINGS = ("utf-8-sig", "utf-8", "cp1252", "latin-1")


@dataclass(frozen=True)
class Roster:
    """The table of a platform: its lines with the heads first, how it is written, and where the marks go."""

    lines: tuple[tuple[str, ...], ...]
    grade: int
    encoding: str
    delimiter: str
    ending: str
    quoted: bool

    @classmethod
    def read(cls, path: Path, column: str | None = None) -> Roster:
        """The roster of a file. Raises ProblemError where it can't be read, or it is not told where the marks go."""
        place = Place(str(path))
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ProblemError(f"can't be read: {error.strerror or error}", place) from None
        if len(data) > LARGEST:
            raise ProblemError(f"is longer than {LARGEST // 1_000_000} MB", place)
        encoding, text = _decoded(data)
        head = text.partition("\n")[0]
        delimiter = max(",;\t", key=head.count)
        try:
            lines = tuple(map(tuple, csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)))
        except csv.Error as error:
            raise ProblemError(f"is no CSV: {error}", place) from None
        if not lines:
            raise ProblemError("has no line", place)
        ending = "\r\n" if "\r\n" in text else "\n"
        quoted = head.strip().startswith('"') and head.count('"') >= 2 * len(lines[0])
        return cls(lines, _grade_column(lines[0], column, place), encoding, delimiter, ending, quoted)

    def written(self, marks: Mapping[int, str]) -> bytes:
        """The table with other marks in some lines."""
        text = StringIO()
        writer = csv.writer(
            text, delimiter=self.delimiter, lineterminator=self.ending,
            quoting=csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL,
        )  # fmt: skip
        for at, line in enumerate(self.lines):
            cells = [*line, *[""] * (self.grade + 1 - len(line))] if at in marks else list(line)
            if at in marks:
                cells[self.grade] = marks[at]
            writer.writerow(cells)
        return text.getvalue().encode(self.encoding)


@dataclass
class Filled:
    """Which line of a roster each student has, and who has none of their own."""

    lines: dict[int, Student] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)

    @property
    def marks(self) -> dict[int, str]:
        """The marks by line, of those whose sheets were graded; a person marks the others."""
        graded = {at: one.report for at, one in self.lines.items() if one.name not in self.unmarked}
        return {at: f"{report.score:.10g}" for at, report in graded.items()}


def fill(roster: Roster, students: Sequence[Student]) -> Filled:
    """Find the line of each student, by an identifier, otherwise by the name. One that fits several lines, or a line
    that several fit, is nobody's.

    >>> from tracegen.grading.report import Report
    >>> roster = Roster((("Name", "SID", "Total Score"), ("Anna M", "7", "")), 2, "utf-8", ",", "\\n", False)
    >>> fill(roster, [Student("A_7", Report("a.md", ()), ())]).marks
    {1: '0'}
    """
    identifiers, names = _keys(roster)
    found: dict[int, list[Student]] = {}
    filled = Filled()
    for student in students:
        keys = _said_by(student.name)
        lines = {at for key in keys for at in identifiers.get(key, ())} or {
            at for key in keys for at in names.get(key, ())
        }
        if len(lines) == 1:
            found.setdefault(lines.pop(), []).append(student)
        else:
            filled.unknown.append(student.name)
    for at, fitting in sorted(found.items()):
        if len(fitting) > 1:
            filled.unknown += [student.name for student in fitting]
            continue
        filled.lines[at] = fitting[0]
        if fitting[0].report.failure or fitting[0].report.verdict:
            filled.unmarked.append(fitting[0].name)
    return filled


def _keys(roster: Roster) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """The lines by what identifies whom they are of, and by the names."""
    heads = [head.strip().casefold() for head in roster.lines[0]]
    identifiers: dict[str, set[int]] = {}
    names: dict[str, set[int]] = {}
    first, last = (heads.index(head) if head in heads else None for head in ("first name", "last name"))
    for at, line in enumerate(roster.lines[1:], 1):
        for head, cell in zip(heads, line, strict=False):
            if head in _IDENTIFIERS:
                for key in (_plain(cell), _plain(cell.rpartition(" ")[2]), _plain(cell.partition("@")[0])):
                    identifiers.setdefault(key, set()).add(at)
            elif head in _NAMES:
                for key in (_plain(cell), _plain(" ".join(reversed(cell.split(","))))):
                    names.setdefault(key, set()).add(at)
        if first is not None and last is not None and len(line) > max(first, last):
            for key in (_plain(line[first] + line[last]), _plain(line[last] + line[first])):
                names.setdefault(key, set()).add(at)
    identifiers.pop("", None)
    names.pop("", None)
    return identifiers, names


def _said_by(student: str) -> set[str]:
    """What the name of a student's folder or file says: all of it, and what is between underscores."""
    stem = student.rpartition(".")[0] or student
    return {_plain(part) for part in (student, stem, *stem.split("_"), stem.partition("@")[0])} - {""}


def _plain(text: str) -> str:
    """Letters and digits, in one spelling."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if char.isalnum())


def _grade_column(heads: Sequence[str], column: str | None, place: Place) -> int:
    if column is not None:
        wanted = [at for at, head in enumerate(heads) if head.strip() == column.strip()]
        if len(wanted) != 1:
            raise ProblemError(f"there is no column {column!r}; there are {', '.join(heads)}", place)
        return wanted[0]
    known = [at for at, head in enumerate(heads) if head.strip().casefold() in _GRADES]
    known = known or [at for at, head in enumerate(heads) if _NUMBERED.match(head.strip())]
    if len(known) != 1:
        raise ProblemError(f"give --column the one that the marks go to, of {', '.join(heads)}", place)
    return known[0]


def _decoded(data: bytes) -> tuple[str, str]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", data.decode("utf-16", "replace")
    for encoding in _ENCODINGS:
        if encoding == "utf-8-sig" and not data.startswith(b"\xef\xbb\xbf"):
            continue
        try:
            return encoding, data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("every byte is a sign in latin-1")
