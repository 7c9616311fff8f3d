"""Conventions of the literature: every choice in how a trace is written down, and named profiles of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from typing import Any

from tracegen.errors import FormatError

LETTER = re.compile(r"[A-Za-z]")
NAME = re.compile(r"[A-Za-z]\w*")


def _choice(default: Any, doc: str, *allowed: Any) -> Any:
    """A field of Convention; ``allowed`` are its values, or one pattern that a text matches, or a range of numbers."""
    return field(default=default, metadata={"doc": doc, "allowed": allowed})


@dataclass(frozen=True, slots=True)
class Convention:
    """One set of choices. The defaults are the homework's.

    >>> Convention().with_(product="times", digits=3).product
    'times'
    """

    # lines and their names
    letter: str = _choice("v", "the letter of a line", LETTER)
    naming: str = _choice("index", "lines are v1, v2, … or letters a, b, c, …", "index", "alphabet")
    first: int = _choice(0, "the first index", range(-999, 1000))
    counts: str = _choice("inputs", "what has the first index: the first input or the first step", "inputs", "steps")
    inputs: str = _choice("rows", "inputs are rows v0 = x1, rows under their own names, or none", "rows", "own", "none")
    lists: str = _choice("separate", "a list for each output, or one joint list", "separate", "joint")
    closing_rows: bool = _choice(False, "last rows y = v5, and x̄1 = v̄-1 under the adjoints")
    order: str = _choice("reading", "lines in the order of reading, or by how deep they are", "reading", "levels")
    sigmoid: str = _choice(
        "written", "the sigmoid is as written, split into −, exp, 1 +, 1/, or one line", "written", "expanded", "whole"
    )
    steps: str = _choice("lines", "a named step is as many lines as it has operations, or one", "lines", "whole")
    distance: str = _choice("whole", "‖a − b‖² and ½‖a − b‖² are one line each, or split", "whole", "split")
    minus: str = _choice("line", "the minus of exp(−v) is a line, or part of its operation", "line", "folded")

    # tangents
    tangent: str = _choice("fraction", "v̇3, ∂v3/∂x1, v3′ or D_p v3", "dot", "fraction", "prime", "directional")
    tangent_layout: str = _choice(
        "apart", "tangents have their own table, or stand beside the primal", "apart", "beside"
    )
    tangent_factor: str = _choice("partial", "what is written first in a product", "partial", "tangent")
    product_rule: str = _choice("last", "which factor is differentiated first: v0 v̇6 + v6 v̇0 is last", "last", "first")
    seed: str = _choice(
        "unit", "unit seeds one by one, side by side in one table, or a direction in letters", "unit", "side", "letters"
    )

    # adjoints
    adjoint: str = _choice("bar", "v̄3, ∂f/∂v3 or df/dv3", "bar", "partial", "total")
    adjoint_style: str = _choice(
        "sum",
        "a row a line; a row a contribution, v̄0 = v̄0 + …, or v̄0 += …",
        "sum",
        "contributions",
        "accumulate",
    )
    adjoint_order: str = _choice(
        "inputs", "inputs on top beside the primal rows, as executed, or executed from the bottom up",
        "inputs", "execution", "bottom-up",
    )  # fmt: skip
    adjoint_terms: str = _choice(
        "unary", "the order of a sum over children: those of one operand first, as listed, or last line first",
        "unary", "listed", "reversed",
    )  # fmt: skip
    adjoint_factor: str = _choice("adjoint", "what is written first in a product", "adjoint", "partial")
    adjoint_start: str = _choice(
        "partial", "the first row is v̄8 = ∂y/∂v8, v̄8 = ȳ, or v̄8 = 1", "partial", "output", "value"
    )
    units: str = _choice("dropped", "a factor 1 or −1 in an adjoint rule: v̄5, or v̄5 × 1", "dropped", "shown")
    numbers: str = _choice("front", "a number in a product stands in front, or where it falls", "front", "place")
    output: str = _choice("bare", "the output of a list of its own is y, or y1 as it is named", "bare", "named")
    function: str = _choice("f", "the name on top of ∂f/∂v3", NAME)

    # rules
    partial: str = _choice(
        "chain", "a local partial is ∂v8/∂v3 and then worked out, one of both, or in its own column",
        "chain", "worked", "unevaluated", "column",
    )  # fmt: skip
    reuse: str = _choice(
        "operand", "the rule of exp uses exp(v0), or the line v3 that has its value", "operand", "output"
    )
    quotient: str = _choice("folded", "v̄6/v5², or the factor apart, where the factor comes last", "folded", "factor")

    # values
    values: str = _choice("both", "which values are shown", "exact", "decimal", "both", "none")
    digits: int = _choice(6, "how many digits a decimal value has", range(1, 1001))
    rounding: str = _choice(
        "digits",
        "digits counts all digits, those behind the point, or these without zeros at the end",
        "digits",
        "places",
        "trimmed",
    )
    substituted: str = _choice(
        "no", "the arithmetic with numbers put in, 2 × 5, 0.693 + 10: not, instead of the value, or before it",
        "no", "instead", "before",
    )  # fmt: skip

    # signs
    product: str = _choice("juxtaposed", "the sign of a product", "juxtaposed", "dot", "times")
    logarithm: str = _choice("log", "the name of the natural logarithm", "log", "ln")
    exponential: str = _choice("exp", "exp(v), or e to the power v", "exp", "power")
    calls: str = _choice("brackets", "cos(v0), or cos v0 where no bracket is needed", "brackets", "bare")
    elementwise: str = _choice("hadamard", "h̄ ∘ σ′(z), or diag(σ′(z)) h̄ with a diagonal matrix", "hadamard", "diagonal")
    layout: str = _choice("column", "adjoints have the shapes of their variables, or are rows", "column", "row")
    matrix_index: str = _choice("superscript", "W1 is W^(1), or W with the index below", "superscript", "subscript")
    matrices: frozenset[str] = field(default=frozenset(), metadata={"doc": "the names that are matrices"})

    def with_(self, **choices: Any) -> Convention:
        """The same convention but for some choices; a text stands for a number or for true and false, too.

        Raises FormatError for a choice that does not exist or a value that it cannot have.
        """
        for name in choices:
            if name not in _FIELDS:
                raise FormatError(f"there is no choice {name!r}; there are {', '.join(_FIELDS)}")
        return replace(self, **{name: _checked(name, value) for name, value in choices.items()})


_FIELDS = {entry.name: entry for entry in fields(Convention)}
_TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _checked(name: str, value: Any) -> Any:
    entry = _FIELDS[name]
    if name == "matrices":
        return frozenset(value)
    if isinstance(entry.default, bool):
        value = _TRUTHS.get(value.lower(), value) if isinstance(value, str) else value
        fits, wanted = isinstance(value, bool), "yes or no"
    elif isinstance(entry.default, int):
        value = int(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,4}", value) else value
        (bounds,) = entry.metadata["allowed"]
        fits = isinstance(value, int) and not isinstance(value, bool) and value in bounds
        wanted = f"a whole number from {bounds[0]:,} to {bounds[-1]:,}"
    else:
        fits, wanted = _allowed(entry.metadata["allowed"], value)
    if not fits:
        raise FormatError(f"{name} can't be {value!r}; it is {wanted}")
    return value


def _allowed(allowed: tuple[Any, ...], value: Any) -> tuple[bool, str]:
    if isinstance(allowed[0], re.Pattern):
        kind = "a letter" if allowed[0] is LETTER else "a name"
        return isinstance(value, str) and allowed[0].fullmatch(value) is not None, kind
    return value in allowed, f"one of {', '.join(allowed)}"


@dataclass(frozen=True, slots=True)
class Choice:
    """What there is to choose: a name, what it means, its default, its values (none listed: any)."""

    name: str
    doc: str
    default: Any
    allowed: tuple[str, ...]


def choices() -> list[Choice]:
    """Every choice of a convention, in order, for help texts.

    >>> next(choice.allowed for choice in choices() if choice.name == "product")
    ('juxtaposed', 'dot', 'times')
    """
    return [
        Choice(entry.name, entry.metadata["doc"], entry.default, _values(entry.metadata["allowed"]))
        for entry in _FIELDS.values()
        if entry.name != "matrices"
    ]


def allowed(name: str) -> str:
    """The values that a choice can have, in words.

    >>> allowed("product"), allowed("letter"), allowed("closing_rows"), allowed("matrices")
    ('juxtaposed, dot, times', 'a letter', 'yes, no', 'names of inputs')
    """
    entry = _FIELDS[name]
    if name == "matrices":
        return "names of inputs"
    if isinstance(entry.default, bool):
        return "yes, no"
    values = entry.metadata["allowed"]
    if isinstance(entry.default, int):
        return f"{values[0][0]:,} to {values[0][-1]:,}"
    if isinstance(values[0], re.Pattern):
        return "a letter" if values[0] is LETTER else "a name"
    return ", ".join(values)


def _values(allowed: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(value for value in allowed if isinstance(value, str))


_TABLE2 = {
    "first": 1, "counts": "steps", "closing_rows": True, "tangent": "dot", "units": "shown",
    "tangent_factor": "tangent",
    "product_rule": "first", "adjoint_style": "contributions", "adjoint_order": "execution",
    "adjoint_start": "output", "values": "decimal", "logarithm": "ln", "calls": "bare",
    "lists": "joint", "adjoint_terms": "listed", "output": "named",
}  # fmt: skip
"""What Baydin et al. took over from Griewank & Walther."""

PROFILES: dict[str, Convention] = {
    "homework": Convention(),
    # Baydin, Pearlmutter, Radul and Siskind, JMLR 18 (2018), tables 2 and 3
    "baydin": Convention().with_(
        **_TABLE2, digits=3, rounding="trimmed", order="levels", substituted="instead", product="times",
    ),
    # Griewank and Walther, "Evaluating Derivatives" (2008), section 1.3
    "griewank": Convention().with_(
        **_TABLE2, digits=4, rounding="places", substituted="before", product="dot", reuse="output", partial="worked",
    ),
    # Wikipedia, "Automatic differentiation"
    "wikipedia": Convention().with_(
        letter="w", first=1, tangent="dot", product_rule="first", adjoint_order="execution",
        adjoint_start="value", adjoint_terms="listed", partial="worked", exponential="power",
    ),
    # Bishop and Bishop, "Deep Learning" (2024), chapter 8.2
    "bishop": Convention().with_(
        first=1, tangent="dot", product_rule="first", adjoint_order="execution", adjoint_start="value",
        adjoint_terms="listed", partial="worked", logarithm="ln",
    ),
    # Harvard CS107, "Systems Development for Computational Science", automatic differentiation
    "cs107": Convention().with_(
        inputs="own", first=1, counts="steps", tangent="directional", tangent_layout="beside",
        product_rule="first", adjoint_terms="listed", values="exact", partial="worked",
    ),
    # Deisenroth, Faisal and Ong, "Mathematics for Machine Learning" (2020), section 5.6
    "deisenroth": Convention().with_(
        naming="alphabet", inputs="none", adjoint="partial", adjoint_order="execution", partial="worked",
        quotient="factor", numbers="place", product="dot", values="exact", product_rule="first",
    ),
}  # fmt: skip


def profile(name: str, **overrides: Any) -> Convention:
    """A profile by its name, with single choices changed.

    Raises FormatError where there is no such profile, choice or value.

    >>> profile("baydin", digits=4).product
    'times'
    """
    if name not in PROFILES:
        raise FormatError(f"there is no profile {name!r}; there are {', '.join(PROFILES)}")
    return PROFILES[name].with_(**overrides)


def convention(
    given: str | Convention, digits: int | None = None, joint: bool | None = None, **choices: Any
) -> Convention:
    """A profile by its name, or a convention, with single choices changed; None changes nothing.

    >>> convention("baydin", joint=False).lists
    'separate'
    """
    if digits is not None:
        choices["digits"] = digits
    if joint is not None:
        choices["lists"] = "joint" if joint else "separate"
    return profile(given, **choices) if isinstance(given, str) else given.with_(**choices)
