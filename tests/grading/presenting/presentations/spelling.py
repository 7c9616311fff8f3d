"""How formulas, labels and numbers are spelled: notations, and printing in them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ..answers import Quantity
from ..expressions import Node, Number

SUM, SIGN, PRODUCT, POWER, ATOM = range(5)
GREEK = {"alpha": "α", "beta": "β", "gamma": "γ"}
_SUBSCRIPTS = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LABEL = re.compile(r"(%?[A-Za-z]+?)_?(-?\d+)")


@dataclass(frozen=True)
class Notation:
    """How operations are written; functions by their head, {0} for what stands in brackets."""

    name: str
    family: str
    times: str
    power: str
    functions: Mapping[str, str]
    hadamard: str
    matmul: str = " @ "
    transpose: str = "{0}.T"
    minus: str = "-"
    number: str = "{0}"
    assign: str = " = "
    comment: str = ""


_LATEX = {
    "exp": r"\exp({0})", "log": r"\ln({0})", "sin": r"\sin({0})", "cos": r"\cos({0})", "tan": r"\tan({0})",
    "tanh": r"\tanh({0})", "sqrt": r"\sqrt{{{0}}}", "abs": r"|{0}|", "max": r"\max({0})", "min": r"\min({0})",
    "sign": r"\operatorname{{sign}}({0})", "norm": r"\|{0}\|", "relu": r"\text{{ReLU}}({0})",
    "sigmoid": r"\sigma({0})", "heaviside": r"\mathbf{{1}}[{0} > 0]", "greater": r"\mathbf{{1}}[{0}]",
}  # fmt: skip
_PLAIN = {
    "exp": "exp({0})", "log": "ln({0})", "sin": "sin({0})", "cos": "cos({0})", "tan": "tan({0})",
    "tanh": "tanh({0})", "sqrt": "sqrt({0})", "abs": "|{0}|", "max": "max({0})", "min": "min({0})",
    "sign": "sign({0})", "norm": "||{0}||", "relu": "relu({0})", "sigmoid": "sigmoid({0})", "heaviside": "step({0})",
    "greater": "1[{0}]",
}  # fmt: skip


def _of(module: str, **others: str) -> dict[str, str]:
    usual = {head: f"{module}{head}({{0}})" for head in ("exp", "log", "sin", "cos", "tan", "tanh", "sqrt", "abs")}
    return {
        **usual, "max": f"{module}maximum({{0}})", "min": f"{module}minimum({{0}})", "sign": f"{module}sign({{0}})",
        "relu": f"{module}maximum({{0}}, 0)", "norm": f"{module}linalg.norm({{0}})", "sigmoid": "sigmoid({0})",
        "heaviside": "({0} > 0)", "greater": "({0})", **others,
    }  # fmt: skip


_PYTHON = _of("math.", abs="abs({0})", max="max({0})", min="min({0})", relu="max({0}, 0)", norm="norm({0})",
              sign="sign({0})")  # fmt: skip
_MATLAB = _of("", max="max({0})", min="min({0})", norm="norm({0})", relu="max({0}, 0)")

NOTATIONS = {
    notation.name: notation
    for notation in [
        Notation("LaTeX", "latex", " ", "{0}^{{{1}}}", _LATEX, r" \odot ", " ", "{0}^T"),
        Notation("plain", "plain", "*", "{0}^{1}", _PLAIN, " .* ", " ", "{0}^T"),
        Notation("unicode", "unicode", " · ", "{0}^{1}", {**_PLAIN, "sqrt": "√({0})"}, " ∘ ", " ", "{0}ᵀ", "−"),
        Notation("Typst", "typst", " ", "{0}^({1})", {**_PLAIN, "abs": "abs({0})", "norm": "norm({0})"}, " dot.o ",
                 " ", "{0}^T"),
        Notation("Python", "code", " * ", "{0}**{1}", _PYTHON, " * ", comment="  # {0}"),
        Notation("NumPy", "code", " * ", "{0}**{1}", _of("np."), " * ", comment="  # {0}"),
        Notation("PyTorch", "code", " * ", "{0}**{1}", _of("torch.", relu="torch.relu({0})",
                 sigmoid="torch.sigmoid({0})"), " * ", comment="  # {0}"),
        Notation("MATLAB", "code", " * ", "{0}^{1}", _MATLAB, " .* ", " * ", "{0}'", comment=";  % {0}"),
        Notation("pseudo-code", "code", " * ", "{0}^{1}", _PLAIN, " ∘ ", " ", "{0}^T", assign=" ← ",
                 comment="   // {0}"),
    ]
}  # fmt: skip


@dataclass(frozen=True)
class Spelling:
    """One writer's choices: the notation, the signs of products, how derivatives and rows are named."""

    notation: Notation
    labels: Mapping[str, str]
    times: str
    tangent: str
    adjoint: str
    output: str = "y"
    along: str = ""
    exponential: str = "exp"
    logarithm: str = "ln"
    bold: bool = False
    braces: bool = False
    shaped: frozenset[str] = frozenset()
    comma: bool = False
    subscripts: str = "usual"
    given_hats: bool = False
    hats: frozenset[str] = frozenset()
    """Rows over whose letters the writer puts a hat."""
    known: Mapping[Node, str] = field(default_factory=dict)

    @property
    def family(self) -> str:
        return self.notation.family

    def label(self, row: str) -> str:
        """The name of a row as it is written."""
        text = self._name(self.labels.get(row, row))
        return self._accented(text, HAT[self.family]) if row in self.hats else text

    def _name(self, text: str) -> str:
        found = _LABEL.fullmatch(text)
        if self.family == "latex":
            letter = found[1] if found else text
            letter = "\\" + letter if letter in GREEK else letter.replace("%", "\\%")
            letter = HAT["latex"].format(letter[:-3]) if self._has_hat(letter) else letter
            letter = rf"\mathbf{{{letter}}}" if self.bold else letter
            if not found:
                return letter
            return f"{letter}_{found[2]}" if len(found[2]) == 1 and not self.braces else f"{letter}_{{{found[2]}}}"
        if self.family == "unicode":
            letter = found[1] if found else text
            letter = HAT["unicode"].format(letter[:-3]) if self._has_hat(letter) else GREEK.get(letter, letter)
            if found and self.subscripts == "elements":
                return f"{letter}<sub>{found[2]}</sub>"
            return letter + found[2].translate(_SUBSCRIPTS) if found else letter
        if self.family == "typst" and self._has_hat(text):
            return HAT["typst"].format(text[:-3])
        if self.family == "typst" and found:
            return f"{found[1]}_{found[2]}" if found[2].isdigit() else f"{found[1]}_({found[2]})"
        if self.family == "code":
            return text.replace("-", "m").replace("%", "t")
        if self.subscripts == "underscore" and found:
            return f"{found[1]}_{found[2]}"
        return text

    def _has_hat(self, letter: str) -> bool:
        return self.given_hats and letter.endswith("hat")

    def quantity(self, quantity: Quantity) -> str:
        """The label of a row of a table."""
        return self._leaf(quantity.leaf, quantity.along)

    def _leaf(self, leaf: Node, along: str = "") -> str:
        if leaf.head == "name":
            return self._constant() if leaf.args[0] == "E" else self.label(leaf.args[0])
        if leaf.head == "partial":
            return self._fraction(*map(self.label, leaf.args))
        way = self.tangent if leaf.head == "dot" else self.adjoint
        row = self.label(leaf.args[0])
        if way in ACCENTS.get(self.family, {}):
            return self._accented(row, ACCENTS[self.family][way])
        if way == "fraction":
            if leaf.head == "bar":
                return self._fraction(self._name(self.output), row)
            return self._fraction(row, self.label(along or self.along))
        return DERIVATIVES[way, self.family].format(row, self.label(along or self.along), self._name(self.output))

    def _accented(self, row: str, accent: str) -> str:
        """The letter of a row with an accent over it, the index behind: v̄₁."""
        cut = (
            row.find("_")
            if self.family == "latex"
            else next((at for at, c in enumerate(row) if at and not c.isalpha()), -1)
        )
        letter, index = (row, "") if cut < 0 else (row[:cut], row[cut:])
        return accent.format(letter) + index

    def _constant(self) -> str:
        return {"latex": "e", "plain": "e", "unicode": "e", "typst": "e"}.get(self.family, "math.e")

    def _fraction(self, over: str, under: str) -> str:
        if self.family == "latex":
            return rf"\frac{{\partial {over}}}{{\partial {under}}}"
        if self.family == "code":
            return f"d{over}_d{under}"
        return {"plain": "d{0}/d{1}", "unicode": "∂{0}/∂{1}", "typst": "(diff {0})/(diff {1})"}[self.family].format(
            over, under
        )

    def formula(self, node: Node) -> str:
        """A formula as it is written."""
        return self._print(node)[0]

    def _bracket(self, node: Node, least: int, right: bool = False) -> str:
        text, level = self._print(node)
        signed = right and text.startswith(("-", "−"))
        opened = level < least or signed
        return (
            (rf"\left({text}\right)" if self.family == "latex" and "frac" in text else f"({text})") if opened else text
        )

    def _print(self, node: Node) -> tuple[str, int]:
        head, args = node
        if head == "num":
            text = args[0]
            return text, SUM if text.startswith(("-", "−")) else ATOM
        if head in ("name", "bar", "dot", "partial"):
            return self._derivative(node)
        if head in ("add", "sub"):
            sign = " + " if head == "add" else f" {self.notation.minus} "
            return self._bracket(args[0], SUM) + sign + self._bracket(args[1], SUM + (head == "sub"), True), SUM
        if head == "neg":
            return self.notation.minus + self._bracket(args[0], PRODUCT), SIGN
        if head in ("mul", "div") and args[0].head == "neg":
            return self.notation.minus + self._bracket(Node(head, (args[0].args[0], args[1])), PRODUCT), SIGN
        if head == "mul":
            return self._product(node), PRODUCT
        if head == "matmul":
            return self._bracket(args[0], PRODUCT) + self.notation.matmul + self._bracket(args[1], POWER, True), PRODUCT
        if head == "div":
            return self._quotient(node)
        if head in ("pow", "square"):
            return self._power(args[0], args[1] if head == "pow" else Node("num", ("2",)))
        if head == "transpose":
            return self.notation.transpose.format(self._bracket(args[0], ATOM)), ATOM
        return self._call(node)

    def _derivative(self, node: Node) -> tuple[str, int]:
        text = self._leaf(node)
        quotient = "/d" in text or "/∂" in text or text.startswith("(diff")
        return text, PRODUCT if quotient else ATOM

    def _product(self, node: Node) -> str:
        left, right = node.args
        if self.is_shaped(left) and self.is_shaped(right):
            return self._bracket(left, PRODUCT) + self.notation.hadamard + self._bracket(right, POWER, True)
        one, two = self._bracket(left, PRODUCT), self._bracket(right, POWER, True)
        times = self.times
        loose = times in (" ", "") and (
            two[0].isdigit() or (self.family != "latex" and (two[0] in "(|" or "/" in one + two or one[-1].isdigit()))
        )
        return one + (self.fallback if loose else times) + two

    @property
    def fallback(self) -> str:
        """The sign of a product where none could not be read."""
        return {"latex": r" \cdot ", "plain": "*", "unicode": "·", "typst": " dot "}.get(self.family, " * ")

    def is_shaped(self, node: Node) -> bool:
        """Whether a formula is a vector or a matrix."""
        if node.head in ("name", "bar", "dot"):
            return node.args[0] in self.shaped
        if node.head in ("num", "norm", "partial"):
            return False
        if node.head == "matmul" and node.args[0].head == "transpose":
            inner = node.args[0].args[0]
            return not (inner.head == "name" and inner.args[0] != "v0" and inner.args[0] not in ("W",))
        return any(self.is_shaped(arg) for arg in node.args)

    def _quotient(self, node: Node) -> tuple[str, int]:
        if self.family == "latex":
            return rf"\frac{{{self.formula(node.args[0])}}}{{{self.formula(node.args[1])}}}", POWER
        return f"{self._bracket(node.args[0], PRODUCT)}/{self._bracket(node.args[1], POWER)}", PRODUCT

    def _power(self, base: Node, exponent: Node) -> tuple[str, int]:
        below, above = self._bracket(base, ATOM), self.formula(exponent)
        if self.family == "latex":
            return (f"{below}^{above}" if len(above) == 1 else f"{below}^{{{above}}}"), POWER
        if self.family == "unicode" and above.isdigit():
            return below + above.translate(_SUPERSCRIPTS), POWER
        above = above if above.isalnum() else f"({above})"
        if self.family == "typst":
            return f"{below}^{above}", POWER
        return self.notation.power.format(below, above), POWER

    def _call(self, node: Node) -> tuple[str, int]:
        head = node.head
        args = node.args[:1] if head == "heaviside" else node.args
        inner = (" > " if head == "greater" else ", ").join(self.formula(arg) for arg in args)
        if head in ("max", "min") and self.comma:
            inner = inner.replace(", ", "; ")
        if head == "exp" and self.exponential == "power" and self.family != "code":
            if self.family == "latex":
                return f"e^{{{inner}}}", POWER
            return (f"e^{inner}" if inner.isalnum() else f"e^({inner})"), POWER
        if head == "log" and self.logarithm == "log" and self.family != "code":
            return (r"\log({0})" if self.family == "latex" else "log({0})").format(inner), ATOM
        return self.notation.functions[head].format(inner), ATOM


