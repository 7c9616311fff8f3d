"""Options that several commands share, and what they are turned into."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tracegen.errors import FormatError, ProblemError

if TYPE_CHECKING:
    from tracegen.traces import Trace

Command = TypeVar("Command", bound=Callable[..., Any])


class Input(click.types.StringParamType):
    """The type of an argument or option that names what is read: files of some endings, or sheets."""

    def __init__(self, *endings: str, sheets: bool = False) -> None:
        self.endings, self.sheets = endings, sheets

    def paths(self, value: str | tuple[str, ...] | None) -> Iterator[tuple[bool, Path]]:
        """The files and folders in a value, and whether each is of sheets; what has another ending is no file."""
        for text in (value,) if isinstance(value, str) else value or ():
            if text and (not self.endings or text.endswith(self.endings)):
                yield self.sheets and not text.endswith(".toml"), Path(text)


INPUT, PROBLEM, SHEETS, WHEEL = Input(), Input(".toml"), Input(sheets=True), Input(".whl")


class WritingCommand(click.Command):
    """A command with ``--output``: it never replaces what its parameters of the type Input name."""

    def invoke(self, ctx: click.Context) -> Any:
        from tracegen.files.run_inputs import Inputs, check, protected

        read = [
            pair
            for parameter in self.params
            if isinstance(parameter.type, Input)
            for pair in parameter.type.paths(ctx.params[parameter.name or ""])
        ]
        named, sheets = ([path for is_sheet, path in read if is_sheet is wanted] for wanted in (False, True))
        with protected(Inputs(tuple(named), tuple(sheets))):
            output = ctx.params["output"]
            if output and output != "-" and not is_folder(output):
                check(Path(output))
            return super().invoke(ctx)


class ExpressionsCommand(WritingCommand):
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
            click.argument("problem", nargs=-1, required=True, type=PROBLEM, metavar="PROBLEM.toml | EXPR…"),
            click.option("--at", multiple=True, metavar="NAME=VALUE", help="The value of an input; may be repeated."),
            click.option(
                "--shapes",
                multiple=True,
                metavar="NAME=KxN,…",
                help="Shapes of vectors and matrices without values: W=KxN,x=N; may be repeated.",
            ),
            click.option(
                "--parameter",
                multiple=True,
                metavar="NAME[=VALUE]",
                help="A letter, or a number, that is not differentiated by; may be repeated.",
            ),
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
    shapes: Iterable[str] = (),
    parameter: Iterable[str] = (),
) -> Trace:
    """The trace that the options of :func:`problem_options` ask for."""
    from tracegen.notation.profiles import profile as profile_named
    from tracegen.traces import trace

    source: Any = list(problem)
    steps: dict[str, str] = {}
    if any(text.endswith(".toml") for text in problem):
        if len(problem) > 1:
            raise ProblemError("give one problem file, or expressions, not both")
        source = Path(problem[0])
    else:
        steps, source = steps_of(problem)
    point = pairs(at, "--at")
    convention = profile_named(profile, **pairs(choice, "--choice"))
    return trace(
        source, at=point or None, profile=convention, digits=digits, joint=joint or None, steps=steps or None,
        shapes={name: sides(shape) for name, shape in pairs(shapes, "--shapes").items()} or None,
        parameters=parameters_of(parameter) or None,
    )  # fmt: skip


def sides(shape: str) -> tuple[int | str, ...]:
    """The sides of a shape as it is written: ``KxN``, ``3×2``, or ``N`` of a column.

    >>> sides("KxN"), sides("3×2"), sides("N")
    (('K', 'N'), (3, 2), ('N',))
    """
    return tuple(int(side) if side.isdecimal() else side for side in re.split(r"\s*[x×]\s*", shape.strip()))


def parameters_of(given: Iterable[str]) -> dict[str, str | None]:
    """The parameters that are given, with a value where they have one.

    >>> parameters_of(["c=3", "k"])
    {'c': '3', 'k': None}
    """
    found: dict[str, str | None] = {}
    for part in (part for text in given for part in _parts(text)):
        name, equals, value = (each.strip() for each in part.partition("="))
        if not name or (equals and not value):
            raise ProblemError(f"--parameter needs name or name=value, not {part!r}")
        if name in found:
            raise ProblemError(f"--parameter has {name} twice")
        found[name] = value or None
    return found


_NAMED = re.compile(r"\s*([A-Za-z]\w*)\s*=(?!=)(.*)", re.DOTALL)


def steps_of(texts: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The texts ``h = …`` whose name a later text uses, which are steps, and the outputs.

    >>> steps_of(["h = x*y", "f = sin(h)", "g = h**2"])
    ({'h': ' x*y'}, ['f = sin(h)', 'g = h**2'])
    """
    steps: dict[str, str] = {}
    outputs = []
    for at, text in enumerate(texts):
        named = _NAMED.fullmatch(text)
        if named and any(re.search(rf"(?<![\w\\]){named[1]}(?!\w)", later) for later in texts[at + 1 :]):
            if named[1] in steps:
                raise ProblemError(f"{named[1]} is named twice")
            steps[named[1]] = named[2]
        else:
            outputs.append(text)
    return steps, outputs


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
    from tracegen.document.render import SUFFIXES

    if given is not None:
        return SUFFIXES.get(given, given)
    suffix = Path(output).suffix.lstrip(".").lower() if output else ""
    return SUFFIXES.get(suffix, suffix) or default


