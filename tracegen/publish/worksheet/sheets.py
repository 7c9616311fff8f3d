"""Exercise sheets and their keys: for each variant a problem file, a sheet with blanks, and the key to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tracegen.document.render import formats, render
from tracegen.document.table import Document
from tracegen.errors import FormatError
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula
from tracegen.notation import text
from tracegen.problems.problem_text import statement
from tracegen.publish.worksheet.blanks import BLANKS, with_blanks
from tracegen.publish.worksheet.problem_toml import to_toml
from tracegen.publish.worksheet.variants import variants
from tracegen.tables.whole_trace import USUAL

if TYPE_CHECKING:
    from tracegen.traces import Trace

MOST = 1000


class Difficulty(NamedTuple):
    """How hard a problem is: its operations, how deep they are, and the characters of its longest exact value."""

    operations: int
    depth: int
    longest: int


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One variant: its number, its problem file, the sheet with blanks, the key, and how hard it is."""

    number: int
    problem: str
    sheet: str
    key: str
    difficulty: Difficulty


def worksheets(
    trace: Trace,
    count: int = 1,
    *,
    seed: int = 0,
    format: str = "md",
    vary: str = "numbers",
    blank: Collection[str] = BLANKS,
    share: float = 1.0,
    tables: Sequence[str] = USUAL,
    paper: str = "a4",
    templates: Path | None = None,
) -> Iterator[Worksheet]:
    """Exercise sheets for variants of a problem, the same for the same seed.

    ``vary`` is "point" where only the values of the inputs are other ones, "numbers" where the coefficients of the
    formulas are, too, and "all" where also functions and exponents are. ``blank`` chooses the columns in which cells
    are left out, ``share`` how many of them. Raises FormatError for a format, column or ``vary`` that is not there,
    ProblemError where the problem has too little in it that could be varied.

    >>> from tracegen import trace
    >>> [found.number for found in worksheets(trace("3*sin(x)", at={"x": 2}), 2)]
    [1, 2]
    """
    from tracegen.traces import Trace

    if format not in formats(templates, "worksheet"):
        offered = ", ".join([*formats(templates, "worksheet"), "pdf"])
        raise FormatError(f"there is no format {format!r} of a worksheet; there are {offered}")
    if not 1 <= count <= MOST:
        raise FormatError(f"there are 1 to {MOST} variants, not {count}")
    for number, problem in enumerate(variants(trace.problem, count, seed, trace.convention, vary), start=1):
        variant = Trace(problem, trace.convention)
        given = statement(problem, variant.outputs, f"problems/{number:02}.toml")
        whole = replace(variant.document(tables), given=tuple(given))
        inputs = {text(label) for entry in variant.evaluations for label in entry.labels[: len(problem.inputs)]}
        sheet = with_blanks(whole, blank, share, seed + number, inputs)
        filled = [
            _rendered(document, variant, format, paper, templates, key=document is whole) for document in (sheet, whole)
        ]
        yield Worksheet(number, to_toml(problem), filled[0], filled[1], difficulty_of(variant.evaluations))


def difficulty_of(evaluations: Sequence[Evaluation]) -> Difficulty:
    """How hard some lists are to work through by hand.

    >>> from tracegen import trace
    >>> difficulty_of(trace("sin(x)*x", at={"x": 2}).evaluations)
    Difficulty(operations=2, depth=2, longest=8)
    """
    operations, depth, longest = 0, 0, 0
    for evaluation in evaluations:
        wengert = evaluation.wengert
        depths = [0] * len(wengert)
        for line in wengert:
            if line.primitive is None:
                continue
            operations += 1
            depths[line.index] = 1 + max((depths[operand] for operand in line.operands if operand >= 0), default=0)
        exact = [evaluation.primal.exact(place) for place in range(len(wengert))]
        longest = max([longest, *(len(text(value)) for value in exact if isinstance(value, Formula))])
        depth = max(depth, *depths)
    return Difficulty(operations, depth, longest)


def _rendered(document: Document, trace: Trace, format: str, paper: str, templates: Path | None, *, key: bool) -> str:
    return render(
        document, format, convention=trace.convention, templates=templates, standalone=True, paper=paper,
        kind="worksheet", key=key,
    )  # fmt: skip
