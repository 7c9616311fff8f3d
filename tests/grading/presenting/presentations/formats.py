"""Lays blocks of lines and tables out in a format, and keeps on which line each piece comes to stand."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass, field

Chunk = tuple[str, int]
"""A text and the number of the piece that it is, or −1."""


@dataclass
class Line:
    """Chunks of mathematics, in groups that may stand on lines of their own; words behind them."""

    groups: list[list[Chunk]]
    words: str = ""
    tag: str = ""
    strike: str = ""


@dataclass
class Block:
    """A heading, words, lines or a table."""

    kind: str
    text: str = ""
    lines: list[Line] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    rows: list[list[list[Chunk]]] = field(default_factory=list)


class Page:
    """The text as it grows, line by line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.places: dict[int, set[int]] = {}

    def add(self, text: str, chunks: list[Chunk] | None = None) -> None:
        """A line, on which some pieces stand."""
        self.lines.append(text)
        for _, piece in chunks or []:
            if piece >= 0:
                self.places.setdefault(piece, set()).add(len(self.lines))

    def blank(self) -> None:
        if self.lines and self.lines[-1]:
            self.add("")


def joined(chunks: list[Chunk]) -> str:
    return "".join(text for text, _ in chunks)


@dataclass(frozen=True)
class Document:
    """A kind of document: how its parts are written."""

    heading: Callable[[str, bool], str]
    math: str
    table: Callable[[Page, Block, str], None]
    gap: bool = True
    item: str = "- {0}"
    words: str = "{0}"
    strike: str = "~~{0}~~"


def _flat(groups: list[list[Chunk]]) -> list[Chunk]:
    return [chunk for group in groups for chunk in group]


def _pipes(page: Page, block: Block, math: str) -> None:
    page.add("| " + " | ".join(block.heads) + " |")
    page.add("|" + "---|" * len(block.heads))
    _piped_rows(page, block, math)


def _org(page: Page, block: Block, math: str) -> None:
    page.add("| " + " | ".join(block.heads) + " |")
    page.add("|" + "+".join("---" for _ in block.heads) + "|")
    _piped_rows(page, block, math)


def _piped_rows(page: Page, block: Block, math: str) -> None:
    for row in block.rows:
        cells = [_in_math(_without_pipes(joined(cell), math), math) for cell in row]
        page.add("| " + " | ".join(cells) + " |", _flat(row))


def _without_pipes(text: str, math: str) -> str:
    """A pipe would end the cell."""
    if math == "{0}":
        return text.replace("|", "\\|")
    return text.replace("\\|", "\\Vert ").replace("|", "\\vert ")


def _in_math(text: str, math: str) -> str:
    return math.format(text) if text else ""


def _columns(page: Page, block: Block, math: str) -> None:
    """Columns of plain text, filled with blanks."""
    table = [block.heads, *([joined(cell) for cell in row] for row in block.rows)]
    widths = [max(len(line[at]) for line in table) + 3 for at in range(len(block.heads))]
    for number, line in enumerate(table):
        text = "".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        page.add(text, _flat(block.rows[number - 1]) if number else None)


def _tabular(page: Page, block: Block, math: str) -> None:
    page.add(r"\begin{tabular}{" + "l" * len(block.heads) + "}")
    page.add(r"\hline")
    if any(block.heads):
        page.add(" & ".join(block.heads) + r" \\ \hline")
    for row in block.rows:
        page.add(" & ".join(_in_math(joined(cell), math) for cell in row) + r" \\", _flat(row))
    page.add(r"\hline")
    page.add(r"\end{tabular}")


def _html(page: Page, block: Block, math: str) -> None:
    page.add("<table>")
    if any(block.heads):
        page.add("<tr>" + "".join(f"<th>{html.escape(head)}</th>" for head in block.heads) + "</tr>")
    for row in block.rows:
        cells = "".join(f"<td>{_html_safe(joined(cell), 'html')}</td>" for cell in row)
        page.add(f"<tr>{cells}</tr>", _flat(row))
    page.add("</table>")


def _typst(page: Page, block: Block, math: str) -> None:
    page.add(f"#table(columns: {len(block.heads)},")
    page.add("  " + ", ".join(f"[{head}]" for head in block.heads) + ",")
    for row in block.rows:
        page.add("  " + ", ".join(f"[${joined(cell)}$]" if cell else "[]" for cell in row) + ",", _flat(row))
    page.add(")")


def _csv(page: Page, block: Block, math: str) -> None:
    page.add(",".join(_quoted(head) for head in block.heads))
    for row in block.rows:
        page.add(",".join(_quoted(joined(cell)) for cell in row), _flat(row))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


def _latex_heading(text: str, bold: bool) -> str:
    return rf"\textbf{{{text}}}" if bold else rf"\section*{{{text}}}"


def _markdown_heading(text: str, bold: bool) -> str:
    return f"**{text}**" if bold else f"## {text}"


def _comment(sign: str) -> Document:
    return Document(lambda text, bold: f"{sign} {text}", "{0}", _columns, False, words=sign + " {0}")


