"""The shapes of formulas: what a formula of matrices is, whether its parts fit, and the shape of every factor."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tracegen.formula import Formula, postorder
from tracegen.primitives.rule_formulas import constant_shape
from tracegen.shapes import Shape, shape_text
from tracegen.wengert.lower import lower
from tracegen.wengert.overloads import Meaning, Value
from tracegen.wengert.wengert_list import Builder


def lowered(
    formula: Formula, shapes: Mapping[Formula, Shape], symmetric: Collection[Formula] = ()
) -> tuple[Builder, Value]:
    """A formula as lines of its own, whose inputs are those of ``shapes`` that it has: names, v̄3, v̇3; and its value.

    The inputs stand in the order in which they are met, and are called ``#0``, ``#1``, …; some are ``symmetric``.

    Raises ShapeError where the parts of the formula do not fit.
    """
    leaves = dict.fromkeys(node for node in postorder(formula) if node in shapes)
    builder = Builder.of(
        [f"#{place}" for place in range(len(leaves))],
        [shapes[leaf] for leaf in leaves],
        [place for place, leaf in enumerate(leaves) if leaf in symmetric],
    )
    places = {leaf: place for place, leaf in enumerate(leaves)}
    environment = {leaf.args[0]: place for leaf, place in places.items() if leaf.head == "name"}
    return builder, lower(builder, formula, environment, leaves=places)


def shape_in(formula: Formula, shapes: Mapping[Formula, Shape]) -> Shape:
    """The shape of a formula, from those of its leaves. Leaves that are not known are numbers.

    Raises ShapeError where the parts of the formula do not fit.

    >>> from tracegen.formula import name
    >>> W, x = name("W"), name("x")
    >>> shape_in(Formula("matmul", (W, x)), {W: ("K", "N"), x: ("N", 1)})
    ('K', 1)
    """
    if not any(shapes.get(node) for node in postorder(formula)):
        return constant_shape(formula)
    builder, value = lowered(formula, shapes)
    return Meaning(builder).shape(value)


def is_symmetric_in(formula: Formula, shapes: Mapping[Formula, Shape], symmetric: Collection[Formula]) -> bool:
    """Whether a formula is a symmetric matrix, where some of its leaves are.

    >>> from tracegen.formula import name
    >>> A = name("A")
    >>> is_symmetric_in(Formula("inv", (A,)), {A: ("N", "N")}, {A})
    True
    """
    if not any(node in symmetric for node in postorder(formula)):
        return False
    builder, value = lowered(formula, shapes, symmetric)
    return value in builder.list.symmetric


_SUMS = {"add": " + ", "sub": " − "}
_SIGNS = {"hadamard": " ∘ ", "matmul": " · ", "scale": " · ", "mul": " · "}


def factor_shapes(formula: Formula, shapes: Mapping[Formula, Shape]) -> str:
    """The shape of every factor of a formula, in the order of the factors.

    >>> from tracegen.formula import name
    >>> W, x = name("W"), name("x")
    >>> factor_shapes(Formula("matmul", (W, x)), {W: ("K", "N"), x: ("N", 1)})
    'K×N · N×1'
    """
    texts: list[str] = []
    stack: list[tuple[str, Formula]] = [("", formula)]
    while stack:
        sign, part = stack.pop()
        if part.head in _SUMS and not texts:
            left, right = part.args
            stack.extend([(_SUMS[part.head], right), (sign, left)])
            continue
        texts.append(sign + _of_a_term(part, shapes))
    return "".join(texts)


def _of_a_term(term: Formula, shapes: Mapping[Formula, Shape]) -> str:
    """The shapes of the factors of a product; numbers go with any and are left out, unless there is nothing else."""
    text = ""
    stack: list[tuple[str, Formula]] = [("", term)]
    while stack:
        sign, part = stack.pop()
        if part.head == "neg":
            stack.append((sign, part.args[0]))
        elif part.head in _SIGNS:
            left, right = part.args
            stack.extend([(_SIGNS[part.head], right), (sign, left)])
        elif shape := shape_in(part, shapes):
            text += (sign if text else "") + shape_text(shape)
    return text or "1×1"
