"""Cuts a LaTeX document into pieces: rows of tabulars and alignments, displayed and inline maths, headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracegen.grading.crossing import without_crossed_out
from tracegen.grading.macros import written_out
from tracegen.grading.pieces import Piece

_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_HEADING = re.compile(r"\\(?:sub)*(?:section|paragraph|title|caption)\*?\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_TABLES = frozenset(["tabular", "tabular*", "tabularx", "longtable", "array"])
_WITH_OPTIONS = frozenset(["alignat", "alignat*", "IEEEeqnarray", "IEEEeqnarray*"])
_SET_UNDER = ("align", "eqnarray", "flalign", "gather", "multline")
_ALIGNED = _WITH_OPTIONS.union(_SET_UNDER, (f"{name}*" for name in _SET_UNDER))
_WITHIN = frozenset(["aligned", "gathered", "split", "cases", "dcases", "array", "tabular", "alignedat", "multlined"])
"""What sets equations under each other within a display."""

_DISPLAYED = frozenset(["equation", "equation*", "displaymath", "math"])
_PART = re.compile(
    r"\\begin\s*\{(?P<begin>[A-Za-z]+\*?)\}|(?P<display>\$\$|\\\[)|(?P<round>\\\()|"
    r"(?<!\\)\$(?P<one>[^$]*)\$|(?P<break>\n\s*\n|\\\\|\\par\b|\\item\b)",
    re.DOTALL,
)
_CLOSED_BY = {"$$": "$$", r"\[": r"\]", r"\(": r"\)"}
_RULES = re.compile(
    r"\\(?:toprule|midrule|bottomrule|hline|addlinespace|endhead|endfirsthead|endfoot|endlastfoot|noalign\{[^{}]*\}|cmidrule(?:\([a-z]*\))?\{[^{}]*\})(?:\[[^\]]*\])?"
)
_BEFORE = re.compile(rf"(?:\s|{_RULES.pattern})*")
"""What may stand before the cells of a table's line."""

_LINE_END = re.compile(r"\\\\(?:\[[^\]]*\])?")
_UNSEEN = re.compile(r"\\label\{[^{}]*\}|\\nonumber|\\notag")
_MIDRULE = re.compile(r"\\midrule|\\hline|\\endhead")
_SPAN = re.compile(r"\\multicolumn\s*\{(\d{1,2})\}\s*\{[^{}]*\}\s*\{")
_COLUMNS = re.compile(r"\s*(?:\[[^\]]*\])?(?:\s*\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})?")
_COMMAND = re.compile(r"\\[A-Za-z]+\*?(?:\[[^\]]*\])?")
_UPRIGHT = re.compile(r"\\ensuremath\s*\{([^{}]*)\}")
_WORD_COMMANDS = re.compile(
    r"\\(?:textbf|textit|emph|text|textrm|mathrm|underline|large|Large|small|centering|noindent|bigskip|medskip|smallskip|maketitle|newpage|label\{[^{}]*\}|vspace\*?\{[^{}]*\}|hspace\*?\{[^{}]*\})(?![A-Za-z])"
)


_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{(?![bpvV]?matrix\})[^{}]*\}(?:\[[^\]]*\])?")
_INNER = re.compile(r"\\(?:begin|(end))\s*\{[A-Za-z]+\*?\}")
_WHOLE = re.compile(r"\s*(?:\\left\s*(?:\\[{lbrace]+|\.)\s*)?\\begin\s*\{([A-Za-z]+\*?)\}")
_ENDED = re.compile(r"(?:\\right\s*(?:\.|\\\}))?[\s.,;]*")
_RELATION = re.compile(r"=|\\(?:approx|equiv|leftarrow|gets)(?![A-Za-z])")
_NAMED = re.compile(r"\w")
_GOES_ON = re.compile(r"=|\+|-|\\(?:cdot|times|equiv|approx)(?![A-Za-z])")
_WAITS = re.compile(r"(?:[=+(\[-]|\\(?:cdot|times|equiv|approx|leftarrow|gets))\s*$")
NEAR = 80
"""Letters before the end of a line that are looked at."""

DEEPEST = 5
"""Displays within each other that are opened."""

_BETWEEN = re.compile(r"\\(?:short)?intertext\s*\{([^{}]*)\}")
_AMPERSAND = "\ue000"
"""What stands for an ampersand inside a matrix while a table is cut at the others."""

_BREAK = "\ue001\ue001"
"""What stands for a line's end there, of the same length, so that places stay."""


def _kept_whole(body: str) -> str:
    """A table or alignment in which what is set within it is without the signs at which rows and cells are cut."""
    parts, depth, done = [], 0, 0
    for found in _INNER.finditer(body):
        part = body[done : found.start()]
        parts.append(part.replace(r"\\", _BREAK).replace("&", _AMPERSAND) if depth else part)
        depth, done = max(depth + (-1 if found[1] else 1), 0), found.start()
    return "".join([*parts, body[done:]])


