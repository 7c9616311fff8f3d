"""Cuts a line of a program into the statement and the value that a comment behind it says."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"(?<=\S)(?:\s*;\s*(?:#|//|%|--)|\s+#|\s{2,}(?://|%|--))\s*(?:[=≈~:→]|[-=]>)?\s*(?=\S)")
"""What begins a comment behind a statement. Signs that are operations as well stand behind a semicolon or apart."""

_CALLS = ("np.array", "torch.tensor", "array", "tensor")
_OF_NUMBERS = frozenset("0123456789.,;+-−*/^()[] eE")


def with_value(line: str) -> tuple[str, str] | None:
    """The statement of a line and the value in the comment behind it; None where there is no such comment.

    >>> with_value("v2 = v0 * v1  # 6.5"), with_value("v2 = v0 * v1  # the product"), with_value("v2 = v0 % 2")
    (('v2 = v0 * v1', '6.5'), None, None)
    """
    found = _COMMENT.search(line) if "=" in line or "←" in line else None
    if found is None:
        return None
    value = line[found.end() :].strip()
    bare = next((value.removeprefix(call) for call in _CALLS if value.startswith(f"{call}(")), value)
    if not any(map(str.isdigit, bare)) or not _OF_NUMBERS.issuperset(bare):
        return None
    return line[: found.start()].strip(), value
