"""Right tables of a problem, from the lists and sweeps of the core: a statement for every row of every table."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tracegen import Problem, trace

from .expressions import Node, Number, close, finite, leaves, name, parsed, value_of, walk
from .problems import Task

Record = dict[str, Any]
"""What a trace says of itself."""

PRIMAL, TANGENT, ADJOINT, PARTIAL = "primal", "tangent", "adjoint", "partial"

CHOICES: list[dict[str, Any]] = [
    {}, {"minus": "folded"}, {"inputs": "own"}, {"lists": "joint"}, {"reuse": "output"}, {"steps": "whole"},
    {"order": "levels"}, {"sigmoid": "expanded"},
]  # fmt: skip
"""Lists that careful people write for one function."""


class UnfitError(Exception):
    """A drawn problem that nobody would set: no value, numbers of many digits, a kink at the point."""


@dataclass(frozen=True)
class Quantity:
    """What a row is about: a row's value, its tangent along an input, or its adjoint of an output."""

    kind: str
    row: str
    along: str = ""

    @property
    def leaf(self) -> Node:
        """The quantity as it stands in formulas of its own table."""
        if self.kind == PARTIAL:
            return Node("partial", (self.row, self.along))
        return Node({PRIMAL: "name", TANGENT: "dot", ADJOINT: "bar"}[self.kind], (self.row,))

    @property
    def table(self) -> tuple[str, str]:
        """The table that it belongs to."""
        return self.kind, "" if self.kind == PARTIAL else self.along


@dataclass
class Statement:
    """A row: the quantity, the formulas in the order of a chain, and the value that is written.

    ``label`` is what the row says that it is about, where that is wrong.
    ``label_slip``, ``formula_slip`` and ``value_slip`` name planted slips;
    ``carried`` says that the value follows from a slip in another row; ``follows`` that it does from that in this row,
    or that a judge may think of it what it likes. ``mistake`` is what statements share that one slip has spoiled.
    """

    quantity: Quantity
    rule: Node
    value: Number | None
    unworked: Node | None = None
    exact: Node | None = None
    is_input: bool = False
    label: Quantity | None = None
    label_slip: str = ""
    formula_slip: str = ""
    value_slip: str = ""
    carried: bool = False
    follows: bool = False
    mistake: str = ""

    def copied(self) -> Statement:
        """A statement of the same parts; copy.copy takes three times as long, and every draw copies thousands."""
        found = object.__new__(Statement)
        found.__dict__.update(self.__dict__)
        return found

    @property
    def slip(self) -> str:
        return self.formula_slip or self.value_slip or self.label_slip


@dataclass
class Answer:
    """The statements of one list and its sweeps, table by table."""

    inputs: list[str]
    outputs: dict[str, str]
    known: dict[Node, Number]
    statements: list[Statement]
    shapes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    samples: list[dict[Node, Number]] = field(default_factory=list)
    data: frozenset[str] = frozenset()
    """Inputs that the problem gives as data."""
    own_steps: frozenset[str] = frozenset()
    """Rows that are no steps of the list of the problem as it is written."""
    made: str = ""
    """Which of the lists that careful people write it is."""
    direction: dict[str, float] | None = None
    """The tangents of the inputs, where they are not those of one input after another."""

    def copied(self) -> Answer:
        return replace(self, statements=[each.copied() for each in self.statements])

    def tables(self) -> dict[tuple[str, str], list[Statement]]:
        """The statements of each table in their order."""
        found: dict[tuple[str, str], list[Statement]] = {}
        for each in self.statements:
            found.setdefault(each.quantity.table, []).append(each)
        return found

    def environments(self, statements: list[Statement], known: Mapping[Node, Number]) -> Iterator[dict[Node, Number]]:
        """The names that each statement may use, with values as written; the caller writes values as it goes."""
        primal = dict(known)
        sweeps: dict[tuple[str, str], dict[Node, Number]] = {}
        for each in statements:
            own = primal
            if each.quantity.kind != PRIMAL:
                seeds = self.seeds(each.quantity) if each.quantity.kind == TANGENT else {}
                own = sweeps.setdefault(each.quantity.table, {**primal, **seeds})
            yield own
            if each.value is not None:
                own[each.quantity.leaf] = each.value

    def names_at(self, place: int, known: Mapping[Node, Number] | None = None) -> dict[Node, Number]:
        """The names that the statement at a place may use: as written, or worked out at other numbers of the inputs."""
        about = self.statements[place].quantity
        own = dict(self.known if known is None else known)
        if about.kind == TANGENT:
            own |= self.seeds(about)
        for each in self.statements[:place]:
            if each.quantity.kind == PRIMAL or each.quantity.table == about.table:
                value = each.value if known is None else value_of(each.rule, own)
                if value is not None:
                    own[each.quantity.leaf] = value
        return own

    def seeds(self, quantity: Quantity) -> dict[Node, Number]:
        """The tangents of the inputs in a table of tangents."""
        along = self.direction or {given: 1.0 if given == quantity.along else 0.0 for given in self.inputs}
        return {Node("dot", (given,)): value for given, value in along.items()}

    def worked_out(self, known: Mapping[Node, Number]) -> list[Number]:
        """The value of every rule at other numbers of the inputs."""
        statements = [each.copied() for each in self.statements]
        found = []
        for each, own in zip(statements, self.environments(statements, known), strict=True):
            each.value = value_of(each.rule, own)
            found.append(each.value)
        return found


