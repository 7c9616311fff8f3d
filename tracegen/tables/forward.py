"""The tangents of every line along a direction, with their rules and values: in tables of their own, side by side,
or beside the primal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tracegen.document.table import Column, Row, Table, Words
from tracegen.evaluation.evaluation import Evaluation, Values
from tracegen.formula import Formula, name
from tracegen.rules.row_rules import Rows, equation, starting_tangent
from tracegen.tables.columns_and_titles import (
    Cells,
    closing,
    key_of,
    outputs_of,
    places_shown,
    row_key,
    seed_words,
    title_of,
    value_columns,
    values_of,
)  # fmt: skip
from tracegen.tables.matrix_tables import factor_cell, shape_cells, shape_column
from tracegen.wengert.wengert_list import ONE, ZERO


def forward_tables(evaluation: Evaluation, inputs: Sequence[str]) -> list[Table]:
    """The tangents of a list along some inputs, as the convention lays them out."""
    if evaluation.wengert.shapes:
        return [moving_table(evaluation, inputs)]
    if evaluation.convention.tangent_layout == "beside":
        return [beside_table(evaluation, inputs)]
    if evaluation.convention.seed == "side":
        return [side_table(evaluation, inputs)]
    if evaluation.convention.seed == "letters":
        return [forward_table(evaluation, _letters(evaluation, inputs), None)]
    return [forward_table(evaluation, {text: ONE}, name(text)) for text in inputs]


def _letters(evaluation: Evaluation, inputs: Sequence[str]) -> dict[str, Formula]:
    """A direction p1, p2, …, or with another letter where one of these is the name of something else."""
    taken = {label.args[0] for label in evaluation.labels} | {entry.name for entry in evaluation.problem.inputs}
    stem = next(stem for stem in ("p", "q", "d", *(f"p_{more}_" for more in inputs)) if not _starts(stem, taken))
    return {text: name(f"{stem}{at + 1}") for at, text in enumerate(inputs)}


def _starts(stem: str, names: Iterable[str]) -> bool:
    return any(text.startswith(stem) for text in names)


def forward_table(evaluation: Evaluation, seed: Mapping[str, Formula], direction: Formula | None) -> Table:
    """The tangent of every line along one direction; ``direction`` is its name, None where it has none."""
    if evaluation.wengert.shapes:
        return moving_table(evaluation, list(seed), seed)
    values = _swept(evaluation, seed)
    rows = tuple(Row(key, cells) for key, cells in _rows(evaluation, seed, values, direction))
    along: tuple[str | Formula, ...] = (" along ", direction) if direction else (" for ",)
    title = (Words("Tangents of "), *outputs_of(evaluation), *title_of(*along))
    title += () if direction else seed_words(seed)
    columns = (Column("line", Words("tangent")), *value_columns(evaluation, values))
    key = key_of(evaluation, f"forward/{direction.args[0] if direction else 'direction'}")
    return Table(key, title, columns, rows)


def moving_table(evaluation: Evaluation, inputs: Sequence[str], seed: Mapping[str, Formula] | None = None) -> Table:
    """The tangent rows of a list with matrices, where some inputs move and the others are still.

    They move along ``seed``, and the rows have values; without it, each in any direction.
    """
    values = _swept(evaluation, seed) if seed else None
    listed = frozenset(places_shown(evaluation))
    rows = []
    for place, rule in enumerate(_moving_rules(evaluation, inputs, seed)):
        if place not in listed or rule == ZERO:
            continue
        tangent = Formula("tangent", (evaluation.labels[place], None))
        whole = rule if place < len(evaluation.wengert.inputs) else equation(tangent, rule)
        cells: Cells = (whole, *shape_cells(evaluation, place), factor_cell(evaluation, rule))
        cells += values_of(evaluation, values, place) if values else ()
        rows.append(Row(row_key(evaluation, place), cells))
    columns = (Column("line", Words("tangent")), *shape_column(evaluation), Column("factors", Words("factors")))
    columns += value_columns(evaluation, values) if values else ()
    along_words = (Words(" for "), *seed_words(seed)) if seed else ()
    title = (Words("Tangents of "), *outputs_of(evaluation), *along_words)
    return Table(key_of(evaluation, "forward/direction" if seed else "forward"), title, columns, tuple(rows))


def _moving_rules(evaluation: Evaluation, inputs: Sequence[str], seed: Mapping[str, Formula] | None) -> list[Formula]:
    """What the tangent of every line is, an input's with its label; 0 where the line is still."""
    rows, still = Rows(evaluation), set[int]()
    rules = []
    for place in range(len(evaluation.wengert)):
        if place < len(evaluation.wengert.inputs):
            rule = _moving_input(evaluation, place, inputs, seed)
        else:
            rule = rows.tangent(place, None, still)
        if rule == ZERO:
            still.add(place)
        rules.append(rule)
    return rules


