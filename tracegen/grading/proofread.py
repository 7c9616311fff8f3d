"""Checks a sheet against itself, without a problem: the function is taken from the sheet's own lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from typing import TypeGuard

from tracegen.errors import ProblemError, TracegenError
from tracegen.formula import Formula, names_in, postorder
from tracegen.grading.blocks import Block, blocks_of
from tracegen.grading.grader import grade
from tracegen.grading.headings import PRIMAL
from tracegen.grading.leaves import renamed
from tracegen.grading.meaning import MeaninglessError, compiled, number_value
from tracegen.grading.read import Words, read_sheet
from tracegen.grading.reference import reference_of
from tracegen.grading.report import Report
from tracegen.grading.sheet import Dimension, Row, key_of
from tracegen.grading.stated_shapes import shape_judgements
from tracegen.grading.verdicts import EXTRA, Judgement
from tracegen.problems.problem import Problem
from tracegen.problems.problem_file import Input
from tracegen.shapes import SCALAR, Shape

_NUMBERED = re.compile(r"[a-z]-?\d+")
OUTPUTS = ("y", "f", "L", "z", "E", "J")


def proofread(text: str, *, suffix: str = ".md", source: str = "sheet") -> Report:
    """The report on a sheet, judged by what its own lists say.

    Values have to follow from formulas, tangents and adjoints from the lists, so that forward and reverse agree; where
    the sheet gives shapes, they have to fit, in formulas that belong to no list as well.

    Raises ProblemError where the sheet has no list from which a function could be taken and no formula whose names have
    shapes, BoundError or ParseError where it can't be read.

    >>> proofread("v0 = x = 2\\nv1 = 3 v0 = 7").cells[-1].verdict
    'wrong'
    """
    problems, notes = [], []
    for problem in problems_in(text, suffix, source):
        try:
            reference_of(problem)
            problems.append(problem)
        except TracegenError as error:
            notes.append(f"the list of {', '.join(problem.outputs)} does not hold together: {error.message}")
    shapes = shape_judgements(text, suffix, source)
    if not problems and notes:
        return Report(source, tuple(shapes), notes=tuple(notes), failure="" if shapes else notes[0])
    if not problems and not shapes:
        raise ProblemError("the sheet has no list of rows, such as v2 = 2 v1, from which its function could be taken")
    if not problems:
        return Report(source, tuple(shapes))
    report = grade(problems, text, suffix=suffix, source=source)
    return replace(report, cells=_with(report.cells, shapes), notes=(*notes, *report.notes))


def _with(cells: Sequence[Judgement], shapes: Sequence[Judgement]) -> tuple[Judgement, ...]:
    """The cells of a report, in the order of their lines, with what the shapes say of those that were not judged."""
    judged = {(cell.line, cell.text) for cell in cells if not cell.needs_person and cell.verdict != EXTRA}
    more = [cell for cell in shapes if (cell.line, cell.text) not in judged]
    said = {(cell.line, cell.text) for cell in more}
    return tuple(sorted([*(cell for cell in cells if (cell.line, cell.text) not in said), *more], key=_line))


def _line(cell: Judgement) -> int:
    return cell.line


def problems_in(text: str, suffix: str = ".md", source: str = "sheet") -> list[Problem]:
    """The functions that a sheet's primal lists compute, each with the point of its input rows."""
    words = Words(outputs=frozenset(_outputs_named(text)))
    submission = read_sheet(text, words, suffix=suffix, source=source)
    shapes = {
        key_of(item.name)[0]: item.shape for item in submission.items if isinstance(item, Dimension) and item.name
    }
    found = []
    taken: set[str] = set()
    for block in blocks_of(submission, words).blocks:
        if block.kind == PRIMAL and len(block.rows) > 1:
            problem = _problem(block, shapes, taken)
            if problem is not None:
                found.append(problem)
                taken.update(problem.outputs)
    return found


def _outputs_named(text: str) -> list[str]:
    return [f"{letter}{number}" for letter, number in re.findall(r"\b([yf])_?\{?(\d)\}?", text)]


