"""Second order by forward over reverse: the rows of a Hessian-vector product, and the Hessian; and the Jacobian."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial, reduce

from tracegen.algebra.constructors import add, apply, mul, negative
from tracegen.document.table import Cell, Column, Decimal, Mark, Row, Table, Words
from tracegen.evaluation.evaluation import Evaluation, Values, check_second_order, with_names
from tracegen.evaluation.line_names import output_label
from tracegen.formula import Formula, name
from tracegen.primitives import find
from tracegen.primitives.letters import letter
from tracegen.primitives.rule_formulas import contributions, tangent
from tracegen.problems.problem_file import letter_sizes
from tracegen.rules.chain_rule import differentiated, operation_tangent
from tracegen.rules.closed_adjoints import closed_adjoints, closed_tangents
from tracegen.rules.row_rules import Rows, equation, laid_out_shapes, leaf_shapes, symmetric_leaves
from tracegen.rules.substitution import figure
from tracegen.shapes import Shape, shape_text, valued
from tracegen.tables.columns_and_titles import (
    Cells,
    adjoint_places,
    adjoint_values_of,
    key_of,
    kinds_of,
    outputs_of,
    seed_words,
    title_of,
    value_columns,
    values_of,
)  # fmt: skip
from tracegen.tables.matrix_tables import (
    TOO_LONG,
    adjoint_shape_cells,
    known_of,
    laid_out,
    long_labels,
    shape_cell,
    shape_column,
)  # fmt: skip
from tracegen.wengert.linear_maps import matrix_of
from tracegen.wengert.matrix_rewritings import tidied_matrix
from tracegen.wengert.shape_inference import is_symmetric_in, shape_in
from tracegen.wengert.sweep import forward
from tracegen.wengert.wengert_list import ONE, ZERO, Operand


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
    """The derivatives of one output by some inputs, from its reverse sweep; of a vector, from one for each element."""
    evaluation = next(entry for entry in evaluations if output in entry.wengert.outputs)
    if evaluation.wengert.shape(evaluation.output(output)):
        return tuple(_jacobian_block(evaluation, output, text, kind) for text in inputs)
    _, values = evaluation.adjoints({output: ONE})
    places = [evaluation.wengert.inputs.index(text) for text in inputs]
    return tuple(values.exact(place) if kind == "exact" else values.decimal(place) for place in places)


def _jacobian_block(evaluation: Evaluation, output: str, wanted: str, kind: str) -> Cell:
    """The Jacobian of a vector by a vector or a number: a row an element, each from a reverse sweep of its own."""
    place = evaluation.wengert.inputs.index(wanted)
    count = _elements_of(evaluation, output)
    if not _is_vector(evaluation.wengert.shape(place)) or count is None:
        return NO_MATRIX
    rows = []
    for at in range(count):
        unit = Formula("matrix", tuple((ONE if row == at else ZERO,) for row in range(count)))
        _, values = evaluation.adjoints({output: unit})
        cell = _value(values, place, kind)
        if isinstance(cell, Formula) and cell.head == "matrix":
            rows.append(tuple(row[0] for row in cell.args))
        elif cell is None or isinstance(cell, Mark):
            return cell
        else:
            rows.append((figure(cell) if isinstance(cell, Decimal) else cell,))
    return Formula("matrix", tuple(rows))


MOST_ROWS = 64
"""The most elements of an output whose Jacobian is worked out, a sweep for each."""

NO_MATRIX = Mark("no matrix: the gradient has its rule")


def _is_vector(shape: Shape) -> bool:
    return shape[1:] in ((), (1,))


def _elements_of(evaluation: Evaluation, output: str) -> int | None:
    """How many elements an output has that is a column, at the point; None of others, and of too many."""
    shape = evaluation.wengert.shape(evaluation.output(output))
    if shape[1:] != (1,) or evaluation.point is None:
        return None
    count = valued(shape[0], letter_sizes(evaluation.problem.inputs))
    return count if count is not None and count <= MOST_ROWS else None


def jacobian_formula_table(evaluation: Evaluation, output: str, inputs: Sequence[str]) -> Table:
    """The Jacobian of a vector by each input in one piece, diag(σ′(z)) W; by a matrix, the rule of its adjoint."""
    wengert, labels = evaluation.wengert, long_labels(evaluation)
    operand, start = evaluation.output(output), evaluation.cotangent(output)
    called = evaluation.calls(wengert.names, labels)
    closed: list[Formula | None] | None = None
    rows = []
    for wanted in inputs:
        place = wengert.inputs.index(wanted)
        block = _closed_block(evaluation, operand, place, labels)
        shape = Words(shape_text((wengert.shape(operand)[0], (wengert.shape(place) or (1,))[0])))
        formula: Cell = with_names(block, called) if block is not None else TOO_LONG
        if block is None:
            closed = closed or closed_adjoints(wengert, {operand: start}, labels)
            adjoint = closed[place]
            shape = shape_cell(wengert.shape(place))
            if adjoint is not None:
                rule = laid_out(evaluation, with_names(adjoint, called))
                formula = equation(Formula("adjoint", (name(wanted),)), rule)
        rows.append(Row(wanted, (Formula("partial", (name(output), name(wanted))), formula, shape)))
    columns = (Column("input", Words("Jacobian")), Column("closed", Words("in one piece")), *shape_column(evaluation))
    title = title_of("Jacobian of ", name(output), " in one piece")
    return Table(key_of(evaluation, f"jacobian/{output}"), title, columns, tuple(rows))


def _closed_block(evaluation: Evaluation, operand: Operand, place: int, labels: Sequence[Formula]) -> Formula | None:
    """The Jacobian of a column by an input that is a column or a number, as a formula; None of others."""
    wengert = evaluation.wengert
    if wengert.shape(operand)[1:] != (1,) or not _is_vector(wengert.shape(place)):
        return None
    direction = _tangent(name(wengert.inputs[place]), None)
    is_number = not wengert.shape(place)
    moved = closed_tangents(wengert, {place: ONE if is_number else direction}, labels)[operand]
    if moved is None or is_number:
        return moved
    found = matrix_of(moved, direction, leaf_shapes(evaluation), symmetric_leaves(evaluation))
    return None if found is None else tidied_matrix(found, known_of(evaluation))


def partials_table(evaluation: Evaluation) -> Table:
    """The local partials of every line by the lines that it uses: ∂v5/∂v3 = cos(v3), ∂z/∂h = W; by a matrix, the rule
    of its adjoint."""
    wengert, labels, rows_of = evaluation.wengert, evaluation.labels, Rows(evaluation)
    rows = []
    for place in range(len(wengert.inputs), len(wengert)):
        if place in evaluation.unused:
            continue
        for operand in rows_of.used(place):
            if operand in evaluation.data:
                continue
            if rows_of.has_matrices(place):
                formula, shape = _local_block(evaluation, place, operand)
            else:
                formula, shape = rows_of.partials(place)[operand], ()
            partial = Formula("partial", (labels[place], labels[operand]))
            rule = formula if formula.head == "equals" else equation(partial, formula)
            cells = (rule, *((shape_cell(shape),) if wengert.shapes else ()))
            rows.append(Row(f"{labels[place].args[0]},{labels[operand].args[0]}", cells))
    columns = (Column("partial", Words("local partial")), *shape_column(evaluation))
    return Table(
        key_of(evaluation, "partials"), (Words("Local partials of "), *outputs_of(evaluation)), columns, tuple(rows)
    )


def _local_block(evaluation: Evaluation, place: int, operand: Operand) -> tuple[Formula, Shape]:
    """The matrix of a line by one that it uses, with its shape; where there is none, the rule of the adjoint."""
    wengert, line = evaluation.wengert, evaluation.wengert.line(place)
    assert line.primitive is not None
    labels = [evaluation.label(used) for used in line.operands]
    shapes = [wengert.shape(used) for used in line.operands]
    symmetric = [used in wengert.symmetric for used in line.operands]
    output, of = wengert.shape(place), wengert.shape(operand)
    output_label = evaluation.labels[place]
    if _is_vector(output) and _is_vector(of):
        direction = ONE if not of else _tangent(evaluation.labels[operand], None)
        moves = [direction if used == operand else ZERO for used in line.operands]
        moved = tangent(line.primitive, labels, output_label, moves, shapes, symmetric)
        leaves, known = leaf_shapes(evaluation), symmetric_leaves(evaluation)
        found = matrix_of(moved, direction, leaves, known) if of else moved
        if found is not None:
            return tidied_matrix(found, known_of(evaluation)), ((output or (1,))[0], (of or (1,))[0])
    adjoint = Formula("adjoint", (output_label,))
    rules = contributions(line.primitive, labels, output_label, adjoint, shapes, symmetric)
    terms = [rule for used, rule in zip(line.operands, rules, strict=True) if used == operand]
    return equation(Formula("adjoint", (evaluation.labels[operand],)), reduce(add, terms)), of


def hessian_formula_table(evaluation: Evaluation, output: str, inputs: Sequence[str]) -> Table | None:
    """The Hessian of a number as matrices, a block for each two inputs that are vectors: Xᵀ X; None without a block."""
    labels = long_labels(evaluation)
    closed = closed_adjoints(evaluation.wengert, {evaluation.output(output): evaluation.cotangent(output)}, labels)
    shapes, symmetric = leaf_shapes(evaluation), symmetric_leaves(evaluation)
    called = evaluation.calls(evaluation.wengert.names, labels)
    vectors = [text for text in inputs if evaluation.wengert.shape(evaluation.wengert.inputs.index(text))[1:] == (1,)]
    rows = []
    for wanted in vectors:
        gradient = closed[evaluation.wengert.inputs.index(wanted)]
        for other in vectors:
            direction = _tangent(name(other), None)
            still = {name(text) for text in evaluation.wengert.inputs if text != other}
            still |= _still(evaluation, [other])
            moved = None if gradient is None else differential(gradient, None, shapes, still, symmetric)
            block = None if moved is None else matrix_of(moved, direction, shapes, symmetric)
            if block is None:
                continue
            formula = with_names(tidied_matrix(block, known_of(evaluation)), called)
            sides = [evaluation.wengert.shape(evaluation.wengert.inputs.index(text))[0] for text in (wanted, other)]
            cells = (name(wanted), name(other), formula, Words(shape_text(tuple(sides))))
            rows.append(Row(f"{wanted},{other}", cells))
    columns = (Column("by", Words("by")), Column("and_by", Words("and by")), Column("closed", Words("in one piece")))
    title = title_of("Hessian of ", name(output), " in one piece")
    key = key_of(evaluation, f"hessian/{output}/matrix")
    return Table(key, title, (*columns, *shape_column(evaluation)), tuple(rows)) if rows else None


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
