"""A rule traced once into a handful of lines with slots, so that a sweep only fills in numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from tracegen.algebra.terms import Term
from tracegen.formula import Formula, name
from tracegen.primitives import Primitive
from tracegen.primitives.rule_formulas import ADJOINT, OUTPUT, pulled, pushed, slot
from tracegen.shapes import SCALAR, Shape
from tracegen.wengert.lower import as_operand, lower
from tracegen.wengert.wengert_list import ONE, ZERO, Builder, Entry, Operand

Constants = tuple[Formula | None, ...]
"""The operands of a line that are constants; None for those that are lines."""

Kinds = tuple[int, ...]
LINE, IS_ZERO, IS_ONE = 0, 1, 2
"""What each incoming differential is: a line (or a constant that is not worth a template), the constant 0, or 1."""


Blank = tuple[int, int, int, tuple[int, ...]]
"""A line to be filled in: its code, the slots of two operands (the second is 0 where there is one only), and more."""

Matrices = tuple[tuple[tuple[int, Shape], ...], tuple[int, ...]]
"""The shapes of slots that are no scalars, and which slots are symmetric."""


class Template(NamedTuple):
    """Lines over slots.

    The slots are a line (its code and operands), its place, the incoming differentials, the ``constants``, and then
    the template's own ``lines``, whose codes are places in ``rows``. ``results`` pairs the slots of an operand and of
    what is had for it, where that is not 0.
    """

    rows: tuple[Primitive, ...]
    constants: tuple[Formula, ...]
    lines: tuple[Blank, ...]
    results: tuple[tuple[int, int], ...]
    matrices: Matrices | None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a rule may know of matrices: shapes of the operands and the output, which are symmetric, and of which
    operands the adjoint is wanted."""

    shapes: tuple[Shape, ...]
    symmetric: tuple[bool, ...]
    wanted: tuple[bool, ...]

    @classmethod
    def of_numbers(cls, count: int) -> Setting:
        """That of a row whose operands are numbers, every adjoint of which is wanted."""
        return cls((SCALAR,) * (count + 1), (False,) * (count + 1), (True,) * count)

    def terms(self, row: Primitive, constants: Constants) -> tuple[list[Term], Term]:
        """The operands and the output of a row as terms; operands that are constants stand as they are."""
        sides = list(zip([*constants, None], self.shapes, self.symmetric, strict=True))
        terms = [
            Term(slot(at) if constant is None else constant, shape, symmetric)
            for at, (constant, shape, symmetric) in enumerate(sides[:-1])
        ]
        return terms, Term(OUTPUT, *sides[-1][1:])


