"""The tables of a trace: primal, tangent, adjoint, Jacobian; built once, for any format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracegen.evaluation import Evaluation, Values
from tracegen.formula import Formula, name
from tracegen.labels import output_label
from tracegen.rows import Rows, equation, starting_adjoint, starting_tangent
from tracegen.substituted import figure, substituted
from tracegen.table import Cell, Column, Decimal, Row, Table, Words
from tracegen.wengert import ONE, ZERO

Cells = tuple[Cell, ...]


def title_of(*parts: str | Formula) -> Cells:
    """A title from words and formulas."""
    return tuple(Words(part) if isinstance(part, str) else part for part in parts)


def key_of(evaluation: Evaluation, table: str) -> str:
    """The key of a table of a list: its outputs, then what the table shows."""
    return f"{'+'.join(evaluation.wengert.outputs)}/{table}"


def value_columns(evaluation: Evaluation, prefix: str = "") -> tuple[Column, ...]:
    """The columns of the values that the convention shows; none without a point."""
    wanted = evaluation.convention.values
    if evaluation.point is None or wanted == "none":
        return ()
    exact = Column(f"{prefix}exact", Words("exact value"))
    decimal = Column(f"{prefix}decimal", Words("decimal value"), numeric=True)
    return {"exact": (exact,), "decimal": (decimal,), "both": (exact, decimal)}[wanted]


def values_of(evaluation: Evaluation, values: Values, place: int, rule: Formula | None = None) -> Cells:
    """The cells of :func:`value_columns` for one line; with a rule, its substituted arithmetic where the convention
    shows that."""
    if evaluation.point is None:
        return ()
    wanted = evaluation.convention.values
    cells: Cells = (values.exact(place),) if wanted in ("exact", "both") else ()
    if wanted in ("decimal", "both"):
        cells += (_decimal_cell(evaluation, values, place, rule),)
    return cells


def _decimal_cell(evaluation: Evaluation, values: Values, place: int, rule: Formula | None) -> Cell:
    decimal = values.decimal(place)
    how = evaluation.convention.substituted
    if how == "no" or rule is None or place < len(evaluation.wengert.inputs) or not isinstance(decimal, Decimal):
        return decimal
    tangents = None if values is evaluation.primal else values
    arithmetic = substituted(evaluation, rule, tangents)
    return arithmetic if how == "instead" else equation(arithmetic, figure(decimal))


def places_shown(evaluation: Evaluation) -> list[int]:
    """The lines that are rows: all, or all but the inputs."""
    start = len(evaluation.wengert.inputs) if evaluation.convention.inputs != "rows" else 0
    return list(range(start, len(evaluation.wengert)))


def outputs_of(evaluation: Evaluation) -> Cells:
    """The names of a list's outputs, for a title."""
    names: list[Cell] = []
    for output in evaluation.wengert.outputs:
        names += [Words(", "), name(output)] if names else [name(output)]
    return tuple(names)


def primal_table(evaluation: Evaluation) -> Table:
    """Every line with its definition and its value."""
    rows = []
    for place in places_shown(evaluation):
        definition = evaluation.definition(place)
        cells = values_of(evaluation, evaluation.primal, place, definition)
        rows.append(Row(_key(evaluation, place), (equation(evaluation.labels[place], definition), *cells)))
    for output, operand in _closing(evaluation):
        cells = values_of(evaluation, evaluation.primal, operand)
        rows.append(Row(output, (equation(name(output), evaluation.labels[operand]), *cells)))
    title = (Words("Evaluation trace of "), *outputs_of(evaluation))
    columns = (Column("line", Words("line")), *value_columns(evaluation))
    return Table(key_of(evaluation, "primal"), title, columns, tuple(rows))


def _key(evaluation: Evaluation, place: int) -> str:
    return str(evaluation.labels[place].args[0])


def _closing(evaluation: Evaluation) -> list[tuple[str, int]]:
    """The outputs that have a last row y = v5."""
    if not evaluation.convention.closing_rows:
        return []
    outputs = evaluation.wengert.outputs.items()
    return [(output, operand) for output, operand in outputs if evaluation.labels[operand] != name(output)]


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
        rows.append(Row(_key(evaluation, place), (rule, *cells)))
    for output, operand in _closing(evaluation):
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


def reverse_table(evaluation: Evaluation, cotangents: Mapping[str, Formula]) -> Table:
    """The adjoint of every line, with its rule and its value: one row a line."""
    swept, values = evaluation.adjoints(cotangents)
    rows_of = Rows(evaluation)
    starts = {evaluation.output(output): (output, seed) for output, seed in cotangents.items()}
    rows = []
    for place in _adjoint_places(evaluation):
        label = Formula("adjoint", (evaluation.labels[place],))
        summed = rows_of.adjoint(place, swept)
        start = None
        if place in starts:
            output = output_label(evaluation.wengert, starts[place][0], evaluation.convention)
            start = starting_adjoint(evaluation, output, place, starts[place][1])
        rule = _started(label, start, summed)
        rows.append(Row(_key(evaluation, place), (rule, *values_of(evaluation, values, place))))
    title = (Words("Adjoints of "), *_cotangent_words(cotangents))
    columns = (Column("line", Words("adjoint")), *value_columns(evaluation))
    return Table(key_of(evaluation, f"reverse/{'+'.join(cotangents)}"), title, columns, tuple(rows))


def _started(label: Formula, start: Formula | None, summed: Formula | None) -> Formula:
    """v̄8 = ∂y/∂v8 of an output, the sum of contributions of another line, both where an output is used again."""
    if summed is None:
        return equation(label, ZERO if start is None else start)
    if start is None:
        return equation(label, *(summed.args if summed.head == "equals" else (summed,)))
    members = summed.args if summed.head == "equals" else (summed,)
    return equation(label, *(Formula("add", (start, member)) for member in members))


def _adjoint_places(evaluation: Evaluation) -> list[int]:
    places = list(range(len(evaluation.wengert)))
    return places[::-1] if evaluation.convention.adjoint_order == "execution" else places


def _cotangent_words(cotangents: Mapping[str, Formula]) -> Cells:
    words: list[Cell] = []
    for output, seed in cotangents.items():
        words += [Words(", ")] if words else []
        adjoint = Formula("adjoint", (name(output),))
        words.append(name(output) if seed == ONE else Formula("equals", (adjoint, seed)))
    return tuple(words)


def jacobian_tables(evaluations: Sequence[Evaluation], outputs: Sequence[str], inputs: Sequence[str]) -> list[Table]:
    """The Jacobian's rows, one an output: exact and in decimals."""
    tables = []
    for kind in ("exact", "decimal"):
        if evaluations[0].convention.values not in (kind, "both"):
            continue
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
