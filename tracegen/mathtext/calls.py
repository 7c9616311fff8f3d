"""Calls of functions: their operands in brackets or without, powers (`\\sin^2 x`) and bases (`\\log_2 x`) between."""

from __future__ import annotations

from tracegen.formula import ATOMS, Formula
from tracegen.mathtext.grammar import Parser, node
from tracegen.mathtext.known_words import function, normal
from tracegen.mathtext.symbols import CLOSING, OVER, PRODUCT, REACH, SIGN, STOPS
from tracegen.primitives import find

NESTED = frozenset(["min", "max", "hypot"])
STACKS = frozenset(["vstack", "hstack"])
MINUS_ONE = Formula("neg", (Formula("number", ("1",)),))
ZERO = Formula("number", ("0",))
TEN = Formula("number", ("10",))


def call(parser: Parser, head: str, arity: int) -> Formula:
    """A function with its operands, in brackets or not, and the powers and bases that stand between."""
    at, power, base = parser.at - 1, None, None
    if parser.texts[parser.at] == "(" and not (parser.words.ten and head == "log"):
        return apply(parser, head, arity, _operands(parser, at), at)
    while (token := parser.texts[parser.at]) in ("^", "_"):
        parser.at += 1
        if token == "^":
            power = parser.exponent()
        else:
            base = parser.group()
    if power == MINUS_ONE:
        head, power = _inverse(parser, head, at), None
    if head == "log" and base is None and parser.words.ten and parser.texts[at].endswith("log"):
        base = TEN
    operands = [] if base is None else [base]
    operands = [*_operands(parser, at), *operands]
    applied = apply(parser, head, arity, operands, at)
    return applied if power is None else Formula("pow", (applied, power))


def apply(parser: Parser, head: str, arity: int, operands: list[Formula], at: int) -> Formula:
    """The formula of a row with its operands; an error where there are too few or too many."""
    if len(operands) != arity and arity >= 0:
        return _regrouped(parser, head, arity, operands, at)
    return node((head, tuple(operands)))


def _regrouped(parser: Parser, head: str, arity: int, operands: list[Formula], at: int) -> Formula:
    """Operands of another number than the row's: a logarithm's base, or more than two to take the greatest of."""
    if head == "log" and len(operands) == 2:
        return _log(*operands)
    if head == "step" and operands[1:] == [ZERO]:
        return Formula(head, (operands[0],))
    if head in STACKS and len(operands) == 1 and operands[0].head == "matrix":
        operands = [entry for row in operands[0].args for entry in row]  # vstack([x, z])
    if (head not in NESTED or len(operands) < 3) and (head not in STACKS or len(operands) < 2):
        parser.fail(f"{head} takes {arity} operand{'s' * (arity != 1)}, not {len(operands)}", at)
    nested = operands[0]
    for operand in operands[1:]:
        nested = Formula(head, (nested, operand))
    return nested


def _log(operand: Formula, base: Formula) -> Formula:
    if base.head == "number" and base.args[0] in ("2", "10"):
        return Formula(f"log{base.args[0]}", (operand,))
    if base == Formula("constant", ("e",)):
        return Formula("log", (operand,))
    return Formula("div", (Formula("log", (operand,)), Formula("log", (base,))))


def _inverse(parser: Parser, head: str, at: int) -> str:
    row = find(f"a{head}")
    if row is None:
        parser.fail(f"{head} to the power −1 can be its inverse or a quotient; write it out", at)
    return row.name


def _operands(parser: Parser, at: int) -> list[Formula]:
    token, opened = parser.texts[parser.at], parser.at
    if token in ("(", "[", r"\{", "{"):
        parser.at += 1
        if parser.texts[parser.at] == CLOSING[token]:
            parser.at += 1
            return []
        if token == "{" and parser.texts[parser.at] == "(":
            operands = _operands(parser, at)
            if parser.texts[parser.at] == "}":
                parser.at += 1
                return operands
            parser.at = opened + 1
        operands = [parser.inside()]
        while parser.texts[parser.at] == ",":
            parser.at += 1
            operands.append(parser.inside())
        if parser.texts[parser.at] == "=":
            parser.fail("operands are given by their order, not by name")
        parser.expect(CLOSING[token], opened)
        return operands
    if token in STOPS:
        parser.fail(f"{parser.texts[at]} has no operand")
    return [_reach(parser)]


def _reach(parser: Parser) -> Formula:
    r"""What a function without brackets is applied to: `\sin 3 v_4`, up to a sign, a function or a fraction."""
    operand = parser.inside(SIGN if parser.texts[parser.at] == "-" else PRODUCT)
    while _goes_on(parser) and not parser.chosen(REACH):
        operand = Formula("mul", (operand, parser.expression(PRODUCT)))
    if parser.texts[parser.at] == "/" and parser.chosen(OVER):
        parser.at += 1
        return Formula("div", (operand, parser.expression(PRODUCT)))
    return operand


def _goes_on(parser: Parser) -> bool:
    token = parser.texts[parser.at]
    known = parser.words.atoms.get(token)
    if known is not None:
        return known.head in ATOMS
    text = parser.words.word_of(token)
    if text is None or text in parser.words.letters:
        return False
    return parser.words.known(text) or (function(normal(text)) is None and text[0] != "d")
