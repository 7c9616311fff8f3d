"""Names for students that say nothing of them to whoever has not the key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from tracegen.grading.classes.collecting import Sheet

_DIGITS = 10


def anonymous(sheets: Sequence[Sheet], key: str) -> tuple[list[Sheet], dict[str, str]]:
    """The sheets under names made of the students' with a key, the same in every run with it, and for each of these
    names that of the student.

    >>> sheets, names = anonymous([Sheet("anna/a.md", ".md", "", student="anna")], "secret")
    >>> [(sheet.name, names[sheet.student]) for sheet in sheets]
    [('student-72f8b586f7.md', 'anna')]
    """
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    found = []
    for sheet in sheets:
        own = sheet.student or sheet.name
        digest = hmac.new(key.encode(), own.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        name = f"student-{digest[:_DIGITS]}"
        names[name] = own
        counts[name] = number = counts.get(name, 0) + 1
        suffix = PurePosixPath(sheet.name).suffix if sheet.suffix else ""
        file = f"{name}{suffix}" if number == 1 else f"{name}-{number}{suffix}"
        beside = tuple(f"{name}{PurePosixPath(each).suffix}" for each in sheet.beside)
        found.append(replace(sheet, name=file, student=name, beside=beside))
    return found, names
