"""What symbols are: operators and how tightly they bind, brackets, ends; choices between two readings, and breaks."""

from __future__ import annotations

import re

from tracegen.mathtext.tokens import BREAK, END, Tokens

COMPARISON, SUM, PRODUCT, SIGN, POWER = 5, 10, 20, 24, 30
"""How tightly operators bind: a sign binds closer than a product, as in Python, and a power closer than a sign."""

BINARY = {
    "+": (SUM, "add"), "-": (SUM, "sub"), "*": (PRODUCT, "mul"), "/": (PRODUCT, "div"), "@": (PRODUCT, "matmul"),
    r"\cdot": (PRODUCT, "mul"), r"\times": (PRODUCT, "mul"), r"\ast": (PRODUCT, "mul"), r"\div": (PRODUCT, "div"),
    r"\circ": (PRODUCT, "hadamard"), r"\odot": (PRODUCT, "hadamard"),
}  # fmt: skip

COMPARISONS = {
    sign: (COMPARISON, head)
    for head, signs in {
        "greater": (">", r"\gt"), "less": ("<", r"\lt"), "greater_equal": (">=", r"\ge", r"\geq", r"\geqslant"),
        "less_equal": ("<=", r"\le", r"\leq", r"\leqslant"), "equal": ("==",), "not_equal": ("!=", r"\ne", r"\neq"),
    }.items()
    for sign in signs
}  # fmt: skip
"""What compares two numbers, in the text of a problem: 1 where it holds, 0 where it does not."""

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
    r"\lfloor": r"\rfloor",
    r"\lceil": r"\rceil",
    "⌊": "⌋",
    "⌈": "⌉",
}
ELLIPSES = frozenset([r"\dots", r"\ldots", r"\cdots", r"\vdots", r"\ddots", "..."])
BARS = frozenset(["|", "||", r"\|", r"\Vert", r"\vert"])
MATRICES = ("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array", "vmatrix")
STOPS = EQUALS | COMPARISONS.keys() | frozenset(CLOSING.values()) | frozenset(
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


ENVIRONMENTS = frozenset(
    ["aligned", "align", "align*", "gathered", "gather", "gather*", "split", "equation", "equation*"]
)
WIDE = frozenset([r"\quad", r"\qquad", r"\Rightarrow", r"\implies", r"\to"])
_LAYOUT = re.compile(r"\\\\|\\(?:q?quad|Rightarrow|implies|to|begin)(?![A-Za-z])")


def has_layout(spelled: str) -> bool:
    """Whether a text has anything that :func:`lay_out` looks at."""
    return "&" in spelled or _LAYOUT.search(spelled) is not None


def lay_out(tokens: Tokens) -> None:
    """Take the layout out of tokens, and leave a BREAK where one formula ends and another begins.

    A new line that starts with an equal sign or an operator goes on with the formula; so does one after a wide
    space, but for a sign, which may be a value's own.
    """
    texts = tokens.texts
    kept: list[int] = []
    matrices = 0
    pending = ""
    for index, token in enumerate(texts):
        if not pending and token[:1] != "\\" and token != "&":
            kept.append(index)
            continue
        environment = _environment(token)
        if environment and environment in ENVIRONMENTS:
            continue
        if environment:
            matrices += 1 if token.startswith(r"\begin") else -1
        if not matrices and (token in WIDE or token == "&" or token.startswith("\\\\")):
            pending = _stronger(pending, token)
            continue
        if pending and kept and _begins(token, texts[kept[-1]], pending):
            kept.append(-1)
        pending = ""
        kept.append(index)
    kept = _without_lengths(texts, kept)
    tokens.texts = [BREAK if index < 0 else texts[index] for index in kept]
    tokens.kept = _positions(kept)


def _begins(token: str, before: str, pending: str) -> bool:
    """Whether a token begins another formula than the one that ends in the token before the layout."""
    return token != END and not _goes_on(token, pending) and not _waits(before)


def _without_lengths(texts: list[str], kept: list[int]) -> list[int]:
    r"""Tokens without the space that a new line may ask for, `\\\\[2pt]`."""
    lengths = [
        index
        for index in kept
        if texts[index] == "[" and index and texts[index - 1] == "\\\\" and texts[index + 3] == "]"
    ]
    return [index for index in kept if not any(start <= index <= start + 3 for start in lengths)]


def _environment(token: str) -> str:
    return token.split("{")[1].split("}")[0] if token.startswith((r"\begin", r"\end")) and "{" in token else ""


def _stronger(pending: str, token: str) -> str:
    """A new line weighs more than a wide space, which weighs more than an alignment."""
    if token.startswith("\\\\") or pending == "line":
        return "line"
    return "wide" if token in WIDE or pending == "wide" else "align"


def _goes_on(token: str, pending: str) -> bool:
    if pending == "align" or token in EQUALS:
        return True
    if pending == "wide":
        return token in BINARY and token != "-"
    return token in BINARY


def _waits(token: str) -> bool:
    """Whether a token wants something after it, so that a break there can't be the end of a formula."""
    return token in BINARY or token in EQUALS or token in ("(", "{", ",")


def _positions(kept: list[int]) -> list[int]:
    """For each token the index of the one it was; a BREAK stands where the next token does."""
    return [kept[min(at + 1, len(kept) - 1)] if index < 0 else index for at, index in enumerate(kept)]
