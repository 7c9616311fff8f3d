"""Cuts the text of a chain into the texts of its members, so that every member keeps its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracegen.grading.findings import remembered

_SIGN = re.compile(
    r"\\(?:equiv|approx|simeq|cong|doteq|coloneqq|leftarrow|gets|longleftarrow|quad|qquad|Rightarrow|implies|to)(?![A-Za-z])|\+=|:=|==|<-|[=≡≈≃≅≐≔←⟵⇒⟹→⟶]|"
    r"\\\\(?:\[[^\]]{0,20}\])?|\\(?:begin|end)\s*\{[A-Za-z]+\*?\}(?:\{[^{}]*\})?|\\.|[{}()\[\]&]",
    re.DOTALL,
)
_ENVIRONMENT = re.compile(
    r"\\begin\s*\{(?:[A-Za-z]*matrix|array)\*?\}(?:\s*\{[^{}]*\})?(.*)\\end\s*\{[A-Za-z]*\*?\}", re.DOTALL
)
_BRACKETS = re.compile(r"[\[(]([^=]*)[\])]", re.DOTALL)
_BETWEEN_ROWS = re.compile(r"\\\\(?:\[[^\]]{0,20}\])?|;|(?<=\])\s*,\s*(?=\[)")
_OUTER = frozenset(["aligned", "align", "align*", "gathered", "split", "equation", "equation*"])


def member_texts(text: str) -> tuple[str, ...]:
    """The texts between the equal signs, wide spaces and line ends of a text that stand outside all brackets.

    >>> member_texts(r"\\bar{v}_7 &= v_0 \\cdot 1 \\quad \\exp(2)")
    ('\\\\bar{v}_7', 'v_0 \\\\cdot 1', '\\\\exp(2)')
    """
    return tuple(member for member, _ in members_of(text))


@remembered(8_192)
def members_of(text: str) -> tuple[tuple[str, int], ...]:
    """The same texts, each with the count of lines before it."""
    return tuple(_cut(text))


def entry_texts(text: str) -> list[list[str]]:
    """The texts of the entries of a matrix, row by row; none where it is not plain where they end.

    >>> entry_texts("[[1, 1/2], [x, y]]")
    [['1', '1/2'], ['x', 'y']]
    """
    found = _ENVIRONMENT.search(text) or _BRACKETS.search(text)
    if not found:
        return []
    sign = "&" if "&" in found[1] else ","
    rows = [row for row in _BETWEEN_ROWS.split(found[1].removesuffix("\\right")) if row.strip()]
    return [[_clean(entry).strip("[]") for entry in row.split(sign)] for row in rows]


def _cut(text: str) -> Iterator[tuple[str, int]]:
    start, depth = 0, 0
    for found in _SIGN.finditer(text):
        token = found[0]
        if token.startswith(("\\begin", "\\end")):
            if token.split("{")[1].split("}")[0] in _OUTER:
                yield from _member(text, start, found.start())
                start = found.end()
            else:
                depth += 1 if token.startswith("\\begin") else -1
        elif token in "{([":
            depth += 1
        elif token in "})]":
            depth -= 1
        elif (
            depth > 0
            or token == "&"
            or (token[0] == "\\" and len(token) == 2 and token != "\\\\")
            or (token.startswith("\\\\") and _goes_on(text, found.end()))
            or (token in ("\\quad", "\\qquad") and _goes_on(text, found.end(), wide=True))
        ):
            continue
        else:
            yield from _member(text, start, found.start())
            start = found.end()
    yield from _member(text, start, len(text))


def _member(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """The member between two places, where there is one, and the count of lines before it."""
    part = text[start:end]
    cleaned = _clean(part)
    if cleaned:
        yield cleaned, text.count("\n", 0, start + len(part) - len(part.lstrip(" \n\t&$")))


def _goes_on(text: str, at: int, *, wide: bool = False) -> bool:
    rest = text[at : at + 40].lstrip(" &\n\t")
    while rest.startswith(("\\quad", "\\qquad")):
        rest = rest.removeprefix("\\qquad").removeprefix("\\quad").lstrip(" &\n\t")
    signs = ("+", "\\cdot", "\\times") if wide else ("+", "-", "\\cdot", "\\times")
    return rest.startswith(signs)


def _clean(part: str) -> str:
    aligned = part if "\\begin" in part else part.replace("&", " ")
    return " ".join(aligned.split()).strip("$ ").rstrip(".,;").strip()
