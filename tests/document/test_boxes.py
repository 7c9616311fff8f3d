"""Boxes for a terminal: how columns are narrowed until they fit."""

from __future__ import annotations

import pytest

from tracegen.document.boxes import narrow


@pytest.mark.parametrize(
    ("widths", "room", "narrowed"),
    [
        ([10, 20], 30, [10, 20]),
        ([10, 20], 27, [10, 17]),
        ([14, 10**9], 40, [14, 26]),
        ([30, 20, 20], 55, [18, 18, 19]),
        ([8, 10**9], 10, [8, 12]),
        ([500, 700], 0, [12, 12]),
    ],
)
def test_the_widest_columns_give_way_first_and_keep_twelve(widths: list[int], room: int, narrowed: list[int]) -> None:
    narrow(widths, room)
    assert widths == narrowed
