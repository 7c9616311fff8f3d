"""Plants slips one by one in a right answer, with what follows from them worked out in every later row."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from .answers import PRIMAL, Answer, Statement
from .expressions import Node, close, finite, value_of
from .slips import Slip, is_stated, place_of, visible, written_at


def planted(answer: Answer, slip: Slip, source: random.Random, lists: Sequence[Answer] = ()) -> Answer | None:
    """The answer with a slip of a kind more; None where the draw came out as none that can be told from right.

    ``lists`` are all lists of the problem: a row that has become another row of one of them is no slip.
    """
    if slip.together is not None:
        return _planted_together(answer, slip, source)
    places = [at for at, each in enumerate(answer.statements) if _may_have(each, slip)]
    if not places:
        return None
    found = answer.copied()
    statement = found.statements[source.choice(places)]
    right = statement.value
    if slip.formulas is not None:
        possible = list(slip.formulas(statement, found))
        if not possible:
            return None
        wrong = source.choice(possible)
        if not _differs(found, statement, wrong) or _is_a_row(found, statement, wrong, lists or [answer]):
            return None
        statement.rule, statement.formula_slip = wrong, slip.name
        followed = right is not None and source.random() < 0.5 and slip.name != "names itself"
        if followed:
            value = value_of(wrong, written_at(found, statement))
            if right is None or np.shape(value) != np.shape(right) or not visible(value, right):
                return None
            statement.value, statement.follows, statement.exact = value, True, None
            return found if _carry(found, statement) else None
        return found
    if slip.labels is not None:
        labels = list(slip.labels(statement, found))
        if not labels:
            return None
        statement.label, statement.label_slip = source.choice(labels), slip.name
        return found
    assert slip.values is not None
    if right is None:
        return None
    possible_values = [each for each in slip.values(statement, found) if visible(each, right)]
    if not possible_values:
        return None
    statement.value, statement.value_slip, statement.exact = source.choice(possible_values), slip.name, None
    return found if _carry(found, statement) else None


def _planted_together(answer: Answer, slip: Slip, source: random.Random) -> Answer | None:
    """An answer without slips with one that shows in several rows; all other rows stay as they are."""
    assert slip.together is not None
    possible = [] if any(each.slip for each in answer.statements) else list(slip.together(answer))
    if not possible:
        return None
    found, cells = answer.copied(), source.choice(possible)
    for at, cell in cells.items():
        statement = found.statements[at]
        if isinstance(cell, Node):
            statement.formula_slip = slip.name if _differs(found, statement, cell) else ""
            statement.rule, statement.follows = cell, not statement.formula_slip and cell != statement.rule
        else:
            statement.value, statement.exact = cell, None
    for at, cell in cells.items():
        if not isinstance(cell, Node) and not _value_placed(answer.statements[at], found, at, slip):
            return None
    spoiled = [each for each in found.statements if each.slip]
    mistake = f"{slip.name} {source.randrange(10**9)}"
    for each in spoiled:
        each.mistake = mistake
    return found if len(spoiled) >= slip.least else None


def _value_placed(before: Statement, found: Answer, place: int, slip: Slip) -> bool:
    """Say what a value is that a slip has put in a row; False where a person could not tell."""
    statement = found.statements[place]
    assert before.value is not None
    assert statement.value is not None
    followed = value_of(statement.rule, found.names_at(place))
    if np.shape(followed) != np.shape(statement.value):
        return False
    consistent = close(statement.value, followed)
    if close(statement.value, before.value):
        statement.follows = not consistent
        return True
    if not visible(statement.value, before.value):
        return False
    if consistent:
        trivial = np.ndim(followed) == 0 and followed in (0, 1, -1)
        statement.carried, statement.follows = not trivial, trivial
        return True
    statement.value_slip = slip.name
    return visible(statement.value, followed)


def _may_have(statement: Statement, slip: Slip) -> bool:
    """Inputs and seeds are stated by the problem; a row has one slip at most, and none where something is carried."""
    spoiled = statement.slip or statement.carried or statement.follows
    return statement.quantity.kind in slip.kinds and not (is_stated(statement) or spoiled)


def _differs(answer: Answer, statement: Statement, wrong: Node) -> bool:
    """Whether a formula is another than the right one at the point and near it."""
    place = place_of(answer, statement)
    for known in [answer.known, *answer.samples] if answer.known else answer.samples:
        own = answer.names_at(place, known)
        right = value_of(statement.rule, own)
        if close(value_of(wrong, {**own, statement.quantity.leaf: right}), right, 1e-3):
            return False
    return True


def _is_a_row(answer: Answer, statement: Statement, wrong: Node, lists: Sequence[Answer]) -> bool:
    """Whether a wrong rule of the list is what another row should be, for one step at least of the function."""
    if statement.quantity.kind != PRIMAL or wrong.head == "name":
        return False
    sample = answer.samples[0]
    value = value_of(wrong, answer.names_at(place_of(answer, statement), sample))
    return any(
        close(value, other)
        for each in lists
        for row, other in zip(each.statements, each.worked_out(sample), strict=True)
        if row.quantity.kind == PRIMAL
    )


def _carry(answer: Answer, slipped: Statement) -> bool:
    """Work out what follows from a wrong value; False where a person could not tell what is carried."""
    seen = False
    for each, own in zip(answer.statements, answer.environments(answer.statements, answer.known), strict=True):
        if each is slipped:
            seen = True
            continue
        if not seen or each.slip or each.follows or each.value is None:
            continue
        value = value_of(each.rule, own)
        if np.shape(value) != np.shape(each.value) or not finite(value, 1e5):
            return False
        if close(value, each.value, 1e-9):
            continue
        if np.ndim(value) == 0 and value in (0, 1, -1):
            return False  # a judge refuses to carry what makes a step trivial
        each.value, each.carried, each.exact = value, True, None
    return True
