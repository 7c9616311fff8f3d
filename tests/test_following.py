"""How often one formula changes rooms from text to table: a ceiling, to be lowered as the way becomes straighter."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.following import Way, a_formula, called, calls_of, followed, returns, room_of, way

ROOMS, RETURNS = 20, 5
"""The rooms that a formula may go through, and the pairs of them that may call each other."""

CEILINGS = {"files": (32, 19), "functions": (109, 96)}
"""Visits and returns of readers as they are measured. What could be less comes from the check that every trace makes,
to and fro between evaluation, wengert, algebra and primitives, from exact values, which tables ask for by lines, and
from closed derivatives, which are rewritten in symbolic and come back."""


@pytest.fixture(scope="module")
def ways() -> dict[str, Way]:
    """The ways in a process of their own, for what other tests have traced is in caches."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        return executor.submit(followed).result()


@pytest.mark.parametrize("reader", CEILINGS)
def test_the_way_is_not_longer_than_it_was(ways: dict[str, Way], reader: str) -> None:
    visits, returns = CEILINGS[reader]
    found = ways[reader]
    assert found.visits <= visits, " → ".join(found.rooms)
    assert found.returns <= returns, " → ".join(found.rooms)


def test_few_rooms_call_each_other() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        pairs = executor.submit(called).result()
    assert len({room for pair in pairs for room in pair}) <= ROOMS
    assert len(returns(pairs)) <= RETURNS, returns(pairs)


def test_the_way_goes_from_the_text_to_the_table(ways: dict[str, Way]) -> None:
    first = list(dict.fromkeys(ways["files"].rooms))
    ends = ["sources", "wengert", "tables", "document"]
    assert [room for room in first if room in ends] == ends


def test_a_room_that_is_left_and_entered_again_is_a_return() -> None:
    assert (Way(("a", "b", "a", "c", "b")).visits, Way(("a", "b", "a", "c", "b")).returns) == (5, 2)
    calls = calls_of(a_formula)
    found = way(calls)
    assert all(room != after for room, after in zip(found.rooms, found.rooms[1:], strict=False))
    assert set(found.rooms) == {room_of(code) for code in calls}
