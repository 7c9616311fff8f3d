"""What the template for Mermaid is filled with; GitHub draws Mermaid in Markdown."""

from __future__ import annotations

from typing import Any

from tracegen.graph.picture import colours


def quoted(*lines: str) -> str:
    """Lines as a text of Mermaid, in which no character is a sign of HTML, Markdown or Mermaid.

    >>> quoted("a < b", "c")
    '"a #60; b<br>c"'
    """
    return '"' + "<br>".join("".join(map(_escaped, line)) for line in lines) + '"'


def _escaped(char: str) -> str:
    return f"#{ord(char)};" if char in '"<>&#;`*_~\\|{}[]$' else char


def identifier(key: str) -> str:
    """A key as a word of Mermaid: a word such as ``end`` would be taken for its own.

    >>> identifier("output-y1")
    'n_output_2dy1'
    """
    return "n_" + "".join(char if char.isascii() and char.isalnum() else f"_{ord(char):x}" for char in key)


TOOLS: dict[str, Any] = {"quoted": quoted, "id": identifier, "colours": colours}
"""What the template is given."""
