"""Cuts the text of a sheet into pieces: lines of cells and headings, before any mathematics is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from tracegen.grading.arrays import on_one_line
from tracegen.grading.crossing import without_crossed_out
from tracegen.grading.documents.program import with_value
from tracegen.grading.equations import LEFT_ARROWS, has_arrow
from tracegen.grading.rulers import cut_by_rulers

MAX_COLUMNS = 50

T = TypeVar("T")


class Piece(NamedTuple):
    """A line of a sheet: its cells, the line they begin on, the table they belong to (-1: none).

    ``maths`` says for each cell whether it was marked as mathematics; ``header`` that it heads a table, or a section;
    ``own`` holds the cells as they stand on the sheet, where they were readied for reading; ``lines`` the line of each
    cell, where they do not all stand on one.
    """

    line: int
    cells: tuple[str, ...]
    maths: tuple[bool, ...]
    table: int = -1
    header: bool = False
    own: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()

    def line_of(self, place: int) -> int:
        """The line on which a cell stands."""
        return self.lines[place] if self.lines else self.line

    def picked(self, places: Sequence[int]) -> Piece:
        """The piece with some of its cells, in another order.

        >>> Piece(1, ("2", "v1"), (True, True)).picked([1, 0]).cells
        ('v1', '2')
        """

        def some(given: tuple[T, ...]) -> tuple[T, ...]:
            return tuple(given[place] for place in places) if given else given

        return self._replace(cells=some(self.cells), maths=some(self.maths), own=some(self.own), lines=some(self.lines))

    def readied(self, cells: tuple[str, ...]) -> Piece:
        """The piece with other cells to read; its own stay known.

        >>> Piece(1, ("1,5",), (True,)).readied(("1.5",)).own
        ('1,5',)
        """
        return self if cells == self.cells else self._replace(cells=cells, own=self.own or self.cells)


def cells_of(pieces: Iterable[Piece]) -> Iterator[str]:
    """All cells of pieces, in order."""
    return (cell for piece in pieces for cell in piece.cells)


def readied(pieces: Iterable[Piece], read: Callable[[str], str]) -> list[Piece]:
    """The pieces with each cell as it is to be read."""
    return [piece.readied(tuple(map(read, piece.cells))) for piece in pieces]


_RULE = re.compile(r"\s*+\|?\s*+:?-++:?\s*+(\|\s*+:?-++:?\s*+)*\|?\s*+")
_FRAME = re.compile(r"[\s─━═┄┈╌┌┐└┘├┤┬┴┼╞╡╪╭╮╯╰┏┓┗┛┣┫┳┻╋╇┡┩╶╴╍+|=-]*")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\(?\d{1,3}[.)])\s+(?:\[[ xX✓✗]\]\s+)?(?=\S)")
_QUOTED = re.compile(r"^[ ]{0,3}(?:>[ ]?)+(?=[^=<>]*\S)", re.M)
_INLINE = re.compile(r"\$([^$]+)\$")
_FENCE = re.compile(r"\s*(```|~~~)")
_ENVIRONMENT = re.compile(
    r"\s*\\begin\s*\{"
    r"((?:align|alignat|gather|IEEEeqnarray|eqnarray|multline|flalign|equation|tabular|array)\*?)\}"
)
_BARS = re.compile("[│┃║]")
_PICTURE = re.compile(r"!\[[^\[\]\n]*\]\([^()\n]*\)")
_EQUATING = ("=", ":=", *LEFT_ARROWS)
_POINTS = ".,;:()[] "


class Markdown:
    """Cuts Markdown and plain text: maths between dollars, tables with bars, tabs or wide gaps, lines."""

    def __init__(self, text: str) -> None:
        text = _QUOTED.sub("", text) if ">" in text else text
        text = _PICTURE.sub("", text) if "![" in text else text
        lines = without_crossed_out(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
        lines = cut_by_rulers(lines) if "-- " in text or "== " in text else lines
        self._lines = on_one_line(lines) if "[" in text else lines
        self._pieces: list[Piece] = []
        self._table = -1
        self._in_table, self._barred, self._fenced = False, False, False

    def pieces(self) -> list[Piece]:
        """The pieces, in order."""
        index = 0
        while index < len(self._lines):
            index = self._one(index)
        return self._pieces

    def _one(self, index: int) -> int:
        """Cut what begins on a line, and give the index of the line after it."""
        line = self._lines[index]
        if "$$" in line or "\\[" in line:
            return self._display(index)
        if "\\begin" in line and (environment := _ENVIRONMENT.match(line)):
            return self._environment(index, environment[1])
        if not line.strip() or _FENCE.match(line):
            self._fenced ^= bool(line.strip())
            self._in_table = False
            return index + 1
        bare = _BARS.sub("|", line)
        if (_RULE.fullmatch(bare) and "-" in bare and len(bare.strip()) > 2) or (
            _FRAME.fullmatch(bare) and len(bare.strip()) > 3
        ):
            return self._rule(index)
        cells = _boxed(line) or (self._fenced and with_value(line)) or self._columns(bare, index)
        if not cells:
            self._in_table = False
            self._add(index, *_words_and_maths(line))
            return index + 1
        boxed = bool(_BARS.search(line)) and self._in_table
        if boxed and self._goes_on([cell.strip() for cell in cells]):
            return index + 1
        self._open_table()
        self._add(index, [cell.strip() for cell in cells], [True] * len(cells), table=True)
        return index + 1

    def _is_unframed(self, index: int) -> bool:
        """Whether a line and one next to it are cut by as many bars between spaces: a table without a frame."""
        bars = self._lines[index].count(" | ")
        beside = self._lines[max(index - 1, 0) : index] + self._lines[index + 1 : index + 2]
        return 0 < bars < MAX_COLUMNS and any(line.count(" | ") == bars for line in beside)

    def _columns(self, line: str, index: int) -> list[str] | None:
        """The cells of a line of a table, or None where it is none."""
        barred = self._in_table and self._barred
        self._barred = False
        if line.lstrip().startswith("|") and line.rstrip().endswith("|") and len(line.strip()) > 2:
            self._barred = True
            return _split_bars(line.strip()[1:-1])
        if "|" in line and (barred or _next_is_rule(self._lines, index) or self._is_unframed(index)):
            self._barred = True
            cells = _split_bars(line.strip().strip("|"))
            return cells if len(cells) > 1 else None
        if "\t" in line.strip(" "):
            return line.strip(" ").split("\t")
        if "$" not in line and re.search(r"\S {3,}\S", line):
            return re.split(r" {3,}", line.strip())
        return None

    def _goes_on(self, cells: list[str]) -> bool:
        """Join a line of a box to the one above it, where it only carries on folded cells."""
        above = self._pieces[-1] if self._pieces else None
        if above is None or above.table != self._table or above.header or len(above.cells) != len(cells):
            return False
        folded = "=" in above.cells[0] and not re.match(r"[^=]{1,24}=", cells[0])
        if (
            cells[0]
            and not folded
            and (any(cells[1:]) or re.match(r"[^=]{1,24}=", cells[0]) or not any(above.cells[1:]))
        ):
            return False
        joined = tuple(f"{a} {b}".strip() for a, b in zip(above.cells, cells, strict=True))
        self._pieces[-1] = Piece(above.line, joined, above.maths, above.table)
        return True

    def _open_table(self) -> None:
        if not self._in_table:
            self._in_table = True
            self._table += 1

    def _rule(self, index: int) -> int:
        """A line under a table's head: what stands before it is the head."""
        if self._in_table and self._pieces and not self._pieces[-1].header:
            above = self._pieces[-1]
            if above.table == self._table and (len(self._pieces) < 2 or self._pieces[-2].table != self._table):
                self._pieces[-1] = Piece(above.line, above.cells, above.maths, above.table, header=True)
        return index + 1

    def _display(self, index: int) -> int:
        """Maths set apart: everything up to the closing sign, over several lines where it is so."""
        self._in_table = False
        first, line = index, self._lines[index]
        start = min(at for at in (line.find("$$"), line.find("\\[")) if at >= 0)
        closing = "$$" if line.startswith("$$", start) else "\\]"
        if line[:start].strip():
            self._add(index, *_words_and_maths(line[:start]))
        body = line[start + 2 :]
        while closing not in body and index + 1 < len(self._lines) and index - first < 60:
            index += 1
            body += "\n" + self._lines[index]
        inside, _, after = body.partition(closing)
        if "\\begin" in inside:
            self._set_apart(f"$${inside}$$", first)
        else:
            above = inside[: len(inside) - len(inside.lstrip())].count("\n")
            self._add(first + above, [inside.strip()], [True])
        if after.strip():
            self._lines[index] = after
            return index
        return index + 1

    def _environment(self, index: int, name: str) -> int:
        """Lines of LaTeX that no sign sets apart: an alignment or a table by itself."""
        end, closing = index, rf"\end{{{name}}}"
        while closing not in self._lines[end] and end + 1 < len(self._lines):
            end += 1
        self._in_table = False
        self._set_apart("\n".join(self._lines[index : end + 1]), index)
        return end + 1

    def _set_apart(self, text: str, index: int) -> None:
        """Take LaTeX in that begins on a line."""
        from tracegen.grading.latex import Latex

        for piece in Latex(text).pieces():
            table = self._table + 1 if piece.table >= 0 else -1
            self._pieces.append(piece._replace(line=piece.line + index, table=table))
        self._table += 1

    def _add(self, index: int, cells: list[str], maths: list[bool], *, table: bool = False) -> None:
        self._pieces.append(Piece(index + 1, tuple(cells), tuple(maths), self._table if table else -1))


