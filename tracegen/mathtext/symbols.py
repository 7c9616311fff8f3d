"""What symbols are: operators and how tightly they bind, brackets, ends; and the choices between two readings."""

from __future__ import annotations

from tracegen.mathtext.tokens import BREAK, END

SUM, PRODUCT, SIGN, POWER = 10, 20, 24, 30
"""How tightly operators bind: a sign binds closer than a product, as in Python, and a power closer than a sign."""

BINARY = {
    "+": (SUM, "add"), "-": (SUM, "sub"), "*": (PRODUCT, "mul"), "/": (PRODUCT, "div"), "@": (PRODUCT, "matmul"),
    r"\cdot": (PRODUCT, "mul"), r"\times": (PRODUCT, "mul"), r"\ast": (PRODUCT, "mul"), r"\div": (PRODUCT, "div"),
    r"\circ": (PRODUCT, "hadamard"), r"\odot": (PRODUCT, "hadamard"),
}  # fmt: skip

EQUALS = frozenset(
    [
        "=",
        "==",
        ":=",
        r"\equiv",
        r"\approx",
        r"\simeq",
        r"\cong",
        r"\doteq",
        r"\coloneqq",
        "+=",
        r"\leftarrow",
        r"\gets",
        r"\longleftarrow",
        "<-",
    ]
)
CLOSING = {
    "(": ")",
    "[": "]",
    r"\{": r"\}",
    "{": "}",
    r"\lvert": r"\rvert",
    r"\lVert": r"\rVert",
    r"\langle": r"\rangle",
}
ELLIPSES = frozenset([r"\dots", r"\ldots", r"\cdots", r"\vdots", r"\ddots", "..."])
BARS = frozenset(["|", "||", r"\|", r"\Vert", r"\vert"])
MATRICES = ("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array", "vmatrix")
STOPS = EQUALS | frozenset(CLOSING.values()) | frozenset(
    [rf"\end{{{kind}}}" for kind in MATRICES]
) | frozenset(
    ["\\\\", END, BREAK, ",", ";", ":", "&", "<", ">", "<=", ">=", "!=", ".", "//", ".*", '"', "#", "~", "?"]
)  # fmt: skip

LOOSE = STOPS | {"+", "-"}
"""Tokens after which the operand before them is done, whatever the operator before it."""

SLASH = "what follows a slash stands under it, 1/2x as 1/(2x)"
MIXED = "a whole number before a fraction makes a mixed number"
DIGITS = "a power without braces has one digit, x^23 as x^2 · 3"
REACH = "a function without brackets takes the next factor only"
OVER = "a function without brackets takes the quotient"
LETTERS = "letters side by side are a product"
EXPONENT = "e before a sign is Euler's number"
PART = "square brackets after a name take a part of it, or multiply it"
