"""A trace as plain data for programs: the JSON of the README."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tracegen.algebra.machine import folded
from tracegen.document.table import Cell, Decimal
from tracegen.evaluation.checks import Checked
from tracegen.evaluation.evaluation import Evaluation, Values
from tracegen.formula import Formula, name, with_children
from tracegen.notation import text
from tracegen.notation.name_parts import identifier
from tracegen.problems.meant_formulas import as_meant
from tracegen.problems.problem import HIDDEN, Problem
from tracegen.rules.chain_rule import adjoint_rule
from tracegen.rules.row_rules import Rows
from tracegen.tables.derivative_matrices import jacobian_row
from tracegen.wengert.wengert_list import ONE, ZERO

Record = dict[str, Any]

LONGEST = 10_000
"""The most parts of an output's formula that is still written out."""


def record_of(
    problem: Problem,
    evaluations: Sequence[Evaluation],
    checked: Mapping[str, Checked],
    outputs: Sequence[str],
    inputs: Sequence[str],
    seed: Mapping[str, Formula] | None = None,
) -> Record:
    """The whole trace as dictionaries, lists, texts and None; tangents along each input, or along one ``seed``."""
    problem = as_meant(problem)
    return {
        "title": problem.title,
        "inputs": {
            identifier(entry.name): None if entry.value is None else plain(entry.value) for entry in problem.inputs
        },
        "parameters": {
            identifier(key): None if value is None else plain(value) for key, value in problem.parameters.items()
        },
        "steps": {
            identifier(step): text(formula) for step, formula in problem.steps.items() if not step.startswith(HIDDEN)
        },
        "outputs": {identifier(output): _spelled_out(problem, formula) for output, formula in problem.outputs.items()},
        "lists": [_list(evaluation, outputs, inputs, seed) for evaluation in evaluations],
        "jacobian": _jacobian(evaluations, outputs, inputs),
        "checked": {key: _checked(value) for key, value in checked.items()},
    }


def _spelled_out(problem: Problem, formula: Formula) -> str | None:
    """The text of an output, with unnamed steps written out; None where that would be too long."""
    written: dict[str, tuple[Formula, int]] = {}
    for step in problem.steps:
        if step.startswith(HIDDEN):
            written[step] = _put_in(problem.steps[step], written)
    whole, size = _put_in(formula, written)
    return text(whole) if size <= LONGEST else None


def _put_in(formula: Formula, written: Mapping[str, tuple[Formula, int]]) -> tuple[Formula, int]:
    """A formula with what some names stand for, and its size; where that is too long, only the size is right."""

    def put_in(node: Formula, parts: list[tuple[Formula, int]]) -> tuple[Formula, int]:
        known = written.get(node.args[0]) if node.head == "name" else None
        size = 1 + sum(part_size for _, part_size in parts)
        rebuilt = node if size > LONGEST else with_children(node, [part for part, _ in parts])
        return known or (rebuilt, min(size, LONGEST + 1))

    return folded(formula, put_in)


def to_json(record: Record) -> str:
    """The record as JSON text."""
    return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def plain(cell: Cell) -> Any:
    """A cell for programs: text that SymPy reads, lists of it for a matrix, None where nothing is shown."""
    if isinstance(cell, Formula):
        if cell.head == "matrix":
            return [[plain(entry) for entry in row] for row in cell.args]
        return text(cell)
    return str(cell) if isinstance(cell, Decimal) else None


def _list(
    evaluation: Evaluation, outputs: Sequence[str], inputs: Sequence[str], seed: Mapping[str, Formula] | None
) -> Record:
    listed = [output for output in evaluation.wengert.outputs if output in outputs]
    return {
        "outputs": [*map(identifier, evaluation.wengert.outputs)],
        "lines": [_line(evaluation, place) for place in range(len(evaluation.wengert))],
        "tangents": _all_tangents(evaluation, inputs) if seed is None else [_tangents(evaluation, seed, None)],
        "adjoints": [_adjoints(evaluation, output) for output in listed],
    }


def _line(evaluation: Evaluation, place: int) -> Record:
    line = evaluation.wengert.line(place)
    kind = "output" if place in evaluation.wengert.outputs.values() else "step"
    record = {
        "name": text(evaluation.labels[place]),
        "kind": kind if line.primitive else "input",
        "primitive": line.primitive.name if line.primitive else "input",
        "operands": [text(evaluation.label(operand)) for operand in line.operands],
        "definition": text(evaluation.definition(place)),
        **_values(evaluation.primal, place),
    }
    if evaluation.wengert.shapes:
        record["shape"] = [str(dimension) for dimension in line.shape]
    return record


def _values(values: Values, place: int) -> Record:
    return {"exact": plain(values.exact(place)), "decimal": plain(values.decimal(place))}


def _all_tangents(evaluation: Evaluation, inputs: Sequence[str]) -> list[Record]:
    """A sweep for each input; of a list with matrices one, in which every input moves in a direction of its own."""
    if not evaluation.wengert.shapes:
        return [_tangents(evaluation, {wanted: ONE}, name(wanted)) for wanted in inputs]
    rows = Rows(evaluation)
    names = [name(wanted) for wanted in evaluation.wengert.inputs]
    lines = []
    for place, label in enumerate(evaluation.labels):
        rule = Formula("tangent", (names[place], None)) if place < len(names) else rows.tangent(place, None)
        lines.append({"name": text(label), "rule": text(rule), "exact": None, "decimal": None})
    return [{"seed": {text(wanted): text(Formula("tangent", (wanted, None))) for wanted in names}, "lines": lines}]


def _tangents(evaluation: Evaluation, along: Mapping[str, Formula], direction: Formula | None) -> Record:
    seed = [along.get(text, ZERO) for text in evaluation.wengert.inputs]
    _, values = evaluation.tangents(seed)
    rows = Rows(evaluation)
    lines = []
    for place, label in enumerate(evaluation.labels):
        rule = seed[place] if place < len(seed) else rows.tangent(place, direction)
        lines.append({"name": text(label), "rule": text(rule), **_values(values, place)})
    return {"seed": dict(zip(map(identifier, evaluation.wengert.inputs), map(text, seed), strict=True)), "lines": lines}


def _adjoints(evaluation: Evaluation, output: str) -> Record:
    swept, values = evaluation.adjoints({output: ONE})
    rows = Rows(evaluation)
    lines = []
    for place in reversed(range(len(evaluation.wengert))):
        if place in evaluation.unused:
            continue
        start = evaluation.cotangent(output) if place == evaluation.output(output) else ZERO
        rule = adjoint_rule([start, *(contribution.worked for contribution in rows.arriving(place, swept))])
        lines.append({"name": text(evaluation.labels[place]), "rule": text(rule), **_values(values, place)})
    return {"of": identifier(output), "lines": lines}


def _jacobian(evaluations: Sequence[Evaluation], outputs: Sequence[str], inputs: Sequence[str]) -> Record:
    rows = {
        kind: [[plain(cell) for cell in jacobian_row(evaluations, output, inputs, kind)] for output in outputs]
        for kind in ("exact", "decimal")
    }
    return {"outputs": [*map(identifier, outputs)], "inputs": [*map(identifier, inputs)], **rows}


def _checked(checked: Checked) -> Record:
    return {
        "forward_equals_reverse": True,
        "equals_differences": checked.differences,
        "sweeps": checked.sweeps,
        "points": checked.points,
        "digits": checked.digits,
    }
