"""A coverage-guided fuzz of the reader and of the whole of grade: ``python -m tests.grading.fuzz -atheris_runs=5000``.

Whatever is on a sheet, grade gives a report; the reader refuses with a TracegenError or reads.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

PIECES = [
    r"\frac", "{", "}", r"\bar", "v_1", "v_{2}", "=", "+", "-", r"\partial", "^", "_", "(", ")", "$", "$$", "|", "&",
    r"\\", "\n", "\t", "2", "0.909", "x_1", r"\sin", r"\exp", "e^", r"\cdot", r"\begin{aligned}", r"\end{aligned}",
    "# y", "v̄₁", "∂v2/∂x1", "{{7*7}}", r"\input{x}", "9^{9^{9}}", " ", "[", "]", ",",
]  # fmt: skip


def main() -> None:
    """Import what is fuzzed under atheris, so that it sees which branches a text takes."""
    import atheris

    with atheris.instrument_imports(include=["tracegen.mathtext", "tracegen.grade"]):
        from tracegen.errors import BoundError, TracegenError
        from tracegen.grading.grader import grade
        from tracegen.mathtext import read
        from tracegen.problems.problem import Problem

    problem = Problem.from_toml('[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"')

    def one_input(data: bytes) -> None:
        text = sheet_of(atheris.FuzzedDataProvider(data))
        with suppress(TracegenError):
            read(text)
        try:
            report = grade(problem, text)
        except BoundError:  # a table of more columns than are read
            return
        assert 0 <= report.score <= report.max_score
        assert all(cell.verdict for cell in report.cells)

    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


def sheet_of(provider: Any) -> str:
    """Half of the sheets are made of known pieces, the others are any text."""
    if not provider.ConsumeBool():
        text: str = provider.ConsumeUnicodeNoSurrogates(200)
        return text
    count = provider.ConsumeIntInRange(0, 60)
    return "".join(PIECES[provider.ConsumeIntInRange(0, len(PIECES) - 1)] for _ in range(count))


if __name__ == "__main__":
    main()
