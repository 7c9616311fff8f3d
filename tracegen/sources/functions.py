"""The operations of the table as Python functions: of numbers, or of traced values."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from tracegen.primitives import find
from tracegen.primitives.algebras import FLOATS
from tracegen.sources.traced_value import Tracer, applied


def function(name: str) -> Callable[..., Any] | None:
    """The function of an operation's name or alias, or None.

    >>> function("sigmoid")(0.0)
    0.5
    """
    row = find(name)
    if row is None:
        return None
    plain = inspect.Parameter.POSITIONAL_ONLY
    operands = [inspect.Parameter(f"x{place + 1}", plain) for place in range(max(row.arity, 0))]

    def apply(*operands: Any) -> Any:
        if any(isinstance(operand, Tracer) for operand in operands):
            return applied(row.name, *operands)
        return getattr(FLOATS, row.name)(*operands)

    apply.__name__ = apply.__qualname__ = row.name
    vars(apply)["__signature__"] = inspect.Signature(operands)
    apply.__doc__ = f"The operation {row.name} of numbers or of traced values."
    return apply
