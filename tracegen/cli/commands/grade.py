"""``tracegen grade``: grades answer sheets, one or a class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracegen.cli.commands.options import INPUT, SHEETS, WritingCommand
from tracegen.errors import FormatError, ProblemError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from tracegen.grading.classes.collecting import Sheet
    from tracegen.grading.classes.pages import Layout, Pages
    from tracegen.grading.classes.rulings import Rulings
    from tracegen.grading.classes.together import Student
    from tracegen.grading.rubric import Rubric
    from tracegen.problems.problem import Problem


@click.command(cls=WritingCommand)
@click.argument("paths", nargs=-1, required=True, type=SHEETS, metavar="PROBLEM.toml… SHEET…")
@click.option("--rubric", type=INPUT, metavar="RUBRIC.toml", help="What cells are worth; one mark each if left out.")
@click.option("--rulings", type=INPUT, metavar="RULINGS.toml", help="What people decided on review.html.")
@click.option(
    "--format",
    "format_",
    help="md, html, tex, json, csv, gradescope or txt; if left out, txt for one sheet and html for several.",
)
@click.option("--output", metavar="FILE|DIR", help="Where to write; a folder for several sheets.")
@click.option(
    "--jobs", type=click.IntRange(1, 256), metavar="N", help="How many processes; one a processor if left out."
)
@click.option("--cluster", metavar="ADDRESS", help="Send the sheets to a Dask scheduler.")
@click.option("--templates", type=INPUT, metavar="DIR", help="A folder of your own templates, which come first.")
def grade(
    paths: tuple[str, ...], rubric: str | None, rulings: str | None, format_: str | None, output: str | None,
    jobs: int | None, cluster: str | None, templates: str | None,
) -> None:  # fmt: skip
    """Grade SHEETs (files, folders, zips) against one PROBLEM.toml or several.

    Several sheets make a folder: a report for each, class.html and class.md with the students, the commonest slips and
    what a person has to look at, gradebook.csv, and review.html, on which a person decides about each distinct cell
    that is wrong or was not judged. It exports rulings.toml, which --rulings applies to all sheets that say the same. A
    second run does only what changed. A file that is there and that tracegen did not write is left as it is, and its
    own reports are never taken for sheets.

    \b
    tracegen grade homework1.toml answer.md
    tracegen grade homework1.toml homework2.toml submissions.zip --output reports/

    A rubric has lines such as these, all of which may be left out:

    \b
    carry = true           # what follows from an earlier slip has its marks
    missing = 2            # taken off for a table that is not on the sheet
    skipped = 0            # for a step without formula and value
    truncated = 0.25       # for digits that are cut off instead of rounded
    decimals = 3           # a value shortened to fewer has no marks
    unread = "open"        # the marks of what can't be judged; "full" gives them, "none" takes them
    judged = 0.5           # the share of a sheet to be judged, or else a person marks it
    versions = "best"      # of two versions by one student; or the "last" by name
    [marks]                # label, formula, value, shape, heading: 1 each
    label = 0.5
    [tables."y1/reverse"]  # the same for one table
    formula = 2
    [rows."y1/reverse v2"] # and for one row
    value = 3
    """
    from tracegen.cli.commands.options import format_of
    from tracegen.grading.classes.pages import Layout
    from tracegen.grading.classes.rulings import Rulings
    from tracegen.grading.grader import gradable
    from tracegen.grading.report import FORMATS
    from tracegen.grading.rubric import Rubric

    problems = gradable([path for path in paths if path.endswith(".toml")])
    if not problems:
        raise ProblemError("give the problem as a file that ends in .toml, before the sheets")
    sheets = _sheets([path for path in paths if not path.endswith(".toml")], output)
    if output == "":
        raise ProblemError("--output needs the name of a file or a folder")
    for option, given in (("--rubric", rubric), ("--rulings", rulings)):
        if given == "":
            raise ProblemError(f"{option} needs the name of a file")
    decided = Rulings.read(rulings) if rulings else Rulings()
    marks = Rubric.read(rubric) if rubric else Rubric()
    marks.check([output for problem in problems for output in problem.outputs])
    single = len(sheets) == 1 and not _is_folder(output)
    format = format_of(format_, output if single else None, "txt" if single else "html")
    if format not in FORMATS:
        raise FormatError(f"there is no format {format!r} of a report; there are {', '.join(FORMATS)}")
    layout = Layout(format, Path(templates) if templates else None)
    if single:
        _grade_sheet(problems, sheets[0], marks, decided, layout, output)
        return
    if output is None:
        raise ProblemError(f"{len(sheets)} sheets make several files: give --output a folder, such as reports/")
    workers = _executor(jobs, cluster, len(sheets))
    _grade_class(problems, sheets, marks, decided, layout, output, workers, _settings(paths, rubric, rulings))


def _sheets(paths: list[str], output: str | None) -> list[Sheet]:
    """The sheets in files, folders and zips; a note says which reports of tracegen's own were passed over."""
    from tracegen.grading.classes.collecting import collect
    from tracegen.grading.read import SUFFIXES

    if not all(paths):
        raise ProblemError("a sheet without a name can't be read")
    reports: list[str] = []
    folder = Path(output) if output and _is_folder(output) else None
    sheets = collect(list(map(Path, paths)), output=folder, passed_over=reports.append)
    if reports:
        click.echo(f"passed over {_some(reports)}: tracegen wrote it, or a class was graded in its folder", err=True)
    if not sheets:
        place = f" in {', '.join(paths)}" if paths else ""
        raise ProblemError(f"there is no sheet{place}: give files, folders or zips of answers ({', '.join(SUFFIXES)})")
    return sheets


