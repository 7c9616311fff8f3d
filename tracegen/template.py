"""A rule traced once into a handful of lines with slots, so that a sweep only fills in numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from typing import NamedTuple

from tracegen.formula import Formula, name
from tracegen.lower import as_operand, lower
from tracegen.primitives import Primitive
from tracegen.primitives.rules import ADJOINT, OUTPUT, partial, pulled, pushed, slot
from tracegen.primitives.term import Term
from tracegen.primitives.written import add, mul
from tracegen.shapes import SCALAR, Shape
from tracegen.wengert import ONE, ZERO, Builder, Operand, WengertList

Constants = tuple[Formula | None, ...]
"""The operands of a line that are constants; None for those that are lines."""

Kinds = tuple[int, ...]
LINE, IS_ZERO, IS_ONE = 0, 1, 2
"""What each incoming differential is: a line (or a constant that is not worth a template), the constant 0, or 1."""


@dataclass(frozen=True, slots=True)
class Template:
    """Lines over slots: a row's operands, its output, the incoming differentials, then the template's own lines.

    ``results`` are slots (below 0: constants of ``scratch``), or None where a result is 0.
    """

    scratch: WengertList
    results: tuple[Operand | None, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule may know of matrices: shapes of the operands and the output, which are symmetric, and of which
    operands the adjoint is wanted."""

    shapes: tuple[Shape, ...]
    symmetric: tuple[bool, ...]
    wanted: tuple[bool, ...]

    def terms(self, row: Primitive, constants: Constants) -> tuple[list[Term], Term]:
        """The operands and the output of a row as terms; operands that are constants stand as they are."""
        known = list(zip([*constants, None], self.shapes, self.symmetric, strict=True))
        terms = [
            Term(slot(at) if constant is None else constant, shape, symmetric)
            for at, (constant, shape, symmetric) in enumerate(known[:-1])
        ]
        return terms, Term(OUTPUT, *known[-1][1:])


@cache
def pullback(row: Primitive, constants: Constants, kinds: Kinds, setting: Setting | None = None) -> Template:
    """The template of adjoint × local partial, one result for each operand of a row that is a line."""
    incoming = ONE if kinds[0] == IS_ONE else ADJOINT
    if setting is None:
        products = [
            ZERO if constant is not None else mul(incoming, partial(row, at, constants))
            for at, constant in enumerate(constants)
        ]
        return _traced(_scratch(len(constants), [ADJOINT.args[0]]), products)
    operands, output = setting.terms(row, constants)
    found = pulled(row, operands, output, Term(incoming, output.shape))
    builder = _scratch(len(constants), [ADJOINT.args[0]], [*setting.shapes, output.shape], setting.symmetric)
    wanted = [
        term.formula if constant is None and asked else ZERO
        for term, constant, asked in zip(found, constants, setting.wanted, strict=True)
    ]
    return _traced(builder, wanted)


@cache
def pushforward(row: Primitive, constants: Constants, kinds: Kinds, setting: Setting | None = None) -> Template:
    """The template of the sum of local partial × tangent over the operands of a row."""
    differentials = [f"#t{at}" for at in range(len(constants))]
    incoming = [
        ZERO if constant is not None or kind == IS_ZERO else ONE if kind == IS_ONE else name(text)
        for constant, kind, text in zip(constants, kinds, differentials, strict=True)
    ]
    if setting is None:
        terms = (mul(partial(row, at, constants), given) for at, given in enumerate(incoming) if given != ZERO)
        return _traced(_scratch(len(constants), differentials), [reduce(add, terms, ZERO)])
    operands, output = setting.terms(row, constants)
    tangents = [Term(formula, operand.shape) for formula, operand in zip(incoming, operands, strict=True)]
    builder = _scratch(len(constants), differentials, [*setting.shapes, *setting.shapes[:-1]], setting.symmetric)
    return _traced(builder, [pushed(row, operands, output, tangents).formula])


def _scratch(
    count: int, differentials: Sequence[str], shapes: Sequence[Shape] = (), symmetric: Sequence[bool] = ()
) -> Builder:
    """A list whose inputs are the slots of a template."""
    places = [place for place, is_symmetric in enumerate(symmetric) if is_symmetric]
    slots = [slot(at).args[0] for at in range(count)]
    return Builder.of([*slots, OUTPUT.args[0], *differentials], shapes, places)


def _traced(builder: Builder, formulas: Sequence[Formula]) -> Template:
    environment = {text: at for at, text in enumerate(builder.list.inputs)}
    operands = [as_operand(builder, lower(builder, formula, environment)) for formula in formulas]
    results = tuple(None if builder.list.is_zero(operand) else operand for operand in operands)
    return Template(builder.list, results)


Trace = Callable[[Primitive, Constants, Kinds, Setting | None], Template]