def _next_is_rule(lines: list[str], at: int) -> bool:
    return at + 1 < len(lines) and bool(_RULE.fullmatch(lines[at + 1])) and "|" in lines[at + 1]


def _boxed(line: str) -> list[str] | None:
    """The cells of a line in a drawn frame in which a plain bar is mathematics: │ v3 = |v2| │ 3 │."""
    framed = line.strip()
    if "|" not in framed or not (_BARS.match(framed) and _BARS.match(framed[-1]) and len(framed) > 2):
        return None
    return _BARS.split(framed[1:-1])


def _split_bars(line: str) -> list[str]:
    """The cells between bars; a bar within dollars or behind a backslash is a part of its cell."""
    cells, start, inside = [], 0, False
    for at, char in enumerate(line):
        if char == "$" and line[at - 1 : at] != "\\":
            inside = not inside
        elif char == "|" and not inside and line[at - 1 : at] != "\\":
            cells.append(line[start:at])
            start = at + 1
    cells.append(line[start:])
    if inside:
        return re.split(r"(?<!\\)\|", line)
    return cells


def _words_and_maths(line: str) -> tuple[list[str], list[bool]]:
    """The pieces of a line outside tables: what stands between dollars, and what does not."""
    bare = _BULLET.sub("", line, count=1) if "=" in line or "$" in line or has_arrow(line) else line
    cells, maths, at = [], [], 0
    for found in _INLINE.finditer(bare):
        before = bare[at : found.start()].strip()
        if before.strip(_POINTS):
            cells.append(before)
            maths.append(False)
        cells.append(found[1].strip())
        maths.append(True)
        at = found.end()
    rest = bare[at:].strip()
    if rest.strip(_POINTS):
        cells.append(rest)
        maths.append(False)
    return _rejoined(cells, maths) if len(cells) > 1 and ("=" in line or has_arrow(line)) else (cells, maths)


def _rejoined(cells: list[str], maths: list[bool]) -> tuple[list[str], list[bool]]:
    """The pieces of a line, those put together between which an equal sign stands outside of the dollars."""
    joined: list[str] = []
    marked: list[bool] = []
    waits = False
    for cell, math in zip(cells, maths, strict=True):
        goes_on = not math and cell.startswith(_EQUATING)
        if joined and marked[-1] and (goes_on or waits):
            joined[-1] = f"{joined[-1]} {cell}"
        else:
            joined.append(cell)
            marked.append(math)
        waits = goes_on and cell.endswith(_EQUATING)
    return joined, marked


def bare(text: str) -> str:
    """A cell without the dollar signs round it."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "$":
        text = text.strip("$").strip()
    elif text.startswith("\\(") and text.endswith("\\)"):
        text = text[2:-2].strip()
    return text
