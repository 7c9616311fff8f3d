"""Second order by forward over reverse: the rows of a Hessian-vector product, and the Hessian; and the Jacobian."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from tracegen.algebra.constructors import add, apply, mul, negative
from tracegen.document.table import Cell, Column, Row, Table, Words
from tracegen.evaluation.evaluation import Evaluation, Values, check_second_order, with_names
from tracegen.evaluation.line_names import output_label
from tracegen.formula import Formula, name
from tracegen.primitives import find
from tracegen.primitives.letters import letter
from tracegen.primitives.rule_formulas import tangent
from tracegen.rules.chain_rule import differentiated, operation_tangent
from tracegen.rules.closed_adjoints import closed_adjoints
from tracegen.rules.row_rules import Rows, equation, laid_out_shapes, leaf_shapes, symmetric_leaves
from tracegen.shapes import Shape
from tracegen.tables.columns_and_titles import (
    Cells,
    adjoint_places,
    adjoint_values_of,
    key_of,
    kinds_of,
    seed_words,
    title_of,
    value_columns,
    values_of,
)  # fmt: skip
from tracegen.tables.matrix_tables import TOO_LONG, adjoint_shape_cells, laid_out, long_labels, shape_column
from tracegen.wengert.shape_inference import is_symmetric_in, shape_in
from tracegen.wengert.sweep import forward
from tracegen.wengert.wengert_list import ONE, ZERO


def jacobian_tables(evaluations: Sequence[Evaluation], outputs: Sequence[str], inputs: Sequence[str]) -> list[Table]:
    """The Jacobian's rows, one an output: exact and in decimals."""
    tables = []
    for kind in kinds_of(evaluations[0], evaluations[0].primal):
        rows = [Row(output, (name(output), *jacobian_row(evaluations, output, inputs, kind))) for output in outputs]
        columns = tuple(Column(text, _by(text, evaluations, outputs), kind == "decimal") for text in inputs)
        heading = Column("output", None)
        title = title_of("Jacobian" if kind == "exact" else "Jacobian in decimals")
        tables.append(Table(f"jacobian/{kind}", title, (heading, *columns), tuple(rows)))
    return tables


def _by(text: str, evaluations: Sequence[Evaluation], outputs: Sequence[str]) -> Formula:
    """What heads the column of an input: ∂y/∂x of the one output, ∂/∂x of several."""
    if len(outputs) > 1:
        return Formula("operator", (name(text),))
    evaluation = next(entry for entry in evaluations if outputs[0] in entry.wengert.outputs)
    return Formula("partial", (output_label(evaluation.wengert, outputs[0], evaluation.convention), name(text)))


def jacobian_row(evaluations: Sequence[Evaluation], output: str, inputs: Sequence[str], kind: str) -> Cells:
    """The derivatives of one output by some inputs, from its reverse sweep."""
    evaluation = next(entry for entry in evaluations if output in entry.wengert.outputs)
    _, values = evaluation.adjoints({output: ONE})
    places = [evaluation.wengert.inputs.index(text) for text in inputs]
    return tuple(values.exact(place) if kind == "exact" else values.decimal(place) for place in places)


def second_order(evaluation: Evaluation, output: str, seed: Sequence[Formula]) -> Values:
    """The tangents of the adjoints of an output along a direction, one a line: a forward sweep over the reverse list.

    Those of the inputs are the Hessian times the direction.
    """
    swept, _ = evaluation.adjoints({output: ONE})
    over = forward(swept.wengert, seed)
    zero = over.wengert.constants.index(ZERO)
    operands = [over.of[adjoint] if adjoint >= 0 else ~zero for adjoint in swept.of]
    return Values(over.wengert, operands, evaluation.point_for(output, seed), len(evaluation.wengert))


