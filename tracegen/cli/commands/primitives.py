"""``tracegen primitives``: the table of operations."""

from __future__ import annotations

import click


@click.command()
@click.option("--format", "format_", default="txt", show_default=True, help="md, tex, txt, html or csv.")
def primitives(format_: str) -> None:
    """Show the table of operations: how each is written, its local partials, and its names."""
    from tracegen.cli.catalogue import catalogue
    from tracegen.document.render import render

    click.echo(render(catalogue(), format_), nl=False)
