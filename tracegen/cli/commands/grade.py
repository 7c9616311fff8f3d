"""``tracegen grade``: grades answer sheets, one or a class."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracegen.cli.commands.options import (
    INPUT,
    SHEETS,
    WritingCommand,
    check_delivery,
    deliver,
    format_of,
    is_folder,
)  # fmt: skip
from tracegen.errors import FormatError, ProblemError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from tracegen.grading.classes.collecting import Sheet
    from tracegen.grading.classes.overviews import Asked
    from tracegen.grading.classes.pages import Layout
    from tracegen.grading.classes.rulings import Rulings
    from tracegen.grading.classes.runs import Run, Settings
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
@click.option(
    "--feedback",
    type=click.IntRange(1, 4),
    default=4,
    show_default=True,
    help="What reports tell: 1 how many rows are wrong, 2 which, 3 what kind of slip, 4 what would be right.",
)
@click.option(
    "--gradebook", type=INPUT, metavar="EXPORT.csv", help="Fill in what Canvas, Moodle or Gradescope exported."
)
@click.option("--column", metavar="NAME", help="The column of that gradebook which the marks go to.")
@click.option("--anonymous", metavar="KEY", help="Call students by names that are made of theirs with a key.")
@click.option("--compare", type=SHEETS, metavar="DIR", help="List the marks that are not as in another run's folder.")
@click.option("--templates", type=INPUT, metavar="DIR", help="A folder of your own templates, which come first.")
def grade(
    paths: tuple[str, ...], rubric: str | None, rulings: str | None, format_: str | None, output: str | None,
    jobs: int | None, cluster: str | None, feedback: int, gradebook: str | None,
    column: str | None, anonymous: str | None, compare: str | None, templates: str | None,
) -> None:  # fmt: skip
    """Grade SHEETs (files, folders, zips) against one PROBLEM.toml or several.

    Several sheets make a folder: a report for each, class.html and class.md with the students, the commonest slips and
    what a person has to look at, gradebook.csv, and review.html, on which a person decides about each distinct cell
    that is wrong or was not judged. It exports rulings.toml, which --rulings applies to all sheets that say the same.
    With --compare reports/, changes.csv lists each mark that is not what it was there, and why. With --gradebook the
    marks are filled into a copy of the platform's own, gradebook-filled.csv, by identifier or name.

    A second run does only what changed. A file that is there and that tracegen did not write is left as it is, and its
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
    from tracegen.grading.classes.anonymous import anonymous as under_other_names
    from tracegen.grading.classes.overviews import Asked
    from tracegen.grading.classes.pages import Layout
    from tracegen.grading.classes.roster import Roster
    from tracegen.grading.classes.rulings import Rulings
    from tracegen.grading.classes.runs import Run
    from tracegen.grading.grader import gradable
    from tracegen.grading.report import FORMATS
    from tracegen.grading.rubric import Rubric

    files = [path for path in paths if path.endswith(".toml")]
    problems = gradable(files)
    if not problems:
        raise ProblemError("give the problem as a file that ends in .toml, before the sheets")
    sheets = _sheets([path for path in paths if not path.endswith(".toml")], output)
    if output == "":
        raise ProblemError("--output needs the name of a file or a folder")
    for option, given in (("--rubric", rubric), ("--rulings", rulings), ("--compare", compare)):
        if given == "":
            raise ProblemError(f"{option} needs the name of a {'folder' if option == '--compare' else 'file'}")
    decided = Rulings.read(rulings) if rulings else Rulings()
    marks = Rubric.read(rubric) if rubric else Rubric()
    marks.check([output for problem in problems for output in problem.outputs])
    single = len(sheets) == 1 and not (output and is_folder(output))
    format = format_of(format_, output if single else None, "txt" if single else "html")
    if format not in FORMATS:
        raise FormatError(f"there is no format {format!r} of a report; there are {', '.join(FORMATS)}")
    layout = Layout(format, Path(templates) if templates else None, feedback)
    if single:
        for option, given in (("--compare", compare), ("--gradebook", gradebook), ("--anonymous", anonymous)):
            if given is not None:
                raise ProblemError(f"{option} is for a class: give --output a folder")
        _grade_sheet(problems, sheets[0], marks, decided, layout, output)
        return
    if output is None:
        raise ProblemError(f"{len(sheets)} sheets make several files: give --output a folder, such as reports/")
    roster = Roster.read(Path(gradebook), column) if gradebook is not None else None
    sheets, names = under_other_names(sheets, anonymous) if anonymous else (sheets, {})
    settings = _settings(files, rubric, rulings)
    asked = Asked(problems, sheets, marks, decided, layout, settings, roster, names)
    _grade_class(asked, output, _workers(jobs, cluster, len(sheets)), Run.read(Path(compare)) if compare else None)


