"""Signs that handwriting and OCR take for each other."""

from __future__ import annotations

import re

from tracegen.grading.findings import remembered

_GROUPS = (
    "17",
    "285",
    "358",
    "49",
    "06",
    "1lI|",
    "IlL",
    "ry",
    "S5s",
    "O0o",
    "gq9",
    "uv",
    "nh",
    "Zz2",
    "xX",
    "kK",
    "wW",
    "aα",
    "B8",
    "bh6",
    "tf",
    "cC",
    "pP",
    "sS",
    "vV",
    "zZ",
    "yY",
    "rR",
)
_PAIRS = frozenset((a, b) for group in _GROUPS for a in group for b in group if a != b)
_WORDS = frozenset([("s", "xi"), ("E", "xi"), ("z", "xi"), ("I", "L"), ("l", "L"), ("w", "omega")])


@remembered(65_536)
def look_alike(a: str, b: str) -> bool:
    """Whether a name can be misread as another: one sign of it looks like that of the other.

    >>> look_alike("v5", "v2"), look_alike("v1", "v4"), look_alike("I", "L")
    (True, False, True)
    """
    if (a, b) in _WORDS or (b, a) in _WORDS:
        return True
    if len(a) != len(b):
        return False
    different = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    return len(different) == 1 and different[0] in _PAIRS


def misread_numbers(text: str) -> list[str]:
    """The numbers that a number may have been before one of its digits was misread.

    >>> misread_numbers("4")
    ['9']
    """
    found = []
    for place, digit in enumerate(text):
        for other in sorted(b for a, b in _PAIRS if a == digit and b.isdigit()):
            found.append(text[:place] + other + text[place + 1 :])
    return [number for number in found if re.fullmatch(r"\d+(\.\d*)?|\.\d+", number)]
