"""The slips of a sheet as lines with their places, as editors, terminals and a code host's checks read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracegen.grading.report import Report
from tracegen.grading.verdicts import WRONG

LINE_FORMATS = ("txt", "github")
IGNORE = "tracegen: ignore"
"""Stands in a comment; no slip is said of its line, nor of the next where nothing else is on its own."""

_COMMENTS = ("<!--", "%", "#", "//", "..")


@dataclass(frozen=True)
class SlipLine:
    """One slip: the file, the line and the column (both from 1; 0 where the column is not known), what stands there,
    and why it is wrong."""

    file: str
    line: int
    column: int
    text: str
    because: str

    def to(self, format: str) -> str:
        """The slip as a line of text, or as an annotation of GitHub's workflows.

        >>> slip = SlipLine("notes.md", 3, 8, "7", "6 would be right")
        >>> slip.to("txt")
        'notes.md:3:8: 7: 6 would be right'
        >>> slip.to("github")
        '::error file=notes.md,line=3,col=8,title=slip::7: 6 would be right'
        """
        said = f"{self.text}: {self.because}"
        if format == "txt":
            place = f"{self.line}:{self.column}" if self.column else str(self.line)
            return f"{self.file}:{place}: {said}"
        column = f",col={self.column}" if self.column else ""
        return f"::error file={_property(self.file)},line={self.line}{column},title=slip::{_message(said)}"


def slip_lines(report: Report, text: str, file: str) -> list[SlipLine]:
    """The slips on a sheet with their places in its text, without those that its author asked to ignore.

    >>> from tracegen.grading.proofread import proofread
    >>> text = "v0 = x = 2\\nv1 = 3 v0 = 6\\nv2 = v1 + 1 = 8"
    >>> [slip.line for slip in slip_lines(proofread(text), text, "a.md")]
    [3]
    >>> slip_lines(proofread(text), f"{text} % {IGNORE}", "a.md")
    []
    """
    lines = text.split("\n")
    ignored = _ignored(lines)
    return [
        SlipLine(file, cell.line, _column(lines, cell.line, cell.text), " ".join(cell.text.split()), cell.reason)
        for cell in report.cells
        if cell.verdict == WRONG and cell.line not in ignored
    ]


def _ignored(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines of which nothing is said."""
    ignored: set[int] = set()
    for number, line in enumerate(lines, 1):
        if IGNORE in line:
            ignored.add(number)
            if line.lstrip().startswith(_COMMENTS):
                ignored.add(number + 1)
    return ignored


def _column(lines: Sequence[str], line: int, text: str) -> int:
    """Where a cell begins in its line; 0 where it does not stand there as it was read, or more than once."""
    whole = lines[line - 1] if 0 < line <= len(lines) else ""
    return whole.index(text) + 1 if text and whole.count(text) == 1 else 0


def _message(text: str) -> str:
    """A text in which nothing is a sign of the annotation's own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
