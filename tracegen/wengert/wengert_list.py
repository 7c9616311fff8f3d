"""The Wengert list: flat lines in reading order, each an operation on lines before it.

A line is a tuple ``(code, operand, …)`` of small integers. The code is the place of its primitive in the list's own
table; an operand from 0 up is a line, and ``~k`` (that is, below 0) is the list's constant ``k``. Equal lines
are one line. The inputs are the first lines; they have the code INPUT and no operands.

Source: R. E. Wengert, "A simple automatic derivative evaluation program", CACM 7 (1964).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from tracegen.algebra.terms import is_symmetric
from tracegen.formula import Formula, name, number
from tracegen.primitives import Primitive, lookup
from tracegen.primitives.rule_formulas import constant_shape
from tracegen.shapes import SCALAR, Shape, broadcast

INPUT = -1

Operand = int
Entry = tuple[int, ...]
"""A line as the list keeps it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a reader sees it: its place, its primitive (None for an input) and what it is applied to."""

    index: int
    primitive: Primitive | None
    operands: tuple[Operand, ...]
    shape: Shape = SCALAR


@dataclass(slots=True)
class Index:
    """Where the lines, the constants and the primitives of a list stand in it, so that equal ones are one.

    Of a line, its first or its last operand is the later one. ``users`` has, for each line, the first line of which it
    is that operand, or 0; ``others`` has all further lines. So most lines are found without a look at a dictionary
    of all, which is what a long list would cost most.
    """

    users: list[int]
    others: dict[Entry, int]
    constants: dict[Formula, Operand]
    heads: dict[str, tuple[int]]
    """What the lines of a primitive start with, by its name: its code."""

    def copy(self) -> Index:
        """An index that can grow without changing this one."""
        return Index(self.users.copy(), self.others.copy(), self.constants.copy(), self.heads.copy())


@dataclass(slots=True)
class WengertList:
    """The lines of one or several outputs.

    ``outputs`` says for each output which operand it is, ``names`` which lines have names of their own,
    ``shapes`` the shape of every operand that is no scalar, ``symmetric`` which matrices are, and ``functions``
    which row a function known by a letter stands for.
    """

    inputs: tuple[str, ...]
    lines: list[Entry] = field(default_factory=list)
    constants: list[Formula] = field(default_factory=list)
    primitives: list[Primitive] = field(default_factory=list)
    outputs: dict[str, Operand] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    shapes: dict[int, Shape] = field(default_factory=dict)
    symmetric: set[int] = field(default_factory=set)
    functions: dict[str, str] = field(default_factory=dict)
    _index: Index | None = field(default=None, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.lines)

    def line(self, index: int) -> Line:
        """The line at a place, as a reader sees it."""
        code, *operands = self.lines[index]
        return Line(index, None if code == INPUT else self.primitives[code], tuple(operands), self.shape(index))

    def __iter__(self) -> Iterator[Line]:
        return (self.line(index) for index in range(len(self.lines)))

    def shape(self, operand: Operand) -> Shape:
        """The shape of an operand."""
        return self.shapes.get(operand, SCALAR)

    def constant(self, operand: Operand) -> Formula:
        """The formula of a constant operand."""
        return self.constants[~operand]

    def is_zero(self, operand: Operand) -> bool:
        """Whether an operand is the constant 0."""
        return operand < 0 and self.constants[~operand] == ZERO

    def copy(self) -> WengertList:
        """A list that can grow without changing this one."""
        copied = WengertList(
            self.inputs, self.lines.copy(), self.constants.copy(), self.primitives.copy(),
            self.outputs.copy(), self.names.copy(), self.shapes.copy(), self.symmetric.copy(), self.functions.copy(),
        )  # fmt: skip
        copied._index = self._index and self._index.copy()
        return copied

    def index(self) -> Index:
        """Where everything stands; made when it is first asked for, and kept up to date by the one builder."""
        if self._index is None:
            constants = {formula: ~place for place, formula in enumerate(self.constants)}
            heads = {row.name: (code,) for code, row in enumerate(self.primitives)}
            users = [0] * len(self)
            others: dict[Entry, int] = {}
            for place in range(len(self.inputs), len(self)):
                line = self.lines[place]
                latest = max(line[1], line[-1])
                if latest >= 0 and not users[latest]:
                    users[latest] = place
                else:
                    others.setdefault(line, place)
            self._index = Index(users, others, constants, heads)
        return self._index

    def check(self) -> None:
        """Prove the list well formed: inputs first, operands before use, arities and shapes right, outputs there.

        Raises ValueError with the first line that is not.
        """
        for index, line in enumerate(self.lines):
            problem = self._fault(index, line)
            if problem:
                raise ValueError(f"line {index}: {problem}")
        for output, operand in self.outputs.items():
            if not -len(self.constants) <= operand < len(self.lines):
                raise ValueError(f"output {output} is no line")

    def _fault(self, index: int, line: Entry) -> str:
        code, operands = line[0], line[1:]
        if index < len(self.inputs):
            return "" if line == (INPUT,) else "an input is missing"
        if not 0 <= code < len(self.primitives):
            return f"there is no primitive {code}"
        if self.primitives[code].arity not in (len(operands), -1):
            return f"{self.primitives[code].name} of {len(operands)} operands"
        if operands and not -len(self.constants) <= min(operands) <= max(operands) < index:
            return "an operand is used before its line"
        if self.shapes and self.shape(index) != self.shape_of(self.primitives[code], operands):
            return f"the shape is not that of {self.primitives[code].name}"
        return ""

    def shape_of(self, row: Primitive, operands: Sequence[Operand]) -> Shape:
        """The shape that a row has on some operands; ShapeError where they do not fit."""
        shapes = [self.shapes.get(operand, SCALAR) for operand in operands]
        if row.shapes is None:
            return broadcast(shapes)
        return row.shapes(shapes, [self.constants[~operand] if operand < 0 else None for operand in operands])


ZERO = number(0)
ONE = number(1)


class Builder:
    """Adds lines to a list; equal lines and equal constants are one.

    >>> builder = Builder.of(["x"])
    >>> builder.append("mul", (0, builder.constant(number(2))))
    1
    >>> builder.append("mul", (0, builder.constant(number(2))))
    1
    """

    def __init__(self, wengert: WengertList) -> None:
        index = wengert.index()
        self.list = wengert
        self.users = index.users
        self.others = index.others.setdefault
        self._lines = wengert.lines
        self._constants = index.constants
        self._heads = index.heads
        self.probabilities: set[Operand] = set()
        """The inputs whose rows, or whose one column, are known to sum to 1."""

    @classmethod
    def of(cls, inputs: Sequence[str], shapes: Sequence[Shape] = (), symmetric: Collection[int] = ()) -> Builder:
        """A builder of a new list that has only its inputs; ``symmetric`` has the places of symmetric ones."""
        wengert = WengertList(tuple(inputs), [(INPUT,)] * len(inputs))
        wengert.shapes = {place: shape for place, shape in enumerate(shapes) if shape != SCALAR}
        wengert.symmetric = set(symmetric)
        return cls(wengert)

    def constant(self, formula: Formula, shape: Shape | None = None) -> Operand:
        """The operand of a constant; ``shape`` is that of a name which stands for a matrix."""
        operand = self._constants.get(formula)
        if operand is None:
            self.list.constants.append(formula)
            operand = self._constants[formula] = ~(len(self.list.constants) - 1)
            if shape or self.list.shapes:
                self._give_shape(operand, constant_shape(formula) if shape is None else shape)
        return operand

    def _give_shape(self, operand: Operand, shape: Shape) -> None:
        if shape != SCALAR:
            self.list.shapes[operand] = shape

    def code(self, row: Primitive) -> int:
        """The place of a primitive in the list's table."""
        return self._head(row)[0]

    def _head(self, row: Primitive) -> tuple[int]:
        head = self._heads.get(row.name)
        if head is None:
            head = self._heads[row.name] = (len(self.list.primitives),)
            self.list.primitives.append(row)
        return head

    def append(self, primitive: str | Primitive, operands: tuple[Operand, ...]) -> Operand:
        """The line of an application, new or already there. Raises ShapeError where the shapes do not fit."""
        try:
            head = self._heads[primitive]  # type: ignore[index]
        except KeyError:
            row = lookup(primitive) if isinstance(primitive, str) else primitive
            head = self._head(row)
            if row.shapes is not None:  # numbers that are stacked are the first matrix of a list
                return self._append_matrix(head, operands)
        if self.list.shapes:
            return self._append_matrix(head, operands)
        return self.place(head + operands)

    def _append_matrix(self, head: tuple[int], operands: tuple[Operand, ...]) -> Operand:
        """The line of an application in a list that has matrices; its shape is noted, and whether it is symmetric."""
        wengert = self.list
        row = wengert.primitives[head[0]]
        shape = wengert.shape_of(row, operands)
        place = self.place(head + operands)
        self._give_shape(place, shape)
        if is_symmetric(row.name, [operand in wengert.symmetric for operand in operands], operands):
            wengert.symmetric.add(place)
        return place

    def place(self, line: Entry) -> Operand:
        """The place of a line, new or already there, whose shape the caller knows."""
        lines, users = self._lines, self.users
        size, latest, last = len(lines), line[1], line[-1]
        if last > latest:
            latest = last
        place = users[latest] if latest >= 0 else -1
        if not place:
            users[latest] = place = size
        elif place < 0 or lines[place] != line:
            place = self.others(line, size)
        if place == size:
            lines.append(line)
            users.append(0)
        return place


def line_names(wengert: WengertList, label: str = "v", first: int = 0) -> list[Formula]:
    """The name of every line: its own, or the label with its number, counted from ``first``.

    >>> line_names(Builder.of(["x", "y"]).list, first=-1)[0]
    Formula(head='name', args=('v-1',))
    """
    return [name(wengert.names.get(place) or f"{label}{first + place}") for place in range(len(wengert))]
