"""Formulas beside the shapes that a text states: right ones are never accused, transposed ones are, with the repair."""

from __future__ import annotations

import random
from itertools import product

import pytest

from tracegen.grading.proofread import proofread
from tracegen.grading.stated_shapes import shape_judgements
from tracegen.grading.verdicts import RIGHT, UNSURE, WRONG

SIZES = {"W": ("K", "N"), "x": ("N", "1"), "b": ("K", "1"), "z": ("K", "1"), "delta": ("K", "1")}
SPELLED = {"delta": (r"\delta", "δ")}
WAYS = {
    "with a colon": "{name}: {rows}×{columns}",
    "in dollars, with a colon": "${name}$: {rows} x {columns}",
    "as an element": r"${name} \in \mathbb{{R}}^{{{rows} \times {columns}}}$",
    "in Unicode": "{name} ∈ ℝ^{{{rows}×{columns}}}",
}
RIGHTS = (
    "z = W x + b", r"\frac{\partial L}{\partial W} = \delta x^T", r"\frac{\partial L}{\partial x} = W^T \delta",
    r"\bar b = \delta", r"\delta = \frac{\partial L}{\partial z}",
)  # fmt: skip
WRONGS = {
    r"\frac{\partial L}{\partial W} = x \delta^T": "δ·xᵀ", r"\frac{\partial L}{\partial x} = W \delta": "Wᵀ·δ",
    "z = x W + b": "", "z = W^T x": "W·x", r"\frac{\partial L}{\partial x} = \delta^T W": "Wᵀ·δ",
    r"\bar W = \delta x": "δ·xᵀ",
}  # fmt: skip
NUMBERS = {"K": "10", "N": "784"}


def text(formula: str, way: str, *, numbers: bool, before: bool, seed: int = 0) -> str:
    names = list(SIZES)
    random.Random(seed).shuffle(names)
    said = []
    for name in names:
        rows, columns = (NUMBERS.get(size, size) if numbers else size for size in SIZES[name])
        latex, plain = SPELLED.get(name, (name, name))
        spelled = latex if "$" in WAYS[way] else plain
        said.append(WAYS[way].format(name=spelled, rows=rows, columns=columns))
    shapes = f"The shapes are {', '.join(said)}."
    return f"{shapes}\n\n$${formula}$$\n" if before else f"We have ${formula}$ here.\n\n{shapes}\n"


@pytest.mark.parametrize(("formula", "way"), list(product(RIGHTS, WAYS)))
@pytest.mark.parametrize(("numbers", "before"), [(False, True), (True, False)])
def test_what_fits_is_right(formula: str, way: str, numbers: bool, before: bool) -> None:
    found = shape_judgements(text(formula, way, numbers=numbers, before=before, seed=len(formula)), ".md", "notes")
    assert [one.verdict for one in found] == [RIGHT]


@pytest.mark.parametrize(("formula", "way"), list(product(WRONGS, WAYS)))
@pytest.mark.parametrize(("numbers", "before"), [(False, True), (True, False)])
def test_what_does_not_fit_is_wrong_and_has_a_repair(formula: str, way: str, numbers: bool, before: bool) -> None:
    [found] = shape_judgements(text(formula, way, numbers=numbers, before=before, seed=len(formula)), ".md", "notes")
    assert found.verdict == WRONG
    assert found.because.endswith(f"; {WRONGS[formula]} has its shape") or not WRONGS[formula]


def test_a_name_without_a_shape_is_looked_at_by_nobody() -> None:
    assert shape_judgements("W: K×N, x: N×1\n\n$z = W x + c$ and $y = V z$", ".md", "notes") == []


def test_derivatives_that_are_all_transposed_may_be_rows() -> None:
    text = "W: K×N, x: N×1, b: K×1, δ: K×1\n\n∂L/∂W = x δᵀ\n\n∂L/∂b = δᵀ\n"
    assert {one.verdict for one in shape_judgements(text, ".md", "notes")} == {UNSURE}


def test_large_sizes_take_no_room_and_many_are_passed_over() -> None:
    assert [one.verdict for one in shape_judgements("A: 9999×9998, x: 9998×1\n\n$y = A x A$", ".md", "notes")] == [
        WRONG
    ]
    many = ", ".join(f"M{at}: {100 + at}×{200 + at}" for at in range(40))
    assert shape_judgements(f"{many}\n\n$y = M39 M38$", ".md", "notes") == []


def test_in_a_sheet_with_a_list_both_are_judged() -> None:
    report = proofread("v0 = x = 2\nv1 = 3 v0 = 7\nv2 = v1 + 1 = 8\n\nV: K×N, u: N×1, δ: K×1\n\n∂L/∂V = u δᵀ\n")
    assert [(cell.line, cell.text) for cell in report.cells if cell.verdict == WRONG] == [(2, "7"), (7, "u δᵀ")]
