"""The tangents of every line along a direction, with their rules and values."""

from __future__ import annotations

from collections.abc import Mapping

from tracegen.evaluation import Evaluation
from tracegen.formula import Formula, name
from tracegen.rows import Rows, equation, starting_tangent
from tracegen.table import Column, Row, Table, Words
from tracegen.tables.layout import (
    closing,
    key_of,
    outputs_of,
    places_shown,
    row_key,
    title_of,
    value_columns,
    values_of,
)  # fmt: skip
from tracegen.wengert import ZERO


def forward_table(evaluation: Evaluation, seed: Mapping[str, Formula], direction: Formula | None) -> Table:
    """The tangent of every line along one direction, with its rule and its value."""
    vector = [seed.get(text, ZERO) for text in evaluation.wengert.inputs]
    _, values = evaluation.tangents(vector)
    rows_of = Rows(evaluation)
    rows = []
    for place in places_shown(evaluation):
        label = Formula("tangent", (evaluation.labels[place], direction))
        if place < len(evaluation.wengert.inputs):
            rule = equation(label, starting_tangent(evaluation, place), vector[place])
            cells = values_of(evaluation, values, place)
        else:
            tangent = rows_of.tangent(place, direction)
            rule = equation(label, tangent)
            cells = values_of(evaluation, values, place, tangent)
        rows.append(Row(row_key(evaluation, place), (rule, *cells)))
    for output, operand in closing(evaluation):
        rule = equation(*(Formula("tangent", (text, direction)) for text in (name(output), evaluation.labels[operand])))
        rows.append(Row(output, (rule, *values_of(evaluation, values, operand))))
    along: tuple[str | Formula, ...] = (" along ", direction) if direction else (" for ", *_seed_words(seed))
    title = (Words("Tangents of "), *outputs_of(evaluation), *title_of(*along))
    columns = (Column("line", Words("tangent")), *value_columns(evaluation))
    key = key_of(evaluation, f"forward/{direction.args[0] if direction else 'direction'}")
    return Table(key, title, columns, tuple(rows))


def _seed_words(seed: Mapping[str, Formula]) -> list[str | Formula]:
    words: list[str | Formula] = []
    for text, value in seed.items():
        words += [", "] if words else []
        words.append(Formula("equals", (Formula("tangent", (name(text), None)), value)))
    return words
