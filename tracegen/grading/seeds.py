"""Directions of tangents: an input, or a seed of the writer's own, said as the numbers of the inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def direction_of(seed: Mapping[str, float]) -> str:
    """What a seed is called: the input that alone is moved, by 1; else the numbers, in the order of the inputs.

    >>> direction_of({"x1": 0, "x2": 1}), direction_of({"x1": 2, "x2": -0.5})
    ('x2', '(2.0, -0.5)')
    """
    moved = [text for text, number in seed.items() if number]
    if len(moved) == 1 and seed[moved[0]] == 1:
        return moved[0]
    return f"({', '.join(repr(float(number)) for number in seed.values())})"


def numbers_of(direction: str, inputs: Sequence[str]) -> list[float]:
    """The numbers that the inputs have along a direction; none where it is no direction.

    >>> numbers_of("(2.0, -0.5)", ["x1", "x2"]), numbers_of("x2", ["x1", "x2"]), numbers_of("x3", ["x1", "x2"])
    ([2.0, -0.5], [0.0, 1.0], [])
    """
    if is_own(direction):
        numbers = [float(text) for text in direction[1:-1].split(", ")]
        return numbers if len(numbers) == len(inputs) else []
    return [float(text == direction) for text in inputs] if direction in inputs else []


def is_own(direction: str) -> bool:
    """Whether a direction is a seed of the writer's own."""
    return direction.startswith("(")
