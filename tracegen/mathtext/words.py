"""Names with their indices and primes, letters that stand for functions, and words run together."""

from __future__ import annotations

import re
from typing import NoReturn

from tracegen.errors import UnknownNameError
from tracegen.formula import Formula, name
from tracegen.mathtext.calls import call, derivative_of, sympys
from tracegen.mathtext.grammar import Parser
from tracegen.mathtext.known_words import BARE, GREEK_WORDS, Vocabulary, function, normal
from tracegen.mathtext.symbols import BINARY, LETTERS, STOPS
from tracegen.mathtext.tokens import END
from tracegen.primitives import lookup

HATS = {r"\hat": "hat", r"\widehat": "hat", r"\tilde": "tilde", r"\widetilde": "tilde"}
"""Accents that are part of a name, ŷ is y_hat, or say nothing where no name has them: v̂₁ is v1."""

SIZED = frozenset(["ones", "identity"])
"""Functions of a size, which may be a number without brackets."""


def word(parser: Parser, text: str) -> Formula:
    """What a word stands for, the word itself being stepped over."""
    at = parser.at - 1
    if parser.strict and parser.texts[parser.at].startswith("_"):
        ended = with_underscores(parser, text)
        if ended != text:
            return _ended(parser, ended, at)
    following = parser.texts[parser.at]
    if parser.words.known(text):
        return _name_or_words(parser, text, at)
    read = _of_the_field(parser, text, at)
    if read is not None:
        return read
    if following == "(":
        _product_or_unknown(parser, text, at)
    return _name_or_words(parser, text, at)


def _of_the_field(parser: Parser, text: str, at: int) -> Formula | None:
    """What a word that is no name of the problem means by itself: a function, a derivative or a constant."""
    words, following = parser.words, parser.texts[at + 1]
    anew = words.names is None and text in GREEK_WORDS  # lambda, where nothing is declared
    if text in parser.notation.refused and parser.texts[at] == text and not anew:
        parser.fail(parser.notation.refused[text], at)
    if following in ("(", "'") and text in words.letters:
        return letter(parser, text)
    if following == "(" and text == "sigma":
        return call(parser, "sigmoid", 1)
    if following == "(" and (read := sympys(parser, text)) is not None:
        return read
    called = function(normal(text))
    if called is not None and following == "'" and derivative_of(called[0]) is not None:
        return call(parser, *called)
    if called is not None and (following == "(" or text in BARE or _is_command(parser, at, *called)):
        if text in BARE:
            words.calls[parser.texts[at]] = called
        return call(parser, *called)
    if text[0] == "d" and (marked := _ratio(parser, text) or _differential(words, text)) is not None:
        return marked
    constant = None if following == "_" else words.constant(text)
    return None if constant is None else words.keep(parser.texts[at], constant)


def _is_command(parser: Parser, at: int, head: str, arity: int) -> bool:
    """Whether a word is a command, or a function of matrices before its operand without brackets: tr A, sum v1."""
    if parser.texts[at][0] == "\\":
        return True
    following = parser.texts[parser.at]
    stands = following[:1].isalpha() or (following[:1] == "\\" and following not in BINARY)
    stands = stands or (head in SIZED and following.isdigit())
    return parser.words.names is not None and arity == 1 and stands and lookup(head).shapes is not None


def with_underscores(parser: Parser, text: str) -> str:
    """A name with the underscores that end it, which stand before an operator, a bracket or the end."""
    token, after = parser.texts[parser.at], parser.texts[parser.at + 1]
    ends = after == END or after in STOPS or after in parser.notation.binary or after in ("^", "**", "(")
    if token.strip("_") or not ends:
        return text
    parser.at += 1
    return text + token


def _ended(parser: Parser, text: str, at: int) -> Formula:
    """A name that ends in underscores; or the declared one without the last, which keeps a word of Python's apart."""
    return _declared(parser, text) or _declared(parser, text.removesuffix("_")) or unknown(parser, text, at)


