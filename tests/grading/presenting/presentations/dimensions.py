"""The dimensions of a presentation: for each a table of ways, drawn one independently of another.

A way may state when nobody would write it, or when it would make the truth ambiguous: ``when`` is the condition, and
``because`` says why. Nothing else is left out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .languages import LANGUAGES


@dataclass(frozen=True)
class Situation:
    """What is known when a dimension is drawn: the ways drawn before it, and what the problem is like."""

    ways: Mapping[str, str]
    has_point: bool
    shaped: bool
    inputs: int
    several: bool
    rows: int
    kinks: bool
    hats: bool
    own_steps: bool
    several_outputs: bool

    @property
    def is_latex(self) -> bool:
        return FORMATS_OF[self.ways["format"]].notation == "LaTeX"

    @property
    def is_code(self) -> bool:
        return self.ways["format"] in CODE

    @property
    def is_table(self) -> bool:
        return self.ways["layout"] in TABLES


def _always(_: Situation) -> bool:
    return True


@dataclass(frozen=True)
class Way:
    """A way to write in one dimension, how often it is drawn, and when it can be."""

    name: str
    weight: float = 1
    when: Callable[[Situation], bool] = _always
    because: str = ""


@dataclass(frozen=True)
class Format:
    """A format: the notation, the suffix of the file, and the kind of document."""

    notation: str
    suffix: str
    document: str


FORMATS_OF = {
    "Markdown, LaTeX": Format("LaTeX", ".md", "markdown"),
    "Markdown, plain": Format("plain", ".md", "markdown"),
    "Markdown, Unicode": Format("unicode", ".md", "markdown"),
    "LaTeX": Format("LaTeX", ".tex", "latex"),
    "plain text": Format("plain", ".txt", "text"),
    "Unicode text": Format("unicode", ".txt", "text"),
    "HTML": Format("unicode", ".html", "html"),
    "org": Format("plain", ".txt", "org"),
    "Typst": Format("Typst", ".txt", "typst"),
    "CSV": Format("plain", ".csv", "csv"),
    "notebook": Format("LaTeX", ".ipynb", "notebook"),
    "Python": Format("Python", ".md", "code"),
    "NumPy": Format("NumPy", ".md", "code"),
    "PyTorch": Format("PyTorch", ".md", "code"),
    "MATLAB": Format("MATLAB", ".md", "code"),
    "pseudo-code": Format("pseudo-code", ".txt", "code"),
}
CODE = frozenset(name for name, each in FORMATS_OF.items() if each.document == "code")
TABLES = frozenset(["table", "wide table", "transposed table"])
LETTERS = "letters a, b, c"


def _has_ending(s: Situation) -> bool:
    numbers = s.has_point and not s.shaped and s.ways["chain"] != "rule"
    return numbers and "reverse" in s.ways["sections"] and not s.is_code and s.ways["format"] != "CSV"


_DRAWABLE = "a program, a CSV file and a numbered line have a layout of their own"

DIMENSIONS: dict[str, list[Way]] = {
    "format": [
        Way("Markdown, LaTeX", 4),
        Way("Markdown, plain", 2),
        Way("Markdown, Unicode", 1.5),
        Way("LaTeX", 2),
        Way("plain text", 1.5),
        Way("Unicode text", 1),
        Way("HTML", 0.8),
        Way("org", 0.5, lambda s: not s.shaped, "a vector does not fit a cell of plain text"),
        Way("Typst", 0.5, lambda s: not s.shaped, "a vector does not fit a cell of plain text"),
        Way("CSV", 0.5, lambda s: not s.shaped, "a vector does not fit a cell of plain text"),
        Way("notebook", 0.8),
        Way("Python", 0.4, lambda s: not s.shaped, "Python has no vectors"),
        Way("NumPy", 0.5),
        Way("PyTorch", 0.4),
        Way("MATLAB", 0.4),
        Way("pseudo-code", 0.5),
    ],
    "layout": [
        Way("table", 3, lambda s: not s.is_code, "a program has lines"),
        Way("wide table", 1, lambda s: not s.is_code and not s.shaped, "a program has lines, and vectors are wide"),
        Way("transposed table", 0.5,
            lambda s: not s.is_code and s.ways["format"] != "CSV" and s.rows <= 9 and not s.shaped,
            "nobody writes more than nine rows side by side"),
        Way("one a line", 3, lambda s: s.ways["format"] != "CSV", "a CSV file is a table"),
        Way("several a line", 0.7, lambda s: s.ways["format"] not in ("CSV", *CODE), "a CSV file is a table"),
        Way("broken chains", 1, lambda s: s.ways["format"] not in ("CSV", *CODE), "a CSV file is a table"),
        Way("bullets", 0.7, lambda s: s.ways["format"] not in ("CSV", "plain text", "Typst", *CODE), _DRAWABLE),
        Way("numbered", 0.5, lambda s: s.ways["format"] not in ("CSV", "Typst", *CODE), _DRAWABLE),
        Way("displays", 1.5, lambda s: s.is_latex, "only LaTeX has displays"),
        Way("aligned", 1.2, lambda s: s.is_latex, "only LaTeX has aligned displays"),
    ],
    "language": [Way(each.name, each.weight) for each in LANGUAGES],
    "heads": [
        Way("usual", 3),
        Way("odd", 1),
        Way("none", 0.5, lambda s: s.ways["format"] in ("Markdown, LaTeX", "Markdown, plain", "Markdown, Unicode",
                                                        "HTML", "LaTeX"), "the format's tables begin with a head"),
        Way("wrong", 0.4),
        Way("letters", 0.4),
    ],
    "columns": [
        Way("label, rule, value", 3),
        Way("label, value, rule", 1),
        Way("row, value", 1.5, lambda s: s.ways["layout"] == "table", "other tables have the label apart"),
        Way("number, label, rule, value", 0.5, lambda s: s.ways["layout"] == "table", "other tables have no numbers"),
        Way("value, label, rule", 0.3, lambda s: s.ways["layout"] == "table", "other tables begin with the label"),
    ],
    "headings": [Way("words", 4), Way("bold words", 1), Way("none", 0.7)],
    "numbering": [
        Way("from 0", 3), Way("from 1", 2),
        Way("from −n", 1.5, lambda s: FORMATS_OF[s.ways["format"]].notation != "plain", "v-1 would be v − 1"),
        Way("V1", 0.5), Way("n0", 0.5),
        Way("w1", 0.7, lambda s: not s.shaped, "W is a matrix"),
        Way("%0", 0.2, lambda s: not s.is_code and not s.is_latex, "no program's variable begins with %"),
        Way(LETTERS, 0.7, lambda s: s.rows <= 9 and not s.shaped, "letters run out"),
    ],
    "inputs": [
        Way("rows", 3),
        Way("left out", 1, lambda s: s.ways["headings"] != "none", "nothing would say what the seed is"),
    ],
    "last row": [
        Way("numbered", 2), Way("named as the output", 1.5),
        Way("closing row", 1, lambda s: not s.is_code, "a program returns its output"),
        Way("left out", 0.4),
    ],
    "constants": [
        Way("in the rules", 6),
        Way("rows", 0.5, lambda s: s.ways["layout"] != "wide table" and s.has_point and not s.shaped,
            "a constant has no derivative to stand beside"),
    ],
    "steps": [Way("as the core", 4), Way("one fused", 1, lambda s: s.rows >= 5, "too few rows to fuse"),
              Way("split by own rows", 3, lambda s: s.own_steps and s.ways["numbering"] != LETTERS,
                  "the list has the problem's steps only, or letters for all rows")],
    "sections": [
        Way("primal", 1),
        Way("primal, forward", 2),
        Way("primal, reverse", 3),
        Way("primal, forward, reverse", 2),
        Way("primal, reverse, forward", 0.7),
        Way("reverse, primal", 0.3, lambda s: s.ways["layout"] != "wide table" and not s.is_code,
            "a program runs downwards"),
    ],
    "seeds": [
        Way("every unit", 2),
        Way("first unit", 1),
        Way("stated", 0.7, lambda s: s.has_point and not s.shaped and s.inputs > 1 and not s.is_code
            and s.ways["format"] != "CSV", "a direction needs two inputs and a line to state it"),
        Way("letters", 0.6, lambda s: s.has_point and not s.shaped and s.ways["layout"] != "wide table",
            "a matrix needs a matrix of seeds, and beside values stand values"),
        Way("read off the input rows", 0.5,
            lambda s: s.has_point and not s.shaped and s.inputs > 1 and s.ways["inputs"] == "rows",
            "there have to be rows of the inputs"),
    ],
    "chain": [
        Way("rule, value", 4),
        Way("rule", 0.7),
        Way("unworked, rule, value", 1.5, lambda s: not s.shaped and not s.is_code, "a program works out"),
        Way("rule, numbers, value", 1.5, lambda s: not s.shaped and not s.is_code and s.has_point,
            "a program works out"),
        Way("unworked, rule, numbers, value", 0.7, lambda s: not s.shaped and not s.is_code and s.has_point,
            "a program works out"),
    ],
    "product": [
        Way("juxtaposed", 2), Way("dot", 1.5),
        Way("star", 1, lambda s: not s.is_latex, "LaTeX has better signs"),
        Way("cross", 0.7, lambda s: not s.shaped, "× of vectors is another product"),
    ],
    "tangent": [
        Way("dot", 3), Way("fraction", 2, lambda s: s.ways["seeds"] in ("every unit", "first unit") and not s.shaped
                           and not ("unworked" in s.ways["chain"] and s.ways["inputs"] == "left out"),
                           "a direction in general is no input, and ∂v1/∂a would be a local partial and a tangent"),
        Way("prime", 0.8, lambda s: s.ways["sections"].count(",") < 2, "a prime would name two things"),
    ],
    "adjoint": [Way("bar", 3), Way("overline", 0.7), Way("fraction", 2), Way("total", 0.7),
                Way("delta", 0.3, lambda s: s.is_latex, "δ needs a subscript")],
    "kinks": [
        Way("as sign", 1),
        Way("as a step", 1, lambda s: s.kinks and not s.shaped, "there is no kink"),
        Way("on the point's side", 1, lambda s: s.kinks and s.has_point and not s.shaped,
            "there is no kink, or no point"),
    ],
    "contributions": [
        Way("summed", 5),
        Way("one a row, +=", 0.6, lambda s: s.ways["layout"] in ("one a line", "displays")
            and "unworked" not in s.ways["chain"]
            and s.ways["adjoint"] in ("bar", "overline"), "only a line by itself adds, and what it adds is worked out"),
    ],
    "local partials": [
        Way("none", 5),
        Way("lines", 0.7, lambda s: not s.shaped and not s.is_code and s.ways["layout"] != "transposed table"
            and not (s.ways["tangent"] == "fraction" and s.ways["inputs"] == "left out"),
            "a program has no local partials, and ∂v1/∂a would be a local partial and a tangent"),
        Way("columns", 0.5, lambda s: not s.shaped and s.ways["layout"] == "table", "columns are a table's"),
    ],
    "exponential": [Way("exp", 2), Way("power", 1.5)],
    "logarithm": [Way("ln", 2), Way("log", 1)],
    "numbers": [
        Way("3 places", 2), Way("4 places", 2), Way("5 places", 1), Way("6 places", 1), Way("2 places", 0.7),
        Way("4 places, cut", 0.5), Way("exact", 1, lambda s: not s.shaped, "exact vectors are wide"),
        Way("3 places, comma", 1, lambda s: s.ways["language"] in ("German", "Spanish") and not s.shaped
            and not s.is_code and s.ways["layout"] != "several a line",
            "English, Chinese and programs have points, and a list has commas"),
        Way("scientific", 0.3, lambda s: not s.shaped and s.ways["format"] in ("plain text", "CSV", *CODE),
            "only programs print so"),
        Way("of a machine", 0.5, lambda s: not s.shaped, "vectors are wide"),
    ],
    "equals": [Way("=", 4), Way("≈ where rounded", 1, lambda s: not s.is_code, "no program has ≈")],
    "decoration": [
        Way("none", 6),
        Way("bold letters", 2, lambda s: s.is_latex and s.shaped, "numbers are not bold"),
        Way("braces", 0.7, lambda s: s.is_latex, "only LaTeX has braces"),
        Way("boxed result", 0.5, lambda s: s.is_latex, "only LaTeX has boxes"),
        Way("bold values", 0.5, lambda s: s.ways["format"].startswith("Markdown,"), "the format has no bold"),
        Way("tags", 0.8, lambda s: s.ways["layout"] in ("displays", "aligned"), "a tag stands in a display"),
        Way("hats", 0.7, lambda s: s.is_latex and not s.shaped and s.ways["numbering"] != LETTERS,
            "a hat over a vector makes a unit vector, and the letters of inputs may have hats of their own"),
        Way("hats over given names", 1.5, lambda s: s.hats and not s.is_code
            and FORMATS_OF[s.ways["format"]].notation != "plain", "a program and plain text have letters only"),
        Way("underbraces", 0.7, lambda s: s.is_latex and not s.is_table, "an underbrace needs the room of a line"),
        Way("sub elements", 0.8, lambda s: s.ways["format"] in ("HTML", "Markdown, Unicode"),
            "other formats have subscripts of their own"),
        Way("remarks", 0.7, lambda s: s.ways["layout"] in ("one a line", "bullets", "numbered") and not s.is_code
            and s.ways["format"] != "Typst", "a remark needs room behind a line"),
        Way("crossed out", 0.9, lambda s: s.ways["format"] in ("Markdown, LaTeX", "Markdown, plain", "HTML")
            and s.ways["layout"] == "one a line", "the format can't cross out"),
        Way("underscores", 0.7, lambda s: FORMATS_OF[s.ways["format"]].notation == "plain",
            "only plain text has them"),
        Way("coloured", 0.3, lambda s: s.is_latex, "only LaTeX has colours"),
    ],
    "title": [
        Way("none", 3), Way("words", 1),
        Way("y = … at the point", 1, lambda s: not s.is_code and s.ways["format"] != "CSV", "a program has no title"),
        Way("f(x) = … at the point", 1, lambda s: not s.is_code and s.ways["format"] != "CSV" and not s.shaped,
            "a program has no title"),
        Way("y = f(x) = …", 0.7, lambda s: not s.is_code and s.ways["format"] != "CSV" and not s.shaped,
            "a program has no title"),
    ],
    "ending": [
        Way("none", 6),
        Way("gradient", 0.7, lambda s: _has_ending(s) and not s.several_outputs, "a gradient is of one output"),
        Way("Jacobian", 0.7, lambda s: _has_ending(s), "a Jacobian collects adjoints that are numbers"),
    ],
    "misread": [
        Way("nothing", 12),
        Way("l for 1", 0.3, lambda s: s.ways["format"] in ("Markdown, plain", "plain text"),
            "typed text is not scanned"),
        Way("O for 0", 0.3, lambda s: s.ways["format"] in ("Markdown, plain", "plain text"),
            "typed text is not scanned"),
        Way("S for 5", 0.3, lambda s: s.ways["format"] in ("Markdown, plain", "plain text") and s.rows >= 5,
            "typed text is not scanned, and few rows have no fifth"),
        Way("| for 1", 0.3, lambda s: s.ways["format"] == "plain text"
            or (s.ways["format"] == "Markdown, plain" and not s.is_table), "a pipe would end the cell"),
        Way("r for y", 0.3, lambda s: s.ways["format"] in ("Markdown, plain", "plain text"),
            "typed text is not scanned"),
    ],
}  # fmt: skip


def drawn(source: random.Random, situation: Callable[[Mapping[str, str]], Situation]) -> dict[str, str]:
    """A way for every dimension."""
    ways: dict[str, str] = {}
    for dimension, table in DIMENSIONS.items():
        now = situation(ways)
        possible = [way for way in table if way.when(now)]
        ways[dimension] = source.choices(possible, [way.weight for way in possible])[0].name
    return ways