def check_delivery(endings: Collection[str], output: str | None, stem: str) -> None:
    """Raise FormatError where several formats would be written to one file, ToolError where a file would replace an
    input of the run, before any work."""
    from tracegen.files.run_inputs import check

    if not output or output == "-":
        return
    if len(endings) > 1 and not is_folder(output):
        raise FormatError(f"{len(endings)} formats can't be written to one file: give --output a folder, such as out/")
    for ending in endings:
        check(Path(output) / f"{stem}.{ending}" if is_folder(output) else Path(output))


def check_formats(wanted: Collection[str], templates: str | None) -> None:
    """Raise FormatError for a format of a trace that is not there, before any work."""
    from tracegen.document.render import formats

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
    """Write to a file, into a folder, or to standard output. In a folder a file that tracegen did not write is left as
    it is, and another name taken."""
    from tracegen.files.signature import marked
    from tracegen.files.writing import write

    if output is None or output == "-":
        _print(content, format)
        return
    if not output:
        raise ProblemError("--output needs the name of a file or a folder")
    path = Path(output)
    if is_folder(output):
        data = marked(content, format)
        path, content = _free(path / f"{stem}.{format}", data), data
    write(path, content)
    click.echo(f"wrote {path}", err=True)


def _free(path: Path, data: bytes) -> Path:
    """The path, or one beside it where a file is there that is not as tracegen wrote it."""
    from tracegen.files.writing import is_free

    name, number = path, 2
    while not is_free(name) and not _is_same(name, data):
        name, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    if name != path:
        click.echo(f"{path} is left as it is, for it is not as tracegen writes it", err=True)
    return name


def _is_same(path: Path, data: bytes) -> bool:
    """Whether nothing of a user's is lost where a file is replaced: it holds the same, or both are reports."""
    from tracegen.files.signature import is_report

    try:
        there = path.read_bytes()
        return there == data or (is_report(there) and is_report(data))
    except OSError:
        return False


def columns() -> int:
    """How wide tables may be: as the terminal, and in a pipe or file as COLUMNS says."""
    return max(shutil.get_terminal_size((120, 50)).columns, 40)


SCREENS = 2


def fitted(content: str, rows: int) -> str:
    """The beginning of a text that is longer than two screens, and how to get the rest.

    >>> print(fitted("1\\n2\\n3\\n4\\n5\\n6\\n7", 3))
    1
    2
    3
    4
    … 3 more lines: choose some with --tables primal,reverse, or see all of it with | less or --output FILE
    """
    lines = content.rstrip("\n").split("\n")
    shown = SCREENS * rows - 2
    if len(lines) <= shown + 1:
        return content
    more = (
        f"… {len(lines) - shown} more lines: choose some with --tables primal,reverse, or see all of it with | less or"
    )
    return "\n".join([*lines[:shown], f"{more} --output FILE"])


def show(content: str) -> None:
    """Print a text; on a terminal as much of it as two screens take, in a pipe or file all."""
    _print(fitted(content, shutil.get_terminal_size((120, 50)).lines) if sys.stdout.isatty() else content, "txt")


def _print(content: str | bytes, format: str) -> None:
    from tracegen.cli.signs import printable

    if isinstance(content, bytes):
        if sys.stdout.isatty():
            raise FormatError("this format is not for a terminal: give --output FILE")
        sys.stdout.buffer.write(content)
        return
    click.echo(printable(content, format), nl=not content.endswith("\n"))


def stem_of(problem: tuple[str, ...]) -> str:
    """The name of the files that a problem makes."""
    return Path(problem[0]).stem if problem[0].endswith(".toml") else "trace"
