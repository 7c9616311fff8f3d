"""Every way to be wrong has one exception, and each says where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, signature
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Place:
    """Where an error is: what was read, the line and column (from 1, 0 where unknown), and the text there."""

    source: str
    line: int = 0
    column: int = 0
    text: str = ""

    WIDTH = 72

    def __str__(self) -> str:
        parts = [self.source, str(self.line) if self.line else "", str(self.column) if self.column else ""]
        return ":".join(part for part in parts if part)

    def caret(self) -> str:
        """The text with a caret under the column, cut to a terminal's width around it; empty without a text."""
        if not self.text or not self.column:
            return ""
        start = max(0, self.column - 1 - self.WIDTH // 2)
        shown = self.text[start : start + self.WIDTH].replace("\t", " ")
        return f"{shown}\n{' ' * (self.column - 1 - start)}^"


class TracegenError(Exception):
    """Anything that a user can cause. ``str()`` is one line: the place and a clear sentence."""

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message

    def __reduce__(self) -> tuple[type[TracegenError], tuple[str, Place | None]]:
        return type(self), (self.message, self.place)


class ParseError(TracegenError):
    """A text that is no formula."""


class UnknownNameError(ParseError):
    """A name that is neither an input, a parameter, a step nor an operation."""


class BoundError(ParseError):
    """A text that is longer or deeper than what is read."""


class ProblemError(TracegenError):
    """A problem that does not hold together: a missing, doubled or unusable input, step or output."""


class ShapeError(TracegenError):
    """Operands whose shapes do not fit."""


class PointError(TracegenError):
    """A point at which a line has no value or no derivative."""


class TracingError(TracegenError):
    """A Python function that cannot be traced."""


class PrimitiveError(TracegenError):
    """A row that cannot join the table of primitives."""


class FormatError(TracegenError):
    """A format, profile, table or template that is not there or cannot be filled."""


class CheckError(TracegenError):
    """A trace whose sweeps disagree: a fault of tracegen or of a row, never of the reader."""


class ToolError(TracegenError):
    """A program or an extra that is needed and not installed."""


class OptionError(TracegenError, TypeError):
    """A call with an option that is not there, or without one that is needed."""


def with_options_checked(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """The function, which says what options there are where it is called with others.

    >>> with_options_checked(lambda digits: digits)(digit=3)
    Traceback (most recent call last):
        ...
    tracegen.errors.OptionError: <lambda> can't be called so: missing a required argument: 'digits'; it takes digits
    """
    known = signature(function)
    names = [name for name, entry in known.parameters.items() if name != "self" and entry.kind != Parameter.VAR_KEYWORD]

    @wraps(function)
    def checked(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        try:
            known.bind(*args, **kwargs)
        except TypeError as error:
            takes = f"it takes {', '.join(names)}" if names else "it takes nothing"
            raise OptionError(f"{function.__name__} can't be called so: {error}; {takes}") from None
        return function(*args, **kwargs)

    return checked
