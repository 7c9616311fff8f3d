"""The sweeps: evaluate, forward and reverse, each one loop over the list.

Forward and reverse give a list again: the primal lines, then the lines of the derivative. What is to be had of it
(exact values, floats, many digits, second derivatives, counts) is had by evaluating or sweeping that list.

Source: Griewank & Walther, "Evaluating Derivatives" (2008), chapters 3 (tables 3.4, 3.5) and 4.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from tracegen.algebra.algebra import Algebra
from tracegen.algebra.constructors import add
from tracegen.algebra.machine import run_lines, value
from tracegen.errors import PointError, ShapeError
from tracegen.formula import Formula
from tracegen.primitives import Primitive, lookup
from tracegen.shapes import SCALAR, Dimension, shape_text
from tracegen.wengert.rule_templates import Filler, pullback, pushforward
from tracegen.wengert.wengert_list import ONE, ZERO, Builder, Operand, WengertList


@dataclass(frozen=True, slots=True)
class Tangents:
    """A forward sweep: the list with the tangent lines, and the tangent operand of each primal line."""

    wengert: WengertList
    of: list[Operand]


class Arrival(NamedTuple):
    """A contribution to an adjoint: the line it came from, its operand, and the adjoint's operand with it added."""

    child: int
    term: Operand
    total: Operand


@dataclass(frozen=True, slots=True)
class Adjoints:
    """A reverse sweep: the list with the adjoint lines, the adjoint operand of each primal line, and the
    contributions that went into it, in the order they arrived."""

    wengert: WengertList
    of: list[Operand]
    contributions: dict[int, list[Arrival]]


def forward(wengert: WengertList, seed: Sequence[Formula]) -> Tangents:
    """Sweep tangents from the inputs to the last line.

    ``seed`` has the tangent of each input: numbers, or letters for a symbolic direction; of a matrix, a letter or 0.

    >>> from tracegen.primitives.algebras import FLOATS
    >>> builder = Builder.of(["x"])
    >>> square = builder.append("mul", (0, 0))
    >>> swept = forward(builder.list, [ONE])
    >>> evaluate(swept.wengert, FLOATS, [3.0])[swept.of[square]]
    6.0
    """
    size = len(wengert)
    builder = Builder(wengert.copy())
    filler, lines = Filler(builder, pushforward), wengert.lines
    zero = builder.constant(ZERO)
    tangents = [builder.constant(formula, wengert.shape(place)) for place, formula in enumerate(seed)]
    plain, fill = filler.plain, filler.fill
    for place in range(len(tangents), size):
        line = lines[place]
        moved = [zero if operand < 0 else tangents[operand] for operand in line[1:]]
        pattern = plain[line[0]]
        if pattern is None or line[1] < 0 or line[-1] < 0 or moved[0] < 0 or moved[-1] < 0:
            pattern = filler.pattern(place, moved)
        slots = [*line, place, *moved]
        results = fill(pattern, slots)
        tangents.append(slots[results[0][1]] if results else zero)
    return Tangents(builder.list, tangents)


def reverse(
    wengert: WengertList,
    cotangents: Mapping[Operand, Formula],
    *,
    keep: bool = True,
    data: Collection[int] = (),
) -> Adjoints:
    """Sweep adjoints from the outputs to the inputs.

    ``cotangents`` has the adjoint that each output line starts with. With ``keep`` the contributions are kept
    apart as well as summed. ``data`` has the inputs whose adjoints are not wanted: they are 0.

    >>> from tracegen.primitives.algebras import FLOATS
    >>> builder = Builder.of(["x"])
    >>> square = builder.append("mul", (0, 0))
    >>> swept = reverse(builder.list, {square: ONE})
    >>> evaluate(swept.wengert, FLOATS, [3.0])[swept.of[0]]
    6.0
    """
    builder = Builder(wengert.copy())
    zero = builder.constant(ZERO)
    adjoints: list[Operand | None] = [None] * len(wengert)
    for operand, formula in cotangents.items():
        if operand >= 0 and formula != ZERO:
            adjoints[operand] = builder.constant(formula, wengert.shape(operand))
    contributions: dict[int, list[Arrival]] = {}
    filler = Filler(builder, pullback, _active(wengert, data) if data else None)
    _pull_back(filler, adjoints, contributions if keep else None)
    return Adjoints(builder.list, [zero if adjoint is None else adjoint for adjoint in adjoints], contributions)


def _pull_back(filler: Filler, adjoints: list[Operand | None], contributions: dict[int, list[Arrival]] | None) -> None:
    """Add the lines of all adjoints, from the last line to the first."""
    builder, plain, settled, fill = filler.builder, filler.plain, filler.settled, filler.fill
    lines, added = builder.list.lines, _sum_of_adjoints(builder)
    for place in range(len(adjoints) - 1, len(builder.list.inputs) - 1, -1):
        incoming = adjoints[place]
        if incoming is None:
            continue
        line = lines[place]
        pattern = plain[line[0]] if incoming >= 0 else settled[incoming][line[0]]
        if pattern is None or line[1] < 0 or line[-1] < 0:
            pattern = filler.pattern(place, (incoming,))
        slots = [*line, place, incoming]
        for operand_slot, term_slot in fill(pattern, slots):
            operand, term = slots[operand_slot], slots[term_slot]
            before = adjoints[operand]
            total = adjoints[operand] = term if before is None else added(before, term)
            if contributions is not None:
                contributions.setdefault(operand, []).append(Arrival(place, term, total))


