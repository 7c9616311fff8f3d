"""What is measured: one task, done by one system, at several sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Run = Callable[[], object]

OURS = "tracegen"


@dataclass(frozen=True, slots=True)
class Case:
    """A task and a system that does it.

    ``make`` prepares a size (imports, inputs) and gives what is timed; ``items`` says by how many things the time is
    divided. ``needs`` names the module that has to be installed. ``wall`` is for what runs in processes of its own:
    the clock on the wall counts, not the processor's. ``percentile`` is for a run that is an iterator, which gives
    after each part how many items it had: the time of an item in the part at that percentile counts.
    """

    row: str
    what: str
    system: str
    make: Callable[[int], Run]
    sizes: tuple[int, ...]
    items: Callable[[int], float] = float
    item: str = "line"
    needs: str = ""
    wall: bool = False
    percentile: int = 0

    @property
    def name(self) -> str:
        """The case in one word, by which it is found again in another process."""
        return f"{self.row}/{self.what}/{self.system}"


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached: a time an item, a ratio to another system, or a growth exponent, at every size.

    ``kind`` is "seconds", "ratio" (of tracegen's time to that of ``beside``), "ahead" (the other way round),
    "exponent" or "bytes" (by how much memory grew at most, an item). ``than`` is the task of ``beside`` where it is
    another one.
    """

    row: str
    what: str
    kind: str
    limit: float
    beside: str = ""
    than: str = ""
    system: str = OURS
    sizes: tuple[int, ...] = ()


def once(size: int) -> float:
    """For cases whose time is that of the whole."""
    return 1.0
