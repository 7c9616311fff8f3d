"""Grades a text or a file against one problem or several: the one call that everything else is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from tracegen.errors import Place, TracegenError
from tracegen.grading.classes.rulings import Rulings
from tracegen.grading.findings import Room
from tracegen.grading.grading import grade_submission, words_of
from tracegen.grading.read import read_sheet
from tracegen.grading.records import notebook_places
from tracegen.grading.reference import reference_of
from tracegen.grading.report import Report, report_of
from tracegen.grading.rubric import Rubric
from tracegen.problems.problem import Problem

LARGEST_FILE = 4_000_000

_ROOM = Room()

Problems = Problem | str | Path | Sequence[Problem | str | Path]


def grade(
    problem: Problems,
    text: str,
    *,
    rubric: Rubric | str | Path | None = None,
    rulings: Rulings | str | Path | None = None,
    suffix: str = ".md",
    source: str = "sheet",
) -> Report:
    """The report on an answer sheet.

    ``problem`` is a Problem or the path of a problem file, or several; ``rubric`` a Rubric or the path of its file,
    ``rulings`` what people decided, likewise;
    ``suffix`` says what the text is: .md, .tex, .txt, .typ, .ipynb, .csv, .json or .html.

    Raises ProblemError where the problem or the rubric can't be read, BoundError for a sheet that is too long,
    ParseError for one that is not of its format. What is on a sheet raises nothing.

    >>> problem = Problem.from_toml('[inputs]\\nx = 2\\n[outputs]\\ny = "3*x"')
    >>> report = grade(problem, "v0 = x = 2\\nv1 = 3 v0 = 6")
    >>> report.score == report.max_score
    True
    """
    _ROOM.make(len(text))
    marks = Rubric.read(rubric) if isinstance(rubric, str | Path) else rubric or Rubric()
    problems = problems_of(problem)
    references = [reference_of(each) for each in problems]
    submission = read_sheet(text, words_of(references), suffix=suffix, source=source)
    title = "; ".join(each.title for each in problems if each.title)
    graded = grade_submission(references, submission)
    if rulings is not None:
        decided = Rulings.read(rulings) if isinstance(rulings, str | Path) else rulings
        graded.judgements = decided.apply(graded.judgements, problems)
    if suffix == ".ipynb":
        place = notebook_places(text)
        graded.judgements = [replace(judged, place=place(judged.line)) for judged in graded.judgements]
    return report_of(graded, marks, source, title)


def problems_of(problem: Problems) -> list[Problem]:
    """The problems that are given, files read."""
    given = [problem] if isinstance(problem, Problem | str | Path) else list(problem)
    return [each if isinstance(each, Problem) else _read(Path(each)) for each in given]


def gradable(paths: Sequence[str]) -> list[Problem]:
    """The problems in files, each of which has right tables: otherwise no sheet is at fault.

    Raises ProblemError, ShapeError, PointError or ParseError with the place.
    """
    problems = [Problem.read(path) for path in paths]
    for problem in problems:
        reference_of(problem)
    return problems


def _read(path: Path) -> Problem:
    """The problem in a file, which is read again only when it has changed."""
    try:
        status = path.stat()
    except OSError:
        return Problem.read(path)
    return _read_once(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _read_once(path: Path, changed: int, size: int) -> Problem:
    return Problem.read(path)


def text_of(path: Path) -> str:
    """The text of a sheet. Raises TracegenError where it can't be read, is too long, or is no text."""
    place = Place(path.name)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise TracegenError(f"can't be read: {error.strerror or error}", place) from None
    if len(data) > LARGEST_FILE:
        raise TracegenError(f"is longer than {LARGEST_FILE // 1_000_000} MB", place)
    for encoding in ("utf-8-sig", "utf-16"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
