"""Closed forms: every line, and every derivative of an output, as one formula in the inputs."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.document.table import Column, Row, Table, Words
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, name
from tracegen.rules.closed_adjoints import closed_adjoints
from tracegen.rules.closed_forms import LONGEST, TOO_LONG, ClosedForms
from tracegen.rules.matrix_layout import without_transposes
from tracegen.rules.row_rules import symmetric_leaves
from tracegen.tables.columns_and_titles import key_of, outputs_of, row_key
from tracegen.tables.matrix_tables import long_labels
from tracegen.wengert.wengert_list import ONE


def closed_table(evaluation: Evaluation, outputs: Sequence[str], inputs: Sequence[str]) -> Table:
    """Every line in the inputs, then the derivatives of the outputs in the inputs."""
    if evaluation.wengert.shapes:
        return _of_matrices(evaluation, outputs, inputs)
    forms = ClosedForms(evaluation.wengert)
    rows = [
        Row(row_key(evaluation, place), (evaluation.labels[place], forms.of(place)))
        for place in range(len(evaluation.wengert.inputs), len(evaluation.wengert))
    ]
    for output in outputs:
        swept, _ = evaluation.adjoints({output: ONE})
        derivatives = ClosedForms(swept.wengert, derivatives=True)
        for wanted in inputs:
            place = evaluation.wengert.inputs.index(wanted)
            label = Formula("partial", (name(output), name(wanted)))
            rows.append(Row(f"d{output}_d{wanted}", (label, derivatives.of(swept.of[place]))))
    return _table(evaluation, rows)


def _of_matrices(evaluation: Evaluation, outputs: Sequence[str], inputs: Sequence[str]) -> Table:
    """The closed forms of a list with matrices; what is too long stands in others by its name."""
    labels = long_labels(evaluation, longest=LONGEST, names=False)
    symmetric = symmetric_leaves(evaluation)
    rows = [
        Row(row_key(evaluation, place), (label, labels[place] if labels[place] != label else TOO_LONG))
        for place, label in list(enumerate(evaluation.labels))[len(evaluation.wengert.inputs) :]
    ]
    for output in outputs:
        start = evaluation.cotangent(output)
        found = closed_adjoints(evaluation.wengert, {evaluation.output(output): start}, labels)
        for wanted in inputs:
            formula = found[evaluation.wengert.inputs.index(wanted)]
            label = Formula("adjoint", (name(wanted),))
            if start == ONE:
                label = Formula("partial", (name(output), name(wanted)))
            cell = without_transposes(formula, symmetric) if formula else TOO_LONG
            rows.append(Row(f"d{output}_d{wanted}", (label, cell)))
    return _table(evaluation, rows)


def _table(evaluation: Evaluation, rows: Sequence[Row]) -> Table:
    title = (Words("Closed forms of "), *outputs_of(evaluation))
    columns = (Column("line", Words("line")), Column("closed", Words("in the inputs")))
    return Table(key_of(evaluation, "closed"), title, columns, tuple(rows))