def _sheets(paths: list[str], output: str | None) -> list[Sheet]:
    """The sheets in files, folders and zips; a note says which reports of tracegen's own were passed over."""
    from tracegen.grading.classes.collecting import collect
    from tracegen.grading.read import SUFFIXES

    if not all(paths):
        raise ProblemError("a sheet without a name can't be read")
    reports: list[str] = []
    folder = Path(output) if output and is_folder(output) else None
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
    from tracegen.grading.classes.batch import grade_sheet

    check_delivery([layout.suffix], output, "report")
    deliver(layout.text(grade_sheet(problems, sheet, rubric, rulings)), output, "report", layout.suffix)


def _grade_class(asked: Asked, output: str, workers: AbstractContextManager[Executor | None], old: Run | None) -> None:
    """Write a report for each sheet into a folder, and the files on the class."""
    from tracegen.files.writing import folder
    from tracegen.grading.classes.batch import grade_class
    from tracegen.grading.classes.kept import INDEX
    from tracegen.grading.classes.overviews import write_overviews
    from tracegen.grading.classes.pages import Pages
    from tracegen.grading.classes.together import several

    reports_in = folder(output)
    kept = reports_in / INDEX
    pages = Pages(reports_in, kept, asked.layout, [sheet.name for sheet in asked.sheets], several(asked.sheets))
    for left, instead in pages.moved.items():
        click.echo(f"{left} is left as it is, for tracegen did not write it; see {instead.name}", err=True)
    with workers as executor, _bar(len(asked.sheets)) as progress:
        reports = grade_class(
            asked.problems, asked.sheets, executor, rubric=asked.rubric, rulings=asked.rulings, cache=kept,
            settings=asked.settings.text, pages=pages, progress=progress, without=_say_without,
        )  # fmt: skip
    for note in write_overviews(asked, reports, pages, old):
        click.echo(note, err=True)
    about = f"{pages.overviews['html'].name}, {pages.overviews['md'].name} and {pages.gradebook.name}"
    click.echo(f"wrote {pages.written} of {len(reports)} reports, {about} to {output}", err=True)


def _say_without(sheets: int) -> None:
    click.echo(f"no worker could be had: {_count(sheets, 'sheet')} graded without", err=True)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s are' if number != 1 else ' is'}"


MOST_NAMES = 3
"""As many files are named in a note."""


def _some(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _settings(problems: list[str], rubric: str | None, rulings: str | None) -> Settings:
    """What all reports depend on: the problems, the rubric, the rulings, the version."""
    from importlib.metadata import version

    from tracegen.grading.classes.runs import Settings
    from tracegen.problems.problem_file import text_of

    others = [text_of(path) if path else "" for path in (rubric, rulings)]
    return Settings(version("tracegen"), "\0".join(map(text_of, problems)), *others)


def _workers(jobs: int | None, cluster: str | None, sheets: int) -> AbstractContextManager[Executor | None]:
    if cluster is not None:
        from tracegen.grading.classes.cluster import connected

        return connected(cluster)
    from tracegen.grading.classes.workers import workers

    return workers(jobs, sheets)


@contextmanager
def _bar(of: int) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    columns = BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("sheets", total=of)
        yield lambda done, total: bar.update(task, completed=done, total=total)
