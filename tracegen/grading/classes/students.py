"""Whose a file is, by its name: as learning platforms name what they export, or by folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

_MOODLE = re.compile(r"_assignsubmission_[a-z]*_?$")
"""What ends the name of a folder that Moodle exports: Anna Muster_123_assignsubmission_file_."""

_CANVAS = re.compile(r"^([^_]+)(?:_LATE)?_(\d+)_\d+_.+$", re.DOTALL)
"""A file that Canvas exports: musteranna_LATE_123_4567_answer-1.md, where 123 is the student."""


def students_of(names: Sequence[str]) -> list[str]:
    """For each file of a folder or a zip the student whose it is.

    A folder tells, the first below one that all files are in; where there is none, the name that a platform gave the
    file; otherwise each file is of somebody else.

    >>> students_of(["hw1/anna/a.md", "hw1/anna/b.pdf", "hw1/ben/a.md"])
    ['anna', 'anna', 'ben']
    >>> students_of(["annam_LATE_12_901_hw-1.md", "annam_12_900_hw.md", "ben.md"])
    ['annam_12', 'annam_12', 'ben.md']
    >>> students_of(["A M_7_assignsubmission_file_/a.md", "A M_7_assignsubmission_onlinetext_/b.html"])
    ['A M_7', 'A M_7']
    """
    paths = [PurePosixPath(name).parts for name in names]
    above = _common(paths)
    return [_student(parts[above:]) for parts in paths]


def _common(paths: Sequence[tuple[str, ...]]) -> int:
    """How many folders all files are in, of which the last has a folder below it for some of them."""
    above = 0
    while paths and all(len(parts) > above + 1 and parts[above] == paths[0][above] for parts in paths):
        if not any(len(parts) > above + 2 for parts in paths):
            break
        above += 1
    return above


def _student(parts: Sequence[str]) -> str:
    if len(parts) > 1:
        return _MOODLE.sub("", parts[0])
    exported = _CANVAS.match(parts[0])
    return f"{exported[1]}_{exported[2]}" if exported else parts[0]
