"""What one row of the table of primitives says, and the builders that fill it in.

A rule is written once over an algebra ``f``, a namespace of elementary functions, and read in several: see
:mod:`tracegen.primitives.algebra`. A scalar row states its local partials, and both sweeps follow. A linear or
multilinear row states its VJP; its JVP follows from its value. A matrix row that is neither states both.

Reading a row: ``y`` is the output, ``g`` the incoming adjoint, ``a, b`` scalar operands, ``A, B`` matrices.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tracegen.errors import PrimitiveError

SUM, SIGN, PRODUCT, POWER, ATOM = 1, 2, 3, 4, 5
"""How tightly a form binds: a sum, a leading minus, a product or quotient, a power, what needs no brackets."""

OPEN = 0
"""What a slot needs that has brackets of its own: nothing."""

Interval = tuple[float, float]
Rule = Callable[..., Any]

REAL: Interval = (-2.0, 2.0)
POSITIVE: Interval = (0.3, 2.5)
UNIT: Interval = (-0.9, 0.9)


@dataclass(frozen=True, slots=True)
class Kink:
    """A convention where a row has no derivative: when it applies (over floats), and what is used, in words."""

    where: Callable[..., bool]
    used: str


@dataclass(frozen=True, slots=True)
class Form:
    """How an application looks in one notation.

    ``pattern`` has ``{0}``, ``{1}``, … for the operands; ``binds`` says how tightly the whole binds, ``needs`` how
    tightly each operand must bind to go without brackets.
    """

    pattern: str
    binds: int = ATOM
    needs: tuple[int, ...] = (OPEN,)

    def need(self, slot: int) -> int:
        return self.needs[min(slot, len(self.needs) - 1)]


@dataclass(frozen=True, slots=True)
class Primitive:
    """One operation: its value, its derivative, its looks, and where it may be tried."""

    name: str
    arity: int
    value: Rule
    partials: Rule | None
    vjp: Rule | None
    jvp: Rule | None
    latex: Form
    text: Form
    unicode: Form
    domain: tuple[Interval, ...]
    aliases: tuple[str, ...] = ()
    kinks: tuple[Kink, ...] = ()
    shapes: Rule | None = None
    elementwise: bool = True

    def __repr__(self) -> str:
        return f"<primitive {self.name}/{self.arity}>"


def scalar(
    name: str,
    *,
    value: Rule,
    partials: Rule,
    arity: int | None = None,
    latex: str | Form | None = None,
    text: str | Form | None = None,
    unicode: str | Form | None = None,
    domain: Interval | tuple[Interval, ...] = REAL,
    aliases: tuple[str, ...] = (),
    kinks: tuple[Kink, ...] = (),
) -> Primitive:
    """A row for a function of numbers, from its value and its local partials.

    ``value(f, a, …)`` gives the output, ``partials(f, y, a, …)`` a tuple of one local partial an operand; both are
    plain arithmetic and functions of ``f``. ``latex``, ``text`` and ``unicode`` are patterns such as
    ``r"\\exp({0})"``; left out, they are an application of the row's name. ``domain`` is the interval from which an
    operand may be sampled, or one interval for each.

    Raises PrimitiveError where the name is no identifier.

    >>> cube = scalar("cube", value=lambda f, a: a**3, partials=lambda f, y, a: (3 * a**2,))
    >>> cube.text.pattern, cube.arity
    ('cube({0})', 1)
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise PrimitiveError(f"{name!r} can't name an operation: letters, digits and _ only")
    count = value.__code__.co_argcount - 1 if arity is None else arity
    slots = ", ".join(f"{{{slot}}}" for slot in range(count))
    called = Form(f"{name}({slots})")
    domains = (domain,) * count if isinstance(domain[0], float) else domain
    return Primitive(
        name=name,
        arity=count,
        value=value,
        partials=partials,
        vjp=None,
        jvp=None,
        latex=_form(latex, Form(rf"\operatorname{{{name}}}({slots})".replace("_", r"\_"))),
        text=_form(text, called),
        unicode=_form(unicode, _form(text, called)),
        domain=domains,
        aliases=aliases,
        kinks=kinks,
    )


def _form(given: str | Form | None, otherwise: Form) -> Form:
    if given is None:
        return otherwise
    return given if isinstance(given, Form) else Form(given)
