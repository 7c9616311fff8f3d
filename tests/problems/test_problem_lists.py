"""The lists of a problem: one for each output or one joint list, with named steps, and only what is used."""

from __future__ import annotations

import pytest

from tracegen import trace
from tracegen.errors import ProblemError
from tracegen.notation import unicode
from tracegen.problems.problem import Problem
from tracegen.traces import Trace

TWO = ["exp(2*x2) + x1*sin(3*x2**2)", "x1*x2 + exp(2*x2)"]


def shown(t: Trace, place: int = 0) -> list[str]:
    evaluation = t.evaluations[place]
    pairs = zip(evaluation.labels, map(evaluation.definition, range(len(evaluation.wengert))), strict=True)
    return [f"{unicode(label)} = {unicode(definition)}" for label, definition in pairs]


def test_a_list_for_each_output() -> None:
    t = trace(TWO)
    assert [list(entry.wengert.outputs) for entry in t.evaluations] == [["y1"], ["y2"]]
    assert shown(t, 1) == [
        "v₀ = x₁", "v₁ = x₂", "v₂ = v₀·v₁", "v₃ = 2·v₁", "v₄ = exp(v₃)", "v₅ = v₂ + v₄"
    ]  # fmt: skip


def test_one_joint_list() -> None:
    (evaluation,) = trace(TWO, joint=True).evaluations
    assert list(evaluation.wengert.outputs) == ["y1", "y2"]
    assert len(evaluation.wengert) == 9 + 2  # exp(2 x2) is there once


def test_what_an_output_does_not_use_is_not_in_its_list() -> None:
    problem = Problem.from_toml(
        '[inputs]\nx1 = 2\nx2 = 1\n[steps]\nz = "x1*x2"\nw = "exp(z)"\nu = "sin(x1)"\n'
        '[outputs]\na = "w + 1"\nb = "u*2"\n'
    )
    t = trace(problem)
    assert shown(t, 0) == ["v₀ = x₁", "v₁ = x₂", "z = v₀·v₁", "w = exp(z)", "a = w + 1"]
    assert shown(t, 1) == ["v₀ = x₁", "v₁ = x₂", "u = sin(v₀)", "b = u·2"]


def test_a_step_keeps_its_name_and_takes_no_number() -> None:
    t = trace("z*x1 + x2", steps={"z": "x1*sin(x2)"})
    assert shown(t) == ["v₀ = x₁", "v₁ = x₂", "v₂ = sin(v₁)", "z = v₀·v₂", "v₃ = z·v₀", "y = v₃ + v₁"]


def test_an_output_that_is_an_input_or_a_step() -> None:
    t = trace({"p": "x1", "q": "z", "r": "z"}, steps={"z": "x1*x2"}, at={"x1": 2, "x2": 3})
    assert t.record()["jacobian"]["exact"] == [["1", "0"], ["3", "2"], ["3", "2"]]
    joint = trace({"p": "x1", "q": "z", "r": "z"}, steps={"z": "x1*x2"}, at={"x1": 2, "x2": 3}, joint=True)
    assert joint.record()["jacobian"]["exact"] == [["1", "0"], ["3", "2"], ["3", "2"]]


@pytest.mark.parametrize("text", ["3", "pi*2", "a + 1"])
def test_an_output_that_depends_on_no_input(text: str) -> None:
    with pytest.raises(ProblemError, match="y does not depend on any input: it is a constant"):
        trace(text, at={"x": 1}, parameters={"a": None})


def test_names_of_inputs_are_not_given_to_lines() -> None:
    assert shown(trace("v1*v2 + v1")) == ["v₀ = v₁", "v₃ = v₂", "v₄ = v₀·v₃", "v₅ = v₄ + v₀"]
    assert shown(trace("e*pi", at={"e": 2, "pi": 1})) == ["v₀ = e", "v₁ = π", "v₂ = v₀·v₁"]
    assert trace("e*pi", at={"e": 2, "pi": 1}).record()["jacobian"]["exact"] == [["1", "2"]]


def test_a_cotangent_of_a_joint_list() -> None:
    t = trace(["x1*x2", "x1 + x2"], at={"x1": 2, "x2": 3}, joint=True)
    rows = t.reverse(cotangent={"y1": 2, "y2": "q"}).tables[0].rows
    assert unicode(rows[0].cells[1]) == "6 + q"  # type: ignore[arg-type]
    with pytest.raises(ProblemError, match="joint"):
        trace(["x1*x2", "x1 + x2"]).reverse(cotangent={"y1": 2, "y2": 1})


def test_lines_by_level() -> None:
    t = trace("exp(sin(x)) + cos(x)", order="levels")
    assert shown(t) == ["v₀ = x", "v₁ = sin(v₀)", "v₂ = cos(v₀)", "v₃ = exp(v₁)", "v₄ = v₃ + v₂"]
