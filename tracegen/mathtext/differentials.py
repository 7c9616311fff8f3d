"""Bars and dots over names, and the fractions of ∂ and d that are one name."""

from __future__ import annotations

from collections.abc import Callable

from tracegen.formula import Formula, name
from tracegen.mathtext.grammar import Parser
from tracegen.mathtext.symbols import BINARY, PRODUCT
from tracegen.mathtext.tokens import BREAK, END, is_marked
from tracegen.mathtext.words import letter, named

DIFFERENTIALS = frozenset(["d", r"\mathrm{d}", r"\text{d}", r"\partial"])


def partial(parser: Parser) -> Formula:
    """`∂v2/∂x1`."""
    parser.at -= 1
    upper = _after_differential(parser)
    if parser.texts[parser.at] != "/" or not differential(parser, parser.texts[parser.at + 1]):
        parser.fail("a slash and ∂ are expected here")
    parser.at += 1
    return Formula("partial", (upper, _after_differential(parser)))


def accent(head: str) -> Callable[[Parser], Formula]:
    """The handler of a bar (adjoint) or a dot (tangent) over a name."""

    def over(parser: Parser) -> Formula:
        texts, at = parser.texts, parser.at
        inside = texts[at] == "{"
        text = parser.words.word_of(texts[at + inside])
        if text in parser.words.letters and texts[at + 1 + 2 * inside] in ("'", "("):
            parser.at = at + 1 + 2 * inside
            return letter(parser, str(text))
        inner = named(parser)
        if inner.head == "transpose":
            return Formula("transpose", (_accented(head, inner.args[0]),))
        return _accented(head, inner)

    return over


def hatted(parser: Parser) -> Formula:
    """A name under an accent that is part of it: ŷ is y_hat."""
    parser.at -= 1
    return named(parser)


def _accented(head: str, inner: Formula) -> Formula:
    return Formula(head, (inner,) if head == "adjoint" else (inner, None))


def differential(parser: Parser, token: str) -> bool:
    """Whether a token is ∂, d, or d run together with a name."""
    if token in DIFFERENTIALS:
        return token != "d" or not parser.words.known("d")
    return token[:1] == "d" and not parser.words.known(token) and parser.words.name(token[1:]) is not None


def derivative(parser: Parser) -> Formula:
    """The fraction of two differentials, or of one and what follows: `\\frac{\\partial}{\\partial x} y`."""
    texts, opened = parser.texts, parser.at
    parser.at += 1
    upper = None
    if texts[parser.at] in DIFFERENTIALS and texts[parser.at + 1] == "}":
        parser.at += 1
    else:
        upper = _after_differential(parser)
    parser.expect("}", opened)
    opened = parser.at
    if texts[opened] != "{" or not differential(parser, texts[opened + 1]):
        parser.fail("a differential is expected under this one")
    parser.at += 1
    lower = _after_differential(parser)
    parser.expect("}", opened)
    return Formula("partial", (upper or parser.inside(PRODUCT), lower))


def _after_differential(parser: Parser) -> Formula:
    """The name after a ∂ or d; its operands, in brackets, are stepped over."""
    token = parser.texts[parser.at]
    if token not in DIFFERENTIALS:
        parser.splice("d", token[1:])
    parser.at += 1
    if parser.texts[parser.at] in ("^", "**"):
        parser.fail("second derivatives are not read")
    token = parser.texts[parser.at]
    text = parser.words.word_of(token)
    if is_marked(token) or (token != "{" and token in parser.notation.prefix):
        formula = parser.beneath()
    elif text in parser.words.letters:
        parser.at += 1
        formula = name(str(text))
    else:
        formula = named(parser)
    if parser.texts[parser.at] == "(":
        _step_over_operands(parser)
    return formula


def _step_over_operands(parser: Parser) -> None:
    """Step over brackets behind a name, but for a factor: a sum, a product."""
    opened, depth, factor = parser.at, 0, False
    for at in range(opened, len(parser.texts)):
        token = parser.texts[at]
        depth += (token == "(") - (token == ")")
        factor = factor or (depth == 1 and token in BINARY and parser.texts[at - 1] not in ("(", ","))
        if depth == 0:
            parser.at = opened if factor else at + 1
            return
        if token in (END, BREAK):
            break
    parser.fail("the bracket ( is never closed", opened)
