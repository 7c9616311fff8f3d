"""What lists with matrices have besides: shapes, gradients in one piece, and why each rule is what it is."""

from __future__ import annotations

from collections.abc import Sequence

from tracegen.document.table import Cell, Column, Mark, Row, Table, Words
from tracegen.evaluation.evaluation import Evaluation, with_names
from tracegen.formula import Formula, name, postorder
from tracegen.notation import printer
from tracegen.notation.plain import Unicode
from tracegen.primitives.rule_formulas import definition
from tracegen.rules.closed_adjoints import closed_adjoints
from tracegen.rules.matrix_layout import in_rows
from tracegen.rules.rewritings import tidied
from tracegen.rules.row_rules import Rows, equation, laid_out_shapes, leaf_shapes, symmetric_leaves
from tracegen.shapes import Shape, shape_text
from tracegen.tables.columns_and_titles import (
    Cells,
    adjoint_values_of,
    key_of,
    outputs_of,
    row_key,
    title_of,
    value_columns,
)
from tracegen.wengert.matrix_rewritings import Known, tidied_matrix
from tracegen.wengert.shape_inference import factor_shapes
from tracegen.wengert.wengert_list import ONE

LONGEST = 40
"""The most parts of an unnamed line that is written out in a formula in one piece."""

TOO_LONG = Mark("the closed formula is too long")


def shape_cell(shape: Shape) -> Words:
    """A shape in words: K×N, or 1×1 for a number."""
    return Words(shape_text(shape) if shape else "1×1")


def shape_column(evaluation: Evaluation) -> tuple[Column, ...]:
    """The column of shapes, in a list that has any."""
    return (Column("shape", Words("shape")),) if evaluation.wengert.shapes else ()


def shape_cells(evaluation: Evaluation, place: int) -> Cells:
    """The cell of :func:`shape_column` for one line."""
    return (shape_cell(evaluation.wengert.shape(place)),) if evaluation.wengert.shapes else ()


def adjoint_shape_cells(evaluation: Evaluation, place: int) -> Cells:
    """The cell of :func:`shape_column` for a line's adjoint, which has the line's shape or is a row."""
    shape = evaluation.wengert.shape(place)
    row = evaluation.convention.layout == "row"
    return (shape_cell(shape[::-1] if row else shape),) if evaluation.wengert.shapes else ()


def factor_cell(evaluation: Evaluation, rule: Formula) -> Cell:
    """The shape of every factor of a rule's last member: N×K · K×1."""
    worked = rule.args[-1] if rule.head == "equals" else rule
    shapes = laid_out_shapes(evaluation)
    if worked.head == "partial" or not any(node in shapes for node in postorder(worked)):
        return None
    return Words(factor_shapes(worked, shapes))


def shapes_table(evaluation: Evaluation) -> Table:
    """Every input and line with its shape."""
    rows = []
    for place, label in enumerate(evaluation.labels):
        members = equation(label, evaluation.definition(place))
        rows.append(Row(row_key(evaluation, place), (members, shape_cell(evaluation.wengert.shape(place)))))
    title = (Words("Shapes of "), *outputs_of(evaluation))
    columns = (Column("line", Words("line")), Column("shape", Words("shape")))
    return Table(key_of(evaluation, "shapes"), title, columns, tuple(rows))


def gradient_table(evaluation: Evaluation, output: str, inputs: Sequence[str]) -> Table:
    """The gradient of an output by each input as one formula over the names of the lines, with its shape and value.

    Of a matrix it is the adjoint of each input, for any adjoint ȳ of the output.
    """
    operand = evaluation.output(output)
    start = evaluation.cotangent(output)
    labels = long_labels(evaluation)
    closed = closed_adjoints(evaluation.wengert, {operand: start}, labels)
    called = evaluation.calls(evaluation.wengert.names, labels)
    _, values = evaluation.adjoints({output: ONE})
    rows = []
    for wanted in inputs:
        place = evaluation.wengert.inputs.index(wanted)
        label = Formula("adjoint", (name(wanted),))
        if start == ONE:
            label = Formula("partial", (name(output), name(wanted)))
        gradient = closed[place]
        formula = laid_out(evaluation, with_names(gradient, called)) if gradient else TOO_LONG
        cells: Cells = (label, formula, *adjoint_shape_cells(evaluation, place))
        rows.append(Row(wanted, (*cells, *adjoint_values_of(evaluation, values, place))))
    columns = (Column("input", Words("gradient")), Column("closed", Words("in one piece")), *shape_column(evaluation))
    title = title_of("Gradients of " if start == ONE else "Adjoints in one piece, of ", name(output))
    key = key_of(evaluation, f"gradient/{output}")
    return Table(key, title, (*columns, *value_columns(evaluation, values)), tuple(rows))


def laid_out(evaluation: Evaluation, gradient: Formula) -> Formula:
    """A gradient as the convention lays it out: with the shape of its input, or as a row."""
    formula = tidied_matrix(gradient, known_of(evaluation))
    return in_rows(formula, leaf_shapes(evaluation)) if evaluation.convention.layout == "row" else formula


def known_of(evaluation: Evaluation) -> Known:
    """What is known of the names in a list's formulas."""
    inputs = evaluation.problem.inputs
    probabilities = [name(entry.name) for entry in inputs if entry.probabilities]
    return Known(leaf_shapes(evaluation), symmetric_leaves(evaluation), probabilities, tidied)


def long_labels(evaluation: Evaluation, *, longest: int = LONGEST, names: bool = True) -> list[Formula]:
    """What lines are in a formula in one piece: inputs and named lines by their names, others by what they are.

    Without ``names``, only what has more than ``longest`` parts goes by its name.
    """
    wengert = evaluation.wengert
    labels = [name(text) for text in wengert.inputs]
    sizes = [1] * len(labels)
    for place in range(len(labels), len(wengert)):
        line = wengert.line(place)
        size = 1 + sum(sizes[operand] if operand >= 0 else 1 for operand in line.operands)
        has_name = place in wengert.names or evaluation.labels[place].args[0] in wengert.outputs
        named = (names and has_name) or size > longest
        sizes.append(1 if named else size)
        if named or line.primitive is None:
            labels.append(evaluation.labels[place])
            continue
        operands = [labels[operand] if operand >= 0 else wengert.constant(operand) for operand in line.operands]
        labels.append(definition(line.primitive, operands, [wengert.shape(operand) for operand in line.operands]))
    return labels


def derivation_tables(evaluation: Evaluation) -> list[Table]:
    """Under each line with matrices, why its adjoints are what they are: by inner products, in four lines."""
    shown = printer(Unicode, evaluation.convention)
    tables = []
    rows_of = Rows(evaluation)
    for place, line in enumerate(evaluation.wengert):
        if line.primitive is None or not rows_of.has_matrices(place):
            continue
        steps = rows_of.derivation(place)
        rows = tuple(
            Row(f"{step}", (Words("=" if step else ""), formula)) for step, formula in enumerate(_from_left(steps))
        )
        definition = equation(evaluation.labels[place], evaluation.definition(place))
        title = title_of("Why: ", definition)
        key = key_of(evaluation, f"why/{shown(evaluation.labels[place])}")
        columns = (Column("equals", None), Column("step", Words("by inner products")))
        tables.append(Table(key, title, columns, rows))
    return tables


def _from_left(steps: Sequence[Formula]) -> list[Formula]:
    """The members of the equation that a derivation is, one below the other."""
    return list(dict.fromkeys([*steps[0].args, *steps[1:]]))
