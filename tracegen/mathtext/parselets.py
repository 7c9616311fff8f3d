"""What each token of LaTeX and plain mathematics does: brackets, bars, fractions, roots, accents, powers, matrices."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tracegen.formula import DOTS, PI, Formula
from tracegen.mathtext.calls import MINUS_ONE, ZERO, call
from tracegen.mathtext.differentials import accent, derivative, differential, hatted, partial
from tracegen.mathtext.grammar import Notation, Parser
from tracegen.mathtext.indexing import OPENS, part
from tracegen.mathtext.symbols import CLOSING, COMPARISONS, ELLIPSES, EQUALS, MATRICES, POWER, SIGN
from tracegen.mathtext.tokens import BREAK, END
from tracegen.mathtext.words import HATS, layered, named, primed, subscripted, word

ONE = Formula("number", ("1",))
TRANSPOSES = frozenset(["T", r"\top", r"\intercal", r"\mathrm{T}", r"\mathsf{T}", r"\text{T}", r"\mathit{T}"])


def sign(parser: Parser) -> Formula:
    return Formula("neg", (parser.inside(SIGN),))


def plus(parser: Parser) -> Formula:
    return parser.inside(SIGN)


def bracket(parser: Parser) -> Formula:
    """Brackets round an expression, or round several: a column in round ones, rows in square ones; 1[x > 0]."""
    opened = parser.at - 1
    token = parser.texts[opened]
    if parser.texts[parser.at] == CLOSING[token]:
        parser.fail("there is nothing in the brackets", opened)
    rows = [[parser.inside()]]
    while (mark := parser.texts[parser.at]) in (",", ";") and not parser.strict:
        parser.at += 1
        if mark == ",":
            rows[-1].append(parser.inside())
        else:
            rows.append([parser.inside()])
    if token == "[" and parser.texts[parser.at] in INDICATED and len(rows[0]) == 1:
        return _indicator(parser, rows[0][0], opened)
    if parser.texts[parser.at] == ",":
        parser.fail("several expressions in brackets are not read")
    parser.expect(CLOSING[token], opened)
    if token == "[" and rows[0][0].head == "greater" and rows[0][0].args[1] == ZERO:
        return Formula("step", rows[0][0].args[:1])
    if len(rows) == len(rows[0]) == 1:
        return rows[0][0] if not _is_row(parser, opened) else Formula("matrix", ((rows[0][0],),))
    return _matrix(parser, _stacked(rows, column=token == "("), opened)


def _indicator(parser: Parser, left: Formula, opened: int) -> Formula:
    """1[x > 0], 1[x ≤ y]: 1 where the comparison holds, 0 where it does not."""
    _, head = COMPARISONS.get(parser.texts[parser.at], (0, "equal"))
    parser.at += 1
    right = parser.inside()
    parser.expect("]", opened)
    return Formula("step", (left,)) if (head, right) == ("greater", ZERO) else Formula(head, (left, right))


INDICATED = frozenset([*COMPARISONS, "="])


def _is_row(parser: Parser, opened: int) -> bool:
    """Whether square brackets with one number are a row of a matrix: in square brackets themselves, [[1], [2]]."""
    texts = parser.texts
    if parser.strict or texts[opened] != "[" or opened == 0 or texts[parser.at] not in (",", "]"):
        return False
    return texts[opened - 1] == "[" or texts[opened - 2 : opened] == ["]", ","]


def braces(parser: Parser) -> Formula:
    """A group; a name in braces with its index behind them, `{v}_1`, is one name."""
    parser.at -= 1
    texts, at = parser.texts, parser.at
    if texts[at + 2] == "}" and texts[at + 3] == "_" and parser.words.word_of(texts[at + 1]) is not None:
        return named(parser)
    return parser.group()


def bars(parser: Parser) -> Formula:
    """|x|, or ‖x‖ with the index of the norm; a bar alone is a one."""
    opened = parser.at - 1
    token = parser.texts[opened]
    if token in ("|", r"\vert") and parser.texts[parser.at] in EQUALS | {END, BREAK} and not parser.strict:
        return ONE
    parser.bars += 1
    inner = parser.inside(1)
    closing = token
    if token == "||" and parser.texts[parser.at] == "|":
        parser.at, closing = parser.at + 1, "|"
        if parser.texts[parser.at] != "|":  # ||x| - 1| has two bars that open, |||x||| the sign of a norm in two parts
            inner, token = parser.onward(Formula("abs", (inner,)), 1), "|"
    parser.bars -= 1
    if parser.texts[parser.at] == "||" and closing == "|":
        parser.splice("|", "|")
    parser.expect(closing, opened)
    return Formula("abs", (inner,)) if token in ("|", r"\vert") else _norm(parser, inner)


def fences(parser: Parser) -> Formula:
    """`\\lvert x \\rvert`, `\\lVert x \\rVert`, `\\lfloor x \\rfloor` and `\\lceil x \\rceil`."""
    opened = parser.at - 1
    inner = parser.inside()
    parser.expect(CLOSING[parser.texts[opened]], opened)
    head = FENCED.get(parser.texts[opened])
    return _norm(parser, inner) if head is None else Formula(head, (inner,))


FENCED = {r"\lvert": "abs", r"\lfloor": "floor", r"\lceil": "ceil", "⌊": "floor", "⌈": "ceil"}


def inner_product(parser: Parser) -> Formula:
    """`\\langle x, y \\rangle`."""
    opened = parser.at - 1
    first = parser.inside()
    parser.expect(",", opened)
    second = parser.inside()
    parser.expect(r"\rangle", opened)
    return Formula("inner", (first, second))


def fraction(parser: Parser) -> Formula:
    """`\\frac{a}{b}`, `\\frac12`, and the fraction that is one name, `\\frac{\\partial v_2}{\\partial x_1}`."""
    texts, at = parser.texts, parser.at
    if texts[at] == "{" and differential(parser, texts[at + 1]):
        closes = next((index for index in range(at, at + 6) if texts[index] == "}"), at)
        if texts[at + 1] == r"\partial" or differential(parser, texts[closes + 2]):
            return derivative(parser)
    over = parser.group()
    return Formula("div", (over, parser.group()))


def root(parser: Parser) -> Formula:
    """`\\sqrt{x}`, `\\sqrt[3]{x}`, `√x`, `√(x + 1)`."""
    opened, degree = parser.at, None
    if parser.texts[opened] == "[":
        parser.at += 1
        degree = parser.inside()
        parser.expect("]", opened)
    operand = parser.group() if parser.texts[parser.at] == "{" else parser.inside(POWER)
    if degree is None or degree == Formula("number", ("2",)):
        return Formula("sqrt", (operand,))
    if degree == Formula("number", ("3",)):
        return Formula("cbrt", (operand,))
    return Formula("pow", (operand, Formula("div", (ONE, degree))))


def cube_root(parser: Parser) -> Formula:
    return Formula("cbrt", (parser.inside(POWER),))


def font(parser: Parser) -> Formula:
    """A font, or an accent without a meaning of its own: what it is put on."""
    return parser.group()


def dots(parser: Parser) -> Formula:
    return DOTS


def power(parser: Parser, left: Formula) -> Formula:
    """A power, or what else is written above the line: a layer, a transpose, a prime, degrees."""
    texts, at = parser.texts, parser.at
    inside = texts[at] == "{"
    if inside and left.head == "name":
        parser.at = at - 1
        layer = layered(parser, left.args[0])
        if layer is not None:
            return layer
        parser.at = at
    if not inside and texts[at][:1] == "T" and len(texts[at]) > 1 and not parser.words.known(texts[at]):
        parser.splice("T", texts[at][1:])
    mark = _mark(parser, left, texts[at + inside], at + 1 + 2 * inside) if not inside or texts[at + 2] == "}" else None
    raised = mark or _raised(parser, left)
    return Formula("pow", (left, parser.exponent())) if raised is None else raised


def _mark(parser: Parser, left: Formula, token: str, after: int) -> Formula | None:
    """A mark of one symbol above the line: T, a prime, a ring for degrees."""
    if token in TRANSPOSES and not parser.words.known(token):
        parser.at = after
        return Formula("transpose", (left,))
    if token in (r"\prime", "'"):
        parser.at = after
        parser.texts[after - 1] = "'"
        return primed(parser, left)
    if token == r"\circ":
        parser.at = after
        return Formula("div", (Formula("mul", (left, PI)), Formula("number", ("180",))))
    return None


def _raised(parser: Parser, left: Formula) -> Formula | None:
    """The transpose of an inverse, and an elementwise power."""
    texts, at = parser.texts, parser.at
    if texts[at] not in ("{", "("):
        return None
    if texts[at + 1] == "-" and texts[at + 2] in TRANSPOSES and texts[at + 3] == CLOSING[texts[at]]:
        parser.at = at + 4
        return Formula("transpose", (Formula("pow", (left, MINUS_ONE)),))
    if texts[at + 1] == r"\circ":
        parser.at = at + 2
        exponent = parser.inside()
        parser.expect(CLOSING[texts[at]], at)
        return Formula("hadamard_power", (left, exponent))
    return None


def transpose(parser: Parser, left: Formula) -> Formula:
    return Formula("transpose", (left,))


def factorial(parser: Parser, left: Formula) -> Formula:
    parser.fail("factorials are not read", parser.at - 1)


def percent(parser: Parser, left: Formula) -> Formula:
    """A number in percent, 12.5 %, with its digits as they are: 0.125. What stands behind would be a remark."""
    following = parser.texts[parser.at]
    if left.head != "number":
        parser.fail("a percent sign follows a number only", parser.at - 1)
    if following[:1].isalnum() or following in parser.notation.prefix:
        parser.fail("what follows a percent sign is not read")
    return Formula("number", (f"{Decimal(str(left.args[0])).scaleb(-2):f}",))


def matrix(parser: Parser) -> Formula:
    """`\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}`."""
    opened = parser.at - 1
    kind = parser.texts[opened].split("{")[1].split("}")[0]
    rows = [[parser.inside()]]
    while (mark := parser.texts[parser.at]) in ("&", r"\\"):
        parser.at += 1
        if mark == "&":
            rows[-1].append(parser.inside())
        elif parser.texts[parser.at] != rf"\end{{{kind}}}":
            rows.append([parser.inside()])
    if parser.texts[parser.at] != rf"\end{{{kind}}}":
        parser.fail(f"the {kind} is never ended", opened)
    parser.at += 1
    formula = _matrix(parser, rows, opened)
    return Formula("det", (formula,)) if kind == "vmatrix" else formula


def _matrix(parser: Parser, rows: list[list[Formula]], at: int) -> Formula:
    if len({len(row) for row in rows}) != 1:
        parser.fail("the rows of the matrix differ in length", at)
    return Formula("matrix", tuple(tuple(row) for row in rows))


def _stacked(rows: list[list[Formula]], *, column: bool) -> list[list[Formula]]:
    """Rows as they are, a column turned upright, or rows that are in brackets of their own put together."""
    cells = rows[0]
    if len(rows) == 1 and all(cell.head == "matrix" and len(cell.args) == 1 for cell in cells):
        return [list(cell.args[0]) for cell in cells]
    return [[cell] for cell in cells] if column and len(rows) == 1 else rows


def _norm(parser: Parser, inner: Formula) -> Formula:
    if parser.texts[parser.at] == "_":
        parser.at += 1
        at = parser.at
        kind = [token for token in parser.texts[at : at + 3] if token not in "{}"][:1]
        if kind not in (["2"], ["F"]):
            parser.fail("of the norms, 2 and F are read")
        parser.at += 3 if parser.texts[at] == "{" else 1
    return Formula("norm", (inner,))


PREFIX: dict[str, Callable[[Parser], Formula]] = {
    "-": sign, "+": plus, "(": bracket, "[": bracket, r"\{": bracket, "{": braces,
    "|": bars, r"\vert": bars, "||": bars, r"\|": bars, r"\Vert": bars, r"\lvert": fences, r"\lVert": fences,
    r"\lfloor": fences, r"\lceil": fences, "⌊": fences, "⌈": fences,
    r"\langle": inner_product,
    r"\frac": fraction, r"\dfrac": fraction, r"\tfrac": fraction, r"\cfrac": fraction,
    r"\sqrt": root, r"\cbrt": cube_root, r"\partial": partial,
    r"\bar": accent("adjoint"), r"\overline": accent("adjoint"), r"\dot": accent("tangent"),
    r"\vec": font, r"\mathbf": font, r"\boldsymbol": font, r"\bm": font, r"\mathrm": font, r"\mathit": font,
} | dict.fromkeys(HATS, hatted) | dict.fromkeys(ELLIPSES, dots) | {
    rf"\begin{{{kind}}}": matrix for kind in MATRICES
}  # fmt: skip

POSTFIX: dict[str, Callable[[Parser, Formula], Formula]] = {
    "^": power, "**": power, "'": primed, "_": subscripted, ".T": transpose, "!": factorial,
    "%": percent, r"\%": percent,
    OPENS: part,
}  # fmt: skip

REFUSED = {
    r"\pm": "± has two values", r"\mp": "∓ has two values", r"\infty": "infinity is not a value here",
    r"\sum": "sums with a sign are not read", r"\int": "integrals are not read", "<": "comparisons are not read",
    ">": "comparisons are not read", '"': "strings are not read", "!": "factorials are not read",
}  # fmt: skip

ANSWERS = Notation(PREFIX, POSTFIX, word, call, REFUSED)
