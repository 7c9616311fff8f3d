"""``tracegen trace``: the tables of a problem."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from tracegen.cli.commands.options import (
    INPUT,
    ExpressionsCommand,
    check_delivery,
    check_formats,
    columns,
    deliver,
    format_of,
    names,
    pairs,
    problem_options,
    show,
    stem_of,
)  # fmt: skip
from tracegen.cli.commands.paper import is_sheet, sheet, slides, traces_of
from tracegen.cli.progress import Progress, progress
from tracegen.errors import FormatError

if TYPE_CHECKING:
    from tracegen.traces import Trace


CHOSEN = ("tables", "wrt", "of", "seed", "caption", "label", "checked", "standalone", "paper", "templates")
"""The options that say what is made of a trace."""

LABEL = re.compile(r"[\w:.-]+", re.ASCII)


@click.command(cls=ExpressionsCommand)
@problem_options
@click.option(
    "--format", "formats", multiple=True, help="md, tex, txt, html, json, csv, pdf, beamer; several between commas."
)
@click.option("--output", metavar="FILE|DIR", help="Where to write; standard output if left out.")
@click.option(
    "--tables", metavar="NAMES", help="primal,forward,reverse,jacobian,gradient,partials,shapes,why,closed,cost,hessian"
)
@click.option("--wrt", metavar="NAMES", help="Inputs to differentiate by.")
@click.option("--of", metavar="NAMES", help="Outputs to differentiate.")
@click.option("--seed", metavar="NAME=VALUE,…", help="A direction for the tangents: numbers or letters.")
@click.option("--caption", default="", metavar="TEXT", help="A LaTeX float of one table, with a caption.")
@click.option("--label", default="", metavar="NAME", help="A LaTeX float of one table, with a label for references.")
@click.option("--checked/--no-checked", default=True, help="Say under the tables what was checked, or not.")
@click.option("--standalone", is_flag=True, help="A whole LaTeX document, not a fragment.")
@click.option("--paper", default="a4", show_default=True, help="a4, a5 or letter.")
@click.option("--templates", type=INPUT, metavar="DIR", help="A folder of your own templates, which come first.")
def trace(formats: tuple[str, ...], output: str | None, **options: Any) -> None:
    """Make the tables of PROBLEM.toml, or of expressions at a point.

    \b
    tracegen trace homework1.toml --format tex --output homework1.tex
    tracegen trace "x1*x2 + sin(x1)" --at x1=2 --at x2=pi/4
    """
    chosen = {key: options.pop(key) for key in CHOSEN}
    for option in ("tables", "wrt", "of"):
        chosen[option] = names(chosen[option], f"--{option}")
    chosen["seed"] = pairs([chosen["seed"]], "--seed") if chosen["seed"] is not None else None
    several = [format for given in formats for format in names(given, "--format") or ()]
    wanted = list(dict.fromkeys(format_of(format, output, "txt") for format in several or (None,)))
    _check_float(chosen["caption"], chosen["label"], wanted)
    stem = stem_of(options["problem"])
    check_delivery([_ending(format) for format in wanted], output, stem)
    check_formats(wanted, chosen["templates"])
    with progress("reading the problem") as stage:
        traces = traces_of(formats=wanted, chosen=chosen, **options)
        made = [(format, _made(traces, format, chosen, stage)) for format in wanted]
    for format, content in made:
        if format == "txt" and not output and not chosen["tables"] and isinstance(content, str):
            show(content)
            continue
        deliver(content, output, stem, _ending(format))


def _check_float(caption: str, label: str, formats: Sequence[str]) -> None:
    """Raise FormatError for a caption or label that is not LaTeX's."""
    if not caption and not label:
        return
    if formats != ["tex"]:
        raise FormatError("--caption and --label are for --format tex")
    if label and not LABEL.fullmatch(label):
        raise FormatError(f"{label!r} is no label: letters, digits, and : . _ - make one")


def _ending(format: str) -> str:
    return "tex" if format == "beamer" else format


def _made(traces: Sequence[Trace], format: str, chosen: dict[str, Any], stage: Progress) -> str | bytes:
    if is_sheet(format, chosen):
        return sheet(traces, format, chosen, stage)
    (traced,) = traces
    if format == "beamer":
        return slides(traced, chosen, stage)
    if format == "json":
        from tracegen.tables.record import to_json

        stage.at("making the record")
        return to_json(traced.record(chosen["of"], chosen["wrt"], chosen["seed"]))
    return _rendered(traced, format, chosen, stage)


def _rendered(traced: Trace, format: str, chosen: dict[str, Any], stage: Progress) -> str | bytes:
    from pathlib import Path

    from tracegen.document.render import render
    from tracegen.tables.whole_trace import USUAL, without_checks

    document = traced.document(
        chosen["tables"] or USUAL,
        of=chosen["of"],
        wrt=chosen["wrt"],
        seed=chosen["seed"],
        progress=stage.at,
    )
    if (chosen["caption"] or chosen["label"]) and len(document.tables) != 1:
        keys = ", ".join(table.key for table in document.tables)
        raise FormatError(
            f"--caption and --label are of one table: choose it with --tables, --of and --wrt; now {keys}"
        )
    if not chosen["checked"]:
        document = replace(document, notes=without_checks(document.notes))
    stage.at(f"rendering {format}")
    text = render(
        document,
        "tex" if format == "pdf" else format,
        convention=traced.convention,
        templates=Path(chosen["templates"]) if chosen["templates"] else None,
        standalone=chosen["standalone"] or format == "pdf",
        paper=chosen["paper"],
        width=columns(),
        caption=chosen["caption"],
        label=chosen["label"],
    )
    if format != "pdf":
        return text
    from tracegen.document.typeset import typeset

    stage.at("running LaTeX")
    return typeset(text)
