"""The document of a trace: which tables, in which order, with what was checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracegen.document.table import Cell, Document, Table, Words
from tracegen.document.view import View
from tracegen.errors import FormatError, ProblemError
from tracegen.problems.problem_text import statement
from tracegen.tables.traced import Some, Traced

TABLES = (
    "primal", "forward", "reverse", "jacobian", "gradient", "partials", "shapes", "why", "closed", "cost", "hessian",
)  # fmt: skip
USUAL = ("primal", "forward", "jacobian", "reverse")


def document_of(
    trace: Traced,
    tables: Sequence[str],
    *,
    of: Some = None,
    wrt: Some = None,
    seed: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] = lambda stage: None,
) -> Document:
    """Tables by their names, list by list, then those of the whole; ``progress`` hears of each stage.

    Raises FormatError where there is no such table, ProblemError where one can't be made of this trace.
    """
    for wanted in tables:
        if wanted not in TABLES:
            raise FormatError(f"there is no table {wanted!r}; there are {', '.join(TABLES)}")
    progress("checking the sweeps against each other")
    notes = trace.notes()
    shown: list[Table] = []
    if trace.convention.lists == "joint":
        groups: list[Some] = [of]
    else:
        groups = [[output] for output in trace.chosen_outputs(of)]
    for group in groups:
        for kind in tables:
            progress(f"making the table {kind}")
            shown += _tables(trace, kind, group, wrt, seed)
    if "jacobian" in tables and trace.problem.has_point and not trace.has_matrices:
        progress("making the Jacobian")
        shown += trace.jacobian(of, wrt).tables
    elif tuple(tables) == ("jacobian",) and not trace.has_matrices:
        raise ProblemError("a Jacobian in numbers needs a point: a value for every input and parameter")
    given = tuple(statement(trace.problem, trace.chosen_outputs(of)))
    return Document(trace.problem.title, tuple(shown), notes, given)


def _jacobians_of_matrices(trace: Traced, of: Some, wrt: Some) -> Sequence[Table]:
    """The gradients, and of outputs that are vectors the Jacobians."""
    vectors = [
        output
        for output in trace.chosen_outputs(of)
        for entry in trace.evaluations
        if output in entry.wengert.outputs and entry.wengert.shape(entry.output(output))
    ]
    return (*trace.gradient(of, wrt).tables, *(trace.jacobian(vectors, wrt).tables if vectors else ()))


def without_checks(notes: Sequence[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """The notes of a document but for what was checked: those on lines that have no derivative at the point."""
    return tuple(note for note in notes if not isinstance(note[0], Words))


def _tables(trace: Traced, kind: str, of: Some, wrt: Some, seed: Mapping[str, Any] | None) -> Sequence[Table]:
    """The tables of one kind and some outputs; the Jacobian is of all of them and comes apart."""
    if kind == "forward":
        return trace.forward(wrt, of=of, seed=seed).tables
    if kind == "jacobian":
        return _jacobians_of_matrices(trace, of, wrt) if trace.has_matrices else ()
    if kind == "reverse":
        return trace.reverse(of, wrt).tables
    if kind == "hessian":
        return trace.hessian(of, wrt, seed=seed).tables
    by_input: dict[str, Callable[..., View]] = {"closed": trace.closed, "gradient": trace.gradient}
    if kind in by_input:
        return by_input[kind](of, wrt).tables
    makers: dict[str, Callable[..., View]] = {
        "primal": trace.primal, "cost": trace.cost, "shapes": trace.shapes, "why": trace.why,
        "partials": trace.partials,
    }  # fmt: skip
    return makers[kind](of).tables
