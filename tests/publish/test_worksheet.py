"""Exercise sheets: variants have the problem's graph, blanks hide what they should, and the grader takes every key."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tracegen import Problem, trace
from tracegen.errors import FormatError, ProblemError
from tracegen.examples import path_of
from tracegen.formula import names_in
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
    import dataclasses

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
    with pytest.raises(ProblemError, match="only 0 variants of it were found, not 2"):
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


EXAMPLES = ("homework1", "homework2_numbers", "baydin", "deisenroth", "wikipedia")


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("format", ["md", "tex"])
def test_a_worksheet_earns_what_was_filled_in(example: str, profile: str, format: str) -> None:
    """All of it as a key, as a sheet that was filled in (which has another head than the key), and nothing unfilled."""
    from tracegen.grading.grader import grade

    (made,) = worksheets(trace(path_of(example), profile=profile), 1, seed=7, format=format)
    problem = Problem.from_toml(made.problem)
    begins = "<!-- the answers -->" if format == "md" else "% the answers"
    filled = made.sheet.partition(begins)[0] + begins + made.key.partition(begins)[2]
    for text in (made.key, filled):
        report = grade(problem, text, suffix=f".{format}")
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
