"""Calls of functions: their operands in brackets or without, powers (`\\sin^2 x`) and bases (`\\log_2 x`) between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from tracegen.formula import ATOMS, Formula
from tracegen.mathtext.grammar import Parser, node
from tracegen.mathtext.known_words import function, normal
from tracegen.mathtext.symbols import CLOSING, OVER, PRODUCT, REACH, SIGN, STOPS
from tracegen.primitives import find

NESTED = frozenset(["min", "max", "hypot", "add", "mul", "logaddexp"])
STACKS = frozenset(["vstack", "hstack"])
MINUS_ONE = Formula("neg", (Formula("number", ("1",)),))
ZERO = Formula("number", ("0",))
TEN = Formula("number", ("10",))
ONE = Formula("number", ("1",))
HALF = Formula("div", (ONE, Formula("number", ("2",))))


def call(parser: Parser, head: str, arity: int) -> Formula:
    """A function with its operands, in brackets or not, and the powers and bases that stand between."""
    at, power, base = parser.at - 1, None, None
    if parser.texts[parser.at] == "'" and (slope := derivative_of(head)) is not None:
        parser.at, head = parser.at + 1, slope
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


def derivative_of(head: str) -> str | None:
    """The row of a function's derivative, which is written with a prime: sinc′; None where there is none."""
    row = find(f"d{head}")
    return None if row is None else row.name


def apply(parser: Parser, head: str, arity: int, operands: list[Formula], at: int) -> Formula:
    """The formula of a row with its operands; an error where there are too few or too many."""
    if len(operands) != arity and arity >= 0:
        return _regrouped(parser, head, arity, operands, at)
    if head == "heaviside" and operands[1] == ZERO:
        return node(("step", (operands[0],)))
    return node((head, tuple(operands)))


def _regrouped(parser: Parser, head: str, arity: int, operands: list[Formula], at: int) -> Formula:
    """Operands of another number than the row's: a logarithm's base, what a step is at 0, or one or more than two to
    take the greatest of."""
    if head == "log" and len(operands) == 2:
        return _log(*operands)
    if head == "heaviside" and len(operands) == 1:
        return Formula(head, (operands[0], HALF))
    if head in ("min", "max") and len(operands) == 1:
        return operands[0]
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
    return Formula("log_base", (operand, base))


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


def sympys(parser: Parser, text: str) -> Formula | None:
    """What a name of SymPy's before brackets makes of its operands where it is no operation: Rational(1, 3), S(1),
    And(…), Piecewise(…); None of another word."""
    spelled = SPELLED.get(text)
    if spelled is None and text != "Piecewise":
        return None
    at = parser.at - 1
    if spelled is None:
        return _piecewise(parser, at)
    operands = _operands(parser, at)
    formula = spelled(operands) if operands else None
    if formula is None:
        parser.fail(f"{text} is not read with {len(operands)} operand{'s' * (len(operands) != 1)}", at)
    return formula


def _piecewise(parser: Parser, at: int) -> Formula:
    """`Piecewise((x, x > 0), (-x, True))`: the value of the first condition that holds."""
    opened = parser.at
    pairs: list[tuple[Formula, Formula | None]] = []
    while parser.texts[parser.at] in ("(", ","):
        parser.at += 1
        start = parser.at
        if parser.texts[start] != "(":
            parser.fail("Piecewise has pairs of a value and a condition: Piecewise((x, x > 0), (0, True))")
        parser.at += 1
        value = parser.inside()
        parser.expect(",", start)
        always = parser.texts[parser.at] == "True" and parser.texts[parser.at + 1] == ")"
        parser.at += always
        pairs.append((value, None if always else parser.inside()))
        parser.expect(")", start)
    parser.expect(")", opened)
    if pairs[-1][1] is not None:
        parser.fail("Piecewise has no value where none of its conditions holds; end it with (…, True)", at)
    whole = pairs[-1][0]
    for value, condition in reversed(pairs[:-1]):
        if condition is not None:
            whole = condition if (value, whole) == (ONE, ZERO) else Formula("where", (condition, value, whole))
        else:
            whole = value
    return whole


Operands = list[Formula]


def _same(operands: Operands) -> Formula | None:
    return operands[0]


def _ratio(operands: Operands) -> Formula | None:
    return Formula("div", (operands[0], operands[1])) if len(operands) == 2 else operands[0]


def all_of(head: str) -> Callable[[Sequence[Formula]], Formula]:
    """What makes one formula of several by an operation of two: And is a product, Or a maximum."""
    return lambda operands: reduce(lambda a, b: Formula(head, (a, b)), operands)


def _not(operands: Operands) -> Formula | None:
    return Formula("sub", (ONE, operands[0])) if len(operands) == 1 else None


def _choice(operands: Operands) -> Formula | None:
    return Formula("where", tuple(operands)) if len(operands) == 3 else None


def _root(operands: Operands) -> Formula | None:
    """The principal root, which has a value from 0 up."""
    if len(operands) != 2:
        return None
    square = operands[1] == Formula("number", ("2",))
    return (
        Formula("sqrt", (operands[0],)) if square else Formula("pow", (operands[0], Formula("div", (ONE, operands[1]))))
    )


def _real_root(operands: Operands) -> Formula | None:
    """The real root, of an odd degree that of every number."""
    degree = operands[1].args[0] if len(operands) == 2 and operands[1].head == "number" else ""
    if not isinstance(degree, str) or not degree.isdigit():
        return None
    if degree == "3":
        return Formula("cbrt", (operands[0],))
    if int(degree) % 2 == 0:
        return _root(operands)
    size = Formula("pow", (Formula("abs", (operands[0],)), Formula("div", (ONE, operands[1]))))
    return Formula("mul", (Formula("sign", (operands[0],)), size))


SPELLED: dict[str, Callable[[Operands], Formula | None]] = {
    "Rational": _ratio, "Integer": _same, "Float": _same, "S": _same, "UnevaluatedExpr": _same, "And": all_of("mul"),
    "Or": all_of("max"), "Not": _not, "ITE": _choice, "root": _root, "real_root": _real_root,
}  # fmt: skip
"""What SymPy's names that are no operations make of their operands; None where these are none that they can have."""