def named(parser: Parser) -> Formula:
    """A name that must come next, with its indices: `v_1`, `{v}_1`, `W^{(1)}`, ξ."""
    braces = parser.texts[parser.at] == "{"
    at = parser.at = parser.at + braces
    if parser.texts[at] in HATS:
        return _hatted(parser, braces)
    text = parser.words.word_of(parser.texts[at])
    if text is None:
        parser.fail("a name is expected here")
    parser.at += 1
    if braces and parser.texts[parser.at] == "}":
        parser.at += 1
        braces = False
        digits = parser.texts[parser.at]
        if digits.isdigit() and (parser.words.name(text + digits) is not None or parser.words.name(text) is None):
            text += digits
            parser.at += 1
    formula = None if _run_together(parser, text) else indexed(parser, text, at) or _declared(parser, text)
    if formula is None and not braces and len(pieces := parser.words.pieces(text)) > 1:
        parser.at = at
        parser.splice(*pieces)
        return named(parser)
    if formula is None:
        unknown(parser, text, at)
    if braces:
        parser.expect("}", at - 1)
    return formula


def _hatted(parser: Parser, braces: bool) -> Formula:
    """A name under a hat, with the index behind it: the name that has this hat, or the one without where none has."""
    texts, at = parser.texts, parser.at
    suffix, inside = HATS[texts[at]], texts[at + 1] == "{"
    text = parser.words.word_of(texts[at + 1 + inside])
    if text is None:
        parser.fail(f"a name is expected under the {suffix}", at + 1)
    parser.at = at + 2 + inside
    if inside:
        parser.expect("}", at + 1)
    if braces and texts[parser.at] == "}":
        parser.at, braces = parser.at + 1, False
    before, index = parser.at, ""
    if texts[before] == "_":
        parser.at += 1
        index = f"_{{{_index(parser)}}}"
    elif inside and texts[before].isdigit():
        parser.at, index = before + 1, texts[before]
    spelled = [f"{text}_{suffix}{index}", f"{text}{index}_{suffix}", f"{text}{suffix}{index}", f"{text}{index}{suffix}"]
    declared = next(filter(None, map(parser.words.name, spelled if parser.strict else [*spelled, text + index])), None)
    if declared is None:
        parser.at = before
        layer = None if parser.strict else layered(parser, text)
        if layer is None:
            parser.fail(f"the {suffix} is on nothing that is known here", at)
        return layer
    if braces:
        parser.expect("}", at - 1)
    return name(declared)


def _run_together(parser: Parser, text: str) -> bool:
    """Whether a word is several names, where any name is allowed."""
    return parser.words.names is None and len(text) > 2 and len(parser.words.pieces(text)) > 1


def indexed(parser: Parser, text: str, at: int) -> Formula | None:
    """A name whose index follows in tokens of its own: `_{1}`, `_1`, or a layer, `^{(1)}`; None without one."""
    start = parser.at
    if parser.texts[start] not in ("_", "^"):
        return None
    if parser.texts[start] == "_":
        parser.at += 1
        text = f"{text}_{{{_index(parser)}}}"
    formula = layered(parser, text)
    if formula is None and parser.at > start:
        formula = _declared(parser, text)
        if formula is None:
            unknown(parser, text, at)
    return formula


def layered(parser: Parser, text: str) -> Formula | None:
    """A name with a layer, `W^{(1)}` or `W^{[1]}`, and its transpose, `W^{(1)T}`; None where none is declared."""
    at, texts = parser.at, parser.texts
    if texts[at] != "^" or texts[at + 1] != "{" or texts[at + 2] not in ("(", "[") or not texts[at + 3].isdigit():
        return None
    declared = parser.words.name(f"{text}{texts[at + 3]}")
    if declared is None or texts[at + 4] not in (")", "]"):
        return None
    if texts[at + 5] == "}":
        parser.at = at + 6
        return name(declared)
    if texts[at + 5] in ("T", r"\top", r"\intercal") and texts[at + 6] == "}":
        parser.at = at + 7
        return Formula("transpose", (name(declared),))
    return None


def letter(parser: Parser, text: str) -> Formula:
    """A function known by its letter, applied: σ(z), σ′(z)."""
    primes = 0
    while parser.texts[parser.at] == "'":
        primes += 1
        parser.at += 1
    opened = parser.at
    if parser.texts[opened] != "(":
        parser.fail(f"{text} stands for a function: brackets with its operand are expected")
    parser.at += 1
    argument = parser.inside()
    parser.expect(")", opened)
    return Formula("letter", (text, primes, argument))


