"""Cuts a web page into pieces: its tables, headings and lines, with MathML and the LaTeX behind drawn formulas."""

from __future__ import annotations

import re
from html import unescape

from tracegen.grading import mathml
from tracegen.grading.pieces import MAX_COLUMNS, Markdown, Piece

DEEPEST = 60
"""Elements of MathML in each other that are looked at."""

_UNSEEN = frozenset(["style", "head", "svg", "template", "s", "del", "strike", "annotation-xml"])
_LINES = frozenset(["p", "div", "li", "ul", "ol", "br", "hr", "section", "article", "main", "pre", "dt", "dd", "body"])
_TITLES = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "caption", "summary"])
_ALONE = frozenset(["br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "source", "mspace"])


_PART = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][^<>]{0,2000}>|<(?P<end>/?)(?P<tag>[A-Za-z][A-Za-z0-9-]{0,30})(?P<given>[^<>]{0,2000})>|"
    r"(?P<data>[^<]+|<)",
    re.S,
)
_GIVEN = re.compile(r"""([A-Za-z-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


class WebPage:
    """Reads a page in one pass, so that no page can take long; nothing on it is run or fetched."""

    def __init__(self, text: str) -> None:
        self._line = 1
        self._pieces: list[Piece] = []
        self._text: list[str] = []
        self._row: list[str] | None = None
        self._row_line, self._heads, self._spans = 1, 0, 1
        self._table, self._in_head, self._in_cell = -1, False, False
        self._unseen: list[str] = []
        self._maths: list[tuple[str, list[str]]] = []
        self._tex = ""
        self._keeps_tex, self._bold = False, False
        for part in _PART.finditer(text):
            tag = (part["tag"] or "").lower()
            if tag and part["end"]:
                self._ended(tag)
            elif tag:
                given = {key.lower(): a or b or c for key, a, b, c in _GIVEN.findall(part["given"])}
                self._started(tag, given)
            elif part["data"]:
                self._said(unescape(part["data"]))
            self._line += part[0].count("\n")
        self._end_row()
        self._end_line()

    def pieces(self) -> list[Piece]:
        """The pieces, in order."""
        return self._pieces

    def _started(self, tag: str, given: dict[str, str]) -> None:
        if self._unseen:
            if tag == self._unseen[-1] and tag not in _ALONE:
                self._unseen.append(tag)
            return
        if tag == "script":
            if "math/tex" in given.get("type", ""):
                self._keeps_tex = True
            else:
                self._unseen.append(tag)
        elif tag in _UNSEEN or (given.get("aria-hidden") == "true" and tag not in _ALONE and tag != "math"):
            self._unseen.append(tag)
        elif tag == "math" or self._maths:
            self._start_maths(tag, given)
        else:
            self._start(tag, given)

    def _start_maths(self, tag: str, given: dict[str, str]) -> None:
        if tag == "math":
            self._tex = ""
        if tag == "annotation" and "tex" in given.get("encoding", ""):
            self._keeps_tex = True
        self._bold = given.get("mathvariant") == "bold"
        if len(self._maths) < DEEPEST and tag not in _ALONE:
            self._maths.append((tag, []))

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "table":
            self._end_line()
            self._table += 1
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self._end_row()
            self._end_line()
            self._row, self._heads, self._row_line = [], 0, self._line
        elif tag in ("td", "th") and self._row is not None:
            self._end_cell()
            self._in_cell, self._text = True, []
            self._heads += tag == "th" and given.get("scope") != "row"
            span = given.get("colspan", "1")
            self._spans = min(int(span), MAX_COLUMNS) if span.isdecimal() and len(span) < 4 else 1
        elif tag in ("sub", "sup"):
            self._text.append("_{" if tag == "sub" else "^{")
        elif tag in _LINES or tag in _TITLES:
            self._end_line()

    def _ended(self, tag: str) -> None:
        if self._unseen:
            if tag == self._unseen[-1]:
                self._unseen.pop()
        elif tag == "script":
            self._keeps_tex = False
        elif self._maths:
            self._end_maths(tag)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "tbody", "table"):
            self._end_row()
        elif tag == "thead":
            self._in_head = False
        elif tag in ("sub", "sup"):
            self._text.append("}")
        elif tag in _LINES or tag in _TITLES:
            self._end_line(title=tag in _TITLES)

    def _end_maths(self, tag: str) -> None:
        if not any(tag == opened for opened, _ in self._maths):
            return
        while True:
            opened, parts = self._maths.pop()
            whole = self._written(opened, parts)
            if self._maths:
                self._maths[-1][1].append(whole)
            if opened == tag or not self._maths:
                break
        if not self._maths:
            self._text.append(f" ${(self._tex or whole).strip()}$ ")

    def _written(self, tag: str, parts: list[str]) -> str:
        if tag == "annotation":
            self._keeps_tex = False
            return ""
        if tag in mathml.TOKENS:
            return mathml.token("".join(parts), bold=self._bold)
        return mathml.element(tag, [part for part in parts if part] if tag == "mrow" else parts)

    def _said(self, data: str) -> None:
        if self._unseen:
            return
        if self._maths and self._maths[-1][0] == "annotation" and self._keeps_tex:
            self._tex += data
        elif self._maths and self._maths[-1][0] in mathml.TOKENS:
            self._maths[-1][1].append(data)
        elif self._keeps_tex and not self._maths:
            self._text.append(f" ${data.strip()}$ ")
        elif not self._maths:
            self._text.append(data)

    def _taken(self) -> str:
        """What stands in a cell or on a line, on one line; a formula alone without its dollars."""
        text = " ".join("".join(self._text).split())
        self._text = []
        inside = text[1:-1] if text.startswith("$") and text.endswith("$") else ""
        return inside.strip() if inside and "$" not in inside else text

    def _end_cell(self) -> None:
        if self._in_cell and self._row is not None:
            self._row += [self._taken(), *[""] * (self._spans - 1)]
        self._in_cell = False

    def _end_row(self) -> None:
        self._end_cell()
        if self._row and any(self._row):
            cells = tuple(self._row[: MAX_COLUMNS + 1])
            header = self._in_head or self._heads == len(self._row)
            self._pieces.append(Piece(self._row_line, cells, (True,) * len(cells), max(self._table, 0), header))
        self._row = None

    def _end_line(self, *, title: bool = False) -> None:
        if self._row is not None:
            self._text.append(" ")
            return
        text = "".join(self._text)
        self._text = []
        line = self._line
        if title and text.strip():
            self._pieces.append(Piece(line, (" ".join(text.replace("$", "").split()),), (False,), header=True))
            return
        own = [piece._replace(line=line, table=-1) for piece in Markdown(text).pieces() if any(piece.cells)]
        self._pieces += own
