"""Says in a terminal what is being done, once it has taken over a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

PATIENCE = 1.0
_EVERY = 0.5


class Progress:
    """What is being done now; ``at`` is called at each stage.

    Where stderr is no terminal nothing is said: a file or a program that reads it gets errors only, and the same
    text however slow the machine is.
    """

    def __init__(self) -> None:
        self._stage = ""
        self._done = Event()
        self._start = time.monotonic()
        self._thread = Thread(target=self._watch, daemon=True)
        self._shown = False

    def at(self, stage: str) -> None:
        """Begin a stage."""
        self._stage = stage

    def _watch(self) -> None:
        wait = PATIENCE
        while not self._done.wait(wait):
            wait = _EVERY
            self._show(f"{self._stage} … {time.monotonic() - self._start:.0f} s")

    def _show(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[2K{text}")
        self._shown = True
        sys.stderr.flush()

    def close(self) -> None:
        """Stop, and wipe the line."""
        self._done.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._shown:
            sys.stderr.write("\r\x1b[2K")

    def start(self) -> None:
        """Begin to watch the time, if there is somebody to tell."""
        if sys.stderr.isatty():
            self._thread.start()


@contextmanager
def progress(stage: str) -> Iterator[Progress]:
    """A progress line for the time of a block."""
    watched = Progress()
    watched.at(stage)
    watched.start()
    try:
        yield watched
    finally:
        watched.close()
