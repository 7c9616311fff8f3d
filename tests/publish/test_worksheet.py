"""Exercise sheets: variants have the problem's graph, blanks hide what they should, and the grader takes every key."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tracegen import Problem, trace
from tracegen.errors import FormatError, ProblemError
from tracegen.examples import path_of
from tracegen.formula import Formula, names_in
from tracegen.notation import text
from tracegen.notation.profiles import PROFILES
from tracegen.publish.worksheet import Worksheet, worksheets
from tracegen.publish.worksheet.problem_toml import to_toml
from tracegen.traces import Trace

WORDS = ("sin", "cos", "exp(", "e^")


@pytest.fixture(scope="module")
def homework() -> Trace:
    return trace(path_of("homework1"))


@pytest.fixture(scope="module")
def thirty(homework: Trace) -> list[Worksheet]:
    return list(worksheets(homework, 30, seed=7))


def wires(traced: Trace) -> list[list[list[int]]]:
    return [
        [[operand for operand in line.operands if operand >= 0] for line in evaluation.wengert]
        for evaluation in traced.evaluations
    ]


def test_thirty_variants_have_the_graph_of_the_problem_and_differ(homework: Trace, thirty: list[Worksheet]) -> None:
    assert len({found.problem.partition("[inputs]")[2] for found in thirty}) == 30
    for found in thirty:
        assert wires(trace(Problem.from_toml(found.problem))) == wires(homework)


def test_the_grader_gives_every_key_everything(thirty: list[Worksheet]) -> None:
    import tracegen.grading

    for found in thirty:
        report = tracegen.grade(Problem.from_toml(found.problem), found.key)
        assert [cell for cell in report.cells if cell.verdict != "right"] == []
        assert report.max_score > 100
        assert report.score == report.max_score, found.number


def test_a_key_of_another_variant_is_not_right(thirty: list[Worksheet]) -> None:
    import tracegen.grading

    report = tracegen.grade(Problem.from_toml(thirty[0].problem), thirty[1].key)
    assert report.score < report.max_score


def test_nothing_is_left_on_a_sheet_that_is_to_be_filled_in(thirty: list[Worksheet]) -> None:
    for found in thirty:
        tables = found.sheet.partition("## ")[2]
        assert not any(word in tables for word in WORDS)
        assert "Checked" not in found.sheet
        assert r"$v_8 = \dots$" in tables
        assert r"$v_0 = x_1$" in tables


def test_the_same_seed_makes_the_same_sheets(homework: Trace, thirty: list[Worksheet]) -> None:
    assert list(worksheets(homework, 2, seed=7)) == thirty[:2]
    assert list(worksheets(homework, 2, seed=8)) != thirty[:2]


def test_a_share_of_the_cells_is_blank(homework: Trace) -> None:
    (found,) = worksheets(homework, 1, share=0.5)
    left = found.sheet.count(r"\dots")
    rules = found.key.count("\n| $")
    assert 0.25 * rules < left < 0.75 * rules


def test_whole_columns_are_blank(homework: Trace) -> None:
    (found,) = worksheets(homework, 1, blank=["decimal"])
    assert r"\dots" not in found.sheet
    assert "sin" in found.sheet.partition("## ")[2]
    assert ".00000" not in found.sheet.partition("$v_2")[2].partition("## ")[0]


@pytest.mark.parametrize(
    "example", ["homework1", "homework2", "homework2_numbers", "baydin", "deisenroth", "wikipedia"]
)
def test_a_problem_is_written_as_it_is_read(example: str) -> None:
    problem = Problem.read(path_of(example))
    again = Problem.from_toml(to_toml(problem))
    assert dict(again.outputs) == dict(problem.outputs)
    assert again.inputs == problem.inputs
    assert all(names_in(formula) for formula in again.outputs.values())


def test_hostile_titles_are_written_as_words() -> None:
    title = 'a "quoted" \\ title\n[inputs]\nz = 1\x7f'
    problem = Problem.from_toml('[inputs]\nx = 2\n[outputs]\nf = "x**2"')
    assert Problem.from_toml(to_toml(dataclasses.replace(problem, title=title))).title == title


@pytest.mark.parametrize(
    ("choices", "error", "message"),
    [
        ({"format": "docx"}, FormatError, "there is no format 'docx' of a worksheet; there are md, tex, pdf"),
        ({"blank": ["adjoint"]}, FormatError, "'adjoint' can't be left blank"),
        ({"share": 0}, FormatError, "the share of blank cells"),
        ({"tables": ["primals"]}, FormatError, "there is no table 'primals'"),
    ],
)
def test_a_wrong_choice_is_said(
    homework: Trace, choices: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        list(worksheets(homework, 1, **choices))  # type: ignore[arg-type]


def test_a_problem_with_nothing_to_vary_is_said() -> None:
    with pytest.raises(ProblemError, match="no variant of it could be made, not 2: it has too few numbers to vary"):
        list(worksheets(trace(path_of("homework2")), 2))


def test_the_command_writes_problems_sheets_and_keys(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "tracegen.cli.dispatch",
        "worksheet",
        str(path_of("baydin")),
        "--variants",
        "2",
        "--output",
        "out",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = sorted(str(path.relative_to(tmp_path / "out")) for path in tmp_path.rglob("*.*"))
    assert found == [
        "keys/01.md", "keys/02.md", "problems/01.toml", "problems/02.toml", "sheets/01.md", "sheets/02.md",
    ]  # fmt: skip


def test_one_sheet_of_a_problem_without_numbers_asks_the_problem_itself() -> None:
    traced = trace(path_of("deisenroth"))
    (made,) = worksheets(traced, 1)
    assert Problem.from_toml(made.problem).outputs == traced.problem.outputs
    with pytest.raises(ProblemError, match="vary all to have more"):
        list(worksheets(traced, 2))


EXAMPLES = ("homework1", "homework2_numbers", "baydin", "deisenroth", "wikipedia")


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("format", ["md", "tex"])
def test_a_worksheet_earns_what_was_filled_in(example: str, profile: str, format: str) -> None:
    """All of it as a key, as a sheet that was filled in (which has another head than the key), and nothing unfilled."""
    from tracegen.grading.grader import grade

    (made,) = worksheets(trace(path_of(example), profile=profile), 1, seed=7, format=format, vary="all")
    problem = Problem.from_toml(made.problem)
    begins = "<!-- the answers -->" if format == "md" else "% the answers"
    filled = made.sheet.partition(begins)[0] + begins + made.key.partition(begins)[2]
    for sheet in (made.key, filled):
        report = grade(problem, sheet, suffix=f".{format}")
        assert [(cell.line, cell.text, cell.because) for cell in report.cells if cell.verdict != "right"] == []
        assert report.score == report.max_score > 20
        assert report.open == 0
    unfilled = grade(problem, made.sheet, suffix=f".{format}")
    assert (unfilled.score, unfilled.open, unfilled.cells) == (0, 0, ())


def test_a_statement_whose_end_is_lost_hides_no_answer(thirty: list[Worksheet]) -> None:
    from tracegen.grading.grader import grade

    problem = Problem.from_toml(thirty[0].problem)
    whole = grade(problem, thirty[0].key)
    assert len(grade(problem, thirty[0].key.replace("<!-- the answers -->", "")).cells) >= len(whole.cells)


def test_a_row_of_a_worksheet_that_was_left_is_no_doubt(thirty: list[Worksheet]) -> None:
    from tracegen.grading.grader import grade

    lines = thirty[0].key.split("\n")
    place = next(at for at, line in enumerate(lines) if line.startswith(r"| $\bar v_1 ="))
    without = "\n".join([*lines[:place], r"| $\bar v_1 = \dots$ |  |  |", *lines[place + 1 :]])
    report = grade(Problem.from_toml(thirty[0].problem), without)
    assert {cell.verdict for cell in report.cells} == {"right"}
    assert place + 1 not in {cell.line for cell in report.cells}


SHEETS = {
    "rosenbrock": '[inputs]\nx = -1.2\ny = 1\n[outputs]\nf = "100*(y - x**2)**2 + (1 - x)**2"',
    "parameter": '[parameters]\nc = 3\n[inputs]\nw = 3\n[outputs]\nf = "c*w**2 + sin(w)"',
    "decimals": '[inputs]\nx = 0.5\ny = 1.25\n[outputs]\nf = "x*0.5 + y*sin(x)"',
    "exact": '[inputs]\nx = "pi/8"\ny = 2\n[outputs]\nf = "sin(x)*y/3 + x**y"',
    "reserved": '[inputs]\nlambda = 2\nx = 1\n[outputs]\ny = "lambda*x**2 + 3*x"',
    "matrices": """
        [inputs]
        x = { value = [[1], [2]], constant = true }
        W = { value = [[0.1, 0.2], [0.3, 0.4], [-0.5, 0.6]] }
        V = { value = [[1, -1, 0.5]] }
        t = { value = 1, constant = true }
        [steps]
        h = "tanh(W @ x)"
        [outputs]
        L = "norm(V @ h - t)**2 / 2"
        """,
}


def without_numbers(formulas: Mapping[str, Formula]) -> list[str]:
    """Formulas with every number replaced: their operations and names."""
    return [re.sub(r"(?<![A-Za-z_0-9.])\d+(?:\.\d+)?", "0", text(formula)) for formula in formulas.values()]


@pytest.mark.parametrize("which", SHEETS)
@pytest.mark.parametrize("vary", ["point", "numbers"])
def test_a_variant_keeps_what_its_function_means(which: str, vary: str) -> None:
    problem = Problem.from_toml(SHEETS[which])
    made = [Problem.from_toml(one.problem) for one in worksheets(trace(problem), 6, seed=3, vary=vary)]
    assert len({to_toml(dataclasses.replace(one, title="")) for one in made}) == 6
    for one in made:
        if vary == "point":
            assert dict(one.outputs) == dict(problem.outputs)
        assert without_numbers(one.outputs) == without_numbers(problem.outputs)
        assert re.findall(r"\*\*\d", str(list(map(text, one.outputs.values())))) == re.findall(
            r"\*\*\d", str(list(map(text, problem.outputs.values())))
        )
        assert dict(one.parameters) == dict(problem.parameters)
        for old, new in zip(problem.inputs, one.inputs, strict=True):
            assert new == old if old.constant else new.shape == old.shape


def test_decimals_vary_with_as_many_digits() -> None:
    problem = Problem.from_toml(SHEETS["decimals"])
    made = [Problem.from_toml(one.problem) for one in worksheets(trace(problem), 30, seed=3)]
    assert len({to_toml(dataclasses.replace(one, title="")) for one in made}) == 30
    for one in made:
        x, y = (text(entry.value) for entry in one.inputs if entry.value is not None)
        assert re.fullmatch(r"\d\.\d", x)
        assert re.fullmatch(r"\d\.\d\d", y)


def test_a_variant_has_a_value_and_a_derivative_where_the_problem_has() -> None:
    problem = Problem.from_toml('[inputs]\nx = 0.25\ny = 2\n[outputs]\nf = "log(x)*asin(x) + abs(y - 3*x)"')
    for one in worksheets(trace(problem), 20, seed=3):
        assert trace(Problem.from_toml(one.problem)).kinks == []


def test_why_there_are_no_more_variants_is_said() -> None:
    with pytest.raises(FormatError, match="'foo' can't be varied; point, numbers, all can"):
        list(worksheets(trace("x*y", at={"x": 1, "y": 2}), 1, vary="foo"))
    with pytest.raises(
        ProblemError, match=r"only \d+ variants of it could be made, not 30: .* vary numbers to have more"
    ):
        list(worksheets(trace("exp(x)", at={"x": 2}), 30, vary="point"))


def test_the_difficulty_of_a_variant_is_said() -> None:
    made = list(worksheets(trace("x1*x2 + sin(x1)", at={"x1": 2, "x2": 3}), 3))
    assert {(one.difficulty.operations, one.difficulty.depth) for one in made} == {(3, 2)}
    assert all(one.difficulty.longest >= len("sin(2)") for one in made)


@pytest.mark.parametrize("which", SHEETS)
@pytest.mark.parametrize("profile", ["homework", "baydin", "cs107", "deisenroth"])
def test_every_key_has_full_marks(which: str, profile: str) -> None:
    from tracegen.grading.grader import grade

    (made,) = worksheets(trace(Problem.from_toml(SHEETS[which]), profile=profile), 1, seed=5)
    report = grade(Problem.from_toml(made.problem), made.key)
    assert [(cell.line, cell.text, cell.because) for cell in report.cells if cell.verdict != "right"] == []
    assert report.score == report.max_score > 5
    assert report.open == 0


def test_what_is_asked_for_is_named_and_has_room() -> None:
    traced = trace(Problem.from_toml(SHEETS["matrices"]))
    (made,) = worksheets(traced, 1)
    gradients = made.sheet.partition("## Gradients")[2].partition("## ")[0]
    assert r"| $\frac{\partial L}{\partial W}$ |  |" in gradients
    (printed,) = worksheets(traced, 1, format="tex")
    assert r"\renewcommand{\arraystretch}{2.2}" in printed.sheet
    assert r"\renewcommand{\arraystretch}{1.45}" in printed.key
