"""Grades the sheets of a class: in parallel, again only what changed, with a summary for the teacher.

It knows nothing but ``concurrent.futures.Executor``, so that processes here and workers elsewhere are the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from pathlib import Path

from tracegen.errors import TracegenError
from tracegen.files.writing import write
from tracegen.grading.classes.collecting import Sheet
from tracegen.grading.classes.pages import Layout, Pages
from tracegen.grading.classes.rulings import Rulings
from tracegen.grading.grader import grade
from tracegen.grading.report import Report, failed
from tracegen.grading.rubric import Rubric
from tracegen.problems.problem import Problem

TRIES = 3
NOTHING = "nothing on it reads as a row, a value or a matrix; a person has to look"


def grade_sheet(problems: Sequence[Problem], sheet: Sheet, rubric: Rubric, rulings: Rulings | None = None) -> Report:
    """The report on one sheet; one that says what happened where it can't be graded."""
    if sheet.failure:
        return failed(sheet.name, sheet.failure)
    try:
        report = grade(
            list(problems), sheet.text, rubric=rubric, rulings=rulings, suffix=sheet.suffix, source=sheet.name
        )
    except TracegenError as error:
        return failed(sheet.name, str(error))
    except Exception as error:  # one bad sheet never stops the rest
        return failed(sheet.name, f"an unexpected {type(error).__name__} came up; a person has to look")
    return report if report.cells else failed(sheet.name, NOTHING, report.title)


def grade_class(
    problems: Sequence[Problem],
    sheets: Sequence[Sheet],
    executor: Executor,
    *,
    rubric: Rubric | None = None,
    rulings: Rulings | None = None,
    cache: Path | None = None,
    settings: str = "",
    pages: Pages | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Report]:
    """The reports on all sheets, in their order.

    ``cache`` is a folder that keeps reports; a sheet that has not changed, under the same ``settings``, is not graded
    again. ``pages`` are written as the reports come; one that is there already is not made again. A sheet whose worker
    died is tried again.

    Raises ToolError where a page can't be written, FormatError where a template can't be filled.
    """
    work = _Class(problems, sheets, rubric or Rubric(), rulings, cache, settings, pages, progress)
    work.restore()
    for last in (False,) * (TRIES - 1) + (True,):
        work.attempt(executor, last)
        if not work.waiting:
            break
    work.finish()
    return [work.found[place] for place in range(len(sheets))]


class _Class:
    """The sheets of a class while they are graded."""

    def __init__(
        self, problems: Sequence[Problem], sheets: Sequence[Sheet], rubric: Rubric, rulings: Rulings | None,
        cache: Path | None, settings: str, pages: Pages | None, progress: Callable[[int, int], None],
    ) -> None:  # fmt: skip
        self.found: dict[int, Report] = {}
        self._kept: dict[int, Report] = {}
        self._problems, self._sheets, self._rubric, self._rulings = problems, sheets, rubric, rulings
        self._cache, self._pages, self._progress = cache, pages, progress
        self._keys = [sheet.key(settings) for sheet in sheets] if cache or pages else []

    @property
    def waiting(self) -> list[int]:
        """The places of the sheets that have no report yet, or one without a page."""
        return [place for place in range(len(self._sheets)) if place not in self.found]

    def restore(self) -> None:
        """Take what is kept: the report where its page is there too, otherwise the page is made of it."""
        for place in range(len(self._sheets)) if self._cache else ():
            kept = self._restored(place)
            if kept is None:
                continue
            if self._pages is None or self._pages.is_there(self._sheets[place].name, self._keys[place]):
                self.found[place] = kept
            else:
                self._kept[place] = kept
        self._progress(len(self.found), len(self._sheets))

    def attempt(self, executor: Executor, last: bool) -> None:
        """Have all that waits done by an executor. What is lost waits on; in the last attempt its report says so."""
        futures: dict[Future[tuple[Report, str]], int] = {}
        for place in self.waiting:
            try:
                futures[executor.submit(_graded, *self._asked(place))] = place
            except RuntimeError:
                break
        try:
            for future in as_completed(futures):
                place = futures[future]
                try:
                    report, page = future.result()
                except TracegenError:  # the page's template is at fault, and would be for all
                    raise
                except Exception as error:  # a worker that died; the sheet is tried again
                    if last:
                        lost = failed(self._sheets[place].name, f"the worker was lost ({type(error).__name__})")
                        self._settle(place, lost, self._layout.text(lost) if self._layout else "", keep=False)
                    continue
                self._settle(place, report, page)
        except BaseException:
            for future in futures:
                future.cancel()
            raise

    def finish(self) -> None:
        """Do here what no executor took."""
        for place in self.waiting:
            self._settle(place, *_graded(*self._asked(place)))
        self._progress(len(self.found), len(self._sheets))

    @property
    def _layout(self) -> Layout | None:
        return self._pages.layout if self._pages else None

    def _asked(self, place: int) -> tuple[Sequence[Problem], Sheet | Report, Rubric, Rulings | None, Layout | None]:
        """What has to be known to grade a sheet, or to make the page of a report that is kept."""
        return self._problems, self._kept.get(place, self._sheets[place]), self._rubric, self._rulings, self._layout

    def _settle(self, place: int, report: Report, page: str, keep: bool = True) -> None:
        self.found[place] = report
        if self._cache and keep and place not in self._kept:
            from tracegen.grading.classes.keeping import kept

            write(self._path(place), json.dumps(kept(report), allow_nan=False))
        if self._pages:
            self._pages.write(self._sheets[place].name, self._keys[place], page)
        self._progress(len(self.found), len(self._sheets))

    def _restored(self, place: int) -> Report | None:
        from tracegen.grading.classes.keeping import restored

        try:
            return restored(json.loads(self._path(place).read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return None

    def _path(self, place: int) -> Path:
        assert self._cache is not None
        return self._cache / f"{self._keys[place]}.json"


def _graded(
    problems: Sequence[Problem], given: Sheet | Report, rubric: Rubric, rulings: Rulings | None, layout: Layout | None
) -> tuple[Report, str]:
    """The report on a sheet, or one that is there already, with its page."""
    report = grade_sheet(problems, given, rubric, rulings) if isinstance(given, Sheet) else given
    if layout is None:
        return report, ""
    try:
        return report, layout.text(report)
    except TracegenError:
        raise
    except Exception as error:  # one bad sheet never stops the rest
        report = failed(report.source, f"an unexpected {type(error).__name__} came up; a person has to look")
        return report, layout.text(report)
