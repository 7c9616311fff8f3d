"""Shapes and their dimensions: what fits, what comes out, and sums of letters."""

from __future__ import annotations

import pytest

from tracegen.errors import ShapeError
from tracegen.formula import Formula, name
from tracegen.notation import text
from tracegen.shapes import (
    Dimension,
    Shape,
    broadcast,
    dimension_formula,
    dimension_of,
    minus,
    plus,
    shape_text,
    signature,
    valued,
)  # fmt: skip


@pytest.mark.parametrize(
    ("shapes", "whole"),
    [
        ([(), ()], ()),
        ([(), ("N", 1)], ("N", 1)),
        ([("B", "K"), (1, "K")], ("B", "K")),
        ([("B", 1), ("B", "K")], ("B", "K")),
        ([(2, 3), (2, 3), ()], (2, 3)),
        ([(1, "K"), (1, "K")], (1, "K")),
    ],
)
def test_broadcast(shapes: list[Shape], whole: Shape) -> None:
    assert broadcast(shapes) == whole


@pytest.mark.parametrize(
    ("shapes", "says"),
    [
        ([("N", 1), ("K", 1)], "N ≠ K"),
        ([("N", 1), (1, "N")], "a column and a row"),
        ([(2, 3), (3, 2)], "2 ≠ 3"),
        ([("N", "M"), ("N", "K"), ()], "M ≠ K"),
    ],
)
def test_broadcast_refuses(shapes: list[Shape], says: str) -> None:
    with pytest.raises(ShapeError, match=says):
        broadcast(shapes)


@pytest.mark.parametrize(
    ("spec", "shapes", "result"),
    [
        ("n k, k m -> n m", [("N", "K"), ("K", 1)], ("N", 1)),
        ("n k, k m -> n m", [(1, "K"), ("K", 1)], ()),
        ("n n -> ", [(3, 3)], ()),
        (", n m -> n m", [(), (1, 4)], (1, 4)),
        ("n m -> m n", [("N", 2)], (2, "N")),
    ],
)
def test_signature(spec: str, shapes: list[Shape], result: Shape) -> None:
    assert signature(spec)(shapes, []) == result


@pytest.mark.parametrize(
    ("a", "b", "total"),
    [
        ("N", "M", "N+M"),
        ("N", "N", "2N"),
        ("N+2", 3, "N+5"),
        (2, 3, 5),
        ("N-1", 1, "N"),
        ("N", -2, "N-2"),
        (0, "N", "N"),
        (3, "-N", "-N+3"),
    ],
)
def test_sums_of_dimensions(a: Dimension, b: Dimension, total: Dimension) -> None:
    assert plus(a, b) == total
    assert minus(total, b) == a
    assert dimension_of(dimension_formula(total)) == total


@pytest.mark.parametrize(
    ("dimension", "printed"),
    [("N", "N"), ("2N+1", "2*N + 1"), ("N-3", "N - 3"), (4, "4"), ("N-2K", "N - 2*K"), ("-K+3", "3 - K")],
)
def test_a_dimension_is_a_formula(dimension: Dimension, printed: str) -> None:
    assert text(dimension_formula(dimension)) == printed


@pytest.mark.parametrize(("dimension", "number"), [("2N+1", 7), ("K-N", 1), ("N+M", None), (2, 2)])
def test_the_number_that_a_dimension_is(dimension: Dimension, number: int | None) -> None:
    assert valued(dimension, {"N": 3, "K": 4}) == number


@pytest.mark.parametrize("formula", [Formula("sin", (name("N"),)), Formula("number", ("0.5",)), None])
def test_what_is_no_dimension(formula: Formula | None) -> None:
    with pytest.raises(ShapeError):
        dimension_of(formula)


@pytest.mark.parametrize(
    ("shape", "printed"), [(("K", "N"), "K×N"), ((), "a number"), (("N+2", 1), "(N+2)×1"), ((3, 4), "3×4")]
)
def test_shape_text(shape: Shape, printed: str) -> None:
    assert shape_text(shape) == printed
