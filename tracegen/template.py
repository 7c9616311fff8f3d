"""A rule traced once into a handful of lines with slots, so that a sweep only fills in numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, reduce

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


@dataclass(frozen=True, slots=True)
class _Translated:
    """A template in the codes of one list; its constants are slots after the differentials.

    ``shapes`` has, by the place of a line, what is no scalar; ``symmetric`` which lines are symmetric.
    """

    constants: tuple[Operand, ...]
    lines: tuple[tuple[int, ...], ...]
    results: tuple[int | None, ...]
    shapes: tuple[tuple[int, Shape], ...]
    symmetric: tuple[int, ...]


class Filler:
    """Fills templates into one list: codes and constants are translated once a template."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._shaped = bool(builder.list.shapes)
        self._templates: dict[tuple[object, ...], _Translated] = {}

    def vjp(self, place: int, incoming: Operand, active: Sequence[bool] | None = None) -> list[Operand | None]:
        """Add the contributions of a line to its operands' adjoints; None where one is 0, or not ``active``."""
        line = self.builder.list.lines[place]
        setting = self._setting(place, line, active) if self._shaped or active else None
        template = self._template(pullback, line, (incoming,), setting)
        return self._fill(template, [*line[1:], place, incoming])

    def jvp(self, place: int, tangents: Sequence[Operand]) -> Operand | None:
        """Add the tangent of a line, from those of its operands; None where it is 0."""
        line = self.builder.list.lines[place]
        template = self._template(pushforward, line, tangents, self._setting(place, line) if self._shaped else None)
        return self._fill(template, [*line[1:], place, *tangents])[0]

    def _setting(self, place: int, line: tuple[int, ...], active: Sequence[bool] | None = None) -> Setting:
        wengert = self.builder.list
        operands = (*line[1:], place)
        return Setting(
            tuple([wengert.shapes.get(operand, SCALAR) for operand in operands]),
            tuple([operand in wengert.symmetric for operand in operands]),
            tuple([operand >= 0 and (active is None or active[operand]) for operand in line[1:]]),
        )

    def _template(
        self, trace: Trace, line: tuple[int, ...], differentials: Sequence[Operand], setting: Setting | None
    ) -> _Translated:
        """The template of a line: by its code alone where everything is a line and a scalar, else by its constants,
        shapes and more."""
        kinds: Kinds | None = None
        key: tuple[object, ...] = (trace, line[0], setting)
        if min(line) < 0 or min(differentials) < 0:
            kinds = tuple(map(self._kind, differentials))
            key = (*key, kinds, *[min(operand, 0) for operand in line[1:]])
        template = self._templates.get(key)
        if template is None:
            row = self.builder.list.primitives[line[0]]
            traced = trace(row, self._constants(line), kinds or (LINE,) * len(differentials), setting)
            template = self._templates[key] = self._translate(traced)
        return template

    def _fill(self, template: _Translated, slots: list[int]) -> list[Operand | None]:
        slots += template.constants
        lines = self.builder.list.lines
        known = self.builder.index.setdefault
        size = len(lines)
        for pattern in template.lines:
            if len(pattern) == 3:
                code, a, b = pattern
                filled: tuple[int, ...] = (code, slots[a], slots[b])
            else:
                filled = (pattern[0], *[slots[at] for at in pattern[1:]])
            place = known(filled, size)
            if place == size:
                lines.append(filled)
                size += 1
            slots.append(place)
        if template.shapes:
            self._know(template, slots)
        return [None if result is None else slots[result] for result in template.results]

    def _know(self, template: _Translated, slots: Sequence[int]) -> None:
        wengert = self.builder.list
        for slot_of, shape in template.shapes:
            wengert.shapes[slots[slot_of]] = shape
        wengert.symmetric.update(slots[slot_of] for slot_of in template.symmetric)

    def _kind(self, operand: Operand) -> int:
        if operand >= 0:
            return LINE
        return {ZERO: IS_ZERO, ONE: IS_ONE}.get(self.builder.list.constants[~operand], LINE)

    def _constants(self, line: tuple[int, ...]) -> Constants:
        constants = self.builder.list.constants
        return tuple(constants[~operand] if operand < 0 else None for operand in line[1:])

    def _translate(self, template: Template) -> _Translated:
        builder, scratch = self.builder, template.scratch
        inputs, count = len(scratch.inputs), len(scratch.constants)

        def moved(operand: Operand) -> int:
            if operand < 0:
                return inputs + ~operand
            return operand if operand < inputs else operand + count

        return _Translated(
            tuple(builder.constant(formula) for formula in scratch.constants),
            tuple(
                (builder.code(scratch.primitives[code]), *map(moved, operands))
                for code, *operands in scratch.lines[inputs:]
            ),
            tuple(None if result is None else moved(result) for result in template.results),
            tuple((moved(place), shape) for place, shape in scratch.shapes.items() if place >= inputs),
            tuple(moved(place) for place in scratch.symmetric if place >= inputs),
        )
