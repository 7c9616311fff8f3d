"""The processes that grade a class: they leave when the one that started them does, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MOST_DEATHS = 1_000
"""As often are processes started again of which one died."""


class Workers(Executor):
    """Processes that are started anew where one of them died.

    ``submit`` raises OSError or RuntimeError where none can be started.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._deaths = 0
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker do something."""
        pool = self._pool = self._pool or self._started()
        try:
            return pool.submit(fn, *args, **kwargs)
        except BrokenProcessPool:
            self._deaths += 1
            if self._deaths > MOST_DEATHS:
                raise
            pool.shutdown(wait=False)
            self._pool = self._started()
            return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes end."""
        with suppress(OSError, RuntimeError):  # where none was ever there, or a signal came as they were started
            if self._pool is not None:
                self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _started(self) -> ProcessPoolExecutor:
        spawning = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._count, mp_context=spawning, initializer=_begin)


@contextmanager
def workers(jobs: int | None, sheets: int) -> Iterator[Executor | None]:
    """Processes for a number of sheets, as many as are asked for or as there are processors; None where this process
    does as well alone."""
    count = min(jobs or os.cpu_count() or 1, sheets)
    if count <= 1:
        yield None
        return
    with Workers(count) as executor:
        yield executor


def _begin() -> None:
    """Let the process that started this one hear of an interrupt alone, for it ends with one line, and so do all; and
    end with it, should it be killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watching = Thread(target=_leave_with, args=(multiprocessing.parent_process(),), daemon=True)
    try:
        watching.start()
    except RuntimeError:  # no thread can be started
        return


def _leave_with(parent: Any) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)
