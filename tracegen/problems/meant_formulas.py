"""What the signs of a problem's formulas mean for the shapes of their operands, as a reader has to see it: ∘ for *."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from tracegen.algebra.machine import folded
from tracegen.formula import Formula, name, names_in, postorder, with_children
from tracegen.problems.problem import Problem
from tracegen.shapes import SCALAR, Shape
from tracegen.wengert.shape_inference import shape_in

_OF_MATRICES = {"mul": "hadamard", "pow": "hadamard_power"}
_OF_NUMBERS = {"matmul": "mul", "matrix_power": "pow", "hadamard": "mul", "hadamard_power": "pow"}

Typed = tuple[Formula, Shape]
"""A formula with its shape."""


def as_meant(problem: Problem) -> Problem:
    """The problem with its formulas as they are meant: a product by element has the sign ∘, one of numbers none.

    >>> from tracegen.problems.problem_file import Input
    >>> squares = Formula("mul", (name("A"), name("A")))
    >>> as_meant(Problem((Input("A", shape=("N", "N")),), {"y": squares})).outputs["y"].head
    'hadamard'
    """
    shapes = {entry.name: entry.shape for entry in problem.inputs}
    if not any(shapes.values()):
        return problem
    steps = {}
    for step, formula in problem.steps.items():
        steps[step], shapes[step] = _meant(formula, shapes)
    outputs = {output: _meant(formula, shapes)[0] for output, formula in problem.outputs.items()}
    return replace(problem, steps=steps, outputs=outputs)


def has_products_by_element(problem: Problem) -> bool:
    """Whether a * in the problem stands between arrays, where the product of matrices may have been meant."""
    written, meant = (_count_of_products(read) for read in (problem, as_meant(problem)))
    return written < meant


def _count_of_products(problem: Problem) -> int:
    formulas = [*problem.steps.values(), *problem.outputs.values()]
    return sum(node.head == "hadamard" for formula in formulas for node in postorder(formula))


def _meant(formula: Formula, shapes: Mapping[str, Shape]) -> Typed:
    found: Typed = folded(formula, partial(_typed, shapes=shapes))
    return found


def _typed(node: Formula, operands: list[Typed], shapes: Mapping[str, Shape]) -> Typed:
    if node.head == "name":
        return node, shapes.get(node.args[0], SCALAR)
    whole = with_children(node, [formula for formula, _ in operands])
    kinds = [shape for _, shape in operands]
    if not any(kinds):
        return whole._replace(head=_OF_NUMBERS.get(whole.head, whole.head)), _shape(whole, operands, shapes)
    of_matrices = all(kinds) if whole.head == "mul" else kinds[0]
    head = _OF_MATRICES.get(whole.head, whole.head) if of_matrices else whole.head
    return whole._replace(head=head), _shape(whole, operands, shapes)


def _shape(whole: Formula, operands: list[Typed], shapes: Mapping[str, Shape]) -> Shape:
    """The shape of an operation, from those of its operands."""
    slots = [
        name(f"#{place}") if shape or any(map(shapes.get, names_in(formula))) else formula
        for place, (formula, shape) in enumerate(operands)
    ]
    kinds = {slot: shape for slot, (_, shape) in zip(slots, operands, strict=True) if shape}
    if whole.head == "slice" or not slots or (not kinds and whole.head not in _MADE):
        return SCALAR
    return shape_in(with_children(whole, slots), kinds)


_MADE = frozenset(["ones", "identity", "zeros", "matrix", "vstack", "hstack"])
"""What makes a matrix of numbers."""
