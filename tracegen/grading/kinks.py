"""The kinks of a list: |x|, max and relu are smooth on each side, and another function on the other one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from tracegen.formula import Formula, postorder
from tracegen.grading.listings import Listing
from tracegen.grading.meaning import Array, MeaninglessError, compiled, value

ONE, TWO = ("abs", "sign", "step", "relu"), ("min", "max")

TRIED, MOST = 60, 4
"""Points that are tried for the other sides of kinks, and how many are kept: fewer than lie on the point's side."""


def are_on_one_side(listing: Listing) -> bool:
    """Whether what decides at each kink of a list has at all samples the sign that it has at the first."""
    return all(bool((sides == sides[0]).all()) for sides in _sides(listing))


def has_kinks(listing: Listing) -> bool:
    """Whether a list has a kink or a jump somewhere."""
    return any(node.head in ONE + TWO for formula in listing.steps.values() for node in postorder(formula))


def shows_both_sides(listing: Listing) -> bool:
    """Whether what decides at each kink of a list has both signs, in one sample or in several."""
    return all(bool((sides > 0).any() and (sides < 0).any()) for sides in _sides(listing))


def points_across(inputs: Mapping[str, Array], made: Callable[[Mapping[str, Array]], Sequence[Listing]]) -> Array:
    """Points at which kinks have other sides than at the first sample, one input a row; as few as show each kink.

    ``made`` gives the lists of a problem at any points. Points at which all lines have values come first.
    """
    source = random.Random(20240501)
    tried = {text: np.array([values[0], *_scattered(float(values[0]), source)]) for text, values in inputs.items()}
    listings = made(tried)
    sides = [row for listing in listings for row in _sides(listing)]
    if not sides:
        return np.zeros((len(inputs), 0))
    signs = np.array(sides)
    differs = (signs != signs[:, :1]) & np.isfinite(signs)
    valued = np.array([values for listing in listings for values in listing.values.values()])
    finite = np.isfinite(valued).all(axis=0)
    chosen: list[int] = []
    missing = differs.any(axis=1)
    while missing.any() and len(chosen) < MOST:
        chosen.append(int(np.argmax(differs[missing].sum(axis=0) * (1 + len(sides) * finite))))
        missing &= ~differs[:, chosen[-1]]
    return np.array([values[chosen] for values in tried.values()])


def _scattered(base: float, source: random.Random) -> list[float]:
    """Numbers of both signs, smaller and larger than one."""
    size = abs(base) or 1.0
    return [size * source.uniform(0.1, 2.5) * source.choice((-1, 1)) for _ in range(TRIED)]


def tied(listing: Listing) -> list[str]:
    """The rows of a list with a kink at which the point lies, max(a, b) where a = b: any slope between is a derivative
    there."""
    return [
        row
        for row, formula in listing.steps.items()
        for signs in _deciding(listing, formula)
        if signs is not None and bool((signs[:1] == 0).any())
    ]


def _sides(listing: Listing) -> list[Array]:
    """For each kink of a list the sign of what decides there, at all samples."""
    found = [signs for formula in listing.steps.values() for signs in _deciding(listing, formula)]
    return [signs for signs in found if signs is not None]


def _deciding(listing: Listing, formula: Formula) -> Iterator[Array | None]:
    """The sign of what decides at each kink of a formula."""
    for node in postorder(formula):
        if node.head in ONE:
            yield _sign(listing, node.args[0])
        if node.head in TWO:
            yield _sign(listing, Formula("sub", node.args))


def _sign(listing: Listing, formula: Formula) -> Array | None:
    try:
        return np.sign(listing.finished(value(compiled(formula), listing.look_up, listing.functions)))
    except MeaninglessError:
        return None
