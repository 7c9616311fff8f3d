"""``tracegen proofread``: checks a sheet against itself."""

from __future__ import annotations

import click

from tracegen.cli.commands.options import INPUT, WritingCommand


@click.command(cls=WritingCommand)
@click.argument("sheet", type=INPUT, metavar="SHEET")
@click.option("--format", "format_", help="md, html, tex, json, csv or txt.")
@click.option("--output", metavar="FILE|DIR", help="Where to write; standard output if left out.")
def proofread(sheet: str, format_: str | None, output: str | None) -> None:
    """Check SHEET without a key: values against formulas, forward against reverse, shapes against each other.

    \b
    tracegen proofread answer.md
    tracegen proofread answer.tex --format html --output answer.html
    """
    from pathlib import Path

    from tracegen.cli.commands.options import check_delivery, deliver, format_of
    from tracegen.grading.grader import text_of
    from tracegen.grading.proofread import proofread as checked

    path = Path(sheet)
    format = format_of(format_, output, "txt")
    check_delivery([format], output, path.stem)
    report = checked(text_of(path), suffix=path.suffix.lower(), source=path.name)
    deliver(report.to(format, standalone=True), output, path.stem, format)
