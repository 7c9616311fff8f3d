"""Chooses numbers for the letters of shapes, so that sizes that are called differently are different numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracegen.formula import postorder
from tracegen.problems.problem import Problem
from tracegen.problems.problem_file import letter_sizes
from tracegen.shapes import Dimension, shape_text, valued
from tracegen.wengert.wengert_list import WengertList

LARGEST = 200


@dataclass(frozen=True, slots=True)
class Sizes:
    """What every letter stands for, what every size is called, ``{5: "N+2"}``, and all sizes that there are."""

    letters: Mapping[str, int]
    called: Mapping[int, str]
    numbers: tuple[int, ...]


def chosen_sizes(problem: Problem, lists: Sequence[WengertList]) -> Sizes:
    """What the values of inputs say of a letter, or a small number of its own, beyond every place that is asked for."""
    lines = (size for wengert in lists for place in range(len(wengert)) for size in wengert.shape(place))
    given = list(dict.fromkeys(_of_inputs(problem)))
    # in the order of the inputs: of two letters that are the same number, the one that a reader met first names it
    everything = sorted(dict.fromkeys(map(str, (*given, *lines, 1))), key=len)
    known = letter_sizes(problem.inputs)
    places = _places(problem)
    least = max(places, default=0) + 2
    for letter in [size for size in given if isinstance(size, str)]:
        if letter not in known:
            taken = places | {size for size in given if isinstance(size, int)}
            known[letter] = _first(letter, known, everything, taken, least)
    numbers = {size for text in everything if (size := valued(text, known)) is not None}
    return Sizes(known, _called(everything, known), tuple(sorted(numbers)))


def _of_inputs(problem: Problem) -> Iterator[Dimension]:
    return (size for entry in problem.inputs for size in entry.shape)


def _first(letter: str, known: Mapping[str, int], sizes: Collection[str], taken: Collection[int], least: int) -> int:
    """The smallest number under which no two sizes that are known then are the same."""
    for number in range(least, LARGEST):
        if number not in taken and _differ(sizes, {**known, letter: number}):
            return number
    return LARGEST


def _differ(sizes: Collection[str], known: Mapping[str, int]) -> bool:
    found = [size for text in sizes if (size := valued(text, known)) is not None]
    return len(set(found)) == len(found) and min(found, default=1) > 0


def _called(sizes: Collection[str], known: Mapping[str, int]) -> dict[int, str]:
    called: dict[int, str] = {}
    for text in sizes:
        size = valued(text, known)
        if size is not None and not text.isdigit():
            called.setdefault(size, shape_text((text,)))
    return called


def _places(problem: Problem) -> set[int]:
    """The numbers by which parts of matrices are taken, which are sizes too."""
    nodes = [node for formula in (*problem.steps.values(), *problem.outputs.values()) for node in postorder(formula)]
    below = [part for node in nodes if node.head == "index" for part in postorder(node)]
    return {int(part.args[0]) for part in below if part.head == "number" and part.args[0].isdigit()}
