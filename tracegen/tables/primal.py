"""The evaluation trace: every line with its definition and its value."""

from __future__ import annotations

from tracegen.document.table import Column, Row, Table, Words
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import name
from tracegen.rules.row_rules import equation
from tracegen.tables.columns_and_titles import (
    closing,
    key_of,
    outputs_of,
    places_shown,
    row_key,
    value_columns,
    values_of,
)
from tracegen.tables.matrix_tables import shape_cells, shape_column


def primal_table(evaluation: Evaluation) -> Table:
    """Every line with its definition and its value."""
    rows = []
    for place in places_shown(evaluation):
        definition = evaluation.definition(place)
        cells = values_of(evaluation, evaluation.primal, place, definition)
        line = equation(evaluation.labels[place], definition)
        rows.append(Row(row_key(evaluation, place), (line, *shape_cells(evaluation, place), *cells)))
    for output, operand in closing(evaluation):
        cells = values_of(evaluation, evaluation.primal, operand)
        line = equation(name(output), evaluation.labels[operand])
        rows.append(Row(output, (line, *shape_cells(evaluation, operand), *cells)))
    title = (Words("Evaluation trace of "), *outputs_of(evaluation))
    columns = (Column("line", Words("line")), *shape_column(evaluation), *value_columns(evaluation, evaluation.primal))
    return Table(key_of(evaluation, "primal"), title, columns, tuple(rows))
