"""Reads a text of Typst: its headings, its lines, its mathematics, and the tables that calls hold."""

from __future__ import annotations

import re
from bisect import bisect_right

from tracegen.grading.documents.document import DISPLAY, HEADING, LINE, TABLE, Block, Cell, Document, Span

DEEPEST = 40
"""Calls and contents in each other that are looked at."""

_CALL = re.compile(r"#?([A-Za-z][\w.-]*)\s*(?=[(\[])")
_STATEMENT = re.compile(r"#(?:set|show|let|import|include)\b")
_COMMENT = re.compile(r"(?<!:)//[^\n]*|/\*.*?(?:\*/|\Z)", re.S)
_HEADING = re.compile(r"=+[ \t]+")
_BLANKS = re.compile(r"\s+")
_ITEM = re.compile(r"(?:[-+/]|\d{1,3}\.)[ \t]+")
_NAMED = re.compile(r"\s*([a-z][a-z-]*)\s*:")
_STOP = re.compile(r"[$#\n/\[\]]")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_BROKEN = re.compile(r"\\(?=\s)")
_MARK = re.compile(r"^[ \t]*(?:#(?:table|figure|set|let|show|align)\b|\$[ \t]*$|\$[ \t].*[ \t]\$[ \t]*$)", re.M)
_OTHERS = re.compile(r"\\[A-Za-z]{2}|[_^]\{|\$\$")


def is_typst(text: str) -> bool:
    """Whether a text is Typst: it sets mathematics apart by spaces or calls functions, and has no sign of LaTeX.

    >>> is_typst("= Trace\\n\\n$ v_1 = x_1 dot x_2 $"), is_typst("$ v_1 = x_1 \\\\cdot x_2 $")
    (True, False)
    """
    return _MARK.search(text) is not None and _OTHERS.search(text) is None


