"""The table of primitives: one row an operation, found by its name or an alias."""

from __future__ import annotations

from collections.abc import Iterator

from tracegen.errors import PrimitiveError
from tracegen.primitives.matrix import MADE
from tracegen.primitives.matrix import ROWS as MATRIX_ROWS
from tracegen.primitives.primitive import Form, Kink, Primitive, linear, multilinear
from tracegen.primitives.scalar import ROWS as SCALAR_ROWS

__all__ = [
    "Form", "Kink", "Primitive", "edition", "find", "linear", "lookup", "multilinear", "names", "register", "rows",
]  # fmt: skip

_ROWS: dict[str, Primitive] = {}
_NAMES: dict[str, Primitive] = {}
_editions: list[str] = []


def register(primitive: Primitive) -> Primitive:
    """Add a row to the table, for this process; its name and aliases can then be used everywhere.

    Raises PrimitiveError where a name is taken by another row.
    """
    for spelled in (primitive.name, *primitive.aliases):
        taken = _NAMES.get(spelled)
        if taken is not None and taken.name != primitive.name:
            raise PrimitiveError(f"{spelled!r} already names the operation {taken.name}")
    _ROWS[primitive.name] = primitive
    for spelled in (primitive.name, *primitive.aliases):
        _NAMES[spelled] = primitive
    _editions.append(primitive.name)
    return primitive


def edition() -> int:
    """A number that is another one whenever the table is, for what is worked out of all of it."""
    return len(_editions)


def find(spelled: str) -> Primitive | None:
    """The row of a name or alias, or None.

    >>> find("arcsin").name
    'asin'
    """
    return _NAMES.get(spelled)


def lookup(name: str) -> Primitive:
    """The row of a name; KeyError where there is none."""
    return _ROWS[name]


def rows() -> Iterator[Primitive]:
    """Every row, in the order of the table."""
    yield from _ROWS.values()


def names() -> list[str]:
    """Every name and alias by which a row is found."""
    return list(_NAMES)


for _row in (*SCALAR_ROWS, *MATRIX_ROWS, *MADE):
    register(_row)
