"""``tracegen graph``: the computational graph."""

from __future__ import annotations

from typing import Any

import click

from tracegen.cli.commands.options import (
    ExpressionsCommand,
    check_delivery,
    deliver,
    format_of,
    names,
    problem_options,
    stem_of,
    trace_of,
)  # fmt: skip
from tracegen.cli.progress import progress

NAMES = {"mmd": "mermaid", "tex": "tikz", "gv": "dot"}
"""What the ending of an output file means besides itself."""

ENDINGS = {"mermaid": "mmd", "tikz": "tex"}


@click.command(cls=ExpressionsCommand)
@problem_options
@click.option("--show", default="both", show_default=True, help="none, primal, forward, reverse or both.")
@click.option("--of", metavar="NAMES", help="Outputs to draw.")
@click.option("--wrt", metavar="NAMES", help="Inputs whose tangents are drawn, with --show forward.")
@click.option("--format", "formats", multiple=True, help="svg, png, pdf, dot, tikz, mermaid, json; may be repeated.")
@click.option("--direction", default="right", show_default=True, help="right or down.")
@click.option("--inside", default="operation", show_default=True, help="What is in the circles: operation or value.")
@click.option("--standalone", is_flag=True, help="A whole LaTeX document, with --format tikz.")
@click.option("--output", metavar="FILE|DIR", help="Where to write; standard output if left out.")
def graph(
    formats: tuple[str, ...], output: str | None, show: str, of: str | None, wrt: str | None, **options: Any
) -> None:
    """Draw the computational graph of PROBLEM.toml, or of expressions at a point.

    \b
    tracegen graph homework1.toml --of y1 --show reverse --output y1.svg
    tracegen graph "x1*x2 + sin(x1)" --at x1=2,x2=5 --format png --output graph.png
    """
    from tracegen.graph import graph_of

    drawn = {key: options.pop(key) for key in ("direction", "inside")}
    standalone = options.pop("standalone")
    wanted = [_name(format_of(format, output, "svg")) for format in formats or (None,)]
    stem = stem_of(options["problem"])
    check_delivery([ENDINGS.get(format, format) for format in wanted], output, stem)
    with progress("reading the problem") as stage:
        traced = trace_of(**options)
        stage.at("drawing the graph")
        picture = graph_of(traced, of=names(of, "--of"), show=show, wrt=names(wrt, "--wrt"), **drawn)
        made = [
            (format, picture.to(format, **({"standalone": standalone} if format == "tikz" else {})))
            for format in wanted
        ]
    for format, content in made:
        deliver(content, output, stem, ENDINGS.get(format, format))


def _name(format: str) -> str:
    return NAMES.get(format, format)
