"""Cuts a text of mathematics into tokens, within bounds, and finds the place of a token again when it is wrong."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tracegen.errors import BoundError, Place
from tracegen.formula import Formula
from tracegen.mathtext.commands import undressed
from tracegen.mathtext.unicode_text import spell

END = ""
"""The token after the last."""

BREAK = "\n"
"""The token between two formulas that stand side by side."""

WORDS = "mathrm|text|operatorname|mathbf|boldsymbol|mathsf|mathit|mathcal|textrm|textbf|textit|bm|mathtt|texttt|mbox"

SKIPPED = (
    r"[\s$~`]+|\\(?:[,;:!> ()\[\]]|(?:left|right|displaystyle|textstyle|limits|nonumber|mathbin|"
    r"bigl?|bigr|Bigl?|Bigr|biggl?|biggr|Biggl?|Biggr)(?![A-Za-z]))"
)
IDENTIFIER = r"[A-Za-z][A-Za-z0-9]*(?:_+(?:[A-Za-z0-9]+|\{-?[A-Za-z0-9]+\}[A-Za-z0-9]*))*"
MARKED = (
    rf"\\frac\s*\{{\s*\\partial\s*{IDENTIFIER}\s*\}}\s*\{{\s*\\partial\s*{IDENTIFIER}\s*\}}|"
    rf"\\(?:bar|dot)\s*\{{{IDENTIFIER}\}}(?:_(?:\d|\{{-?\d+\}}))?(?!\s*(?:\^\s*\{{\s*[(\[]|[_'(\d]))"
)
"""A derivative or a name with a bar or a dot: one token, so that it is taken apart once and then remembered."""

MANTISSA = r"\d+(?:\.(?!\.)\d*)?|\.\d+"


def _pattern(number: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:{SKIPPED})*+("
        rf"[(){{}},;&^\]]|{IDENTIFIER}|{number}|"
        r"\\(?:begin|end)\s*\{[A-Za-z]+\*?\}|"
        rf"{MARKED}|\\(?=[bmot])(?:{WORDS})\*?\s*\{{(?:[^{{}}\\$]|\\_)*\}}|\\[A-Za-z]+|\\.|"
        r"\*\*|\.\*|//|==|\+=|:=|!=|<=|>=|<-|\.\.\.|\.T(?![A-Za-z0-9_])|\|\||__\w*|\S|\Z)",
        re.ASCII | re.DOTALL,
    )


PARTS = re.compile(rf"\s*({IDENTIFIER}|\d+|\\[A-Za-z]+|\S)", re.ASCII)
WITH_EXPONENT = _pattern(rf"(?:{MANTISSA})(?:[eE][+-]?\d+)?")
WITHOUT_EXPONENT = _pattern(MANTISSA)
EXPONENT = re.compile(r"[\d.][eE]-\d")

SYMPY_MATRIX = re.compile(r"Matrix\(\[\[((?:[^\[\]]|\], \[)*)\]\]\)")
ROW_END = re.compile(r"\\cr(?![A-Za-z])")
COLUMNS = re.compile(r"\\begin\{array\}\s*\{[^{}]*\}")
POWER_BEFORE_INDEX = re.compile(r"(?<=[A-Za-z}])\^(\d|\{[^{}()\[\]]*\})_(\w|\{[^{}]*\})")
r"""`v^2_1`, which is `v_1^2`."""

KEYWORD = re.compile(rf"(?<![\w\\])({'|'.join(keyword.kwlist)})_(?![\w{{\\])")
"""A word of Python's as it is written for programs, ``lambda_``, and no letter with an index."""

INDEX_FIRST = r"_\2^\1"

REWRITTEN: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("\\", undressed),
    ("^", lambda text: POWER_BEFORE_INDEX.sub(INDEX_FIRST, text)),
    ("{array}", lambda text: COLUMNS.sub(lambda match: r"\begin{array}".ljust(len(match[0])), text)),
    (r"\cr", lambda text: ROW_END.sub(lambda match: r"\\".ljust(len(match[0])), text)),
    ("Matrix(", lambda text: SYMPY_MATRIX.sub(_bare_matrix, text)),
    ("{:}", lambda text: text.replace("{:}", " : ")),
    ("{}", lambda text: text.replace("{}", "  ")),
)
"""What a text is rewritten by before it is cut, in this order, each where its mark is in the text. No rewriting changes
the length, so that places stay those of the text."""


