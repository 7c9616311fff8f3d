"""The shapes of formulas of matrices, as a reader or a student writes them."""

from __future__ import annotations

import pytest

from tracegen.errors import ShapeError
from tracegen.formula import Formula, name
from tracegen.problems.expression_text import parse
from tracegen.shapes import Shape
from tracegen.wengert.shape_inference import factor_shapes, shape_in

NAMES: dict[str, Shape] = {
    "x": ("N", 1), "v0": ("N", 1), "W1": ("K", "N"), "W2": ("M", "K"), "r": ("K", 1), "z": ("K", 1), "y": ("M", 1),
    "s": ("M", 1), "R": (),
}  # fmt: skip
KNOWN = {name(text): shape for text, shape in NAMES.items()} | {
    Formula("adjoint", (name(text),)): shape for text, shape in NAMES.items()
}


def written(text: str) -> Formula:
    """The formula of a text, in which gz is z̄."""
    formula = parse(text, [*NAMES, *(f"g{letter}" for letter in NAMES)], letters={"sigma"})
    return barred(formula)


def barred(formula: Formula) -> Formula:
    if formula.head == "name" and formula.args[0].startswith("g"):
        return Formula("adjoint", (name(formula.args[0][1:]),))
    return Formula(formula.head, tuple(barred(arg) if isinstance(arg, Formula) else arg for arg in formula.args))


@pytest.mark.parametrize(
    ("text", "shape", "factors"),
    [
        ("W1.T @ gz", ("N", 1), "N×K · K×1"),
        ("gR*r + W2.T @ gy", ("K", 1), "K×1 + K×M · M×1"),
        ("W1.T @ diag(sigma(z)) @ gz", ("N", 1), "N×K · K×K · K×1"),
        ("hadamard(gz, sigma(z))", ("K", 1), "K×1 ∘ K×1"),
        ("gz @ x.T", ("K", "N"), "K×1 · 1×N"),
        ("-(y - s)", ("M", 1), "M×1"),
        ("W1.T @ (r + W2.T @ (y - s))", ("N", 1), "N×K · K×1"),
        ("r.T @ z", (), "1×K · K×1"),
        ("gR", (), "1×1"),
    ],
)
def test_the_shape_of_every_factor(text: str, shape: Shape, factors: str) -> None:
    formula = written(text)
    assert shape_in(formula, KNOWN) == shape
    assert factor_shapes(formula, KNOWN) == factors


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("W1.T @ v0", "W₁ᵀ v₀: W₁ᵀ is N×K, v₀ is N×1; K ≠ N"),
        ("W1 @ gz", "W₁ z̄: W₁ is K×N, z̄ is K×1; N ≠ K"),
        ("gy + gz", "ȳ + z̄: ȳ is M×1, z̄ is K×1; M ≠ K"),
        ("gR @ r @ z", "R̄ r z: R̄ r is K×1, z is K×1; 1 ≠ K"),
    ],
)
def test_what_does_not_fit_is_named(text: str, says: str) -> None:
    with pytest.raises(ShapeError) as caught:
        shape_in(written(text), KNOWN)
    assert caught.value.message == says
