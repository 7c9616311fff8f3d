"""The shapes of formulas: what a formula of matrices is, whether its parts fit, and the shape of every factor."""

from __future__ import annotations

from collections.abc import Mapping

from tracegen.formula import Formula, postorder
from tracegen.lower import lower
from tracegen.meant import Meaning, Value
from tracegen.primitives.rules import constant_shape
from tracegen.shapes import Shape, shape_text
from tracegen.wengert import Builder


def lowered(formula: Formula, shapes: Mapping[Formula, Shape]) -> tuple[Builder, Value]:
    """A formula as lines of its own, whose inputs are those of ``shapes`` that it has: names, v̄3, v̇3; and its value.

    The inputs stand in the order in which they are met, and are called ``#0``, ``#1``, …

    Raises ShapeError where the parts of the formula do not fit.
    """
    leaves = dict.fromkeys(node for node in postorder(formula) if node in shapes)
    builder = Builder.of([f"#{place}" for place in range(len(leaves))], [shapes[leaf] for leaf in leaves])
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
    if not any(node in shapes for node in postorder(formula)):
        return constant_shape(formula)
    builder, value = lowered(formula, shapes)
    return Meaning(builder).shape(value)


_SIGNS = {"add": " + ", "sub": " − ", "hadamard": " ∘ ", "matmul": " · ", "scale": " · ", "mul": " · "}


def factor_shapes(formula: Formula, shapes: Mapping[Formula, Shape]) -> str:
    """The shape of every factor of a formula, in the order of the factors.

    >>> from tracegen.formula import name
    >>> W, x = name("W"), name("x")
    >>> factor_shapes(Formula("matmul", (W, x)), {W: ("K", "N"), x: ("N", 1)})
    'K×N · N×1'
    """
    sums = formula.head in ("add", "sub")
    parts = []
    stack: list[Formula | str] = [formula]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            parts.append(part)
        elif part.head == "neg":
            stack.append(part.args[0])
        elif part.head in _SIGNS and (sums or part.head not in ("add", "sub")):
            left, right = part.args
            stack.extend([right, _SIGNS[part.head], left])
            sums = sums and part.head in ("add", "sub")
        else:
            parts.append(_shape_text(shape_in(part, shapes)))
    return "".join(parts)


def _shape_text(shape: Shape) -> str:
    return shape_text(shape) if shape else "1"
