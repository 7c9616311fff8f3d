"""Ways to write in which nothing else can be meant: marks run together with names, fractions on a line, Typst."""

from __future__ import annotations

import re

from tracegen.mathtext.spellings.rule import Rule, Spellings
from tracegen.mathtext.unicode_text import SUBSCRIPTS

MARKS = dict.fromkeys(["bar", "adj", "adjoint", "grad", "overline", "macron"], "bar") | {"dot": "dot"}
ACCENTS = "|".join(MARKS).replace("grad", "grad(?=_)")
_BELOW = str.maketrans({letter: written for letter, written in SUBSCRIPTS.items() if written in "0123456789"})


def _minus(row: str) -> str:
    """``vm1``, as programs have it, is v-1."""
    return re.sub(r"\b([A-Za-z])m(\d+)\b", r"\1_{-\2}", row)


def _marked(found: re.Match[str]) -> str:
    """A mark and the row that it belongs to, whichever stands first."""
    mark, *parts = (part for part in found.groups() if part) if found[1] in MARKS else reversed(_parts(found))
    return rf"\{MARKS[mark]}{{{_minus(''.join(parts))}}}"


def _parts(found: re.Match[str]) -> list[str]:
    return [part for part in found.groups() if part]


def _between(found: re.Match[str]) -> str:
    return rf"\{MARKS[found[2]]}{{{_minus(found[1] + found[3])}}}"


def _derivative(found: re.Match[str]) -> str:
    """The fraction of the row that is named first by the one that is named second."""
    over, under = _parts(found)
    return _fraction(_minus(over), _minus(under))


def _by(found: re.Match[str]) -> str:
    """The fraction of the row that is named second by the one that is named first."""
    under, over = _parts(found)
    return _fraction(over, under)


def _fraction(over: str, under: str) -> str:
    return rf"\frac{{\partial {over}}}{{\partial {under}}}"


def _directed(found: re.Match[str]) -> str:
    """D_p v is a tangent along any direction, D_x1 v one along x1."""
    along = found[1] or found[2] or (f"x{found[3].translate(_BELOW)}" if found[3] is not None else "p")
    row = found[4] or found[5]
    return rf"\dot{{{row}}}" if along == "p" else _fraction(row, along)


