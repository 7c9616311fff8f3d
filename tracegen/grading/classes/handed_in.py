"""What lies in a folder or a zip that was handed in: every file, whether it is read or why not."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path, PurePosixPath

from tracegen.files.run_inputs import release
from tracegen.grading.classes.kept import Wrote

BROKEN = (OSError, zipfile.BadZipFile, zlib.error, LZMAError, RuntimeError, EOFError, ValueError)
"""What a file or a zip that is damaged raises."""

_SYSTEM = frozenset(
    ["__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".git", ".svn", ".graded", ".ipynb_checkpoints",
     "__pycache__", "submission_metadata.yml"]
)  # fmt: skip
"""What systems and platforms put beside the files that people mean."""

_SYSTEM_BEGINNING = "._"

LINK = "is a link, and links are not followed; a person has to look"
HIDDEN = "is hidden; a person has to look"
NO_FILE = "is no file; a person has to look"
EMPTY = "nothing was handed in: the folder is empty"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that was handed in: its name, and how it is read up to a number of bytes, or why it is not."""

    name: str
    read: Callable[[int], bytes]
    refused: str = ""

    @property
    def suffix(self) -> str:
        """The ending of its name, in small letters."""
        return PurePosixPath(self.name).suffix.lower()


def in_folder(folder: Path, wrote: Wrote) -> Iterator[Entry]:
    """All files below a folder but what tracegen wrote, which ``wrote`` is told of; links are not followed."""
    left_out = wrote.folders(folder)
    filled: set[str] = set()
    empty: list[str] = []
    hidden: set[str] = set()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        name = PurePosixPath(*parts).as_posix()
        if _is_system(parts):
            continue
        if path.is_dir() and not path.is_symlink():
            empty += [name] if len(parts) == 1 and path.resolve() not in left_out else []
            continue
        filled.add(parts[0])
        if left_out and not left_out.isdisjoint(path.resolve().parents):
            release(path)
            if not wrote.is_report(path) and not _hidden(parts):
                wrote.passed_over(name)
        elif _hidden(parts):
            at = _hidden(parts)
            if at not in hidden:
                yield Entry(at, of_path(path), HIDDEN)
            hidden.add(at)
        elif path.is_symlink() or not path.is_file():
            yield Entry(name, of_path(path), LINK if path.is_symlink() else NO_FILE)
        elif wrote.is_report(path):
            wrote.passed_over(name)
        else:
            yield Entry(name, of_path(path))
    for name in empty:
        if name not in filled:
            yield Entry(name, lambda most: b"", EMPTY)


def in_zip(archive: zipfile.ZipFile) -> Iterator[Entry]:
    """All files in a zip, with names of which nothing leads out of a folder; nothing is unpacked to disk."""
    for info in archive.infolist():
        name = _name_of(info)
        if info.is_dir() or not name.parts or _is_system(name.parts):
            continue
        refused = ""
        if stat.S_ISLNK(info.external_attr >> 16):
            refused = LINK
        elif _hidden(name.parts):
            refused = HIDDEN
        yield Entry(name.as_posix(), _of_entry(archive, info), refused)


def empty_in_zip(archive: zipfile.ZipFile) -> list[str]:
    """The folders of a zip that nothing lies in, neither files nor folders."""
    infos = [(_name_of(info), info) for info in archive.infolist()]
    filled = {parent for name, info in infos for parent in name.parents}
    return [
        name.as_posix() for name, info in infos
        if info.is_dir() and name.parts and name not in filled and not _is_system(name.parts)
    ]  # fmt: skip


def said(error: Exception) -> str:
    """What is said of a file that can't be read."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def of_path(path: Path) -> Callable[[int], bytes]:
    """Reads a file up to a number of bytes, and one more, which tells that it is longer."""

    def read(most: int) -> bytes:
        with path.open("rb") as file:
            return file.read(most + 1)

    return read


def _of_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    """Reads an entry, which has as many bytes as the zip says, or fewer."""

    def read(most: int) -> bytes:
        if info.flag_bits & 1:
            raise ValueError("it is locked by a password")
        if info.file_size > most:
            raise ValueError(f"it is longer than {most // 1_000_000} MB")
        with archive.open(info) as file:
            return file.read(most)

    return read


def _name_of(info: zipfile.ZipInfo) -> PurePosixPath:
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    return PurePosixPath(*(part for part in parts if part not in ("/", "..")))


def _is_system(parts: Sequence[str]) -> bool:
    return any(part in _SYSTEM or part.startswith(_SYSTEM_BEGINNING) for part in parts)


def _hidden(parts: Sequence[str]) -> str:
    """The hidden file, or the hidden folder that a file is in; nothing where there is none."""
    for at, part in enumerate(parts):
        if part.startswith(".") and part.strip("."):
            return PurePosixPath(*parts[: at + 1]).as_posix()
    return ""
