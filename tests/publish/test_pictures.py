"""output/pictures/ holds what the shipped examples are drawn as today; ``python -m tests.pictures`` writes it anew."""

from __future__ import annotations

import pytest

from tests import refresh
from tests.pictures import PICTURES, TEXTS


@pytest.mark.parametrize("name", TEXTS)
def test_fresh(name: str) -> None:
    assert (PICTURES / name).read_text(encoding="utf-8") == TEXTS[name](), f"{name} is stale: python -m tests.pictures"


def test_nothing_else_lies_there() -> None:
    found = {path.name for path in PICTURES.iterdir() if path.suffix not in (".png", ".pdf")}
    others = {name.removeprefix("pictures/") for name in refresh.OUTPUTS if name.startswith("pictures/")}
    assert found == {*TEXTS, *others}
