"""Sends work to a Dask scheduler, as an ordinary executor. An extra: ``pip install 'tracegen[cluster]'``."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, cast

from tracegen.errors import ToolError

WAIT = 10


@contextmanager
def connected(address: str) -> Iterator[Executor]:
    """An executor whose work is done by the workers of a scheduler.

    Raises ToolError where Dask is not installed or the scheduler can't be reached.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ToolError("a cluster needs Dask: pip install 'tracegen[cluster]'") from None
    try:
        make: Any = Client
        client = make(address, timeout=WAIT)
    except (OSError, ValueError, TimeoutError) as error:
        raise ToolError(f"the scheduler at {address} can't be reached: {error}") from None
    with client:
        yield cast("Executor", client.get_executor(pure=False, retries=3))
