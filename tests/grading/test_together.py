"""Several sheets of one student: versions of one answer, of which one counts, and pages of it, which all do."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracegen.cli.dispatch import main
from tracegen.errors import ProblemError
from tracegen.grading.classes.together import merged
from tracegen.grading.grader import grade
from tracegen.grading.report import Report
from tracegen.grading.rubric import Rubric
from tracegen.problems.problem import Problem

PROBLEM = '[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"\n'
INPUTS = "v0 = x1 = 2\nv1 = x2 = 1\n"
STEPS = "v2 = v0 v1 = 2\nv3 = sin(v0) = 0.909\n"
WRONG_STEPS = "v2 = v0 v1 = 5\nv3 = cos(v0) = 0.909\n"
ADJOINTS = "bar v4 = 1\nbar v3 = bar v4 = 1\n"


def report(text: str, name: str) -> Report:
    return grade(Problem.from_toml(PROBLEM), text, source=name)


@pytest.mark.parametrize("suffix", ["", "-1", "-2", "-10"])
def test_of_two_versions_the_best_or_the_last_counts_and_never_both(suffix: str) -> None:
    best, last = report(INPUTS + STEPS, f"a{suffix}.md"), report(INPUTS + WRONG_STEPS, "a-11.md")
    for order in ([best, last], [last, best]):
        chosen = merged(order, Rubric())
        assert (chosen.score, chosen.max_score) == (best.score, best.max_score)
        assert len(chosen.cells) == len(best.cells) + len(last.cells)
        chosen = merged(order, Rubric(versions="last"))
        assert f"y/primal counts as it is on a-11.md, not as on a{suffix}.md." in chosen.notes
        assert (chosen.score, chosen.max_score) == (last.score, last.max_score)
        assert not {cell.verdict for cell in chosen.cells} - {cell.verdict for cell in last.cells}
    assert best.score > last.score


@pytest.mark.parametrize("versions", ["best", "last"])
def test_pages_of_one_answer_all_count(versions: str) -> None:
    pages = [report(text, f"{at}.md") for at, text in enumerate((INPUTS, "\n" * 3 + STEPS, ADJOINTS))]
    together = merged(pages, Rubric(versions=versions))
    assert len(together.cells) == sum(len(page.cells) for page in pages)
    assert together.max_score == sum(page.max_score for page in pages)


@pytest.mark.parametrize("text", ["versions = true", 'versions = "first"'])
def test_a_rubric_knows_which_versions_there_are(text: str) -> None:
    with pytest.raises(ProblemError, match='versions is "best" or "last"'):
        Rubric.from_toml(text)


def test_a_student_is_one_line_of_the_gradebook_however_many_files_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"anna/a.md": INPUTS + STEPS, "anna/a-1.md": INPUTS + WRONG_STEPS, "anna/photo.jpg": "", "ben/a": INPUTS}
    for name, text in files.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(text, "utf-8")
    (tmp_path / "p.toml").write_text(PROBLEM, "utf-8")
    done = CliRunner().invoke(main, ["grade", "p.toml", "in", "--output", "out", "--jobs", "1"])
    assert done.exit_code == 0, done.output
    book = list(csv.DictReader((tmp_path / "out" / "gradebook.csv").read_text("utf-8").splitlines()))
    assert [(line["sheet"], line["sheets"], line["not_read"]) for line in book] == [
        ("anna: 2 sheets", "anna/a-1.md; anna/a.md", "anna/photo.jpg"), ("ben/a", "ben/a", "")
    ]  # fmt: skip
    assert float(book[0]["score"]) == report(INPUTS + STEPS, "a.md").score
    page = (tmp_path / "out" / "class.html").read_text("utf-8")
    for name in ("anna__2_sheets", "anna_a", "anna_a-1", "ben_a"):
        assert f'<a href="{name}.html">' in page
        assert (tmp_path / "out" / f"{name}.html").is_file()
