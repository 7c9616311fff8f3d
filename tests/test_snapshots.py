"""Nothing changes what is rendered, recorded or reported unless it means to; ``python -m tests.snapshots`` says so."""

from __future__ import annotations

import pytest

from tests.snapshots import AREAS, digest, kept, output_line


@pytest.mark.parametrize("area", AREAS)
def test_nothing_changed(area: str) -> None:
    before, now = kept(area), AREAS[area]()
    changed = {name: (before.get(name), now.get(name)) for name in {*before, *now} if before.get(name) != now.get(name)}
    assert changed == {}, "if this is meant: python -m tests.snapshots"


def test_one_sign_is_another_line() -> None:
    assert output_line(lambda: "v0 = 1") != output_line(lambda: "v0 = 2")
    assert digest("v0 = 1") != digest("v0 = 1\n")
