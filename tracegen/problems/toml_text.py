"""A TOML text, read, that knows in which line a section or an entry stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracegen.errors import Place, ProblemError

Path = tuple[str, ...]
"""The names on the way to an entry: ``("inputs", "x", "shape")``."""

_KEY = re.compile(r"""\s*(?:"([^"\\]*)"|'([^']*)'|([\w-]+))\s*""")
_HEADER = re.compile(r"\s*\[\[?(.*?)\]\]?\s*(?:#.*)?$")
MOST_NAMES = 50
"""Names with points between them in a key: the time for more grows with their square."""

MOST_DIGITS = 4_000
"""Digits of a number without a point: Python writes and reads no more of them."""

_NAME = r"""(?:(?<![\w-])[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*"""
_DEEP_KEY = re.compile(rf"(?:{_NAME}\.[ \t]*){{{MOST_NAMES}}}")
_LONG_NUMBER = re.compile(rf"(?<![\w.])[+-]?(?:0[xob])?[0-9a-fA-F_]{{{MOST_DIGITS},}}(?=[\s,\]}}#]|$)")
_WHERE = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Toml:
    """A text and the name of its file."""

    text: str
    source: str

    def load(self) -> dict[str, Any]:
        """What the text says. Raises ProblemError with the place where it is no TOML.

        >>> Toml("x = 2", "p.toml").load()
        {'x': 2}
        """
        deep, long = _DEEP_KEY.search(self.text), _LONG_NUMBER.search(self.text)
        if deep:
            raise ProblemError(f"a key has more than {MOST_NAMES} names", self._at_sign(deep.start()))
        if long:
            raise ProblemError("a number has too many digits", self._at_sign(long.start()))
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            match = _WHERE.search(str(error))
            where = self._at(int(match[1]), int(match[2])) if match else Place(self.source)
            raise ProblemError(f"is no TOML: {_WHERE.sub('', str(error)).strip()}", where) from None
        except RecursionError:
            raise ProblemError("is nested too deeply", Place(self.source)) from None

    def place(self, path: Path, text: str = "", inner: Place | None = None) -> Place:
        """The place of an entry or a section; that of a sign in it, where its text is ``text`` and ``inner`` is the
        place in this. It is only looked for where something is wrong, and costs as much as reading.

        >>> toml = Toml('[outputs]\\ny = "sin(x"', "p.toml")
        >>> str(toml.place(("outputs", "y")))
        'p.toml:2:1'
        >>> str(toml.place(("outputs", "y"), "sin(x", Place("", 1, 4)))
        'p.toml:2:9'
        """
        starts = _starts(self.text)
        start = self._entry(path, starts)
        if start is None:
            return Place(f"{self.source} [{path[0]}] {' '.join(path[1:])}".strip() if path else self.source)
        line, column = start
        if inner is None or not inner.line or not inner.column:
            return self._at(line, column)
        at = self._start_of(text, starts[line - 1] + column - 1)
        if at is None:
            return self._at(line, column)
        before = text.split("\n")[: inner.line - 1]
        at += sum(len(passed) + 1 for passed in before) + inner.column - 1
        line = self.text.count("\n", 0, at) + 1
        return self._at(line, at - starts[line - 1] + 1)

    def _at_sign(self, at: int) -> Place:
        """The place of a sign by how many stand before it."""
        before = self.text[:at]
        return self._at(before.count("\n") + 1, at - before.rfind("\n"))

    def _at(self, line: int, column: int) -> Place:
        lines = self.text.split("\n")
        return Place(self.source, line, column, lines[line - 1].rstrip("\r") if line <= len(lines) else "")

    def _entry(self, path: Path, starts: list[int]) -> tuple[int, int] | None:
        """Line and column of an entry, or of what comes nearest to it: an entry that it is part of, or a part of it."""
        nearest: tuple[int, tuple[int, int]] | None = None
        for line, column, names, rest in _entries(self.text):
            shared = min(len(names), len(path))
            if not shared or names[:shared] != path[:shared] or (nearest and shared <= nearest[0]):
                continue
            if not self._begins(starts[line - 1]):
                continue
            inside = _inline(rest, path[shared:]) if len(names) < len(path) else 0
            nearest = shared, (line, column + inside)
        return nearest[1] if nearest else None

    def _begins(self, start: int) -> bool:
        """Whether an entry can begin here, and not the middle of a text of several lines or a list."""
        try:
            tomllib.loads(self.text[:start])
        except (tomllib.TOMLDecodeError, RecursionError):
            return False
        return True

    def _start_of(self, text: str, start: int) -> int | None:
        """Where the text of an entry that begins at ``start`` stands, which is in quotes or a number."""
        quoted = ('"{}"', "'{}'", '"""\n{}"""', "'''\n{}'''")
        places = [(self.text.find(form.format(text), start), form.index("{")) for form in quoted]
        bare = re.compile(rf"[=\[,]\s*{re.escape(text)}(?![\w.])").search(self.text, start)
        if bare:
            places.append((bare.start(), len(bare[0]) - len(text)))
        return min((at + before for at, before in places if at >= start), default=None)


def _starts(text: str) -> list[int]:
    """Where each line begins."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _entries(text: str) -> Iterator[tuple[int, int, Path, str]]:
    """Each line that looks like a section or an entry: line, column, the names, and what comes after the equal sign."""
    section: Path = ()
    for number, line in enumerate(text.split("\n"), 1):
        column = len(line) - len(line.lstrip()) + 1
        header = _HEADER.match(line)
        if header and (names := _names(header[1])[0]):
            section = names
            yield number, column, section, ""
            continue
        names, at = _names(line)
        if names and line[at : at + 1] == "=":
            yield number, column, (*section, *names), line[column - 1 :]


def _names(text: str) -> tuple[Path, int]:
    """Names with points between them, and where they end."""
    names: list[str] = []
    at = 0
    while match := _KEY.match(text, at):
        names.append(next(part for part in match.groups() if part is not None))
        at = match.end()
        if text[at : at + 1] != ".":
            break
        at += 1
    return tuple(names), at


def _inline(text: str, names: Path) -> int:
    """How far in a line the last of some names stands, in a table of one line; 0 where it does not."""
    at = text.find("=")
    for name in names:
        match = re.compile(rf"""[{{,.]\s*(["']?){re.escape(name)}\1\s*[=.]""").search(text, at)
        if match is None:
            return 0
        at = match.start() + len(match[0]) - len(match[0][1:].lstrip())
    return at
