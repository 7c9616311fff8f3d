"""The line of a TOML file in which something is wrong: of problems, of rubrics, of whatever is written how."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracegen.errors import ProblemError, TracegenError
from tracegen.grading.rubric import Rubric
from tracegen.problems.problem import Problem

# ^ stands before the sign that the caret is under
PROBLEMS = {
    "a formula": '[inputs]\nx = 2\n[outputs]\ny = "x + ^zz"',
    "a formula between single quotes, indented": "[inputs]\nx = 2\n[outputs]\n   y = 'sin^(x'  # open",
    "a formula of several lines": '[inputs]\nx = 2\n[outputs]\ny = """\nx +\n  ^zz"""',
    "a formula beside the same text elsewhere": '[inputs]\nx = 2\n[steps]\na = "x"\n[outputs]\ny = "zz"\n'.replace(
        '"zz"', '"^zz"'
    ),
    "a section in a text": '[inputs]\nx = 2\n[outputs]\nu = """x\n+x"""\ny = "^zz"',
    "a title that looks like a section": 'title = """\n[outputs]\ny = 1\n"""\n[inputs]\nx = 2\n[outputs]\ny = "^zz"',
    "a value": '[inputs]\nx = "pi/^q"\n[outputs]\ny = "x"',
    "a value that is a number": '[inputs]\nx = ^nan\n[outputs]\ny = "x"',
    "a value in a table of one line": '[inputs]\nx = { shape = [1, 1], value = "^q" }\n[outputs]\ny = "x"',
    "an entry of a matrix": '[inputs]\nx = [[1, 2],\n  ["3", "^q"]]\n[outputs]\ny = "x"',
    "a key that is none": '[inputs]\nx = { shape = ["N"], ^colour = 1 }\n[outputs]\ny = "x"',
    "a shape": '[inputs.x]\n^shape = "N"\n[outputs]\ny = "x"',
    "a flag": '[inputs]\nx = { shape = ["N"], ^constant = 1 }\n[outputs]\ny = "sum(x)"',
    "a value of another shape": '[inputs]\n^x = { shape = [2, 1], value = [1, 2, 3] }\n[outputs]\ny = "sum(x)"',
    "a name": '[inputs]\n^"x 1" = 2\n[outputs]\ny = "x"',
    "a name between points": 'inputs.x = 2\n^inputs.sin = 2\noutputs.y = "x"',
    "a section": '[inputs]\nx = 2\n^[foo]\n[outputs]\ny = "x"',
    "a section of one line": '^inputs = 3\n[outputs]\ny = "x"',
    "a title": '^title = 3\n[inputs]\nx = 2\n[outputs]\ny = "x"',
    "a meaning of a letter": '[functions]\n^f = "nothing"\n[inputs]\nx = 2\n[outputs]\ny = "x"',
    "an output that uses an output": '[inputs]\nx = 2\n[outputs]\ny = "x"\n^z = "y"',
    "no TOML": '[inputs]\nx ^1 = 2\n[outputs]\ny = "x"',
    "lines of Windows": '[inputs]\r\nx = 2\r\n[outputs]\r\ny = "x + ^zz"\r\n',
}  # fmt: skip

RUBRICS = {
    "a key": 'carry = true\n^colour = 1',
    "a cell": '[marks]\nvalue = 1\n^song = 2',
    "a number": '[marks]\n^value = "many"',
    "marks of a table": '[marks]\nvalue = 1\n[tables."y1/reverse"]\n^value = -1',
    "marks of a row in a line": '[rows]\n"y1/reverse v2" = { ^value = true }',
    "a section": '^tables = 3',
    "a flag": '\n^carry = 2',
    "digits": '^decimals = 1.5',
    "no TOML": '[marks]\nvalue = ^one',
}  # fmt: skip


def check(marked: str, read: object) -> None:
    at = marked.index("^")
    text = marked[:at] + marked[at + 1 :]
    with pytest.raises(TracegenError) as caught:
        read(text, "p.toml")  # type: ignore[operator]
    place = caught.value.place
    assert place is not None
    line = text.count("\n", 0, at) + 1
    assert (place.source, place.line) == ("p.toml", line)
    assert place.text == text.split("\n")[line - 1].rstrip("\r")
    assert place.column == at - (text.rfind("\n", 0, at) + 1) + 1
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("marked", PROBLEMS.values(), ids=PROBLEMS)
def test_problems(marked: str) -> None:
    check(marked, Problem.from_toml)


@pytest.mark.parametrize("marked", RUBRICS.values(), ids=RUBRICS)
def test_rubrics(marked: str) -> None:
    check(marked, Rubric.from_toml)


DEEP = {
    "a key": "inputs.{}a = 1",
    "a header": "[inputs.{}a]\nb = 1",
    "a list of tables": "[[inputs.{}a]]\nb = 1",
    "a key between quotes": '"inputs".{}a = 1',
    "a key in a table of one line": "inputs = {{ {}a = 1 }}",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize("name", ["a.", " a . ", '"a b".', "'a'."])
@pytest.mark.parametrize("reads", [Problem.from_toml, Rubric.from_toml])
def test_a_key_of_many_names_is_refused_before_it_is_read(
    reads: Callable[[str, str], object], text: str, name: str
) -> None:
    with pytest.raises(ProblemError, match="a key has more than 50 names") as raised:
        reads(text.format(name * 20_000), "p.toml")
    assert str(raised.value).startswith("p.toml:1:")


@pytest.mark.parametrize(
    "digits", ["9" * 4301, "0x" + "9" * 5000, "0b" + "1" * 20_000, "0o" + "7" * 9000, "-" + "9_9" * 3000]
)
@pytest.mark.parametrize(
    ("reads", "text"),
    [(Problem.from_toml, 'title = "a"\n[inputs]\nx = {}\n[outputs]\ny = "x"'),
     (Problem.from_toml, 'title = "a"\n[inputs]\nx = {{ shape = [{}] }}\n[outputs]\ny = "sum(x)"'),
     (Rubric.from_toml, "carry = true\n\nmissing = {}"), (Rubric.from_toml, "carry = true\n[marks]\nlabel = {}")],
)  # fmt: skip
def test_a_number_of_many_digits_is_refused_with_its_place(
    reads: Callable[[str, str], object], text: str, digits: str
) -> None:
    with pytest.raises(ProblemError, match="a number has too many digits") as raised:
        reads(text.format(digits), "p.toml")
    assert str(raised.value).startswith("p.toml:3:")


def test_what_is_usual_is_read_in_whatever_place_there_are_points_and_digits() -> None:
    text = '[inputs]\nx = 0.5\n[outputs]\ny = "x"\n# ' + "a." * 40 + "9" * 3000
    assert Problem.from_toml(f'title = "{"1.5, " * 100}"\n{text}').outputs
