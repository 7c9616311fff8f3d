"""What the tables of a trace have in common: titles, keys, and the columns of values."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tracegen.document.table import Cell, Column, Decimal, Mark, Words
from tracegen.evaluation.evaluation import Evaluation, Values
from tracegen.formula import Formula, name
from tracegen.rules.row_rules import equation
from tracegen.rules.substitution import figure, substituted

Cells = tuple[Cell, ...]


def title_of(*parts: str | Formula) -> Cells:
    """A title from words and formulas."""
    return tuple(Words(part) if isinstance(part, str) else part for part in parts)


def key_of(evaluation: Evaluation, table: str) -> str:
    """The key of a table of a list: its outputs, then what the table shows."""
    return f"{'+'.join(evaluation.wengert.outputs)}/{table}"


def value_columns(evaluation: Evaluation, values: Values, prefix: str = "") -> tuple[Column, ...]:
    """The columns of the values that the convention shows; none without a point, no decimals of letters."""
    exact = Column(f"{prefix}exact", Words("exact value"))
    decimal = Column(f"{prefix}decimal", Words("decimal value"), numeric=True)
    return tuple({"exact": exact, "decimal": decimal}[kind] for kind in kinds_of(evaluation, values))


def values_of(evaluation: Evaluation, values: Values, place: int, rule: Formula | None = None) -> Cells:
    """The cells of :func:`value_columns` for one line; with a rule, its substituted arithmetic where the convention
    shows that."""
    return tuple(
        _fitting(values.exact(place) if kind == "exact" else _decimal_cell(evaluation, values, place, rule))
        for kind in kinds_of(evaluation, values)
    )


def adjoint_values_of(evaluation: Evaluation, values: Values, place: int) -> Cells:
    """The cells of :func:`value_columns` for a line's adjoint, which may be laid out as a row."""
    cells = values_of(evaluation, values, place)
    return tuple(map(_turned, cells)) if evaluation.convention.layout == "row" else cells


def _turned(cell: Cell) -> Cell:
    is_matrix = isinstance(cell, Formula) and cell.head == "matrix"
    return Formula("matrix", tuple(zip(*cell.args, strict=True))) if is_matrix and isinstance(cell, Formula) else cell


LARGEST = 64
"""The most elements of a matrix that a cell shows."""
TOO_LARGE = Mark(f"a matrix of more than {LARGEST} elements is left out of tables; JSON has it")


def _fitting(cell: Cell) -> Cell:
    """A value, unless it is a matrix that no table has room for."""
    large = isinstance(cell, Formula) and cell.head == "matrix" and len(cell.args) * len(cell.args[0]) > LARGEST
    return TOO_LARGE if large else cell


def kinds_of(evaluation: Evaluation, values: Values) -> list[str]:
    """Which values the convention shows, of those that there are."""
    wanted = evaluation.convention.values
    if not values.has_exact or wanted == "none":
        return []
    if not values.has_decimals:
        return ["exact"]
    if evaluation.wengert.shapes and wanted == "both":
        return ["decimal"]  # nobody writes the exact numbers of a network
    return ["exact", "decimal"] if wanted == "both" else [wanted]


def _decimal_cell(evaluation: Evaluation, values: Values, place: int, rule: Formula | None) -> Cell:
    decimal = values.decimal(place)
    how = evaluation.convention.substituted
    wengert = evaluation.wengert
    if how == "no" or rule is None or place < len(wengert.inputs) or not isinstance(decimal, Decimal):
        return decimal
    if any(wengert.shape(operand) for operand in wengert.line(place).operands):
        return decimal  # no arithmetic of matrices fits a cell
    tangents = None if values is evaluation.primal else values
    arithmetic = substituted(evaluation, rule, tangents)
    return arithmetic if how == "instead" else equation(arithmetic, figure(decimal))


def places_shown(evaluation: Evaluation) -> list[int]:
    """The lines that are primal and tangent rows: all, or all but the inputs that go by their own names."""
    inputs = range(len(evaluation.wengert.inputs))
    steps = range(len(evaluation.wengert.inputs), len(evaluation.wengert))
    if evaluation.convention.inputs == "none":
        return list(steps)
    if evaluation.wengert.shapes:
        return [*(place for place in inputs if not _has_own_name(evaluation, place)), *steps]
    return [*inputs, *steps]


def adjoint_places(evaluation: Evaluation, asked: Collection[str] = ()) -> list[int]:
    """The lines that are adjoint rows, in the convention's order; weights come after the others, data not at all,
    unless it is asked for."""
    places = range(len(evaluation.wengert))
    ordered = list(reversed(places)) if evaluation.convention.adjoint_order == "execution" else list(places)
    if not evaluation.wengert.shapes:
        return ordered
    inputs = range(len(evaluation.wengert.inputs))
    data = {place for place in evaluation.data if evaluation.wengert.inputs[place] not in asked}
    weights = [place for place in inputs if _has_own_name(evaluation, place) and place not in data]
    shown = frozenset(places_shown(evaluation)).difference(_of_data(evaluation, data), evaluation.unused)
    return [place for place in ordered if place in shown] + weights


def _of_data(evaluation: Evaluation, inputs: Collection[int]) -> set[int]:
    """The lines that depend on given data only, which have no adjoints either."""
    data = set(inputs)
    for place, line in enumerate(evaluation.wengert.lines):
        if line[0] >= 0 and all(operand < 0 or operand in data for operand in line[1:]):
            data.add(place)
    return data


def _has_own_name(evaluation: Evaluation, place: int) -> bool:
    return evaluation.labels[place] == name(evaluation.wengert.inputs[place])


def outputs_of(evaluation: Evaluation) -> Cells:
    """The names of a list's outputs, for a title."""
    names: list[Cell] = []
    for output in evaluation.wengert.outputs:
        names += [Words(", "), name(output)] if names else [name(output)]
    return tuple(names)


def row_key(evaluation: Evaluation, place: int) -> str:
    """The key of a line's row: the line's name."""
    return str(evaluation.labels[place].args[0])


def closing(evaluation: Evaluation) -> list[tuple[str, int]]:
    """The outputs that have a last row y = v5."""
    if not evaluation.convention.closing_rows:
        return []
    outputs = evaluation.wengert.outputs.items()
    return [(output, operand) for output, operand in outputs if evaluation.labels[operand] != name(output)]


def seed_words(seed: Mapping[str, Formula]) -> Cells:
    """A direction in words: ẋ = 1, ẏ = p."""
    words: list[str | Formula] = []
    for text, value in seed.items():
        words += [", "] if words else []
        words.append(Formula("equals", (Formula("tangent", (name(text), None)), value)))
    return title_of(*words)
