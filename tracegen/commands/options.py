"""Options that several commands share, and what they are turned into."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracegen.errors import FormatError, ProblemError

if TYPE_CHECKING:
    from tracegen.traces import Trace

Command = TypeVar("Command", bound=Callable[..., Any])

SUFFIXES = {"latex": "tex", "markdown": "md", "text": "txt", "htm": "html"}


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
    from tracegen.traces import trace

    source: Any = list(problem)
    if any(text.endswith(".toml") for text in problem):
        if len(problem) > 1:
            raise ProblemError("give one problem file, or expressions, not both")
        source = Path(problem[0])
    point = pairs(at, "--at")
    choices: dict[str, Any] = dict(pairs(choice, "--choice"))
    return trace(source, at=point or None, profile=profile, digits=digits, joint=joint or None, **choices)


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


def names(given: str | None) -> list[str] | None:
    """A comma-separated list of names, or None where there is none."""
    return None if given is None else [text.strip() for text in given.split(",") if text.strip()]


def format_of(given: str | None, output: str | None, default: str) -> str:
    """The format that was asked for, or that the name of the output file says."""
    if given:
        return SUFFIXES.get(given, given)
    suffix = Path(output).suffix.lstrip(".") if output else ""
    return SUFFIXES.get(suffix, suffix) or default


def deliver(content: str | bytes, output: str | None, stem: str, format: str) -> None:
    """Write to a file, into a folder, or to standard output."""
    from tracegen.files import write

    if output is None or output == "-":
        _print(content)
        return
    path = Path(output)
    if output.endswith(("/", "\\")) or path.is_dir():
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
