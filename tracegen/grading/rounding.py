"""Says how much the rounding of a writer's own values can make in a value that is worked out of them."""

from __future__ import annotations

import math
from typing import Any

from tracegen.formula import Formula
from tracegen.grading.meaning import MeaninglessError, compiled, leaves, value
from tracegen.grading.numbers import Figure, figure
from tracegen.grading.tasks import Task, at

FEWEST = 5e-3
"""Half a unit in the last of three digits, relatively: no value is thought to have fewer."""


def rounding(task: Task, given: Figure) -> float:
    """What half a unit in the last place of each value that the right rule uses makes in the writer's own world."""
    if task.rule is None or task.target.ndim > 1 or not given.decimal:
        return 0.0
    code = compiled(task.rule)
    functions = task.world.listing.functions
    relative = min(FEWEST, given.open / abs(given.value)) if given.value else FEWEST
    total = 0.0
    for leaf in dict.fromkeys(leaves(code)):

        def moved(other: Formula, leaf: Formula = leaf) -> Any:
            values = task.world(other)
            return values + _half_unit(at(values, -1), given.open, relative) if other == leaf else values

        try:
            found = float(task.world.listing.finished(value(code, moved, functions))[-1])
        except MeaninglessError:
            continue
        total += abs(found - at(task.target, -1))
    return total if math.isfinite(total) else 0.0


def _half_unit(own: float, least: float, relative: float) -> float:
    """Half a unit in the last place of a value as it is written; zeros at its end, which nobody sees, count."""
    written = Formula("number", (repr(abs(own)).removesuffix(".0"),))
    return min(figure(written).open, max(least, relative * abs(own)))