def primed(parser: Parser, left: Formula) -> Formula:
    """A prime after a name: an application before a bracket, a tangent otherwise."""
    text = left.args[0] if left.head in ("name", "adjoint", "constant") else None
    text = text.args[0] if isinstance(text, Formula) else text
    if text is None or parser.strict:
        parser.fail("strings are not read" if parser.strict else "a prime follows a name only", parser.at - 1)
    parser.at -= 1
    after = parser.at
    while parser.texts[after] == "'":
        after += 1
    if parser.texts[after] == "(":
        return letter(parser, text)
    if after > parser.at + 1:
        parser.fail("second derivatives are not read")
    parser.at = after
    return Formula("tangent", (left, None))


def subscripted(parser: Parser, left: Formula) -> Formula:
    """An index after a name that stands in braces or under a font: `{W}_1`."""
    at = parser.at - 1
    if parser.strict and left.head in ("name", "constant"):
        parser.at = at
        spelled = left.args[0] if left.head == "name" else parser.texts[at - 1]
        text = with_underscores(parser, spelled)
        if text != spelled:
            return _ended(parser, text, at - 1)
    if left.head != "name":
        parser.fail("an index follows a name only", at)
    parser.at = at
    formula = indexed(parser, left.args[0], at - 1)
    if formula is None:
        parser.fail("the index can't be read", at)
    return formula


def unknown(parser: Parser, text: str, at: int) -> NoReturn:
    """Raise the error of a name that nobody declared."""
    text = normal(text)
    near = parser.words.nearest(text)
    kind = "an operation" if parser.texts[at + 1] == "(" else "a name that is known here"
    hint = f"; did you mean {near}?" if near and near != text else ""
    parser.fail(f"{text!r} is not {kind}{hint}", at, UnknownNameError)


def _index(parser: Parser) -> str:
    """The text of an index: one symbol, or all of a group."""
    opened = parser.at
    if parser.texts[opened] != "{":
        parser.at += 1
        return parser.texts[opened].removeprefix("\\")
    parser.at += 1
    parts = []
    while parser.texts[parser.at] not in ("}", ""):
        parts.append(parser.texts[parser.at].removeprefix("\\"))
        parser.at += 1
    parser.expect("}", opened)
    return "".join(parts).strip("()[]")


def _declared(parser: Parser, text: str) -> Formula | None:
    declared = parser.words.name(text)
    return None if declared is None else name(declared)


def _name_or_words(parser: Parser, text: str, at: int) -> Formula:
    """A declared name, or the words that a run of letters is made of."""
    formula = indexed(parser, text, at)
    if formula is not None:
        return formula
    if parser.words.names is None:
        split = not parser.strict and len(text) > 1 and text.isalpha() and not parser.words.latex
        pieces = parser.words.pieces(text, single=split and parser.chosen(LETTERS))
    else:
        formula = _declared(parser, text)
        pieces = (text,) if formula else parser.words.pieces(text)
    if len(pieces) > 1 and parser.texts[at][0] != "\\":
        parser.at = at
        parser.splice(*pieces)
        return parser.operand()
    formula = formula or _declared(parser, text)
    if formula is None:
        unknown(parser, text, at)
    return formula if parser.words.ambiguous(text) else parser.words.keep(parser.texts[at], formula)


def _product_or_unknown(parser: Parser, text: str, at: int) -> None:
    """A word of several letters before a bracket that is neither declared nor made of words that are can only be a
    misspelt operation; a letter, Greek ones included, is a factor."""
    letters = _LETTERS.match(text)
    if letters is None or len(letters[0]) < 2 or letters[0] in GREEK_WORDS:
        return
    if parser.strict or parser.words.names is None or len(parser.words.pieces(text)) == 1:
        unknown(parser, text, at)


_LETTERS = re.compile(r"[A-Za-z]+")


def _differential(words: Vocabulary, text: str) -> Formula | None:
    """`dv2`, a mark like a dot, where v2 is known and nothing is called so itself."""
    declared = words.name(text[1:]) if words.names is not None and len(text) > 1 else None
    return None if declared is None else Formula("tangent", (name(declared), None))


def _ratio(parser: Parser, text: str) -> Formula | None:
    """`dv2/dx1`, which is one name."""
    below = parser.texts[parser.at + 1]
    if parser.texts[parser.at] != "/" or len(text) < 2 or below[:1] != "d" or parser.words.known(below):
        return None
    upper, lower = (parser.words.name(part[1:]) if len(part) > 1 else None for part in (text, below))
    if upper is None or lower is None:
        return None
    parser.at += 2
    return Formula("partial", (name(upper), name(lower)))
