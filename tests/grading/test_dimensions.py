"""Which letters sizes get."""

from __future__ import annotations

from tracegen.grading.dimensions import chosen_sizes
from tracegen.problems.problem import Problem


def test_of_letters_that_are_the_same_number_the_first_input_names_it() -> None:
    letters = "HGFEDCBA"
    inputs = "\n".join(f'x{letter} = {{ shape = ["{letter}"], value = [1, 2] }}' for letter in letters)
    problem = Problem.from_toml(f'[inputs]\n{inputs}\n[outputs]\ny = "sum(xA)"')
    assert chosen_sizes(problem, []).called[2] == "H"
