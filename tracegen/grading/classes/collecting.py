"""Collects the sheets that were handed in: files, folders, and zips as learning platforms export them."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO

from tracegen.errors import Place, TracegenError
from tracegen.files.run_inputs import release
from tracegen.files.signature import is_report
from tracegen.grading.classes.kept import Wrote
from tracegen.grading.read import SUFFIXES

LARGEST_SHEET = 4_000_000
LARGEST_ZIP = 50_000_000
"""Bytes of a zip inside a zip."""

MOST_SHEETS = 20_000
MOST_CHARACTERS = 250_000_000
"""Those of all sheets of a class."""

ZIPS = frozenset([".zip"])
UNREAD = frozenset(
    [".pdf", ".jpg", ".jpeg", ".png", ".heic", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".doc", ".docx", ".odt",
     ".rtf", ".pages", ".rar", ".7z", ".gz", ".tar"]
)  # fmt: skip
"""Files that a student may hand in for an answer and that are not read: a person has to look at them."""

_BROKEN = (OSError, zipfile.BadZipFile, zlib.error, LZMAError, RuntimeError, EOFError, ValueError)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is to be graded: whose it is, what kind of file, and its text; or why there is none."""

    name: str
    suffix: str
    text: str
    failure: str = ""
    is_report: bool = False

    def key(self, settings: str) -> str:
        """What the report depends on, as a short text."""
        return hashlib.sha256(
            "\0".join((settings, self.name, self.suffix, self.text, self.failure)).encode("utf-8", "surrogatepass")
        ).hexdigest()


def collect(
    paths: Sequence[Path], *, output: Path | None = None, passed_over: Callable[[str], None] = lambda name: None
) -> list[Sheet]:
    """The sheets of files, folders and zips, each with the name that the report has.

    Reports that tracegen wrote are no sheets. Folders below the given ones in which a class was graded are left out,
    and so is ``output``. ``passed_over`` is called with the name of each report, and of whatever else is left out.

    Where a student handed in nothing that can be read, but a picture or a PDF, there is a sheet that says so.

    Raises TracegenError where a path is not there, is no zip, or there is too much.
    """
    wrote = Wrote(output, passed_over)
    sheets: list[Sheet] = []
    size = 0
    for path in paths:
        for sheet in _sheets_of(path, wrote):
            if sheet.is_report:
                passed_over(sheet.name)
                continue
            sheets.append(sheet)
            size += len(sheet.text)
            if len(sheets) > MOST_SHEETS:
                raise TracegenError(f"there are more than {MOST_SHEETS:,} sheets", Place(str(path)))
            if size > MOST_CHARACTERS:
                raise TracegenError(f"the sheets have more than {MOST_CHARACTERS:,} characters", Place(str(path)))
    return _named_apart(sheets)


def said_of(suffix: str) -> str:
    """What is said of a file that is not read."""
    return f"{suffix} files are not read; a person has to look"


def _files_in(folder: Path, wrote: Wrote) -> list[Path]:
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    left_out, files = wrote.folders(folder), []
    for path in found:
        if _is_hidden(path.relative_to(folder).parts):
            continue
        name = path.relative_to(folder).as_posix()
        if left_out and not left_out.isdisjoint(path.resolve().parents):
            release(path)
            if not wrote.is_report(path):
                wrote.passed_over(name)
        elif wrote.is_report(path):
            wrote.passed_over(name)
        else:
            files.append(path)
    return files


def _is_hidden(parts: Sequence[str]) -> bool:
    """Whether a file, or a folder above it, is one that no student means."""
    return any((part.startswith(".") and part.strip(".")) or part.startswith("__MACOSX") for part in parts)


def _sheets_of(path: Path, wrote: Wrote) -> Iterator[Sheet]:
    if path.is_dir():
        yield from _sheets_in(path, wrote)
        return
    if not path.is_file():
        raise TracegenError("is not there", Place(str(path)))
    if wrote.is_report(path):
        wrote.passed_over(path.name)
        return
    if path.suffix.lower() not in ZIPS:
        yield _sheet(path.name, path)
        return
    try:
        yield from _zipped(path, "")
    except _BROKEN as error:
        raise TracegenError(f"the zip can't be read: {_said(error)}", Place(str(path))) from None


