"""Every row of the table of matrices is read back from the tables that show it: parts, stacks, elements among them."""

from __future__ import annotations

import re

import pytest

import tracegen
from tests.grading.test_round_trip import assert_right
from tracegen.grading.grader import grade
from tracegen.notation.profiles import PROFILES
from tracegen.primitives.matrix import MADE, ROWS
from tracegen.problems.problem import Problem

FORMATS = ("md", "tex", "txt", "csv", "json", "html")
INPUTS = """
A = { shape = ["N", "N"] }
X = { shape = ["N", "M"] }
Y = { shape = ["N", "M"] }
Z = { shape = ["K", "M"] }
x = { shape = ["N", 1] }
y = { shape = ["N", 1] }
z = { shape = ["K", 1] }
c = {}
"""
VALUES = """
A = { value = [[2, 1, 0.5], [0.25, 1.5, 1], [1, 0.5, 3]] }
X = { value = [[0.1, 0.2], [0.5, 0.25], [0.15, 0.1]] }
x = { value = [0.5, 0.1, 0.2] }
z = { value = [1, 2, 0.5, 1] }
c = 2
"""
OF_ROWS = {
    "matmul": "A @ X", "matmul_tn": "A.T @ X", "matmul_nt": "X @ Z.T", "dot": "x.T @ y", "row_dot": "row_dot(x.T, y)",
    "inner": "inner(X, Y)", "scale": "c * X", "hadamard": "hadamard(X, Y)", "hadamard_power": "hadamard_power(X, Y)",
    "quadratic": "x.T @ A @ x", "transpose": "X.T", "trace": "trace(A)", "diag": "diag(x)", "diagonal": "diagonal(A)",
    "sum": "sum(X)", "row_sums": "row_sums(X)", "column_sums": "column_sums(X)", "mean": "mean(X)",
    "row_means": "row_means(X)", "column_means": "column_means(X)", "det": "det(A)", "logdet": "logdet(A)",
    "det_by_adjugate": "det_by_adjugate(A)", "adjugate": "adjugate(A)", "inv": "inv(A)",
    "inv_transpose": "inv_transpose(A)", "solve": "solve(A, X)", "solve_transpose": "solve_transpose(A, X)",
    "norm": "norm(X)", "squared_norm": "norm(X)**2", "half_squared_norm": "norm(X)**2/2",
    "squared_distance": "norm(X - Y)**2", "half_squared_distance": "norm(X - Y)**2/2", "softmax": "softmax(x)",
    "softmax_rows": "softmax(X)", "logsumexp": "logsumexp(x)", "logsumexp_rows": "logsumexp_rows(X)",
    "cross_entropy": "cross_entropy(X, Y)", "softmax_cross_entropy": "cross_entropy(x, softmax(y))",
    "softmax_cross_entropy_rows": "softmax_cross_entropy_rows(X, Y)", "vstack": "vstack(X, Z)",
    "probability_cross_entropy": "probability_cross_entropy(x, y)", "hstack": "hstack(X, A)", "slice": "x[1:]",
    "probability_cross_entropy_rows": "probability_cross_entropy_rows(X, Y)", "pad": "pad(X, 1, 0, 0, 2)",
    "entry": "A[0, 1]", "ones": "X.T @ ones(N)", "identity": "A + identity(N)", "zeros": "X + zeros(N, M)",
}  # fmt: skip
PARTS = {
    "some rows": "X[0:2]", "all but the last": "x[:-1]", "the last": "x[-1] * c", "two of a vector": "x[0]*x[1]",
    "a determinant by hand": "A[0, 0]*A[1, 1] - A[0, 1]*A[1, 0]", "two parts": "sum(exp(A[0:1, 0:2])) + sum(A[1:, :])",
    "a vector and a number": "vstack(x, c)", "three": "vstack(vstack(x, y), z)", "two columns": "hstack(x, y)",
    "blocks": "vstack(hstack(A, X), hstack(A, X))", "zeros around": "pad(x, 1, 1, 0, 0)",
    "a part of a stack": "sum(exp(vstack(x, z)[0:2]))", "differences": "norm(x[1:] - x[:-1])**2",
    "a part of a stack of columns": "sum(hstack(x, y)[0:2, 0:1] * c)", "a product of a stack": "A @ hstack(X, x)",
    "a part of a product": "(A @ x)[0:2]", "an element of a product": "(A @ X)[0, 1]",
    "a part of a transpose": "(X.T)[0:1, 0:2]",
}  # fmt: skip


