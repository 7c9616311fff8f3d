"""Reads the text of a problem, in Python's syntax or LaTeX, into a formula with its order and grouping as written."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Collection
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real
from typing import NamedTuple

from tracegen.errors import BoundError, ParseError, UnknownNameError
from tracegen.formula import E as EULER
from tracegen.formula import Formula, number
from tracegen.mathtext.calls import call
from tracegen.mathtext.grammar import Notation, Parser
from tracegen.mathtext.indexing import part
from tracegen.mathtext.known_words import Vocabulary
from tracegen.mathtext.parselets import POSTFIX, PREFIX, REFUSED, transpose
from tracegen.mathtext.symbols import BINARY, COMPARISON, COMPARISONS, ELLIPSES, PRODUCT
from tracegen.mathtext.tokens import BREAK, END, Spans, cut, place_of
from tracegen.mathtext.words import subscripted, word

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 100
"""Brackets within brackets. What is deeper can be said in named steps."""

LARGEST_NUMBER = 10**300
"""What numbers from Python have to be below."""

FOREIGN = frozenset([r"\bar", r"\overline", r"\dot", r"\partial"]) | ELLIPSES

NO_EQUATION = "an expression has no equal sign"
WORDY = "is not read: an expression has names, numbers and operations only"


def parse(
    text: str, names: Collection[str] | None = None, *, source: str = "expression", letters: Collection[str] = ()
) -> Formula:
    """The formula that a text is, nothing evaluated and nothing re-ordered.

    Python's syntax, with `^` as a power, products without a sign (`2x1`, `3 sin(x2)`), matrix products `A @ x`,
    transposes `A.T` and indices `a[0]`, `a[0:2]`; or LaTeX. ``names`` are the names that may be used (None: any);
    ``letters`` are those that stand for functions. A call has its row's name as its head; `log(x, b)` is a
    quotient, and min, max and hypot of more than two operands nest to the left.

    Raises ParseError with the place where the text is no formula, UnknownNameError where it uses another name, and
    BoundError where it has more than a million characters or brackets nest more than a hundred deep.

    >>> parse("2x1 + x2", ["x1", "x2"]).head
    'add'
    """
    return reading(text, names, source=source, letters=letters).formula


def reading(
    text: str,
    names: Collection[str] | None = None,
    *,
    source: str = "expression",
    letters: Collection[str] = (),
    declared: Collection[str] = (),
    matrices: bool = False,
) -> Reading:
    """The formula of a text as :func:`parse` has it, and where its operations stand.

    Where any name may be used, those ``declared`` are names even where they could be constants. Where some names are
    ``matrices``, a product without a sign is one of matrices, and * one of elements.
    """
    formulas = Formulas(_searchable(names), letters, declared)
    formulas.matrices = matrices
    return formulas.reading(text, source)


class Reading(NamedTuple):
    """A formula that was read, where its operations stand in the text, and which of ``e`` and ``E`` were taken for
    Euler's number where any name may be used."""

    formula: Formula
    spans: Spans
    assumed: tuple[str, ...] = ()


class Formulas:
    """Reads the formulas of one problem, in which more and more names may be used.

    >>> names = {"x"}
    >>> formulas = Formulas(names)
    >>> formulas.read("e*x").args[0].head
    'constant'
    >>> names.add("e")
    >>> formulas.grow()
    >>> formulas.read("e*x").args[0].head
    'name'
    """

    def __init__(
        self,
        names: Collection[str] | None = None,
        letters: Collection[str] = (),
        declared: Collection[str] = (),
    ) -> None:
        self._python = Vocabulary(names, letters, loose=False, declared=declared)
        self._latex: Vocabulary | None = None
        self.matrices = False
        """Whether some of the names are matrices, so that signs mean what they do between these."""

    def read(self, text: str, source: str = "expression") -> Formula:
        """The formula of a text, as :func:`parse` reads it."""
        return self.reading(text, source).formula

    def reading(self, text: str, source: str = "expression") -> Reading:
        """The formula of a text with its spans."""
        parser = self._parser(text, source)
        try:
            formula = parser.expression()
        except UnknownNameError:
            if "=" in parser.texts:  # the name before it is that of the result
                parser.fail(NO_EQUATION, parser.texts.index("="))
            raise
        if parser.texts[parser.at] != END:
            _left_over(parser)
        words = parser.words
        assumed = [] if words.names is not None else [text for text in ("e", "E") if words.atoms.get(text) == EULER]
        return Reading(formula, parser.spans, tuple(assumed))

    def _parser(self, text: str, source: str) -> Parser:
        if not text.strip():
            raise ParseError("there is no expression", place_of(source, text, 0))
        tokens = cut(text, source, characters=MAX_CHARACTERS, tokens=MAX_CHARACTERS)
        latex = "\\" in text or "_{" in text or "^{" in text
        words = self._words_of_latex() if latex else self._python
        return Parser(tokens, words, NOTATIONS[self.matrices, latex], limit=MAX_DEPTH, strict=True)

    def grow(self) -> None:
        """Take note that there are more names than before."""
        self._python.forget()
        self._latex = None

    def _words_of_latex(self) -> Vocabulary:
        if self._latex is None:
            words = self._python
            self._latex = Vocabulary(words.names, words.letters, latex=True, loose=False, declared=words.declared)
        return self._latex


