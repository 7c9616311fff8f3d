"""What a writer makes of an answer before writing: rows left out, fused or added, and the seeds of tangents."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from .answers import ADJOINT, PARTIAL, PRIMAL, TANGENT, Answer, Quantity, Statement
from .expressions import ONE, Node, Number, changed, leaves, name, num, put_in, value_of, walk

SECTIONS = {"primal": PRIMAL, "forward": TANGENT, "reverse": ADJOINT}
LONGEST = 14
"""The most nodes of a formula that two rows are fused into."""


def adapted(answer: Answer, ways: Mapping[str, str], pick: int) -> Answer:
    """The answer as its writer has it: only the tables that are written, row by row.

    ``pick`` settles what is left to chance, alike for all answers of a sheet.
    """
    source = random.Random(pick)
    answer = _as_people_do(answer.copied())
    if ways["kinks"] != "as sign":
        answer = _with_kinks(answer, ways["kinks"])
    if ways["local partials"] != "none":
        answer = _with_local_partials(answer)
    if ways["seeds"] in ("stated", "read off the input rows", "letters"):
        answer = _along_a_direction(answer, source)
    if ways["seeds"] == "letters":
        answer = _with_seeds_in_letters(answer)
    answer = _chosen_tables(answer, ways)
    if ways["steps"] == "one fused":
        answer = _fused(answer, source)
    answer = _without_input_rows(answer, None if ways["inputs"] == "left out" else _unsaying(answer))
    if ways["constants"] == "rows":
        answer = _with_constants(answer)
    if ways["last row"] == "left out":
        answer = _without_last_row(answer)
    if ways["last row"] == "closing row":
        answer = _with_closing_rows(answer)
    return answer


def _unsaying(answer: Answer) -> set[str]:
    """The rows x = x of a list without numbers, which nobody writes; with numbers they are x = 2."""
    own = [each for each in _inputs(answer) if each.rule == name(each.quantity.row)]
    for each in own:
        if each.value is not None and np.ndim(each.value) == 0:
            each.rule = _number(float(each.value))
    return {each.quantity.row for each in own if each.rule.head == "name"}


def _number(value: float) -> Node:
    text = num(f"{abs(value):g}")
    return Node("neg", (text,)) if value < 0 else text


def _inputs(answer: Answer) -> list[Statement]:
    return [each for each in answer.statements if each.is_input and each.quantity.kind == PRIMAL]


def _as_people_do(answer: Answer) -> Answer:
    """Without adjoints of rows on which the output does not rest, and of data that the problem gives."""
    given = {str(each.rule.args[0]): each.quantity.row for each in _inputs(answer)}
    data = {given.get(each, each) for each in answer.data}
    kept = [
        each
        for each in answer.statements
        if each.quantity.kind != ADJOINT or (each.rule != num(0) and each.quantity.row not in data)
    ]
    return replace(answer, statements=kept)


def _with_kinks(answer: Answer, way: str) -> Answer:
    """The local partials of kinked steps as steps, or as their values on the point's side."""
    for each, own in zip(answer.statements, answer.environments(answer.statements, answer.known), strict=True):
        if each.quantity.kind == PRIMAL:
            continue

        def said(node: Node, known: Mapping[Node, Number] = own) -> Node | None:
            whole = node.head == "div" and node.args[0].head in ("add", "sub") and node.args[0].args[1].head == "sign"
            if way == "as a step" and whole:
                inside = node.args[0].args[1].args[0]
                one, two = inside.args if inside.head == "sub" else (inside, num(0))
                return Node("greater", (one, two) if node.args[0].head == "add" else (two, one))
            if way == "on the point's side" and (whole or node.head in ("sign", "heaviside")):
                value = value_of(node, known)
                return _number(float(value)) if np.ndim(value) == 0 else None
            return None

        each.rule = changed(each.rule, said)
    return answer


def _chosen_tables(answer: Answer, ways: Mapping[str, str]) -> Answer:
    kinds = {SECTIONS[each] for each in ways["sections"].split(", ")} | {PARTIAL}
    first = next((each.quantity.along for each in answer.statements if each.quantity.kind == TANGENT), "")
    every = ways["seeds"] == "every unit"
    kept = [
        each
        for each in answer.statements
        if each.quantity.kind in kinds and (each.quantity.kind != TANGENT or every or each.quantity.along == first)
    ]
    return replace(answer, statements=kept)


