"""A whole solution sheet as one LaTeX document: the problem, its graphs forward and in reverse, and its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tracegen.document.table import Cell, Document, Words
from tracegen.graph import graph_of
from tracegen.graph.layout.geometry import Drawing
from tracegen.tables.whole_trace import without_checks

if TYPE_CHECKING:
    from tracegen.traces import Trace

TABLES = ("primal", "forward", "jacobian", "reverse", "cost")
WITH_MATRICES = ("shapes", "primal", "forward", "reverse", "gradient", "cost")

PAGES = {"a4": (470.0, 717.0), "a5": (295.0, 472.0), "letter": (487.0, 667.0)}
"""How wide and high the text of a page is, in points."""

_READABLE = 0.75
_RATHER_NOT = 0.85
"""A page that is turned has to make up for it by a larger picture."""

_FILLED = 0.7
"""How much of a page's height a picture may take."""

_GAP = 24.0


@dataclass(frozen=True, slots=True)
class Figure:
    """The graphs of one output: forward and in reverse, at a scale, side by side or on a page that is turned."""

    title: tuple[Cell, ...]
    drawings: tuple[Drawing, ...]
    scale: float
    abreast: bool
    turned: bool


@dataclass(frozen=True, slots=True)
class Solved:
    """One problem of a sheet."""

    title: str
    figures: tuple[Figure, ...]
    document: Document


def sheet_of(
    traces: Sequence[Trace],
    *,
    tables: Sequence[str] | None = None,
    of: str | Iterable[str] | None = None,
    wrt: str | Iterable[str] | None = None,
    paper: str = "a4",
    checked: bool = True,
    templates: Path | None = None,
    progress: Callable[[str], None] = lambda stage: None,
) -> str:
    """The solution sheet of one or several problems, as LaTeX that compiles alone; ``checked`` says what was.

    Raises FormatError for a table or paper that is not there, ProblemError for an output or input that is not there,
    ToolError where there is no Graphviz.

    >>> from tracegen import trace
    >>> "\\\\begin{tikzpicture}" in sheet_of([trace("a*b", at={"a": 2, "b": 3})])
    True
    """
    from tracegen.document.render import render
    from tracegen.graph.formats import tikz

    page = PAGES.get(paper, PAGES["a4"])
    solved = [_solved(entry, tables, of, wrt, page, progress) for entry in traces]
    if not checked:
        solved = [
            replace(one, document=replace(one.document, notes=without_checks(one.document.notes))) for one in solved
        ]
    matrices = frozenset().union(*(entry.convention.matrices for entry in traces))
    return render(
        Document("", ()), "tex", convention=traces[0].convention.with_(matrices=matrices), templates=templates,
        kind="sheet", standalone=True, paper=paper, problems=solved, tools=tikz.TOOLS,
    )  # fmt: skip


def _solved(
    trace: Trace, tables: Sequence[str] | None, of: str | Iterable[str] | None, wrt: str | Iterable[str] | None,
    page: tuple[float, float], progress: Callable[[str], None],
) -> Solved:  # fmt: skip
    outputs = trace.chosen_outputs(of)
    usual: tuple[str, ...] = WITH_MATRICES if trace.has_matrices else TABLES
    if not trace.problem.has_point:
        usual = tuple(table for table in usual if table != "jacobian")
    document = trace.document(tables or usual, of=outputs, wrt=wrt, progress=progress)
    progress("drawing the graphs")
    groups = [outputs] if trace.convention.lists == "joint" else [[output] for output in outputs]
    figures = tuple(figure for group in groups for figure in _figures(trace, group, page))
    return Solved(trace.problem.title or "Evaluation trace", figures, document)


def _figures(trace: Trace, outputs: Sequence[str], page: tuple[float, float]) -> list[Figure]:
    """The graphs laid out so that they are read best: stacked, side by side going down, or on pages that are turned."""
    wide, high = page
    right = _drawings(trace, outputs, "right")
    title = (*right[0].picture.title, Words(": forward and in reverse"))
    across, deep = max(drawing.width for drawing in right), [drawing.height for drawing in right]
    stacked = min(1.0, wide / across)
    if stacked >= _READABLE:
        return [Figure(title, right, stacked, abreast=False, turned=False)]
    down = _drawings(trace, outputs, "down")
    tallest = max(drawing.height for drawing in down)
    abreast = min(1.0, wide / (sum(drawing.width for drawing in down) + _GAP), _FILLED * high / tallest)
    together = min(1.0, high / across, _FILLED * wide / (sum(deep) + 2 * _GAP))
    alone = min(1.0, high / across, _FILLED * wide / max(deep))
    best = max(stacked, abreast, _RATHER_NOT * together, _RATHER_NOT**2 * alone)
    if best == abreast:
        return [Figure(title, down, abreast, abreast=True, turned=False)]
    if best == stacked:
        return [Figure(title, right, stacked, abreast=False, turned=False)]
    if best == _RATHER_NOT * together:
        return [Figure(title, right, together, abreast=False, turned=True)]
    return [
        Figure((*entry.picture.title, Words(words)), (entry,), alone, abreast=False, turned=True)
        for entry, words in zip(right, (": forward", ": in reverse"), strict=True)
    ]


def _drawings(trace: Trace, outputs: Sequence[str], direction: str) -> tuple[Drawing, ...]:
    return tuple(
        graph_of(trace, of=outputs, show=show, direction=direction).drawings[0] for show in ("primal", "reverse")
    )
