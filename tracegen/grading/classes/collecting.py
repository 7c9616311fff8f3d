"""Collects the sheets that were handed in: files, folders, and zips as learning platforms export them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from tracegen.errors import Place, TracegenError
from tracegen.files.signature import is_report
from tracegen.grading.classes.handed_in import BROKEN, EMPTY, Entry, empty_in_zip, in_folder, in_zip, of_path, said
from tracegen.grading.classes.kept import Wrote
from tracegen.grading.classes.students import students_of
from tracegen.grading.read import SUFFIXES

LARGEST_SHEET = 4_000_000
LARGEST_ZIP = 50_000_000
"""Bytes of a zip inside a zip."""

MOST_SHEETS = 20_000
MOST_CHARACTERS = 250_000_000
"""Those of all sheets of a class."""

ZIPS = frozenset([".zip"])
READ_AS = {
    **{suffix: suffix for suffix in SUFFIXES}, "": ".md", ".markdown": ".md", ".mkd": ".md", ".rmd": ".md",
    ".qmd": ".md", ".latex": ".tex", ".ltx": ".tex", ".text": ".txt", ".xhtml": ".html",
}  # fmt: skip
"""The endings of files that are read, each with that of its format; text without an ending is read as Markdown."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is to be graded: whose it is, what kind of file, and its text; or why there is none. ``beside``
    has the files of the student that are not read."""

    name: str
    suffix: str
    text: str
    failure: str = ""
    is_report: bool = False
    student: str = ""
    beside: tuple[str, ...] = ()

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

    Of each student there is a sheet: where nothing that was handed in can be read, one for each file that says why.
    A file that is not read beside one that is belongs to it.

    Raises TracegenError where a path is not there, is no zip, or there is too much.
    """
    wrote = Wrote(output, passed_over)
    sheets: list[Sheet] = []
    size = 0
    students: set[str] = set()
    for path in paths:
        known = frozenset(students)
        for sheet in _sheets_of(path, wrote):
            if sheet.is_report:
                passed_over(sheet.name)
                continue
            sheet = replace(sheet, student=_apart(sheet.student, known))
            students.add(sheet.student)
            sheets.append(sheet)
            size += len(sheet.text)
            if len(sheets) > MOST_SHEETS:
                raise TracegenError(f"there are more than {MOST_SHEETS:,} sheets", Place(str(path)))
            if size > MOST_CHARACTERS:
                raise TracegenError(f"the sheets have more than {MOST_CHARACTERS:,} characters", Place(str(path)))
    return _named_apart(sheets)


def said_of(suffix: str) -> str:
    """What is said of a file that is not read."""
    return f"{suffix} files are not read; a person has to look" if suffix else "is not read; a person has to look"


def _apart(student: str, known: frozenset[str]) -> str:
    """A student's name, told apart from those in other folders."""
    name, number = student, 2
    while name in known:
        name, number = f"{student} ({number})", number + 1
    return name


def _sheets_of(path: Path, wrote: Wrote) -> Iterator[Sheet]:
    if path.is_dir():
        yield from _sheets_in(path, wrote)
        return
    if not path.is_file():
        raise TracegenError("is not there", Place(str(path)))
    if wrote.is_report(path):
        wrote.passed_over(path.name)
        return
    entry = Entry(path.name, of_path(path))
    if entry.suffix not in ZIPS:
        yield replace(_sheet(entry, path.name), student=path.name)
        return
    try:
        yield from _zipped(path)
    except BROKEN as error:
        raise TracegenError(f"the zip can't be read: {said(error)}", Place(str(path))) from None


def _sheets_in(folder: Path, wrote: Wrote) -> Iterator[Sheet]:
    yield from _of_students(list(in_folder(folder, wrote)))


def _of_students(entries: Sequence[Entry]) -> Iterator[Sheet]:
    """The sheets of all students; those in a zip that a student put there are the student's."""
    students = students_of([entry.name for entry in entries])
    answered = {student for student, entry in zip(students, entries, strict=True) if _is_answer(entry)}
    beside: dict[str, list[str]] = {}
    for student, entry in zip(students, entries, strict=True):
        if student in answered and not _is_answer(entry):
            beside.setdefault(student, []).append(entry.name)
    for student, entry in zip(students, entries, strict=True):
        if student in answered and not _is_answer(entry):
            continue
        others = tuple(beside.pop(student, ()))
        for sheet in _inner(entry) if entry.suffix in ZIPS and not entry.refused else [_sheet(entry, entry.name)]:
            yield replace(sheet, student=student, beside=others)
            others = ()


def _is_answer(entry: Entry) -> bool:
    return not entry.refused and entry.suffix in (*READ_AS, *ZIPS)


def _sheet(entry: Entry, name: str) -> Sheet:
    if entry.refused:
        return Sheet(name, "", "", entry.refused)
    if entry.suffix not in READ_AS:
        return Sheet(name, entry.suffix, "", said_of(entry.suffix))
    try:
        data = entry.read(LARGEST_SHEET)
    except BROKEN as error:
        return Sheet(name, entry.suffix, "", f"can't be read: {said(error)}")
    if not entry.suffix and b"\0" in data and data[:2] not in _MARKS:
        return Sheet(name, "", "", "is no text; a person has to look")
    return _decoded(name, READ_AS[entry.suffix], data)


_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How a text begins that has two bytes a sign."""


def _decoded(name: str, suffix: str, data: bytes) -> Sheet:
    if len(data) > LARGEST_SHEET:
        return Sheet(name, suffix, "", f"is longer than {LARGEST_SHEET // 1_000_000} MB")
    if is_report(data):
        return Sheet(name, suffix, "", is_report=True)
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in _MARKS else "latin-1"):
        try:
            return Sheet(name, suffix, data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return Sheet(name, suffix, "", "is no text")


def _inner(entry: Entry) -> Iterator[Sheet]:
    """The sheets of a zip that a student handed in; one that can't be read stops no other."""
    found = False
    above = f"{PurePosixPath(entry.name).with_suffix('')}/"
    try:
        data = entry.read(LARGEST_ZIP)
        if len(data) > LARGEST_ZIP:
            raise ValueError(f"it is longer than {LARGEST_ZIP // 1_000_000} MB")
        with zipfile.ZipFile(BytesIO(data)) as archive:
            inside = [replace(each, name=f"{above}{each.name}") for each in in_zip(archive)]
            read = [each for each in inside if not each.refused and each.suffix in READ_AS]
            others = tuple(each.name for each in inside if each not in read) if read else ()
            for each in read or inside:
                found = True
                yield replace(_sheet(each, each.name), beside=others)
                others = ()
    except BROKEN as error:
        yield Sheet(entry.name, ".zip", "", f"the zip can't be read: {said(error)}")
        return
    if not found:
        yield Sheet(entry.name, ".zip", "", "there is no sheet in the zip")


def _zipped(file: Path | IO[bytes]) -> Iterator[Sheet]:
    """The sheets in a zip, read within bounds."""
    with zipfile.ZipFile(file) as archive:
        nothing = [Entry(name, lambda most: b"", EMPTY) for name in empty_in_zip(archive)]
        yield from _of_students([*in_zip(archive), *nothing])


def _named_apart(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Sheets with names of their own: two of one name are told apart by a number."""
    seen: dict[str, int] = {}
    named = []
    for sheet in sheets:
        seen[sheet.name] = again = seen.get(sheet.name, 0) + 1
        named.append(sheet if again == 1 else replace(sheet, name=f"{sheet.name} ({again})"))
    return named