def answers_of(task: Task, source: random.Random) -> list[Answer]:
    """The answer of one writer: a list for each output, or a joint one. Raises UnfitError."""
    choices: dict[str, Any] = source.choice(CHOICES)
    text = source.choice(task.writers)
    try:
        record = trace(Problem.from_toml(text), **choices).record()
    except Exception as error:
        raise UnfitError(str(error)) from None
    known = _known(record)
    made = " ".join(f"{choice} {value}" for choice, value in choices.items()) or "as usual"
    made += "" if text == task.toml else ", other steps"
    data = frozenset(["t"]) if "constant = true" in text else frozenset()
    answers = [replace(_answer(entry, known, source), data=data, made=made) for entry in record["lists"]]
    for answer in answers:
        _check(answer)
    if text == task.toml:
        return answers
    usual = trace(Problem.from_toml(task.toml), **choices).record()
    plain = [_answer(entry, known, source) for entry in usual["lists"]]
    return [replace(answer, own_steps=_own_steps(answer, plain)) for answer in answers]


def _own_steps(answer: Answer, plain: list[Answer]) -> frozenset[str]:
    """The rows of a list whose values no list of the problem as it is written has."""
    sample = answer.samples[0]
    usual = [value for each in plain for value in each.worked_out(sample)]
    return frozenset(
        each.quantity.row
        for each, value in zip(answer.statements, answer.worked_out(sample), strict=True)
        if each.quantity.kind == PRIMAL and not any(close(value, other) for other in usual)
    )


def _known(record: Record) -> dict[Node, Number]:
    given = {**record["inputs"], **record["parameters"]}
    return {name(key): _number(value) for key, value in given.items() if value is not None}


def _number(value: str | list[Any]) -> Number:
    if isinstance(value, list):
        return np.array([[_number(cell) for cell in row] for row in value], dtype=float)
    return value_of(parsed(value), {})


def _answer(entry: Record, known: dict[Node, Number], source: random.Random) -> Answer:
    lines = entry["lines"]
    inputs = [line["definition"] for line in lines if line["kind"] == "input"]
    shapes = {line["name"]: tuple(line["shape"]) for line in lines if "shape" in line}
    statements = [
        _statement(Quantity(PRIMAL, line["name"]), line["definition"], line, line["kind"] == "input") for line in lines
    ]
    for sweep in entry["tangents"]:
        ones = [key for key, value in sweep["seed"].items() if value == "1"]
        if len(ones) != 1:
            continue
        for at, line in enumerate(sweep["lines"]):
            statement = _statement(
                Quantity(TANGENT, line["name"], ones[0]), line["rule"], line, lines[at]["kind"] == "input"
            )
            statements.append(statement)
    for sweep in entry["adjoints"]:
        statements += [
            _statement(Quantity(ADJOINT, line["name"], sweep["of"]), line["rule"], line) for line in sweep["lines"]
        ]
    outputs = {key: _row_of(key, lines, entry["adjoints"]) for key in entry["outputs"]}
    answer = Answer(inputs, outputs, known, statements, shapes)
    _unworked(answer, lines)
    answer.samples = [_sample(known, entry, source) for _ in range(3)]
    _write_values(answer, lines)
    return answer


def _row_of(output: str, lines: list[Record], adjoints: list[Record]) -> str:
    return next((str(each["lines"][0]["name"]) for each in adjoints if each["of"] == output), str(lines[-1]["name"]))


