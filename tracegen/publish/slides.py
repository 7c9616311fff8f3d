"""Steps through a trace as slides: beamer overlays in which rows, rules and wires appear one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tracegen.document.table import Document
from tracegen.errors import FormatError
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, name
from tracegen.graph.layout.draw import MOST_ALIGNED, draw
from tracegen.graph.layout.geometry import Drawing
from tracegen.graph.picture.picture import Circle, Note, Picture
from tracegen.notation import Latex, printer
from tracegen.notation.name_parts import split
from tracegen.notation.profiles import Convention
from tracegen.problems.problem_text import statement
from tracegen.publish.page.page_rows import Answer, PageRow
from tracegen.publish.page.steps import Step, walk
from tracegen.rules.row_rules import equation

if TYPE_CHECKING:
    from tracegen.traces import Trace

MOST_STEPS = 120
"""LaTeX sets the graph anew for every step."""

WIDE, HIGH = 420.0, 130.0
"""The room for a graph on a slide, in points."""

_APART = 0.25
"""How many inches are between the layers of a graph: backward arrows need little room."""

_READABLE = 0.5


@dataclass(frozen=True, slots=True)
class Slide:
    """One output: its graph, at a scale, and at which step each circle is reached and each backward arrow comes."""

    output: str
    drawing: Drawing
    scale: float
    rows: tuple[PageRow, ...]
    steps: tuple[Step, ...]
    forward: dict[str, int]
    reverse: dict[str, int]
    arrows: dict[str, int]


def slides_of(
    trace: Trace,
    of: str | Iterable[str] | None = None,
    wrt: str | Iterable[str] | None = None,
    *,
    templates: Path | None = None,
) -> str:
    """The steps through a trace as a beamer document.

    Raises FormatError for a list that is too long for slides, ToolError where there is no Graphviz.

    >>> from tracegen import trace
    >>> "\\\\documentclass" in slides_of(trace("a*b", at={"a": 2, "b": 3}))
    True
    """
    from tracegen.document.render import render
    from tracegen.graph.formats import tikz

    trace.check(of, wrt)
    # along one input after the other, tangents of matrices say little
    inputs = [] if trace.has_matrices and wrt is None else trace.chosen_inputs(wrt)[:2]
    slides = [
        _slide(entry, output, inputs)
        for output in trace.chosen_outputs(of)
        for entry in trace.evaluations
        if output in entry.wengert.outputs
    ]
    given = tuple(statement(trace.problem, trace.chosen_outputs(of)))
    return render(
        Document(trace.problem.title or "Evaluation trace", (), given=given), "tex", convention=trace.convention,
        templates=templates, kind="slides", slides=slides, tools=tikz.TOOLS, variable=name, equation=worth,
        arriving=lambda at, child: arriving(at, child, trace.convention),
    )  # fmt: skip


def _slide(evaluation: Evaluation, output: str, inputs: list[str]) -> Slide:
    walked = walk(evaluation, output, inputs)
    if len(walked.steps) > MOST_STEPS:
        raise FormatError(f"{output} has {len(walked.steps)} steps; slides have at most {MOST_STEPS}: make a page")
    drawing = _drawing(walked.picture, evaluation.convention)
    forward: dict[str, int] = {}
    reverse: dict[str, int] = {}
    arrows: dict[str, int] = {}
    for number, step in enumerate(walked.steps, start=1):
        reached = forward if step.phase == "forward" else reverse
        reached[step.circle.removeprefix(f"{output}-")] = number
        if step.phase == "reverse":
            arrows.update(dict.fromkeys((wire.removeprefix(f"{output}-") for wire in step.wires), number))
    return Slide(output, drawing, _scale(drawing), walked.rows, walked.steps, forward, reverse, arrows)


def _scale(drawing: Drawing) -> float:
    return min(1.0, WIDE / drawing.width, HIGH / drawing.height)


def _drawing(picture: Picture, convention: Convention) -> Drawing:
    """The graph for a slide: with values and with its inputs in one layer, as far as it can be read then."""
    # what goes along the wires is said below the graph, which is larger without it
    bare = replace(picture, wires=tuple(replace(wire, label=None, sent=None) for wire in picture.wires))
    with_values = replace(bare, circles=tuple(_noted(circle, values=True) for circle in picture.circles))
    with_names = replace(bare, circles=tuple(_noted(circle, values=False) for circle in picture.circles))
    drawings: list[Drawing] = []
    for candidate in (with_values, with_names):
        for most_aligned in (MOST_ALIGNED, 0):
            drawings.append(draw(candidate, convention, _APART, most_aligned))
            if _scale(drawings[-1]) >= _READABLE:
                return drawings[-1]
    return max(drawings, key=_scale)


def _noted(circle: Circle, *, values: bool) -> Circle:
    """A circle with the names of its line and, below these and not beside them, the values."""
    above, below = (tuple(_stacked(notes, values=values)) for notes in (circle.above, circle.below))
    return replace(circle, above=above, below=below)


def _stacked(notes: Iterable[Note], *, values: bool) -> Iterator[Note]:
    for note in notes:
        (cell,) = note.cells
        if note.kind == "shape":
            continue
        parts = cell.args if isinstance(cell, Formula) and cell.head == "equals" else (cell,)
        yield from (Note(note.kind, (part,)) for part in (parts if values else parts[:1]))


def worth(answer: Answer) -> Formula:
    """A row in one equation: what it is called, its rule, and its value."""
    value = answer.value if isinstance(answer.value, Formula) else None
    return equation(answer.label, answer.rule, value)


def arriving(at: Formula, child: Formula, convention: Convention) -> str:
    r"""v̄1←2, what line 2 adds to the adjoint of line 1, in LaTeX.

    >>> arriving(name("v1"), name("v2"), Convention())
    '\\bar v_{1\\leftarrow 2}'
    """
    latex = printer(Latex, convention)
    above, below = split(str(at.args[0])), split(str(child.args[0]))
    adjoint = latex(Formula("adjoint", (at,)))
    if convention.adjoint == "bar" and above.below and above.base == below.base and below.below:
        bare = latex(Formula("adjoint", (name(above.base),)))
        return rf"{bare}_{{{above.below}\leftarrow {below.below}}}"
    return rf"{{{{}}{adjoint}}}_{{\leftarrow {latex(child)}}}"