HAT = {"latex": r"\hat{{{0}}}", "unicode": "{0}\u0302", "typst": "hat({0})"}


ACCENTS = {
    "latex": {"dot": r"\dot{{{0}}}", "bar": r"\bar{{{0}}}"},
    "unicode": {"dot": "{0}\u0307", "bar": "{0}\u0304", "overline": "{0}\u0304"},
}
"""Accents that stand over the letter only."""

DERIVATIVES = {
    ("dot", "plain"): "{0}_dot",
    ("dot", "typst"): "dot({0})", ("dot", "code"): "{0}_dot",
    ("prime", "latex"): "{0}'", ("prime", "plain"): "{0}'", ("prime", "unicode"): "{0}′", ("prime", "typst"): "{0}'",
    ("prime", "code"): "d{0}",
    ("bar", "plain"): "{0}_bar",
    ("bar", "typst"): "overline({0})", ("bar", "code"): "{0}_bar",
    ("overline", "latex"): r"\overline{{{0}}}", ("overline", "plain"): "bar({0})",
    ("overline", "typst"): "overline({0})", ("overline", "code"): "grad_{0}",
    ("total", "latex"): r"\frac{{d{2}}}{{d{0}}}", ("total", "plain"): "d{2}/d{0}", ("total", "unicode"): "d{2}/d{0}",
    ("total", "typst"): "(dif {2})/(dif {0})", ("total", "code"): "d{2}_d{0}",
    ("delta", "latex"): r"\delta_{{{0}}}", ("delta", "plain"): "delta_{0}", ("delta", "unicode"): "δ{0}",
    ("delta", "typst"): "delta_({0})", ("delta", "code"): "{0}.grad",
}  # fmt: skip


