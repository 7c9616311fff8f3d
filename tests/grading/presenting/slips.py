"""The kinds of slips: for each what it makes of a rule, of a value, of a label or of several rows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .answers import ADJOINT, PRIMAL, TANGENT, Answer, Quantity, Statement
from .expressions import Node, Number, changed, finite, leaves, name, num, put_in, replaced, size, value_of, walk

Formulas = Iterator[Node]
Cells = dict[int, Node | Number]
"""What is written in some rows of an answer, by their places: other rules, or other values."""

ALIKE = {"1": "7", "7": "1", "2": "8", "8": "2", "5": "3", "3": "5", "4": "9", "9": "4"}


@dataclass(frozen=True)
class Slip:
    """A kind of slip: other formulas, values or labels of a statement, and the tags by which a report may name it."""

    name: str
    tags: tuple[str, ...]
    formulas: Callable[[Statement, Answer], Formulas] | None = None
    values: Callable[[Statement, Answer], Iterator[Number]] | None = None
    kinds: tuple[str, ...] = (PRIMAL, TANGENT, ADJOINT)
    labels: Callable[[Statement, Answer], Iterator[Quantity]] | None = None
    together: Callable[[Answer], Iterator[Cells]] | None = None
    """What one slip writes in several rows at once."""
    least: int = 2
    """In how many of them it has to show."""
    when: Callable[[Mapping[str, str]], bool] = lambda ways: True
    because: str = ""


def _each(heads: tuple[str, ...], make: Callable[[Node], list[Node]]) -> Callable[[Statement, Answer], Formulas]:
    """Formulas with one node of some heads replaced by one of those that ``make`` gives."""

    def formulas(statement: Statement, _: Answer) -> Formulas:
        for node in walk(statement.rule):
            if node.head in heads:
                for other in make(node):
                    yield replaced(statement.rule, node, other)

    return formulas


def _rows(answer: Answer, statement: Statement) -> list[str]:
    """The rows that are written before a statement, or at all in a sweep."""
    rows = [each.quantity.row for each in answer.statements if each.quantity.kind == PRIMAL]
    return rows[: rows.index(statement.quantity.row)] if statement.quantity.kind == PRIMAL else rows


def _other_rows(statement: Statement, answer: Answer) -> Formulas:
    for node in walk(statement.rule):
        if node.head == "name" and node.args[0] not in ("E",):
            for row in _rows(answer, statement):
                if row not in (node.args[0], statement.quantity.row):
                    yield replaced(statement.rule, node, name(row))


def _other_derivative(statement: Statement, answer: Answer) -> Formulas:
    before = []
    for each in answer.statements:
        if each is statement:
            break
        if each.quantity.table == statement.quantity.table:
            before.append(each.quantity.row)
    for node in walk(statement.rule):
        if node.head in ("bar", "dot"):
            yield from (
                replaced(statement.rule, node, Node(node.head, (row,))) for row in before if row != node.args[0]
            )


def _looks_alike(statement: Statement, answer: Answer) -> Formulas:
    rows = set(_rows(answer, statement))
    for node in walk(statement.rule):
        if node.head == "name" and node.args[0][-1] in ALIKE:
            other = node.args[0][:-1] + ALIKE[node.args[0][-1]]
            if other in rows:
                yield replaced(statement.rule, node, name(other))


def _itself(statement: Statement, answer: Answer) -> Formulas:
    for node in walk(statement.rule):
        if node.head == statement.quantity.leaf.head:
            yield replaced(statement.rule, node, statement.quantity.leaf)


def _terms(node: Node) -> list[Node]:
    return [*_terms(node.args[0]), *_terms(node.args[1])] if node.head == "add" else [node]


def _one_term_left_out(statement: Statement, answer: Answer) -> Formulas:
    for node in walk(statement.rule):
        if node.head in ("add", "sub"):
            yield from (replaced(statement.rule, node, kept) for kept in node.args[:1])
            if node.head == "add":
                yield replaced(statement.rule, node, node.args[1])


def _phantom(statement: Statement, answer: Answer) -> Formulas:
    before = []
    for each in answer.statements:
        if each is statement:
            break
        if each.quantity.table == statement.quantity.table:
            before.append(each.quantity.row)
    for row in before[1:]:
        if Node("bar", (row,)) not in list(walk(statement.rule)):
            yield Node("add", (statement.rule, Node("bar", (row,))))


def _power(node: Node) -> list[Node]:
    """The factor of the power rule lost: 2 v is v."""
    return [node.args[1]] if node.args[0].head == "num" else []


def _signs(node: Node) -> list[Node]:
    return [node.args[0]] if node.head == "neg" else [Node("add", node.args)]


def _digit(node: Node) -> list[Node]:
    return [num(each) for each in "2345" if node.args[0] not in (each, "0", "1") and node.args[0].isdigit()]


def _product(node: Node) -> list[Node]:
    if node.head == "exp":
        return [Node("mul", (name("E"), node.args[0]))]
    return [node.args[0]]


def _wrong_side(node: Node) -> list[Node]:
    return [Node("matmul", node.args[::-1])]


def _transposed(statement: Statement, answer: Answer) -> Formulas:
    for node in walk(statement.rule):
        if node.head == "transpose":
            yield replaced(statement.rule, node, node.args[0])
        if node.head == "matmul":
            yield from (
                replaced(statement.rule, arg, Node("transpose", (arg,))) for arg in node.args if arg.head == "name"
            )


def _degrees(statement: Statement, answer: Answer) -> Iterator[Number]:
    def turned(node: Node) -> Node | None:
        if node.head in ("sin", "cos", "tan"):
            return Node(node.head, (Node("div", (Node("mul", (node.args[0], num("3.141592653589793"))), num(180))),))
        return None

    rule = changed(statement.rule, turned)
    if rule != statement.rule:
        yield value_of(rule, written_at(answer, statement))


def visible(value: Number, right: Number) -> bool:
    """Whether a wrong value is seen to be wrong with the digits that people write."""
    if np.shape(value) != np.shape(right) or not finite(value, 1e5):
        return False
    gap = np.max(np.abs(np.asarray(value) - np.asarray(right)))
    return bool(gap > 0.06 * max(size(right), 0.5))


def is_stated(statement: Statement) -> bool:
    return statement.is_input or statement.rule.head == "num"


def place_of(answer: Answer, statement: Statement) -> int:
    return next(at for at, each in enumerate(answer.statements) if each is statement)


def written_at(answer: Answer, statement: Statement) -> dict[Node, Number]:
    return answer.names_at(place_of(answer, statement))


def _negated(statement: Statement, answer: Answer) -> Iterator[Number]:
    if statement.value is not None and size(statement.value):
        yield -statement.value


def _off(statement: Statement, answer: Answer) -> Iterator[Number]:
    if statement.value is not None and np.ndim(statement.value) == 0:
        yield from (statement.value + each for each in (1, -1, 0.5, 10))


def _alike_digit(statement: Statement, answer: Answer) -> Iterator[Number]:
    if statement.value is None or np.ndim(statement.value):
        return
    text = f"{statement.value:.4g}"
    if "e" not in text:
        for place, digit in enumerate(text[:3]):
            if digit in ALIKE:
                yield float(text[:place] + ALIKE[digit] + text[place + 1 :])


def _value_of_another_row(statement: Statement, answer: Answer) -> Iterator[Number]:
    for each in answer.statements:
        if each.quantity.table == statement.quantity.table and each is not statement and each.value is not None:
            yield each.value


def _value_of_another_seed(statement: Statement, answer: Answer) -> Iterator[Number]:
    for each in answer.statements:
        same = each.quantity.kind == TANGENT and each.quantity.row == statement.quantity.row
        if same and each is not statement and each.value is not None:
            yield each.value


def _zero(statement: Statement, answer: Answer) -> Iterator[Number]:
    value = answer.known.get(name(statement.quantity.row))
    for each in answer.statements:
        if each.quantity.kind == PRIMAL and each.quantity.row == statement.quantity.row:
            value = each.value
    if value is not None and np.ndim(value) == 0 and value == 0:
        yield 0.0


def _label_of_another_row(statement: Statement, answer: Answer) -> Iterator[Quantity]:
    for each in answer.statements:
        same = each.quantity.table == statement.quantity.table and not each.is_input and each is not statement
        apart = each.value is None or statement.value is None or visible(each.value, statement.value)
        if same and apart and each.rule != statement.rule:
            yield each.quantity


def _label_of_another_input(statement: Statement, answer: Answer) -> Iterator[Quantity]:
    given = {each.quantity.row for each in answer.statements if each.quantity.kind == PRIMAL and each.is_input}
    given |= set(answer.inputs)
    if statement.quantity.row in given:
        yield from (each for each in _label_of_another_row(statement, answer) if each.row in given)


ELEMENTARY: dict[str, Callable[[Node], Node]] = {
    "sin": lambda x: Node("cos", (x,)), "cos": lambda x: Node("sin", (x,)),
    "exp": lambda x: Node("mul", (name("E"), x)), "sqrt": lambda x: Node("div", (x, num(2))),
    "log": lambda x: Node("div", (Node("log", (x,)), Node("log", (num(10),)))),
    "tanh": lambda x: Node("tan", (x,)),
}  # fmt: skip
"""What people take for the value of a function."""


def _elementary(statement: Statement, answer: Answer) -> Iterator[Number]:
    for node in walk(statement.rule):
        if node.head in ELEMENTARY:
            rule = replaced(statement.rule, node, ELEMENTARY[node.head](node.args[0]))
            yield value_of(rule, written_at(answer, statement))


def _column_of_another_seed(answer: Answer) -> Iterator[Cells]:
    columns: dict[str, dict[str, int]] = {}
    for at, each in enumerate(answer.statements):
        if each.quantity.kind == TANGENT and each.value is not None:
            columns.setdefault(each.quantity.along, {})[each.quantity.row] = at
    for one, own in columns.items():
        for two, other in columns.items():
            if one != two and own.keys() == other.keys():
                yield {at: _value_at(answer, other[row]) for row, at in own.items()}


def _value_at(answer: Answer, place: int) -> Number:
    value = answer.statements[place].value
    assert value is not None
    return value


def _cells_swapped(answer: Answer) -> Iterator[Cells]:
    values = [at for at, each in enumerate(answer.statements) if each.value is not None and not is_stated(each)]
    for one, two in combinations(values, 2):
        if answer.statements[one].quantity.table == answer.statements[two].quantity.table:
            yield {one: _value_at(answer, two), two: _value_at(answer, one)}


def _renamed(answer: Answer) -> Iterator[Cells]:
    """Two rows called by the names of two others in every rule of a sweep."""
    rows = [each.quantity.row for each in answer.statements if each.quantity.kind == PRIMAL and not answer.shapes]
    for table in {each.quantity.table: None for each in answer.statements if each.quantity.kind in SWEEPS}:
        for one, two, other, another in zip(rows, rows[1:], rows[2:], rows[3:], strict=False):
            renaming = {name(other): name(one), name(another): name(two)}
            yield {
                at: put_in(each.rule, renaming)
                for at, each in enumerate(answer.statements)
                if each.quantity.table == table and leaves(each.rule) & renaming.keys()
            }


SWEEPS = (TANGENT, ADJOINT)
SLIPS = [
    Slip("sign of an edge dropped", ("slip.sign",), _each(("neg", "sub"), _signs)),
    Slip("power-rule factor lost", ("slip.factor", "slip.number"), _each(("mul",), _power), kinds=SWEEPS),
    Slip("number wrong", ("slip.number", "slip.misread", "slip.factor"), _each(("num",), _digit)),
    Slip("function taken at another row", ("slip.wrong-row", "slip.misread", "slip.input"), _other_rows),
    Slip("another derivative", ("slip.wrong-row", "slip.misread"), _other_derivative, kinds=SWEEPS),
    Slip("look-alike row", ("slip.misread", "slip.wrong-row"), _looks_alike),
    Slip("names itself", ("slip.itself", "slip.wrong-row", "slip.misread"), _itself),
    Slip("half of the product rule", ("slip.left-out",), _one_term_left_out, kinds=(TANGENT,)),
    Slip("contribution left out", ("slip.left-out",), _one_term_left_out, kinds=(ADJOINT,)),
    Slip("phantom contribution", ("slip.phantom", "slip.extra-term"), _phantom, kinds=(ADJOINT,)),
    Slip("upside down", ("slip.upside-down", "slip.order"), _each(("div",), lambda n: [Node("div", n.args[::-1])])),
    Slip("operands swapped", ("slip.order", "slip.sign"), _each(("sub",), lambda n: [Node("sub", n.args[::-1])])),
    Slip("plus for times", ("slip.operation",), _each(("mul",), lambda n: [Node("add", n.args)])),
    Slip("times for plus", ("slip.operation",), _each(("add",), lambda n: [Node("mul", n.args)]), kinds=(PRIMAL,)),
    Slip("function lost", ("slip.function", "slip.application"), _each(("exp", "sin", "log", "tanh"), _product)),
    Slip("sine for cosine", ("slip.function",), _each(("sin", "cos"), lambda n: [
        Node("cos" if n.head == "sin" else "sin", n.args)])),
    Slip("wrong side", ("slip.side",), _each(("matmul",), _wrong_side)),
    Slip("transposed", ("slip.transpose",), _transposed),
    Slip("sign of a value", ("slip.sign",), values=_negated),
    Slip("arithmetic", ("value.slip",), values=_off),
    Slip("look-alike digit", ("slip.misread", "slip.rounding"), values=_alike_digit),
    Slip("cells swapped", ("slip.swapped", "slip.sign", "slip.zero"), values=_value_of_another_row),
    Slip("pasted from another seed", ("slip.pasted", "slip.seed"), values=_value_of_another_seed, kinds=(TANGENT,)),
    Slip("label of another row", ("slip.label",), labels=_label_of_another_row, kinds=SWEEPS),
    Slip("label of another input", ("slip.label",), labels=_label_of_another_input, kinds=(ADJOINT,)),
    Slip("elementary value", ("slip.function", "value.slip"), values=_elementary, kinds=(PRIMAL,)),
    Slip("column of another seed", ("slip.pasted", "slip.seed"), together=_column_of_another_seed, kinds=(TANGENT,),
         least=1,
         when=lambda ways: ways["headings"] != "none" and ways["layout"] != "wide table" and ways["chain"] != "rule",
         because="without a heading it would be the other column, and with rules only there are no cells"),
    Slip("two cells swapped", ("slip.swapped",), together=_cells_swapped,
         when=lambda ways: ways["chain"] != "rule" and "numbers" not in ways["chain"],
         because="with rules only there are no cells, and numbers put in would carry what is swapped"),
    Slip("rows renamed", ("slip.renaming", "slip.wrong-row", "slip.misread"), together=_renamed, kinds=SWEEPS),
    Slip("degrees for radians", ("slip.degrees",), values=_degrees),
    Slip("derivative of zero as zero", ("slip.zero",), values=_zero, kinds=SWEEPS),
]  # fmt: skip
NAMED = {slip.name: slip for slip in SLIPS}
