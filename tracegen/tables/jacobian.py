"""The Jacobian: a row an output, a column an input."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.evaluation import Evaluation
from tracegen.formula import Formula, name
from tracegen.table import Column, Row, Table
from tracegen.tables.layout import Cells, kinds_of, title_of
from tracegen.wengert import ONE


def jacobian_tables(evaluations: Sequence[Evaluation], outputs: Sequence[str], inputs: Sequence[str]) -> list[Table]:
    """The Jacobian's rows, one an output: exact and in decimals."""
    tables = []
    for kind in kinds_of(evaluations[0], evaluations[0].primal):
        rows = [Row(output, (name(output), *jacobian_row(evaluations, output, inputs, kind))) for output in outputs]
        columns = tuple(Column(text, Formula("partial", (name("f"), name(text))), kind == "decimal") for text in inputs)
        heading = Column("output", None)
        title = title_of("Jacobian" if kind == "exact" else "Jacobian in decimals")
        tables.append(Table(f"jacobian/{kind}", title, (heading, *columns), tuple(rows)))
    return tables


def jacobian_row(evaluations: Sequence[Evaluation], output: str, inputs: Sequence[str], kind: str) -> Cells:
    """The derivatives of one output by some inputs, from its reverse sweep."""
    evaluation = next(entry for entry in evaluations if output in entry.wengert.outputs)
    _, values = evaluation.adjoints({output: ONE})
    places = [evaluation.wengert.inputs.index(text) for text in inputs]
    return tuple(values.exact(place) if kind == "exact" else values.decimal(place) for place in places)