def _grade_sheet(
    problems: Sequence[Problem], sheet: Sheet, rubric: Rubric, rulings: Rulings, layout: Layout, output: str | None
) -> None:
    """Write the report on one sheet, to the terminal where there is no ``output``."""
    from tracegen.cli.commands.options import check_delivery, deliver
    from tracegen.grading.classes.batch import grade_sheet

    check_delivery([layout.suffix], output, "report")
    deliver(layout.text(grade_sheet(problems, sheet, rubric, rulings)), output, "report", layout.suffix)


def _grade_class(
    problems: Sequence[Problem], sheets: list[Sheet], rubric: Rubric, rulings: Rulings, layout: Layout,
    output: str, workers: AbstractContextManager[Executor], settings: str,
) -> None:  # fmt: skip
    """Write a report for each sheet into a folder, and the files on the class."""
    from tracegen.files.writing import folder
    from tracegen.grading.classes.batch import grade_class
    from tracegen.grading.classes.kept import INDEX
    from tracegen.grading.classes.pages import Pages
    from tracegen.grading.classes.review import groups_of, review_page
    from tracegen.grading.classes.together import of_students, several

    reports_in = folder(output)
    kept = reports_in / INDEX
    pages = Pages(reports_in, kept, layout, [sheet.name for sheet in sheets], several(sheets))
    for left, instead in pages.moved.items():
        click.echo(f"{left} is left as it is, for tracegen did not write it; see {instead.name}", err=True)
    with workers as executor, _bar(len(sheets)) as progress:
        reports = grade_class(
            problems, sheets, executor, rubric=rubric, rulings=rulings, cache=kept, settings=settings, pages=pages,
            progress=progress,
        )  # fmt: skip
    students = of_students(reports, sheets, rubric)
    pages.write_together([student for student in students if len(student.sheets) > 1])
    title = "; ".join(problem.title for problem in problems if problem.title)
    _write_class(students, pages, title)
    review = review_page(groups_of(reports, sheets, problems), rulings, f"Review: {title or 'class'}", layout.templates)
    pages.write_about(pages.review, review)
    about = f"{pages.overviews['html'].name}, {pages.overviews['md'].name} and {pages.gradebook.name}"
    click.echo(f"wrote {pages.written} of {len(reports)} reports, {about} to {output}", err=True)


MOST_NAMES = 3
"""As many files are named in a note."""


def _some(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _is_folder(output: str | None) -> bool:
    return output is not None and (output.endswith(("/", "\\")) or Path(output).is_dir())


def _settings(paths: tuple[str, ...], rubric: str | None, rulings: str | None) -> str:
    """What all reports depend on: the problems, the rubric, the rulings, the version."""
    from importlib.metadata import version

    files = [path for path in paths if path.endswith(".toml")] + [rubric or "", rulings or ""]
    return "\0".join([version("tracegen"), *(Path(path).read_text("utf-8") if path else "" for path in files)])


@contextmanager
def _executor(jobs: int | None, cluster: str | None, sheets: int) -> Iterator[Executor]:
    if cluster is not None:
        from tracegen.grading.classes.cluster import connected

        with connected(cluster) as executor:
            yield executor
        return
    import multiprocessing
    import os
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

    count = min(jobs or os.cpu_count() or 1, sheets)
    if count == 1:
        with ThreadPoolExecutor(1) as executor:
            yield executor
        return
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=spawning, initializer=_leave_interrupts) as processes:
        yield processes


def _leave_interrupts() -> None:
    """Let the process that started this one hear of an interrupt alone: it ends with one line, and so do all."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _bar(of: int) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    columns = BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("sheets", total=of)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _write_class(students: list[Student], pages: Pages, title: str) -> None:
    """The files on the class: its page, also in the format of the reports where that is another, and the marks."""
    from tracegen.document.render import render
    from tracegen.grading.classes.classroom import class_document, gradebook

    reports = [student.report for student in students]
    sheets = {student.report.source: student.sheets for student in students}
    document, layout = class_document(reports, title, sheets), pages.layout
    links = {name: path.name for name, path in pages.paths.items()}
    for format, path in pages.overviews.items():
        page = render(
            document, format, kind="report", report=None, links=links, standalone=True, templates=layout.templates
        )
        pages.write_about(path, page)
    pages.write_about(pages.gradebook, gradebook(reports, sheets))
