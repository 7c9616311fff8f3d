"""Writes the pages of a class's reports; one that is there already, for the same report, is left as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tracegen.files import write
from tracegen.grade.report import Report

LONGEST_NAME = 120
"""Bytes of the name of a page's file, before its suffix."""

_TAKEN = ("class", "gradebook")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a report is laid out: its format, and a folder of the user's own templates."""

    format: str
    templates: Path | None = None

    @property
    def suffix(self) -> str:
        """That of a page's file."""
        return "json" if self.format == "gradescope" else self.format

    def text(self, report: Report) -> str:
        """A report as a whole document."""
        return report.to(self.format, standalone=True, templates=self.templates)

    def look(self) -> str:
        """What a page depends on beside its report, as a short text."""
        from tracegen.render import templates_digest

        return f"{self.format}\0{templates_digest(self.templates)}"


class Pages:
    """The pages of a class in a folder. Of each page that is written its digest is kept beside the graded sheets, so
    that one that was deleted or changed by hand is known and written again."""

    def __init__(self, folder: Path, kept: Path, layout: Layout, names: Iterable[str]) -> None:
        self.layout = layout
        self.written = 0
        self._kept = kept
        self._look = layout.look()
        taken: set[str] = set()
        self._paths = {name: folder / f"{file_name(name, taken)}.{layout.suffix}" for name in names}

    def path(self, name: str) -> Path:
        """The file of a sheet's page."""
        return self._paths[name]

    def is_there(self, name: str, key: str) -> bool:
        """Whether the page of a sheet stands as it was written for the report that is kept under a key."""
        try:
            return self._digest(key).read_text("ascii") == _digest(self._paths[name].read_bytes())
        except (OSError, ValueError):
            return False

    def write(self, name: str, key: str, text: str) -> None:
        """Write the page of a sheet. Raises ToolError where it can't be written."""
        data = text.encode("utf-8")
        write(self._paths[name], data)
        write(self._digest(key), _digest(data))
        self.written += 1

    def _digest(self, key: str) -> Path:
        whole = _digest(f"{key}\0{self._look}".encode())
        return self._kept / f"{whole}.page"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def file_name(source: str, taken: set[str]) -> str:
    """A name for a report's file, safe and of its own; it is added to those that are taken.

    >>> taken = set()
    >>> file_name("../a b.md", taken), file_name("a_b.tex", taken), file_name("Class.md", taken)
    ('a_b', 'a_b-2', 'Class-2')
    """
    bare = source.rsplit(".", 1)[0] if "." in source else source
    safe = "".join(char if char.isalnum() or char in "-_" else "_" for char in bare)
    safe = safe.encode("utf-8", "ignore")[:LONGEST_NAME].decode("utf-8", "ignore").strip("_") or "sheet"
    name, number = safe, 2
    while name.lower() in taken or name.lower() in _TAKEN:
        name, number = f"{safe}-{number}", number + 1
    taken.add(name.lower())
    return name
