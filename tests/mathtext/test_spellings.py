"""Every way to write does what its examples say."""

from __future__ import annotations

import pytest

from tracegen.mathtext.spellings import BEFOREHAND, CERTAIN, Rule

RULES = (*BEFOREHAND.rules, *CERTAIN.rules)
EXAMPLES = [(rule, text, becomes) for rule in RULES for text, becomes in rule.examples]


@pytest.mark.parametrize(("rule", "text", "becomes"), EXAMPLES, ids=lambda each: getattr(each, "name", None))
def test_a_way_to_write_is_read_as_its_row_says(rule: Rule, text: str, becomes: str) -> None:
    assert rule.applied(text) == becomes
    assert any(mark in text for mark in rule.marks) or text == becomes
    table = CERTAIN if rule in CERTAIN.rules else BEFOREHAND
    assert table.spelled_out(text) == becomes or text == becomes


def test_every_row_shows_that_it_changes_something() -> None:
    assert [rule.name for rule in RULES if all(text == becomes for text, becomes in rule.examples)] == []


def test_a_name_of_the_sheet_stays_what_it_is() -> None:
    assert CERTAIN.spelled_out("E + 1", ["E"]) == "E + 1"
    assert CERTAIN.spelled_out("E + 1") == "e + 1"
