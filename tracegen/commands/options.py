"""Options that several commands share, and what they are turned into."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracegen.errors import FormatError, ProblemError

if TYPE_CHECKING:
    from tracegen.traces import Trace

Command = TypeVar("Command", bound=Callable[..., Any])

SUFFIXES = {"latex": "tex", "markdown": "md", "text": "txt", "htm": "html"}


class ExpressionsCommand(click.Command):
    """A command whose arguments may be expressions, which may start with a minus."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        short = {option for parameter in self.get_params(ctx) for option in parameter.opts}
        return super().parse_args(ctx, [self._kept(arg, short) for arg in args])

    @staticmethod
    def _kept(arg: str, options: set[str]) -> str:
        """An argument with a space in front, which keeps ``-x**2`` from being taken for an option ``-x``."""
        is_expression = arg.startswith("-") and not arg.startswith("--") and arg not in {"-", *options}
        return f" {arg}" if is_expression else arg


def problem_options(command: Command) -> Command:
    """The problem and its point: a file or expressions, ``--at``, ``--joint``, ``--profile``, ``--choice``."""
    for decorate in reversed(
        (
            click.argument("problem", nargs=-1, required=True, metavar="PROBLEM.toml | EXPR…"),
            click.option("--at", multiple=True, metavar="NAME=VALUE", help="The value of an input; may be repeated."),
            click.option("--joint", is_flag=True, help="One list for all outputs."),
            click.option("--profile", default="homework", show_default=True, help="The convention of a textbook."),
            click.option(
                "--choice", multiple=True, metavar="NAME=VALUE", help="A single convention; see tracegen profiles."
            ),
            click.option("--digits", type=click.IntRange(1, 1000), help="Digits of the decimal values."),
        )
    ):
        command = decorate(command)
    return command


def trace_of(
    problem: tuple[str, ...],
    at: Iterable[str],
    joint: bool,
    profile: str,
    choice: Iterable[str],
    digits: int | None,
) -> Trace:
    """The trace that the options of :func:`problem_options` ask for."""
    from tracegen.profiles import profile as profile_named
    from tracegen.traces import trace

    source: Any = list(problem)
    if any(text.endswith(".toml") for text in problem):
        if len(problem) > 1:
            raise ProblemError("give one problem file, or expressions, not both")
        source = Path(problem[0])
    point = pairs(at, "--at")
    convention = profile_named(profile, **pairs(choice, "--choice"))
    return trace(source, at=point or None, profile=convention, digits=digits, joint=joint or None)


def pairs(given: Iterable[str], option: str) -> dict[str, str]:
    """Texts ``name=value`` as a dictionary; several may stand in one, between commas."""
    found: dict[str, str] = {}
    for text in given:
        for part in _parts(text):
            name, equals, value = part.partition("=")
            if not equals or not name.strip() or not value.strip():
                raise ProblemError(f"{option} needs name=value, not {part!r}")
            if name.strip() in found:
                raise ProblemError(f"{option} has {name.strip()} twice")
            found[name.strip()] = value.strip()
    return found


def _parts(text: str) -> list[str]:
    """A text cut at the commas that are not in brackets and before which a name begins anew."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [*parts, text[start:]]


def names(given: str | None, option: str) -> list[str] | None:
    """A comma-separated list of names, or None where the option was left out."""
    if given is None:
        return None
    found = [text.strip() for text in given.split(",") if text.strip()]
    if not found:
        raise ProblemError(f"{option} needs a name, or several between commas")
    return found


def format_of(given: str | None, output: str | None, default: str) -> str:
    """The format that was asked for, or that the name of the output file says."""
    if given is not None:
        return SUFFIXES.get(given, given)
    suffix = Path(output).suffix.lstrip(".").lower() if output else ""
    return SUFFIXES.get(suffix, suffix) or default


def check_delivery(formats: Collection[str], output: str | None) -> None:
    """Raise FormatError where several formats would be written to one file, before any work."""
    if output is not None and len(formats) > 1 and not is_folder(output):
        raise FormatError(f"{len(formats)} formats can't be written to one file: give --output a folder, such as out/")


def check_formats(wanted: Collection[str], templates: str | None) -> None:
    """Raise FormatError for a format of a trace that is not there, before any work."""
    from tracegen.render import formats

    known = [*formats(Path(templates) if templates else None), *MADE]
    for format in wanted:
        if format not in known:
            raise FormatError(f"there is no format {format!r}; there are {', '.join(known)}")


MADE = ("json", "pdf", "beamer")
"""The formats of a trace that have no template of their name."""


def is_folder(output: str) -> bool:
    """Whether an output is a folder that is there, or is said to be one by its last sign."""
    return output.endswith(("/", "\\")) or os.path.isdir(output)


def deliver(content: str | bytes, output: str | None, stem: str, format: str) -> None:
    """Write to a file, into a folder, or to standard output."""
    from tracegen.files import write

    if output is None or output == "-":
        _print(content)
        return
    if not output:
        raise ProblemError("--output needs the name of a file or a folder")
    path = Path(output)
    if is_folder(output):
        path = path / f"{stem}.{format}"
    write(path, content)
    click.echo(f"wrote {path}", err=True)


def _print(content: str | bytes) -> None:
    if isinstance(content, bytes):
        if sys.stdout.isatty():
            raise FormatError("this format is not for a terminal: give --output FILE")
        sys.stdout.buffer.write(content)
        return
    click.echo(content, nl=not content.endswith("\n"))


def stem_of(problem: tuple[str, ...]) -> str:
    """The name of the files that a problem makes."""
    return Path(problem[0]).stem if problem[0].endswith(".toml") else "trace"
