"""Random problems with kinks, equal lines and identities; their own tables are right, and a wrong branch is not.

``python -m tests.grading.kinked 300`` says how many of 300 problems have a table that is not right in every cell.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import tracegen
from tracegen.errors import TracegenError
from tracegen.grading.grader import grade
from tracegen.notation.profiles import PROFILES
from tracegen.problems.problem import Problem

FORMATS = ("md", "tex", "txt")

UNARY = ("relu({0})", "abs({0})", "{0}*1", "{0} + 0", "exp(log(abs({0})))", "sqrt(({0})**2)", "sin({0})", "-({0})")
BINARY = (
    "max({0}, {1})", "min({0}, {1})", "({0})*({1})", "{0} + {1}", "{0} - ({1})", "relu({0}) + {1}", "max({0}, {1})*{0}",
    "abs({0})*{0}",
)  # fmt: skip
OF_VECTORS = (
    "sum(relu(W @ {0} + {1}))", "sum(abs({0}) * {1})", "sum(relu({0}) * {0})", "{1}.T @ relu(W @ {0})",
    "sum(relu(relu({0}) - {1}))", "norm(relu({0}) - {1})**2", "sum(abs(relu({0}) + {1}))", "sum(relu(-({0})) + {1})",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trial:
    """A problem, and one way to write its tables down."""

    seed: int
    problem: Problem
    profile: str
    format: str

    @property
    def text(self) -> str:
        options = {"standalone": True} if self.format == "tex" else {}
        return tracegen.trace(self.problem, profile=self.profile).to(self.format, **options)

    def faults(self) -> list[str]:
        """What is not right in the report on the problem's own tables."""
        report = grade(self.problem, self.text, suffix=f".{self.format}")
        faults = [
            f"{one.line} {one.part} {one.row} {one.text}: {one.verdict} {one.because}"
            for one in report.cells
            if one.verdict != "right"
        ]
        if report.score != report.max_score or not report.cells:
            faults.append(f"{report.score} of {report.max_score} marks")
        return faults + [f"missing {part}" for part in report.missing]


def trials(seeds: range) -> Iterator[Trial]:
    """A trial of each seed whose problem has tables: no kink lies at its point, and no line is without a value."""
    for seed in seeds:
        source = random.Random(seed)
        try:
            problem = Problem.from_toml(_vectors(source) if source.random() < 0.15 else _scalars(source))
            found = Trial(seed, problem, source.choice(list(PROFILES)), source.choice(FORMATS))
            assert found.text
        except TracegenError:
            continue
        yield found


def _scalars(source: random.Random) -> str:
    names = ["x", "y", "z"][: source.randint(1, 3)]
    inputs = "\n".join(f"{name} = {source.choice((-3, -2, -1.5, -0.5, 0.5, 1, 2, 3))}" for name in names)
    return f'[inputs]\n{inputs}\n[outputs]\nf = "{_formula(source, names, source.randint(2, 3))}"'


def _formula(source: random.Random, names: list[str], depth: int) -> str:
    if depth == 0:
        return source.choice(names)
    if source.random() < 0.45:
        return source.choice(UNARY).format(_formula(source, names, depth - 1))
    operands = [_formula(source, names, depth - 1), _formula(source, names, source.randrange(depth))]
    return source.choice(BINARY).format(*(f"({one})" if " " in one else one for one in operands))


def _vectors(source: random.Random) -> str:
    size = source.randint(2, 3)
    numbers = (-2, -1.5, -1, -0.5, 0.5, 1, 2, 3)
    rows = [source.choices(numbers, k=size) for _ in range(size)]
    x, b = ([[number] for number in source.choices(numbers, k=size)] for _ in range(2))
    return f"""
[inputs]
x = {{ value = {x} }}
b = {{ value = {b} }}
W = {{ value = {rows} }}
[outputs]
f = "{source.choice(OF_VECTORS).format("x", "b")}"
"""


def main() -> None:
    """Grade the own tables of many problems, and print what is not right."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    tried = failed = 0
    for trial in trials(range(count)):
        tried += 1
        faults = trial.faults()
        if faults:
            failed += 1
            print(trial.seed, trial.profile, trial.format, dict(trial.problem.outputs), trial.problem.inputs)
            print(*(f"    {fault}" for fault in faults[:4]), sep="\n")
    print(f"{failed} of {tried} problems have tables that are not right in every cell")


if __name__ == "__main__":
    main()
