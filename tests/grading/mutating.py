"""Right sheets, and sheets with one slip in them whose later rows follow from it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, name, number, postorder
from tracegen.notation import latex
from tracegen.notation.profiles import Convention
from tracegen.problems.problem import Problem
from tracegen.problems.problem_lists import lists
from tracegen.rules.row_rules import Rows
from tracegen.wengert.wengert_list import ONE, ZERO

DIGITS = 12
HOMEWORK = Convention()


@dataclass
class Line:
    """A row of a sheet: its table, its label, its formula, and the value that is written."""

    part: str
    label: Formula
    formula: Formula
    value: float = 0.0
    fixed: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.part, base(self.label)


@dataclass
class Sheet:
    """The lines of a sheet, table by table, and the values that are written."""

    lines: list[Line]
    slip: str = ""
    where: int = -1
    cell: str = "formula"
    followed: bool = False
    notes: list[str] = field(default_factory=list)

    def text(self) -> str:
        parts: dict[str, list[Line]] = {}
        for line in self.lines:
            parts.setdefault(line.part, []).append(line)
        tables = []
        for part, lines in parts.items():
            output, kind, *along = part.split("/")
            heading = {"primal": "Evaluation trace", "forward": "Tangents", "reverse": "Adjoints"}[kind]
            rows = [
                f"| ${latex(Formula('equals', (line.label, line.formula)))}$ | {line.value:.{DIGITS}g} |"
                for line in lines
            ]
            title = f"## {heading} of {output}" + (f" along {along[0]}" if along else "")
            tables.append("\n".join([title, "", "| row | value |", "| --- | --- |", *rows]))
        return "\n\n".join(tables) + "\n"


def base(label: Formula) -> str:
    """The row that a label is about."""
    while label.head != "name":
        label = label.args[1] if label.head == "partial" and label.args[0].head != "name" else label.args[0]
    return str(label.args[0])


def right_sheet(problem: Problem) -> Sheet:
    """All tables of a problem, right in every cell."""
    lines: list[Line] = []
    for wengert in lists(problem, HOMEWORK):
        lines += _tables(Evaluation(problem, wengert, HOMEWORK))
    sheet = Sheet(lines)
    work_out(sheet, problem)
    return sheet


def _tables(evaluation: Evaluation) -> Iterator[Line]:
    output = next(iter(evaluation.wengert.outputs))
    last = evaluation.wengert.outputs[output]
    rows, labels = Rows(evaluation), evaluation.labels
    count = len(evaluation.wengert.inputs)
    for place in range(len(labels)):
        yield Line(f"{output}/primal", labels[place], evaluation.definition(place))
    for at, along in enumerate(evaluation.wengert.inputs):
        for place in range(len(labels)):
            rule = (ONE if place == at else ZERO) if place < count else rows.tangent(place, name(along))
            yield Line(f"{output}/forward/{along}", Formula("tangent", (labels[place], name(along))), rule)
    swept, _ = evaluation.adjoints({output: ONE})
    for place in reversed(range(len(labels))):
        label = Formula("adjoint", (labels[place],))
        chain = rows.adjoint(place, swept)
        if place == last:
            yield Line(
                f"{output}/reverse", label, Formula("partial", (name(output.rstrip("12")), labels[place])), fixed=1.0
            )
        elif chain is None:
            yield Line(f"{output}/reverse", label, ZERO)
        else:
            worked = chain.args[-1] if chain.head == "equals" else chain
            yield Line(f"{output}/reverse", label, worked)


FUNCTIONS: dict[str, Callable[..., float]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "neg": lambda a: -a, "pow": lambda a, b: a**b, "reciprocal": lambda a: 1 / a, "exp": np.exp, "sin": np.sin,
    "cos": np.cos, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh, "square": lambda a: a * a, "tan": np.tan,
    "sinh": np.sinh, "cosh": np.cosh, "atan": np.arctan,
}  # fmt: skip


def number_of(formula: Formula, known: dict[Formula, float]) -> float:
    """The value of a formula, by arithmetic that is not the project's."""
    stack: list[float] = []
    skipped: set[int] = set()
    for node in postorder(formula):
        if node.head == "name" and node not in known:
            stack.append(np.nan)
        elif node in known:
            count = sum(isinstance(arg, Formula) for arg in node.args) if node.head != "name" else 0
            del stack[len(stack) - count :]
            stack.append(known[node])
        elif node.head == "number":
            stack.append(float(node.args[0]))
        elif node.head == "constant":
            stack.append(np.e if node.args[0] == "e" else np.pi)
        else:
            operands = stack[len(stack) - len(node.args) :]
            del stack[len(stack) - len(node.args) :]
            stack.append(_applied(node.head, operands))
    assert not skipped
    return stack.pop()


