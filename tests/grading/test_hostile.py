"""Nothing on a sheet raises, runs, hangs or changes another sheet's report."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import SECOND
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracegen import primitives
from tracegen.errors import TracegenError
from tracegen.examples import path_of
from tracegen.grading.grader import grade
from tracegen.grading.read import SUFFIXES
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny1 = "exp(2*x2) + x1*sin(3*x2**2)"')
HOSTILE = [
    "__import__('os').system('x')", "v1 = __import__('os')", "v1 = 9^9^9^9^9", "v1 = 10**10**10", "v1 = " + "9" * 1_500,
    "v1 = " + "(" * 40, "v1 = " + r"\frac{" * 200, "$" * 999, "|" * 400, "v1 = 1/0", "v1 = 0/0 = \\infty",
    "v1 = log(0)",
    "v0 = x1\n" * 300, "v1 = v2\nv2 = v1", "v1 = v1", r"$$\begin{pmatrix} 1 & 2 \\ 3", r"$$\begin{aligned}",
    "\x00\x01\x02", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "v₁ = ∂/∂", "```\nv1 = x1\n```",
    r"\bar{v}_{999999999} = 1", "v1 += v1 += v1", "= = =", "v1 =", "v1 = = 2", "∂f/∂x1 = ∂f/∂x1", "v1 = sin sin sin",
    r"v_1 = \left( \right", "x1 = x2\nx2 = x1", "{{ config }}", "%s%s%n", "v1 = 1e999",
        "v1 = -" * 300, "v̄1 = v̄1 + v̄1",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("suffix", [".md", ".tex", ".csv"])
def test_hostile_sheets_get_a_report_or_a_clear_error(text: str, suffix: str) -> None:
    try:
        report = grade(PROBLEM, text, suffix=suffix)
    except TracegenError:
        return
    for format_ in ("json", "md", "html"):
        report.to(format_)


PIECES = st.sampled_from(
    [
        "v0", "v1", "v2", "v3", "v_{4}", "x1", "x2", "y1", r"\bar{v}_2", r"\dot v_3", "dv2/dx1", "exp(",
        "sin", ")", "(",
        r"\frac{\partial v_2}{\partial x_1}", "2", "3", "0.5", "=", "+", "-", "*", "/", "^", "|", "$", "$$", "&", r"\\",
        "\n", "\n\n", "\t", ",", ";", ":", "#", r"\quad", r"\begin{aligned}", r"\end{aligned}", "Adjoints", "e", "π",
        "∂", "v̄₁", "½", r"\exp", r"\times",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=40), st.sampled_from([".md", ".tex", ".txt", ".csv"]))
def test_any_heap_of_pieces_is_graded(pieces: list[str], suffix: str) -> None:
    try:
        report = grade(PROBLEM, " ".join(pieces), suffix=suffix)
    except TracegenError:
        return
    assert 0 <= report.score <= report.max_score
    assert all(
        cell.verdict in ("right", "carried", "wrong", "unread", "unsure", "blank", "extra") for cell in report.cells
    )


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300), st.sampled_from([".md", ".tex", ".json", ".ipynb", ".csv"]))
def test_any_text_is_graded(text: str, suffix: str) -> None:
    try:
        grade(PROBLEM, text, suffix=suffix)
    except TracegenError:
        return


def test_threads_do_not_change_each_other() -> None:
    texts = [f"v0 = x1 = 2\nv1 = x2 = 1\nv2 = 2 v1 = {2 + number % 2}\n" for number in range(24)]
    alone = [grade(PROBLEM, text) for text in texts]
    together: list[object] = [None] * len(texts)

    def work(place: int) -> None:
        together[place] = grade(PROBLEM, texts[place])

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


LONG = {
    "letters": "a" * 19_999 + "\n", "strokes": "~~a" * 6_000 + "\n", "begun": r"\begin{align}" * 1_400 + "\n",
    "arrays": r"\begin{array}{l}" * 1_200 + "\n", "cancelled": r"\cancel{" * 2_400 + "\n",
    "commands": r"\def\a#1#2{x}" * 1_400 + "\n",
    "commas": "1,2 " * 4_900 + "\n", "digits": "lOlO1lO " * 2_400 + "\n", "brackets": "[1 2 " * 3_900 + "\n",
    "over": r"{a \over " * 2_000 + "\n", "marks": "v3_bar " * 2_800 + "\n", "remarks": "v1 = 3 (a" * 2_200 + "\n",
}  # fmt: skip


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("suffix", [".md", ".tex", ".csv", ".html"])
def test_long_lines_of_one_sign_are_read_in_bounded_time(text: str, suffix: str) -> None:
    start = time.process_time()
    with suppress(TracegenError):
        grade(PROBLEM, text * 10, suffix=suffix)
    assert time.process_time() - start < 5


SMALL = Problem.from_toml('[inputs]\na = 2\nb = 3\n[outputs]\ny = "sin(a*b) + a*b**2"')
LARGE = Problem.from_toml(
    '[inputs]\nx = { shape = [60, 1] }\nA = { shape = [60, 60] }\n[steps]\nz = "A @ x"\n[outputs]\ny = "sum(z)"'
)
HEAD = "row,value,why,a,b,c,d,e,f,g,h,i,j,k\n"
FEW, TIMES = 100, 8
REPEATED = {
    "rulers": (".md", "", "-- --\n" * 40), "rulers over cells": (".md", "", "-- --\nv1 v2\n\n"),
    "decimals cut in many ways": (".csv", HEAD, ",".join("1" * 20) + "\n"),
    "one row": (".md", "", "v0 = a\n"), "rows without a formula": (".md", "", "v1 = 2\n"),
    "rows of words": (".md", "", "v1 = the square of a\n"), "lists that begin anew": (".md", "", "v0 = a\nv9 = v0 b\n"),
    "an alignment": (".tex", "\\begin{align}", "x &= y \\\\\n"), "statements": (".md", "", "y = sin(a b)\n"),
}  # fmt: skip


def graded_in(head: str, text: str, suffix: str) -> float:
    """The processor's time for a sheet that no one had before."""
    start = time.process_time()
    with suppress(TracegenError):
        grade(SMALL, head + text, suffix=suffix)
    return time.process_time() - start


