"""Plants one slip of a kind that is asked for in a right sheet, and says where a judge has to find it."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from mutating import (
    Line,
    Sheet,
    _outside_derivatives,
    _replaced,
    base,
    changes,
    number_of,
    work_out,
)

from tracegen.formula import Formula, name, number
from tracegen.problems.problem import Problem

ALIKE = {"1": "7", "7": "1", "2": "8", "8": "2", "5": "3", "3": "5", "4": "9", "9": "4", "0": "6", "6": "0"}


@dataclass
class Planted:
    """A sheet, the rows that are wrong in it, how a judge may name the slip, and what it costs at most."""

    sheet: Sheet
    rows: frozenset[tuple[str, str]]
    names: tuple[str, ...] = ()
    cost: float = 1.0


Plant = Callable[[Sheet, Problem, random.Random], Planted | None]


def copied(sheet: Sheet) -> Sheet:
    return Sheet([replace(line) for line in sheet.lines])


def _finite(sheet: Sheet) -> bool:
    return all(np.isfinite(line.value) and abs(line.value) < 1e9 for line in sheet.lines)


def _formula(
    sheet: Sheet, problem: Problem, source: random.Random, at: int, formula: Formula, names: tuple[str, ...]
) -> Planted | None:
    """One formula changed; the rows that follow use its value, or not."""
    found = copied(sheet)
    found.lines[at].formula, found.where, found.cell = formula, at, "formula"
    before = found.lines[at].value
    if source.random() < 0.5:
        work_out(found, problem)
        if not np.isfinite(found.lines[at].value) or math.isclose(found.lines[at].value, before, rel_tol=1e-6):
            return None
    return Planted(found, frozenset([sheet.lines[at].key]), names) if _finite(found) else None


def _value(sheet: Sheet, problem: Problem, at: int, wrong: float, names: tuple[str, ...]) -> Planted | None:
    """One value changed; the rows that follow rest on it."""
    before = sheet.lines[at].value
    if math.isclose(wrong, before, rel_tol=1e-6, abs_tol=1e-9) or sheet.lines[at].fixed is not None:
        return None
    found = copied(sheet)
    found.where, found.cell = at, "value"
    work_out(found, problem, {at: wrong})
    return Planted(found, frozenset([sheet.lines[at].key]), names) if _finite(found) else None


def by_change(slip: str, names: tuple[str, ...], where: str = "") -> Plant:
    """A change of a formula that ``mutating`` makes, in tables of some kind."""

    def plant(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
        at = picked(sheet, source, where)
        possible = [formula for kind, formula in changes(sheet.lines[at], sheet, source) if kind == slip]
        return _formula(sheet, problem, source, at, source.choice(possible), names) if possible else None

    return plant


def by_node(pick: Callable[[Line, Formula, Sheet], Iterable[Formula]], names: tuple[str, ...], where: str) -> Plant:
    """A part of a formula replaced by one of what ``pick`` gives for it."""

    def plant(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
        at = picked(sheet, source, where)
        line = sheet.lines[at]
        nodes = _outside_derivatives(line.formula)
        possible = [_replaced(line.formula, node, other) for node in nodes for other in pick(line, node, sheet)]
        possible = [formula for formula in possible if formula != line.formula]
        return _formula(sheet, problem, source, at, source.choice(possible), names) if possible else None

    return plant


def picked(sheet: Sheet, source: random.Random, where: str = "") -> int:
    return source.choice([at for at, line in enumerate(sheet.lines) if where in line.part and line.fixed is None])


def _rows(sheet: Sheet, line: Line) -> list[Line]:
    part = line.part.split("/")[0] + "/primal"
    return [other for other in sheet.lines if other.part == part]


def at_the_input(line: Line, node: Formula, sheet: Sheet) -> Iterable[Formula]:
    """cos(v5) taken at another row."""
    if node.head in ("sin", "cos", "exp") and node.args[0].head == "name":
        yield from (Formula(node.head, (row.label,)) for row in _rows(sheet, line)[:2] if row.label != node.args[0])


def itself(line: Line, node: Formula, sheet: Sheet) -> Iterable[Formula]:
    if node.head == line.label.head:
        yield line.label


def as_product(line: Line, node: Formula, sheet: Sheet) -> Iterable[Formula]:
    if node.head == "exp":
        yield Formula("mul", (Formula("constant", ("e",)), node.args[0]))
    elif node.head in ("sin", "cos", "tanh", "log", "sqrt"):
        yield node.args[0]


def alike_row(line: Line, node: Formula, sheet: Sheet) -> Iterable[Formula]:
    """A row's digit that looks like another's."""
    inner = name(base(node)) if node.head in ("name", "adjoint", "tangent") else None
    if inner is None or inner.args[0][-1] not in ALIKE:
        return
    other = name(inner.args[0][:-1] + ALIKE[inner.args[0][-1]])
    if other in [row.label for row in _rows(sheet, line)] and other != name(base(line.label)):
        yield Formula(node.head, (other, *node.args[1:])) if node.head != "name" else other


def phantom(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    at = picked(sheet, source, "reverse")
    line = sheet.lines[at]
    own = [other for other in sheet.lines if other.part == line.part and other.key != line.key and other.value != 0]
    term = Formula("mul", (source.choice(own).label, source.choice(_rows(sheet, line)).label))
    formula = Formula("add", (line.formula, term))
    return _formula(sheet, problem, source, at, formula, ("slip.phantom", "slip.extra-term"))


def contribution_left_out(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    at = picked(sheet, source, "reverse")
    formula = sheet.lines[at].formula
    if formula.head != "add":
        return None
    return _formula(sheet, problem, source, at, formula.args[source.randrange(2)], ("slip.left-out",))


def value_sign(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    at = picked(sheet, source)
    return _value(sheet, problem, at, -sheet.lines[at].value, ("slip.sign",))


def elementary(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    at = picked(sheet, source, "primal")
    return _value(sheet, problem, at, sheet.lines[at].value + source.choice([1.3, -0.7, 0.1]), ("value.slip",))


def alike_digit(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    at = picked(sheet, source)
    text = f"{sheet.lines[at].value:.5g}"
    places = [place for place, digit in enumerate(text) if digit in ALIKE]
    if "e" in text or not places or abs(sheet.lines[at].value) < 1:
        return None
    place = source.choice(places)
    changed = text[:place] + ALIKE[text[place]] + text[place + 1 :]
    if changed.endswith("0"):
        return None  # a number that ends in 0 would be written with a digit less
    wrong = float(changed)
    return _value(sheet, problem, at, wrong, ("slip.misread", "slip.rounding"))


def degrees(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    at = picked(sheet, source)
    line = sheet.lines[at]
    turned = line.formula
    for node in _outside_derivatives(line.formula):
        if node.head in ("sin", "cos"):
            angle = Formula("div", (Formula("mul", (node.args[0], Formula("constant", ("pi",)))), number(180)))
            turned = _replaced(turned, node, Formula(node.head, (angle,)))
    known = {other.label: other.value for other in sheet.lines if other.part.split("/")[0] == line.part.split("/")[0]}
    known |= {name(entry.name): number_of(entry.value, {}) for entry in problem.inputs if entry.value is not None}
    return _value(sheet, problem, at, number_of(turned, known), ("slip.degrees",)) if turned != line.formula else None


def zero_for_a_derivative(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    at = picked(sheet, source, source.choice(["reverse", "forward"]))
    row = next(row for row in _rows(sheet, sheet.lines[at]) if row.key[1] == sheet.lines[at].key[1])
    return _value(sheet, problem, at, 0.0, ("slip.zero",)) if row.value == 0 else None


def swapped_cells(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    at = picked(sheet, source)
    rows = [place for place, line in enumerate(sheet.lines) if line.part == sheet.lines[at].part]
    other = source.choice([place for place in rows if sheet.lines[place].fixed is None])
    found = copied(sheet)
    one, two = found.lines[at], found.lines[other]
    if abs(one.value - two.value) < 1e-3:
        return None
    one.value, two.value = two.value, one.value
    follows = copied(found)
    work_out(follows, problem, {min(at, other): found.lines[min(at, other)].value})
    if math.isclose(follows.lines[max(at, other)].value, found.lines[max(at, other)].value, rel_tol=1e-6):
        return None
    return Planted(found, frozenset([one.key, two.key]), ("slip.swapped", "slip.sign", "slip.zero"), 2.0)


def label_of_another_row(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    at = picked(sheet, source, source.choice(["reverse", "forward"]))
    line = sheet.lines[at]
    twins = [other for other in sheet.lines if other.part == line.part and other.fixed is None]
    other = source.choice(twins)
    if other.label == line.label or line.formula.head == "number" or abs(other.value - line.value) < 1e-6:
        return None
    found = copied(sheet)
    found.lines[at].label = other.label
    return Planted(found, frozenset([line.key]), ("slip.label",))


def label_of_another_input(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    at = picked(sheet, source, "forward")
    line = sheet.lines[at]
    inputs = [entry.name for entry in problem.inputs if entry.name != line.part.split("/")[-1]]
    if not inputs or line.formula.head == "number":
        return None
    along = source.choice(inputs)
    there = next(
        o for o in sheet.lines if o.part == line.part.rpartition("/")[0] + f"/{along}" and o.key[1] == line.key[1]
    )
    if abs(there.value - line.value) < 1e-6:
        return None
    found = copied(sheet)
    found.lines[at].label = there.label
    return Planted(found, frozenset([line.key]), ("slip.label",))


def pasted(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    directions = [entry.name for entry in problem.inputs]
    if len(directions) < 2:
        return None
    here, there = source.sample(directions, 2)
    output = source.choice(sheet.lines).part.split("/")[0]
    found = copied(sheet)
    taken = {line.key[1]: line.value for line in sheet.lines if line.part == f"{output}/forward/{there}"}
    changed = set()
    for line in found.lines:
        if line.part == f"{output}/forward/{here}" and abs(line.value - taken[line.key[1]]) > 1e-9:
            line.value = taken[line.key[1]]
            changed.add(line.key)
    # the rows of the inputs are wrong; the others follow from them
    seeds = frozenset(line.key for line in found.lines if line.key in changed and line.formula.head == "number")
    return Planted(found, seeds, ("slip.pasted",)) if len(changed) > 2 else None


def rounded(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    """The last of four decimals off by one."""
    at = picked(sheet, source)
    value = sheet.lines[at].value
    if abs(value * 1e4 - round(value * 1e4)) < 0.02 or not 0.1 < abs(value) < 1e3:
        return None
    up = abs(round(value, 4)) > abs(value)
    found = copied(sheet)
    wrong = round(round(value, 4) + (1e-4 if up else -1e-4) * np.sign(value), 4)
    if f"{abs(wrong):.4f}".endswith("0"):
        return None
    found.lines[at].value = wrong
    return Planted(found, frozenset([found.lines[at].key]), ("slip.rounding",))


def truncated(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    """Digits cut off: a warning, which costs nothing."""
    at = picked(sheet, source)
    value = sheet.lines[at].value
    cut = math.trunc(value * 1e4) / 1e4
    if (
        cut == round(value, 4)
        or abs(value) < 0.1
        or abs(value * 1e4 - round(value * 1e4)) < 0.02
        or f"{cut:.4f}".endswith("0")
    ):
        return None
    found = copied(sheet)
    found.lines[at].value = cut
    return Planted(found, frozenset(), ("value.truncated",), 0.0)
