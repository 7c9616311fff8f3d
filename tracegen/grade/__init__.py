"""Reading, aligning and judging answers.

The package is also the call that everything else is made of: ``tracegen.grade(problem, text)``.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracegen.grade.report import Report


class _Callable(ModuleType):
    """A module that can be called, since the room and its one call have the same name."""

    def __call__(self, problem: Any, text: str, **options: Any) -> Report:
        from tracegen.grade.grader import grade

        return grade(problem, text, **options)


sys.modules[__name__].__class__ = _Callable