def problem_of(text: str, inputs: str = INPUTS) -> Problem:
    """A number made of one step, whatever its shape."""
    used = [line for line in inputs.strip().split("\n") if re.search(rf"\b{line[0]}\b", text)]
    head = "[inputs]\n" + "\n".join(used) + f'\n[steps]\nu = "{text}"\n[outputs]\nL = '
    try:
        problem = Problem.from_toml(f'title = "One operation"\n{head}"sum(hadamard(u, u))"')
        tracegen.trace(problem)
    except tracegen.errors.ShapeError:
        problem = Problem.from_toml(f'title = "One operation"\n{head}"u*u"')
    return problem


def rendered(problem: Problem, format_: str, profile: str = "homework") -> str:
    options = {"standalone": True} if format_ == "tex" else {}
    return tracegen.trace(problem, profile=profile).to(format_, **options)


def assert_whole(problem: Problem, text: str, format_: str) -> None:
    assert_right(problem, text, f".{format_}", least=10)


def test_no_row_is_left_out() -> None:
    assert set(OF_ROWS) == {row.name for row in (*ROWS, *MADE)}


@pytest.mark.parametrize("at", range(len(FORMATS)))
@pytest.mark.parametrize("name", OF_ROWS)
def test_a_row_in_every_format(name: str, at: int) -> None:
    profiles = list(PROFILES)
    profile = profiles[(at + list(OF_ROWS).index(name)) % len(profiles)]
    problem = problem_of(OF_ROWS[name])
    assert_whole(problem, rendered(problem, FORMATS[at], profile), FORMATS[at])


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", PARTS)
def test_a_part_in_every_format(name: str, format_: str) -> None:
    problem = problem_of(PARTS[name])
    assert_whole(problem, rendered(problem, format_), format_)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", ["some rows", "a vector and a number", "the last", "a product of a stack"])
def test_a_part_in_every_convention(name: str, profile: str) -> None:
    problem = problem_of(PARTS[name])
    assert_whole(problem, rendered(problem, "md", profile), "md")


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("text", ["vstack(x, z)", "x[1:]", "A @ hstack(X, x)", "A[0, 1] * c", "pad(x, 1, 0, 0, 0)"])
def test_a_part_of_numbers(text: str, format_: str) -> None:
    problem = problem_of(text, VALUES)
    assert_whole(problem, rendered(problem, format_), format_)


BOTH = """
[steps]
Z = "hstack(X, x)"
u = "A @ Z"
[outputs]
L = "sum(exp(u[0:2])) + u[0, 1]*x[1]"
"""
SLIPS = [
    # (what stands there, what is put in its place, the row, a tag)
    ("Z = [X, x]", "Z = [x, X]", "Z", "slip.order"),
    ("u = v₀ Z", "u = Z v₀", "u", "slip.side"),
    ("v₁ = u[0:2, 0:M + 1]", "v₁ = u[0:2, 0:M]", "v1", "formula.wrong"),
    ("v₄ = u[0, 1]", "v₄ = u[1, 0]", "v4", "slip.transpose"),
    ("v₅ = x[1, 0]", "v₅ = x[0, 0]", "v5", "slip.number"),
    ("v̇₄ = u̇[0, 1]", "v̇₄ = u̇[1, 1]", "v4", "slip.number"),
    ("Ż = [Ẋ, ẋ]", "Ż = [Ẋ, x]", "Z", "formula.wrong"),
    ("= v₀ᵀ ū", "= v₀ ū", "Z", "slip.transpose"),
    ("= [v̄₁; 0] + ", "= [0; v̄₁] + ", "u", "formula.slip"),
    ("= Z̄[0:N, 0:M]", "= Z̄[0:N, 1:M + 1]", "X", "formula.slip"),
    ("[0; v̄₅; 0]", "[0; 0; v̄₅]", "x", "formula.slip"),
]


@pytest.mark.parametrize("inputs", [INPUTS, VALUES], ids=["letters", "numbers"])
@pytest.mark.parametrize(("right", "wrong", "row", "tag"), SLIPS)
def test_a_slip_is_found_at_its_row(right: str, wrong: str, row: str, tag: str, inputs: str) -> None:
    used = [line for line in inputs.strip().split("\n") if line[0] in "AXx"]
    problem = Problem.from_toml("[inputs]\n" + "\n".join(used) + BOTH)
    if inputs is VALUES:
        right, wrong = (re.sub("M \\+ 1", "3", text).replace("M", "2").replace("N", "3") for text in (right, wrong))
        tag = "formula.slip" if row == "v1" else tag
    statement, blank, tables = tracegen.trace(problem).to("txt").partition("\n\n")
    assert tables.count(right) == 1
    report = grade(problem, f"{statement}{blank}{tables.replace(right, wrong)}", suffix=".txt")
    (fault,) = [cell for cell in report.cells if cell.verdict != "right"]
    assert (fault.row, fault.cell, fault.verdict) == (row, "formula", "wrong")
    assert tag in fault.tags, (fault.tags, fault.because)


