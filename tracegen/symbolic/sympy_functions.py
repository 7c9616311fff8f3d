"""Rows of the table from a caller's own classes of SymPy's functions, whose rule is their fdiff."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from tracegen.algebra.machine import value
from tracegen.errors import ParseError
from tracegen.formula import Formula
from tracegen.primitives import Primitive, find, register
from tracegen.primitives.primitive import scalar

_CLASSES: dict[str, Any] = {}
"""The class that each row was made of."""


def has_rule(kind: Any) -> bool:
    """Whether a class is one of the caller's own, with a derivative: a Function with an fdiff."""
    import sympy

    own = isinstance(kind, type) and issubclass(kind, sympy.Function) and not str(kind.__module__).startswith("sympy.")
    return own and kind.fdiff is not sympy.Function.fdiff


def row_of_class(kind: Any, read: Callable[[Any, Mapping[Any, Formula]], Formula]) -> Primitive:
    """The row of a class, which joins the table when it is first met; ``read`` makes formulas of its derivatives.

    Raises ParseError where its name is that of another operation, or where it takes any number of arguments.
    """
    import sympy

    text = kind.__name__
    row = find(text)
    if row is not None and _CLASSES.get(text) is kind:
        return row
    if row is not None and text not in _CLASSES:
        raise ParseError(f"SymPy's class {text} has the name of an operation of the table; give it another name")
    counts = kind.nargs
    if counts is sympy.S.Naturals0 or len(counts) != 1:
        raise ParseError(f"SymPy's class {text} takes any number of arguments; state them: nargs = 1")
    (count,) = counts
    slots = [sympy.Symbol(f"#{place}", real=True) for place in range(int(count))]
    derivatives: list[Formula] = []

    def partials(f: Any, y: Any, *operands: Any) -> tuple[Any, ...]:
        if not derivatives:
            named = {slot: Formula("name", (slot.name,)) for slot in slots}
            applied = kind(*slots, evaluate=False)
            derivatives.extend(read(applied.fdiff(place + 1), named) for place in range(len(slots)))
        known = {slot.name: operand for slot, operand in zip(slots, operands, strict=True)}

        def number(text: str) -> Any:
            fraction = Fraction(text)
            whole = fraction.numerator + 0 * operands[0]
            return whole if fraction.denominator == 1 else whole / fraction.denominator

        return tuple(value(derivative, f, number, known.__getitem__) for derivative in derivatives)

    _CLASSES[text] = kind
    return register(
        scalar(
            text, value=lambda f, *operands: _value(kind, operands), partials=partials, arity=int(count), yields=True
        )
    )


def _value(kind: Any, operands: tuple[Any, ...]) -> Any:
    """The value of a class, by its own evaluation, at numbers of any kind."""
    import sympy

    if any(isinstance(operand, sympy.Basic) for operand in operands):
        return kind(*operands)
    if any(hasattr(operand, "rad") for operand in operands):
        return _ball(kind, operands)
    import numpy as np

    if any(isinstance(operand, np.ndarray) for operand in operands):
        return np.vectorize(lambda *each: _float(kind, each), otypes=[float])(*operands)
    return _float(kind, operands)


def _float(kind: Any, operands: tuple[Any, ...]) -> float:
    import sympy

    found = sympy.N(kind(*(sympy.Float(float(operand), 17) for operand in operands)), 17)
    return float(found) if found.is_real and found.is_number else float("nan")


def _ball(kind: Any, operands: tuple[Any, ...]) -> Any:
    """The value at the middle of balls, to their digits; its radius is what the function's ends are apart."""
    from flint import arb, ctx

    digits = int(ctx.prec / 3.32) + 5
    centres = [arb(operand).mid() for operand in operands]
    radii = [arb(operand).rad() for operand in operands]
    value, *ends = (
        _digits(kind, [centre + sign * radius for centre, radius in zip(centres, radii, strict=True)], digits)
        for sign in (0, 1, -1)
    )
    return arb(value.mid(), 2 * abs(ends[0] - ends[1]).upper() + abs(value).upper() * arb(10) ** (5 - digits))


def _digits(kind: Any, operands: list[Any], digits: int) -> Any:
    import sympy
    from flint import arb

    numbers = [sympy.Float(operand.mid().str(digits, radius=False), digits) for operand in operands]
    found = sympy.N(kind(*numbers), digits)
    return arb(str(found)) if found.is_real and found.is_number else arb("nan")
