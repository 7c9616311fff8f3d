"""What one row of the table of primitives says, and the builders that fill it in.

A rule is written once over an algebra ``f``, a namespace of elementary functions, and read in several: see
:mod:`tracegen.algebra.algebra`. A scalar row states its local partials, and both sweeps follow. A linear or
multilinear row states its VJP; its JVP follows from its value. A matrix row that is neither states both.

Reading a row: ``y`` is the output, ``g`` the incoming adjoint, ``a, b`` scalar operands, ``A, B`` matrices.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tracegen.errors import PrimitiveError
from tracegen.shapes import ShapeRule, broadcast, signature

SUM, SIGN, PRODUCT, MATRIX, POWER, ATOM = 1, 2, 3, 4, 5, 6
"""How tightly a form binds: a sum, a leading minus, a product or quotient, a product of matrices, a power, what needs
no brackets."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Primitive:
    """One operation: its value, its derivative, its looks, and where it may be tried. A row equals itself only.

    ``spelled`` are rules of other formulas that mean this operation, ``shown`` that of the formula which a reader
    sees, where it is more than a Form can say. ``probabilities`` are the operands that the row may have only where
    they are known to be probabilities. The names of a row that ``yields`` can be given to inputs and other things of a
    problem, and then mean these. A ``composite`` row is made of others for one list, and is not in the table.
    """

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
    shapes: ShapeRule | None = None
    multilinear: bool = False
    spelled: tuple[Rule, ...] = ()
    shown: Rule | None = None
    letter: tuple[str, int] | None = None
    composite: bool = False
    probabilities: tuple[int, ...] = ()
    yields: bool = False

    @property
    def elementwise(self) -> bool:
        """Whether it is a function of numbers, applied to each element of a matrix."""
        return self.shapes is None

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
    yields: bool = False,
) -> Primitive:
    """A row for a function of numbers, from its value and its local partials.

    ``value(f, a, …)`` gives the output, ``partials(f, y, a, …)`` a tuple of one local partial an operand; both are
    plain arithmetic and functions of ``f``. ``latex``, ``text`` and ``unicode`` are patterns such as
    ``r"\\exp({0})"``; left out, they are an application of the row's name. ``domain`` is the interval from which an
    operand may be sampled, or one interval for each. A row that ``yields`` leaves its names to whoever declares them.

    Raises PrimitiveError where the name is no identifier.

    >>> cube = scalar("cube", value=lambda f, a: a**3, partials=lambda f, y, a: (3 * a**2,))
    >>> cube.text.pattern, cube.arity
    ('cube({0})', 1)
    """
    count = value.__code__.co_argcount - 1 if arity is None else arity
    domains = (domain,) * count if isinstance(domain[0], float) else domain
    forms = _forms(name, count, latex, text, unicode)
    return Primitive(name, count, value, partials, None, None, *forms, domains, aliases, kinks, yields=yields)


def elementwise(name: str, **more: Any) -> Primitive:
    """A scalar row that is an operation of matrices only, such as ∘: numbers have another row for it."""
    return replace(scalar(name, **more), shapes=lambda shapes, given: broadcast(shapes))


def matrix(
    name: str,
    *,
    value: Rule,
    vjp: Rule,
    jvp: Rule,
    shapes: str | ShapeRule,
    arity: int | None = None,
    latex: str | Form | None = None,
    text: str | Form | None = None,
    unicode: str | Form | None = None,
    domain: Interval | tuple[Interval, ...] = REAL,
    aliases: tuple[str, ...] = (),
    spelled: tuple[Rule, ...] = (),
    shown: Rule | None = None,
    probabilities: tuple[int, ...] = (),
) -> Primitive:
    """A row for a function of matrices, from its value, its VJP and its JVP.

    ``vjp(f, y, A, …, g)`` gives a tuple of one adjoint an operand, ``jvp(f, y, A, …, dA, …)`` the tangent of the
    output. ``shapes`` is a text such as ``"n k, k m -> n m"``, or a rule. ``spelled`` are rules of
    formulas that are read as this row, ``shown`` that of the formula which it is shown as. The rules may take the
    operands in ``probabilities`` for columns, or for matrices of rows, that sum to 1.

    Raises PrimitiveError where the name is no identifier.
    """
    count = value.__code__.co_argcount - 1 if arity is None else arity
    rule = signature(shapes) if isinstance(shapes, str) else shapes
    domains = (domain,) * max(count, 1) if isinstance(domain[0], float) else domain
    forms = _forms(name, max(count, 1), latex, text, unicode)
    return Primitive(
        name, count, value, None, vjp, jvp, *forms, domains, aliases,
        shapes=rule, spelled=spelled, shown=shown, probabilities=probabilities,
    )  # fmt: skip


def multilinear(name: str, *, value: Rule, vjp: Rule, **more: Any) -> Primitive:
    """A row that is linear in each of its operands: its JVP is a sum of values, one operand replaced in each.

    >>> row = multilinear("twice", value=lambda f, A: 2 * A, vjp=lambda f, y, A, g: (2 * g,), shapes="n m -> n m")
    >>> row.jvp(None, 6, 3, 5)
    10
    """

    def jvp(f: Any, y: Any, *given: Any) -> Any:
        operands, tangents = given[: len(given) // 2], given[len(given) // 2 :]
        terms = [value(f, *operands[:at], tangent, *operands[at + 1 :]) for at, tangent in enumerate(tangents)]
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total

    return replace(matrix(name, value=value, vjp=vjp, jvp=jvp, **more), multilinear=True)


def linear(name: str, *, value: Rule, vjp: Rule, constants: int = 0, **more: Any) -> Primitive:
    """A row that is linear in its operands together; the last ``constants`` of them are no variables."""

    def jvp(f: Any, y: Any, *given: Any) -> Any:
        operands, tangents = given[: len(given) // 2], given[len(given) // 2 :]
        return value(f, *tangents[: len(tangents) - constants], *operands[len(operands) - constants :])

    return matrix(name, value=value, vjp=vjp, jvp=jvp, **more)


def _forms(
    name: str, count: int, latex: str | Form | None, text: str | Form | None, unicode: str | Form | None
) -> tuple[Form, Form, Form]:
    """The forms of a row; what is left out is an application of its name."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise PrimitiveError(f"{name!r} can't name an operation: letters, digits and _ only")
    slots = ", ".join(f"{{{slot}}}" for slot in range(count))
    called = Form(f"{name}({slots})")
    spelled = rf"\operatorname{{{{{name}}}}}({slots})".replace("_", r"\_")
    return _form(latex, Form(spelled)), _form(text, called), _form(unicode, _form(text, called))


def _form(given: str | Form | None, otherwise: Form) -> Form:
    if given is None:
        return otherwise
    return given if isinstance(given, Form) else Form(given)