def _moving_input(
    evaluation: Evaluation, place: int, inputs: Sequence[str], seed: Mapping[str, Formula] | None
) -> Formula:
    text = evaluation.wengert.inputs[place]
    along = seed.get(text, ZERO) if seed else None
    if text not in inputs or along == ZERO:
        return ZERO
    label, named = (Formula("tangent", (of, None)) for of in (evaluation.labels[place], name(text)))
    return equation(label, named, along)


def side_table(evaluation: Evaluation, inputs: Sequence[str]) -> Table:
    """The tangents along several inputs side by side: a rule and its values for each."""
    columns: list[Column] = []
    parts = []
    for wanted in inputs:
        heading = Formula("operator", (name(wanted),))
        values = _swept(evaluation, {wanted: ONE})
        columns += [Column(wanted, heading), *value_columns(evaluation, values, f"{wanted}_")]
        parts.append(list(_rows(evaluation, {wanted: ONE}, values, name(wanted))))
    rows = [
        Row(beside[0][0], tuple(cell for _, cells in beside for cell in cells)) for beside in zip(*parts, strict=True)
    ]
    title = (Words("Tangents of "), *outputs_of(evaluation))
    return Table(key_of(evaluation, "forward"), title, tuple(columns), tuple(rows))


def beside_table(evaluation: Evaluation, inputs: Sequence[str]) -> Table:
    """The primal with the rule of the tangent and its value along each input beside it."""
    rows_of = Rows(evaluation)
    values = [evaluation.tangents(evaluation.unit_seed(wanted))[1] for wanted in inputs]
    rows = []
    for place in places_shown(evaluation):
        definition = equation(evaluation.labels[place], evaluation.definition(place))
        label = Formula("tangent", (evaluation.labels[place], None))
        is_input = place < len(evaluation.wengert.inputs)
        rule = label if is_input else equation(label, rows_of.tangent(place, None))
        cells: Cells = (definition, *values_of(evaluation, evaluation.primal, place), rule)
        for along in values:
            cells += values_of(evaluation, along, place)
        rows.append(Row(row_key(evaluation, place), cells))
    columns = [Column("line", Words("line")), *value_columns(evaluation, evaluation.primal)]
    columns.append(Column("tangent", Words("tangent")))
    for wanted, along in zip(inputs, values, strict=True):
        own = value_columns(evaluation, along, f"{wanted}_")
        heading = Formula("operator", (name(wanted),))
        columns += [Column(column.key, heading, column.numeric) for column in own]
    title = (Words("Forward trace of "), *outputs_of(evaluation))
    return Table(key_of(evaluation, "forward"), title, tuple(columns), tuple(rows))


def _swept(evaluation: Evaluation, seed: Mapping[str, Formula]) -> Values:
    return evaluation.tangents([seed.get(text, ZERO) for text in evaluation.wengert.inputs])[1]


def _rows(
    evaluation: Evaluation, seed: Mapping[str, Formula], values: Values, direction: Formula | None
) -> Iterator[tuple[str, Cells]]:
    vector = [seed.get(text, ZERO) for text in evaluation.wengert.inputs]
    for place in places_shown(evaluation):
        yield row_key(evaluation, place), _row(evaluation, place, vector, values, direction)
    for output, operand in closing(evaluation):
        rule = equation(*(Formula("tangent", (text, direction)) for text in (name(output), evaluation.labels[operand])))
        yield output, (rule, *values_of(evaluation, values, operand))


def _row(
    evaluation: Evaluation, place: int, vector: Sequence[Formula], values: Values, direction: Formula | None
) -> Cells:
    label = Formula("tangent", (evaluation.labels[place], direction))
    if place < len(vector):
        rule = equation(label, starting_tangent(evaluation, place), vector[place])
        return (rule, *values_of(evaluation, values, place))
    tangent = Rows(evaluation).tangent(place, direction)
    return (equation(label, tangent), *values_of(evaluation, values, place, tangent))