def _bare_matrix(match: re.Match[str]) -> str:
    return f"[{match[1].replace('], [', ' ;  ')}]".ljust(len(match[0]))


@dataclass(slots=True)
class Tokens:
    """The tokens of a text, ended by END several times over, so that looking ahead never falls off."""

    source: str
    text: str
    texts: list[str]
    spelled: str
    origin: list[int] | None
    pattern: re.Pattern[str]
    spliced: list[tuple[int, list[int]]] = field(default_factory=list)
    kept: list[int] | None = None

    def take_apart(self, at: int) -> int:
        """Put the parts of a name with its marks in the place of it; how many they are."""
        parts = tuple(PARTS.findall(self.texts[at]))
        self.splice(at, parts)
        return len(parts)

    def splice(self, at: int, pieces: tuple[str, ...]) -> None:
        """Put several tokens in the place of one."""
        offset, offsets = 0, []
        for piece in pieces:
            offset = self.texts[at].find(piece, offset)
            offsets.append(offset)
            offset += len(piece)
        self.texts[at : at + 1] = pieces
        self.spliced.append((at, offsets))

    def place(self, at: int) -> Place:
        """Where a token stands in the text that was given."""
        starts = [match.start(1) for match in self.pattern.finditer(self.spelled)]
        if self.kept is not None:
            starts = [starts[index] if index < len(starts) else len(self.spelled) for index in self.kept]
        for index, offsets in self.spliced:
            starts[index : index + 1] = [start + offset for start in starts[index : index + 1] for offset in offsets]
        start = starts[at] if at < len(starts) else len(self.spelled.rstrip())
        if self.origin is not None:
            start = self.origin[start] if start < len(self.origin) else len(self.text.rstrip())
        return place_of(self.source, self.text, start)


@dataclass(frozen=True, slots=True)
class Spans:
    """Where the operations of a formula stand: at which token each one was read.

    Two lists side by side, since one object an operation would cost a long text more than its reading does.
    """

    tokens: Tokens
    operations: list[Formula] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def place(self, operation: Formula) -> Place | None:
        """Where an operation stands in the text, the very one that was read; None of one that was not."""
        for read, at in zip(self.operations, self.starts, strict=True):
            if read is operation:
                return self.tokens.place(at)
        return None


def is_marked(token: str) -> bool:
    """Whether a token is a derivative or a name with a bar or a dot, which can be taken apart."""
    return token.startswith((r"\frac", r"\bar", r"\dot")) and "{" in token


def place_of(source: str, text: str, start: int) -> Place:
    """The line and column of an index into a text, with that line."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    line = text[line_start:] if line_end < 0 else text[line_start:line_end]
    return Place(source, text.count("\n", 0, start) + 1, start - line_start + 1, line)


def cut(
    text: str, source: str, *, characters: int, tokens: int, exponents: bool = True, keywords: bool = False
) -> Tokens:
    """The tokens of a text; with ``keywords``, ``lambda_`` is the word lambda.

    Raises BoundError where it has too many characters, before any work, or tokens.
    """
    if len(text) > characters:
        raise BoundError(f"the text has {len(text):,} characters; {characters:,} are read", Place(source, 1))
    spelled, origin = (text, None) if text.isascii() else spell(text)
    for mark, rewritten in REWRITTEN:
        if mark in spelled:
            spelled = rewritten(spelled)
    if keywords and "_" in spelled:
        spelled = KEYWORD.sub(r"\1 ", spelled)
    pattern = WITH_EXPONENT if exponents else WITHOUT_EXPONENT
    texts = pattern.findall(spelled)
    if len(texts) > tokens:
        raise BoundError(f"the text has {len(texts):,} symbols; {tokens:,} are read", Place(source, 1))
    texts += [END] * 8
    return Tokens(source, text, texts, spelled, origin, pattern)