def parse_value(value: str | float | Real | Decimal, *, source: str = "value") -> Formula:
    """The formula of an exact value: a number, or a text without names such as `pi/16` or `sqrt(2)`.

    A float is the decimal that Python shows for it. Raises ParseError where the value has names, is not finite or is no
    number, BoundError where it is too large.

    >>> parse_value(0.5), parse_value(-2).head
    (Formula(head='number', args=('0.5',)), 'neg')
    """
    if isinstance(value, bool) or not isinstance(value, str | Real | Decimal):
        raise ParseError(f"a value is a number or a text, not {type(value).__name__}", place_of(source, str(value), 0))
    if isinstance(value, int | Rational):
        fraction = Fraction(int(value.numerator), int(value.denominator))
        if max(abs(fraction.numerator), fraction.denominator) >= LARGEST_NUMBER:
            raise BoundError("the number has too many digits", place_of(source, "", 0))
        return number(fraction)
    text = str(value)
    if text.strip().lstrip("+-").lower() in ("nan", "inf", "infinity", "oo"):
        raise ParseError(f"{text.strip()} is not a value: it must be finite", place_of(source, text, 0))
    return parse(text, (), source=source)


def parse_matrix(text: str, read: Callable[[str], Formula], *, source: str = "value") -> Formula:
    """The matrix that a text lists, each element read by ``read``: ``[1, 2]`` is a column.

    Raises ParseError where rows are not of one length or brackets are not closed.

    >>> parse_matrix("[[1, pi/2], [3, 4]]", parse_value).args[1][0]
    Formula(head='number', args=('3',))
    """
    rows = [_split(row) or [row] for row in _split(text) or []]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise ParseError("a matrix is [[1, 2], [3, 4]], its rows of one length", place_of(source, text, 0))
    return Formula("matrix", tuple(tuple(map(read, row)) for row in rows))


def _split(text: str) -> list[str] | None:
    """The parts of a text in square brackets, cut at its commas; None of another text."""
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    parts, depth = [""], 0
    for char in text[1:-1]:
        depth += (char in "([") - (char in ")]")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _searchable(names: Collection[str] | None) -> Collection[str] | None:
    """Names in which looking one up costs nothing; a set or a dictionary is taken as it is, however long."""
    return frozenset(names) if isinstance(names, list | tuple) else names


def _left_over(parser: Parser) -> None:
    token = parser.texts[parser.at]
    if token in ("=", ":=", "+="):
        parser.fail(NO_EQUATION)
    if token == BREAK:
        parser.fail("an expression is one formula")
    if token == ",":
        parser.fail("an expression is one formula; a comma belongs between a function's operands")
    parser.unexpected()


def _refuse(message: str) -> Callable[[Parser], Formula]:
    def refused(parser: Parser) -> Formula:
        parser.fail(message, parser.at - 1)

    return refused


def _refused_after(message: str) -> Callable[[Parser, Formula], Formula]:
    def refused(parser: Parser, left: Formula) -> Formula:
        parser.fail(message, parser.at - 1)

    return refused


