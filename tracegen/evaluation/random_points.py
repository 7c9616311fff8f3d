"""Draws points at random at which a list has values, for a problem that has none."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from tracegen.errors import PointError
from tracegen.evaluation.decimals import balls
from tracegen.evaluation.evaluation import Evaluation, Point
from tracegen.formula import Formula, number
from tracegen.primitives.algebras import FLOATS
from tracegen.problems.problem_file import Input, letter_sizes
from tracegen.shapes import dimension_formula
from tracegen.wengert.sweep import constant_value
from tracegen.wengert.wengert_list import WengertList

POINTS = 2
_RANGES = (
    (0.4, 1.9),
    (0.1, 0.9),
    (-0.9, 0.9),
    (1.1, 4.0),
    (2.0, 12.0),
    (-12.0, -1.0),
    (10.0, 1000.0),
    (-1000.0, -10.0),
)
_SMALLEST = (2, 8, 32, 128)
"""The smallest number that a letter of a shape stands for, at first and where that is too small."""

_MOST_TRIES, _MOST_WORK = 400, 4_000_000
_DIAGONAL = 4.0
"""What square matrices have more on their diagonal, so that inverses and logarithms of determinants are there."""


def draw(evaluation: Evaluation, points: int = POINTS) -> Iterator[Point]:
    """Some points with values for inputs, parameters and letters; small numbers for the letters of shapes.

    Everything comes from one range, then from the next, then from whichever. The same points for the same problem, so
    that what fails can be repeated.
    """
    chosen = random.Random(len(evaluation.wengert))
    tries = min(_MOST_TRIES, max(len(_RANGES), _MOST_WORK // len(evaluation.wengert)))
    count = 0
    for attempt in range(tries):
        ranges = _RANGES if attempt >= len(_RANGES) else _RANGES[attempt : attempt + 1]
        point = _point(evaluation, chosen, ranges)
        if has_values(evaluation, point):
            count += 1
            yield point
        if count == points:
            return


Ranges = tuple[tuple[float, float], ...]


def _point(evaluation: Evaluation, chosen: random.Random, ranges: Ranges) -> Point:
    sizes = _sizes(evaluation, chosen)
    inputs = [entry.value or _value(entry, sizes, chosen, chosen.choice(ranges)) for entry in evaluation.problem.inputs]
    parameters = {
        text: value or _figure(chosen.uniform(*chosen.choice(ranges)))
        for text, value in evaluation.problem.parameters.items()
    }
    return Point(tuple(inputs), parameters, evaluation.convention.digits)


def _value(entry: Input, sizes: dict[str, int], chosen: random.Random, interval: tuple[float, float]) -> Formula:
    if not entry.shape:
        return _figure(chosen.uniform(*interval))
    rows, columns = (sizes[side] if isinstance(side, str) else side for side in entry.shape)
    if entry.probabilities:
        return _probabilities(rows, columns, chosen)
    cells = [[chosen.uniform(*interval) for _ in range(columns)] for _ in range(rows)]
    for at in range(rows if entry.shape[0] == entry.shape[1] and rows > 1 else 0):
        cells[at][at] += _DIAGONAL
        for other in range(at if entry.symmetric else 0):
            cells[at][other] = cells[other][at]
    return Formula("matrix", tuple(tuple(map(_figure, row)) for row in cells))


def _probabilities(rows: int, columns: int, chosen: random.Random) -> Formula:
    """A column that sums to 1, or a matrix of which every row does."""
    if columns == 1:
        (row,) = _probabilities(1, rows, chosen).args if rows > 1 else ((number(1),),)
        return Formula("matrix", tuple((cell,) for cell in row))
    counted = [[chosen.randint(1, 9) for _ in range(columns)] for _ in range(rows)]
    return Formula("matrix", tuple(tuple(number(Fraction(count, sum(row))) for count in row) for row in counted))


def _sizes(evaluation: Evaluation, chosen: random.Random) -> dict[str, int]:
    """What the letters of shapes stand for: what the values say, or small numbers, so large that all parts are there.

    Each letter has another, so that shapes that only happen to fit do not.
    """
    stated = letter_sizes(evaluation.problem.inputs)
    letters = dict.fromkeys(side for entry in evaluation.problem.inputs for side in entry.shape)
    for smallest in _SMALLEST:
        sizes = dict(stated)
        for letter in (side for side in letters if isinstance(side, str) and side not in stated):
            free = [size for size in range(smallest, smallest + 10) if size not in sizes.values()] or [2, 3, 4]
            sizes[letter] = chosen.choice(free[:3])
        if _has_parts(evaluation.wengert, sizes):
            return sizes
    raise PointError("the parts that are taken of matrices are too large to be tried with numbers")


def _has_parts(wengert: WengertList, sizes: Mapping[str, int]) -> bool:
    """Whether every part that a list takes of a matrix is there when the matrices have some sizes."""
    for line in wengert if wengert.shapes else ():
        if line.primitive is not None and line.primitive.name in ("slice", "entry"):
            shape = wengert.shape(line.operands[0])
            places = [int(constant_value(wengert.constant(place), FLOATS, sizes)) for place in line.operands[1:]]
            rows, columns = (int(constant_value(dimension_formula(side), FLOATS, sizes)) for side in shape)
            row_places, column_places = places[: len(places) // 2], places[len(places) // 2 :]
            last = line.primitive.name == "entry"
            if not (_within(row_places, rows - last) and _within(column_places, columns - last)):
                return False
    return True


def _within(places: Sequence[int], length: int) -> bool:
    return 0 <= places[0] <= places[-1] <= length and (len(places) == 1 or places[0] < places[-1])


def _figure(value: float) -> Formula:
    thousandths = round(value * 1000)
    size = Formula("div", (number(abs(thousandths)), number(1000)))
    return Formula("neg", (size,)) if thousandths < 0 else size


def has_values(evaluation: Evaluation, point: Point) -> bool:
    """Whether every line of a list has a finite value at a point."""
    values = balls(evaluation.sampled, point.inputs, point.parameters, 64)
    for value in values[: len(evaluation.wengert)]:
        elements = value.flat if hasattr(value, "flat") else [value]
        if not all(element.is_finite() for element in elements):
            return False
    return True
