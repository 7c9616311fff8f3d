"""Shows the work of automatic differentiation, and marks it.

>>> import tracegen
>>> t = tracegen.trace("exp(2*x2) + x1*sin(3*x2**2)", at={"x1": 2, "x2": 1})
>>> t.record()["jacobian"]["decimal"]
[['0.141120', '2.89820']]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracegen import errors
    from tracegen.errors import TracegenError
    from tracegen.grading.equal import equivalent
    from tracegen.grading.grader import grade
    from tracegen.notation.profiles import profile
    from tracegen.primitives import register
    from tracegen.primitives.primitive import scalar
    from tracegen.problems.problem import Problem
    from tracegen.traces import Trace, trace

    __version__: str

__all__ = [
    "Problem",
    "Trace",
    "TracegenError",
    "__version__",
    "equivalent",
    "errors",
    "grade",
    "profile",
    "register",
    "scalar",
    "trace",
]

_LATER = {
    "TracegenError": "tracegen.errors",
    "trace": "tracegen.traces",
    "Trace": "tracegen.traces",
    "Problem": "tracegen.problems.problem",
    "register": "tracegen.primitives",
    "scalar": "tracegen.primitives.primitive",
    "profile": "tracegen.notation.profiles",
    "equivalent": "tracegen.grading.equal",
    "grade": "tracegen.grading.grader",
}
"""What is imported when it is first used, so that the command line starts at once."""


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "__version__":
        from importlib.metadata import version

        return version("tracegen")
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    if name == "errors":
        return import_module("tracegen.errors")
    if not name.startswith("_") and import_module("tracegen.primitives").find(name) is not None:
        return import_module("tracegen.sources.functions").function(name)
    raise AttributeError(f"module 'tracegen' has no attribute {name!r}")
