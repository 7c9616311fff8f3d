"""``tracegen example``: writes a shipped problem file."""

from __future__ import annotations

import click

from tracegen.cli.commands.options import WritingCommand, is_folder


@click.command(cls=WritingCommand)
@click.argument("name", required=False)
@click.option("--output", metavar="FILE|DIR", help="Where to write; NAME.toml if left out, - for standard output.")
def example(name: str | None, output: str | None) -> None:
    """Write the problem file NAME, or list the names there are."""
    from pathlib import Path

    from tracegen.errors import ProblemError
    from tracegen.examples import names, path_of
    from tracegen.files.writing import write

    if name is None:
        click.echo("\n".join(names()))
        return
    text = path_of(name).read_text(encoding="utf-8")
    if output == "-":
        click.echo(text, nl=False)
        return
    path = Path(output or f"{name}.toml")
    if output and is_folder(output):
        path = path / f"{name}.toml"
    if path.exists():
        raise ProblemError(f"{path} is there already and is left as it is")
    write(path, text)
    click.echo(f"wrote {path}", err=True)
