"""Networks and models: their numbers, gradients and Hessians against formulas and numbers from elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from tests.networks import Network, differences, network, random_point
from tracegen.errors import PointError, ShapeError
from tracegen.formula import Formula, name
from tracegen.notation import unicode
from tracegen.primitives.algebras import ARRAYS
from tracegen.primitives.rule_formulas import contributions, definition, tangent
from tracegen.rules.closed_adjoints import closed_adjoints
from tracegen.shapes import Shape
from tracegen.wengert.lower import Granularity
from tracegen.wengert.sweep import evaluate, forward, reverse
from tracegen.wengert.wengert_list import ONE

SHAPES: dict[str, Shape] = {
    "x": ("N", 1), "W1": ("K", "N"), "b1": ("K", 1), "r": ("K", 1), "W2": ("M", "K"), "b2": ("M", 1), "s": ("M", 1),
}  # fmt: skip
STEPS = {
    "z": "W1 @ x + b1", "h": "sigma(z)", "R": "r.T @ h", "y": "W2 @ h + b2", "xi": "norm(y - s)**2 / 2", "L": "xi + R",
}  # fmt: skip
POINT = [
    np.array([[1.0], [2.0]]), np.array([[0.5, -0.25], [0.1, 0.3], [-0.4, 0.2]]), np.array([[0.1], [-0.2], [0.05]]),
    np.array([[1.0], [-1.0], [2.0]]), np.array([[0.3, -0.1, 0.2], [-0.5, 0.4, 0.6]]), np.array([[0.1], [0.0]]),
    np.array([[1.0], [0.0]]),
]  # fmt: skip
"""Problem 2 of the homework, and the numbers that its issue gives."""


def homework(**more: str) -> Network:
    return network(SHAPES, STEPS, functions={"sigma": "sigmoid"} | more)


def test_the_numbers_of_the_homework() -> None:
    net = homework()
    assert net.value(POINT) == pytest.approx(1.21730989243, abs=5e-12)
    gradient = dict(zip(SHAPES, net.gradient(POINT), strict=True))
    assert gradient["x"] == pytest.approx(np.array([[-0.142463190117], [0.00442892402865]]), abs=5e-13)
    wanted = [
        [0.160181188808, 0.320362377617], [-0.190864774371, -0.381729548742], [0.50866826771, 1.01733653542],
    ]  # fmt: skip
    assert gradient["W1"] == pytest.approx(np.array(wanted), abs=5e-12)


@pytest.mark.parametrize(
    ("step", "line"),
    [
        ("v7", "W₁ x"), ("z", "v₇ + b₁"), ("h", "σ(z)"), ("R", "rᵀ h"), ("v11", "W₂ h"), ("y", "v₁₁ + b₂"),
        ("xi", "½‖y − s‖²"), ("L", "ξ + R"),
    ],
)  # fmt: skip
def test_the_lines_of_the_homework(step: str, line: str) -> None:
    net = homework()
    labels = net.labels()
    (found,) = [found for found in net.wengert if labels[found.index] == name(step)]
    assert found.primitive is not None
    operands = [labels[operand] for operand in found.operands]
    shapes = [net.wengert.shape(operand) for operand in found.operands]
    assert unicode(definition(found.primitive, operands, shapes)) == line


@pytest.mark.parametrize(
    ("of", "wanted"),
    [
        ("R", ["L̄"]), ("xi", ["L̄"]), ("y", ["ξ̄ (y − s)"]), ("s", ["−ξ̄ (y − s)"]), ("v11", ["ȳ"]),
        ("h", ["R̄ r", "W₂ᵀ v̄₁₁"]), ("z", ["h̄ ∘ σ′(z)"]), ("v7", ["z̄"]), ("x", ["W₁ᵀ v̄₇"]), ("W1", ["v̄₇ xᵀ"]),
        ("b1", ["z̄"]), ("W2", ["v̄₁₁ hᵀ"]), ("b2", ["ȳ"]), ("r", ["R̄ h"]),
    ],
)  # fmt: skip
def test_the_adjoint_rows_of_the_homework(of: str, wanted: list[str]) -> None:
    net = homework()
    labels = net.labels()
    found = []
    for line in net.wengert:
        if line.primitive is None:
            continue
        operands = [labels[operand] for operand in line.operands]
        shapes = [net.wengert.shape(operand) for operand in line.operands]
        adjoint = Formula("adjoint", (labels[line.index],))
        passed = contributions(line.primitive, operands, labels[line.index], adjoint, shapes)
        found += [unicode(part) for operand, part in zip(operands, passed, strict=True) if operand == name(of)]
    assert found == wanted


@pytest.mark.parametrize(
    ("of", "wanted"),
    [
        ("x", "W₁ᵀ (σ′(z) ∘ (r + W₂ᵀ (y − s)))"), ("W2", "(y − s) hᵀ"), ("b2", "y − s"), ("r", "h"), ("s", "−(y − s)"),
    ],
)  # fmt: skip
def test_the_closed_gradient_of_the_homework(of: str, wanted: str) -> None:
    net = homework()
    closed = closed_adjoints(net.wengert, {net.last: ONE}, net.labels())[net.names[of]]
    assert closed is not None
    assert unicode(closed) == wanted


def test_a_letter_without_a_meaning_has_formulas_but_no_numbers() -> None:
    net = network(SHAPES, STEPS)
    assert len(reverse(net.wengert, {net.last: ONE}).wengert) > len(net.wengert)
    with pytest.raises(PointError, match="sigma is known by its letter only"):
        net.value(POINT)


@pytest.mark.parametrize("expand", ["half_squared_distance", "half_squared_distance squared_distance squared_norm"])
def test_a_distance_is_split_on_request(expand: str) -> None:
    net = network(SHAPES, STEPS, granularity=Granularity(expand=frozenset(expand.split())))
    rows = [line.primitive.name for line in net.wengert if line.primitive]
    assert "half_squared_distance" not in rows
    assert len(net.wengert) > len(homework().wengert)


def test_data_has_no_adjoint_lines() -> None:
    net = homework()
    whole = reverse(net.wengert, {net.last: ONE})
    without = reverse(net.wengert, {net.last: ONE}, data=[net.names["s"], net.names["x"]])
    assert len(without.wengert) < len(whole.wengert)
    assert without.wengert.is_zero(without.of[net.names["s"]])
    assert without.of[net.names["z"]] >= 0


MODELS: dict[str, tuple[dict[str, Shape], dict[str, str]]] = {
    "softmax on a batch": (
        {"X": ("B", "N"), "W1": ("N", "K"), "b1": (1, "K"), "W2": ("K", "M"), "b2": (1, "M"), "T": ("B", "M")},
        {"H": "tanh(X @ W1 + b1)", "Z": "H @ W2 + b2", "L": "cross_entropy(T, softmax(Z))"},
    ),
    "logistic regression": (
        {"X": ("B", "N"), "w": ("N", 1), "c": (), "t": ("B", 1)},
        {"u": "X @ w + c", "L": "sum(log(1 + exp(u)) - hadamard(t, u))"},
    ),
    "least squares": ({"X": ("B", "N"), "w": ("N", 1), "t": ("B", 1)}, {"L": "norm(X @ w - t)**2 / 2"}),
    "means and sums": (
        {"X": ("B", "N"), "c": ()},
        {"m": "column_means(X)", "C": "X - m", "L": "mean(C @ C.T) + c*sum(exp(X)) + sum(row_sums(X))**2"},
    ),
    "stacks and parts": (
        {"a": ("N", 1), "b": ("M", 1), "A": (3, 4)},
        {"v": "sin(vstack(a, b))", "L": "v.T @ v + norm(A[0:2, 1:])**2 + A[0, 1]*A[-1, -1] + sum(a)"},
    ),
    "trace and identity": (
        {"A": ("N", "N"), "B": ("N", "N"), "x": ("N", 1)},
        {"L": "trace(A @ B.T) + x.T @ A @ x + sum(diag(A)) + sum(diag(x) @ B)"},
    ),
    "norm": ({"A": ("N", "M"), "x": ("M", 1)}, {"L": "norm(A) * norm(A @ x) / (1 + norm(x)**2)"}),
    "softmax of a vector": ({"z": ("N", 1), "t": ("N", 1)}, {"L": "t.T @ softmax(z) + logsumexp(2*z)"}),
}  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_gradients_agree_with_differences(model: str) -> None:
    shapes, steps = MODELS[model]
    net = network(shapes, steps)
    point = random_point(net, {"B": 5, "N": 3, "K": 4, "M": 2})
    if model == "softmax on a batch":
        point[-1] = np.abs(point[-1])
    for found, wanted, given in zip(net.gradient(point), differences(net, point), point, strict=True):
        assert np.shape(found) == np.shape(given)
        assert found == pytest.approx(wanted, rel=1e-6, abs=1e-6)


def test_the_gradient_of_softmax_and_cross_entropy_is_their_difference() -> None:
    shapes, steps = MODELS["softmax on a batch"]
    net = network(shapes, steps)
    point = random_point(net, {"B": 5, "N": 3, "K": 4, "M": 2})
    labels = np.eye(2)[[0, 1, 1, 0, 1]]
    point[-1] = labels
    hidden = np.tanh(point[0] @ point[1] + point[2])
    powers = np.exp(hidden @ point[3] + point[4])
    predicted = powers / powers.sum(axis=1, keepdims=True)
    gradient = net.gradient(point)
    assert gradient[3] == pytest.approx(hidden.T @ (predicted - labels))
    assert gradient[4] == pytest.approx((predicted - labels).sum(axis=0, keepdims=True))


def test_the_hessian_of_least_squares_is_the_gram_matrix() -> None:
    shapes, steps = MODELS["least squares"]
    net = network(shapes, steps)
    point = random_point(net, {"B": 5, "N": 3})
    X = point[0]
    for unit in np.eye(3):
        direction = [np.zeros_like(X), unit[:, None], np.zeros((5, 1))]
        assert net.product(point, direction)[1] == pytest.approx((X.T @ X @ unit)[:, None])


@pytest.mark.parametrize("how", ["quadratic form", "solve"])
def test_the_gradient_of_a_gaussian_log_likelihood(how: str) -> None:
    """Source: Petersen and Pedersen, "The Matrix Cookbook" (2012), equations 57, 61 and 86."""
    form = {"quadratic form": "d.T @ inv(S) @ d", "solve": "d.T @ solve(S, d)"}[how]
    shapes: dict[str, Shape] = {"x": ("N", 1), "mu": ("N", 1), "S": ("N", "N")}
    net = network(shapes, {"d": "x - mu", "L": f"-logdet(S)/2 - {form}/2"}, symmetric=["S"])
    chosen = np.random.default_rng(3)
    A = chosen.normal(size=(4, 4))
    S, x, mu = A @ A.T + np.eye(4), chosen.normal(size=(4, 1)), chosen.normal(size=(4, 1))
    inverse = np.linalg.inv(S)
    solved = inverse @ (x - mu)
    gradient = net.gradient([x, mu, S])
    assert gradient[1] == pytest.approx(solved)
    assert gradient[2] == pytest.approx((solved @ solved.T - inverse) / 2)


def test_symmetric_matrices_need_no_transpose() -> None:
    shapes: dict[str, Shape] = {"x": ("N", 1), "A": ("N", "N")}
    steps = {"L": "x.T @ A @ x"}
    closed = {}
    for symmetric in ([], ["A"]):
        net = network(shapes, steps, symmetric=symmetric)
        formula = closed_adjoints(net.wengert, {net.last: ONE}, net.labels())[0]
        assert formula is not None
        closed[bool(symmetric)] = unicode(formula)
    assert closed == {False: "(A + Aᵀ) x", True: "2 A x"}
    swept = reverse(net.wengert, {net.last: ONE}).wengert
    assert "transpose" not in [line.primitive.name for line in swept if line.primitive]


GILES = [
    # the operation, and the adjoints that Giles (2008), sections 2.2 and 2.3, prints for an adjoint C
    ("A + B", ["C", "C"]),
    ("A - B", ["C", "-C"]),
    ("A @ B", ["C @ B.T", "A.T @ C"]),
    ("inv(A)", ["-(inv(A).T @ C @ inv(A).T)"]),
    ("inv(A) @ B", ["-(inv(A).T @ C @ (inv(A) @ B).T)", "inv(A).T @ C"]),
    ("A.T", ["C.T"]),
    ("A.T @ B", ["B @ C.T", "A @ C"]),
    ("A @ B.T", ["C @ B", "C.T @ A"]),
    ("A.T @ B @ A", ["B @ A @ C.T + B.T @ A @ C", "A @ C @ A.T"]),
]


@pytest.mark.parametrize(("operation", "adjoints"), GILES, ids=[operation for operation, _ in GILES])
def test_the_identities_of_giles(operation: str, adjoints: list[str]) -> None:
    shapes: dict[str, Shape] = {"A": ("N", "N"), "B": ("N", "N"), "C": ("N", "N")}
    net = network(shapes, {"Y": operation, "L": "sum(hadamard(C, Y))"})
    point = [value + 3 * np.eye(3) for value in random_point(net, {"N": 3})]
    gradient = net.gradient(point)
    for at, adjoint in enumerate(adjoints):
        wanted = network(shapes, {"X": adjoint}).value(point)
        assert gradient[at] == pytest.approx(wanted)


GILES_NUMBERS = [
    # of a number, with the adjoint 1: sections 2.2.4, 2.3.1 and 2.3.2
    ("det(A)", "det(A) * inv(A).T"),
    ("log(det(A))", "inv(A).T"),
    ("trace(A)", "inv(A) @ A"),
    ("trace(inv(A))", "-(inv(A) @ inv(A)).T"),
    ("trace(A.T @ A)", "2*A"),
    ("norm(A)**2", "2*A"),
    ("norm(A)", "A / norm(A)"),
]


@pytest.mark.parametrize(("operation", "adjoint"), GILES_NUMBERS, ids=[operation for operation, _ in GILES_NUMBERS])
def test_the_identities_of_giles_for_numbers(operation: str, adjoint: str) -> None:
    shapes: dict[str, Shape] = {"A": ("N", "N")}
    net = network(shapes, {"L": operation})
    point = [value + 4 * np.eye(3) for value in random_point(net, {"N": 3})]
    assert net.gradient(point)[0] == pytest.approx(network(shapes, {"X": adjoint}).value(point))


ROWS_OF_GILES = [
    ("W @ x", ["ȳ xᵀ", "Wᵀ ȳ"], "Ẇ x + W ẋ"),
    ("inv(A)", ["−yᵀ ȳ yᵀ"], "−y Ȧ y"),
    ("det(A)", ["ȳ·y A⁻ᵀ"], "y·tr(A⁻¹ Ȧ)"),
    ("solve(A, x)", ["−A⁻ᵀ ȳ yᵀ", "A⁻ᵀ ȳ"], "A⁻¹ (ẋ − Ȧ y)"),
    ("trace(A)", ["ȳ I[N]"], "tr(Ȧ)"),
    ("norm(x)", ["(ȳ/y) x"], "xᵀ ẋ/y"),
]


@pytest.mark.parametrize(("operation", "adjoints", "moved"), ROWS_OF_GILES, ids=[row[0] for row in ROWS_OF_GILES])
def test_rules_are_printed_as_by_giles(operation: str, adjoints: list[str], moved: str) -> None:
    shapes: dict[str, Shape] = {"W": ("N", "N"), "A": ("N", "N"), "x": ("N", 1)}
    net = network(shapes, {"y": operation})
    line = net.wengert.line(net.last)
    assert line.primitive is not None
    operands = [net.labels()[operand] for operand in line.operands]
    kinds = [net.wengert.shape(operand) for operand in line.operands]
    found = contributions(line.primitive, operands, name("y"), Formula("adjoint", (name("y"),)), kinds)
    assert [unicode(part) for part in found] == adjoints
    tangents = [Formula("tangent", (operand, None)) for operand in operands]
    assert unicode(tangent(line.primitive, operands, name("y"), tangents, kinds)) == moved


WRONG = [
    ("W1.T @ x", "W₁ᵀ x: W₁ᵀ is N×K, x is N×1; K ≠ N"),
    ("W1*x", "W₁ ∘ x: W₁ is K×N, x is N×1; K ≠ N; W1 @ x is the product of matrices"),
    ("W1 b1", "W₁ b₁: W₁ is K×N, b₁ is K×1; N ≠ K"),
    ("x + b1", "x + b₁: x is N×1, b₁ is K×1; N ≠ K"),
    ("x.T @ W1.T @ W2", "xᵀ W₁ᵀ W₂: xᵀ W₁ᵀ is 1×K, W₂ is M×K; K ≠ M"),
    ("inv(W1)", "W₁⁻¹: W₁ is K×N; K ≠ N"),
    ("trace(x)", "tr(x): x is N×1; N ≠ 1"),
    ("norm(y - W1)", "y − W₁: y is M×1, W₁ is K×N; M ≠ K"),
    ("W1 @ (x + 1) + hadamard(b1, s)", "b₁ ∘ s: b₁ is K×1, s is M×1; K ≠ M"),
    ("vstack(x, W1)", "[x; W₁]: x is N×1, W₁ is K×N; 1 ≠ N"),
    ("b1.T + x", "a column and a row do not add up"),
    ("W1 @ x + b2.T", "W₁ x + b₂ᵀ: W₁ x is K×1, b₂ᵀ is 1×M; a column and a row"),
    ("(b1 @ b1.T)^0.5", "the power of a matrix is a whole number up to 20; A**n is one of each element"),
    ("W1^2", "W₁²: W₁ is K×N; N ≠ K"),
]


@pytest.mark.parametrize(("text", "says"), WRONG, ids=[text for text, _ in WRONG])
def test_shapes_that_do_not_fit_are_named(text: str, says: str) -> None:
    with pytest.raises(ShapeError) as caught:
        network({**SHAPES, "y": ("M", 1)}, {"v": text})
    assert says in caught.value.message


def test_numbers_out_of_range_are_no_error() -> None:
    net = network({"z": ("N", 1)}, {"h": "sigmoid(z)", "L": "sum(h) + sum(log(z))"})
    swept = reverse(net.wengert, {net.last: ONE})
    values = evaluate(swept.wengert, ARRAYS, [np.array([[-2000.0], [0.0]])])
    assert values[net.names["h"]] == pytest.approx(np.array([[0.0], [0.5]]))
    assert np.isnan(values[net.last])


def test_values_have_to_have_the_shapes_of_their_inputs() -> None:
    with pytest.raises(ShapeError, match=r"W1 is K×N, its value 3×3"):
        homework().value([*POINT[:1], np.eye(3), *POINT[2:]])


def test_two_hundred_layers_are_swept_and_closed() -> None:
    layers = range(1, 201)
    shapes: dict[str, Shape] = {"x": ("K0", 1)}
    for layer in layers:
        shapes |= {f"W{layer}": (f"K{layer}", f"K{layer - 1}"), f"b{layer}": (f"K{layer}", 1)}
    steps = {f"h{layer}": f"sigma(W{layer} @ {f'h{layer - 1}' if layer > 1 else 'x'} + b{layer})" for layer in layers}
    net = network(shapes, {**steps, "L": "norm(h200)**2 / 2"}, functions={"sigma": "tanh"})
    swept = reverse(net.wengert, {net.last: ONE})
    forward(net.wengert, [name(f"d{text}") for text in shapes])
    closed_adjoints(net.wengert, {net.last: ONE}, net.labels())
    assert swept.of[0] > len(net.wengert)


def test_a_star_goes_by_element_and_a_product_without_a_sign_is_one_of_matrices() -> None:
    shapes: dict[str, Shape] = {"W": ("K", "N"), "x": ("N", 1), "y": ("N", 1), "c": (), "A": ("N", "N")}
    rows = {
        "W x": "matmul", "x*y": "hadamard", "c*x": "scale", "x*c": "scale", "c*c": "mul", "x.T y": "dot",
        "x y.T": "matmul_nt", "2*W": "scale", "W.T W": "matmul_tn", "c x": "scale", "W·x": "matmul", "A*A": "hadamard",
        "A**3": "hadamard_power", "A.*A": "hadamard", "A./A": "div", "A.^2": "hadamard_power", "A^2": "matmul",
        "A^-1": "inv", "x' y": "dot", "c^2": "pow", "c**2": "pow", r"\mathbf{A}^2": "matmul", r"2 x^T y": "mul",
        r"A \circ A": "hadamard", "W*x.T": "hadamard",
    }  # fmt: skip
    for text, row in rows.items():
        net = network(shapes, {"v": text})
        primitive = net.wengert.line(net.last).primitive
        assert primitive is not None
        assert primitive.name == row, text
