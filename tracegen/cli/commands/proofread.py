"""``tracegen proofread``: checks sheets against themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracegen.cli.commands.options import SHEETS, WritingCommand, check_delivery, deliver, format_of
from tracegen.errors import FormatError, Place, ProblemError, TracegenError

if TYPE_CHECKING:
    from tracegen.grading.classes.collecting import Sheet
    from tracegen.grading.report import Report
    from tracegen.grading.slip_lines import SlipLine


@click.command(cls=WritingCommand)
@click.argument("sheet", nargs=-1, required=True, type=SHEETS, metavar="FILE…")
@click.option("--format", "format_", help="txt or github, a line a slip; of one file also md, html, tex, json or csv.")
@click.option("--output", metavar="FILE|DIR", help="Where to write; standard output if left out.")
@click.pass_context
def proofread(context: click.Context, sheet: tuple[str, ...], format_: str | None, output: str | None) -> None:
    """Check FILEs (and those in folders) without a key: values against formulas, forward against reverse, shapes.

    The functions are taken from the lists that stand there. The exit status is 1 where a slip was found, 0 where none
    was, 2 where a file can't be read.

    \b
    tracegen proofread notes.md chapters/
    tracegen proofread answer.tex --format html --output answer.html

    A comment such as these takes a line out; where it stands alone it is the next one:

    \b
    v3 = v1 v2 = 7   % tracegen: ignore
    <!-- tracegen: ignore -->
    """
    from tracegen.cli.progress import progress
    from tracegen.grading.report import FORMATS
    from tracegen.grading.slip_lines import LINE_FORMATS, slip_lines
    from tracegen.grading.verdicts import WRONG

    format = format_of(format_, output, "txt")
    whole = format in FORMATS and format not in LINE_FORMATS
    if not whole and format not in LINE_FORMATS:
        raise FormatError(f"there is no format {format!r}; there are {', '.join((*LINE_FORMATS, *FORMATS[:-1]))}")
    stem = Path(sheet[0]).stem
    check_delivery([format], output, stem)
    sheets = _sheets(sheet)
    if not sheets:
        raise ProblemError(f"there is no sheet in {', '.join(sheet)}")
    if whole and len(sheets) > 1:
        raise FormatError(f"several files go together as {' or '.join(LINE_FORMATS)}, not as {format}")
    slips: list[SlipLine] = []
    without: list[TracegenError] = []
    unjudged = 0
    with progress("proofreading") as watched:
        for name, one in sheets:
            watched.at(f"proofreading {name}")
            report = _report(name, one, without)
            if report is None:
                continue
            if whole:
                deliver(report.to(format, standalone=True), output, stem, format)
                context.exit(int(any(cell.verdict == WRONG for cell in report.cells)))
            slips += slip_lines(report, one.text, name)
            unjudged += report.needs_person
    if len(without) == len(sheets):
        raise without[0]
    _say(len(slips), len({slip.file for slip in slips}), len(sheets) - len(without), unjudged, without)
    if slips or output:
        deliver("".join(f"{slip.to(format)}\n" for slip in slips), output, stem, format)
    context.exit(int(bool(slips)))


def _sheets(paths: Sequence[str]) -> list[tuple[str, Sheet]]:
    """The sheets, each with the path under which the reader finds it."""
    return [found for path in paths for found in _named(Path(path))]


def _named(path: Path) -> Iterator[tuple[str, Sheet]]:
    from tracegen.grading.classes.collecting import collect, said_of
    from tracegen.grading.read import SUFFIXES

    is_many = path.is_dir() or path.suffix.lower() == ".zip"
    for sheet in collect([path]):
        name = str(path / sheet.name) if is_many else str(path)
        if is_many and sheet.suffix not in (*SUFFIXES, ".zip"):
            continue  # pictures, programs and hidden files lie beside what is written
        if sheet.failure or sheet.suffix not in SUFFIXES:
            raise TracegenError(sheet.failure or said_of(sheet.suffix), Place(name))
        yield name, sheet


def _report(name: str, sheet: Sheet, without: list[TracegenError]) -> Report | None:
    """The report on a sheet; None where there is no list on it that could be checked, which is put with the others."""
    from tracegen.grading.proofread import proofread as checked

    try:
        report = checked(sheet.text, suffix=sheet.suffix, source=name)
    except ProblemError as error:
        without.append(ProblemError(error.message, error.place or Place(name)))
        return None
    if report.failure:
        without.append(ProblemError(report.failure, Place(name)))
        return None
    return report


def _say(slips: int, wrong: int, files: int, unjudged: int, without: Sequence[TracegenError]) -> None:
    """What was found, in a line on stderr, after a line for each file that could not be checked."""
    for error in without:
        click.echo(str(error), err=True)
    found = "no slip" if not slips else "1 slip" if slips == 1 else f"{slips} slips"
    where = f"{files} file{'s' * (files != 1)}"
    place = f"in {wrong} of {where}" if slips else f"in {where}"
    cells = f"; {unjudged} cell{'s' * (unjudged != 1)} could not be judged" if unjudged else ""
    click.echo(f"{found} {place}{cells}", err=True)
