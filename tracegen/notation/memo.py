"""What was printed once and stands in every row: names, v̄3, ∂v8/∂v3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

REMEMBERED = 1 << 16


class Memo(dict[Any, Any]):
    """The values of a function, each worked out when it is first looked up; emptied when there are too many.

    A look-up costs half of one in ``functools.lru_cache``, and a value holds nothing but itself.

    >>> Memo(str.upper)["v3"]
    'V3'
    """

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    def __missing__(self, key: Any) -> Any:
        if len(self) >= REMEMBERED:
            self.clear()
        value = self[key] = self._function(key)
        return value