def _applied(head: str, operands: list[float]) -> float:
    try:
        found = FUNCTIONS[head](*operands)
        return np.nan if isinstance(found, complex) else float(found)
    except (ArithmeticError, KeyError, ValueError):
        return np.nan


def work_out(sheet: Sheet, problem: Problem, written: dict[int, float] | None = None) -> None:
    """Write the value of every line that its formula gives from the values that are written in other lines."""
    written = written or {}
    point = {name(entry.name): number_of(entry.value, {}) for entry in problem.inputs if entry.value is not None}
    known: dict[Formula, float] = {}
    output = ""
    with np.errstate(all="ignore"):
        for at, line in enumerate(sheet.lines):
            if line.part.split("/")[0] != output:
                output, known = line.part.split("/")[0], dict(point)
            value = line.fixed if line.fixed is not None else number_of(line.formula, known)
            line.value = written.get(at, value)
            known[line.label] = float(f"{line.value:.{DIGITS}g}") if np.isfinite(line.value) else line.value


# slips

Change = tuple[str, Formula]


def changes(line: Line, sheet: Sheet, source: random.Random) -> list[Change]:
    """Slips of a formula: its name and the formula then."""
    found: list[Change] = []
    nodes = list(_outside_derivatives(line.formula))
    others = [other.label for other in sheet.lines if other.part == line.part and other is not line]
    primal = [
        other.label
        for other in sheet.lines
        if other.part.split("/")[0] == line.part.split("/")[0] and other.part.endswith("primal")
    ]
    for node in nodes:
        changed: list[Change] = []
        if node.head == "name" and primal:
            changed.append(("wrong row", source.choice([label for label in primal if label != node])))
        if node.head in ("adjoint", "tangent"):
            same = [label for label in others if label.head == node.head and label != node]
            changed += [("wrong row", source.choice(same))] if same else []
        if node.head == "neg":
            changed.append(("sign", node.args[0]))
        if node.head == "sub":
            changed += [("sign", Formula("add", node.args)), ("order", Formula("sub", node.args[::-1]))]
        if node.head == "add":
            changed += [("operation", Formula("mul", node.args)), ("half", node.args[source.randrange(2)])]
        if node.head == "div":
            changed.append(("order", Formula("div", node.args[::-1])))
        if node.head == "mul":
            changed += [("factor", node.args[source.randrange(2)]), ("operation", Formula("add", node.args))]
        if node.head in ("sin", "cos"):
            changed.append(("function", Formula("cos" if node.head == "sin" else "sin", node.args)))
        if node.head == "exp":
            changed.append(("function", node.args[0]))
        if node.head == "number" and node.args[0] not in ("0", "1"):
            changed.append(("number", Formula("number", (source.choice([d for d in "234579" if d != node.args[0]]),))))
        found += [(slip, _replaced(line.formula, node, other)) for slip, other in changed]
    return [(slip, formula) for slip, formula in found if formula != line.formula]


def _outside_derivatives(formula: Formula) -> Iterator[Formula]:
    """The nodes of a formula; an adjoint, a tangent or a local partial is one."""
    yield formula
    if formula.head not in ("adjoint", "tangent", "partial"):
        for arg in formula.args:
            if isinstance(arg, Formula):
                yield from _outside_derivatives(arg)


