"""What the template for Graphviz's own language is filled with."""

from __future__ import annotations

from typing import Any

from tracegen.graph.picture import colours


def quoted(text: str) -> str:
    r"""A text as a string of DOT, in which nothing is special.

    >>> print(quoted('a"b\\c'))
    "a\"b\\c"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


TOOLS: dict[str, Any] = {"quoted": quoted, "colours": colours}
"""What the template is given."""