def _sheets_in(folder: Path, wrote: Wrote) -> Iterator[Sheet]:
    """The sheets in a folder; those in a zip that a student put there are the student's."""
    files = [(path.relative_to(folder).as_posix(), path) for path in _files_in(folder, wrote)]
    answered = {_student(name) for name, _ in files if _suffix(name) in (*SUFFIXES, *ZIPS)}
    for name, path in files:
        suffix = _suffix(name)
        if suffix in ZIPS:
            yield from _inner(name, path)
        elif suffix in SUFFIXES:
            yield _sheet(name, path)
        elif suffix in UNREAD and _student(name) not in answered:
            yield Sheet(name, suffix, "", said_of(suffix))


def _student(name: str) -> str:
    """Whose a file is: the folder that it is in tells, otherwise its own name."""
    return name.split("/", 1)[0]


def _sheet(name: str, path: Path) -> Sheet:
    suffix = path.suffix.lower()
    if suffix in UNREAD:
        return Sheet(name, suffix, "", said_of(suffix))
    try:
        with path.open("rb") as file:
            return _decoded(name, suffix, file.read(LARGEST_SHEET + 1))
    except OSError as error:
        return Sheet(name, suffix, "", f"can't be read: {error.strerror or error}")


def _decoded(name: str, suffix: str, data: bytes) -> Sheet:
    if len(data) > LARGEST_SHEET:
        return Sheet(name, suffix, "", f"is longer than {LARGEST_SHEET // 1_000_000} MB")
    if is_report(data):
        return Sheet(name, suffix, "", is_report=True)
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"):
        try:
            return Sheet(name, suffix, data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return Sheet(name, suffix, "", "is no text")


def _inner(name: str, file: Path | IO[bytes]) -> Iterator[Sheet]:
    """The sheets of a zip that a student handed in; one that can't be read stops no other."""
    found = False
    try:
        for sheet in _zipped(file, f"{PurePosixPath(name).with_suffix('')}/", nested=True):
            found = True
            yield sheet
    except _BROKEN as error:
        yield Sheet(name, ".zip", "", f"the zip can't be read: {_said(error)}")
        return
    if not found:
        yield Sheet(name, ".zip", "", "there is no sheet in the zip")


def _zipped(file: Path | IO[bytes], above: str, *, nested: bool = False) -> Iterator[Sheet]:
    """The sheets in a zip, read within bounds and never unpacked to disk."""
    with zipfile.ZipFile(file) as archive:
        entries = [(_name_of(entry), entry) for entry in archive.infolist() if not entry.is_dir()]
        named = [(f"{above}{name}", entry) for name, entry in entries if not _is_hidden(name.parts)]
        opened = SUFFIXES if nested else (*SUFFIXES, *ZIPS)
        answered = {_student(name) for name, _ in named if _suffix(name) in opened}
        for name, entry in named:
            suffix = _suffix(name)
            if suffix in ZIPS and not nested:
                yield from _inner_entry(archive, entry, name)
            elif suffix in SUFFIXES:
                yield _entry(archive, entry, name, suffix)
            elif suffix in UNREAD | ZIPS and _student(name) not in answered:
                yield Sheet(name, suffix, "", said_of(suffix))


def _name_of(entry: zipfile.ZipInfo) -> PurePosixPath:
    """The name of an entry, of which nothing leads out of a folder."""
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    return PurePosixPath(*(part for part in parts if part not in ("/", "..")))


def _inner_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Iterator[Sheet]:
    try:
        data = _taken(archive, entry, LARGEST_ZIP)
    except _BROKEN as error:
        yield Sheet(name, ".zip", "", f"the zip can't be read: {_said(error)}")
        return
    yield from _inner(name, BytesIO(data))


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, suffix: str) -> Sheet:
    try:
        return _decoded(name, suffix, _taken(archive, entry, LARGEST_SHEET))
    except _BROKEN as error:
        return Sheet(name, suffix, "", f"can't be read: {_said(error)}")


def _taken(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of an entry, which are as many as the zip says, or fewer."""
    if entry.flag_bits & 1:
        raise ValueError("it is locked by a password")
    if entry.file_size > most:
        raise ValueError(f"it is longer than {most // 1_000_000} MB")
    with archive.open(entry) as file:
        return file.read(most)


def _said(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _named_apart(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Sheets with names of their own: two of one name are told apart by a number."""
    seen: dict[str, int] = {}
    named = []
    for sheet in sheets:
        seen[sheet.name] = again = seen.get(sheet.name, 0) + 1
        named.append(sheet if again == 1 else replace(sheet, name=f"{sheet.name} ({again})"))
    return named
