"""``tracegen profiles``: the conventions and their choices."""

from __future__ import annotations

import click


@click.command()
@click.option("--format", "format_", default="txt", show_default=True, help="md, tex, txt, html or csv.")
def profiles(format_: str) -> None:
    """Show every choice of a convention, and what each profile chooses."""
    from tracegen.cli.catalogue import conventions
    from tracegen.cli.commands.options import columns
    from tracegen.document.render import render

    click.echo(render(conventions(), format_, width=columns()), nl=False)
