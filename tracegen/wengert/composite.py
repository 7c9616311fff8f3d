"""A named step as one line: a primitive that is made of the step's formula.

Its value and its local partials are had from a little list of the formula's own operations, evaluated and swept in
whatever algebra they are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from tracegen.algebra.machine import folded, run_lines, value
from tracegen.algebra.terms import Term
from tracegen.formula import Formula, name, names_in, with_children
from tracegen.primitives.algebras import FLOATS
from tracegen.primitives.primitive import REAL, Form, Kink, Primitive
from tracegen.wengert.lower import AS_WRITTEN, Granularity, lower
from tracegen.wengert.overloads import Value
from tracegen.wengert.wengert_list import Builder, Line, Operand, WengertList


def whole_step(
    builder: Builder, step: str, formula: Formula, environment: Mapping[str, Value], granularity: Granularity
) -> Value:
    """Add the line of a whole step; a step that is a constant, or only a name, is what it is without a line.

    >>> from tracegen.formula import number
    >>> builder = Builder.of(["x"])
    >>> line = whole_step(builder, "z", Formula("exp", (Formula("mul", (number(2), name("x"))),)), {"x": 0}, AS_WRITTEN)
    >>> builder.list.line(line).primitive
    <primitive z/1>
    """
    values = {text: environment.get(text, name(text)) for text in names_in(formula)}
    if not any(isinstance(value, int) for value in values.values()) or formula.head == "name":
        return lower(builder, formula, environment, granularity)
    row = composite(step, formula, list(values), granularity)
    return builder.append(
        row, tuple(builder.constant(value) if isinstance(value, Formula) else value for value in values.values())
    )


def composite(text: str, formula: Formula, operands: Sequence[str], granularity: Granularity = AS_WRITTEN) -> Primitive:
    """The row of a formula of numbers whose ``operands`` are the names in it.

    >>> row = composite("z", Formula("mul", (name("a"), name("b"))), ["a", "b"])
    >>> row.value(FLOATS, 2.0, 3.0), row.partials(FLOATS, 6.0, 2.0, 3.0)
    (6.0, (3.0, 2.0))
    """
    inner = _Inner(formula, operands, granularity)

    def shown(f: Any, *point: Term) -> Term:
        return Term(_with(formula, dict(zip(operands, [term.formula for term in point], strict=True))))

    called = Form(f"{text}({', '.join(f'{{{place}}}' for place in range(len(operands)))})")
    return Primitive(
        name=text, arity=len(operands), value=lambda f, *point: inner.values(f, point)[inner.output],
        partials=lambda f, y, *point: inner.partials(f, point), vjp=None, jvp=None, latex=called, text=called,
        unicode=called, domain=(REAL,) * len(operands), kinks=inner.kinks(), shown=shown, composite=True,
    )  # fmt: skip


def _with(formula: Formula, values: Mapping[str, Formula]) -> Formula:
    """A formula with others in place of its names."""
    return folded(
        formula, lambda node, below: values[node.args[0]] if node.head == "name" else with_children(node, below)
    )


class _Inner:
    """The little list of a formula, evaluated and swept in any algebra."""

    def __init__(self, formula: Formula, operands: Sequence[str], granularity: Granularity) -> None:
        builder = Builder.of(list(operands))
        lowered = lower(builder, formula, {text: place for place, text in enumerate(operands)}, granularity)
        self.list: WengertList = builder.list
        self.output: Operand = builder.constant(lowered) if isinstance(lowered, Formula) else lowered

    def _lines(self) -> list[Line]:
        return list(self.list)[len(self.list.inputs) :]

    def values(self, f: Any, point: Sequence[Any]) -> list[Any]:
        """The values of the operands, the lines and, from behind, the constants."""
        constants = [_constant(f, constant, point[0]) for constant in reversed(self.list.constants)]
        values = [*point, *[None] * (len(self.list) - len(point)), *constants]
        functions = [getattr(f, row.name) for row in self.list.primitives]
        run_lines(enumerate(self.list.lines[len(point) :], len(point)), functions, values)
        return values

    def partials(self, f: Any, point: Sequence[Any]) -> tuple[Any, ...]:
        """The derivative of the output by each operand, by a reverse sweep."""
        values = self.values(f, point)
        adjoints: dict[Operand, Any] = {self.output: 1}
        for line in reversed(self._lines()):
            adjoint = adjoints.get(line.index)
            if adjoint is None:
                continue
            assert line.primitive is not None
            assert line.primitive.partials is not None
            partials = line.primitive.partials(f, values[line.index], *[values[operand] for operand in line.operands])
            for operand, partial in zip(line.operands, partials, strict=True):
                if operand >= 0:
                    term = adjoint * partial
                    adjoints[operand] = adjoints[operand] + term if operand in adjoints else term
        return tuple(adjoints.get(place, 0) for place in range(len(point)))

    def kinks(self) -> tuple[Kink, ...]:
        """The kinks of the operations inside, as those of the whole."""
        return tuple(
            Kink(self._at(line, kink), kink.used)
            for line in self._lines()
            if line.primitive is not None
            for kink in line.primitive.kinks
        )

    def _at(self, line: Line, kink: Kink) -> Callable[..., bool]:
        def where(*point: float) -> bool:
            values = self.values(FLOATS, point)
            return kink.where(*[values[operand] for operand in line.operands])

        return where


def _constant(f: Any, formula: Formula, like: Any) -> Any:
    """The value of a constant in the algebra of ``like``, a value that is there; None where that is not known."""
    if like is None:
        return None

    def number(text: str) -> Any:
        fraction = Fraction(text)
        return (like * 0 + fraction.numerator) / fraction.denominator

    names: Mapping[str, Any] = {}  # every name is an operand
    return value(formula, f, number, names.__getitem__)
