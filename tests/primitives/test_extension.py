"""A new operation is one row and works everywhere; a new format is one template in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import tracegen
from tests.planting import planted
from tracegen import scalar, trace
from tracegen.cli.catalogue import catalogue
from tracegen.document.render import formats, render
from tracegen.errors import FormatError, PrimitiveError
from tracegen.notation import latex, unicode
from tracegen.primitives import Kink, Primitive, register

SWISH = scalar(
    "swish",
    value=lambda f, a: a / (1 + f.exp(-a)),
    partials=lambda f, y, a: (f.sigmoid(a) * (1 + a - y),),
    latex=r"\operatorname{{swish}}({0})",
    text="({0})/(1 + exp(-({0})))",
    unicode="swish({0})",
    aliases=("silu",),
)
"""A smooth function that the table has not: x sigmoid(x)."""


@pytest.fixture
def swish() -> Iterator[Primitive]:
    with planted(SWISH):
        yield SWISH


@pytest.mark.parametrize(
    "source",
    ["x1*swish(x2)", "x1*silu(x2)", "x1 swish(x2)", r"x_1 \operatorname{swish}(x_2)", r"x_1\mathrm{swish}(x_2)"],
)
def test_a_new_row_is_read(swish: Primitive, source: str) -> None:
    assert [line.primitive.name for line in trace(source).lines if line.primitive] == ["swish", "mul"]


def test_a_new_row_is_traced(swish: Primitive) -> None:
    t = trace(lambda x1, x2: x1 * tracegen.swish(x2), at=[2, 1])
    assert [line.primitive.name for line in t.lines if line.primitive] == ["swish", "mul"]
    assert tracegen.swish(0.0) == 0.0


def test_a_new_row_is_swept_printed_and_right(swish: Primitive) -> None:
    t = trace("x1*swish(x2)", at={"x1": 2, "x2": 1}, digits=20)
    x1, x2 = sympy.symbols("x1 x2")
    function = x1 * x2 / (1 + sympy.exp(-x2))
    at = {x1: 2, x2: 1}
    record = t.record()
    (exact,), (decimals,) = record["jacobian"]["exact"], record["jacobian"]["decimal"]
    for found, decimal, by in zip(exact, decimals, (x1, x2), strict=True):
        value = sympy.diff(function, by).subs(at)
        assert sympy.simplify(sympy.sympify(found) - value) == 0
        assert str(value.evalf(20)) == decimal
    hessian = t.hessian().tables[-1].rows[1].cells[2]
    assert float(hessian) == pytest.approx(float(sympy.diff(function, x2, 2).subs(at)))  # type: ignore[arg-type]
    primal, adjoint = t.primal().tables[0].rows[2].cells[0], t.reverse().tables[0].rows[1].cells[0]
    assert latex(primal) == r"v_2 = \operatorname{swish}(v_1)"  # type: ignore[arg-type]
    assert unicode(adjoint).startswith("v̄₁ = v̄₂·∂v₂/∂v₁ = ")  # type: ignore[arg-type]
    for format in formats():
        assert "swish" in t.to(format) or format == "csv"  # there, a formula is what SymPy reads


def test_a_new_row_is_in_the_table_of_operations(swish: Primitive) -> None:
    text = render(catalogue(), "md")
    assert "| swish |" in text.replace("  ", " ")
    assert "silu" in text


def test_a_new_row_has_its_kinks() -> None:
    row = scalar(
        "ramp", value=lambda f, a: f.max(a, 0), partials=lambda f, y, a: (f.step(a),),
        kinks=(Kink(lambda a: a == 0, "at 0 the ramp counts as flat"),),
    )  # fmt: skip
    with planted(row):
        assert [kink.used for kink in trace("ramp(x)", at={"x": 0}).kinks] == ["at 0 the ramp counts as flat"]


def test_a_row_of_several_operands() -> None:
    row = scalar(
        "lerp", value=lambda f, a, b, t: a + t * (b - a), partials=lambda f, y, a, b, t: (1 - t, t, b - a)
    )  # fmt: skip
    with planted(row):
        record = trace("lerp(p, q, r)", at={"p": 1, "q": 3, "r": "1/2"}).record()
        assert record["jacobian"]["exact"] == [["1/2", "1/2", "2"]]


def test_a_row_may_be_replaced_by_a_better_one() -> None:
    for power in (2, 3):
        row = scalar(
            "grow", value=lambda f, a, power=power: a**power, arity=1,
            partials=lambda f, y, a, power=power: (power * a ** (power - 1),),
        )  # fmt: skip
        with planted(row):
            assert trace("grow(x)", at={"x": 3}).record()["jacobian"]["exact"] == [[str(power * 3 ** (power - 1))]]


@pytest.mark.parametrize("name", ["", "two words", "x-y", "{0}", "<b>"])
def test_a_row_needs_a_name(name: str) -> None:
    with pytest.raises(PrimitiveError, match="can't name an operation"):
        scalar(name, value=lambda f, a: a, partials=lambda f, y, a: (1,))


def test_a_row_cant_take_anothers_name() -> None:
    row = scalar("mine", value=lambda f, a: a, partials=lambda f, y, a: (1,), aliases=("ln",))
    with pytest.raises(PrimitiveError, match="'ln' already names the operation log"):
        register(row)


def test_a_new_format_is_one_template(tmp_path: Path) -> None:
    (tmp_path / "trace.org.j2").write_text(
        "{% for table in document.tables %}* {{ table.title|line }}\n{% for row in table.rows %}"
        "| {{ row.cells|cells|join(' | ') }} |\n{% endfor %}{% endfor %}"
    )
    t = trace("x1*x2", at={"x1": 2, "x2": 3})
    assert "org" in formats(tmp_path)
    shown = t.primal().to("org", templates=tmp_path)
    assert shown.splitlines()[:2] == ["* Evaluation trace of y", "| v₀ = x₁ | 2 | 2.00000 |"]


def test_ones_own_template_comes_first(tmp_path: Path) -> None:
    (tmp_path / "trace.md.j2").write_text("mine: {{ document.tables|length }}")
    assert trace("x1*x2").primal().to("md", templates=tmp_path) == "mine: 1"
    assert trace("x1*x2").primal().to("txt", templates=tmp_path).startswith("Evaluation trace")


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{% for %}", r"trace\.md\.j2, line 1"),
        ("{{ nothing.there }}", "'nothing' is undefined"),
        ("{{ document.__class__.__mro__ }}", "can't be filled"),
        ("{{ 1 / 0 }}", "can't be filled"),
        ("{% include 'elsewhere' %}", "can't be filled"),
    ],
)
def test_a_broken_template_says_where(template: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "trace.md.j2").write_text(template)
    with pytest.raises(FormatError, match=says):
        trace("x1*x2").primal().to("md", templates=tmp_path)


def test_a_row_goes_with_arrays(swish: Primitive) -> None:
    from tracegen.primitives.algebras import ARRAYS

    found: Any = ARRAYS.swish(np.array([0.0, 1.0]))
    assert found == pytest.approx([0.0, 1 / (1 + np.exp(-1.0))])
