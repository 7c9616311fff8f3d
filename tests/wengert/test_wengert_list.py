"""A list keeps equal lines as one, through copies, sweeps and changes of order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tracegen.formula import name, number
from tracegen.primitives import lookup
from tracegen.problems.problem_lists import by_level
from tracegen.wengert.sweep import forward, reverse
from tracegen.wengert.wengert_list import ONE, Builder, WengertList


def built() -> Builder:
    """x·y, 3·x·y and the sine of it."""
    builder = Builder.of(["x", "y"])
    product = builder.append("mul", (0, 1))
    builder.append("sin", (builder.append("mul", (builder.constant(number(3)), product)),))
    return builder


def test_a_row_can_be_given_by_name_or_itself() -> None:
    builder = built()
    assert builder.append(lookup("mul"), (0, 1)) == builder.append("mul", (0, 1)) == 2
    assert [line.primitive.name for line in builder.list if line.primitive] == ["mul", "mul", "sin"]


def test_inputs_have_neither_primitive_nor_operands() -> None:
    assert [(line.primitive, line.operands) for line in built().list][:2] == [(None, ()), (None, ())]


def swept_in_reverse(wengert: WengertList) -> WengertList:
    return reverse(wengert, {4: ONE}).wengert


def swept_forward(wengert: WengertList) -> WengertList:
    return forward(wengert, [ONE, name("p")]).wengert


def by_hand(wengert: WengertList) -> WengertList:
    """The same list from nothing but what it is made of."""
    return replace(wengert)


@pytest.mark.parametrize("made", [WengertList.copy, by_level, by_hand, swept_in_reverse, swept_forward])
def test_the_lines_of_another_list_are_found_again(made: Callable[[WengertList], WengertList]) -> None:
    other = made(built().list)
    builder = Builder(other)
    size, constants = len(other), len(other.constants)
    assert builder.append("mul", (0, 1)) == 2
    assert builder.append("mul", (builder.constant(number(3)), 2)) == 3
    assert (len(other), len(other.constants)) == (size, constants)
    other.check()


@pytest.mark.parametrize("made", [WengertList.copy, swept_in_reverse, swept_forward])
def test_what_is_made_of_a_list_grows_without_it(made: Callable[[WengertList], WengertList]) -> None:
    builder = built()
    before = builder.list.copy()
    grown = Builder(made(builder.list))
    grown.append("exp", (grown.append("mul", (0, grown.constant(number(7)))),))
    assert builder.list == before
    assert builder.append("exp", (0,)) == 5
    builder.list.check()
    grown.list.check()