def without_comments(text: str) -> str:
    """A text without what stands behind percent signs; its lines stay.

    >>> without_comments("v_0 % as above")
    'v_0 '
    """
    return _COMMENT.sub("", text)


class Latex:
    """Cuts a LaTeX text; what stands before ``\\begin{document}`` is left out."""

    def __init__(self, text: str) -> None:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = without_crossed_out(written_out(text), ties=True)
        begin = text.find(r"\begin{document}")
        self._offset = text.count("\n", 0, begin) if begin >= 0 else 0
        body = text[begin + len(r"\begin{document}") :] if begin >= 0 else text
        self._text = without_comments(body).replace(r"\end{document}", "")
        self._pieces: list[Piece] = []
        self._table = -1
        self._unended: set[str] = set()
        self._words = ""
        self._words_at = 0
        self._counted = (0, 0)

    def pieces(self) -> list[Piece]:
        """The pieces, in order."""
        at = seen = 0
        while (found := _PART.search(self._text, seen)) is not None:
            seen = found.end()
            if found[0] in (r"\[", r"\(") and not self._inside(found)[2]:
                continue  # brackets that nothing closes are words
            self._collect(self._text[at : found.start()], at)
            at = seen = self._part(found)
        self._collect(self._text[at:], at)
        self._flush()
        return self._pieces

    def _part(self, found: re.Match[str]) -> int:
        """Take one part in, and give the place after it."""
        if found["begin"] is not None:
            return self._environment(found)
        if found["break"] is not None:
            self._flush()
            return found.end()
        self._flush()
        start, end, after = self._inside(found)
        inside = self._text[start:end]
        if not after:
            self._add(found.start(), [""], [True])
            return found.end()
        if found["display"] is None and "\\begin" not in inside:
            self._add(found.start(), [inside], [True])
        else:
            self._displayed(start, end)
        return after

    def _inside(self, found: re.Match[str]) -> tuple[int, int, int]:
        """From where to where the maths goes that begins, and where it is over: 0 where nothing ends it, which is
        looked for once."""
        if found["one"] is not None:
            return *found.span("one"), found.end()
        closing = _CLOSED_BY[found[0]]
        end = -1 if closing in self._unended else self._text.find(closing, found.end())
        if end >= 0:
            return found.end(), end, end + len(closing)
        self._unended.add(closing)
        return found.end(), found.end(), 0

    def _displayed(self, start: int, end: int, within: int = 0) -> None:
        """A formula set apart: one, or those that an environment round all of it sets under each other."""
        body = self._text[start:end]
        opened = _WHOLE.match(body)
        name = opened[1] if opened else ""
        closes = body.rfind(rf"\end{{{name}}}") if opened else -1
        if opened is None or closes < 0 or not _is_one(body[opened.end() : closes], body[closes:], name):
            self._add(start + _lead(body), [body.strip()], [True])
            return
        inside, ends = start + opened.end(), start + closes
        options = _COLUMNS.match(self._text, inside) if name in _WITH_OPTIONS | _TABLES | {"alignedat"} else None
        at = options.end() if options else inside
        if name in _TABLES and (_RULES.search(self._text, at, ends) or (options and "|" in options[0])):
            self._tabular(inside, ends)
        elif name in _DISPLAYED and within < DEEPEST:
            self._displayed(at, ends, within + 1)
        elif name in _ALIGNED or _is_equation(self._text[at:ends]):
            self._aligned(at, ends)
        else:
            self._add(start + _lead(body), [body.strip()], [True])

    def _environment(self, found: re.Match[str]) -> int:
        name = found["begin"]
        end = -1 if name in self._unended else self._text.find(rf"\end{{{name}}}", found.end())
        if end < 0:
            self._unended.add(name)
        if name in _TABLES and end >= 0:
            self._flush()
            self._tabular(found.end(), end)
            return end + len(rf"\end{{{name}}}")
        if (name in _ALIGNED or name in _DISPLAYED) and end >= 0:
            self._flush()
            options = _COLUMNS.match(self._text, found.end()) if name in _WITH_OPTIONS else None
            (self._displayed if name in _DISPLAYED else self._aligned)(options.end() if options else found.end(), end)
            return end + len(rf"\end{{{name}}}")
        options = _COLUMNS.match(self._text, found.end())
        return options.end() if options else found.end()

    def _aligned(self, start: int, end: int) -> None:
        """The lines of an alignment; one that begins with a sign goes on with the line before."""
        rows: list[tuple[int, str]] = []
        ended = start
        for at, line in _lines(_kept_whole(self._text[start:end])):
            for place, each in _equations(_UNSEEN.sub(_blank, line)):
                for words in _BETWEEN.finditer(each):
                    self._add_rows(rows)
                    rows = []
                    self._add(start + at + place + words.start(), [_plain(words[1])], [False])
                text, begun = _BETWEEN.sub("", each).strip(), start + at + place + _lead(each)
                if rows and (_GOES_ON.match(text) or _WAITS.search(rows[-1][1][-NEAR:])):
                    between = "\n" * self._text.count("\n", ended, begun)
                    rows[-1] = (rows[-1][0], f"{rows[-1][1]} {between}{text}")
                elif text:
                    rows.append((begun, text))
                ended = begun + len(text)
        self._add_rows(rows)

    def _add_rows(self, rows: list[tuple[int, str]]) -> None:
        for place, text in rows:
            self._add(place, [text.replace(_AMPERSAND, "&").replace(_BREAK, r"\\")], [True])

    def _tabular(self, start: int, end: int) -> None:
        self._table += 1
        options = _COLUMNS.match(self._text, start)
        at = options.end() if options else start
        body = _kept_whole(self._text[at:end])
        for place, line in _lines(body):
            self._table_line(line, at + place)

    def _table_line(self, line: str, at: int) -> None:
        if _MIDRULE.search(line) and self._pieces and self._pieces[-1].table == self._table:
            above = self._pieces[-1]
            first = not any(piece.table == self._table for piece in self._pieces[:-1])
            if first:
                self._pieces[-1] = Piece(above.line, above.cells, above.maths, above.table, header=True)
        text = _RULES.sub("", line)
        if not text.strip():
            return
        cells = [cell for part in re.split(r"(?<!\\)&", text) for cell in _spanned(part)]
        cells = [cell.replace(_AMPERSAND, "&").replace(_BREAK, r"\\") for cell in cells]
        before = _BEFORE.match(line)
        place = at + (before.end() if before else 0)
        self._add(place, [_plain(cell) for cell in cells], [True] * len(cells), table=True)

    def _collect(self, text: str, at: int) -> None:
        """Words between the maths, with the headings among them."""
        for heading in _HEADING.finditer(text):
            self._flush()
            self._add(at + heading.start(), [_plain(heading[1])], [False], title=True)
        rest = _COMMAND.sub(" ", _plain(_RULES.sub("", _HEADING.sub("", text)))).strip("{} \n")
        if rest:
            if not self._words:
                self._words_at = at
            self._words = f"{self._words} {rest}".strip()

    def _flush(self) -> None:
        if self._words.strip(".,;: "):
            self._add(self._words_at, [self._words], [False])
        self._words = ""

    def _add(self, at: int, cells: list[str], maths: list[bool], *, table: bool = False, title: bool = False) -> None:
        place, line = self._counted
        start = min(place, at)
        if at < place:
            line, start = 0, 0
        line += self._text.count("\n", start, at)
        self._counted = (at, line)
        number = 1 + self._offset + line
        self._pieces.append(Piece(number, tuple(cells), tuple(maths), self._table if table else -1, header=title))


