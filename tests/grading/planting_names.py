"""Plants slips of names in adjoint tables: a local partial upside down, a digit misread in every row."""

from __future__ import annotations

import random

from mutating import HOMEWORK, Line, Sheet, _outside_derivatives, _replaced, base
from planting import ALIKE, Planted, copied, picked

from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, name
from tracegen.grading.leaves import names_of, renamed
from tracegen.grading.meaning import compiled, leaves
from tracegen.problems.problem import Problem
from tracegen.problems.problem_lists import lists
from tracegen.rules.row_rules import Rows
from tracegen.wengert.wengert_list import ONE


def chains(problem: Problem) -> dict[tuple[str, str], Formula]:
    """The rules of adjoints with their local partials, v̄7 ∂v7/∂v0, by table and row."""
    found = {}
    for wengert in lists(problem, HOMEWORK):
        evaluation = Evaluation(problem, wengert, HOMEWORK)
        output, rows = next(iter(wengert.outputs)), Rows(evaluation)
        swept, _ = evaluation.adjoints({output: ONE})
        for place, label in enumerate(evaluation.labels):
            chain = rows.adjoint(place, swept)
            if chain is not None and chain.head == "equals" and place != wengert.outputs[output]:
                found[f"{output}/reverse", base(label)] = chain.args[0]
    return found


def upside_down(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    found = copied(sheet)
    at = picked(sheet, source, "reverse")
    chain = chains(problem).get(sheet.lines[at].key)
    partials = [node for node in _outside_derivatives(chain) if node.head == "partial"] if chain else []
    if chain is None or not partials:
        return None
    node = source.choice(partials)
    found.lines[at].formula = _replaced(chain, node, Formula("partial", node.args[::-1]))
    return Planted(found, frozenset([sheet.lines[at].key]), ("slip.upside-down",))


def label_of_a_primal_row(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    """A row of the list that is called as another one, or as nobody."""
    at = picked(sheet, source, "primal")
    line = sheet.lines[at]
    rows = [other.label for other in sheet.lines if other.part == line.part and base(other.label) != base(line.label)]
    letter, number = base(line.label)[0], base(line.label)[1:]
    if not number.isdigit():
        return None
    found = copied(sheet)
    found.lines[at].label = source.choice([*rows, name(f"{letter}{int(number) + 20}")])
    return Planted(found, frozenset([line.key]), ("slip.label", "slip.misread"))


def label_of_the_seed(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    """A row of a sweep that is called as the row which the sweep begins with."""
    at = picked(sheet, source, source.choice(["reverse", "forward"]))
    line = sheet.lines[at]
    first = next(other for other in sheet.lines if other.part == line.part)
    if first.key == line.key or line.formula.head == "number" or abs(line.value - first.value) < 1e-6:
        return None
    found = copied(sheet)
    found.lines[at].label = first.label
    return Planted(found, frozenset([line.key]), ("slip.label",))


def renaming(sheet: Sheet, problem: Problem, source: random.Random) -> Planted | None:
    """A digit misread in every row of an adjoint table that has it."""
    part = _part(sheet, source)
    found, rules = copied(sheet), chains(problem)
    rows = [base(line.label) for line in found.lines if line.part == part]
    pairs = [(row, row[:-1] + ALIKE[row[-1]]) for row in rows if row[-1] in ALIKE]
    pairs = [(old, new) for old, new in pairs if new in rows]
    if not pairs:
        return None
    old, new = source.choice(pairs)
    if old in _below(new, [line for line in sheet.lines if line.part == part.replace("reverse", "primal")]):
        return None  # ∂new/∂x is then the derivative through old: rows are right under either name
    changed = set()
    for line in found.lines:
        if line.part != part or line.fixed is not None:
            continue
        key, formula = line.key, rules.get(line.key, line.formula)
        before = Formula("equals", (line.label, formula))
        if {old, new} <= {base(line.label), *_names(formula)}:
            return None  # both digits in one row: nobody could say which was which
        after = renamed(before, {old: new})
        line.label, line.formula = after.args
        if after != before:
            changed.add(key)
    return Planted(found, frozenset(changed), ("slip.renaming", "slip.misread")) if len(changed) > 1 else None


def _names(formula: Formula) -> set[str]:
    return {text for leaf in leaves(compiled(formula)) for text in names_of(leaf)}


def _below(row: str, primal: list[Line]) -> set[str]:
    """The rows on which a row rests."""
    used = {base(line.label): _names(line.formula) for line in primal}
    found: set[str] = set()
    waiting = [row]
    while waiting:
        fresh = used.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return found


def _part(sheet: Sheet, source: random.Random) -> str:
    return source.choice([line.part for line in sheet.lines if "reverse" in line.part])
