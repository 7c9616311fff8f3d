"""Grades the sheets of a class: in parallel, again only what changed, with a summary for the teacher.

It knows nothing but ``concurrent.futures.Executor``, so that processes here and workers elsewhere are the same.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tracegen.errors import Place, TracegenError
from tracegen.files import write
from tracegen.grade.grader import grade
from tracegen.grade.read import SUFFIXES
from tracegen.grade.report import Report, failed
from tracegen.grade.rubric import Rubric
from tracegen.problem import Problem

LARGEST_SHEET = 4_000_000
MOST_SHEETS = 20_000
TRIES = 3


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that is to be graded: whose it is, what kind of file, and its text; or why there is none."""

    name: str
    suffix: str
    text: str
    failure: str = ""

    def key(self, settings: str) -> str:
        """What the report depends on, as a short text."""
        return hashlib.sha256(
            "\0".join((settings, self.name, self.suffix, self.text, self.failure)).encode()
        ).hexdigest()


def sheets_in(folder: Path) -> list[Path]:
    """The files in a folder, and in folders in it, that can be sheets."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    return [path for path in found if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")]


def collect(paths: Sequence[Path]) -> list[Sheet]:
    """The sheets of files, folders and zips, each with the name that the report has.

    Raises TracegenError where a path is not there or there are too many.
    """
    sheets = [sheet for path in paths for sheet in _sheets_of(path)]
    if len(sheets) > MOST_SHEETS:
        raise TracegenError(f"there are {len(sheets):,} sheets; {MOST_SHEETS:,} are graded at once")
    return _named_apart(sheets)


def _sheets_of(path: Path) -> Iterator[Sheet]:
    if path.is_dir():
        for found in sheets_in(path):
            yield _sheet(str(found.relative_to(path)), found)
        return
    if not path.is_file():
        raise TracegenError("is not there", Place(str(path)))
    if path.suffix.lower() == ".zip":
        yield from _zipped(path)
        return
    yield _sheet(path.name, path)


def _sheet(name: str, path: Path) -> Sheet:
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST_SHEET else None
    except OSError as error:
        return Sheet(name, path.suffix.lower(), "", f"can't be read: {error.strerror or error}")
    return _decoded(name, path.suffix.lower(), data)


def _decoded(name: str, suffix: str, data: bytes | None) -> Sheet:
    if data is None:
        return Sheet(name, suffix, "", f"is longer than {LARGEST_SHEET // 1_000_000} MB")
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1"):
        try:
            return Sheet(name, suffix, data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return Sheet(name, suffix, "", "is no text")


def _zipped(path: Path) -> Iterator[Sheet]:
    """The sheets in a zip, read within bounds and never unpacked to disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist()[:MOST_SHEETS]:
                name = PurePosixPath(entry.filename)
                if entry.is_dir() or name.suffix.lower() not in SUFFIXES or name.name.startswith((".", "__MACOSX")):
                    continue
                if "__MACOSX" in name.parts:
                    continue
                with archive.open(entry) as file:
                    data = file.read(LARGEST_SHEET + 1)
                shown = "/".join(part for part in name.parts if part not in ("/", ".."))
                yield _decoded(shown, name.suffix.lower(), data if len(data) <= LARGEST_SHEET else None)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        yield Sheet(path.name, ".zip", "", f"the zip can't be read: {error}")


def _named_apart(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Sheets with names of their own: two of one name are told apart by a number."""
    seen: dict[str, int] = {}
    named = []
    for sheet in sheets:
        seen[sheet.name] = seen.get(sheet.name, 0) + 1
        again = seen[sheet.name]
        named.append(sheet if again == 1 else Sheet(f"{sheet.name} ({again})", sheet.suffix, sheet.text, sheet.failure))
    return named


def grade_sheet(problems: Sequence[Problem], sheet: Sheet, rubric: Rubric) -> Report:
    """The report on one sheet; one that says what happened where it can't be graded."""
    if sheet.failure:
        return failed(sheet.name, sheet.failure)
    try:
        return grade(list(problems), sheet.text, rubric=rubric, suffix=sheet.suffix, source=sheet.name)
    except TracegenError as error:
        return failed(sheet.name, str(error))
    except Exception as error:  # one bad sheet never stops the rest
        return failed(sheet.name, f"an unexpected {type(error).__name__} came up; a person has to look")


def grade_class(
    problems: Sequence[Problem],
    sheets: Sequence[Sheet],
    executor: Executor,
    *,
    rubric: Rubric | None = None,
    cache: Path | None = None,
    settings: str = "",
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Report]:
    """The reports on all sheets, in their order.

    ``cache`` is a folder that keeps reports; a sheet that has not changed, under the same ``settings``, is not graded
    again. A sheet whose worker died is tried again.
    """
    rubric = rubric or Rubric()
    found: dict[int, Report] = {}
    for place, sheet in enumerate(sheets):
        kept = _kept(cache, sheet.key(settings)) if cache else None
        if kept is not None:
            found[place] = kept
    progress(len(found), len(sheets))
    waiting = [place for place in range(len(sheets)) if place not in found]
    for attempt in range(TRIES):
        futures: dict[Future[Report], int] = {}
        for place in waiting:
            try:
                futures[executor.submit(grade_sheet, problems, sheets[place], rubric)] = place
            except RuntimeError:
                break
        for future in as_completed(futures):
            place = futures[future]
            try:
                found[place] = future.result()
            except Exception as error:  # a worker that died; the sheet is tried again
                if attempt == TRIES - 1:
                    found[place] = failed(sheets[place].name, f"the worker was lost ({type(error).__name__})")
                continue
            _keep(cache, sheets[place].key(settings), found[place])
            progress(len(found), len(sheets))
        waiting = [place for place in waiting if place not in found]
        if not waiting:
            break
    for place in waiting:
        found[place] = grade_sheet(problems, sheets[place], rubric)
    progress(len(found), len(sheets))
    return [found[place] for place in range(len(sheets))]


def _kept(cache: Path, key: str) -> Report | None:
    from tracegen.grade.keeping import restored

    path = cache / f"{key}.json"
    try:
        return restored(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _keep(cache: Path | None, key: str, report: Report) -> None:
    from tracegen.grade.keeping import kept

    if cache is not None:
        write(cache / f"{key}.json", json.dumps(kept(report), allow_nan=False))


def scratch() -> Path:
    """A folder for what is kept for one run only."""
    return Path(tempfile.mkdtemp(prefix="tracegen-"))
