"""``tracegen page``: the page that steps through a trace."""

from __future__ import annotations

from typing import Any

import click

from tracegen.cli.commands.options import (
    INPUT,
    ExpressionsCommand,
    check_delivery,
    deliver,
    names,
    problem_options,
    stem_of,
    trace_of,
)  # fmt: skip
from tracegen.cli.progress import progress


@click.command(cls=ExpressionsCommand)
@problem_options
@click.option("--of", metavar="NAMES", help="Outputs to be chosen from; all if left out.")
@click.option("--wrt", metavar="NAMES", help="Inputs to be chosen from; all if left out.")
@click.option("--templates", type=INPUT, metavar="DIR", help="A folder of your own templates, which come first.")
@click.option("--output", metavar="FILE|DIR", help="Where to write; standard output if left out.")
def page(output: str | None, of: str | None, wrt: str | None, templates: str | None, **options: Any) -> None:
    """Make a page that steps through PROBLEM.toml, or through expressions at a point.

    One HTML file that needs no network: open it in a browser and step with the arrow keys.

    \b
    tracegen page homework1.toml --output homework1.html
    """
    from pathlib import Path

    from tracegen.publish.page import page_of

    stem = stem_of(options["problem"])
    check_delivery(["html"], output, stem)
    with progress("reading the problem") as stage:
        traced = trace_of(**options)
        stage.at("making the page")
        made = page_of(traced, names(of, "--of"), names(wrt, "--wrt"), templates=Path(templates) if templates else None)
    deliver(made, output, stem, "html")
