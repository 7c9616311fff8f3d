"""Bad points and kinks of lists with matrices, each said at its line, and values that are not what was declared."""

from __future__ import annotations

import pytest

from tracegen.errors import PointError, ProblemError, ShapeError, TracegenError
from tracegen.evaluation.checks import _Comparison
from tracegen.evaluation.decimals import precision
from tracegen.notation import unicode
from tracegen.problems.problem import Problem
from tracegen.traces import Trace, trace

SINGULAR = "A = { value = [[1, 2], [2, 4]] }"


def traced(inputs: str, output: str) -> Trace:
    return trace(Problem.from_toml(f'[inputs]\n{inputs}\n[outputs]\nL = "{output}"', "p.toml"))


@pytest.mark.parametrize(
    ("inputs", "output", "says"),
    [
        (SINGULAR, "sum(inv(A))", "v₁ = v₀⁻¹ has no value at v₀ = [1.00000, 2.00000; 2.00000, 4.00000]"),
        (SINGULAR, "sum(inv(A))", "[1.00000, 2.00000; 2.00000, 4.00000], whose determinant is 0"),
        (SINGULAR, "sum(solve(A, A))", "v₁ = v₀⁻¹ v₀ has no value at v₀ = [1.00000, 2.00000; 2"),
        (SINGULAR, "logdet(A)", "2.00000, 4.00000], whose determinant is 0"),
        (SINGULAR, "log(det(A))", "v₁ = log det(v₀) has no value"),
        ("x = { value = [1, -1] }", "sum(log(x))", "v₁ = log(v₀) has no value at v₀[1] = -1.00000"),
        ("X = { value = [[1, 2], [0, 2]] }", "sum(sqrt(X))", "v₁ = √v₀ has no derivative at v₀[1, 0] = 0"),
        ("x = { value = [0, 0] }", "norm(x)", "v₁ = ‖v₀‖ has no derivative at v₀ = [0; 0]"),
        ("A = { value = [[1, 0], [0, -4]] }", "logdet(A)", "[1.00000, 0; 0, -4.00000], whose determinant is -4.00000"),
        (f"A = {{ value = {[[1] * 5] * 5} }}", "sum(inv(A))", "has no value at v₀ = a matrix of 25 elements"),
    ],
)
def test_a_bad_point_is_said_at_its_line(inputs: str, output: str, says: str) -> None:
    with pytest.raises(PointError) as caught:
        traced(inputs, output).check()
    assert caught.value.message.startswith(says) or says in caught.value.message


@pytest.mark.parametrize(
    ("rows", "slope"),
    [
        ([[1, 2], [2, 4]], [["4", "-2"], ["-2", "1"]]),
        ([[1, 2], [2, 5]], [["5", "-2"], ["-2", "1"]]),
        ([[0, 0], [0, 0]], [["0", "0"], ["0", "0"]]),
        ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [["-3", "6", "-3"], ["6", "-12", "6"], ["-3", "6", "-3"]]),
        ([[1, 2, 3], [2, 4, 6], [3, 6, 9]], [["0"] * 3] * 3),
    ],
)  # fmt: skip
def test_a_determinant_has_a_derivative_where_it_is_zero(rows: list[list[int]], slope: list[list[str]]) -> None:
    """Cofactors by hand, and differences by the check."""
    found = traced(f"A = {{ value = {rows} }}", "det(A)")
    assert found.checked["L"].differences
    (adjoints,) = found.record()["lists"][0]["adjoints"]
    values = next(line for line in adjoints["lines"] if line["name"] == "v0")["decimal"]
    assert [[float(cell) for cell in row] for row in values] == [[float(cell) for cell in row] for row in slope]


def test_the_rule_of_a_determinant_is_that_of_the_point() -> None:
    def rule(rows: str) -> str:
        (table,) = traced(f"A = {{ value = {rows} }}", "det(A)").reverse().tables
        return unicode(table.rows[0].cells[0])  # type: ignore[arg-type]

    assert rule("[[1, 2], [2, 5]]") == "v̄₀ = v̄₁·∂v₁/∂v₀ = v̄₁·v₁ v₀⁻ᵀ"
    assert rule("[[1, 2], [2, 4]]") == "v̄₀ = v̄₁·∂v₁/∂v₀ = v̄₁ adj(v₀)ᵀ"
    with pytest.raises(PointError, match="the rule for its second derivative needs an inverse"):
        traced(SINGULAR, "det(A)").hessian()
    assert traced("A = { value = [[1, 2], [2, 5]] }", "det(A)").hessian().tables


@pytest.mark.parametrize(
    ("inputs", "output", "used"),
    [
        ("x = { value = [0, 1] }", "sum(relu(x))", ["the derivative at 0 is taken as 0"]),
        ("x = { value = [2, 1] }", "sum(relu(x))", []),
        ("x = { value = [1, 1] }", "relu(x[0] - x[1])", ["the derivative at 0 is taken as 0"]),
        ("A = { value = [[1, 2], [3, 4]] }", "sum(max(A, 2))", ["at a tie each operand gets half of the derivative"]),
    ],
)
def test_kinks_are_reported_and_checked_beside(inputs: str, output: str, used: list[str]) -> None:
    found = traced(inputs, output)
    assert [kink.used for kink in found.kinks] == used
    assert ("beside the point" in found.checked["L"].words()) == bool(used)


@pytest.mark.parametrize(
    ("inputs", "error", "says"),
    [
        ("A = { value = [[1, 2], [3, 4]], symmetric = true }", ProblemError, "A is not symmetric"),
        ('A = { shape = ["N", "M"], symmetric = true }', ProblemError, "A is not symmetric"),
        ("A = { value = [[0.5, 0.4]], probabilities = true }", ProblemError, "A has to be a column, or rows, of prob"),
        ("A = { value = [[2, -1]], probabilities = true }", ProblemError, "that sum to exactly 1"),
        ("A = { value = 1, probabilities = true }", ProblemError, "A has to be a column, or rows, of probabilities"),
        (
            'A = { shape = ["K", 2], value = [[1, 2]] }\nb = { shape = ["K"], value = [1, 2] }',
            ShapeError,
            "b is K×1, its value 2×1; K is 1 in A",
        ),
        ('A = { shape = ["A"] }', ProblemError, "A names something else already"),
    ],
)
def test_values_are_what_was_declared(inputs: str, error: type[TracegenError], says: str) -> None:
    with pytest.raises(error, match=r"p\.toml") as caught:
        traced(inputs, "sum(A)")
    assert says in caught.value.message


def test_the_check_tells_a_matrix_from_its_transpose() -> None:
    """Along symmetric directions only, W̄ and its transpose would agree."""
    found = traced("W = { value = [[1, 2, 0], [3, 5, 1], [1, 0, 4]] }\nx = { value = [1, 2, 3] }", "norm(W @ x)**2")
    (evaluation,) = found.evaluations
    assert evaluation.point is not None
    with precision(320):
        direction = _Comparison(evaluation, evaluation.point, 320)._direction[0]
    assert (direction != direction.T).any()
