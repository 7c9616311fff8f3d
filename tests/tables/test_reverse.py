"""Adjoint tables: a row a line or a row a contribution, in every order; the sums are the same, and sympy.diff's."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from tracegen import trace
from tracegen.errors import ProblemError
from tracegen.notation import text, unicode

SOURCE = "exp(2*x2) + x1*sin(3*x2**2)"
AT = {"x1": 2, "x2": 1}


def value(cell: Any) -> Any:
    return sympy.sympify(text(cell))


def adjoints(**choices: Any) -> dict[str, Any]:
    """The last value of each line's adjoint."""
    table = trace(SOURCE, at=AT, **choices).reverse().tables[0]
    return {row.key: value(row.cells[1]) for row in table.rows}


@pytest.mark.parametrize("style", ["contributions", "accumulate"])
@pytest.mark.parametrize("terms", ["unary", "listed", "reversed"])
def test_contributions_add_up_to_the_sums(style: str, terms: str) -> None:
    expected = adjoints()
    found = adjoints(adjoint_style=style, adjoint_terms=terms)
    assert set(found) == set(expected)
    assert all(sympy.simplify(found[name] - expected[name]) == 0 for name in expected)


def test_the_inputs_adjoints_are_the_gradient() -> None:
    x1, x2 = sympy.symbols("x1 x2")
    function = sympy.exp(2 * x2) + x1 * sympy.sin(3 * x2**2)
    found = adjoints()
    for name, by in (("v0", x1), ("v1", x2)):
        assert sympy.simplify(found[name] - sympy.diff(function, by).subs({x1: 2, x2: 1})) == 0


def keys(**choices: Any) -> list[str]:
    return [row.key for row in trace("x1*x2 + sin(x1)", at=AT, **choices).reverse().tables[0].rows]


def test_orders() -> None:
    assert keys() == ["v0", "v1", "v2", "v3", "v4"]
    assert keys(adjoint_order="execution") == ["v4", "v3", "v2", "v1", "v0"]
    contributions = ["v4", "v2", "v3", "v0", "v0", "v1"]
    assert keys(adjoint_order="execution", adjoint_style="contributions") == contributions
    assert keys(adjoint_order="bottom-up", adjoint_style="contributions") == contributions[::-1]


@pytest.mark.parametrize(
    ("choices", "row", "rule"),
    [
        ({}, 0, "v̄₀ = v̄₃·∂v₃/∂v₀ + v̄₂·∂v₂/∂v₀ = v̄₃·cos(v₀) + v̄₂·v₁"),
        ({"adjoint_terms": "listed"}, 0, "v̄₀ = v̄₂·∂v₂/∂v₀ + v̄₃·∂v₃/∂v₀ = v̄₂·v₁ + v̄₃·cos(v₀)"),
        ({"partial": "worked"}, 0, "v̄₀ = v̄₃·cos(v₀) + v̄₂·v₁"),
        ({"partial": "unevaluated"}, 0, "v̄₀ = v̄₃·∂v₃/∂v₀ + v̄₂·∂v₂/∂v₀"),
        ({"partial": "worked", "adjoint_factor": "partial"}, 0, "v̄₀ = cos(v₀)·v̄₃ + v₁·v̄₂"),
        ({}, 2, "v̄₂ = v̄₄·∂v₄/∂v₂ = v̄₄"),
        ({"units": "shown"}, 2, "v̄₂ = v̄₄·∂v₄/∂v₂ = v̄₄·1"),
        ({}, 4, "v̄₄ = ∂y/∂v₄"),
        ({"adjoint_start": "output"}, 4, "v̄₄ = ȳ"),
        ({"adjoint_start": "value"}, 4, "v̄₄ = 1"),
        ({"output": "named"}, 4, "v̄₄ = ∂y/∂v₄"),
        ({"adjoint": "partial", "partial": "worked"}, 2, "∂y/∂v₂ = ∂y/∂v₄"),
    ],
)
def test_rules(choices: dict[str, str], row: int, rule: str) -> None:
    t = trace("x1*x2 + sin(x1)", **choices)  # type: ignore[arg-type]
    (evaluation,) = t.evaluations
    assert unicode(t.reverse().tables[0].rows[row].cells[0], evaluation.convention) == rule  # type: ignore[arg-type]


def test_an_output_that_is_used_again_has_both() -> None:
    t = trace({"p": "x1*x2", "q": "sin(x1*x2)"}, at=AT, joint=True)
    rows = t.reverse(cotangent={"p": 1, "q": 1}).tables[0].rows
    assert unicode(rows[2].cells[0]) == "v̄₂ = ∂p/∂v₂ + v̄₃·∂v₃/∂v₂ = ∂p/∂v₂ + v̄₃·cos(v₂)"  # type: ignore[arg-type]
    assert value(rows[2].cells[1]) == 1 + sympy.cos(2)


def test_what_nothing_depends_on_is_zero() -> None:
    rows = trace("3*x", at={"x": 1, "q": 2}).reverse().tables[0].rows
    assert unicode(rows[1].cells[0]) == "v̄₁ = 0"  # type: ignore[arg-type]


def test_an_output_that_is_not_there() -> None:
    with pytest.raises(ProblemError, match="there is no output 'q'"):
        trace(SOURCE).reverse("q")
    with pytest.raises(ProblemError, match="there is no output 'q'"):
        trace(SOURCE).reverse(cotangent={"q": 1})


def test_a_line_with_thousands_of_children() -> None:
    t = trace(" + ".join(f"sin({place}*x)" for place in range(1, 600)), at={"x": 1}, digits=2, values="decimal")
    rows = t.reverse().tables[0].rows
    assert len(rows[0].cells) == 2
    assert t.reverse().to("csv").count("v0_bar") == 1
