"""Says whether samples lie on one side of every kink with the problem's point: |x|, max, relu are smooth there."""

from __future__ import annotations

import numpy as np

from tracegen.formula import Formula, postorder
from tracegen.grade.listings import Listing
from tracegen.grade.meaning import MeaninglessError, compiled, value

ONE, TWO = ("abs", "sign", "step", "relu"), ("min", "max")


def are_on_one_side(listing: Listing) -> bool:
    """Whether what decides at each kink of a list has at all samples the sign that it has at the first."""
    for formula in listing.steps.values():
        for node in postorder(formula):
            if node.head in ONE and not _has_one_sign(listing, node.args[0]):
                return False
            if node.head in TWO and not _has_one_sign(listing, Formula("sub", node.args)):
                return False
    return True


def _has_one_sign(listing: Listing, formula: Formula) -> bool:
    try:
        found = listing.finished(value(compiled(formula), listing.look_up, listing.functions))
    except MeaninglessError:
        return True
    return bool((np.sign(found) == np.sign(found[0])).all())
