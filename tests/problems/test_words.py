"""What a word of a text means is never guessed in silence: names, words before brackets, constants and literals."""

from __future__ import annotations

import random
import string
from itertools import product

import pytest

import tracegen
from tracegen.errors import ParseError, UnknownNameError
from tracegen.mathtext.known_words import function
from tracegen.mathtext.unicode_text import GREEK
from tracegen.notation import text
from tracegen.problems.expression_text import parse

WORDS = sorted(set(GREEK.values()) - {"sigma", "pi"})


def words(count: int) -> list[str]:
    """Words of several letters that are no operation."""
    chosen = random.Random(5)
    found = ["".join(chosen.choices(string.ascii_letters, k=chosen.randrange(2, 7))) for _ in range(count)]
    return [word for word in found if function(word) is None and word not in GREEK.values()]


@pytest.mark.parametrize("word", [*words(60), "floro", "sine", "expo", "loss1"])
def test_a_word_of_several_letters_before_a_bracket_is_an_operation_or_refused(word: str) -> None:
    with pytest.raises(ParseError, match=r"is not an operation|is not read|is not a value"):
        tracegen.trace(f"2*{word}(x + 1)")
    declared = tracegen.trace(f"2*{word}(x + 1)", at={word: 3, "x": 1})
    assert declared.record()["lists"][0]["lines"][-1]["exact"] == "12"


@pytest.mark.parametrize(("word", "near"), [("floro", "floor"), ("sine", "sin"), ("sqr", "sqrt"), ("expo", "exp")])
def test_the_nearest_operation_is_named(word: str, near: str) -> None:
    with pytest.raises(UnknownNameError, match=f"did you mean {near}"):
        tracegen.trace(f"{word}(x)")


@pytest.mark.parametrize("letter", [*"abcdghxyzABG", "x1", "x_max", *WORDS])
def test_a_letter_before_a_bracket_is_a_factor(letter: str) -> None:
    assert parse(f"{letter}(w + 1)").head == "mul"
    assert parse(f"2 {letter}(w + 1)").head == "mul"
    if letter in WORDS:
        assert parse(rf"\{letter}(w + 1)").head == "mul"


@pytest.mark.parametrize("written", ["sigma", r"\sigma", "σ"])
def test_sigma_before_a_bracket_is_the_sigmoid_unless_declared(written: str) -> None:
    assert [line.primitive.name for line in tracegen.trace(f"{written}(x)").lines if line.primitive] == ["sigmoid"]
    declared = tracegen.trace(f"{written}(x)", at={"sigma": 3, "x": 2})
    assert declared.record()["lists"][0]["lines"][-1]["exact"] == "6"


SPELLINGS = [[letter, word, *(["lamda"] if word == "lambda" else [])] for letter, word in GREEK.items() if word != "pi"]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: spellings[-1])
def test_every_spelling_of_a_greek_letter_is_one_name(spellings: list[str]) -> None:
    for given, written in product(spellings, spellings):
        trace = tracegen.trace(f"{written}*2 + {written}_1", at={given: 3, f"{given}_1": 1})
        assert trace.record()["lists"][0]["lines"][-1]["exact"] == "7"
        assert trace.forward(wrt=given).to("csv") == trace.forward(wrt=spellings[1]).to("csv")


UNDERSCORED = ("x_", "x__", "x__1", "lambda_", "x_hat", "x_hat_", "in_", "theta__2_")


@pytest.mark.parametrize(
    ("name", "form"), list(product(UNDERSCORED, ("{}**2", "{}^2", "{}*1", "1/{} + 0*x", "x - -{}", "({})", "2{}")))
)
def test_an_underscore_before_an_operator_ends_a_name(name: str, form: str) -> None:
    written = form.format(name)
    for at in ({name: 3, "x": 2}, None):
        trace = tracegen.trace({"y": written + " + 0*x"}, at=at)
        assert set(trace.inputs) == {name, "x"}


@pytest.mark.parametrize(
    "name", ["e", "E", "i", "pi", "I", "S", "N", "O", "Q", "C", "lambda", "in", "is", "gamma", "beta", "Max", "floor"]
)
def test_the_problems_names_win_everywhere(name: str) -> None:
    trace = tracegen.trace(f"{name}**2 + exp({name})*x", at={name: 2, "x": "pi/4"})
    lines = trace.record()["lists"][0]["lines"]
    assert [line["exact"] for line in lines][:3] == ["2", "pi/4", "4"]
    assert trace.evaluate({name: 3.0, "x": 0.0}) == {"y": 9.0}


@pytest.mark.parametrize("word", ["e", "E"])
def test_where_nothing_is_declared_it_is_said_what_e_was_taken_for(word: str) -> None:
    assert f"{word} is Euler's number here" in tracegen.trace(f"{word}*x").to("txt")
    assert "Euler" not in tracegen.trace(f"{word}*x", at={word: 2, "x": 1}).to("txt")
    assert "Euler" not in tracegen.trace("x*y").to("txt")


@pytest.mark.parametrize(
    "literal",
    ["inf", "nan", "NaN", "Infinity", "infinity", "oo", "0x1F", "0XfF", "0o17", "0b1", "0B101", "1e5j", "2j", "1.5J"],
)
def test_a_literal_that_is_no_number_here_is_refused_by_name(literal: str) -> None:
    with pytest.raises(ParseError) as caught:
        tracegen.trace(f"x + {literal}*x")
    assert caught.value.place is not None
    assert caught.value.place.column == 5
    assert literal in caught.value.message or "is not a value" in caught.value.message


@pytest.mark.parametrize("written", ["2 j", "2*j", "0 x1", "2 x"])
def test_a_product_beside_a_literal_stays_a_product(written: str) -> None:
    assert text(parse(written)) == written.replace(" ", "*")


def test_a_word_of_pythons_is_read_with_its_underscore_too() -> None:
    declared = tracegen.trace("lambda_**2 + in_", at={"lambda": 3, "in": 1})
    assert declared.record()["lists"][0]["lines"][-1]["exact"] == "10"


@pytest.mark.parametrize(("name", "in_latex"), [("omega_alpha", r"\omega_{\alpha}"), ("x_beta", r"x_{\beta}")])
def test_a_greek_index_is_typeset_as_one_and_read_back(name: str, in_latex: str) -> None:
    trace = tracegen.trace({"z": f"{name}*y + sin({name})"}, at={name: 2, "y": 3})
    assert in_latex in trace.to("md")
    for form in ("md", "txt"):
        report = tracegen.grade(trace.problem, trace.to(form))
        assert (report.score, report.open) == (report.max_score, 0)
