"""Every slip that has a name, planted in right sheets: found at its rows, named, costing once, nothing else marked."""

from __future__ import annotations

import random

import mutating
import named_slips
import pytest
from conftest import SECOND

from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

ZERO = '[inputs]\na = 0\nb = 2\n[outputs]\ny = "sin(a)*b + exp(a)*b"'
PROBLEMS = [Problem.from_toml(text) for text in [*mutating.PROBLEMS, ZERO]]
SHEETS = 5
MOST_DRAWS = 200


@pytest.mark.parametrize("slip", named_slips.SLIPS)
def test_a_planted_slip_is_found_named_and_costs_once(slip: str) -> None:
    found = 0
    for seed in range(MOST_DRAWS):
        source = random.Random(f"{slip}{seed}")
        problem = PROBLEMS[-1] if slip == "zero for a derivative" else source.choice(PROBLEMS)
        planted = named_slips.planted(slip, problem, source)
        if planted is None:
            continue
        report = grade(problem, planted.sheet.text())
        refused = [one for one in report.cells if "carry.refused" in one.tags]
        wrong = [one for one in report.cells if one.verdict == "wrong" and one not in refused]
        same = planted.sheet.where >= 0 and planted.rows and mutating.says_the_same(planted.sheet, problem)
        if not wrong and planted.sheet.cell == "formula" and same:
            continue
        found += 1
        rows = {(one.part, one.row) for one in wrong}
        assert rows == planted.rows, seed
        assert report.max_score - report.score <= planted.cost + len(refused), seed
        assert report.needs_person == 0, seed
        if found == SHEETS:
            break
    assert found >= 4


@pytest.mark.parametrize(
    ("slip", "tag"),
    [
        ("sign of an edge", "slip.sign"), ("contribution left out", "slip.left-out"),
        ("half of the product rule", "slip.left-out"), ("degrees for radians", "slip.degrees"),
        ("column pasted", "slip.pasted"), ("local partial upside down", "slip.upside-down"),
        ("look-alike digit", "slip.misread"), ("rounding", "slip.rounding"), ("truncation", "value.truncated"),
        ("label of another row", "slip.label"), ("phantom contribution", "slip."),
        ("zero for a derivative", "slip.zero"),
    ],
)  # fmt: skip
def test_a_planted_slip_is_named(slip: str, tag: str) -> None:
    for seed in range(MOST_DRAWS):
        source = random.Random(f"{slip} {seed}")
        problem = PROBLEMS[-1] if slip == "zero for a derivative" else source.choice(PROBLEMS[:-1])
        planted = named_slips.planted(slip, problem, source)
        if planted is None or (
            (planted.rows and mutating.says_the_same(planted.sheet, problem)) and slip.endswith("rule")
        ):
            continue
        tags = {name for one in grade(problem, planted.sheet.text()).cells for name in one.tags}
        assert any(name.startswith(tag) for name in tags)
        return
    pytest.fail("no sheet was drawn")


MATRICES = [
    "v_1 = W_1 x", "z = v_1 + b_1", r"h = \sigma(z)", "R = r^T h", "v_2 = W_2 h", "y = v_2 + b_2",
    r"\xi = \frac12 \|y - s\|^2", r"L = \xi + R", "", r"\bar L = 1", r"\bar R = \bar L", r"\bar \xi = \bar L",
    r"\bar y = \bar\xi (y - s)", r"\bar v_2 = \bar y", r"\bar h = \bar R r + W_2^T \bar v_2",
    r"\bar z = \bar h \circ \sigma'(z)", r"\bar v_1 = \bar z", r"\bar x = W_1^T \bar v_1",
]  # fmt: skip

MATRIX_SLIPS = [
    ("v_1 = W_1^T x", "slip.transpose", "W₁ᵀ is N×K, x is N×1"),
    ("v_1 = x W_1", "slip.side", "x is N×1, W₁ is K×N"),
    ("R = r h", "slip.transpose", "its shape is K×1"),
    ("R = h r^T", "slip.side", "its shape is K×K"),
    ("v_2 = W_2^T h", "slip.transpose", "W₂ᵀ is K×M, h is K×1"),
    ("v_2 = h W_2", "slip.side", "h is K×1, W₂ is M×K"),
    (r"\bar h = \bar R r + W_2 \bar v_2", "slip.transpose", "W₂ is M×K, v̄₂ is M×1"),
    (r"\bar h = \bar R r + \bar v_2 W_2^T", "slip.side", "v̄₂ is M×1, W₂ᵀ is K×M"),
    (r"\bar h = W_2^T \bar v_2", "slip.left-out", "R̄"),
    (r"\bar x = W_1 \bar v_1", "slip.transpose", "W₁ is K×N, v̄₁ is K×1"),
    (r"\bar x = \bar v_1 W_1^T", "slip.side", "v̄₁ is K×1, W₁ᵀ is N×K"),
    (r"\bar y = \bar\xi (s - y)", "slip.sign", "sign"),
]


@pytest.mark.parametrize(("line", "tag", "said"), MATRIX_SLIPS)
def test_a_matrix_on_the_wrong_side_is_one_slip_and_its_shapes_are_said(line: str, tag: str, said: str) -> None:
    label = line.partition(" =")[0]
    lines = [line if each.startswith(f"{label} =") else each for each in MATRICES]
    text = "\n\n".join(f"$${each}$$" if each else "## Adjoints" for each in lines)
    wrong = [one for one in grade(Problem.from_toml(SECOND), text).cells if one.verdict != "right"]
    assert len(wrong) == 1
    assert tag in wrong[0].tags
    assert said in wrong[0].because
