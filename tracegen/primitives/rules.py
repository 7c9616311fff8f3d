"""The local partials of a row as formulas: for the reader, and as the source of the sweeps' templates."""

from __future__ import annotations

from functools import cache

from tracegen.formula import Formula, name, number
from tracegen.primitives.primitive import Primitive
from tracegen.primitives.written import FORMULAS, Term

OUTPUT = name("#y")
ADJOINT = name("#g")


def slot(place: int) -> Formula:
    """The name that stands for an operand in a rule."""
    return name(f"#{place}")


def local_partials(row: Primitive, operands: tuple[Formula, ...], output: Formula) -> tuple[Formula, ...]:
    """The local partials of a scalar row, one an operand, over the formulas of its operands and output.

    >>> from tracegen.primitives import lookup
    >>> local_partials(lookup("mul"), (name("a"), name("b")), name("y"))[0]
    Formula(head='name', args=('b',))
    """
    if row.partials is None:
        raise ValueError(f"{row.name} has no local partials")
    terms = row.partials(FORMULAS, Term(output), *map(Term, operands))
    return tuple(term.formula if isinstance(term, Term) else number(term) for term in terms)


@cache
def partial(row: Primitive, place: int, constants: tuple[Formula | None, ...]) -> Formula:
    """One local partial over slots; operands that are constants stand as they are, so that rules can fold them."""
    operands = tuple(slot(at) if constant is None else constant for at, constant in enumerate(constants))
    return local_partials(row, operands, OUTPUT)[place]