def test_a_wrong_element_is_carried() -> None:
    problem = Problem.from_toml('[inputs]\nx = { value = [0.5, 3] }\nc = 2\n[outputs]\nL = "x[1] * c**2"')
    sheet = r"""
v1 = x[1, 0] = 0.5
v2 = c^2 = 4
v3 = v1 v2 = 2

$\bar v_3 = 1$
$\bar v_2 = \bar v_3 v_1 = 0.5$
$\bar v_1 = \bar v_3 v_2 = 4$
$\bar c = 2 c \bar v_2 = 2$
$\bar x = \begin{bmatrix} 0 \\ \bar v_1 \end{bmatrix} = \begin{bmatrix} 0 \\ 4 \end{bmatrix}$
"""
    values = [cell for cell in grade(problem, sheet).cells if cell.cell == "value"]
    assert [(cell.row, cell.verdict) for cell in values] == [
        ("v1", "wrong"), ("v2", "right"), ("v3", "carried"),
        ("v3", "right"), ("v2", "carried"), ("v1", "right"), ("c", "carried"), ("x", "right"),
    ]  # fmt: skip
    assert {cell.root for cell in values if cell.verdict == "carried"} == {"L/primal v1"}


ELEMENTS = [
    # (a formula of the problem, answers that are right, answers that are wrong), as hands and programs write them
    ("A[0, 1] * A[1, 1]", [
        "v_1 = A_{12} && v_2 = A_{22} && L = v_1 v_2", "v_1 = A_{1,2} && v_2 = A_{2,2} && L = v_1 v_2",
        "v_1 = A_{01} && v_2 = A_{11} && L = v_1 v_2", "v_1 = A[0, 1] && v_2 = A[1,1] && L = v_1 v_2",
    ], ["v_1 = A_{21} && v_2 = A_{22} && L = v_1 v_2"]),
    ("x[0] * exp(x[1])", [
        "v_1 = x_1 && v_2 = x_2 && v_3 = e^{v_2} && L = v_1 v_3", "v_1 = x_0 && v_2 = x_1 && L = v_1 e^{v_2}",
        "v_1 = x[0] && v_2 = x[1] && v_3 = e^{v_2} && L = v_1 v_3",
    ], ["v_1 = x_1 && v_2 = x_1 && v_3 = e^{v_2} && L = v_1 v_3"]),
    ("norm(vstack(x, z))**2", [
        r"v = \begin{pmatrix} x \\ z \end{pmatrix} && L = \|v\|^2 && \bar v = 2 v && \bar x = \bar v_{1:N}",
        r"v_1 = np.concatenate((x, z)) && L = np.sum(v_1**2) && \bar z = (2 v_1)[N:]",
        r"v_1 = np.vstack([x, z]) && L = np.linalg.norm(v_1)**2 && \bar x = 2 v_1[:N]",
    ], ["v_1 = [z; x] && L = norm(v_1)**2", r"v_1 = [x; z] && L = \|v_1\|^2 && \bar x = 2 v_1[N:]"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("output", "answer", "right"),
    [(output, answer, answer in right) for output, right, wrong in ELEMENTS for answer in (*right, *wrong)],
)
def test_elements_and_parts_as_people_write_them(output: str, answer: str, right: bool) -> None:
    used = [line for line in INPUTS.strip().split("\n") if re.search(rf"\b{line[0]}\b", output)]
    problem = Problem.from_toml("[inputs]\n" + "\n".join(used) + f'\n[outputs]\nL = "{output}"')
    report = grade(problem, "\n\n".join(f"${row.strip()}$" for row in answer.split("&&")))
    faults = [(cell.row, cell.text, cell.verdict, cell.because) for cell in report.cells if cell.verdict != "right"]
    assert len(faults) == (0 if right else 1), faults
    assert right or faults[0][2] == "wrong"


def test_sizes_that_are_sums_are_judged() -> None:
    problem = problem_of("vstack(x, z)")
    text = rendered(problem, "md")
    assert "(N+K)×1" in text
    report = grade(problem, text.replace("(N+K)×1", "(N+1)×1", 1))
    (fault,) = [cell for cell in report.cells if cell.verdict != "right"]
    assert (fault.cell, fault.because) == ("shape", "u is (N+K)×1, not (N+1)×1")