def product_table(evaluation: Evaluation, output: str, direction: str) -> Table:
    """The rows of the Hessian of an output times the unit vector of an input."""
    along = name(direction)
    values = second_order(evaluation, output, evaluation.unit_seed(direction))
    swept, _ = evaluation.adjoints({output: ONE})
    rows_of = Rows(evaluation)
    letters = [name(text) for text in evaluation.problem.parameters]
    rows = []
    for place, label in enumerate(evaluation.labels):
        worked = rows_of.worked_adjoint(place, swept)
        rule = equation(_tangent(Formula("adjoint", (label,)), along), differential(worked, along, still=letters))
        rows.append(Row(str(label.args[0]), (rule, *values_of(evaluation, values, place))))
    title = title_of("Tangents of the adjoints of ", name(output), " along ", along)
    columns = (Column("line", Words("second order")), *value_columns(evaluation, values))
    return Table(key_of(evaluation, f"hessian/{output}/{direction}"), title, columns, tuple(rows))


def moving_product_table(
    evaluation: Evaluation, output: str, inputs: Sequence[str], seed: Mapping[str, Formula] | None = None
) -> Table:
    """The tangents of the adjoints of a list, where some inputs move: the Hessian times any direction.

    Along a ``seed`` the rows have values, and those of the inputs are the Hessian times that.
    """
    check_second_order(evaluation)
    vector = [(seed or {}).get(text, ZERO) for text in evaluation.wengert.inputs]
    values = second_order(evaluation, output, vector) if seed else None
    swept, _ = evaluation.adjoints({output: ONE})
    rows_of = Rows(evaluation)
    shapes, still = laid_out_shapes(evaluation), _still(evaluation, inputs)
    symmetric = symmetric_leaves(evaluation)
    rows = []
    for place in adjoint_places(evaluation):
        adjoint = Formula("adjoint", (evaluation.labels[place],))
        worked = rows_of.worked_adjoint(place, swept)
        rule = equation(_tangent(adjoint, None), differential(worked, None, shapes, still, symmetric))
        cells: Cells = (rule, *adjoint_shape_cells(evaluation, place))
        cells += adjoint_values_of(evaluation, values, place) if values else ()
        rows.append(Row(str(evaluation.labels[place].args[0]), cells))
    along = (Words(" for "), *seed_words(seed)) if seed else ()
    title = (*title_of("Tangents of the adjoints of ", name(output)), *along)
    columns = (Column("line", Words("second order")), *shape_column(evaluation))
    columns += value_columns(evaluation, values) if values else ()
    return Table(key_of(evaluation, f"hessian/{output}/rows"), title, columns, tuple(rows))


def _still(evaluation: Evaluation, inputs: Sequence[str]) -> set[Formula]:
    """The names of the lines that do not move with some inputs."""
    wengert = evaluation.wengert
    still = {name(text) for text in wengert.inputs if text not in inputs}
    for place, line in enumerate(wengert.lines):
        used = line[1:] if line[0] >= 0 else ()
        at_rest = all(evaluation.labels[operand] in still for operand in used if operand >= 0)
        if at_rest if used else name(wengert.inputs[place]) in still:
            still.add(evaluation.labels[place])
    return still


def closed_hessian_table(evaluation: Evaluation, output: str, inputs: Sequence[str]) -> Table:
    """The Hessian of an output times any direction in one piece: the tangent of each gradient."""
    labels = long_labels(evaluation)
    start = evaluation.cotangent(output)
    closed = closed_adjoints(evaluation.wengert, {evaluation.output(output): start}, labels)
    shapes, still = leaf_shapes(evaluation), {*_still(evaluation, inputs), start}
    symmetric = symmetric_leaves(evaluation)
    called = evaluation.calls(evaluation.wengert.names, labels)
    rows = []
    for wanted in inputs:
        formula = closed[evaluation.wengert.inputs.index(wanted)]
        label = _tangent(Formula("adjoint", (name(wanted),)), None)
        if formula is None:
            rows.append(Row(wanted, (label, TOO_LONG)))
            continue
        moved = with_names(differential(formula, None, shapes, still, symmetric), called)
        rows.append(Row(wanted, (label, laid_out(evaluation, moved))))
    columns = (Column("input", Words("second order")), Column("closed", Words("in one piece")))
    title = title_of("Hessian of ", name(output), " times a direction")
    return Table(key_of(evaluation, f"hessian/{output}/closed"), title, columns, tuple(rows))


