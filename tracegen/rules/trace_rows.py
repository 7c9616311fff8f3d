"""A trace's rows, as a Python user holds them: lines, tangents and adjoints, each with what stands on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from tracegen.document.table import Cell
from tracegen.errors import ProblemError
from tracegen.evaluation.evaluation import Evaluation, Values
from tracegen.formula import Formula, name
from tracegen.notation import text
from tracegen.rules.chain_rule import adjoint_rule
from tracegen.rules.closed_forms import ClosedForms
from tracegen.rules.row_rules import Rows
from tracegen.wengert.wengert_list import ONE, ZERO, Operand

if TYPE_CHECKING:
    from tracegen.symbolic.rows_in_sympy import InSympy, TraceInSympy

Kind = Literal["line", "tangent", "adjoint"]


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One row of a trace: a line, or its tangent by an input, or its adjoint of an output.

    ``label`` is its name, ``definition`` the line's operation or the rule of the derivative.
    """

    kind: Kind
    label: Formula
    definition: Formula
    _values: Values = field(repr=False)
    _place: int = field(repr=False)
    _closed: ClosedForms = field(repr=False)
    _operand: Operand = field(repr=False)
    _evaluation: Evaluation = field(repr=False)

    @property
    def name(self) -> str:
        """Its name as a text: ``v3``, ``dv3_dx1``, ``v3_bar``."""
        return text(self.label)

    @property
    def rule(self) -> str:
        """Its right side, as text that SymPy reads."""
        return text(self.definition)

    @property
    def latex(self) -> str:
        """The row as an equation in LaTeX."""
        from tracegen.notation import Latex, printer

        return printer(Latex, self._evaluation.convention)(Formula("equals", (self.label, self.definition)))

    @property
    def exact(self) -> str | None:
        """The exact value as text that SymPy reads; None where it is too long, or without a point."""
        return _text(self._values.exact(self._place))

    @property
    def decimal(self) -> str | None:
        """The decimal value as text, None without a point."""
        return _text(self._values.decimal(self._place))

    @property
    def closed(self) -> str | None:
        """The row in the inputs alone as text that SymPy reads, None where that is too long."""
        return _text(self._closed.of(self._operand))

    @property
    def tangents(self) -> dict[str, TraceRow]:
        """The tangents of a line, by the inputs that they are along."""
        inputs = [entry.name for entry in self._evaluation.problem.inputs if not entry.constant]
        return {wrt: list(tangent_rows(self._evaluation, wrt))[self._line] for wrt in inputs}

    @property
    def adjoint(self) -> TraceRow:
        """The adjoint of a line. Raises ProblemError where its list has several outputs, or it has none."""
        outputs = list(self._evaluation.wengert.outputs)
        if len(outputs) > 1:
            raise ProblemError(f"say of which output, as rows('adjoint', of={outputs[0]!r}): {', '.join(outputs)}")
        label = Formula("adjoint", (self._evaluation.labels[self._line],))
        for row in adjoint_rows(self._evaluation, outputs[0]):
            if row.label == label:
                return row
        raise ProblemError(f"{self.name} has no adjoint: no output is made of it")

    @property
    def _line(self) -> int:
        if self.kind != "line":
            raise ProblemError(f"{self.name} is the {self.kind} of a line; ask the line")
        return self._place

    @property
    def _cells(self) -> tuple[Cell, ...]:
        return self.definition, self._values.exact(self._place), self._closed.of(self._operand)

    def __str__(self) -> str:
        return f"{self.name} = {self.rule}" + (f" = {self.exact}" if self.exact else "")

    @property
    def sympy(self) -> InSympy:
        """The row as SymPy's expressions. Raises ProblemError for a trace with matrices."""
        from tracegen.symbolic.rows_in_sympy import InSympy, expression

        if self._values.wengert.shapes:
            raise ProblemError("a trace with matrices is not given as SymPy's expressions; see the texts of record()")
        symbols = _symbols(self._evaluation)
        parts = [cell if isinstance(cell, Formula) else None for cell in self._cells]
        return InSympy(*(expression(part, symbols) for part in (self.label, *parts)))


