"""The command line: finds the command, and turns every error into one line and exit status 2."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from tracegen.cli.ending import Ended, ending
from tracegen.cli.overview import COMMANDS, HELP, overview
from tracegen.cli.signs import prepare
from tracegen.errors import TracegenError


class Commands(click.Group):
    """Imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"tracegen.cli.commands.{cmd_name}"), cmd_name)
        return command

    def get_help(self, ctx: click.Context) -> str:
        return overview()

    def invoke(self, ctx: click.Context) -> Any:
        prepare()
        try:
            with ending():
                return super().invoke(ctx)
        except click.UsageError as error:
            where = (error.ctx or ctx).command_path
            _fail(ctx, 2, f"{error.format_message()} See {where} --help.")
        except TracegenError as error:
            caret = error.place.caret() if error.place else ""
            _fail(ctx, 2, str(error), caret)
        except Ended as ended:
            _fail(ctx, 128 + ended.number, "ended by a signal")
        except KeyboardInterrupt:
            _fail(ctx, 130, "interrupted")
        except BrokenPipeError:
            raise  # whoever reads has seen enough, and click ends quietly
        except OSError as error:
            _fail(ctx, 2, f"{error.filename or 'standard output'}: {error.strerror or error}")
        except MemoryError:
            _fail(ctx, 2, "there is not enough memory for this")


def _fail(ctx: click.Context, status: int, message: str, caret: str = "") -> NoReturn:
    click.echo(f"tracegen: {message}", err=True)
    if caret:
        click.echo(caret, err=True)
    ctx.exit(status)


@click.group(cls=Commands, context_settings={"help_option_names": list(HELP), "max_content_width": 100})
@click.version_option(package_name="tracegen")
def main() -> None:
    """Show the work of automatic differentiation, and mark it."""


if __name__ == "__main__":
    sys.exit(main())
