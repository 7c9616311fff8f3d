"""The statement of a problem: all that is needed to solve it stands in it, in every format, and it is no answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import normalize

import pytest

from tracegen import Problem, grade, trace
from tracegen.document.cells import MarkdownCells
from tracegen.document.view import View
from tracegen.notation import HOMEWORK
from tracegen.problems.problem_text import MOST_SHOWN, statement
from tracegen.publish.page import page_of
from tracegen.publish.slides import slides_of
from tracegen.publish.solution_sheet import sheet_of
from tracegen.publish.worksheet import worksheets
from tracegen.traces import Trace

LONG = [[round(0.5 * row + column, 1) for column in range(20)] for row in range(20)]
PROBLEMS = {
    "decimals": '[inputs]\nx = "-1.25"\ny = 1\n[outputs]\nf = "100*(y - x**2)**2 + (1 - x)**2"',
    "parameters": '[parameters]\nc = "7/3"\nk = {}\n[inputs]\nw = 3\n[outputs]\nf = "c*w**2 + k*sin(w)"',
    "steps": '[inputs]\na = 2\nb = "pi/8"\n[steps]\nh = "sin(a*b)"\ng = "h**2 + a"\n[outputs]\ny1 = "g*h"\ny2 = "g/a"',
    "functions": '[inputs]\nx = 0.75\n[functions]\nphi = "tanh"\n[outputs]\ny = "phi(x)*x"',
    "matrices": """
        [inputs]
        x = { value = [[1], [2]], constant = true }
        W = { value = [[0.125, 0.25], [0.375, 0.4], [-0.625, 0.6]] }
        t = { shape = [1, 1], value = [3], constant = true }
        [steps]
        h = "tanh(W @ x)"
        [outputs]
        L = "(sum(h) - t)**2 / 2"
        """,
    "shapes": '[inputs]\nx = { shape = ["N", 1] }\nW = { shape = ["K", "N"] }\n[outputs]\nL = "norm(W @ x)**2"',
}
SHOWN: dict[str, Callable[[Trace], str]] = {
    "md": lambda t: t.to("md"),
    "txt": lambda t: t.to("txt"),
    "html": lambda t: t.to("html"),
    "tex": lambda t: t.to("tex", standalone=True),
    "notebook": lambda t: t._repr_html_(),
    "page": page_of,
    "slides": slides_of,
    "sheet": lambda t: sheet_of([t]),
    "worksheet": lambda t: next(iter(worksheets(t))).sheet,
}
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def numbers(words: str) -> list[str]:
    """The numbers in a text, without markup, in order."""
    plain = re.sub(r"<[^>]*>|&#x?\w+;|\\[a-z]+|[{}$&\\]", " ", words)
    return NUMBER.findall(re.sub("[⁰¹²³⁴-⁹₀-₉]", lambda found: f" {normalize('NFKC', found[0])}", plain))


@pytest.fixture(params=PROBLEMS)
def problem(request: pytest.FixtureRequest) -> Problem:
    return Problem.from_toml(PROBLEMS[request.param])


def above_the_tables(text: str) -> str:
    begun = re.search("the problem, not graded|The problem:", text)
    assert begun is not None
    return re.split(r"the answers|\n\n[A-Z]", text[begun.end() :], maxsplit=1)[0]


@pytest.mark.parametrize("shown", SHOWN)
def test_every_value_and_every_formula_is_in_it(problem: Problem, shown: str) -> None:
    """A value that is left out anywhere is missed: the numbers of the statement are those of the problem, in number."""
    traced = trace(problem)
    if shown == "worksheet":
        if not problem.has_point:
            pytest.skip("without numbers there are no variants")
        variant = Problem.from_toml(next(iter(worksheets(traced))).problem)
        found = numbers(above_the_tables(SHOWN[shown](traced)))
        problem, traced = variant, trace(variant)
    else:
        found = numbers(above_the_tables(SHOWN[shown](traced)))
    given = statement(traced.problem, traced.outputs)
    cells = MarkdownCells(traced.convention)
    wanted = sorted(number for line in given for number in numbers(cells.line(line)))
    assert not [number for number in set(wanted) if found.count(number) < wanted.count(number)]
    names = [entry.name for entry in problem.inputs] + [*problem.parameters, *problem.steps, *problem.outputs]
    assert [line for line in given if line]
    for text in names:
        assert any(text in repr(line) for line in given), text


@pytest.mark.parametrize("which", ["decimals", "parameters", "steps", "functions"])
def test_the_statement_alone_is_enough_to_solve_the_problem(which: str) -> None:
    """What is read from the printed lines has the values and the Jacobian of the problem."""
    problem = Problem.from_toml(PROBLEMS[which])
    text = above_the_tables(trace(problem).to("md"))
    equations = [re.split(" = ", found, maxsplit=1) for found in re.findall(r"\$([^$]+ = [^$]+)\$", text)]
    plain = {re.sub(r"[_{}\\]", "", left): right for left, right in equations}
    point = {entry.name: plain[entry.name].replace(r"\pi", "pi") for entry in problem.inputs}
    point = {name: re.sub(r"\\frac\{(.*?)\}\{(.*?)\}", r"(\1)/(\2)", value) for name, value in point.items()}
    others = {name: plain[name] for name in problem.parameters if name in plain}
    others = {name: re.sub(r"\\frac\{(.*?)\}\{(.*?)\}", r"(\1)/(\2)", value) for name, value in others.items()}
    letters = dict.fromkeys(name for name in problem.parameters if name not in plain)
    again = trace(
        {name: plain[name].replace(r"\phi", r"\tanh") for name in problem.outputs},
        at=point,
        parameters=others | letters,
        steps={name: plain[name] for name in problem.steps},
    )
    assert again.record()["jacobian"] == trace(problem).record()["jacobian"]


def test_of_a_large_matrix_the_corners_are_shown_and_a_worksheet_says_where_all_of_it_is() -> None:
    problem = Problem.from_toml(f"[inputs]\nW = {{ value = {LONG} }}\n[outputs]\nL = 'sum(tanh(W))'")
    (line, _) = statement(problem, ["L"], "values.toml")
    text = MarkdownCells(HOMEWORK).line(line)
    assert numbers(text)[:2] == ["0.0", "1.0"]
    assert "28.5" in text
    assert text.count(r"\cr") < MOST_SHOWN
    assert "20×20; all its values are in values" in text.replace("\\", "")
    found = next(iter(worksheets(trace(problem))))
    assert "problems/01.toml" in found.sheet
    assert Problem.from_toml(found.problem).inputs[0].shape == (20, 20)


@pytest.mark.parametrize("format", ["md", "txt", "html", "tex"])
def test_the_grader_takes_it_for_no_answer(problem: Problem, format: str) -> None:
    traced = trace(problem)
    text = traced.to(format, standalone=format == "tex")
    document = traced.document()
    without = View(type(document)(document.title, document.tables, document.notes), traced.convention)
    bare = without.to(format, standalone=format == "tex")
    report, wanted = (grade(problem, sheet, suffix=f".{format}") for sheet in (text, bare))
    assert (report.score, report.max_score, report.open) == (wanted.score, wanted.max_score, wanted.open)
    assert len(report.cells) == len(wanted.cells)
    alone = View(type(document)(document.title, (), (), document.given), traced.convention)
    assert grade(problem, alone.to(format, standalone=format == "tex"), suffix=f".{format}").cells == ()
