"""What sweeps prove, in one piece: the closed formula of an adjoint, and why a rule has its transpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

from tracegen.algebra.constructors import add, mul
from tracegen.algebra.terms import Term
from tracegen.formula import Formula, children, number
from tracegen.primitives import Primitive
from tracegen.primitives.rule_formulas import contributions, output_shape, pulled, pushed, tangent
from tracegen.shapes import SCALAR, Shape
from tracegen.wengert.wengert_list import ZERO, Line, Operand, WengertList

LONGEST = 400
"""The most parts of a closed formula; a longer one is None."""


def closed_adjoints(
    wengert: WengertList, cotangents: Mapping[Operand, Formula], labels: Sequence[Formula]
) -> list[Formula | None]:
    """The adjoint of every line as one formula over the names of the primal lines.

    So ∂L/∂x = W1ᵀ (σ′(z) ∘ (r + W2ᵀ (y − s))), where the reverse sweep has a line for every step. A formula that
    would be too long is None, and 0 is the number 0.
    """
    adjoints: list[Term | None] = [Term(ZERO, wengert.shape(place)) for place in range(len(wengert))]
    for operand, formula in cotangents.items():
        adjoints[operand] = Term(formula, wengert.shape(operand))
    sizes = _Sizes()
    for place in range(len(wengert) - 1, len(wengert.inputs) - 1, -1):
        line, incoming = wengert.line(place), adjoints[place]
        if line.primitive is None or (incoming is not None and incoming.formula == ZERO):
            continue
        used = {operand for operand in line.operands if operand >= 0}
        if incoming is None or sizes.of(incoming.formula) > LONGEST:
            adjoints[place] = None
            for operand in used:
                adjoints[operand] = None
            continue
        _pass_on(wengert, place, incoming, adjoints, labels)
    return [None if found is None or sizes.of(found.formula) > LONGEST else found.formula for found in adjoints]


def _pass_on(
    wengert: WengertList, place: int, incoming: Term, adjoints: list[Term | None], labels: Sequence[Formula]
) -> None:
    """Add what a line's adjoint contributes to those of its operands; earlier lines stand first in a sum."""
    line = wengert.line(place)
    assert line.primitive is not None
    operands = _operands_of(wengert, line, labels)
    output = Term(labels[place], wengert.shape(place), place in wengert.symmetric)
    for operand, found in zip(line.operands, pulled(line.primitive, operands, output, incoming), strict=True):
        before = adjoints[operand] if operand >= 0 else None
        if before is not None:
            adjoints[operand] = found + before


def closed_tangents(
    wengert: WengertList, moved: Mapping[Operand, Formula], labels: Sequence[Formula]
) -> list[Formula | None]:
    """The tangent of every line as one formula over the names of the primal lines; ``moved`` has those of inputs.

    A formula that would be too long is None, and 0 is the number 0.
    """
    tangents: list[Term | None] = []
    sizes = _Sizes()
    for line in wengert:
        if line.primitive is None:
            tangents.append(Term(moved.get(line.index, ZERO), line.shape, line.index in wengert.symmetric))
            continue
        operands = _operands_of(wengert, line, labels)
        moves = [tangents[operand] if operand >= 0 else Term(ZERO) for operand in line.operands]
        known = [move for move in moves if move is not None]
        if len(known) < len(moves):
            tangents.append(None)
            continue
        output = Term(labels[line.index], line.shape, line.index in wengert.symmetric)
        found = pushed(line.primitive, operands, output, known)
        tangents.append(found if sizes.of(found.formula) <= LONGEST else None)
    return [None if found is None else found.formula for found in tangents]


def _operands_of(wengert: WengertList, line: Line, labels: Sequence[Formula]) -> list[Term]:
    """What a line is applied to, as terms."""
    return [
        Term(
            labels[operand] if operand >= 0 else wengert.constant(operand),
            wengert.shape(operand),
            operand in wengert.symmetric,
        )
        for operand in line.operands
    ]


class _Sizes:
    """How many parts formulas have. They share their parts, so each is counted once and then remembered."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Formula, int]] = {}  # a formula that is kept keeps its id

    def of(self, formula: Formula) -> int:
        stack = [formula]
        while stack:
            node = stack[-1]
            below = children(node)
            waiting = [part for part in below if id(part) not in self._known]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            self._known[id(node)] = node, 1 + sum(self._known[id(part)][1] for part in below)
        return self._known[id(formula)][1]


def derivation(
    row: Primitive,
    operands: Sequence[Formula],
    output: Formula,
    shapes: Sequence[Shape] = (),
    symmetric: Sequence[bool] = (),
) -> tuple[Formula, Formula, Formula, Formula]:
    """Why a row's adjoints are what they are, by inner products, in four lines.

    ⟨Ȳ, Ẏ⟩ is ⟨Ȳ, tangent⟩, a sum over the operands, each inner product turned over to the operand's tangent, and so
    Σ⟨X̄, Ẋ⟩.

    >>> from tracegen.formula import name
    >>> from tracegen.notation import unicode
    >>> from tracegen.primitives import lookup
    >>> shapes = [("K", "N"), ("N", 1)]
    >>> for line in derivation(lookup("matmul"), [name("W"), name("x")], name("z"), shapes):
    ...     print(unicode(line))
    ⟨z̄, ż⟩ = ⟨z̄, Ẇ x + W ẋ⟩
    ⟨z̄, Ẇ x⟩ + ⟨z̄, W ẋ⟩
    ⟨z̄ xᵀ, Ẇ⟩ + ⟨Wᵀ z̄, ẋ⟩
    ⟨W̄, Ẇ⟩ + ⟨x̄, ẋ⟩
    """
    given = list(shapes or [SCALAR] * len(operands))
    kind = output_shape(row, [Term(formula, shape) for formula, shape in zip(operands, given, strict=True)])
    adjoint = Formula("adjoint", (output,))
    moved = [at for at, operand in enumerate(operands) if operand.head != "number"]
    tangents = [_tangent(operand) if at in moved else ZERO for at, operand in enumerate(operands)]
    passed = contributions(row, operands, output, adjoint, given, symmetric)
    alone = [tangent(row, operands, output, _only(tangents, at), given, symmetric) for at in moved]
    return (
        Formula("equals", (_inner(adjoint, _tangent(output), kind), _inner(adjoint, reduce(add, alone), kind))),
        _sum([_inner(adjoint, part, kind) for part in alone]),
        _sum([_inner(passed[at], tangents[at], given[at]) for at in moved]),
        _sum([_inner(Formula("adjoint", (operands[at],)), tangents[at], given[at]) for at in moved]),
    )


def _tangent(of: Formula) -> Formula:
    return Formula("tangent", (of, None))


def _only(tangents: Sequence[Formula], at: int) -> list[Formula]:
    return [given if place == at else number(0) for place, given in enumerate(tangents)]


def _inner(a: Formula, b: Formula, shape: Shape) -> Formula:
    """⟨a, b⟩; of numbers, their product."""
    return Formula("inner", (a, b)) if shape else mul(a, b)


def _sum(terms: Sequence[Formula]) -> Formula:
    return reduce(add, terms)