def _problem(block: Block, shapes: Mapping[str, tuple[str, ...]], taken: set[str]) -> Problem | None:
    """The problem of one list; None where it is none."""
    others: dict[str, str] = {}
    steps: dict[str, Formula] = {}
    values: dict[str, Formula] = {}
    called: dict[str, str] = {}
    defined = {row.key[0] for row in block.rows}
    for row in block.rows:
        label, formula = row.key[0], _definition(row)
        if formula is None:
            continue
        if formula.head == "name" and formula.args[0] not in defined:
            one, other = label, str(formula.args[0])
            if _NUMBERED.fullmatch(other) and not _NUMBERED.fullmatch(label):
                one, other = other, label
            others[one] = other
            number = _number(row)
            if number is not None:
                values[other] = number
        elif label not in steps or _is_statement(steps[label], defined):
            steps.pop(label, None)
            steps[label] = formula
        called |= _called(label, row, defined)
    steps = _in_order({label: renamed(formula, others) for label, formula in steps.items()})
    inputs = list(
        dict.fromkeys([*others.values(), *(text for formula in steps.values() for text in names_in(formula))])
    )
    inputs = [text for text in inputs if text not in steps]
    if not steps or not inputs:
        return None
    last = list(steps)[-1]
    ends = [label for label in steps if not any(label in names_in(formula) for formula in steps.values())]
    output = block.hint.output or ("" if _NUMBERED.fullmatch(last) or last in taken else last)
    free = chain(OUTPUTS, (f"output{number}" for number in count(1)))
    output = output or next(text for text in free if text not in taken and text not in inputs and text not in steps)
    names = {label: called.get(label, label) for label in ends} if len(ends) > 1 else {ends[0]: output}
    outputs = {name: steps.pop(label) for label, name in names.items()}
    try:
        return Problem(tuple(Input(text, values.get(text), _shape(text, shapes)) for text in inputs), outputs, steps)
    except TracegenError:
        return None


def _in_order(steps: Mapping[str, Formula]) -> dict[str, Formula]:
    """Steps so that each comes after those that it uses; what goes in a circle is left out."""
    done: dict[str, Formula] = {}
    waiting = dict(steps)
    while waiting:
        ready = [label for label, formula in waiting.items() if not any(text in waiting for text in names_in(formula))]
        if not ready:
            break
        done.update((label, waiting.pop(label)) for label in ready)
    return {
        label: done[label] for label in [*(label for label in done if label != last_of(steps)), *_last(steps, done)]
    }


def last_of(steps: Mapping[str, Formula]) -> str:
    """The name of the last step: the output."""
    return list(steps)[-1] if steps else ""


def _last(steps: Mapping[str, Formula], done: Mapping[str, Formula]) -> list[str]:
    return [last_of(steps)] if last_of(steps) in done else []


def _called(label: str, row: Row, defined: Collection[str]) -> dict[str, str]:
    """What a row is called beside its label: y1 in ``v3 = v1 v2 = y1``."""
    names = (str(cell.formula.args[0]) for cell in (*row.members[1:], *row.beside) if _is_name(cell.formula))
    text = next(names, "")
    return {label: text} if text and text not in defined else {}


def _is_name(formula: Formula | None) -> TypeGuard[Formula]:
    return formula is not None and formula.head == "name"


def _is_statement(formula: Formula, defined: Collection[str]) -> bool:
    """Whether a row only states what other rows work out: nothing in it is a row."""
    return not any(text in defined for text in names_in(formula))


def _definition(row: Row) -> Formula | None:
    """The first formula of a row that has names in it, and no derivatives."""
    for cell in (*row.members, *row.beside):
        if cell.formula is None or not names_in(cell.formula):
            continue
        if not any(node.head in ("adjoint", "tangent", "partial") for node in postorder(cell.formula)):
            return cell.formula
    return None


def _number(row: Row) -> Formula | None:
    for cell in (*row.beside, *row.members):
        if cell.formula is not None and not names_in(cell.formula):
            try:
                number_value(compiled(cell.formula))
            except MeaninglessError:
                continue
            return cell.formula
    return None


def _shape(text: str, shapes: Mapping[str, tuple[str, ...]]) -> Shape:
    found = next((shape for name, shape in shapes.items() if name.lower() == text.lower()), None)
    if found is None:
        return SCALAR
    return tuple(int(size) if size.isdigit() else size for size in found)
