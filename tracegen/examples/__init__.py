"""The problem files that come with tracegen."""

from __future__ import annotations

from pathlib import Path

from tracegen.errors import ProblemError

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The names of the shipped problems.

    >>> "homework1" in names()
    True
    """
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def path_of(name: str) -> Path:
    """The file of a shipped problem; ProblemError where there is none of that name."""
    if name not in names():
        raise ProblemError(f"there is no example {name!r}; there are {', '.join(names())}")
    return FOLDER / f"{name}.toml"
