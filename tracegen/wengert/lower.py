"""From formulas to lines: left to right as written, operands before their operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracegen.algebra.constructors import apply
from tracegen.algebra.machine import run
from tracegen.algebra.terms import Term
from tracegen.errors import Place, ShapeError
from tracegen.formula import E, Formula, children, postorder, rational, with_children
from tracegen.primitives import find
from tracegen.primitives.algebras import FORMULAS
from tracegen.primitives.letters import letter
from tracegen.primitives.recognise import recognise, recognise_spelling
from tracegen.wengert.overloads import Meaning, Value, part
from tracegen.wengert.shape_errors import explained
from tracegen.wengert.wengert_list import ONE, Builder, Operand

__all__ = ["AS_WRITTEN", "Granularity", "Value", "as_operand", "emit", "lower"]


@dataclass(frozen=True, slots=True)
class Granularity:
    """What counts as one line.

    ``whole`` names the rows whose written-out form is read as one line (``1/(1 + exp(-x))`` as a sigmoid);
    ``expand`` names those that are written out. ‖a − b‖² and such are one line unless expanded. With ``steps``,
    every named step is one line.
    """

    whole: frozenset[str] = frozenset()
    expand: frozenset[str] = frozenset()
    steps: bool = False


AS_WRITTEN = Granularity()


def nowhere(operation: Formula) -> Place | None:
    """The place of an operation that was read from no text."""
    return None


def lower(
    builder: Builder,
    formula: Formula,
    environment: Mapping[str, Value],
    granularity: Granularity = AS_WRITTEN,
    leaves: Mapping[Formula, Value] | None = None,
    place_of: Callable[[Formula], Place | None] = nowhere,
) -> Value:
    """Add the lines of a formula and give its operand, or the folded constant where no line is in it.

    Constants are folded into the line that uses them, ``1/v`` is a reciprocal and ``e**v`` an exponential. Names
    that are not in ``environment`` are parameters, and so constants; ``leaves`` has what whole formulas stand for,
    such as v̄3. In a list that has shapes, an operation is what it means for the shapes of its operands. Raises
    ShapeError where they do not fit, at the place that ``place_of`` knows of the operation.

    >>> from tracegen.formula import name, number
    >>> builder = Builder.of(["x"])
    >>> lower(builder, Formula("mul", (number(2), name("x"))), {"x": 0})
    1
    """
    return _Lowering(builder, environment, granularity, leaves or {}, place_of).value(formula)


@dataclass(frozen=True, slots=True)
class _Lowering:
    """Everything that :func:`lower` was called with but the formula."""

    builder: Builder
    environment: Mapping[str, Value]
    granularity: Granularity
    leaves: Mapping[Formula, Value]
    place_of: Callable[[Formula], Place | None]

    def value(self, formula: Formula) -> Value:
        """The operand of a formula, or its constant, once its lines are added."""
        steps, readings = self._steps(formula)
        return run(steps, _as_it_is, lambda operation, operands: self._emit(operation, operands, readings))

    def _steps(self, formula: Formula) -> tuple[Iterator[tuple[Value, int]], list[_Reading]]:
        """The operations and leaves of a formula, operands before their operation, each with the count of its operands;
        and the operations that are not read as they are written."""
        environment, leaves = self.environment, self.leaves
        literal = self.granularity is AS_WRITTEN and not self.builder.list.shapes
        steps: list[tuple[Value, int]] = []  # read backwards, operands come first
        readings: list[_Reading] = []
        waiting = [formula]
        while waiting:
            written = waiting.pop()
            if written.head == "name":
                steps.append((environment.get(written.args[0], written), 0))
                continue
            if leaves and written in leaves:
                steps.append((leaves[written], 0))
                continue
            meant = written if literal and written.head != "index" else self._meant(written)
            if meant is not written:
                readings.append(_Reading(written, meant))
            below = children(meant)
            steps.append((meant, len(below)))
            waiting.extend(below)
        return reversed(steps), readings

    def _meant(self, written: Formula) -> Formula:
        try:
            return _meant(written, self.granularity, bool(self.builder.list.shapes))
        except ShapeError as error:
            raise ShapeError(error.message, self.place_of(written)) from None

    def _emit(self, operation: Value, operands: list[Value], readings: list[_Reading]) -> Value:
        assert isinstance(operation, Formula)
        try:
            return emit(self.builder, operation, operands)
        except ShapeError as error:
            written = _as_written(operation, readings, self.place_of)
            for operand in _read_as_one(written, operation):
                self.value(operand)
            raise ShapeError(error.message, self.place_of(written)) from None


def _as_it_is(value: Value) -> Value:
    return value


class _Reading(NamedTuple):
    """An operation as it was written, and what is meant by it."""

    written: Formula
    meant: Formula


def _as_written(
    operation: Formula,
    readings: Sequence[_Reading],
    place_of: Callable[[Formula], Place | None],
) -> Formula:
    """What stands in the text for an operation that is meant, or is part of what is meant."""
    for written, meant in reversed(readings):
        if place_of(operation):
            break
        if any(part is operation for part in postorder(meant)):
            operation = written
    return operation


def _read_as_one(written: Formula, meant: Formula) -> tuple[Formula, ...]:
    """The operands of what is read as one operation with them; the first of these that does not fit is at fault."""
    return () if written is meant or written.head == "index" else children(written)


def as_operand(builder: Builder, value: Value) -> Operand:
    """The operand of a lowered value: a constant joins the list's constants."""
    return builder.constant(value) if isinstance(value, Formula) else value


