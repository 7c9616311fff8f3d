"""What a problem file may say, and the one clear sentence for each way to be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracegen.errors import ParseError, ProblemError, TracegenError, UnknownNameError
from tracegen.formula import Formula, name, names_in, number
from tracegen.notation import text
from tracegen.problems.problem import Problem
from tracegen.problems.problem_file import Input

POINT = "[inputs]\nx1 = 2\nx2 = 1\n"
PRODUCT = '[outputs]\ny = "x1*x2"\n'


def test_order_is_the_writers() -> None:
    problem = Problem.from_toml(
        '[inputs]\nb = 1\na = 2\n[steps]\nz = "a*b"\nw = "z + a"\n[outputs]\nv = "w"\nu = "z"\n'
    )
    assert [entry.name for entry in problem.inputs] == ["b", "a"]
    assert list(problem.steps) == ["z", "w"]
    assert list(problem.outputs) == ["v", "u"]
    assert problem.used(["u"]) == ["z"]
    assert problem.used(["v"]) == ["z", "w"]


@pytest.mark.parametrize(
    ("given", "value"),
    [("2", "2"), ("0.5", "0.5"), ("-3", "-3"), ('"pi/16"', "pi/16"), ('"1/2"', "1/2"), ('"sqrt(2)"', "sqrt(2)"),
     ('"e"', "exp(1)"), ("{ value = 2 }", "2"), ("1e-7", "1e-07")],
)  # fmt: skip
def test_values(given: str, value: str) -> None:
    problem = Problem.from_toml(f'[inputs]\nx = {given}\n[outputs]\ny = "3*x"\n')
    assert text(problem.point["x"]) == value


def test_an_input_without_a_value() -> None:
    problem = Problem.from_toml('[inputs]\nx1 = {}\nx2 = 1\n[outputs]\ny = "x1*x2"\n')
    assert not problem.has_point
    assert problem.input("x1").value is None


def test_parameters_may_have_a_value() -> None:
    problem = Problem.from_toml('[inputs]\nx = 2\n[parameters]\na = {}\nb = "1/3"\n[outputs]\ny = "a*x + b"\n')
    assert {key: value and text(value) for key, value in problem.parameters.items()} == {"a": None, "b": "1/3"}


@pytest.mark.parametrize("letters", ["e pi v0 v1", "I S N", "lambda E O", "x_1 x1y W2"])
def test_any_name_can_be_an_input(letters: str) -> None:
    names = letters.split()
    lines = "\n".join(f"{text} = {place + 1}" for place, text in enumerate(names))
    problem = Problem.from_toml(f'[inputs]\n{lines}\n[outputs]\ny = "{" * ".join(names)}"\n')
    assert [entry.name for entry in problem.inputs] == names


WRONG = {
    "not toml": ("not toml", "is no TOML"),
    "nothing": ("", "no output"),
    "no output": (POINT, "no output"),
    "no input": ('[outputs]\ny = "3"\n', "no input"),
    "input without a section": (PRODUCT, "'x1' is not a name"),
    "an input twice": ("[inputs]\nx1 = 2\nx1 = 3\n" + PRODUCT, "overwrite"),
    "an input and a parameter": (POINT + "[parameters]\nx1 = 3\n" + PRODUCT, "x1 is named twice"),
    "an input and an output": (POINT + '[outputs]\nx1 = "x2"\n', "x1 is named twice"),
    "an input and a step": (POINT + '[steps]\nx1 = "x2"\n' + PRODUCT, "x1 is named twice"),
    "a step of itself": (POINT + '[steps]\nz = "z"\n' + PRODUCT, "z can't use itself"),
    "a step of a later one": (POINT + '[steps]\nz = "w"\nw = "x1"\n' + PRODUCT, "w is a step that comes later; put it"),
    "an output of an output": (POINT + '[outputs]\ny1 = "x1"\ny2 = "2*y1"\n', "y2 uses y1, which is an output"),
    "an unknown name": (POINT + '[outputs]\ny = "x1 + zz"\n', "'zz' is not a name"),
    "an unknown section": (POINT + "[foo]\n" + PRODUCT, "no section 'foo'"),
    "a section that is none": ("inputs = 3\n" + PRODUCT, "has to be a section"),
    "a title that is none": ("title = 3\n" + POINT + PRODUCT, "title"),
    "a formula that is a list": (POINT + '[outputs]\ny = ["x1"]\n', "formula in quotes"),
    "a formula that is empty": (POINT + '[outputs]\ny = ""\n', "no expression"),
    "a value that is nan": ("[inputs]\nx1 = nan\nx2 = 1\n" + PRODUCT, "finite"),
    "a value that is inf": ("[inputs]\nx1 = -inf\nx2 = 1\n" + PRODUCT, "finite"),
    "a value that is true": ("[inputs]\nx1 = true\nx2 = 1\n" + PRODUCT, "has to be a number"),
    "a value that is a date": ("[inputs]\nx1 = 1979-05-27\nx2 = 1\n" + PRODUCT, "has to be a number"),
    "a value with a name": ('[inputs]\nx1 = "x2"\nx2 = 1\n' + PRODUCT, "'x2' is not a name"),
    "an input with an unknown key": ("[inputs]\nx1 = { foo = 1 }\nx2 = 1\n" + PRODUCT, "can't have 'foo'"),
    "a parameter with an unknown key": (POINT + "[parameters]\na = { foo = 1 }\n" + PRODUCT, "can't have 'foo'"),
    "a parameter that is a matrix": (POINT + "[parameters]\na = [1, 2]\n" + PRODUCT, "a has to be a number"),
    "a name that is an operation": ("[inputs]\nsin = 2\n" + PRODUCT, "name of an operation"),
    "rows of several lengths": ("[inputs]\nx1 = [[1, 2], [3]]\nx2 = 1\n" + PRODUCT, "of one length"),
    "too deep": ("x = " + "[" * 5000, "nested too deeply"),
}


@pytest.mark.parametrize(("source", "says"), WRONG.values(), ids=WRONG)
def test_wrong(source: str, says: str) -> None:
    with pytest.raises(TracegenError, match=says) as caught:
        Problem.from_toml(source, "p.toml")
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("p.toml")


@pytest.mark.parametrize("hostile", ["x 1", "<b>", "{{7*7}}", "\\\\input{x}", "_x", "1x", "x-y", "é", ""])
def test_a_name_that_is_none(hostile: str) -> None:
    with pytest.raises(ProblemError, match="is no name"):
        Problem.from_toml(f'[inputs]\n"{hostile}" = 2\n{PRODUCT}')


def test_a_mistake_is_shown_where_it_is() -> None:
    with pytest.raises(UnknownNameError) as caught:
        Problem.from_toml(POINT + '[outputs]\ny = "x1 + zz"\n', "p.toml")
    place = caught.value.place
    assert place is not None
    assert str(place) == "p.toml:5:11"
    assert place.caret() == 'y = "x1 + zz"\n          ^'


def test_toml_is_shown_where_it_is_wrong() -> None:
    with pytest.raises(ProblemError) as caught:
        Problem.from_toml("[inputs]\nx 1 = 2\n", "p.toml")
    assert caught.value.place is not None
    assert (caught.value.place.line, caught.value.place.text) == (2, "x 1 = 2")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path / "nothing.toml", "No such file"),
        (lambda path: path, "Is a directory"),
        (lambda path: written(path, b"\xff\xfe\x00"), "not UTF-8"),
        (lambda path: Path("with\0zero.toml"), "can't be read"),
    ],
)
def test_a_file_that_cant_be_read(make: object, says: str, tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=says):
        Problem.read(make(tmp_path))  # type: ignore[operator]


def written(folder: Path, content: bytes) -> Path:
    path = folder / "problem.toml"
    path.write_bytes(content)
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbf" + (POINT + PRODUCT).encode())  # with the mark that some editors write
    assert list(Problem.read(path).outputs) == ["y"]


X, Y = Formula("mul", (name("x"), number(2))), name("x")


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"inputs": (), "outputs": {"y": X}}, "no input"),
        ({"inputs": (Input("x"),), "outputs": {}}, "no output"),
        ({"inputs": (Input("x"), Input("x")), "outputs": {"y": X}}, "x is named twice"),
        ({"inputs": (Input("<script>"),), "outputs": {"y": X}}, "is no name"),
        ({"inputs": (Input("x"),), "outputs": {"x": X}}, "x is named twice"),
        ({"inputs": (Input("q"),), "outputs": {"y": X}}, "y uses x"),
        ({"inputs": (Input("x"),), "outputs": {"y": X}, "steps": {"a": name("b"), "b": Y}}, "a uses b"),
        ({"inputs": (Input("x"),), "outputs": {"y": X}, "parameters": {"exp": None}}, "name of an operation"),
    ],
)
def test_a_problem_made_in_python_is_checked_too(parts: dict[str, object], says: str) -> None:
    with pytest.raises(ProblemError, match=says):
        Problem(**parts)  # type: ignore[arg-type]


def test_nothing_of_a_problem_is_run() -> None:
    for hostile in ("__import__('os').system('x')", "x1.__class__", "open('x')", "[x1 for x1 in x2]", "lambda: x1"):
        with pytest.raises(ParseError):
            Problem.from_toml(f'{POINT}[outputs]\ny = "{hostile}"\n')


@pytest.mark.parametrize(
    ("before", "named", "after", "read_before", "read_after"),
    [
        ("e*x", "e", "e*x", {"x"}, {"e", "x"}),
        ("pi + x", "pi", "pi + x", {"x"}, {"pi", "x"}),
        ("sigma(x)", "sigma", "sigma*x", {"x"}, {"sigma", "x"}),
        (r"x\\cdot v_{1}", "v1", r"x\\cdot v_{1}", {"x", "v_1"}, {"x", "v1"}),
        (r"\\pi x", "pi", r"\\pi x", {"x"}, {"pi", "x"}),
    ],
)
def test_a_word_means_a_step_only_after_it(
    before: str, named: str, after: str, read_before: set[str], read_after: set[str]
) -> None:
    steps = f'v_1 = "3*x"\na = "{before}"\n{named} = "2*x"\nb = "{after}"\n'
    problem = Problem.from_toml(f'[inputs]\nx = 1\n[steps]\n{steps}[outputs]\ny = "a + b"\n')
    assert set(names_in(problem.steps["a"])) == read_before
    assert set(names_in(problem.steps["b"])) == read_after
