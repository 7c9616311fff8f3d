"""``tracegen grade``: grades answer sheets, one or a class."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracegen.errors import FormatError, ProblemError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from tracegen.grade.report import Report


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PROBLEM.toml… SHEET…")
@click.option("--rubric", metavar="RUBRIC.toml", help="Marks; one a cell if left out.")
@click.option("--format", "format_", help="md, html, tex, json, csv, gradescope or txt.")
@click.option("--output", metavar="FILE|DIR", help="Where to write; a folder for several sheets.")
@click.option("--jobs", type=click.IntRange(1, 256), help="How many processes; one for each processor if left out.")
@click.option("--cluster", metavar="ADDRESS", help="Send the sheets to a Dask scheduler.")
@click.option("--templates", metavar="DIR", help="A folder of your own templates, which come first.")
def grade(
    paths: tuple[str, ...], rubric: str | None, format_: str | None, output: str | None,
    jobs: int | None, cluster: str | None, templates: str | None,
) -> None:  # fmt: skip
    """Grade SHEETs (files, folders, zips) against one PROBLEM.toml or several.

    \b
    tracegen grade homework1.toml answer.md
    tracegen grade homework1.toml homework2.toml submissions.zip --output reports/
    """
    from tracegen.commands.options import deliver, format_of
    from tracegen.grade.batch import collect
    from tracegen.grade.report import FORMATS
    from tracegen.grade.rubric import Rubric
    from tracegen.problem import Problem

    problems = [Problem.read(path) for path in paths if path.endswith(".toml")]
    sheets = collect([Path(path) for path in paths if not path.endswith(".toml")])
    if not problems:
        raise ProblemError("give the problem as a file that ends in .toml, before the sheets")
    if not sheets:
        raise ProblemError("there is no sheet: give files, folders or zips of answers")
    marks = Rubric.read(rubric) if rubric else Rubric()
    single = len(sheets) == 1 and not _is_folder(output)
    format = format_of(format_, output if single else None, "txt" if single else "html")
    if format not in FORMATS:
        raise FormatError(f"there is no format {format!r} of a report; there are {', '.join(FORMATS)}")
    folder = Path(templates) if templates else None
    if single:
        from tracegen.grade.batch import grade_sheet

        report = grade_sheet(problems, sheets[0], marks)
        deliver(report.to(format, standalone=True, templates=folder), output, "report", format)
        return
    if output is None:
        raise ProblemError("several sheets make several files: give --output DIR")
    settings = _settings(paths, rubric)
    with _executor(jobs, cluster, len(sheets)) as executor, _bar(len(sheets)) as progress:
        from tracegen.grade.batch import grade_class

        reports = grade_class(
            problems,
            sheets,
            executor,
            rubric=marks,
            cache=Path(output) / ".graded",
            settings=settings,
            progress=progress,
        )
        texts = list(executor.map(_text, reports, repeat(format), repeat(folder)))
    title = "; ".join(problem.title for problem in problems if problem.title)
    _write(reports, texts, Path(output), format, folder, title)


def _text(report: Report, format: str, templates: Path | None) -> str:
    """A report in a format; made where the sheets are graded, since that takes as long."""
    return report.to(format, standalone=True, templates=templates)


def _is_folder(output: str | None) -> bool:
    return output is not None and (output.endswith(("/", "\\")) or Path(output).is_dir())


def _settings(paths: tuple[str, ...], rubric: str | None) -> str:
    """What all reports depend on: the problems, the rubric, the version."""
    from importlib.metadata import version

    files = [path for path in paths if path.endswith(".toml")] + ([rubric] if rubric else [])
    return "\0".join([version("tracegen"), *(Path(path).read_text("utf-8") for path in files)])


@contextmanager
def _executor(jobs: int | None, cluster: str | None, sheets: int) -> Iterator[Executor]:
    if cluster is not None:
        from tracegen.grade.cluster import connected

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
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as processes:
        yield processes


@contextmanager
def _bar(of: int) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    with Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("sheets", total=of)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _write(
    reports: list[Report], texts: list[str], folder: Path, format: str, templates: Path | None, title: str
) -> None:
    """A file for each sheet, and those for the class."""
    from tracegen.files import write
    from tracegen.grade.classroom import class_document, gradebook
    from tracegen.render import render

    suffix = "json" if format == "gradescope" else format
    names: set[str] = set()
    for report, text in zip(reports, texts, strict=True):
        write(folder / f"{_file_name(report.source, names)}.{suffix}", text)
    document = class_document(reports, title)
    kinds: dict[str, dict[str, Any]] = {"html": {}, "md": {}}
    if format in ("tex", "txt"):
        kinds[format] = {"standalone": True} if format == "tex" else {}
    for kind, options in kinds.items():
        write(
            folder / f"class.{kind}",
            render(document, kind, kind="report", report=None, templates=templates, **options),
        )
    write(folder / "gradebook.csv", gradebook(reports))
    click.echo(f"wrote {len(reports)} reports, class.html, class.md and gradebook.csv to {folder}", err=True)


def _file_name(source: str, taken: set[str]) -> str:
    """A name for a report's file, safe and of its own."""
    bare = source.rsplit(".", 1)[0] if "." in source else source
    safe = "".join(char if char.isalnum() or char in "-_" else "_" for char in bare)[:80].strip("_") or "sheet"
    name, number = safe, 2
    while name.lower() in taken or name in ("class", "gradebook"):
        name, number = f"{safe}-{number}", number + 1
    taken.add(name.lower())
    return name
