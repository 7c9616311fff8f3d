"""The place of an operation whose shapes do not fit, in the text as it was written."""

from __future__ import annotations

import pytest

from tracegen.errors import ShapeError
from tracegen.problems.problem import Problem
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
    assert str(caught.value) == "p.toml:5:10: Wᵀ x: Wᵀ is N×K, x is N×1; K ≠ N"
    assert caught.value.place is not None
    assert caught.value.place.caret() == 'z = "W.T @ x"\n         ^'


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


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("v[5]", "v[5]: v is 3×1; place 5, counted from 0, is not within 3"),
        ("v[-4]", "v[-4]: v is 3×1; place -4, counted from the end, is not within 3"),
        ("v[1:7]", "v[1:7]: v is 3×1; 1 to 7 is not within 3"),
        ("B[0:3, 1:]", "B[0:3, 1:]: B is 2×3; 0 to 3 is not within 2"),
        ("B[1][5]", "B[1][5]: B[1] is 1×3; place 5, counted from 0, is not within 3"),
        ("B[0, 1, 2]", "a part of a matrix is said by its rows and columns, not by 3 places"),
        ("c[0]", "c[0]: c is a number; a matrix is needed, not a number"),
        ("norm(v - 3*B)", "v − 3·B: v is 3×1, 3·B is 2×3; 3 ≠ 2; write v.T, which goes"),
        ("A^0.5", "A^0.5: A is N×N; the power of a matrix is a whole number up to 20; A**n is one of each element"),
    ],
)  # fmt: skip
def test_parts_and_numbers_are_called_as_they_are_written(text: str, says: str) -> None:
    with pytest.raises(ShapeError) as caught:
        trace({"L": text}, shapes={**SHAPES, "v": 3, "B": (2, 3)})
    assert caught.value.message.startswith(says)
    assert caught.value.place is not None
    assert caught.value.place.column > 0


def test_a_number_to_the_power_of_a_vector_is_traced() -> None:
    assert trace("sum(c**x)", shapes=SHAPES).checked["f"].differences