def emit(builder: Builder, written: Formula, values: list[Value]) -> Value:
    """Apply one operation to lowered values: a line, or a folded constant."""
    if written.head == "letter":
        return builder.append(letter(*written.args[:2]), (as_operand(builder, values[0]),))
    if builder.list.shapes:
        return _emit_matrix(builder, written, values)
    row = find(written.head)
    if row is None or row.shapes is not None:
        return _of_numbers(builder, written, values)
    lines = [value for value in values if isinstance(value, int)]
    if len(lines) == len(values):
        return builder.append(written.head, tuple(lines))
    if not lines:
        return apply(written.head, *[value for value in values if isinstance(value, Formula)])
    head, values = _as_a_person_counts(written.head, values)
    if head is None:
        return values[0]
    return builder.append(head, tuple([as_operand(builder, value) for value in values]))


def _of_numbers(builder: Builder, written: Formula, values: list[Value]) -> Value:
    """What an operation of matrices is where everything is a number: x @ y is x y, xᵀ is x."""
    if written.head in ("slice", "entry"):
        raise ShapeError(f"{written.args[0].args[0]} is a number and has no parts")
    if written.head == "matrix":
        raise ShapeError("every input is a number, and a matrix can't go with them")
    meaning = Meaning(builder)
    value = meaning.apply(written.head, *values)
    if written.head in STACKS and isinstance(value, int):
        return value
    row = builder.list.line(value).primitive if isinstance(value, int) else None
    if (row is not None and row.shapes is not None) or meaning.shape(value):
        raise ShapeError(f"{written.head} needs a vector or a matrix, and every input is a number")
    return value


def _emit_matrix(builder: Builder, written: Formula, values: list[Value]) -> Value:
    """Apply one operation to values of which some may be matrices."""
    meaning = Meaning(builder)
    shapes = [meaning.shape(value) for value in values]
    if written.head == "matrix":
        return _literal(written, values)
    if not any(shapes):
        written = written._replace(head=_BETWEEN_NUMBERS.get(written.head, written.head))
    if not any(shapes) and all(isinstance(value, Formula) for value in values):
        return apply(written.head, *[value for value in values if isinstance(value, Formula)])
    head, values = _as_a_person_counts(written.head, values)
    if head is None:
        return values[0]
    try:
        return meaning.apply(head, *values)
    except ShapeError as error:
        raise explained(written, shapes, error.message) from None


_BETWEEN_NUMBERS = {"matmul": "mul", "hadamard": "mul", "matrix_power": "pow", "hadamard_power": "pow"}


def _literal(written: Formula, values: list[Value]) -> Value:
    """A matrix of numbers that stands in a formula."""
    cells = [value for value in values if isinstance(value, Formula)]
    if len(cells) < len(values):
        raise ShapeError("a matrix of variables is written with vstack and hstack")
    return with_children(written, cells)


def _as_a_person_counts(head: str, values: list[Value]) -> tuple[str | None, list[Value]]:
    """The operation that a person would count as the line."""
    if head == "div" and values[0] == ONE:
        return "reciprocal", values[1:]
    if head == "pow" and values[0] == E:
        return "exp", values[1:]
    if head == "pow" and values[1] == ONE:
        return None, values[:1]
    return head, values


def _sign_in_front(written: Formula) -> Formula:
    """−tᵀ x is the negative of tᵀ x, and 3 xᵀ x three times xᵀ x, though Python binds the sign and the number first."""
    factors: list[tuple[str, Formula]] = []
    first = written
    while first.head in _PRODUCTS and not _is_multiple(first) and len(factors) < LONGEST_PRODUCT:
        factors.append((first.head, first.args[1]))
        first = first.args[0]
    negated = first.head == "neg" and first.args[0].head == "transpose"
    if not factors or not (negated or (first.head in _PRODUCTS and first.args[1].head == "transpose")):
        return written
    whole = first.args[-1]
    for head, factor in reversed(factors):
        whole = Formula(head, (whole, factor))
    return Formula(first.head, (*first.args[:-1], whole))


def _is_multiple(product: Formula) -> bool:
    return rational(product.args[0]) is not None


_PRODUCTS = ("matmul", "mul")
STACKS = ("vstack", "hstack")
"""What makes a matrix of numbers."""

LONGEST_PRODUCT = 8
"""The most factors behind a sign or number that is taken out of a product of matrices."""


def _meant(written: Formula, granularity: Granularity, matrices: bool) -> Formula:
    """The formula that the granularity takes a written one for."""
    if granularity.whole:
        row = recognise(written, granularity.whole)
        if row is not None:
            return row
    if written.head == "index":
        return part(written)
    if matrices:
        written = _sign_in_front(written)
        written = recognise_spelling(written, granularity.expand) or written
    if written.head in granularity.expand:
        row_of = find(written.head)
        if row_of is not None and row_of.elementwise:
            return row_of.value(FORMULAS, *map(Term, written.args)).formula  # type: ignore[no-any-return]
    return written
