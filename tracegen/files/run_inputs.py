"""The files that a run reads: none of them is ever replaced by what it writes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tracegen.errors import ToolError
from tracegen.files.signature import is_report_file

Identity = tuple[int, int]
"""The device and the number of a file: the same for every spelling, link and relative path."""


@dataclass(frozen=True)
class Inputs:
    """The files and folders that a run was given to read: those that are read whatever they are, and those of sheets,
    among which a report that tracegen wrote is passed over."""

    named: tuple[Path, ...] = ()
    sheets: tuple[Path, ...] = ()
    released: set[Identity] = field(default_factory=set)

    def replaced_by(self, path: Path) -> Path | None:
        """The input that would be lost if a file were written, or None."""
        identity = _identity(path)
        if identity is None:
            return None
        if identity in self._named:
            return self._named[identity]
        if identity in self.released or identity not in self._sheets or is_report_file(path):
            return None
        return self._sheets[identity]

    def release(self, path: Path) -> None:
        """Let a file be replaced that is among the sheets and not read."""
        identity = _identity(path)
        if identity is not None:
            self.released.add(identity)

    @cached_property
    def _named(self) -> dict[Identity, Path]:
        return _identities(self.named)

    @cached_property
    def _sheets(self) -> dict[Identity, Path]:
        return _identities(self.sheets)


_READ: ContextVar[Inputs] = ContextVar("inputs")


@contextmanager
def protected(inputs: Inputs) -> Iterator[None]:
    """Keep the inputs of a run from being replaced, for the time of a block."""
    token = _READ.set(inputs)
    try:
        yield
    finally:
        _READ.reset(token)


def check(path: Path) -> None:
    """Raise ToolError where a file that is to be written would replace an input of the run.

    >>> with protected(Inputs((Path(__file__),))):
    ...     check(Path(__file__).parent / "." / "run_inputs.py")
    Traceback (most recent call last):
    tracegen.errors.ToolError: ...inputs.py would replace ...inputs.py, which is read: give --output another name
    """
    source = _READ.get(Inputs()).replaced_by(path)
    if source is not None:
        raise ToolError(f"{path} would replace {source}, which is read: give --output another name")


def release(path: Path) -> None:
    """Let a file be replaced that is among the sheets of the run and is not read, for tracegen wrote it."""
    _READ.get(Inputs()).release(path)


def _identities(paths: Iterable[Path]) -> dict[Identity, Path]:
    found: dict[Identity, Path] = {}
    for path in paths:
        for file in _files(path):
            identity = _identity(file)
            if identity is not None:
                found.setdefault(identity, file)
    return found


def _files(path: Path) -> Iterator[Path]:
    """A file, or all those in a folder, but for hidden folders."""
    if not path.is_dir():
        yield path
        return
    for folder, below, names in os.walk(path):
        below[:] = [name for name in below if not name.startswith(".")]
        yield from (Path(folder) / name for name in names)


def _identity(path: Path) -> Identity | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino
