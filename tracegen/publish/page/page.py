"""The page of a trace: a part for each output, filled into one template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracegen.document.table import Document
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, name
from tracegen.graph.graph import Graph
from tracegen.notation import MathML, printer
from tracegen.notation.name_parts import split
from tracegen.notation.profiles import Convention
from tracegen.problems.problem_text import statement
from tracegen.publish.page.answers import answers
from tracegen.publish.page.page_rows import PageRow
from tracegen.publish.page.steps import Step, walk

if TYPE_CHECKING:
    from tracegen.traces import Trace


_ARROW = '<mo lspace="0.1em" rspace="0.1em">←</mo>'


@dataclass(frozen=True, slots=True)
class Part:
    """What the page shows of one output: its graph, its rows, its steps, and the numbers behind its cells."""

    output: str
    graph: str
    rows: tuple[PageRow, ...]
    steps: tuple[Step, ...]
    answers: str
    valued: bool
    shaped: bool
    wide: float


def page_of(
    trace: Trace,
    of: str | Iterable[str] | None = None,
    wrt: str | Iterable[str] | None = None,
    *,
    templates: Path | None = None,
) -> str:
    """The stepping page of a trace, as one HTML file that needs nothing else.

    Raises ProblemError for an output or input that is not there, CheckError where the sweeps disagree, ToolError
    where there is no Graphviz.

    >>> from tracegen import trace
    >>> page_of(trace("x*y", at={"x": 2, "y": 3})).startswith("<!DOCTYPE html>")
    True
    """
    from tracegen.document.render import render

    inputs = trace.chosen_inputs(wrt)
    parts = [
        _part(entry, output, inputs)
        for output in trace.chosen_outputs(of)
        for entry in trace.evaluations
        if output in entry.wengert.outputs
    ]
    document = Document(
        trace.problem.title or "Evaluation trace",
        (),
        trace.notes(),
        tuple(statement(trace.problem, trace.chosen_outputs(of))),
    )
    return render(
        document, "html", convention=trace.convention, templates=templates, kind="page",
        parts=parts, inputs=inputs, variable=name, arriving=lambda at, child: arriving(at, child, trace.convention),
    )  # fmt: skip


def _part(evaluation: Evaluation, output: str, inputs: Sequence[str]) -> Part:
    walked = walk(evaluation, output, inputs)
    graph = Graph((walked.picture,), evaluation.convention)
    return Part(
        output, str(graph.to("svg", card=False)), walked.rows, walked.steps,
        answers(evaluation, output, inputs), evaluation.is_evaluable, bool(evaluation.wengert.shapes),
        graph.drawings[0].width,
    )  # fmt: skip


def arriving(at: Formula, child: Formula, convention: Convention) -> str:
    """v̄1←2, what line 2 adds to the adjoint of line 1, in MathML.

    >>> arriving(name("v1"), name("v2"), Convention()).endswith("<mn>2</mn></mrow></msub></math>")
    True
    """
    mathml = printer(MathML, convention)
    above, below = split(str(at.args[0])), split(str(child.args[0]))
    adjoint = mathml(Formula("adjoint", (at,)))
    if convention.adjoint == "bar" and above.below and above.base == below.base and below.below:
        bare = mathml(Formula("adjoint", (Formula("name", (above.base,)),)))
        index = f"<mn>{above.below}</mn>{_ARROW}<mn>{below.below}</mn>".replace("-", "−")
        return f"<math><msub>{bare}<mrow>{index}</mrow></msub></math>"
    return f"<math><msub>{adjoint}<mrow>{_ARROW}{mathml(child)}</mrow></msub></math>"
