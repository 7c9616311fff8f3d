"""The sweeps: evaluate, forward and reverse, each one loop over the list.

Forward and reverse give a list again: the primal lines, then the lines of the derivative. What is to be had of it
(exact values, floats, many digits, second derivatives, counts) is had by evaluating or sweeping that list.

Source: Griewank & Walther, "Evaluating Derivatives" (2008), chapters 3 (tables 3.4, 3.5) and 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tracegen.formula import Formula, postorder
from tracegen.primitives.algebra import Algebra
from tracegen.primitives.written import add
from tracegen.template import Filler
from tracegen.wengert import ZERO, Builder, Operand, WengertList


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

    ``seed`` has the tangent of each input: numbers, or letters for a symbolic direction.

    >>> builder = Builder.of(["x"])
    >>> square = builder.append("mul", (0, 0))
    >>> swept = forward(builder.list, [ONE])
    >>> evaluate(swept.wengert, FLOATS, [3.0])[swept.of[square]]
    6.0
    """
    size = len(wengert)
    builder = Builder(wengert.copy())
    jvp, lines = Filler(builder).jvp, wengert.lines
    zero = builder.constant(ZERO)
    tangents = [builder.constant(formula) for formula in seed]
    for place in range(len(tangents), size):
        tangent = jvp(place, [zero if operand < 0 else tangents[operand] for operand in lines[place][1:]])
        tangents.append(zero if tangent is None else tangent)
    return Tangents(builder.list, tangents)


def reverse(wengert: WengertList, cotangents: Mapping[Operand, Formula], *, keep: bool = True) -> Adjoints:
    """Sweep adjoints from the outputs to the inputs.

    ``cotangents`` has the adjoint that each output line starts with. With ``keep`` the contributions are kept
    apart as well as summed.

    >>> builder = Builder.of(["x"])
    >>> square = builder.append("mul", (0, 0))
    >>> swept = reverse(builder.list, {square: ONE})
    >>> evaluate(swept.wengert, FLOATS, [3.0])[swept.of[0]]
    6.0
    """
    size = len(wengert)
    builder = Builder(wengert.copy())
    vjp, lines = Filler(builder).vjp, wengert.lines
    zero = builder.constant(ZERO)
    adjoints: list[Operand | None] = [None] * size
    for operand, formula in cotangents.items():
        if operand >= 0 and formula != ZERO:
            adjoints[operand] = builder.constant(formula)
    contributions: dict[int, list[Arrival]] = {}
    for place in range(size - 1, len(wengert.inputs) - 1, -1):
        incoming = adjoints[place]
        if incoming is None:
            continue
        for operand, term in zip(lines[place][1:], vjp(place, incoming), strict=True):
            if term is None:
                continue
            before = adjoints[operand]
            total = adjoints[operand] = term if before is None else _add(builder, before, term)
            if keep:
                contributions.setdefault(operand, []).append(Arrival(place, term, total))
    return Adjoints(builder.list, [zero if adjoint is None else adjoint for adjoint in adjoints], contributions)


def _add(builder: Builder, a: Operand, b: Operand) -> Operand:
    if a < 0 and b < 0:
        return builder.constant(add(builder.list.constant(a), builder.list.constant(b)))
    return builder.append("add", (a, b))


def evaluate(
    wengert: WengertList,
    algebra: Algebra,
    point: Sequence[Any],
    parameters: Mapping[str, Any] | None = None,
    convert: Any = float,
) -> list[Any]:
    """The values of all lines in an algebra, and after them the constants from the last to the first.

    So ``values[operand]`` is the value of any operand, lines and constants alike. ``point`` has the inputs' values;
    ``convert`` makes a number of the algebra from the text of a rational number.

    >>> builder = Builder.of(["x"])
    >>> evaluate(builder.list, FLOATS, [3.0])
    [3.0]
    """
    known = dict(parameters or {})
    constants = [constant_value(constant, algebra, known, convert) for constant in reversed(wengert.constants)]
    count = len(wengert.inputs)
    values = [*point, *[None] * (len(wengert) - count), *constants]
    functions = [getattr(algebra, row.name) for row in wengert.primitives]
    place = count
    for line in wengert.lines[count:]:
        if len(line) == 3:
            code, a, b = line
            values[place] = functions[code](values[a], values[b])
        elif len(line) == 2:
            values[place] = functions[line[0]](values[line[1]])
        else:
            values[place] = functions[line[0]](*[values[operand] for operand in line[1:]])
        place += 1
    return values


def constant_value(formula: Formula, algebra: Algebra, parameters: Mapping[str, Any], convert: Any = float) -> Any:
    """The value of a constant formula in an algebra; KeyError where a parameter has no value."""
    stack: list[Any] = []
    for written in postorder(formula):
        if written.head == "number":
            stack.append(convert(written.args[0]))
        elif written.head == "name":
            stack.append(parameters[written.args[0]])
        elif written.head == "constant":
            stack.append(getattr(algebra, written.args[0])())
        else:
            count = len(written.args)
            operands = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            stack.append(getattr(algebra, written.head)(*operands))
    return stack.pop()
