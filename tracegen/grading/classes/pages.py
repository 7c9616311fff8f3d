"""Writes the pages of a class's reports; one that is there already, for the same report, is left as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tracegen.files.run_inputs import check
from tracegen.grading.classes.kept import Kept, digest
from tracegen.grading.classes.levels import REPAIRS, at_level
from tracegen.grading.classes.together import Student
from tracegen.grading.report import Report

LONGEST_NAME = 120
"""Bytes of the name of a page's file, before its suffix."""

_TAKEN = ("class", "gradebook", "review", "changes", "gradebook-filled")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a report is laid out: its format, a folder of the user's own templates, and how much it tells a student."""

    format: str
    templates: Path | None = None
    level: int = REPAIRS

    @property
    def suffix(self) -> str:
        """That of a page's file."""
        return "json" if self.format == "gradescope" else self.format

    def text(self, report: Report) -> str:
        """A report as a whole document."""
        return at_level(report, self.level).to(self.format, standalone=True, templates=self.templates)

    def look(self) -> str:
        """What a page depends on beside its report, as a short text."""
        from tracegen.document.render import templates_digest

        return f"{self.format}\0{self.level}\0{templates_digest(self.templates)}"


class Pages:
    """The pages of a class in a folder, and the files about the class. Of each that is written its digest is kept
    beside the graded sheets, so that one that was deleted or changed by hand is known and written again. Where a file
    is there that tracegen did not write, it is left as it is; ``moved`` has it, with the one that is written instead.

    Raises ToolError where one of them would replace an input of the run.
    """

    def __init__(
        self, folder: Path, kept: Path, layout: Layout, names: Iterable[str], together: Iterable[str] = ()
    ) -> None:
        self.layout = layout
        self.written = 0
        self.moved: dict[Path, Path] = {}
        self._kept = Kept(kept)
        self._look = layout.look()
        taken: set[str] = set()
        overviews = dict.fromkeys(("html", "md", *({layout.format} & {"tex", "txt"})))
        self.overviews = {format: self._free(folder, "class", format, set()) for format in overviews}
        self.gradebook = self._free(folder, "gradebook", "csv", set())
        self.review = self._free(folder, "review", "html", set())
        self.changes = folder / "changes.csv"
        self.filled = self._free(folder, "gradebook-filled", "csv", set())
        self.index = kept
        taken.update(path.stem.lower() for path in (*self.overviews.values(), self.gradebook, self.review))
        stems = {name: file_name(name, taken) for name in names}
        stems |= {name: file_name(f"{name}.", taken) for name in together}
        self.paths = {name: self._free(folder, stem, layout.suffix, taken) for name, stem in stems.items()}

    def path(self, name: str) -> Path:
        """The file of a sheet's page."""
        return self.paths[name]

    def is_there(self, name: str, key: str) -> bool:
        """Whether the page of a sheet stands as it was written for the report that is kept under a key."""
        return self._kept.holds(self._entry(key), self.paths[name])

    def write(self, name: str, key: str, text: str) -> None:
        """Write the page of a sheet. Raises ToolError where it can't be written."""
        self._kept.write(self._entry(key), self.paths[name], text.encode("utf-8"))
        self.written += 1

    def write_together(self, students: Iterable[Student]) -> None:
        """Write the pages of students with several sheets. Raises ToolError where one can't be written."""
        for student in students:
            self.write_about(self.path(student.report.source), self.layout.text(student.report))

    def write_about(self, path: Path, content: str | bytes) -> None:
        """Write a file about the class. Raises ToolError where it can't be written."""
        self._kept.write(path.name, path, content.encode("utf-8") if isinstance(content, str) else content)

    def clear(self) -> list[str]:
        """Take away the pages of sheets that are gone, and what is kept of runs before. Gives a note on each page that
        somebody has changed, which stays."""
        files = (*self.paths.values(), *self.overviews.values(), self.gradebook, self.review, self.changes, self.filled)
        left = self._kept.clear({path.name for path in files})
        return [f"{path.name} is of a sheet that is gone, and was changed: it is left" for path in left]

    def _entry(self, key: str) -> str:
        return digest(f"{key}\0{self._look}".encode())

    def _free(self, folder: Path, name: str, suffix: str, taken: set[str]) -> Path:
        """A file that may be written, of a name or of one with a number, which is added to those that are taken."""
        wanted = path = folder / f"{name}.{suffix}"
        number = 2
        while not self._may_be(path) or (path != wanted and path.stem.lower() in taken):
            path, number = folder / f"{name}-{number}.{suffix}", number + 1
        if path != wanted:
            taken.add(path.stem.lower())
            self.moved[wanted] = path
        return path

    def _may_be(self, path: Path) -> bool:
        check(path)
        return self._kept.may_replace(path)


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
