"""One run after another: what has changed and why, what is kept, and what goes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracegen.cli.dispatch import main

PROBLEM = '[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"\n'
ROWS = "v0 = x1 = 2\nv1 = x2 = 1\nv2 = v0 v1 = 2\nv3 = {} = 0.909\nv4 = v2 + v3 = 2.909\n"
RULING = '[[ruling]]\nproblem = "{}"\nquantity = "y/primal v3 formula"\nreads = "cos(v0)"\nverdict = "right"\n'


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A class of three that is graded."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(PROBLEM, "utf-8")
    (tmp_path / "r.toml").write_text("", "utf-8")
    (tmp_path / "in").mkdir()
    for name, rule in {"anna": "sin(v0)", "ben": "cos(v0)", "carl": "cos(v0)"}.items():
        (tmp_path / "in" / f"{name}.md").write_text(ROWS.format(rule), "utf-8")
    assert grade("--rubric", "r.toml").exit_code == 0
    return tmp_path


def grade(*more: str, output: str = "out") -> Result:
    command = ["grade", "p.toml", "in", "--output", output, "--jobs", "1", *more]
    return CliRunner().invoke(main, command, catch_exceptions=False)


def changes(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(folder.joinpath("changes.csv").read_text("utf-8").splitlines()))


def ruling() -> str:
    from tracegen.grading.classes.rulings import problem_keys
    from tracegen.problems.problem import Problem

    return RULING.format(problem_keys([Problem.from_toml(PROBLEM)])["y"])


CAUSES = {
    "sheet": ("in/ben.md", ROWS.format("sin(v0)"), {"ben.md"}),
    "rubric": ("r.toml", "[marks]\nformula = 3\n", {"anna.md", "ben.md", "carl.md"}),
    "problem": ("p.toml", PROBLEM.replace("sin", "cos"), {"anna.md", "ben.md", "carl.md"}),
    "nothing": ("in/ben.md", ROWS.format("cos(v0)"), set()),
}


@pytest.mark.parametrize("output", ["out", "new"])
@pytest.mark.parametrize("cause", CAUSES)
def test_each_mark_that_changed_is_listed_with_what_changed_it(desk: Path, cause: str, output: str) -> None:
    name, text, sheets = CAUSES[cause]
    (desk / name).write_text(text, "utf-8")
    done = grade("--rubric", "r.toml", "--compare", "out", output=output)
    assert done.exit_code == 0, done.output
    found = changes(desk / output)
    assert {change["sheet"] for change in found} == sheets
    assert {change["why"] for change in found} <= {cause}
    assert f"{len(sheets)} of 3 sheets have other marks" in done.stderr
    assert all(change["before"] != change["after"] for change in found)
    assert grade("--rubric", "r.toml", "--compare", output, output=output).exit_code == 0
    assert changes(desk / output) == []


def test_a_ruling_is_told_from_all_else(desk: Path) -> None:
    (desk / "rulings.toml").write_text(ruling(), "utf-8")
    (desk / "r.toml").write_text("missing = 1\n", "utf-8")
    assert grade("--rubric", "r.toml", "--rulings", "rulings.toml", "--compare", "out").exit_code == 0
    cells = [change for change in changes(desk / "out") if change["cell"] != "all"]
    assert [(change["sheet"], change["before"], change["after"], change["why"]) for change in cells] == [
        ("ben.md", "0/1", "1/1", "ruling"), ("carl.md", "0/1", "1/1", "ruling")
    ]  # fmt: skip


def test_sheets_that_come_and_go_are_listed_and_their_pages_go_with_them(desk: Path) -> None:
    (desk / "in" / "ben.md").rename(desk / "in" / "dora.md")
    (desk / "in" / "carl.md").rename(desk / "in" / "eve.md")
    (desk / "out" / "carl.html").write_text("my words", "utf-8")
    done = grade("--rubric", "r.toml", "--compare", "out")
    assert {(change["sheet"], change["why"]) for change in changes(desk / "out")} == {
        ("ben.md", "the sheet is gone"), ("carl.md", "the sheet is gone"),
        ("dora.md", "new sheet"), ("eve.md", "new sheet"),
    }  # fmt: skip
    assert not (desk / "out" / "ben.html").exists()
    assert (desk / "out" / "carl.html").read_text("utf-8") == "my words"
    assert "carl.html is of a sheet that is gone, and was changed: it is left" in done.stderr


def test_what_is_kept_of_runs_does_not_grow(desk: Path) -> None:
    sizes = []
    for formula in range(2, 7):
        (desk / "r.toml").write_text(f"[marks]\nformula = {formula}\n", "utf-8")
        assert grade("--rubric", "r.toml").exit_code == 0
        sizes.append(len(list((desk / "out" / ".graded").iterdir())))
    assert sizes[1:] == sizes[:1] * 4
    assert "wrote 0 of 3 reports" in grade("--rubric", "r.toml").stderr


@pytest.mark.parametrize("old", ["in", "gone", "p.toml"])
def test_a_folder_in_which_no_class_was_graded_is_an_error(old: str) -> None:
    done = grade("--compare", old)
    assert done.exit_code == 2
    assert f"{old}: no class was graded here" in done.stderr


def pages(level: int, format_: str) -> str:
    assert grade("--feedback", str(level), "--format", format_, output=f"level{level}").exit_code == 0
    return Path(f"level{level}/ben.{format_}").read_text("utf-8")


@pytest.mark.parametrize("format_", ["html", "md", "txt", "tex", "json", "csv"])
def test_a_report_tells_as_much_as_it_is_to(format_: str) -> None:
    count, rows, kinds, repairs = (pages(level, format_) for level in (1, 2, 3, 4))
    if format_ not in ("csv", "txt"):  # one has the marks only, the other breaks sentences
        assert "1 of 5 rows is to be looked at again" in count
        assert "look at this row again" in rows
    assert "v3" not in count
    assert format_ == "csv" or "v3" in rows
    for text, told in ((count, "cos"), (rows, "cos"), (kinds, "sin stands")):
        assert told not in text
    assert format_ == "csv" or len({count, rows, kinds, repairs}) == 4


def test_the_marks_are_the_same_at_each_level(desk: Path) -> None:
    for level in (1, 2, 3, 4):
        pages(level, "csv")
        assert (desk / f"level{level}" / "gradebook.csv").read_bytes() == (desk / "out" / "gradebook.csv").read_bytes()
        summary = [
            line for line in Path(f"level{level}/ben.csv").read_text().splitlines() if line.startswith("summary,all")
        ]
        assert summary == ["summary,all,all,14,15"]
