"""What everything renders, records and reports today, an item a line: ``python -m tests.snapshots`` writes it anew.

The texts themselves would be megabytes; a line has a digest of the text, and enough to see what kind of change it is.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.grading import test_unusual as unusual
from tests.grading import test_written as written
from tests.grading.conftest import FIRST, SECOND
from tests.refresh import EXAMPLES, PROFILES
from tracegen.document.view import View
from tracegen.examples import path_of
from tracegen.files.writing import write
from tracegen.grading.grader import grade
from tracegen.grading.report import Report
from tracegen.problems.problem import Problem
from tracegen.publish.page import page_of
from tracegen.publish.slides import slides_of
from tracegen.publish.solution_sheet import sheet_of
from tracegen.publish.worksheet import worksheets
from tracegen.tables.record import to_json
from tracegen.tables.whole_trace import TABLES
from tracegen.traces import Trace, trace

FOLDER = Path(__file__).parent / "golden" / "snapshots"
SUBMISSIONS = Path(__file__).parent / "submissions"

SHOWN_IN = ("md", "tex", "txt", "html", "csv")
DRAWN_AS = ("svg", "dot", "tikz", "mermaid", "json")
REPORTED_IN = ("md", "html", "tex", "json", "csv", "txt", "gradescope")

Make = Callable[[], str]


def outputs() -> Iterator[tuple[str, Make]]:
    """Every example in every format: all tables, graphs, pages, slides, sheets, worksheets; and a report."""
    for example in EXAMPLES:
        traced = trace(path_of(example), profile=PROFILES.get(example, "homework"))
        for format in SHOWN_IN:
            yield f"{example} tables {format}", lambda t=traced, f=format: _tables(t, f)  # type: ignore[misc]
        for format in DRAWN_AS:
            yield f"{example} graph {format}", lambda t=traced, f=format: str(t.graph().to(f))  # type: ignore[misc]
        yield f"{example} page html", lambda t=traced: page_of(t)  # type: ignore[misc]
        yield f"{example} slides tex", lambda t=traced: slides_of(t)  # type: ignore[misc]
        yield f"{example} sheet tex", lambda t=traced: sheet_of([t])  # type: ignore[misc]
        for format in ("md", "tex"):
            yield f"{example} worksheet {format}", lambda t=traced, f=format: _worksheet(t, f)  # type: ignore[misc]
    for format in REPORTED_IN:
        yield f"homework report {format}", lambda f=format: _homework().to(f)  # type: ignore[misc]


def records() -> Iterator[tuple[str, Make]]:
    """The record of every problem that the tests keep as text: for programs, and as a problem file."""
    for name, problem in problems():
        yield name, lambda p=problem: to_json(trace(p).record())  # type: ignore[misc]


def reports() -> Iterator[tuple[str, Callable[[], Report]]]:
    """The report on every sheet that the tests keep."""
    yield "homework_answer.md", _homework
    sheets = [(names, file) for names, files in written.ALL_RIGHT.items() for file in files]
    sheets += [(names, file) for names, file, _ in written.SLIPS]
    for names, file in sheets:
        yield f"written/{file}", lambda n=names, f=file: _written(n, f)  # type: ignore[misc]
    for file in unusual.SHEETS:
        text = (unusual.FOLDER / file).read_text("utf-8")
        yield f"unusual/{file}", lambda f=file, t=text: unusual.graded(f, t)  # type: ignore[misc]


def problems() -> Iterator[tuple[str, Problem]]:
    """The problems that the tests keep as text or as files."""
    for name, text in (*written.PROBLEMS.items(), ("first", FIRST), ("second", SECOND)):
        yield name, Problem.from_toml(text)
    for path in sorted(unusual.FOLDER.glob("*.toml")):
        if path.name != "slips.toml":
            yield f"unusual/{path.name}", Problem.read(path)
    for example in EXAMPLES:
        yield f"examples/{example}", Problem.read(path_of(example))


def _tables(traced: Trace, format: str) -> str:
    return View(traced.document(TABLES), traced.convention).to(format, standalone=format == "tex")


def _worksheet(traced: Trace, format: str) -> str:
    (found,) = worksheets(traced, 1, seed=7, format=format)
    return "\n".join([found.problem, found.sheet, found.key])


def _homework() -> Report:
    text = (SUBMISSIONS / "homework_answer.md").read_text("utf-8")
    return grade([Problem.from_toml(FIRST), Problem.from_toml(SECOND)], text)


def _written(names: str, file: str) -> Report:
    path = written.FOLDER / file
    return grade(written.problems(names), path.read_text("utf-8"), suffix=path.suffix)


def output_line(make: Make) -> str:
    """Of a text: its digest and its size."""
    text = _said(make)
    return f"{digest(text)} {len(text.splitlines())} lines, {len(text)} characters"


def record_line(make: Make) -> str:
    """Of a record: the digests of its parts."""
    text = _said(make)
    if not text.startswith("{"):
        return text
    record: dict[str, Any] = json.loads(text)
    return ", ".join(f"{key} {digest(json.dumps(part, ensure_ascii=False))}" for key, part in record.items())


def report_line(make: Callable[[], Report]) -> str:
    """Of a report: its digest, its marks, and how often it gives which verdict."""
    report = make()
    verdicts = Counter(cell.verdict for cell in report.cells)
    counted = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    return f"{digest(report.to('json'))} {report.score:g}/{report.max_score:g}: {counted}"


def _said(make: Make) -> str:
    from tracegen.errors import TracegenError

    try:
        return make()
    except TracegenError as error:
        return f"{type(error).__name__}: {error}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


AREAS: dict[str, Callable[[], dict[str, str]]] = {
    "outputs": lambda: {name: output_line(make) for name, make in outputs()},
    "records": lambda: {name: record_line(make) for name, make in records()},
    "reports": lambda: {name: report_line(make) for name, make in reports()},
}
"""A file for each, and what it should hold."""


def kept(area: str) -> dict[str, str]:
    """What a file holds."""
    found: dict[str, str] = json.loads((FOLDER / f"{area}.json").read_text("utf-8"))
    return found


def refresh() -> None:
    """Write all of it."""
    for area, lines in AREAS.items():
        write(FOLDER / f"{area}.json", json.dumps(lines(), indent=0, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    refresh()
