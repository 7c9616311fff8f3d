"""The benchmarks run: every case of tracegen itself, at its smallest size, and the table says what was measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import chosen, written
from tests.benchmarks.case import Case, Target
from tests.benchmarks.measure import Measured, measure, measured
from tests.benchmarks.reasons import REASONS, Reason, explained
from tests.benchmarks.results import Results
from tests.benchmarks.workloads import CASES, TARGETS
from tests.benchmarks.workloads.functions import FUNCTIONS, lines

OWN = [case for case in CASES if not case.needs and case.row != "W1"]


@pytest.mark.parametrize("case", OWN, ids=lambda case: case.name)
def test_a_case_runs(case: Case) -> None:
    assert case.make(min(case.sizes[0], 100))() is not None


def test_every_target_has_its_case() -> None:
    named = {(case.row, case.what, case.system) for case in CASES}
    for target in TARGETS:
        assert (target.row, target.what, target.system) in named
        assert not target.beside or (target.row, target.than or target.what, target.beside) in named


@pytest.mark.parametrize("what", list(FUNCTIONS))
def test_a_function_has_about_as_many_lines_as_its_size(what: str) -> None:
    assert 0.5 < lines(what)(10_000) / 10_000 < 1.2


def test_a_case_is_measured_in_a_process_of_its_own() -> None:
    (case,) = [case for case in CASES if case.name == "W2/chain/tracegen"]
    found = measured(case, 10, 60)
    assert not found.failure
    assert found.seconds > 0
    assert measured(replace(case, what="no such"), 10, 60).failure == "ValueError"
    assert measured(case, 10**6, 0.01).failure == "more than 0 s"


def test_measuring_here() -> None:
    found = measure(Case("W", "w", "s", lambda size: lambda: sum(range(size)), (10,)), 1000)
    assert found.seconds > 0


def results() -> Results:
    def case(system: str) -> Case:
        return Case("W2", "chain", system, lambda size: lambda: None, (100, 1_000, 10_000))

    ours, peer = case("tracegen"), case("casadi SX")
    found = {
        **{(ours.name, size): Measured(3e-6 * size, 100 * size) for size in ours.sizes},
        (peer.name, 100): Measured(1e-2, 0),
        (peer.name, 1_000): Measured(failure="MemoryError"),
    }
    return Results([ours, peer], found)


def test_the_table() -> None:
    rows = list(results().rows())
    assert rows[0] == ("W2", "chain", "tracegen", "100", "300 µs", "3 µs a line", "100 B", "", "1.00")
    assert rows[3] == ("W2", "chain", "casadi SX", "100", "10 ms", "100 µs a line", "0 B", "33.33", "")
    assert rows[4][3:5] == ("1,000", "fails: MemoryError")


@pytest.mark.parametrize(
    ("target", "verdict"),
    [
        (Target("W2", "chain", "seconds", 4e-6), "reached"),
        (Target("W2", "chain", "seconds", 2e-6), "not reached"),
        (Target("W2", "chain", "exponent", 1.05), "reached"),
        (Target("W2", "chain", "exponent", 0.9), "not reached"),
        (Target("W2", "chain", "ahead", 30, "casadi SX"), "reached"),
        (Target("W2", "chain", "ahead", 40, "casadi SX"), "not reached"),
        (Target("W2", "chain", "ratio", 0.04, "casadi SX"), "reached"),
        (Target("W2", "chain", "ratio", 0.02, "casadi SX"), "not reached"),
    ],
)
def test_targets(target: Target, verdict: str) -> None:
    ((*_, found),) = results().verdicts([target])
    assert found == verdict


def test_a_target_that_is_missed_has_its_reason_under_the_table_or_says_that_there_is_none() -> None:
    missed = Target("W2", "chain", "seconds", 2e-6)
    new = Target("W2", "chain", "exponent", 0.9)
    found = results().missed([missed, Target("W2", "chain", "seconds", 4e-6), new])
    assert found == [missed, new]
    known, unknown = explained(found)
    assert known == f"* W2, chain: {next(reason.text for reason in REASONS if reason.explains(missed))}"
    assert unknown == "* W2, chain, growth exponent ≤ 0.9: why was not looked into."


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: f"{reason.row} {','.join(reason.tasks)}")
def test_a_reason_is_about_a_target_that_there_is(reason: Reason) -> None:
    assert any(reason.explains(target) for target in TARGETS)


def test_a_peer_that_is_ahead_is_named_with_size_and_factor() -> None:
    found = results()
    peer = found.cases[1]
    found.found[peer.name, 100] = Measured(1e-4, 0)
    assert list(found.ahead()) == ["* W2, chain, casadi SX: 100: 3.0 ×"]
    assert list(results().ahead()) == []


def test_without_peers_nothing_of_theirs_is_needed() -> None:
    assert {case.needs for case in chosen(["W2"], False, 10)} == {""}
    assert all(case.sizes == (10,) for case in chosen(["W2"], False, 10))


def test_the_folder(tmp_path: Path) -> None:
    text = written(results(), tmp_path)
    assert "| reached" in text
    assert (tmp_path / "table.md").read_text(encoding="utf-8") == text