def _sum_of_adjoints(builder: Builder) -> Callable[[Operand, Operand], Operand]:
    """What adds a contribution to an adjoint: a line, or a constant where both are constants."""
    matrices, code, place_of = bool(builder.list.shapes), builder.code(lookup("add")), builder.place

    def added(before: Operand, term: Operand) -> Operand:
        if before < 0 and term < 0:
            total = _sum(builder.list.constant(before), builder.list.constant(term))
            return builder.constant(total, builder.list.shape(before))
        return builder.append("add", (before, term)) if matrices else place_of((code, before, term))

    return added


def _active(wengert: WengertList, data: Collection[int]) -> list[bool]:
    """Which lines depend on an input that is no data."""
    active = [place not in data for place in range(len(wengert.inputs))]
    for line in wengert.lines[len(active) :]:
        active.append(any(operand >= 0 and active[operand] for operand in line[1:]))
    return active


@lru_cache(maxsize=1000)
def _sum(a: Formula, b: Formula) -> Formula:
    return add(a, b)


def evaluate(
    wengert: WengertList,
    algebra: Algebra,
    point: Sequence[Any],
    parameters: Mapping[str, Any] | None = None,
    convert: Any = float,
) -> list[Any]:
    """The values of all lines in an algebra, and after them the constants from the last to the first.

    So ``values[operand]`` is the value of any operand, lines and constants alike. ``point`` has the inputs' values;
    ``convert`` makes a number of the algebra from the text of a rational number. A matrix has the shape (row, column).
    Raises ShapeError where a value has not the shape of its input, KeyError where a parameter has no value.

    >>> from tracegen.primitives.algebras import FLOATS
    >>> builder = Builder.of(["x"])
    >>> evaluate(builder.list, FLOATS, [3.0])
    [3.0]
    """
    letters = dict(parameters or {})
    if wengert.shapes:
        letters |= dimensions(wengert, point, convert)
    constants = [constant_value(constant, algebra, letters, convert) for constant in reversed(wengert.constants)]
    count = len(wengert.inputs)
    values = [*point, *[None] * (len(wengert) - count), *constants]
    functions = [function_of(row, algebra, wengert.functions) for row in wengert.primitives]
    with algebra.quiet():
        run_lines(enumerate(wengert.lines[count:], count), functions, values)
    return values


def dimensions(wengert: WengertList, point: Sequence[Any], convert: Any = float) -> dict[str, Any]:
    """What the letters in a list's shapes stand for at a point.

    Raises ShapeError where an input's value has not the shape of the input.
    """
    sizes: dict[str, int] = {}
    for place, text in enumerate(wengert.inputs):
        shape, value_shape = wengert.shape(place), getattr(point[place], "shape", SCALAR)
        if len(shape) != len(value_shape) or not all(map(partial(_fits, sizes), shape, value_shape)):
            raise ShapeError(f"{text} is {shape_text(shape)}, its value {shape_text(value_shape)}")
    return {letter: convert(str(size)) for letter, size in sizes.items()}


def _fits(sizes: dict[str, int], dimension: Dimension, size: int) -> bool:
    return size == (sizes.setdefault(dimension, size) if isinstance(dimension, str) else dimension)


def function_of(row: Primitive, algebra: Algebra, functions: Mapping[str, str]) -> Callable[..., Any]:
    """A row's value in an algebra; of a letter, that of the row which it stands for, differentiated.

    Raises PointError where a letter stands for no row.
    """
    if row.composite:
        return partial(row.value, algebra)
    if row.letter is None:
        return getattr(algebra, row.name)  # type: ignore[no-any-return]
    text, primes = row.letter
    if text not in functions:
        raise PointError(f"{text} is known by its letter only; numbers need an operation that it stands for")
    if primes == 0:
        return getattr(algebra, functions[text])  # type: ignore[no-any-return]
    wengert, last = derivative(functions[text], primes)
    return lambda a: evaluate(wengert, algebra, [a])[last]


@cache
def derivative(row: str, order: int) -> tuple[WengertList, Operand]:
    """A derivative of a row of one operand, as a list and its last line.

    >>> from tracegen.primitives.algebras import FLOATS
    >>> wengert, last = derivative("sin", 2)
    >>> evaluate(wengert, FLOATS, [0.0])[last]
    -0.0
    """
    builder = Builder.of(["#x"])
    wengert, last = builder.list, builder.append(row, (0,))
    for _ in range(order):
        swept = forward(wengert, [ONE])
        wengert, last = swept.wengert, swept.of[last]
    return wengert, last


def constant_value(formula: Formula, algebra: Algebra, parameters: Mapping[str, Any], convert: Any = float) -> Any:
    """The value of a constant formula in an algebra; KeyError where a parameter has no value."""
    return value(formula, algebra, convert, parameters.__getitem__)
