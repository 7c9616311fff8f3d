"""The place of an operation whose shapes do not fit, in the text as it was written."""

from __future__ import annotations

import pytest

from tracegen.errors import ShapeError
from tracegen.problem import Problem
from tracegen.traces import trace

SHAPES = {"x": "N", "y": "N", "h": "K", "W": ("K", "N"), "A": ("N", "N"), "c": ()}


@pytest.mark.parametrize(
    "marked",
    [
        # a caret before the operation
        "W.T ^@ x + h", "x + y ^- h", "norm(x ^- h)**2 / 2", "x + 2*(y - A@(x ^+ h))", "^det(W)", "3 ^det(W)",
        "x.T ^h", "c*x.T ^* h", "x[0] + W[0:2]^[5:9, 0]", "sum(^inv(W @ A))", "log(^det(W))", "^dot(x, h)",
        "x ^@ y", "exp(x) / c ^+ h", "W @ x + ^solve(A, h)", "(x + y).T @ (A ^+ W) @ x", "hstack(x, y) ^@ x",
        r"\sin(x) ^+ h", r"W^\top ^x", r"\frac{x ^+ h}{c}", "-x.T ^@ h", "2.5e0*x ^- h*e", "x ^@ (y + (x))",
        "sigma(x) ^+ sigma(h)", "^solve(W, x)", "x**2 ^+ h**2", "pi*x + x ^+ h*pi",
    ],
)  # fmt: skip
def test_the_caret_is_under_the_operation(marked: str) -> None:
    at = marked.replace(r"W^\top", r"W@\top").index("^")
    text = marked[:at] + marked[at + 1 :]
    with pytest.raises(ShapeError) as caught:
        trace({"L": text}, shapes=SHAPES)
    place = caught.value.place
    assert place is not None
    assert (place.source, place.line, place.column, place.text) == ("L", 1, at + 1, text)


def test_steps_of_a_file_are_named_with_it() -> None:
    inputs = 'x = { shape = ["N"] }\nW = { shape = ["K", "N"] }'
    with pytest.raises(ShapeError) as caught:
        trace(Problem.from_toml(f'[inputs]\n{inputs}\n[steps]\nz = "W.T @ x"\n[outputs]\nL = "sum(z)"', "p.toml"))
    assert str(caught.value) == "p.toml [steps] z:1:5: Wᵀ x: Wᵀ is N×K, x is N×1; K ≠ N"
    assert caught.value.place is not None
    assert caught.value.place.caret() == "W.T @ x\n    ^"


def test_the_second_line_of_a_text_has_a_place_too() -> None:
    with pytest.raises(ShapeError) as caught:
        trace("x + (\ny - h)", shapes=SHAPES)
    assert caught.value.place is not None
    assert (caught.value.place.line, caught.value.place.column, caught.value.place.text) == (2, 3, "y - h)")


def test_what_has_no_text_has_the_name_of_the_output() -> None:
    with pytest.raises(ShapeError) as caught:
        trace(lambda x, h: x - h, shapes={"x": "N", "h": "K"})
    assert str(caught.value) == "y: x − h: x is N×1, h is K×1; N ≠ K"


def test_a_long_text_is_placed_in_time() -> None:
    text = " + ".join(["x"] * 3000) + " + h"
    with pytest.raises(ShapeError) as caught:
        trace(text, shapes=SHAPES)
    assert caught.value.place is not None
    assert caught.value.place.column == len(text) - 2
