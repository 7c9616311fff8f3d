"""``tracegen worksheet``: exercise sheets with keys."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracegen.cli.commands.options import INPUT, WritingCommand, names, problem_options, trace_of
from tracegen.cli.progress import progress

if TYPE_CHECKING:
    from tracegen.publish.worksheet.sheets import Difficulty


@click.command(cls=WritingCommand)
@problem_options
@click.option("--variants", default=1, show_default=True, help="How many sheets.")
@click.option("--seed", default=0, show_default=True, help="The same seed makes the same sheets.")
@click.option(
    "--vary", default="numbers", show_default=True,
    help="point: the inputs' values; numbers: coefficients, too; all: also functions and exponents.",
)  # fmt: skip
@click.option("--blank", default="rules,exact,decimal", show_default=True, help="The columns that are left blank.")
@click.option("--share", default=1.0, show_default=True, help="The share of their cells that is left blank.")
@click.option("--tables", metavar="NAMES", help="The tables on a sheet; as tracegen trace.")
@click.option("--format", "formats", multiple=True, default=("md",), show_default=True, help="md, tex or pdf.")
@click.option("--paper", default="a4", show_default=True, help="a4, a5 or letter.")
@click.option("--templates", type=INPUT, metavar="DIR", help="A folder of your own templates, which come first.")
@click.option("--output", metavar="DIR", required=True, help="The folder for problems, sheets and keys.")
def worksheet(
    variants: int,
    seed: int,
    vary: str,
    blank: str,
    share: float,
    tables: str | None,
    formats: tuple[str, ...],
    **options: Any,
) -> None:
    """Make exercise sheets for variants of PROBLEM.toml, with keys.

    Each variant has the same graph with other numbers. DIR gets the folders problems, sheets and keys;
    grade what comes back with `tracegen grade DIR/problems/01.toml ANSWER.md`.

    \b
    tracegen worksheet homework1.toml --variants 30 --seed 7 --output sheets/
    """
    from tracegen.files.signature import marked
    from tracegen.files.writing import check_free, write
    from tracegen.files.writing import folder as folder_for
    from tracegen.publish.worksheet import MOST, worksheets
    from tracegen.tables.whole_trace import USUAL

    paths = {
        (kind, number, format): Path(options["output"]) / kind / f"{number:02}.{format}"
        for number in range(1, min(variants, MOST) + 1)
        for kind, formats_of_kind in (("problems", ("toml",)), ("sheets", formats), ("keys", formats))
        for format in formats_of_kind
    }
    check_free(paths.values())
    paper, templates, output = options.pop("paper"), options.pop("templates"), options.pop("output")
    chosen = {
        "seed": seed, "vary": vary, "share": share, "paper": paper, "blank": names(blank, "--blank") or (),
        "tables": names(tables, "--tables") or USUAL, "templates": Path(templates) if templates else None,
    }  # fmt: skip
    hard: list[Difficulty] = []
    with progress("reading the problem") as stage:
        traced = trace_of(**options)
        for format in dict.fromkeys(formats):
            made = worksheets(traced, variants, format="tex" if format == "pdf" else format, **chosen)
            stage.at("looking for variants")
            for one in made:
                folder_for(output)
                stage.at(f"writing sheet {one.number} of {variants}")
                hard.append(one.difficulty)
                write(paths["problems", one.number, "toml"], marked(one.problem, "toml"))
                for kind, text in (("sheets", one.sheet), ("keys", one.key)):
                    write(paths[kind, one.number, format], marked(_finished(text, format), format))
    count = "1 problem, sheet and key" if variants == 1 else f"{variants} problems, sheets and keys"
    click.echo(f"wrote {count} to {output}: {_said(hard)}", err=True)


def _said(hard: Sequence[Difficulty]) -> str:
    """How hard the variants are; they have one graph, and exact values of different lengths."""
    longest = sorted({one.longest for one in hard})
    lengths = f"{longest[0]} to {longest[-1]}" if longest[0] != longest[-1] else f"{longest[0]}"
    return f"{hard[0].operations} operations, {hard[0].depth} deep, the longest exact value has {lengths} characters"


def _finished(text: str, format: str) -> str | bytes:
    if format != "pdf":
        return text
    from tracegen.document.typeset import typeset

    return typeset(text)
