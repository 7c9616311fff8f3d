"""Zeros whose size nobody wrote take the room that there is; a part of a matrix is what NumPy takes of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tracegen.grading.meaning import MeaninglessError
from tracegen.grading.parts import ShapeMismatchError, part
from tracegen.grading.places import Pattern
from tracegen.grading.roomy import Roomy, multiplied, spread, turned, with_zeros

SOURCE = np.random.default_rng(1)
G = SOURCE.uniform(1, 2, (3, 2, 1))
A = SOURCE.uniform(1, 2, (3, 5, 4))


def padded(matrix: Any, *widths: tuple[int, int]) -> Any:
    return np.pad(matrix, ((0, 0), *widths))


def test_zeros_take_what_room_there_is() -> None:
    found = with_zeros([[None, None, None], [None, G, None]])
    assert isinstance(found, Roomy)
    for before in (1, 2):
        wanted = padded(G, (3, 0), (before, 3 - before))
        assert np.array_equal(found.like(wanted), wanted)
    assert found.like(padded(G, (0, 3), (1, 2))).tolist() != padded(G, (0, 3), (1, 2)).tolist()


def test_zeros_beside_blocks_have_their_sizes() -> None:
    found = with_zeros([[G, None], [None, A]])
    assert isinstance(found, np.ndarray)
    assert found.shape == (3, 7, 5)


def test_a_sum_a_transpose_and_a_product_of_such_matrices() -> None:
    one, other = with_zeros([[G], [None]]), with_zeros([[None], [G]])
    total = padded(G, (0, 3), (0, 0)) + padded(G, (3, 0), (0, 0))
    assert np.array_equal(spread(np.add, one, other).like(total), total)
    assert isinstance(one, Roomy)
    turned_round = np.swapaxes(padded(G, (0, 3), (0, 0)), 1, 2)
    assert np.array_equal(turned(one).like(turned_round), turned_round)
    product = np.swapaxes(A, 1, 2) @ padded(G, (0, 3), (0, 0))
    assert np.allclose(multiplied(np.matmul, np.swapaxes(A, 1, 2), one).like(product), product)


def test_blocks_that_do_not_fit() -> None:
    with pytest.raises(ShapeMismatchError, match="the blocks of the matrix do not fit together"):
        with_zeros([[G, A], [None, None]])


RANGE = (True, True)


@pytest.mark.parametrize(
    ("pattern", "bounds", "taken"),
    [
        ((None, None), (0, 1), np.s_[:, 0:1, 1:2]),
        ((None, None), (-1, 0), np.s_[:, 4:5, 0:1]),
        ((RANGE, RANGE), (0, 2, 1, 4), np.s_[:, 0:2, 1:4]),
        (((True, False), (False, False)), (1,), np.s_[:, 1:, :]),
        (((False, True),), (-1,), np.s_[:, :-1, :]),
        ((None, (False, False)), (2,), np.s_[:, 2:3, :]),
    ],
)
def test_a_part_is_what_numpy_takes(pattern: Pattern, bounds: tuple[float, ...], taken: Any) -> None:
    assert np.array_equal(part(pattern, A, *map(float, bounds)), A[taken])


@pytest.mark.parametrize(
    ("pattern", "bounds", "says"),
    [
        ((None, None), (5, 0), "there is no place 5 among 5"),
        ((RANGE, RANGE), (0, 9, 0, 1), "there is no 0 to 9 among 5"),
        ((None, None), (0.5, 0), "is a whole number"),
        ((None, None, None), (0, 0, 0), "by its rows and columns"),
    ],
)
def test_a_part_that_is_not_there(pattern: Pattern, bounds: tuple[float, ...], says: str) -> None:
    with pytest.raises(MeaninglessError, match=says):
        part(pattern, A, *map(float, bounds))
