"""A rule traced once into a handful of lines with slots, so that a sweep only fills in numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from tracegen.formula import Formula, name
from tracegen.lower import as_operand, lower
from tracegen.primitives import Primitive
from tracegen.primitives.rules import ADJOINT, OUTPUT, partial, slot
from tracegen.primitives.written import add, mul
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


@cache
def pullback(row: Primitive, constants: Constants, kinds: Kinds) -> Template:
    """The template of adjoint × local partial, one result for each operand of a row that is a line."""
    builder = _scratch(row, [ADJOINT.args[0]])
    incoming = ONE if kinds[0] == IS_ONE else ADJOINT
    products = [
        ZERO if constant is not None else mul(incoming, partial(row, at, constants))
        for at, constant in enumerate(constants)
    ]
    return _traced(builder, products)


@cache
def pushforward(row: Primitive, constants: Constants, kinds: Kinds) -> Template:
    """The template of the sum of local partial × tangent over the operands of a row."""
    builder = _scratch(row, [f"#t{at}" for at in range(row.arity)])
    total = ZERO
    for at, kind in enumerate(kinds):
        if constants[at] is None and kind != IS_ZERO:
            tangent = ONE if kind == IS_ONE else name(f"#t{at}")
            total = add(total, mul(partial(row, at, constants), tangent))
    return _traced(builder, [total])


def _scratch(row: Primitive, differentials: Sequence[str]) -> Builder:
    return Builder.of([*[slot(at).args[0] for at in range(row.arity)], OUTPUT.args[0], *differentials])


def _traced(builder: Builder, formulas: Sequence[Formula]) -> Template:
    environment = {text: at for at, text in enumerate(builder.list.inputs)}
    operands = [as_operand(builder, lower(builder, formula, environment)) for formula in formulas]
    results = tuple(None if builder.list.is_zero(operand) else operand for operand in operands)
    return Template(builder.list, results)


Trace = Callable[[Primitive, Constants, Kinds], Template]


@dataclass(frozen=True, slots=True)
class _Translated:
    """A template in the codes of one list; its constants are slots after the differentials."""

    constants: tuple[Operand, ...]
    lines: tuple[tuple[int, ...], ...]
    results: tuple[int | None, ...]


class Filler:
    """Fills templates into one list: codes and constants are translated once a template."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._templates: dict[tuple[object, ...], _Translated] = {}

    def vjp(self, place: int, incoming: Operand) -> list[Operand | None]:
        """Add the contributions of a line to its operands' adjoints; None where one is 0."""
        line = self.builder.list.lines[place]
        template = self._template(pullback, line, (incoming,))
        return self._fill(template, [*line[1:], place, incoming])

    def jvp(self, place: int, tangents: Sequence[Operand]) -> Operand | None:
        """Add the tangent of a line, from those of its operands; None where it is 0."""
        line = self.builder.list.lines[place]
        template = self._template(pushforward, line, tangents)
        return self._fill(template, [*line[1:], place, *tangents])[0]

    def _template(self, trace: Trace, line: tuple[int, ...], differentials: Sequence[Operand]) -> _Translated:
        """The template of a line: by its code alone where everything is a line, else by its constants too."""
        kinds: Kinds | None = None
        key: tuple[object, ...] = (trace, line[0])
        if min(line) < 0 or min(differentials) < 0:
            kinds = tuple(map(self._kind, differentials))
            key = (trace, line[0], kinds, *[min(operand, 0) for operand in line[1:]])
        template = self._templates.get(key)
        if template is None:
            row = self.builder.list.primitives[line[0]]
            traced = trace(row, self._constants(line), kinds or (LINE,) * len(differentials))
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
        return [None if result is None else slots[result] for result in template.results]

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
        )
