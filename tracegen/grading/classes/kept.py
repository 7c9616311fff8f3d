"""The index of a folder in which a class was graded: which files of it tracegen wrote, and what was in them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path

from tracegen.files.run_inputs import release
from tracegen.files.signature import is_report_file
from tracegen.files.writing import write

INDEX = ".graded"
"""The folder of the index, and of the graded sheets."""


class Kept:
    """The files that tracegen wrote into the folder above an index, with a digest of each."""

    def __init__(self, index: Path) -> None:
        self.index = index

    def may_replace(self, path: Path) -> bool:
        """Whether a file is not there, or is one of tracegen's, even where somebody has changed it since."""
        return not path.exists() or is_report_file(path) or path.name in self._files

    def is_as_written(self, path: Path) -> bool:
        """Whether a file is one of tracegen's, with what was written into it."""
        wrote = self._files.get(path.name, set())
        try:
            return bool(wrote) and digest(path.read_bytes()) in wrote
        except OSError:
            return False

    def holds(self, key: str, path: Path) -> bool:
        """Whether a file stands as it was written under a key."""
        try:
            return (self.index / f"{key}.page").read_text("utf-8") == f"{digest(path.read_bytes())} {path.name}"
        except (OSError, ValueError):
            return False

    def write(self, key: str, path: Path, data: bytes) -> None:
        """Write a file, after its entry in the index. Raises ToolError where it can't be written."""
        write(self.index / f"{key}.page", f"{digest(data)} {path.name}")
        write(path, data)

    def clear(self, names: Collection[str]) -> list[Path]:
        """Take away the files of other names, whatever their format, that are as they were written, and forget what is
        no longer so. Gives those that somebody has changed."""
        changed = []
        stems = {Path(name).stem for name in names}
        for name in sorted(self._files):
            path = self.index.parent / name
            if Path(name).stem in stems:
                continue
            if self.is_as_written(path):
                path.unlink(missing_ok=True)
            elif path.exists():
                changed.append(path)
        for entry in self.index.glob("*.page"):
            wrote, _, name = entry.read_text("utf-8").partition(" ")
            if not self._is(self.index.parent / name, wrote):
                entry.unlink(missing_ok=True)
        return changed

    def _is(self, path: Path, wrote: str) -> bool:
        try:
            return digest(path.read_bytes()) == wrote
        except OSError:
            return False

    @cached_property
    def _files(self) -> dict[str, set[str]]:
        """The digests under which each name was written."""
        files: dict[str, set[str]] = {}
        for entry in self.index.glob("*.page"):
            try:
                wrote, _, name = entry.read_text("utf-8").partition(" ")
            except (OSError, ValueError):
                continue
            files.setdefault(name, set()).add(wrote)
        return files


class Wrote:
    """What tracegen itself wrote among the files that it is given to grade: told of each, so that none is a sheet."""

    def __init__(self, output: Path | None, passed_over: Callable[[str], None]) -> None:
        self.passed_over = passed_over
        self._output = output
        self._indices: dict[Path, Kept] = {}

    def is_report(self, path: Path) -> bool:
        """Whether a file is a report, an overview or a gradebook."""
        if path.parent not in self._indices:
            self._indices[path.parent] = Kept(path.parent / INDEX)
        is_own = is_report_file(path) or self._indices[path.parent].is_as_written(path)
        if is_own:
            release(path)
        return is_own

    def folders(self, folder: Path) -> set[Path]:
        """The folders below another in which a class was graded, or is to be."""
        found = {index.parent.resolve() for index in folder.rglob(INDEX)}
        if self._output is not None:
            found.add(self._output.resolve())
        return found - {folder.resolve(), *folder.resolve().parents}


def digest(data: bytes) -> str:
    """A short text that stands for some bytes."""
    return hashlib.sha256(data).hexdigest()
