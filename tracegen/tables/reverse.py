"""The adjoints of every line, with their rules and values: a row a line, or a row a contribution."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from tracegen.document.table import Cell, Column, Row, Table, Words
from tracegen.evaluation.evaluation import Evaluation, Values
from tracegen.evaluation.line_names import output_label
from tracegen.formula import Formula, name, rewritten
from tracegen.rules.row_rules import Contribution, Rows, equation, shown, starting_adjoint
from tracegen.tables.columns_and_titles import Cells, adjoint_places, adjoint_values_of, key_of, row_key, value_columns
from tracegen.tables.matrix_tables import adjoint_shape_cells, factor_cell, shape_column
from tracegen.wengert.sweep import Adjoints
from tracegen.wengert.wengert_list import ONE, ZERO


def reverse_table(evaluation: Evaluation, cotangents: Mapping[str, Formula], asked: Collection[str] = ()) -> Table:
    """The adjoint of every line when the outputs start with ``cotangents``; a matrix that has 1 starts with ȳ.

    Given data has rows where it is ``asked`` for.
    """
    cotangents = {output: evaluation.cotangent(output, given) for output, given in cotangents.items()}
    swept, values = evaluation.adjoints(cotangents)
    starts = {
        evaluation.output(output): starting_adjoint(
            evaluation, output_label(evaluation.wengert, output, evaluation.convention), evaluation.output(output), seed
        )
        for output, seed in cotangents.items()
    }
    if evaluation.convention.adjoint_style == "sum":
        rows = list(_a_row_a_line(evaluation, swept, values, starts, asked))
    else:
        rows = list(_a_row_a_contribution(evaluation, swept, values, starts))
    if evaluation.convention.closing_rows:
        rows += _closing_rows(evaluation, values)
    if evaluation.convention.adjoint_order == "bottom-up" and evaluation.convention.adjoint_style != "sum":
        rows.reverse()
    if evaluation.convention.adjoint == "partial" and len(cotangents) == 1:
        (output,) = cotangents
        label = output_label(evaluation.wengert, output, evaluation.convention)
        rows = [Row(row.key, tuple(_as_partials(cell, label) for cell in row.cells)) for row in rows]
    title = (Words("Adjoints of "), *_cotangent_words(cotangents))
    shapes = (*shape_column(evaluation), Column("factors", Words("factors"))) if evaluation.wengert.shapes else ()
    columns = (Column("line", Words("adjoint")), *shapes, *value_columns(evaluation, values))
    if evaluation.convention.partial == "column":
        columns = (columns[0], Column("partials", Words("local partials")), *columns[1:])
        rows = [Row(row.key, (row.cells[0], _partials_used(evaluation, row.key), *row.cells[1:])) for row in rows]
    return Table(key_of(evaluation, f"reverse/{'+'.join(cotangents)}"), title, columns, tuple(rows))


def _as_partials(cell: Cell, output: Formula) -> Cell:
    """A cell in which every adjoint is the derivative of its own output, also beside tables of others."""
    if not isinstance(cell, Formula):
        return cell
    return rewritten(cell, lambda part: Formula("partial", (output, part.args[0])) if part.head == "adjoint" else None)


def _partials_used(evaluation: Evaluation, key: str) -> Formula | None:
    """The local partials by a line of every line that uses it: ∂v7/∂v0 = v6."""
    labels, rows_of = evaluation.labels, Rows(evaluation)
    used = []
    for child in range(len(evaluation.wengert)):
        for operand, partial in rows_of.partials(child).items():
            if labels[operand].args[0] == key:
                used.append(equation(Formula("partial", (labels[child], labels[operand])), partial))
    return Formula("list", tuple(used)) if used else None


def _a_row_a_line(
    evaluation: Evaluation, swept: Adjoints, values: Values, starts: Mapping[int, Formula], asked: Collection[str]
) -> Iterator[Row]:
    """One row a line: the sum over the lines that use it."""
    rows_of = Rows(evaluation)
    for place in adjoint_places(evaluation, asked):
        label = Formula("adjoint", (evaluation.labels[place],))
        if rows_of.is_the_output(place) and place in starts:
            continue
        rule = _started(label, starts.get(place), rows_of.adjoint(place, swept))
        yield Row(
            row_key(evaluation, place),
            (rule, *_shapes(evaluation, place, rule), *adjoint_values_of(evaluation, values, place)),
        )


def _shapes(evaluation: Evaluation, place: int, rule: Formula) -> Cells:
    """The shape of an adjoint, and of every factor of its rule, in a list that has shapes."""
    if not evaluation.wengert.shapes:
        return ()
    return (*adjoint_shape_cells(evaluation, place), factor_cell(evaluation, rule))


def _started(label: Formula, start: Formula | None, summed: Formula | None) -> Formula:
    """v̄8 = ∂y/∂v8 of an output, the sum of contributions of another line, both where an output is used again."""
    if summed is None:
        return equation(label, ZERO if start is None else start)
    members = _members(summed)
    if start is not None:
        members = tuple(Formula("add", (start, member)) for member in members)
    return equation(label, *members)


def _a_row_a_contribution(
    evaluation: Evaluation, swept: Adjoints, values: Values, starts: Mapping[int, Formula]
) -> Iterator[Row]:
    """One row for each contribution, in the order of the sweep: v̄0 = v̄0 + v̄2 ∂v2/∂v0."""
    rows_of = Rows(evaluation)
    arrived: set[int] = set()
    for place, start in starts.items():
        arrived.add(place)
        yield _contribution_row(evaluation, place, start, adjoint_values_of(evaluation, values, place))
    for child in range(len(evaluation.wengert) - 1, len(evaluation.wengert.inputs) - 1, -1):
        for operand in rows_of.used(child):
            totals = [arrival.total for arrival in swept.contributions.get(operand, []) if arrival.child == child]
            if not totals:
                continue
            (contribution,) = rows_of.contributions(operand, [child])
            rule = _arriving(evaluation, operand, contribution, operand in arrived)
            arrived.add(operand)
            cells = adjoint_values_of(evaluation, values.at(totals[-1]), 0)
            yield _contribution_row(evaluation, operand, rule, cells)


def _contribution_row(evaluation: Evaluation, place: int, rule: Formula, cells: Cells) -> Row:
    label = Formula("adjoint", (evaluation.labels[place],))
    head = "increment" if rule.head == "increment" else "equals"
    members = rule.args if head == "increment" else _members(rule)
    shapes = _shapes(evaluation, place, Formula("equals", members))
    return Row(row_key(evaluation, place), (Formula(head, (label, *members)), *shapes, *cells))


def _members(rule: Formula) -> tuple[Formula, ...]:
    return rule.args if rule.head == "equals" else (rule,)


def _arriving(evaluation: Evaluation, place: int, contribution: Contribution, again: bool) -> Formula:
    """A contribution as it is added: alone the first time, to what is there afterwards."""
    rule = shown(contribution.chain, contribution.worked, evaluation.convention)
    if evaluation.convention.adjoint_style == "accumulate":
        return Formula("increment", _members(rule))
    if not again:
        return rule
    label = Formula("adjoint", (evaluation.labels[place],))
    return equation(*(Formula("add", (label, member)) for member in _members(rule)))


def _closing_rows(evaluation: Evaluation, values: Values) -> Iterator[Row]:
    """x̄2 = v̄0, x̄1 = v̄-1: the inputs' adjoints under their own names, last line first."""
    for place in reversed(range(len(evaluation.wengert.inputs))):
        named = name(evaluation.wengert.inputs[place])
        if named == evaluation.labels[place]:
            continue
        rule = equation(*(Formula("adjoint", (label,)) for label in (named, evaluation.labels[place])))
        yield Row(
            named.args[0], (rule, *_shapes(evaluation, place, rule), *adjoint_values_of(evaluation, values, place))
        )


def _cotangent_words(cotangents: Mapping[str, Formula]) -> Cells:
    words: list[Words | Formula] = []
    for output, seed in cotangents.items():
        words += [Words(", ")] if words else []
        adjoint = Formula("adjoint", (name(output),))
        words.append(name(output) if seed in (ONE, adjoint) else Formula("equals", (adjoint, seed)))
    return tuple(words)
