"""Exercise sheets and their keys: for each variant a problem file, a sheet with blanks, and the key to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tracegen.document.render import formats, render
from tracegen.document.table import Document
from tracegen.errors import FormatError
from tracegen.notation import text
from tracegen.problems.problem_text import statement
from tracegen.publish.worksheet.blanks import BLANKS, with_blanks
from tracegen.publish.worksheet.problem_toml import to_toml
from tracegen.publish.worksheet.variants import variants
from tracegen.tables.whole_trace import USUAL

if TYPE_CHECKING:
    from tracegen.traces import Trace

MOST = 1000


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One variant: its number, its problem file, the sheet with blanks, and the key."""

    number: int
    problem: str
    sheet: str
    key: str


def worksheets(
    trace: Trace,
    count: int = 1,
    *,
    seed: int = 0,
    format: str = "md",
    blank: Collection[str] = BLANKS,
    share: float = 1.0,
    tables: Sequence[str] = USUAL,
    paper: str = "a4",
    templates: Path | None = None,
) -> Iterator[Worksheet]:
    """Exercise sheets for variants of a problem, the same for the same seed.

    ``blank`` chooses the columns in which cells are left out, ``share`` how many of them. Raises FormatError for a
    format or column that is not there, ProblemError where the problem has too little in it that could be varied.

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
    for number, problem in enumerate(variants(trace.problem, count, seed, trace.convention), start=1):
        variant = Trace(problem, trace.convention)
        given = statement(problem, variant.outputs, f"problems/{number:02}.toml")
        whole = replace(variant.document(tables), given=tuple(given))
        inputs = {text(label) for entry in variant.evaluations for label in entry.labels[: len(problem.inputs)]}
        sheet = with_blanks(whole, blank, share, seed + number, inputs)
        filled = [
            _rendered(document, variant, format, paper, templates, key=document is whole) for document in (sheet, whole)
        ]
        yield Worksheet(number, to_toml(problem), *filled)


def _rendered(document: Document, trace: Trace, format: str, paper: str, templates: Path | None, *, key: bool) -> str:
    return render(
        document, format, convention=trace.convention, templates=templates, standalone=True, paper=paper,
        kind="worksheet", key=key,
    )  # fmt: skip
