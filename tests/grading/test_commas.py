"""Files whose decimals have commas and whose columns are cut at commas, too."""

from __future__ import annotations

import pytest

from tracegen.grading.commas import MOST_PAIRS, with_decimals


def rows(text: str) -> list[tuple[int, list[str]]]:
    return [(line, row.split(",") if row else []) for line, row in enumerate(text.split("\n"), 1)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("row,value\nv1,0,5\nv2,3", ["row|value", "v1|0,5", "v2|3"]),
        ("v1,0,5\nv2,3", ["v1|0,5", "v2|3"]),
        ("row,a,b\nv1,-0,5,1,25", ["row|a|b", "v1|-0,5|1,25"]),
        # a row that is certain says that decimals have three places, so 10 is whole
        ("row,a,b\nv1,0,693,1,500\nv2,10,5,125", ["row|a|b", "v1|0,693|1,500", "v2|10|5,125"]),
        # tables are looked at one by one
        ("row,value\nv1,0,5\n\nrow,a,b\nv1,1,2", ["row|value", "v1|0,5", "", "row|a|b", "v1|1|2"]),
        # nothing is cut: columns without a head, points, cells that are no numbers
        ("row,value\nv1,2,right", ["row|value", "v1|2|right"]),
        ("row,value\nv1,0.5,1\nv2,0,5", ["row|value", "v1|0.5|1", "v2|0|5"]),
        ("v1,2,3\nv2,3,4", ["v1|2|3", "v2|3|4"]),
    ],
)
def test_decimals_are_put_together_where_columns_tell(text: str, wanted: list[str]) -> None:
    found, notes = with_decimals(rows(text))
    assert ["|".join(cells) for _, cells in found] == wanted
    assert notes == ()


def test_a_row_in_doubt_is_said() -> None:
    found, notes = with_decimals(rows("row,a,b\nv1,2,5,5\nv2,0,693,1,500"))
    assert found[1] == (2, ["v1", "2,5,5"])
    assert notes == ("line 2: its commas may stand within numbers or between columns; a person has to look",)


def test_a_row_with_many_commas_is_left() -> None:
    text = "row,value\nv1," + ",".join(["1"] * (2 * MOST_PAIRS + 2))
    assert with_decimals(rows(text))[0] == rows(text)
