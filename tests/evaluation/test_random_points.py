"""Points drawn at random have what the problem says of its inputs."""

from __future__ import annotations

import pytest

from tracegen.errors import PointError
from tracegen.evaluation.random_points import draw
from tracegen.formula import are_probabilities
from tracegen.problems.problem import Problem
from tracegen.traces import trace


@pytest.mark.parametrize("shape", ['["B", "K"]', '["K"]', '[1, "K"]', '["B", 1]'])
def test_probabilities_are_drawn_as_such(shape: str) -> None:
    inputs = f'[inputs]\nT = {{ shape = {shape}, probabilities = true }}\nc = {{}}\n[outputs]\nL = "c*sum(T*2)"'
    (evaluation,) = trace(Problem.from_toml(inputs)).evaluations
    points = list(draw(evaluation))
    assert len(points) == 2
    assert all(are_probabilities(point.inputs[0]) for point in points)


def test_symmetric_matrices_are_drawn_as_such() -> None:
    inputs = '[inputs]\nS = { shape = ["N", "N"], symmetric = true }\n[outputs]\nL = "det(S)"'
    (evaluation,) = trace(Problem.from_toml(inputs)).evaluations
    for point in draw(evaluation):
        rows = point.inputs[0].args
        assert len(rows) > 1
        assert rows == tuple(zip(*rows, strict=True))


def test_sizes_are_those_of_the_values_that_are_given() -> None:
    inputs = '[inputs]\nA = { shape = ["N", "M"], value = [[1, 2, 3, 4, 5]] }\nx = { shape = ["M"] }\n'
    found = trace(Problem.from_toml(f'{inputs}[outputs]\nL = "sum(A @ x)"'))
    for point in draw(found.evaluations[0]):
        assert len(point.inputs[1].args) == 5
    assert found.checked["L"].differences


@pytest.mark.parametrize("part", ["A[7:9]", "A[:, 40:41]", "A[12, 0]", "A[-20]", "A[0:1][0, 33]"])
def test_matrices_are_large_enough_for_the_parts_that_are_taken(part: str) -> None:
    found = trace(f"sum({part}*2)", shapes={"A": ("N", "M")})
    assert found.checked["y"].differences


def test_parts_that_no_matrix_of_a_fair_size_has_are_said() -> None:
    with pytest.raises(PointError, match="too large to be tried with numbers"):
        _ = trace("sum(A[90000:90001])", shapes={"A": ("N", "M")}).checked
