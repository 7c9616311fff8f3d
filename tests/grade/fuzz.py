"""A coverage-guided fuzz of the reader and of the whole of grade: ``python -m tests.grade.fuzz -atheris_runs=5000``.

Whatever is on a sheet, grade gives a report; the reader refuses with a TracegenError or reads.
"""

from __future__ import annotations

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["tracegen.mathtext", "tracegen.grade"]):
    from tracegen.errors import TracegenError
    from tracegen.grade.grader import grade
    from tracegen.mathtext import read
    from tracegen.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"')
PIECES = [
    r"\frac", "{", "}", r"\bar", "v_1", "v_{2}", "=", "+", "-", r"\partial", "^", "_", "(", ")", "$", "$$", "|", "&",
    r"\\", "\n", "\t", "2", "0.909", "x_1", r"\sin", r"\exp", "e^", r"\cdot", r"\begin{aligned}", r"\end{aligned}",
    "# y", "v̄₁", "∂v2/∂x1", "{{7*7}}", r"\input{x}", "9^{9^{9}}", " ", "[", "]", ",",
]  # fmt: skip


def one_input(data: bytes) -> None:
    """Half of the inputs are texts of known pieces, the others are any text."""
    provider = atheris.FuzzedDataProvider(data)
    if provider.ConsumeBool():
        count = provider.ConsumeIntInRange(0, 60)
        text = "".join(PIECES[provider.ConsumeIntInRange(0, len(PIECES) - 1)] for _ in range(count))
    else:
        text = provider.ConsumeUnicodeNoSurrogates(200)
    with suppress(TracegenError):
        read(text)
    report = grade(PROBLEM, text)
    assert 0 <= report.score <= report.max_score
    assert all(cell.verdict for cell in report.cells)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
