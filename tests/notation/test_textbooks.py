"""Published evaluation traces, row for row, under their profiles. Sources are named with each table."""

from __future__ import annotations

import pytest

from tracegen.document.table import Table
from tracegen.notation import unicode
from tracegen.traces import trace


def shown(table: Table, convention: object, value: bool = True) -> list[str]:
    """A table's rows as `rule | value`, in Unicode."""
    from tracegen.document.cells import PlainCells

    cells = PlainCells(convention)  # type: ignore[arg-type]
    return [" | ".join(cells(cell) for cell in (row.cells if value else row.cells[:1])) for row in table.rows]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


# Baydin, Pearlmutter, Radul and Siskind, JMLR 18 (2018), tables 2 and 3
BAYDIN_PRIMAL = """
    v₋₁ = x₁ | 2
    v₀ = x₂ | 5
    v₁ = ln v₋₁ | ln 2
    v₂ = v₋₁×v₀ | 2×5
    v₃ = sin v₀ | sin 5
    v₄ = v₁ + v₂ | 0.693 + 10
    v₅ = v₄ − v₃ | 10.693 + 0.959
    y = v₅ | 11.652
"""
BAYDIN_TANGENT = """
    v̇₋₁ = ẋ₁ = 1 | 1
    v̇₀ = ẋ₂ = 0 | 0
    v̇₁ = v̇₋₁/v₋₁ | 1/2
    v̇₂ = v̇₋₁×v₀ + v̇₀×v₋₁ | 1×5 + 0×2
    v̇₃ = v̇₀×cos v₀ | 0×cos 5
    v̇₄ = v̇₁ + v̇₂ | 0.5 + 5
    v̇₅ = v̇₄ − v̇₃ | 5.5 − 0
    ẏ = v̇₅ | 5.5
"""
BAYDIN_ADJOINT = """
    v̄₅ = ȳ | 1
    v̄₄ = v̄₅×∂v₅/∂v₄ = v̄₅×1 | 1
    v̄₃ = v̄₅×∂v₅/∂v₃ = v̄₅×(−1) | −1
    v̄₁ = v̄₄×∂v₄/∂v₁ = v̄₄×1 | 1
    v̄₂ = v̄₄×∂v₄/∂v₂ = v̄₄×1 | 1
    v̄₀ = v̄₃×∂v₃/∂v₀ = v̄₃×cos v₀ | −0.284
    v̄₋₁ = v̄₂×∂v₂/∂v₋₁ = v̄₂×v₀ | 5
    v̄₀ = v̄₀ + v̄₂×∂v₂/∂v₀ = v̄₀ + v̄₂×v₋₁ | 1.716
    v̄₋₁ = v̄₋₁ + v̄₁×∂v₁/∂v₋₁ = v̄₋₁ + v̄₁/v₋₁ | 5.5
    x̄₂ = v̄₀ | 1.716
    x̄₁ = v̄₋₁ | 5.5
"""


def test_baydin() -> None:
    t = trace("log(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5}, profile="baydin")
    assert shown(t.primal().tables[0], t.convention) == lines(BAYDIN_PRIMAL)
    assert shown(t.forward("x1").tables[0], t.convention) == lines(BAYDIN_TANGENT)
    assert shown(t.reverse().tables[0], t.convention) == lines(BAYDIN_ADJOINT)


# Wikipedia, "Automatic differentiation": x1 x2 + sin x1, without a point
WIKIPEDIA = """
    w₁ = x₁ / w₂ = x₂ / w₃ = w₁·w₂ / w₄ = sin(w₁) / w₅ = w₃ + w₄
    ẇ₃ = w₂·ẇ₁ + w₁·ẇ₂ / ẇ₄ = cos(w₁)·ẇ₁ / ẇ₅ = ẇ₃ + ẇ₄
    w̄₅ = 1 / w̄₄ = w̄₅ / w̄₃ = w̄₅ / w̄₂ = w̄₃·w₁ / w̄₁ = w̄₃·w₂ + w̄₄·cos(w₁)
"""


def test_wikipedia() -> None:
    t = trace("x1*x2 + sin(x1)", profile="wikipedia")
    primal, tangent, adjoint = (line.split(" / ") for line in lines(WIKIPEDIA))
    assert shown(t.primal().tables[0], t.convention) == primal
    assert shown(t.forward("x1").tables[0], t.convention)[2:] == tangent
    assert shown(t.reverse().tables[0], t.convention) == adjoint


# Deisenroth, Faisal and Ong, "Mathematics for Machine Learning" (2020), section 5.6, equations 5.109 to 5.117
DEISENROTH = """
    a = x² / b = exp(a) / c = a + b / d = √c / e = cos(c) / f = d + e
    ∂f/∂e = 1 / ∂f/∂d = 1 / ∂f/∂c = ∂f/∂d·(1/(2·√c)) − ∂f/∂e·sin(c) / ∂f/∂b = ∂f/∂c / ∂f/∂a = ∂f/∂b·exp(a) + ∂f/∂c / ∂f/∂x = ∂f/∂a·2·x
"""  # noqa: E501


def test_deisenroth() -> None:
    t = trace("f = sqrt(x**2 + exp(x**2)) + cos(x**2 + exp(x**2))", profile="deisenroth")
    primal, adjoint = (line.split(" / ") for line in lines(DEISENROTH))
    assert shown(t.primal().tables[0], t.convention) == primal
    assert shown(t.reverse().tables[0], t.convention) == adjoint


# Griewank and Walther, "Evaluating Derivatives" (2008), table 1.2: (sin(x1/x2) + x1/x2 − exp(x2)) (x1/x2 − exp(x2)).
# The book prints 2.0167 in the last two rows; the value is 2.01665, less than half a unit above 2.0166.
GRIEWANK = """
    v₋₁ = x₁ | 1.5000
    v₀ = x₂ | 0.5000
    v₁ = v₋₁/v₀ | 1.5000/0.5000 = 3.0000
    v₂ = sin v₁ | sin 3.0000 = 0.1411
    v₃ = exp v₀ | exp 0.5000 = 1.6487
    v₄ = v₁ − v₃ | 3.0000 − 1.6487 = 1.3513
    v₅ = v₂ + v₄ | 0.1411 + 1.3513 = 1.4924
    v₆ = v₅·v₄ | 1.4924·1.3513 = 2.0166
    y = v₆ | 2.0166
"""


def test_griewank() -> None:
    text = "(sin(x1/x2) + (x1/x2 - exp(x2)))*(x1/x2 - exp(x2))"
    t = trace(text, at={"x1": 1.5, "x2": 0.5}, profile="griewank")
    values = shown(t.primal().tables[0], t.convention)
    assert [row.split(" | ")[-1].split(" = ")[-1] for row in values] == [
        row.split(" | ")[-1].split(" = ")[-1] for row in lines(GRIEWANK)
    ]


@pytest.mark.parametrize("profile", ["homework", "baydin", "griewank", "wikipedia", "bishop", "cs107", "deisenroth"])
def test_every_profile_has_right_values(profile: str) -> None:
    t = trace(
        "exp(x1)*x2 - 1/x1",
        at={"x1": 2, "x2": 3},
        profile=profile,
        values="decimal",
        substituted="no",
        rounding="digits",
        digits=12,
    )
    (row,) = t.jacobian().tables[-1].rows
    assert [float(cell) for cell in row.cells[1:]] == pytest.approx([22.417168296791952, 7.38905609893065])  # type: ignore[arg-type]
    assert unicode(row.cells[0]) == "y"  # type: ignore[arg-type]