def _sum(parser: Parser) -> Formula:
    """`\\sum(A)`, the sum of all elements; a sum over an index is none that is read."""
    if parser.texts[parser.at] in ("_", "^"):
        parser.fail("sums over an index are not read; write sum(A), or the terms", parser.at - 1)
    return parser.notation.call(parser, "sum", 1)


def _index(parser: Parser, left: Formula) -> Formula:
    """`a[0]`, `A[0, 1]`, `a[0:2]`, `a[1:]`: whole numbers and slices only."""
    return part(parser, left, _whole)


def _whole(parser: Parser) -> Formula:
    at, negative = parser.at, parser.texts[parser.at] == "-"
    parser.at += negative
    token = parser.texts[parser.at]
    if not token.isdigit() or len(token) > 9:
        parser.fail("an index is a whole number or a slice of two", at)
    parser.at += 1
    whole = Formula("number", (token,))
    return Formula("neg", (whole,)) if negative else whole


def _attribute(parser: Parser, left: Formula) -> Formula:
    """The dot before a sign, A./B, A.^2 and A.', says element by element; another is not read."""
    following = parser.texts[parser.at]
    if following not in ("/", "^", "'"):
        parser.fail("attributes are not read, only .T for a transpose", parser.at - 1)
    if following == "^":
        parser.texts[parser.at] = "**"
    return left


def _dotted(parser: Parser, left: Formula) -> Formula:
    """A.*B is A*B, a product element by element."""
    parser.at -= 1
    parser.texts[parser.at] = "*"
    return left


def _power_of_matrices(parser: Parser, left: Formula) -> Formula:
    """A^2 is a power as it is written on paper: of a matrix, A A; A**2 is one of each element."""
    formula = _power(parser, left)
    return formula._replace(head="matrix_power") if formula.head == "pow" else formula


def _power(parser: Parser, left: Formula) -> Formula:
    """A power; of Euler's number, the exponential function."""
    formula = POSTFIX["^"](parser, left)
    if formula.head == "pow" and formula.args[0] == Formula("constant", ("e",)):
        return Formula("exp", formula.args[1:])
    return formula


REFUSALS = REFUSED | {
    **{word: f"{word!r} {WORDY}" for word in keyword.kwlist},
    "nan": "NaN is not a value", "NaN": "NaN is not a value", "inf": "infinity is not a value",
    "oo": "infinity is not a value", "Inf": "infinity is not a value", "Infinity": "infinity is not a value",
    "infinity": "infinity is not a value", "zoo": "infinity is not a value",
    "'": "strings are not read", "&": "& is not an operation here",
    "#": "comments are not read",
    ":": "a colon is read in an index only", ";": "an expression is one formula",
}  # fmt: skip

LATEX = Notation(
    PREFIX | {token: _refuse(f"{token} is not read in a problem") for token in FOREIGN} | {r"\sum": _sum},
    POSTFIX
    | {"^": _power, "**": _power, "[": _index, ".": _attribute, ".*": _dotted, "__": subscripted}
    | {sign: _refused_after(f"{sign} is not an operation here") for sign in ("%", r"\%")},
    word,
    call,
    REFUSALS,
    BINARY | COMPARISONS | {r"\bmod": (PRODUCT, "mod")},
)
PYTHON = Notation(
    LATEX.prefix | {"[": _refuse("lists are not read"), "{": _refuse("braces are not read; use round brackets")},
    LATEX.postfix,
    word,
    call,
    REFUSALS,
    LATEX.binary | {"%": (PRODUCT, "mod"), "//": (PRODUCT, "floordiv"), "&": (COMPARISON + 1, "mul")},
)


def _of_matrices(notation: Notation) -> Notation:
    """A notation in which some names are matrices: a product without a sign, or with a dot or a cross, is one of
    matrices, * one of elements; A' is a transpose."""
    products = dict.fromkeys((r"\cdot", r"\times"), (PRODUCT, "matmul"))
    postfix = notation.postfix | {"^": _power_of_matrices, "'": transpose}
    return replace(notation, postfix=postfix, binary=notation.binary | products, beside="matmul")


NOTATIONS = {
    (False, False): PYTHON, (False, True): LATEX,
    (True, False): _of_matrices(PYTHON), (True, True): _of_matrices(LATEX),
}  # fmt: skip
"""The notation of a text, by whether some names are matrices and whether it is LaTeX."""
