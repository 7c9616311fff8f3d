"""Cells of a table as text of one format, with everything that a user wrote escaped."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from html import escape
from typing import ClassVar

from tracegen.document.table import Cell, Decimal, Mark
from tracegen.formula import Formula
from tracegen.notation import Latex, MathML, Text, Unicode, printer
from tracegen.notation.latex import scientific
from tracegen.notation.name_parts import GREEK_WORDS
from tracegen.notation.plain import decimal_unicode
from tracegen.notation.printer import Printer
from tracegen.notation.profiles import Convention

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def one_line(words: str) -> str:
    """Words on one line, without what moves a cursor or turns the direction of writing.

    >>> one_line("a\\n\\x1b[31mb")
    'a [31mb'
    """
    return words if words.isprintable() else _CONTROL.sub(" ", words)


class Cells(ABC):
    """One format. Call it with a cell to get its text; ``line`` sets several one after the other."""

    notation: ClassVar[type[Printer]]
    left_out: ClassVar[str] = "—"

    def __init__(self, convention: Convention) -> None:
        self.printed = printer(self.notation, convention)

    def __call__(self, cell: Cell) -> str:
        if isinstance(cell, Formula):
            text = self.printed(cell)
            return self.formula(text if text.isprintable() else one_line(text))
        if cell is None:
            return ""
        if isinstance(cell, Decimal):
            return self.decimal(cell)
        if isinstance(cell, Mark):
            return self.left_out
        return self.words(one_line(cell))

    def line(self, cells: tuple[Cell, ...]) -> str:
        """A title or a note."""
        return "".join(map(self, cells))

    def formula(self, text: str) -> str:
        """A printed formula as the format holds it."""
        return text

    @abstractmethod
    def decimal(self, text: str) -> str:
        """A decimal number."""

    @abstractmethod
    def words(self, text: str) -> str:
        """Words, escaped."""


class MarkdownCells(Cells):
    """Markdown with dollar signs around mathematics; safe inside a table with bars."""

    notation = Latex
    _SPECIAL: ClassVar[dict[int, str]] = str.maketrans(
        {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {char: f"\\{char}" for char in "\\`*_{}[]|$~#"}
    )

    def formula(self, text: str) -> str:
        # Markdown takes the first backslash of \\ for itself
        return "$" + text.replace(r" \\ ", r" \cr ") + "$"

    def decimal(self, text: str) -> str:
        return f"${scientific(text)}$"

    def words(self, text: str) -> str:
        return text.translate(self._SPECIAL)


class LatexCells(Cells):
    """LaTeX that pdflatex compiles, whatever the words are."""

    notation = Latex
    left_out = "---"
    _SPECIAL: ClassVar[dict[str, str]] = {
        "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
        ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}",
        "−": r"\ensuremath{-}", "·": r"\ensuremath{\cdot}", "×": r"\ensuremath{\times}", "√": r"\ensuremath{\surd}",
        "∂": r"\ensuremath{\partial}", "∞": r"\ensuremath{\infty}", "≤": r"\ensuremath{\leq}", "→": r"\ensuremath{\to}",
        "≥": r"\ensuremath{\geq}", "≠": r"\ensuremath{\neq}", "∘": r"\ensuremath{\circ}", "≈": r"\ensuremath{\approx}",
        "′": r"\ensuremath{'}", "½": r"\ensuremath{\frac12}", "²": r"\ensuremath{^2}", "³": r"\ensuremath{^3}",
        "[": "{[}", "*": "{*}", "–": "--", "—": "---", "…": r"\dots{}", "‘": "`", "’": "'", "“": "``", "”": "''",
    }  # fmt: skip
    _SPECIAL |= {char: f"\\{char}" for char in "&%$#_{"} | {"}": r"\}\allowbreak{}"}
    _SPECIAL |= {char: rf"\ensuremath{{_{digit}}}" for digit, char in enumerate("₀₁₂₃₄₅₆₇₈₉")}
    _SPECIAL |= {"₋": r"\ensuremath{_-}", "ᵀ": r"\ensuremath{^\top}"}
    _SPECIAL |= {char: rf"\ensuremath{{\{word}}}" for char, word in GREEK_WORDS.items() if word.islower()}

    def formula(self, text: str) -> str:
        return f"${text if text.isascii() else ''.join(map(_typeset, text))}$"

    def decimal(self, text: str) -> str:
        return f"${scientific(text)}$"

    def words(self, text: str) -> str:
        return text.translate(_TYPESET)


_IN_T1 = frozenset("ĂăĄąĆćČčĎďĐđĘęĚěĞğİıĹĺĽľŁłŃńŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž")


def _typeset(char: str) -> str:
    """A character as it is where pdflatex has it in its fonts, otherwise its code point."""
    return char if char < "\u0100" or char in _IN_T1 else rf"\texttt{{U+{ord(char):04X}}}"


class _Typeset(dict[int, str]):
    """The characters of words as LaTeX, each worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = LatexCells._SPECIAL.get(char) or _typeset(char)
        return self[code]


_TYPESET = _Typeset()


class HtmlCells(Cells):
    """HTML with MathML; nothing in it runs."""

    notation = MathML

    def formula(self, text: str) -> str:
        return f"<math>{text}</math>"

    def decimal(self, text: str) -> str:
        return decimal_unicode(text)

    def words(self, text: str) -> str:
        return escape(text)


class PlainCells(Cells):
    """Unicode for a terminal."""

    notation = Unicode

    def decimal(self, text: str) -> str:
        return decimal_unicode(text)

    def words(self, text: str) -> str:
        return text


_STARTS_OF_FORMULAS = frozenset("=+-@＝＋－＠")


def in_a_field(text: str) -> str:
    """A text as a field of a CSV file that no spreadsheet takes for a formula, which it would run.

    >>> in_a_field("=1+1"), in_a_field("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if text.lstrip()[:1] in _STARTS_OF_FORMULAS and text.strip() else text


class CsvCells(Cells):
    """Fields of a CSV file: formulas that SymPy reads, and words that no spreadsheet takes for a formula."""

    notation = Text
    left_out = ""

    def formula(self, text: str) -> str:
        return _quoted(text)

    def decimal(self, text: str) -> str:
        return text

    def words(self, text: str) -> str:
        return _quoted(in_a_field(text))


_TO_QUOTE = re.compile(r'[",\r\n]|^\s|\s$')


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text


FORMATS: dict[str, type[Cells]] = {
    "md": MarkdownCells,
    "tex": LatexCells,
    "html": HtmlCells,
    "txt": PlainCells,
    "csv": CsvCells,
}