def _lines(body: str) -> Iterator[tuple[int, str]]:
    """The lines of an alignment or a table, each with its place."""
    at = 0
    for found in _LINE_END.finditer(body):
        yield at, body[at : found.start()]
        at = found.end()
    yield at, body[at:]


def _equations(line: str) -> Iterator[tuple[int, str]]:
    """The equations that stand side by side on a line of an alignment, two columns each, each with its place."""
    done, at, parts = 0, 0, line.split("&")
    whole, waits = False, False
    for pair in range(0, len(parts), 2):
        text = "&".join(parts[pair : pair + 2])
        if whole and not waits and _is_equation(text):
            yield done, line[done:at].replace("&", " ")
            done = at
        whole = whole or _is_equation(text) or (pair > 0 and _RELATION.search(text) is not None)
        if text.strip("& \n\t"):
            waits = _WAITS.search(text[-NEAR:].replace("&", " ")) is not None
        at += len(text) + 1
    yield done, line[done:].replace("&", " ")


def _is_equation(text: str) -> bool:
    """Whether something stands before the first equal sign of a text."""
    found = _RELATION.search(text)
    return found is not None and _NAMED.search(text, 0, found.start()) is not None


def _is_one(inside: str, after: str, name: str) -> bool:
    """Whether an environment is the whole of a display: it does not end before, and nothing stands behind it."""
    depth = 0
    for found in _INNER.finditer(inside):
        depth += -1 if found[1] else 1
        if depth < 0:
            return False
    return depth == 0 and _ENDED.fullmatch(after.removeprefix(rf"\end{{{name}}}")) is not None


def _blank(found: re.Match[str]) -> str:
    """Spaces in the place of what is not seen, so that places stay."""
    return " " * len(found[0])


def _lead(text: str) -> int:
    """How many spaces and line ends stand before a text."""
    return len(text) - len(text.lstrip())


def _spanned(part: str) -> list[str]:
    """A cell, and the empty ones that it spans."""
    found = _SPAN.search(part)
    if found is None:
        return [part]
    inside = part[found.end() :].rstrip()
    return [inside[:-1] if inside.endswith("}") else inside, *[""] * (min(int(found[1]), 50) - 1)]


def _plain(text: str) -> str:
    """Words without the commands that only set them."""
    text = _UPRIGHT.sub(r" \1 ", text)
    text = _WORD_COMMANDS.sub("", _ENVIRONMENT.sub("", text))
    return text.strip().removeprefix("{").removesuffix("}").strip() if text.strip().startswith("{") else text.strip()
