"""The slips that have names, each with what plants it and the tags by which a judge may name it."""

from __future__ import annotations

import random

from mutating import right_sheet
from planting import (
    Plant,
    Planted,
    alike_digit,
    alike_row,
    as_product,
    at_the_input,
    by_change,
    by_node,
    contribution_left_out,
    degrees,
    elementary,
    itself,
    label_of_another_input,
    label_of_another_row,
    pasted,
    phantom,
    rounded,
    swapped_cells,
    truncated,
    value_sign,
    zero_for_a_derivative,
)
from planting_names import label_of_a_primal_row, label_of_the_seed, renaming, upside_down

from tracegen.problems.problem import Problem

SLIPS: dict[str, Plant] = {
    "sign of an edge": by_change("sign", ("slip.sign",)),
    "sign of a value": value_sign,
    "factor lost": by_change(
        "factor", ("slip.factor", "slip.function", "slip.operation", "slip.wrong-row", "slip.misread")
    ),
    "derivative at the input": by_node(at_the_input, ("slip.wrong-row", "slip.misread"), "/"),
    "half of the product rule": by_change("half", ("slip.left-out",), "forward"),
    "phantom contribution": phantom,
    "contribution left out": contribution_left_out,
    "wrong row": by_change("wrong row", ("slip.wrong-row", "slip.misread")),
    "row that names itself": by_node(itself, ("slip.itself", "slip.wrong-row", "slip.misread"), "/"),
    "operands the wrong way round": by_change("order", ("slip.order", "slip.sign", "slip.wrong-row")),
    "+ for ×": by_change("operation", ("slip.operation",)),
    "application as a product": by_node(
        as_product, ("slip.function", "slip.operation", "slip.factor", "slip.wrong-row"), "/"
    ),
    "number": by_change("number", ("slip.number", "slip.misread", "slip.factor")),
    "label of another row": label_of_another_row,
    "label of another input": label_of_another_input,
    "label of another step": label_of_a_primal_row,
    "label of the seed": label_of_the_seed,
    "column pasted": pasted,
    "cells swapped": swapped_cells,
    "degrees for radians": degrees,
    "zero for a derivative": zero_for_a_derivative,
    "elementary value": elementary,
    "rounding": rounded,
    "truncation": truncated,
    "look-alike row": by_node(alike_row, ("slip.misread",), "/"),
    "look-alike digit": alike_digit,
    "local partial upside down": upside_down,
    "consistent renaming": renaming,
}


def planted(slip: str, problem: Problem, source: random.Random) -> Planted | None:
    """A right sheet with one slip of a kind in it; None where the draw came out as none."""
    found = SLIPS[slip](right_sheet(problem), problem, source)
    if found is not None:
        found.sheet.slip = slip
    return found
