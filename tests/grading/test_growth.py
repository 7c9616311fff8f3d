"""The work on a sheet grows with its length, and that on a problem with the number of its steps; no faster."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from math import log2

import pytest

from tracegen.errors import TracegenError
from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\na = 2\nb = 3\n[outputs]\ny = "sin(a*b) + a*b**2"')
EXPONENT = 1.2
FLOOR = 0.1
"""Seconds of processor time below which nothing is said: a square that matters is above it at the longer length."""

SIGNS = [
    "\n", " \n", "$", "$$\n", "|\n", "\\[\n", "{", "[", "(", "&", "-", "=", "= ", "\n=", "a ", "1 ", "1,", "1", "a",
    "<a ", "#\n", "> \n", "%\n", "\\begin{align}\n", "\\section{", "\\hline\n", "\"", "v1 \n", "d \n",
]  # fmt: skip
WIDTH, SHORT = 10_000, 1_200


def as_lines(text: str) -> str:
    """A text none of whose lines is longer than is read."""
    cut = (line[at : at + WIDTH] for line in text.split("\n") for at in range(0, max(len(line), 1), WIDTH))
    return "\n".join(cut)


FORMATS: dict[str, Callable[[str], str]] = {
    ".md": as_lines, ".tex": as_lines, ".txt": as_lines, ".csv": as_lines, ".html": str,
    ".ipynb": lambda text: json.dumps({"cells": [{"cell_type": "markdown", "source": as_lines(text)}]}, indent=0),
    ".json": lambda text: json.dumps({"rows": [{"name": "v1", "formula": text[:WIDTH]}]}, indent=0),
}  # fmt: skip


def seconds(text: str, suffix: str) -> float:
    """The processor's time for a sheet."""
    start = time.process_time()
    with suppress(TracegenError):
        grade(PROBLEM, text, suffix=suffix)
    return time.process_time() - start


def exponent(made: Callable[[int], str], suffix: str, length: int) -> float:
    """How the time grows from a length to its double, the least of six; 0 where there is next to none."""
    lowest = 9.0
    for turn in range(6):
        mark = f"\n{turn}" if suffix != ".json" and suffix != ".ipynb" else ""  # no sheet that is known already
        long = seconds(made(2 * length) + mark, suffix)
        if long < FLOOR:
            return 0.0
        lowest = min(lowest, log2(long / max(seconds(made(length) + mark, suffix), FLOOR / 4)))
        if lowest <= EXPONENT:
            break
    return lowest


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_time_for_hostile_text_grows_with_its_length(suffix: str) -> None:
    grown = {sign: exponent(lambda n, sign=sign: FORMATS[suffix](sign * n), suffix, SHORT) for sign in SIGNS}  # type: ignore[misc]
    assert {sign: found for sign, found in grown.items() if found > EXPONENT} == {}


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, which does not hang on what else the machine does."""
    count = 0

    def called(*event: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def rows(head: str, row: str) -> Callable[[int], str]:
    """A sheet of so many rows."""
    return lambda count: head + "".join(row.format(n=n, before=n - 1) for n in range(1, count + 1))


SHEETS = {
    "CSV": (".csv", rows("row,rule,value\n", "v{n},v{before}+a,{n}\n")),
    "tabs": (".txt", rows("row\trule\tvalue\n", "v{n}\tv{before}+a\t{n}\n")),
    "Markdown": (".md", rows("| row | rule | value |\n|---|---|---|\n", "| v{n} | v{before} + a | {n} |\n")),
    "HTML": (".html", rows("<table><tr><th>row<th>rule</tr>", "<tr><td>v{n}</td><td>v{before}*b</td></tr>\n")),
    "formulas": (".md", rows("", "$v_{n} = a + {n} = 1{n}$\n")),
    "a bar": (".md", rows("", "|\n")),
}  # fmt: skip


@pytest.mark.parametrize(("suffix", "made"), SHEETS.values(), ids=SHEETS)
def test_the_work_on_rows_grows_with_their_number(suffix: str, made: Callable[[int], str]) -> None:
    few, many = (calls(lambda count=count: grade(PROBLEM, made(count), suffix=suffix)) for count in (250, 500))
    assert log2(many / few) <= EXPONENT


def nested(count: int) -> Problem:
    """A problem each of whose steps uses the one before twice."""
    steps = "".join(
        f's{n} = "3.7*{f"s{n - 1}" if n else "x"}*(1 - {f"s{n - 1}" if n else "x"})"\n' for n in range(count)
    )
    return Problem.from_toml(f'[inputs]\nx = 0.4\n[steps]\n{steps}[outputs]\ny = "s{count - 1} + 1"')


def test_steps_that_are_left_out_are_not_written_out_where_that_would_double_with_each() -> None:
    sheet = "$v_0 = x = 0.4$\n\n$v_1 = 1 - v_0 = 0.6$\n\n$y = 3$\n"
    for count in (24, 200):
        report = grade(nested(count), sheet)
        assert report.cells[-1].verdict == "wrong"
        assert len(report.to("json")) < 20_000
    few, many = (calls(lambda count=count: grade(nested(count), sheet)) for count in (50, 100))
    assert log2(many / few) <= EXPONENT