def _replaced(formula: Formula, node: Formula, other: Formula) -> Formula:
    """A formula with the first of a node replaced."""
    if formula is node:
        return other
    if formula.head in ("name", "number", "constant"):
        return formula
    args, done = [], False
    for arg in formula.args:
        if isinstance(arg, Formula) and not done and any(inner is node for inner in _all(arg)):
            args.append(_replaced(arg, node, other))
            done = True
        else:
            args.append(arg)
    return Formula(formula.head, tuple(args))


def _all(formula: Formula) -> Iterator[Formula]:
    yield formula
    for arg in formula.args:
        if isinstance(arg, Formula):
            yield from _all(arg)


def mutated(problem: Problem, source: random.Random) -> Sheet | None:
    """A right sheet with one slip in it; None where the slip came out as no slip."""
    sheet = right_sheet(problem)
    at = source.randrange(len(sheet.lines))
    line = sheet.lines[at]
    if source.random() < 0.35:
        return _value_slip(sheet, at, problem, source)
    possible = changes(line, sheet, source)
    if not possible or line.fixed is not None:
        return None
    slip, formula = source.choice(possible)
    right = line.value
    lines = [replace(other) for other in sheet.lines]
    lines[at].formula = formula
    found = Sheet(lines, slip, at, followed=source.random() < 0.5)
    if found.followed:
        work_out(found, problem)
        if not np.isfinite(lines[at].value) or abs(lines[at].value - right) < 1e-6 * max(1.0, abs(right)):
            return None
    return found if all(np.isfinite(other.value) and abs(other.value) < 1e9 for other in lines) else None


def _value_slip(sheet: Sheet, at: int, problem: Problem, source: random.Random) -> Sheet | None:
    value = sheet.lines[at].value
    slip, wrong = source.choice(
        [
            ("sign", -value),
            ("swapped", source.choice(sheet.lines).value),
            ("arithmetic", value + source.choice([1.0, -1.0, 0.1])),
            ("zero", 0.0),
        ]
    )
    if abs(wrong - value) < 1e-6 or sheet.lines[at].fixed is not None:
        return None
    found = Sheet([replace(other) for other in sheet.lines], f"value {slip}", at, "value", followed=True)
    work_out(found, problem, {at: wrong})
    return found if all(np.isfinite(other.value) and abs(other.value) < 1e9 for other in found.lines) else None


PROBLEMS = [
    '[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny1 = "exp(2*x2) + x1*sin(3*x2**2)"\ny2 = "x1*x2 + 1/(1 + exp(-x2))"',
    '[inputs]\nx1 = 2\nx2 = 5\n[outputs]\ny = "log(x1) + x1*x2 - sin(x2)"',
    '[inputs]\na = 0.7\nb = 1.3\nc = -0.4\n[outputs]\nf = "(a*b + sin(c))*(a - c**2)/b"',
    '[inputs]\nx = 0.6\n[outputs]\ny = "sqrt(x**2 + exp(x**2)) + cos(x**2 + exp(x**2))"',
    '[inputs]\nx1 = 1.5\nx2 = 0.5\nx3 = 0.25\n[outputs]\ny = "(sin(x1/x2) + x1/x2 - exp(x3))*(x1/x2 - exp(x2))"',
    '[inputs]\nu = 1.2\nv = 0.3\n[outputs]\nz = "tanh(u*v + 2)*exp(-u) + v**3"',
]  # fmt: skip


def zero() -> Formula:
    """The number 0."""
    return number(0)


def says_the_same(sheet: Sheet, problem: Problem) -> bool:
    """Whether the changed formula gives the row's number all the same: it is right once earlier rows are put in."""
    line = sheet.lines[sheet.where]
    copy = Sheet([replace(other) for other in sheet.lines])
    kept = {at: other.value for at, other in enumerate(sheet.lines) if at != sheet.where}
    work_out(copy, problem, kept)
    return bool(abs(copy.lines[sheet.where].value - line.value) <= 1e-9 * max(1.0, abs(line.value)))