def read(text: str) -> Document:
    """The document that a text of Typst is. Nothing in it raises; what never closes ends with the text."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._blocks: list[Block] = []
        self._line: list[Cell] = []
        self._title = False

    def read(self) -> Document:
        self._content(0, len(self._text), 0)
        self._flush()
        return Document(tuple(self._blocks))

    def _content(self, at: int, end: int, depth: int) -> None:
        """Read what stands between two places as content."""
        fresh = True
        while at < end:
            if fresh:
                at = self._begun(at, end)
            found = _STOP.search(self._text, at, end)
            stop = found.start() if found else end
            self._words(at, stop)
            at, fresh = (self._at_sign(stop, end, depth), self._text[stop] == "\n") if found else (end, False)

    def _filled(self, at: int, end: int) -> int:
        """The place from one on where no blank stands."""
        found = _BLANKS.match(self._text, at, end)
        return found.end() if found else at

    def _begun(self, at: int, end: int) -> int:
        """Where the text of a line begins, behind the sign for a title or an item."""
        at = self._filled(at, end)
        heading = _HEADING.match(self._text, at, end)
        if heading:
            self._title = True
            return heading.end()
        item = _ITEM.match(self._text, at, end)
        return item.end() if item else at

    def _at_sign(self, at: int, end: int, depth: int) -> int:
        """Read what begins with a sign, and give the place behind it."""
        sign = self._text[at]
        if sign == "\n":
            self._flush()
            return at + 1
        if sign == "$":
            return self._maths(at, end)
        if sign == "/":
            comment = _COMMENT.match(self._text, at, end)
            if comment is None:
                self._words(at, at + 1)
            return comment.end() if comment else at + 1
        if sign == "#":
            return self._code(at, end, depth)
        return at + 1

    def _words(self, start: int, end: int) -> None:
        cell = self._cell(start, end)
        if cell.text and cell.text.strip(".,;: "):
            self._line.append(cell)

    def _cell(self, start: int, end: int, *, maths: bool = False) -> Cell:
        part = self._text[start:end]
        text = part.strip()
        start += len(part) - len(part.lstrip())
        return Cell(text, Span(start, start + len(text), bisect_right(self._starts, start)), maths)

    def _flush(self) -> None:
        """End a line; one that is bold as a whole is a title."""
        cells, title = tuple(self._line), self._title
        self._line, self._title = [], False
        if not cells:
            return
        first = cells[0].text
        bold = len(cells) == 1 and not cells[0].maths and len(first) > 2 and first[0] == first[-1] == "*"
        if bold:
            span = cells[0].span
            cells = (Cell(first[1:-1], Span(span.start + 1, span.end - 1, span.line)),)
        self._blocks.append(Block(HEADING if title or bold else LINE, (cells,)))

    def _maths(self, at: int, end: int) -> int:
        """Mathematics on its line, or set apart by spaces; there each line of equations is one."""
        close = self._text.find("$", at + 1, end)
        stop = end if close < 0 else close
        inside = self._text[at + 1 : stop]
        if not (inside[:1].isspace() and inside[-1:].isspace()):
            if inside.strip():
                self._line.append(self._cell(at + 1, stop, maths=True))
            return stop + 1
        self._flush()
        begun = at + 1
        for broken in [*(found.start() for found in _BROKEN.finditer(self._text, at + 1, stop)), stop]:
            cell = self._cell(begun, broken, maths=True)
            if cell.text:
                self._blocks.append(Block(DISPLAY, ((cell,),)))
            begun = broken + 1
        return stop + 1

    def _code(self, at: int, end: int, depth: int) -> int:
        """A statement, which says how pages look, is passed over; a call may hold a table, or content."""
        call = _CALL.match(self._text, at, end)
        if call is not None and depth < DEEPEST and not _STATEMENT.match(self._text, at):
            return self._call(call, end, depth)
        line = self._text.find("\n", at, end)
        return end if line < 0 else line

    def _call(self, call: re.Match[str], end: int, depth: int) -> int:
        """Read a call: the cells of a table, and the contents of all others."""
        at = call.end()
        if self._text[at] == "(":
            close = self._closed(at, end)
            if call[1] in ("table", "grid"):
                self._flush()
                self._table(at + 1, close, depth)
            else:
                self._arguments(at + 1, close, depth)
            at = close + 1
        while at < end and self._text[at] == "[":
            close = self._closed(at, end)
            self._content(at + 1, close, depth + 1)
            at = close + 1
        return at

    def _arguments(self, at: int, end: int, depth: int) -> None:
        """Read the contents and calls among the arguments of a call."""
        for start, stop in self._parts(at, end):
            named = _NAMED.match(self._text, start, stop)
            value = self._filled(named.end() if named else start, stop)
            call = _CALL.match(self._text, value, stop)
            if call is not None and depth < DEEPEST:
                self._call(call, stop, depth + 1)
            elif self._text[value : value + 1] == "[" and depth < DEEPEST:
                self._content(value + 1, self._closed(value, stop), depth + 1)

    def _table(self, at: int, end: int, depth: int) -> None:
        columns, cells, heads = 1, list[Cell](), 0
        for start, stop in self._parts(at, end):
            named = _NAMED.match(self._text, start, stop)
            if named and named[1] == "columns":
                columns = self._columns(named.end(), stop)
            elif not named:
                heads += self._cells(start, stop, cells, depth)
        lines = tuple(tuple(cells[first : first + columns]) for first in range(0, len(cells), columns))
        if lines:
            self._blocks.append(Block(TABLE, lines, heads=-(-heads // columns)))

    def _columns(self, at: int, end: int) -> int:
        """How many columns a table has: their number, or as many as are listed."""
        said = self._text[at:end].strip()
        if said.isdecimal() and len(said) < 4:
            return max(int(said), 1)
        start = self._text.find("(", at, end)
        return max(sum(1 for _ in self._parts(start + 1, self._closed(start, end))), 1) if start >= 0 else 1

    def _cells(self, start: int, stop: int, cells: list[Cell], depth: int) -> int:
        """Take the cells of an argument in, and say how many of them are heads."""
        start = self._filled(start, stop)
        call = _CALL.match(self._text, start, stop)
        if call is None or depth >= DEEPEST:
            cells.append(self._bare(start, stop))
            return 0
        at, before = call.end(), len(cells)
        if call[1].endswith((".header", ".footer")) and self._text[at] == "(":
            for first, last in self._parts(at + 1, self._closed(at, stop)):
                if not _NAMED.match(self._text, first, last):
                    self._cells(first, last, cells, depth + 1)
            return len(cells) - before if call[1].endswith(".header") else 0
        if call[1].endswith((".hline", ".vline")):
            return 0
        content = self._closed(at, stop) + 1 if self._text[at] == "(" else at
        cells.append(self._bare(content if self._text[content : content + 1] == "[" else at + 1, stop))
        return 0

    def _bare(self, start: int, stop: int) -> Cell:
        """A cell without what only wraps it: brackets of content, dollars, stars."""
        cell = self._cell(start, stop)
        maths = False
        for opening, closing in ("[]", "**", "$$"):
            text = cell.text
            if (
                len(text) > 1
                and text[0] == opening
                and text[-1] == closing
                and closing not in text[1:-1].strip(closing)
            ):
                maths = opening == "$"
                cell = self._cell(cell.span.start + 1, cell.span.end - 1)
        return Cell(cell.text, cell.span, maths)

    def _parts(self, at: int, end: int) -> list[tuple[int, int]]:
        """From where to where the arguments between two places go."""
        parts, start, waiting, maths = [], at, list[str](), False
        for place in range(at, end):
            char = self._text[place]
            if char == "$" or (char == '"' and not maths and not waiting):
                maths = maths != (char == "$")
            elif maths:
                continue
            elif char in _CLOSING:
                waiting.append(_CLOSING[char])
            elif waiting and char == waiting[-1]:
                waiting.pop()
            elif char == "," and not waiting:
                parts.append((start, place))
                start = place + 1
        parts.append((start, end))
        return [(first, last) for first, last in parts if self._text[first:last].strip()]

    def _closed(self, at: int, end: int) -> int:
        """The place of the bracket that closes one; the end where none does. Mathematics is passed over."""
        waiting, maths = list[str](), False
        for place in range(at, end):
            char = self._text[place]
            if char == "$":
                maths = not maths
            elif maths:
                continue
            elif char in _CLOSING:
                waiting.append(_CLOSING[char])
            elif waiting and char == waiting[-1]:
                waiting.pop()
                if not waiting:
                    return place
        return end
