"""The document of a trace: which tables, in which order, with what was checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from tracegen.document.table import Cell, Document, Table
from tracegen.document.view import View
from tracegen.errors import FormatError, ProblemError
from tracegen.notation.profiles import Convention
from tracegen.problems.problem import Problem

TABLES = ("primal", "forward", "reverse", "jacobian", "gradient", "shapes", "why", "closed", "cost", "hessian")
USUAL = ("primal", "forward", "jacobian", "reverse")

Some = str | Iterable[str] | None


class Traced(Protocol):
    """What a document needs of a trace."""

    problem: Problem
    convention: Convention

    @property
    def has_matrices(self) -> bool: ...

    def notes(self) -> tuple[tuple[Cell, ...], ...]: ...
    def chosen_outputs(self, of: Some) -> list[str]: ...
    def primal(self, of: Some = None) -> View: ...
    def forward(self, wrt: Some = None, *, of: Some = None, seed: Mapping[str, Any] | None = None) -> View: ...
    def reverse(self, of: Some = None, wrt: Some = None) -> View: ...
    def jacobian(self, of: Some = None, wrt: Some = None) -> View: ...
    def hessian(self, of: Some = None, wrt: Some = None, *, seed: Mapping[str, Any] | None = None) -> View: ...
    def gradient(self, of: Some = None, wrt: Some = None) -> View: ...
    def shapes(self, of: Some = None) -> View: ...
    def why(self, of: Some = None) -> View: ...
    def closed(self, of: Some = None, wrt: Some = None) -> View: ...
    def cost(self, of: Some = None) -> View: ...


def document_of(
    trace: Traced,
    tables: Sequence[str],
    *,
    of: Some = None,
    wrt: Some = None,
    seed: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] = lambda stage: None,
) -> Document:
    """Tables by their names, list by list, then those of the whole; ``progress`` hears of each stage."""
    for wanted in tables:
        if wanted not in TABLES:
            raise FormatError(f"there is no table {wanted!r}; there are {', '.join(TABLES)}")
    progress("checking the sweeps against each other")
    notes = trace.notes()
    found: list[Table] = []
    if trace.convention.lists == "joint":
        groups: list[Some] = [of]
    else:
        groups = [[output] for output in trace.chosen_outputs(of)]
    for group in groups:
        for kind in tables:
            progress(f"making the table {kind}")
            found += _tables(trace, kind, group, wrt, seed)
    if "jacobian" in tables and trace.problem.has_point and not trace.has_matrices:
        progress("making the Jacobian")
        found += trace.jacobian(of, wrt).tables
    elif tuple(tables) == ("jacobian",) and not trace.has_matrices:
        raise ProblemError("a Jacobian in numbers needs a point: a value for every input and parameter")
    return Document(trace.problem.title, tuple(found), notes)


def _tables(trace: Traced, kind: str, of: Some, wrt: Some, seed: Mapping[str, Any] | None) -> Sequence[Table]:
    """The tables of one kind and some outputs; the Jacobian is of all of them and comes apart."""
    if kind == "forward":
        return trace.forward(wrt, of=of, seed=seed).tables
    if kind == "jacobian":
        return trace.gradient(of, wrt).tables if trace.has_matrices else ()
    if kind == "reverse":
        return trace.reverse(of, wrt).tables
    if kind == "hessian":
        return trace.hessian(of, wrt, seed=seed).tables
    by_input: dict[str, Callable[..., View]] = {"closed": trace.closed, "gradient": trace.gradient}
    if kind in by_input:
        return by_input[kind](of, wrt).tables
    makers: dict[str, Callable[..., View]] = {
        "primal": trace.primal, "cost": trace.cost, "shapes": trace.shapes, "why": trace.why,
    }  # fmt: skip
    return makers[kind](of).tables
