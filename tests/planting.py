"""Puts rows of a test into the table of primitives, and takes them out again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tracegen import primitives
from tracegen.primitives import Primitive, register


@contextmanager
def planted(*rows: Primitive) -> Iterator[None]:
    """The table with some rows more, or with some in place of its own."""
    before = dict(primitives._ROWS), dict(primitives._NAMES)
    try:
        for row in rows:
            register(row)
        yield
    finally:
        for table, kept in zip((primitives._ROWS, primitives._NAMES), before, strict=True):
            table.clear()
            table.update(kept)