def _along_a_direction(answer: Answer, source: random.Random) -> Answer:
    """One table of tangents along a direction of numbers in place of those along each input."""
    along = next((each.quantity.along for each in answer.statements if each.quantity.kind == TANGENT), None)
    if along is None:
        return answer
    direction = {given: source.choice([1, -1, 2, 3]) for given in answer.inputs}
    given_of = {each.quantity.row: str(each.rule.args[0]) for each in _inputs(answer)}
    statements = []
    for each in answer.statements:
        if each.quantity.kind != TANGENT:
            statements.append(each)
        elif each.quantity.along == along:
            rule = each.rule
            if each.is_input:
                rule = _number(direction[given_of[each.quantity.row]])
            statements.append(replace(each, quantity=Quantity(TANGENT, each.quantity.row), rule=rule, exact=None))
    found = replace(answer, statements=statements, direction={key: float(value) for key, value in direction.items()})
    for each, value in zip(found.statements, found.worked_out(found.known), strict=True):
        each.value = value
    return found


def _with_seeds_in_letters(answer: Answer) -> Answer:
    """Tangents along any direction: those of the inputs are letters, and no row has a value."""
    given_of = {each.quantity.row: str(each.rule.args[0]) for each in _inputs(answer)}
    kept = []
    for each in answer.statements:
        if each.quantity.kind != TANGENT:
            kept.append(each)
            continue
        rule = Node("dot", (given_of[each.quantity.row],)) if each.is_input else each.rule
        if rule != each.quantity.leaf:
            kept.append(replace(each, rule=rule, value=None))
    return replace(answer, statements=kept)


def _fused(answer: Answer, source: random.Random) -> Answer:
    """One row that is used once put into the row that uses it."""
    primal = [each for each in answer.statements if each.quantity.kind == PRIMAL]
    uses = {each.quantity.row: sum(each.quantity.leaf in leaves(other.rule) for other in primal) for each in primal}
    outputs = set(answer.outputs.values())
    possible = [each for each in primal if not each.is_input and uses[each.quantity.row] == 1
                and each.quantity.row not in outputs]  # fmt: skip
    if not possible:
        return answer
    row = source.choice(possible).quantity.row
    gone = [each for each in answer.statements if each.quantity.row == row]
    statements = []
    for each in answer.statements:
        if each in gone or (each.quantity.kind == PARTIAL and row in (each.quantity.row, each.quantity.along)):
            continue
        known = {other.quantity.leaf: other.rule for other in gone
                 if other.quantity.kind == PRIMAL or other.quantity.table == each.quantity.table}  # fmt: skip
        rule = put_in(put_in(each.rule, known), known)
        about = each.unworked is not None and any(row in node.args for node in walk(each.unworked))
        statements.append(replace(each, rule=rule, unworked=None if about else each.unworked))
    if max(sum(1 for _ in walk(each.rule)) for each in statements) > LONGEST:
        return answer
    return replace(answer, statements=statements)


def _without_input_rows(answer: Answer, only: set[str] | None) -> Answer:
    """The same list with inputs (or some) under their own names: no rows of theirs, no tangents of theirs."""
    rows = {
        each.quantity.row: str(each.rule.args[0])
        for each in _inputs(answer)
        if each.rule.head == "name" and (only is None or each.quantity.row in only)
    }
    renamed: dict[Node, Node] = {}
    for row, given in rows.items():
        renamed |= {Node(head, (row,)): Node(head, (given,)) for head in ("name", "bar", "dot")}

    def partial(node: Node) -> Node | None:
        return Node("partial", tuple(rows.get(arg, arg) for arg in node.args)) if node.head == "partial" else None

    kept = []
    for each in answer.statements:
        if each.is_input and each.quantity.row in rows:
            continue
        quantity = replace(each.quantity, row=rows.get(each.quantity.row, each.quantity.row))
        if quantity.kind == PARTIAL:
            quantity = replace(quantity, along=rows.get(quantity.along, quantity.along))
        unworked = each.unworked and changed(put_in(each.unworked, renamed), partial)
        kept.append(replace(each, quantity=quantity, rule=put_in(each.rule, renamed), unworked=unworked))
    shapes = {rows.get(key, key): value for key, value in answer.shapes.items()}
    return replace(answer, statements=kept, shapes=shapes)