def hessian_tables(evaluation: Evaluation, output: str, inputs: Sequence[str]) -> list[Table]:
    """The Hessian of an output, exact and in decimals: a row and a column an input."""
    products = [second_order(evaluation, output, evaluation.unit_seed(column)) for column in inputs]
    tables = []
    for kind in kinds_of(evaluation, evaluation.primal):
        rows = []
        for row in inputs:
            place = evaluation.wengert.inputs.index(row)
            cells = [_value(values, place, kind) for values in products]
            rows.append(Row(row, (name(row), *cells)))
        columns = (Column("input", None), *(Column(text, name(text), kind == "decimal") for text in inputs))
        title = title_of("Hessian of " if kind == "exact" else "Hessian in decimals of ", name(output))
        tables.append(Table(key_of(evaluation, f"hessian/{output}/{kind}"), title, columns, tuple(rows)))
    return tables


def _value(values: Values, place: int, kind: str) -> Cell:
    return values.exact(place) if kind == "exact" else values.decimal(place)


def _tangent(of: Formula, along: Formula | None) -> Formula:
    return Formula("tangent", (of, along))


def differential(
    formula: Formula,
    along: Formula | None,
    shapes: Mapping[Formula, Shape] | None = None,
    still: Collection[Formula] = (),
    symmetric: Collection[Formula] = (),
) -> Formula:
    """The tangent of a rule's formula: lines and adjoints have tangents, numbers and what is ``still`` have none.

    ``shapes`` has those of lines and adjoints, where there are matrices; ``symmetric`` which of them are.

    >>> from tracegen.notation import unicode
    >>> rule = Formula("mul", (Formula("adjoint", (name("v3"),)), Formula("exp", (name("v2"),))))
    >>> unicode(differential(rule, name("x")))
    '∂v̄₃/∂x·exp(v₂) + v̄₃·exp(v₂)·∂v₂/∂x'
    """

    def leaf(node: Formula) -> Formula | None:
        if node.head not in ("name", "adjoint"):
            return None
        at_rest = node in still or (shapes and node not in shapes)  # dimensions and parameters are in no list
        return ZERO if at_rest else _tangent(node, along)

    return differentiated(formula, leaf, partial(_moved, shapes=shapes, symmetric=symmetric))


def _moved(
    node: Formula,
    operands: Sequence[Formula],
    moved: Sequence[Formula],
    shapes: Mapping[Formula, Shape] | None,
    symmetric: Collection[Formula],
) -> Formula:
    """The tangent of one operation, from those of its operands."""
    row = letter(*node.args[:2]) if node.head == "letter" else find(node.head)
    if row is None or not operands:
        return ZERO
    if shapes:
        kinds = [shape_in(operand, shapes) for operand in operands]
        known = [is_symmetric_in(operand, shapes, symmetric) for operand in operands]
        return tangent(row, operands, node, moved, kinds, known)
    # a rule of a rule is a sum of many factors: it is written without the brackets that a row's own rule may need
    return operation_tangent(row, operands, node, moved, times=_factor, plus=joined)


def joined(a: Formula, b: Formula) -> Formula:
    """a + b, term by term, so that no brackets are left."""
    if b.head in ("add", "sub"):
        return apply(b.head, joined(a, b.args[0]), b.args[1])
    return add(a, b)


def _factor(local: Formula, tangent: Formula) -> Formula:
    """Adjoints stand in front: v̄̇3 exp(v2), but v̄3 exp(v2) v̇2."""
    if tangent == ZERO:
        return ZERO
    if tangent.head == "tangent" and tangent.args[0].head == "adjoint":
        return mul(tangent, local)
    return _times(local, tangent)


def _times(a: Formula, b: Formula) -> Formula:
    """a b, factor by factor, so that no brackets are left."""
    if b.head == "neg":
        return negative(_times(a, b.args[0]))
    if b.head == "mul":
        return mul(_times(a, b.args[0]), b.args[1])
    return mul(a, b)