def _text(cell: Cell) -> str | None:
    """What is in a cell as text for programs."""
    return text(cell) if isinstance(cell, Formula) else cell if isinstance(cell, str) else None


def line_rows(evaluation: Evaluation) -> Iterator[TraceRow]:
    """The rows of the lines, in their order."""
    closed = ClosedForms(evaluation.wengert)
    for place, label in enumerate(evaluation.labels):
        definition = evaluation.definition(place)
        yield TraceRow("line", label, definition, evaluation.primal, place, closed, place, evaluation)


def tangent_rows(evaluation: Evaluation, wanted: str) -> Iterator[TraceRow]:
    """The rows of the tangents by an input, in the order of the lines."""
    seed, direction = evaluation.unit_seed(wanted), name(wanted)
    swept, values = evaluation.tangents(seed)
    rows, closed = Rows(evaluation), ClosedForms(swept.wengert, derivatives=True)
    for place, line in enumerate(evaluation.labels):
        label = Formula("tangent", (line, direction))
        rule = seed[place] if place < len(seed) else rows.tangent(place, direction)
        yield TraceRow("tangent", label, rule, values, place, closed, swept.of[place], evaluation)


def adjoint_rows(evaluation: Evaluation, output: str) -> Iterator[TraceRow]:
    """The rows of the adjoints of an output, the last line first."""
    swept, values = evaluation.adjoints({output: ONE})
    rows, closed = Rows(evaluation), ClosedForms(swept.wengert, derivatives=True)
    for place in reversed(range(len(evaluation.wengert))):
        if place in evaluation.unused:
            continue
        label = Formula("adjoint", (evaluation.labels[place],))
        start = evaluation.cotangent(output) if place == evaluation.output(output) else ZERO
        rule = adjoint_rule([start, *(contribution.worked for contribution in rows.arriving(place, swept))])
        yield TraceRow("adjoint", label, rule, values, place, closed, swept.of[place], evaluation)


def in_sympy(evaluations: Sequence[Evaluation], outputs: Sequence[str], inputs: Sequence[str]) -> TraceInSympy:
    """The trace of some lists as SymPy's expressions. Raises ProblemError where there are matrices."""
    import sympy

    from tracegen.symbolic.rows_in_sympy import TraceInSympy, expression

    lists = {output: entry for entry in evaluations for output in entry.wengert.outputs}
    lines = {of: _by_name(line_rows(lists[of])) for of in outputs}
    tangents = {of: {wrt: _by_name(tangent_rows(lists[of], wrt)) for wrt in inputs} for of in outputs}
    adjoints = {of: _by_name(adjoint_rows(lists[of], of)) for of in outputs}
    jacobian = []
    for of in outputs:
        entry, rows = lists[of], list(adjoints[of].values())[::-1]
        symbols = _symbols(entry)
        labels = [Formula("partial", (name(of), name(wrt))) for wrt in inputs]
        found = [rows[entry.wengert.inputs.index(wrt)].closed for wrt in inputs]
        jacobian.append(
            [expression(label, symbols) if each is None else each for each, label in zip(found, labels, strict=True)]
        )
    results = {of: list(lines[of].values())[lists[of].output(of)].closed for of in outputs}
    return TraceInSympy(results, sympy.Matrix(jacobian), lines, tangents, adjoints)


@lru_cache(maxsize=16)
def _symbols(evaluation: Evaluation) -> dict[str, Any]:
    """The symbols of the problem's own names: the caller's, where the problem was made of SymPy's expressions."""
    import sympy

    problem = evaluation.problem
    names = (*(entry.name for entry in problem.inputs), *problem.parameters)
    return {text: sympy.Symbol(text) for text in names} | dict(problem.symbols)


def _by_name(rows: Iterable[TraceRow]) -> dict[str, InSympy]:
    return {row.name: row.sympy for row in rows}