def _with_constants(answer: Answer) -> Answer:
    """The whole numbers of the rules of the list as rows of their own."""
    taken = (
        {each.quantity.row for each in answer.statements} | {key.args[0] for key in answer.known} | set(answer.outputs)
    )
    letters = [each for each in ("c", "k", "n", "m", "q") if each not in taken]
    names: dict[Node, Node] = {}

    def named(node: Node) -> Node | None:
        if node.head == "pow":
            return Node("pow", (changed(node.args[0], named), node.args[1]))
        if node.head != "num" or node.args[0] in ("0", "1") or (node not in names and len(names) == len(letters)):
            return None
        return names.setdefault(node, name(letters[len(names)]))

    statements = [
        replace(each, rule=changed(each.rule, named)) if each.quantity.kind == PRIMAL else each
        for each in answer.statements
    ]
    rows = [
        Statement(Quantity(PRIMAL, str(letter.args[0])), number, value_of(number, {}), is_input=True)
        for number, letter in names.items()
    ]
    return replace(answer, statements=rows + statements)


def _without_last_row(answer: Answer) -> Answer:
    """Without the row of the output, where nothing uses its name."""
    primal = [each for each in answer.statements if each.quantity.kind == PRIMAL]
    last = primal[-1]
    used = any(last.quantity.leaf in leaves(each.rule) for each in answer.statements)
    if used or len(primal) < 4 or len(answer.outputs) > 1:
        return answer
    return replace(answer, statements=[each for each in answer.statements if each is not last])


def _with_closing_rows(answer: Answer) -> Answer:
    """With a row y = v5 below the list."""
    primal = {each.quantity.row: each for each in answer.statements if each.quantity.kind == PRIMAL}
    closing = [
        Statement(Quantity(PRIMAL, output), name(row), primal[row].value, exact=primal[row].exact)
        for output, row in answer.outputs.items()
        if row != output
    ]
    others = [each for each in answer.statements if each.quantity.kind != PRIMAL]
    return replace(answer, statements=[*primal.values(), *closing, *others])


def _with_local_partials(answer: Answer) -> Answer:
    """With the local partials of each row, read off the rules of the tangents."""
    along = next((each.quantity.along for each in answer.statements if each.quantity.kind == TANGENT), None)
    found = []
    for each in answer.statements:
        if each.quantity.kind != TANGENT or each.quantity.along != along or each.is_input:
            continue
        for dot in dict.fromkeys(node for node in walk(each.rule) if node.head == "dot"):
            rule = _coefficient(each.rule, dot)
            if rule is not None:
                found.append(Statement(Quantity(PARTIAL, each.quantity.row, str(dot.args[0])), rule, None))
    at = sum(each.quantity.kind == PRIMAL for each in answer.statements)
    whole = replace(answer, statements=[*answer.statements[:at], *found, *answer.statements[at:]])
    for each, value in zip(whole.statements, whole.worked_out(whole.known), strict=True):
        each.value = value if whole.known else None
    return whole


def _coefficient(rule: Node, dot: Node) -> Node | None:
    """What a tangent is multiplied by in a rule."""
    if rule == dot:
        return ONE
    if dot not in leaves(rule):
        return None
    if rule.head in ("add", "sub"):
        left, right = (_coefficient(arg, dot) for arg in rule.args)
        right = Node("neg", (right,)) if right is not None and rule.head == "sub" else right
        return Node("add", (left, right)) if left is not None and right is not None else left or right
    if rule.head == "neg":
        inner = _coefficient(rule.args[0], dot)
        return None if inner is None else Node("neg", (inner,))
    if rule.head not in ("mul", "div"):
        return None
    one, two = rule.args
    inner, other = (_coefficient(one, dot), two) if dot in leaves(one) else (_coefficient(two, dot), one)
    if inner is None:
        return None
    if rule.head == "div":
        return Node("div", (inner, two))
    return other if inner == ONE else Node("mul", (other, inner) if dot in leaves(two) else (inner, other))
