"""Grades the sheets of a class: in parallel, again only what changed, with a summary for the teacher.

It knows nothing but ``concurrent.futures.Executor``, so that processes here and workers elsewhere are the same.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from pathlib import Path
from pickle import PicklingError

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
AT_ONCE = 128
"""As many sheets are with the workers: all of them are lost where one dies with the others' pool."""

PATIENCE = 60.0
"""Seconds without a sheet after which it is asked whether there still are workers."""

UNSENT = (TypeError, AttributeError, PicklingError)
"""What is raised where something can't be sent to another process; grading itself raises nothing."""

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
    executor: Executor | None,
    *,
    rubric: Rubric | None = None,
    rulings: Rulings | None = None,
    cache: Path | None = None,
    settings: str = "",
    pages: Pages | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
    waited: Callable[[], None] = lambda: None,
    without: Callable[[int], None] = lambda sheets: None,
) -> list[Report]:
    """The reports on all sheets, in their order.

    ``cache`` is a folder that keeps reports; a sheet that has not changed, under the same ``settings``, is not graded
    again. ``pages`` are written as the reports come; one that is there already is not made again. A sheet whose worker
    died is tried again. What no worker takes is graded here, of which ``without`` is told how many there are; there may
    be no ``executor``. ``waited`` is called where no worker has sent anything for a minute.

    Raises ToolError where a page can't be written, FormatError where a template can't be filled, and what ``waited``
    raises.
    """
    work = _Class(problems, sheets, rubric or Rubric(), rulings, cache, settings, pages, progress, waited)
    work.restore()
    if executor is not None:
        work.attempt(executor)
    if executor is not None and work.waiting:
        without(len(work.waiting))
    work.finish()
    return [work.found[place] for place in range(len(sheets))]


class _Class:
    """The sheets of a class while they are graded."""

    def __init__(
        self, problems: Sequence[Problem], sheets: Sequence[Sheet], rubric: Rubric, rulings: Rulings | None,
        cache: Path | None, settings: str, pages: Pages | None, progress: Callable[[int, int], None],
        waited: Callable[[], None],
    ) -> None:  # fmt: skip
        self.found: dict[int, Report] = {}
        self._kept: dict[int, Report] = {}
        self._problems, self._sheets, self._rubric, self._rulings = problems, sheets, rubric, rulings
        self._cache, self._pages, self._progress, self._waited = cache, pages, progress, waited
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

    def attempt(self, executor: Executor) -> None:
        """Have all that waits done by an executor. A sheet whose worker died is tried again when no other is, so that
        it takes none with it; one that is lost as often as there are tries has a report that says so."""
        fresh, suspects = deque(self.waiting), deque[int]()
        tries: Counter[int] = Counter()
        out: dict[Future[tuple[Report, str]], int] = {}
        try:
            while fresh or suspects or out:
                while (fresh and len(out) < AT_ONCE) or (suspects and not out):
                    place = fresh.popleft() if fresh else suspects.popleft()
                    try:
                        future = executor.submit(_graded, *self._asked(place))
                    except (RuntimeError, OSError):  # no worker can be had
                        return
                    out[future] = place
                for future in self._next(out):
                    place = out.pop(future)
                    if not self._take(place, future, last=tries[place] + 1 == TRIES):
                        tries[place] += 1
                        suspects.append(place)
        finally:
            for future in out:
                future.cancel()

    def _next(self, out: Mapping[Future[tuple[Report, str]], int]) -> set[Future[tuple[Report, str]]]:
        """The work that has ended; what is to be done where none has for long is asked each time."""
        while True:
            done, _ = wait(out, timeout=PATIENCE, return_when=FIRST_COMPLETED)
            if done:
                return done
            self._waited()

    def _take(self, place: int, future: Future[tuple[Report, str]], last: bool) -> bool:
        """Settle what a worker sends, if it sends something, or says for the last time that it does not."""
        try:
            report, page = future.result()
        except TracegenError:  # the page's template is at fault, and would be for all
            raise
        except UNSENT:
            return last  # it can't be sent to another process, and is graded here
        except Exception as error:  # a worker that died
            if last:
                lost = failed(self._sheets[place].name, f"the worker was lost ({type(error).__name__})")
                self._settle(place, lost, self._layout.text(lost) if self._layout else "", keep=False)
            return last
        self._settle(place, report, page)
        return True

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
