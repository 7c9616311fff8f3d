"""No two things on a sheet have one name: lines, outputs, inputs, parameters, steps and constants."""

from __future__ import annotations

import itertools
import re

import pytest

from tracegen import grade, trace
from tracegen.notation import Unicode, printer
from tracegen.notation.profiles import PROFILES
from tracegen.traces import Trace

PROBLEMS = [
    ("100*(y - x**2)**2 + (1 - x)**2", {"x": "-1.2", "y": 1}),
    ("a*b + sin(a)*exp(b)", {"a": 1, "b": 2}),
    ("x*y", {"x": 2, "y": 3}),
    ("f*g + sin(f)*cos(g)*exp(f*g)", {"f": 1, "g": 2}),
    ("v1*v2 + v0*sin(v2)", {"v0": 1, "v1": 2, "v2": 3}),
    ("w*exp(c*w) + log(w)/(1 + w)", {"w": 3, "c": 2}),
    ("b*t + alpha1**2*b + lambda*t", {"b": 2, "t": 3, "alpha1": "0.5", "lambda": 4}),
    ("h = sin(x)*x + cos(x)*exp(x) + sqrt(x) - tanh(x)", {"x": 2}),
]
FEW = [*PROBLEMS[:4], PROBLEMS[6]]
CHOICES = [{"profile": profile} for profile in PROFILES]
CHOICES += [{"profile": "homework", "letter": letter} for letter in "wxyfe"]
CHOICES += [{"profile": profile, "adjoint": "partial"} for profile in ("homework", "baydin")]


def traced(text: str, at: dict[str, object], choice: dict[str, str]) -> Trace:
    return trace(text, at=at, **choice)  # type: ignore[arg-type]


@pytest.mark.parametrize("choice", CHOICES, ids=str)
@pytest.mark.parametrize(("text", "at"), PROBLEMS, ids=[text for text, _ in PROBLEMS])
def test_a_line_has_no_name_that_is_there_already(text: str, at: dict[str, object], choice: dict[str, str]) -> None:
    t = traced(text, at, choice)
    for entry in t.evaluations:
        labels = [str(label.args[0]) for label in entry.labels]
        assert len(set(labels)) == len(labels)
        own = dict(enumerate(entry.wengert.inputs))
        outputs = {place: name for name, place in entry.wengert.outputs.items()}
        taken = {*entry.wengert.inputs, *t.problem.outputs, "e"}
        for place, label in enumerate(labels):
            assert label not in taken or label in (own.get(place), outputs.get(place)), label


@pytest.mark.parametrize("choice", CHOICES, ids=str)
@pytest.mark.parametrize(("text", "at"), PROBLEMS, ids=[text for text, _ in PROBLEMS])
def test_no_row_says_that_a_thing_is_itself_and_none_has_two_values(
    text: str, at: dict[str, object], choice: dict[str, str]
) -> None:
    t = traced(text, at, choice | {"values": "both"})
    printed = printer(Unicode, t.convention)
    values: dict[str, object] = {}
    for table in t.reverse().tables:
        for row in table.rows:
            whole = printed(row.cells[0])  # type: ignore[arg-type]
            sides = whole.split(" = ")
            assert all(left != right for left, right in itertools.pairwise(sides)), whole
    for table in (*t.forward().tables, *t.reverse().tables):
        for row in table.rows:
            label = printed(row.cells[0]).split(" = ")[0]  # type: ignore[arg-type]
            if "∂" in label and t.convention.adjoint_style == "sum":
                assert values.setdefault(label, row.cells[-1]) == row.cells[-1], label


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", ["L", "E", "f", "y1", "loss"])
def test_what_stands_on_top_is_the_outputs_own_name(profile: str, name: str) -> None:
    t = trace(f"{name} = a*b + sin(a)", at={"a": 1, "b": 2}, profile=profile)
    label = re.sub(r"\d", "", name)
    for format in ("txt", "md", "tex"):
        for table in t.document().tables:
            text = type(t.primal())(type(t.document())("", (table,)), t.convention).to(format)
            tops = set(
                re.findall(r"∂(\w+)₁?/∂[ab]\b", text) if format == "txt" else re.findall(r"partial (\w+)\}", text)
            )
            assert "f" not in tops or name == "f"
            if table.key.startswith("jacobian") and format == "txt":
                assert tops in ({label}, {label + "₁"})


def test_of_several_outputs_the_head_is_of_whatever_stands_in_the_row() -> None:
    text = trace(["f*g", "f + g"], at={"f": 1, "g": 2}).jacobian().to("txt")
    assert "∂/∂f │ ∂/∂g" in text


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("text", "at"), FEW, ids=[text for text, _ in FEW])
def test_what_is_written_so_is_graded_as_right(text: str, at: dict[str, object], profile: str) -> None:
    t = trace(text, at=at, profile=profile)
    report = grade(t.problem, t.to("md"))
    assert [(cell.text, cell.because) for cell in report.cells if cell.verdict != "right"] == []
    assert (report.score, report.open) == (report.max_score, 0)