@cache
def pullback(row: Primitive, constants: Constants, kinds: Kinds, setting: Setting | None = None) -> Template:
    """The template of adjoint × local partial, one result for each operand of a row that is a line."""
    incoming = ONE if kinds[0] == IS_ONE else ADJOINT
    setting = setting or Setting.of_numbers(len(constants))
    operands, output = setting.terms(row, constants)
    adjoints = pulled(row, operands, output, Term(incoming, output.shape))
    builder = _scratch(len(constants), [ADJOINT.args[0]], [*setting.shapes, output.shape], setting.symmetric)
    wanted = [
        term.formula if constant is None and asked else ZERO
        for term, constant, asked in zip(adjoints, constants, setting.wanted, strict=True)
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
    setting = setting or Setting.of_numbers(len(constants))
    operands, output = setting.terms(row, constants)
    tangents = [Term(formula, operand.shape) for formula, operand in zip(incoming, operands, strict=True)]
    builder = _scratch(len(constants), differentials, [*setting.shapes, *setting.shapes[:-1]], setting.symmetric)
    return _traced(builder, [pushed(row, operands, output, tangents).formula])


def _scratch(count: int, differentials: Sequence[str], shapes: Sequence[Shape], symmetric: Sequence[bool]) -> Builder:
    """A list whose inputs are the slots of a template."""
    places = [place for place, is_symmetric in enumerate(symmetric) if is_symmetric]
    slots = [slot(at).args[0] for at in range(count)]
    return Builder.of([*slots, OUTPUT.args[0], *differentials], shapes, places)


def _traced(builder: Builder, formulas: Sequence[Formula]) -> Template:
    """The template of some formulas over the inputs of a list that :func:`_scratch` made.

    A place in that list becomes a slot, which is one more, since the code of the line stands before its operands; and
    the constants, which have no places, get slots between its inputs and its lines::

        what            code   operands    place   differentials   constants   lines
        in the list            0 … n − 1   n       n + 1 …         ~0, ~1 …    after the inputs
        slot            0      1 … n       n + 1   n + 2 …         …           …
                                                                   ↑           ↑
                                                      from constant_slots      from line_slots
    """
    scratch = builder.list
    environment = {text: at for at, text in enumerate(scratch.inputs)}
    operands = [as_operand(builder, lower(builder, formula, environment)) for formula in formulas]
    inputs = len(scratch.inputs)
    constant_slots = 1 + inputs
    line_slots = constant_slots + len(scratch.constants)

    def slot_of(operand: Operand) -> int:
        if operand < 0:
            return constant_slots + ~operand
        return 1 + operand if operand < inputs else line_slots + operand - inputs

    def blank(line: Entry) -> Blank:
        first, second, *more = [*map(slot_of, line[1:]), 0][: max(2, len(line) - 1)]
        return line[0], first, second, tuple(more)

    shapes = tuple((slot_of(place), shape) for place, shape in scratch.shapes.items() if place >= inputs)
    symmetric = tuple(slot_of(place) for place in scratch.symmetric if place >= inputs)
    results = ((1 + at, slot_of(operand)) for at, operand in enumerate(operands) if not scratch.is_zero(operand))
    return Template(
        rows=tuple(scratch.primitives),
        constants=tuple(scratch.constants),
        lines=tuple(map(blank, scratch.lines[inputs:])),
        results=tuple(results),
        matrices=(shapes, symmetric) if shapes else None,
    )


Trace = Callable[[Primitive, Constants, Kinds, Setting | None], Template]


Pattern = tuple[tuple[Operand, ...], tuple[Blank, ...], tuple[tuple[int, int], ...], Matrices | None]
"""A template in the codes of one list: the operands of its constants, its lines and results, and what is no scalar.
It is a bare tuple, since one is taken apart for every line."""


class Filler:
    """Fills the templates of one sweep, ``pullback`` or ``pushforward``: codes and constants are translated once a
    template.

    ``plain`` has, by code, the patterns of scalar lines whose operands are lines, as are their differentials;
    ``settled`` those of lines whose one differential is a constant, by that and by code. ``active`` says of which
    lines adjoints are wanted, of all where it is left out.
    """

    def __init__(self, builder: Builder, trace: Trace, active: Sequence[bool] | None = None) -> None:
        count = len(builder.list.primitives)
        self.builder = builder
        self._lines, self._users, self._others = builder.list.lines, builder.users, builder.others
        self.plain: list[Pattern | None] = [None] * count
        self.settled: defaultdict[Operand, list[Pattern | None]] = defaultdict(lambda: [None] * count)
        self._patterns: dict[object, Pattern] = {}
        self._trace = trace
        self._active = active
        self._needs_setting = bool(builder.list.shapes) or active is not None

    def pattern(self, place: int, differentials: Sequence[Operand]) -> Pattern:
        """The pattern of a line, which depends on the constants, shapes and more that it and its differentials have."""
        line = self._lines[place]
        if self._needs_setting or len(line) > 3 or min(line) < 0:
            return self._special(place, line, differentials)
        if min(differentials) < 0 and len(differentials) > 1:
            return self._special(place, line, differentials)
        pattern = self._made(line, (None,) * (len(line) - 1), differentials)
        patterns = self.plain if differentials[0] >= 0 else self.settled[differentials[0]]
        patterns[line[0]] = pattern
        return pattern

    def _special(self, place: int, line: Entry, differentials: Sequence[Operand]) -> Pattern:
        setting = self._setting(place, line) if self._needs_setting else None
        key = (setting, line[0], *[operand if operand < 0 else 0 for operand in (*line[1:], *differentials)])
        pattern = self._patterns.get(key)
        if pattern is None:
            pattern = self._patterns[key] = self._made(line, self._constants(line), differentials, setting)
        return pattern

    def _made(
        self, line: Entry, constants: Constants, differentials: Sequence[Operand], setting: Setting | None = None
    ) -> Pattern:
        builder = self.builder
        kinds = tuple([LINE if operand >= 0 else self._kind(operand) for operand in differentials])
        template = self._trace(builder.list.primitives[line[0]], constants, kinds, setting)
        codes = [builder.code(row) for row in template.rows]
        lines = tuple([(codes[code], a, b, more) for code, a, b, more in template.lines])
        return (tuple(map(builder.constant, template.constants)), lines, template.results, template.matrices)

    def fill(self, pattern: Pattern, slots: list[int]) -> Sequence[tuple[int, int]]:
        """Add the lines of a pattern, whose slots are a line, its place and the differentials to begin with.

        Gives the pattern's results: which slots are an operand and what is had for it. Lines are placed here as
        ``Builder.place`` does it, since a call a line would be a third of the time of a sweep."""
        constants, blanks, results, matrices = pattern
        lines, users, others = self._lines, self._users, self._others
        slots += constants
        for code, a, b, more in blanks:
            first, last = slots[a], slots[b or a]
            line: Entry = (code, first, last) if b else (code, first)
            if more:
                line = (*line, *[slots[at] for at in more])
                last = line[-1]
            latest, size = first if first > last else last, len(lines)
            place = users[latest] if latest >= 0 else -1
            if not place:
                users[latest] = place = size
            elif place < 0 or lines[place] != line:
                place = others(line, size)
            if place == size:
                lines.append(line)
                users.append(0)
            slots.append(place)
        if matrices:
            self.know(matrices, slots)
        return results

    def know(self, matrices: Matrices, slots: Sequence[int]) -> None:
        """Note which of the lines that a pattern added are matrices."""
        shapes, symmetric = matrices
        self.builder.list.shapes.update((slots[at], shape) for at, shape in shapes)
        self.builder.list.symmetric.update(slots[at] for at in symmetric)

    def _setting(self, place: int, line: Entry) -> Setting:
        wengert, active = self.builder.list, self._active
        operands = (*line[1:], place)
        return Setting(
            tuple([wengert.shapes.get(operand, SCALAR) for operand in operands]),
            tuple([operand in wengert.symmetric for operand in operands]),
            tuple([operand >= 0 and (active is None or active[operand]) for operand in line[1:]]),
        )

    def _kind(self, constant: Operand) -> int:
        formula = self.builder.list.constant(constant)
        return IS_ONE if formula == ONE else IS_ZERO if formula == ZERO else LINE

    def _constants(self, line: Entry) -> Constants:
        constants = self.builder.list.constants
        return tuple(constants[~operand] if operand < 0 else None for operand in line[1:])