class Pattern(NamedTuple):
    """A template in the codes of one list.

    Its slots are a line (code and operands), its place, the differentials, the ``tail`` of constants, and then the
    lines that are filled in: each a code, the slots of two operands (the second is 0 where there is one only), and
    those of more. ``results`` pairs the slots of an operand and of what is had for it. ``shapes`` has what is no
    scalar, by its slot; ``symmetric`` which slots are symmetric.
    """

    tail: tuple[Operand, ...]
    lines: tuple[tuple[int, int, int, tuple[int, ...]], ...]
    results: tuple[tuple[int, int], ...]
    shapes: tuple[tuple[int, Shape], ...]
    symmetric: tuple[int, ...]


class Filler:
    """Fills the templates of one sweep, ``pullback`` or ``pushforward``: codes and constants are translated once a
    template.

    ``plain`` has, by code, the patterns of lines whose operands and differentials are scalar lines. ``active``
    says of which lines adjoints are wanted, of all where it is left out.
    """

    def __init__(self, builder: Builder, trace: Trace, active: Sequence[bool] | None = None) -> None:
        self.builder = builder
        self._lines, self._known = builder.list.lines, builder.index.setdefault
        self.plain: list[Pattern | None] = [None] * len(builder.list.primitives)
        self._patterns: dict[object, Pattern] = {}
        self._trace = trace
        self._active = active
        self._needs_setting = bool(builder.list.shapes) or active is not None

    def pattern(self, place: int, differentials: Sequence[Operand]) -> Pattern:
        """The pattern of a line, which depends on the constants, shapes and more that it and its differentials have."""
        line = self._lines[place]
        setting = self._setting(place, line) if self._needs_setting else None
        key = (setting, line[0], *[operand if operand < 0 else 0 for operand in (*line[1:], *differentials)])
        pattern = self._patterns.get(key)
        if pattern is None:
            row = self.builder.list.primitives[line[0]]
            kinds = tuple([self._kind(operand) for operand in differentials])
            pattern = self._patterns[key] = self._translated(self._trace(row, self._constants(line), kinds, setting))
            if setting is None and len(line) <= 3 and min(*line, *differentials) >= 0:
                self.plain[line[0]] = pattern
        return pattern

    def fill(self, pattern: Pattern, slots: list[int]) -> Sequence[tuple[int, int]]:
        """Add the lines of a pattern, whose slots are a line, its place and the differentials to begin with.

        Gives the pattern's results: which slots are an operand and what is had for it."""
        tail, added, results, shapes, symmetric = pattern
        lines, known = self._lines, self._known
        slots += tail
        size = len(lines)
        for code, a, b, more in added:
            line: tuple[int, ...] = (code, slots[a], slots[b]) if b else (code, slots[a])
            if more:
                line += tuple([slots[operand] for operand in more])
            place = known(line, size)
            if place == size:
                lines.append(line)
                size += 1
            slots.append(place)
        if shapes:
            self.builder.list.shapes.update((slots[at], shape) for at, shape in shapes)
            self.builder.list.symmetric.update(slots[at] for at in symmetric)
        return results

    def _setting(self, place: int, line: tuple[int, ...]) -> Setting:
        wengert, active = self.builder.list, self._active
        operands = (*line[1:], place)
        return Setting(
            tuple([wengert.shapes.get(operand, SCALAR) for operand in operands]),
            tuple([operand in wengert.symmetric for operand in operands]),
            tuple([operand >= 0 and (active is None or active[operand]) for operand in line[1:]]),
        )

    def _kind(self, operand: Operand) -> int:
        if operand >= 0:
            return LINE
        return {ZERO: IS_ZERO, ONE: IS_ONE}.get(self.builder.list.constants[~operand], LINE)

    def _constants(self, line: tuple[int, ...]) -> Constants:
        constants = self.builder.list.constants
        return tuple(constants[~operand] if operand < 0 else None for operand in line[1:])

    def _translated(self, template: Template) -> Pattern:
        builder, scratch = self.builder, template.scratch
        inputs, constants = len(scratch.inputs), len(scratch.constants)

        def moved(operand: Operand) -> int:
            if operand < 0:
                return 1 + inputs + ~operand
            return 1 + operand if operand < inputs else 1 + operand + constants

        def filled(line: tuple[int, ...]) -> tuple[int, int, int, tuple[int, ...]]:
            a, b, *more = [*map(moved, line[1:]), 0][: max(2, len(line) - 1)]
            return builder.code(scratch.primitives[line[0]]), a, b, tuple(more)

        return Pattern(
            tuple(map(builder.constant, scratch.constants)),
            tuple(map(filled, scratch.lines[inputs:])),
            tuple((1 + at, moved(result)) for at, result in enumerate(template.results) if result is not None),
            tuple((moved(place), shape) for place, shape in scratch.shapes.items() if place >= inputs),
            tuple(moved(place) for place in scratch.symmetric if place >= inputs),
        )