@pytest.mark.parametrize(("suffix", "head", "line"), REPEATED.values(), ids=REPEATED)
def test_a_sheet_of_many_lines_takes_no_more_than_the_square_of_its_length(suffix: str, head: str, line: str) -> None:
    graded_in(head, line, suffix)
    short = max(graded_in(head, line * FEW, suffix), 0.02)
    assert graded_in(head, line * FEW * TIMES, suffix) < 1.5 * TIMES**2 * short


ZEROS = [
    "x_bar = [1; 0; 0; 0; 0; 0; 0; 0; 0; 0; 0]", "A_bar = [x, 0, 0, 0, 0, 0, 0, 0; 0, 0, 0, 0, 0, 0, 0, 0]",
    "A_bar = [x, 0, 0, 0, 0, 0, 0; 0, 0, 0, 0, 0, 0, 0] [x, 0, 0, 0, 0, 0, 0; 0, 0, 0, 0, 0, 0, 0]",
    "x_bar = " + " + ".join(["[1; 0; 0; 0; 0]"] * 30),
]  # fmt: skip


@pytest.mark.parametrize("row", ZEROS)
def test_zeros_that_can_stand_in_more_ways_than_can_be_tried_are_judged(row: str) -> None:
    report = grade(LARGE, f"z = A x\ny = sum(z)\n\nAdjoints\n\ny_bar = 1\n{row}\n")
    assert report.cells[-1].verdict in ("wrong", "unsure", "unread")


SUBMISSIONS = sorted(
    path for path in (Path(__file__).parent.parent / "submissions").rglob("*") if path.suffix in SUFFIXES
)
OTHERS = {
    "letters": Problem.from_toml(SECOND), "numbers": Problem.read(path_of("homework1")),
    "matrices": Problem.read(path_of("homework2_numbers")),
}  # fmt: skip


@pytest.mark.parametrize("problem", OTHERS.values(), ids=OTHERS)
def test_a_sheet_that_answers_another_problem_raises_nothing(problem: Problem) -> None:
    assert len(SUBMISSIONS) > 50
    for sheet in SUBMISSIONS:
        with suppress(TracegenError):
            grade(problem, sheet.read_text(), suffix=sheet.suffix)


@pytest.mark.parametrize("name", sorted(row.name for row in primitives.rows() if row.name.isalpha()))
def test_operands_whose_shapes_do_not_fit_raise_nothing(name: str) -> None:
    rows = "".join(f"z = {name}({operands})\n" for operands in ("x, A", "A, [1, 2; 3, 4]", "[1, 2, 3], x", "x, A, x"))
    assert grade(LARGE, f"{rows}y = sum(z)\n").cells