@dataclass(frozen=True)
class Numbers:
    """How numbers are written: by places behind the point, cut off or rounded, with a comma, exact."""

    places: int
    cut: bool = False
    comma: bool = False
    exact: bool = False
    scientific: bool = False

    def text(self, value: float) -> str:
        """A number as it is written."""
        if self.scientific and abs(value) > 1e-12:
            return f"{value:.{self.places}e}"
        if abs(value - round(value)) < 1e-9:
            return str(round(value))
        places = self.places if abs(value) >= 0.1 else self.places + 1 + int(-math.log10(abs(value)))
        scaled = value * 10**places
        whole = math.trunc(scaled + math.copysign(1e-7, value)) if self.cut else round(scaled)
        text = f"{whole / 10**places:.{places}f}"
        near = f"{value:.{places + 4}f}".rstrip("0")
        text = near if len(near.partition(".")[2]) <= places else text
        return text.replace(".", ",") if self.comma else text

    def is_short(self, value: Number) -> bool:
        """Whether a value is written with fewer digits than it has."""
        return any(abs(float(self.text(each).replace(",", ".")) - each) > 1e-9 for each in np.ravel(np.asarray(value)))

    def value(self, value: Number, family: str) -> str:
        """A number, or a matrix of numbers."""
        if np.ndim(value) == 0:
            return self.text(float(value))
        rows = [[self.text(float(each)) for each in row] for row in np.asarray(value)]
        if family == "latex":
            return r"\begin{bmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{bmatrix}"
        if family == "typst":
            return "mat(" + "; ".join(", ".join(row) for row in rows) + ")"
        return "[" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + "]"
