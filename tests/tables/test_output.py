"""output/ holds what the shipped examples render to today; ``python -m tests.refresh`` writes it anew."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

import tracegen
from tests.house import floors
from tests.refresh import OUTPUTS, made

OUTPUT = Path(__file__).parents[2] / "output"


@pytest.fixture(scope="module")
def fresh() -> Iterator[ProcessPoolExecutor]:
    """A process of its own, in which no test has registered an operation."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield executor


@pytest.mark.parametrize("name", OUTPUTS)
def test_fresh(name: str, fresh: ProcessPoolExecutor) -> None:
    found = fresh.submit(made, name).result()
    assert (OUTPUT / name).read_text(encoding="utf-8") == found, f"{name} is stale: python -m tests.refresh"


def test_the_house_has_every_room_and_no_other() -> None:
    package = Path(tracegen.__file__).parent
    there = {path.stem for path in package.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    drawn = [room for rooms in floors() for room in rooms]
    assert sorted(room.name for room in drawn) == sorted(there - {"__init__"})
    assert all(room.line for room in drawn)


def test_nothing_else_lies_there() -> None:
    found = {str(path.relative_to(OUTPUT)) for path in OUTPUT.rglob("*") if path.is_file()}
    others = {name for name in found if name not in OUTPUTS and not name.startswith(("benchmarks/", "pictures/"))}
    assert others == set()