CERTAIN = Spellings(
    [
        Rule(
            "an index in round brackets", ("_(",), r"_\((-?\w+|\w+_\w+)\)", r"_{\1}",
            (("v_(-1) v_(10)", "v_{-1} v_{10}"), ("W_(1) + v_(a_1)", "W_{1} + v_{a_1}"), ("f_(a + b)", "f_(a + b)")),
        ),
        Rule(
            "a product by a word between two operands", (" dot ", " times ", " ast "),
            r"(?<=[\w)\]}|]) (?:dot|times|ast) (?=[\w(\\|-])", r" \\cdot ",
            (("v_5 dot v_2", r"v_5 \cdot v_2"), ("2 times (x + 1)", r"2 \cdot (x + 1)"), ("dot v3", "dot v3")),
            words=frozenset(["times", "ast"]), unless=frozenset(["times", "ast"]), either=True,
        ),
        Rule(
            "a product element by element by its name", ("dot.", "compose"),
            r"\bdot\.(?:o|circle)\b|\bcompose\b", r"\\odot ", (("a dot.o b", r"a \odot  b"),),
            words=frozenset(["compose"]),
        ),
        Rule(
            "an accent that is part of a name, as a function", ("hat(", "tilde("), r"\b(hat|tilde)\(<row>\)",
            r"\\\1{\2}", (("hat(y) + tilde(x_1)", r"\hat{y} + \tilde{x_1}"),), words=frozenset(["hat", "tilde"]),
        ),
        Rule(
            "a fraction of differentials by their words", ("(dif",),
            r"\((?:diff?)\s+<row>\)\s*/\s*\((?:diff?)\s+<row>\)", _derivative,
            (("(diff y)/(diff v_1)", r"\frac{\partial y}{\partial v_1}"),
             ("(dif y)/(dif v_{-1})", r"\frac{\partial y}{\partial v_{-1}}")),
            words=frozenset(["dif", "diff"]),
        ),
        Rule(
            "a matrix as a function of its rows", ("mat(",), r"\bmat\(([^()]*)\)", r"[\1]",
            (("mat(1, 2; 3, 4)", "[1, 2; 3, 4]"),), words=frozenset(["mat"]),
        ),
        Rule(
            "a function from its library", ("np.", "numpy.", "math.", "torch."),
            r"\b(?:np|numpy|math|torch)\.(?:linalg\.)?(?=[a-z])", "",
            (("np.sin(v1) + torch.linalg.norm(a)", "sin(v1) + norm(a)"),),
            words=frozenset(["numpy", "math", "torch", "maximum", "minimum"]),
        ),
        Rule(
            "matrices put on each other", ("concat", "cat("), r"\b(?:concatenate|concat|cat)\(", "vstack(",
            (("concatenate(a, b)", "vstack(a, b)"),),
        ),
        Rule(
            "a derivative as one word", ("_d",), r"\bd<name>_d<name>(?![A-Za-z0-9_])", _derivative,
            (("dvm1_dx1", r"\frac{\partial v_{-1}}{\partial x1}"), ("2*dy_dv2", r"2*\frac{\partial y}{\partial v2}")),
        ),
        Rule(
            "the adjoint of a row as networks write it", ("elta_", "δ_", "δ _", "elta _"),
            r"(?:\\?delta|δ)\s*_(?:\{\s*<row>\s*\}|<row>)(?![A-Za-z0-9_])",
            lambda found: rf"\bar{{{_parts(found)[0]}}}",
            ((r"\delta_z", r"\bar{z}"), (r"\delta_{v_{1}} δ_{v_2}", r"\bar{v_{1}} \bar{v_2}"), ("δ_1", "δ_1"),
             ("delta_v1", r"\bar{v1}")),
        ),
        Rule(
            "a mark behind a name", ("bar", "dot", "adj", ".grad"),
            r"(?<![A-Za-z\\])<name>(?:_?(bar|dot|adj)\b(?!_\d)|\.(grad)\b)", _marked,
            (("v3_bar v3.grad", r"\bar{v3} \bar{v3}"), ("vm1_dot", r"\dot{v_{-1}}")),
        ),
        Rule(
            "a mark before a name", tuple(MARKS),
            rf"(?<![A-Za-z\\_])({ACCENTS})(?:\s*\(\s*<name>\s*\)|[ _]\s*<name>(?![A-Za-z]))", _marked,
            (("bar(v3) + dot v_2", r"\bar{v3} + \dot{v_2}"), ("overline(v_{1})", r"\bar{v_{1}}"),
             (r"dot(\hat{y})", r"\dot{\hat{y}}"),
             ("grad_v1 grad", r"\bar{v1} grad")),
            words=frozenset(["overline", "macron"]),
        ),
        Rule(
            "a mark between a letter and its index", ("bar", "dot", "adj"),
            r"(?<![A-Za-z\\])([A-Za-z])_?(bar|dot|adj)(<index>)", _between, (("vbar3 v_dot_3", r"\bar{v3} \dot{v_3}"),),
        ),
        Rule(
            "where a derivative is taken, behind a bar", ("vert", "|", r"\left."),
            r"(?:\\right|\\[Bb]igg?r?)\s*(?:\||\\r?vert)\s*_(?:\{[^{}]*\}|\w)|\\left\.", "",
            ((r"\left.y\right|_{x=2}", "y"), (r"\left|x\right|", r"\left|x\right|")),
        ),
        Rule(
            "a prime before the index", ("'", "′", "prime"),
            r"([A-Za-z])(?:'|′|\^\\prime\s*|\^\{\\prime\})_(\d|\{-?\d+\})",
            r"\1_\2'", (("v'_3 + v^\\prime_{-1}", "v_3' + v_{-1}'"),),
        ),
        Rule(
            "a fraction with its bar between", (r"\over",),
            r"\{((?:[^{}]|\{[^{}]*\})*?)\\over(?![A-Za-z])((?:[^{}]|\{[^{}]*\})*)\}", r"\\frac{\1}{\2}",
            ((r"{1 \over v_1}", r"\frac{1 }{ v_1}"), (r"\overline{v}", r"\overline{v}")),
        ),
        Rule(
            "a fraction of differentials spoken", ("del", "partial"),
            r"(?<![\\A-Za-z])(?:del|partial)\s*+\(?\s*+<row>\s*+\)?\s*+/\s*(?:del|partial)\s*+\(?\s*+<row>\s*\)?",
            _derivative, (("del v3/del x1", r"\frac{\partial v3}{\partial x1}"),),
        ),
        Rule(
            "a fraction of differentials with spaces or brackets", ("d ", "d("),
            r"(?<![\\A-Za-z])d(?:\s*\(\s*<row>\s*\)|\s+([A-Za-z]+<index>?))"
            r"\s*/\s*d(?:\s*\(\s*<row>\s*\)|\s+<letter row>)",
            _derivative,
            (("d v3 / d x1", r"\frac{\partial v3}{\partial x1}"), ("d(y)/d(x)", r"\frac{\partial y}{\partial x}")),
        ),
        Rule(
            "a gradient by its sign", ("nabla", "∇"), r"(?:\\nabla|∇)\s*_\{?\s*+<input>\s*+\}?\s*+<row>", _by,
            ((r"\nabla_{x_1} v_3", r"\frac{\partial v_3}{\partial x_1}"),),
        ),
        Rule(
            "a derivative as an operator", ("d/d", "d /", "∂"),
            r"(?:(?<![A-Za-z\\])d\s*/\s*d|∂\s*[/⁄]\s*∂)\s*<row>\s*+\(?\s*+<row>\s*\)?", _by,
            (("d/dx1 v3", r"\frac{\partial v3}{\partial x1}"),),
        ),
        Rule(
            "a derivative by the name below its sign", ("D", "∂", r"\partial"),
            r"(?:(?<![A-Za-z\\])D|∂|\\partial)\s*(?:_(?:\{\s*<input>\s*\}|<input>)|ₚ|ₓ([₀-₉]*))\s*(?:\(\s*<row>\s*\)|<row>)",
            _directed,
            (("D_p v_3", r"\dot{v_3}"), ("∂ₓ₁v₃", r"\frac{\partial v₃}{\partial x1}"),
             (r"\partial_{x_1} v_3", r"\frac{\partial v_3}{\partial x_1}")),
        ),
        Rule("a prime in a word", ("_prime",), r"\b([A-Za-z]+)_prime\b", r"\1'", (("f_prime", "f'"),)),
        Rule(
            "Euler's number as a capital", ("E",), r"\bE(?=\*\*|\b(?!_))", "e", ((r"\bar{v} E**2", r"\bar{v} e**2"),),
            unless=frozenset(["E", "e"]),
        ),
        Rule(
            "an index below zero in a program's name", ("m",), r"\b([A-Za-z])m(\d+)\b", r"\1_{-\2}",
            (("vm1", "v_{-1}"),),
        ),
    ]
)  # fmt: skip
"""Each of them can only be meant as it is read, so that a text always becomes what the whole table makes of it."""
