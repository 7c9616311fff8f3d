"""Knows the files that tracegen wrote, by a small mark inside where the format has room for one."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

MARK = "made by tracegen"
"""What a file says to which tracegen gave the name, with a checksum of what stands above."""

REPORT_MARK = f"report {MARK}"
"""What a report or an overview of a class says, so that it is never taken for a sheet."""

GIVEN_MARK, ASKED_MARK = "the problem, not graded", "the answers"
"""What comments on a worksheet say before the statement of its problem, and before what is to be filled in."""

GIVEN_HEADING = "The problem:"
"""The line before the statement of a problem where a text has no comments; the lines of the statement are indented."""

_COMMENTS = {
    "md": "<!-- {} -->", "html": "<!-- {} -->", "svg": "<!-- {} -->", "tex": "% {}", "pdf": "% {}", "mmd": "%% {}",
    "dot": "// {}", "toml": "# {}", "sh": "# {}", "py": "# {}",
}  # fmt: skip
_TABLES = (b"table,row,part,marks,", b"sheet,score,", b"sheet,table,row,cell,text,before,after,why")
"""How reports and gradebooks begin as CSV, which has no room for a mark."""

_SCRIPT = b"#!"

_HEAD, _TAIL = 1000, 400
"""Bytes at both ends of a file among which its mark is."""


def marked(content: str | bytes, ending: str) -> bytes:
    r"""The content of a file with the mark as its last line, in a script as its second. A report, and what has no
    comments, is left as it is.

    >>> marked("x = 1\n", "toml"), marked("x,1\n", "csv")
    (b'x = 1\n# made by tracegen, 8bf6893b\n', b'x,1\n')
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    comment = _COMMENTS.get(ending)
    if comment is None or is_report(data):
        return data
    above = data if data.endswith(b"\n") else data + b"\n"
    line = f"{comment.format(_sealed(above))}\n".encode("ascii")
    if not above.startswith(_SCRIPT):
        return above + line
    first, newline, rest = above.partition(b"\n")
    return first + newline + line + rest


def is_as_written(path: Path) -> bool:
    """Whether a file is as tracegen wrote it, under a name of its own choice: nobody has filled it in or changed it."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    if data.startswith(_SCRIPT):
        first, newline, below = data.partition(b"\n")
        line, _, rest = below.partition(b"\n")
    else:
        first, newline, line = data.removesuffix(b"\n").rpartition(b"\n")
        rest = b""
    return _sealed(first + newline + rest).encode("ascii") in line


def _sealed(above: bytes) -> str:
    return f"{MARK}, {crc32(above):08x}"


def is_report(data: bytes) -> bool:
    """Whether the content of a file is a report, an overview or a gradebook that tracegen wrote."""
    return REPORT_MARK.encode("ascii") in data[:_HEAD] + data[-_TAIL:] or data.startswith(_TABLES)


def is_report_file(path: Path) -> bool:
    """Whether a file is a report, an overview or a gradebook that tracegen wrote."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            file.seek(max(0, file.seek(0, 2) - _TAIL))
            return is_report(head + file.read())
    except OSError:
        return False