def _statement(quantity: Quantity, rule: str, line: Record, is_input: bool = False) -> Statement:
    exact = parsed(line["exact"]) if isinstance(line.get("exact"), str) else None
    return Statement(quantity, parsed(rule), None, exact=exact, is_input=is_input)


def _unworked(answer: Answer, lines: list[Record]) -> None:
    """The sums of products with local partials that are worked out in the rules."""
    operands = {line["name"]: list(dict.fromkeys(line["operands"])) for line in lines}
    rows = set(operands)
    for each in answer.statements:
        kind, row = each.quantity.kind, each.quantity.row
        if each.is_input or answer.shapes or kind == PRIMAL or not leaves(each.rule):
            continue
        if kind == TANGENT:
            terms = [
                Node("mul", (Node("partial", (row, operand)), Node("dot", (operand,))))
                for operand in operands[row]
                if operand in rows
            ]
        else:
            terms = [
                Node("mul", (Node("bar", (child,)), Node("partial", (child, row))))
                for child in reversed(operands)
                if row in operands[child] and Node("bar", (child,)) in leaves(each.rule)
            ]
        if terms:
            each.unworked = terms[0] if len(terms) == 1 else _sum(terms)


def _sum(terms: list[Node]) -> Node:
    whole = terms[0]
    for term in terms[1:]:
        whole = Node("add", (whole, term))
    return whole


def _sample(known: dict[Node, Number], entry: Record, source: random.Random) -> dict[Node, Number]:
    """The numbers of the inputs near the point; of matrices in letters any."""
    if known:
        return {key: value * (1 + source.uniform(0.003, 0.02)) for key, value in known.items()}
    sizes: dict[str, int] = {}
    found: dict[Node, Number] = {}
    for line in entry["lines"]:
        if line["kind"] == "input":
            shape = [int(each) if each.isdigit() else sizes.setdefault(each, 3 + len(sizes)) for each in line["shape"]]
            found[name(line["definition"])] = np.array(
                [[source.uniform(0.3, 1.5) for _ in range(shape[1])] for _ in range(shape[0])]
            )
    return found


def _write_values(answer: Answer, lines: list[Record]) -> None:
    if not answer.known:
        return
    decimals = {line["name"]: line["decimal"] for line in lines}
    for each, value in zip(answer.statements, answer.worked_out(answer.known), strict=True):
        each.value = value
        if each.quantity.kind == PRIMAL and not finite(value):
            raise UnfitError(each.quantity.row)
        expected = decimals[each.quantity.row]
        if each.quantity.kind == PRIMAL and expected is not None and not close(value, _decimal(expected), 1e-4):
            raise AssertionError(f"{each} is not {expected}")


def _decimal(value: str | list[Any]) -> Number:
    return _number(value)


def _check(answer: Answer) -> None:
    for each in answer.statements:
        if each.value is None:
            continue
        if not finite(each.value, 1e5):
            raise UnfitError("too large")
        small = np.abs(np.asarray(each.value))
        if bool(np.any((small > 0) & (small < 1e-3))):
            raise UnfitError("too small to be written")
    _check_slopes(answer)
    labels = [each.quantity.row for each in answer.statements if each.quantity.kind == PRIMAL]
    if not 3 <= len(labels) <= 16:
        raise UnfitError("too short or too long")
    for each in answer.statements:
        for node in walk(each.rule):
            if node.head in ("abs", "relu", "max", "min") and answer.known and _near_kink(answer, node):
                raise UnfitError("at a kink")


def _check_slopes(answer: Answer) -> None:
    """No function that does not depend on one of its inputs."""
    if not answer.known:
        return
    for sample in answer.samples:
        values = answer.worked_out(sample)
        for each, value in zip(answer.statements, values, strict=True):
            last = each.quantity.row in answer.outputs.values() and each.quantity.kind == TANGENT
            if last and len(answer.outputs) == 1 and close(value, 0.0):
                raise UnfitError("a slope that is 0")


def _near_kink(answer: Answer, node: Node) -> bool:
    known = {**answer.known}
    for each in answer.statements:
        if each.quantity.kind == PRIMAL and each.value is not None:
            known[each.quantity.leaf] = each.value
    values = [value_of(arg, known) for arg in node.args]
    gap = values[0] - values[1] if len(values) > 1 else values[0]
    return bool(np.any(np.abs(np.asarray(gap)) < 0.1)) or math.isnan(float(np.min(np.asarray(gap))))