DOCUMENTS = {
    "markdown": Document(_markdown_heading, "{0}", _pipes),
    "latex": Document(_latex_heading, "${0}$", _tabular, item=r"\item {0}"),
    "text": Document(lambda text, bold: text.upper() if bold else f"{text}:", "{0}", _columns, False),
    "html": Document(lambda text, bold: ("<b>{0}</b>" if bold else "<h3>{0}</h3>").format(html.escape(text)), "{0}",
                     _html, False, item="<li>{0}</li>", words="<p>{0}</p>", strike="<s>{0}</s>"),
    "org": Document(lambda text, bold: f"*{text}*" if bold else f"* {text}", "{0}", _org, False),
    "typst": Document(lambda text, bold: f"*{text}*" if bold else f"= {text}", "$ {0} $", _typst),
    "csv": Document(lambda text, bold: text, "{0}", _csv, False),
    "notebook": Document(_markdown_heading, "${0}$", _pipes),
}  # fmt: skip


FENCES = {
    ("latex", "bullets"): (r"\begin{itemize}", r"\end{itemize}"),
    ("latex", "numbered"): (r"\begin{enumerate}", r"\end{enumerate}"),
    ("html", "bullets"): ("<ul>", "</ul>"),
    ("html", "numbered"): ("<ol>", "</ol>"),
}
"""What stands around a list of items."""


def laid_out(blocks: list[Block], kind: str, layout: str, latex: bool, bold: bool, comment: str) -> Page:
    """The page of some blocks."""
    page = Page()
    document = _comment(comment) if kind == "code" else DOCUMENTS[kind]
    math = "${0}$" if latex else document.math
    for block in blocks:
        if block.kind == "heading":
            page.blank()
            page.add(document.heading(block.text, bold))
            if kind not in ("code", "csv"):
                page.blank()
        elif block.kind == "words":
            page.add(document.words.format(block.text))
            page.blank()
        elif block.kind == "title":
            page.add(
                document.words.format(_html_safe(joined(block.lines[0].groups[0]), kind)), block.lines[0].groups[0]
            )
            page.blank()
        elif block.kind == "table":
            document.table(page, block, math)
            page.blank()
        else:
            _lines(page, block, document, layout, math, kind)
            page.blank()
    return page


def _html_safe(text: str, kind: str) -> str:
    """A text with nothing that HTML would take for its own, but for the subscripts."""
    if kind != "html":
        return text
    return html.escape(text, quote=False).replace("&lt;sub&gt;", "<sub>").replace("&lt;/sub&gt;", "</sub>")


def _lines(page: Page, block: Block, document: Document, layout: str, math: str, kind: str) -> None:
    if layout == "aligned":
        _aligned(page, block)
        return
    listed = layout in ("bullets", "numbered")
    fence = FENCES.get((kind, layout))
    if fence:
        page.add(fence[0])
    for number, line in enumerate(block.lines):
        item = document.item if layout == "bullets" or (listed and fence) else f"{number + 1}. {{0}}"
        _line(page, line, document, layout, math, kind, item if listed else "")
    if fence:
        page.add(fence[1])


def _line(page: Page, line: Line, document: Document, layout: str, math: str, kind: str, item: str) -> None:
    chunks = _flat(line.groups)
    if layout == "displays":
        page.add(rf"\[{joined(chunks)}{line.tag}\]" if kind == "latex" else f"$${joined(chunks)}{line.tag}$$", chunks)
        if kind != "latex":
            page.add("")
        return
    if layout == "broken chains" and len(line.groups) > 1:
        _broken(page, line, document, math, kind)
        return
    text = math.format(_html_safe(joined(chunks), kind))
    if line.strike:
        text = f"{document.strike.format(math.format(_html_safe(line.strike, kind)))} {text}"
    text += f" ({line.words})" if line.words else ""
    if item:
        text = item.format(text)
    elif kind == "html":
        text = f"<p>{text}</p>"
    page.add(text, chunks)
    if document.gap and not item:
        page.add("")


def _broken(page: Page, line: Line, document: Document, math: str, kind: str) -> None:
    """A chain over several lines, which begin with =."""
    display = math.startswith("$") and kind != "typst"
    if display:
        page.add(r"\begin{align*}" if kind == "latex" else "$$")
    elif kind == "typst":
        page.add("$")
    elif kind == "html":
        page.add("<p>")
    groups = [line.groups[0] + line.groups[1], *line.groups[2:]]
    for number, group in enumerate(groups):
        text = _html_safe(joined(group), kind)
        text = text.replace("= ", "&= ", 1) if kind == "latex" else text
        end = "<br>" if kind == "html" else r" \\" if kind == "latex" and number < len(groups) - 1 else ""
        page.add(("   " if number and not display else "") + text.strip() + end, group)
    if display:
        page.add(r"\end{align*}" if kind == "latex" else "$$")
    elif kind == "typst":
        page.add("$")
    elif kind == "html":
        page.add("</p>")
    if document.gap:
        page.add("")


def _aligned(page: Page, block: Block) -> None:
    page.add(r"\begin{align*}")
    for number, line in enumerate(block.lines):
        chunks = _flat(line.groups)
        text = joined(chunks).replace(" = ", " &= ", 1)
        page.add(text + line.tag + (r" \\" if number < len(block.lines) - 1 else ""), chunks)
    page.add(r"\end{align*}")


def notebook(page: Page) -> str:
    """The JSON of a notebook whose cells are the page's blocks between two blanks before a heading."""
    cells: list[list[str]] = [[]]
    for line in page.lines:
        if line.startswith(("## ", "**")) and cells[-1]:
            cells.append([])
        cells[-1].append(line)
    made: list[dict[str, object]] = [
        {"cell_type": "markdown", "metadata": {}, "source": [f"{line}\n" for line in cell[:-1]] + cell[-1:]}
        for cell in cells
    ]
    made.append({"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": []})
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, ensure_ascii=False)
