"""W7, past one process and past one machine: the sheets of a class, graded by processes here and by a Dask cluster."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from multiprocessing import get_context
from typing import Any

from tests.benchmarks.case import OURS, Case, Run, Target
from tests.benchmarks.workloads.grading import PROBLEM, SHEET, with_slips

WHAT = "a class, by the clock"
SIZES = (10, 300)


def _here(workers: int) -> Executor:
    """As many processes as there are workers, or a thread of this one."""
    return ProcessPoolExecutor(workers, get_context("spawn")) if workers else ThreadPoolExecutor(1)


def _cluster(workers: int) -> Executor:
    """The workers of a cluster on this machine; they end when this process does."""
    from distributed import LocalCluster

    from tracegen.grading.classes.cluster import connected

    stack = ExitStack()
    atexit.register(stack.close)
    make: Any = LocalCluster
    started = make(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50)
    return stack.enter_context(connected(stack.enter_context(started).scheduler_address))


def graded(workers: int, start: Callable[[int], Executor]) -> Callable[[int], Run]:
    """How to grade a class of some size, other sheets each time; workers have started before."""

    def make(size: int) -> Run:
        from tracegen.grading.classes.batch import grade_class
        from tracegen.grading.classes.collecting import Sheet
        from tracegen.problems.problem import Problem

        problems, text, seeds = [Problem.read(PROBLEM)], SHEET.read_text(encoding="utf-8"), count()
        executor = start(workers)

        def run(sheets: int = size) -> object:
            chosen = [
                Sheet(f"{seed}.md", ".md", with_slips(text, seed))
                for _, seed in zip(range(sheets), seeds, strict=False)
            ]
            return len(grade_class(problems, chosen, executor))

        run(4 * max(workers, 1))
        return run

    return make


CASES = [
    Case("W7", WHAT, OURS, graded(0, _here), SIZES, item="sheet", wall=True),
    Case("W7", WHAT, "tracegen, one process", graded(1, _here), SIZES, item="sheet", wall=True),
    Case("W7", WHAT, "tracegen, two processes", graded(2, _here), SIZES, item="sheet", wall=True),
    Case(
        "W7",
        WHAT,
        "tracegen, Dask, one worker",
        graded(1, _cluster),
        SIZES,
        item="sheet",
        needs="distributed",
        wall=True,
    ),
    Case(
        "W7",
        WHAT,
        "tracegen, Dask, two workers",
        graded(2, _cluster),
        SIZES,
        item="sheet",
        needs="distributed",
        wall=True,
    ),
]

TARGETS: list[Target] = []
"""None is set: what a cluster costs beside processes here, and what a second worker gains, is there to be read."""
