"""What a person decides: it counts for every sheet that says the same, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tracegen.cli.dispatch import main
from tracegen.errors import ProblemError
from tracegen.grading.classes.collecting import Sheet
from tracegen.grading.classes.keeping import kept, restored
from tracegen.grading.classes.review import groups_of, review_page
from tracegen.grading.classes.rulings import RULED, Rulings
from tracegen.grading.grader import grade
from tracegen.grading.report import Report
from tracegen.problems.problem import Problem

TEXT = '[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"\n'
PROBLEM = Problem.from_toml(TEXT)
ROWS = "v0 = x1 = 2\nv1 = x2 = 1\nv2 = v0 v1 = 2\nv3 = {} = 0.909\nv4 = v2 + v3 = 2.909\n"
SAME = ["cos(v0) + v1", "v1 + cos(v0)", "cos(v0) + 1 v1", "cos(v0)+v1"]
OTHER = ["cos(v0) + 2 v1", "cos(v1) + v0", "v1 - cos(v0)"]


def report(rule: str, rulings: Rulings | None = None, problem: Problem = PROBLEM) -> Report:
    return grade(problem, ROWS.format(rule), rulings=rulings, source="a.md")


def ruling_on(found: Report, verdict: str, **said: object) -> str:
    """The file that the review page exports where everything is decided alike."""
    (group, *_) = groups_of([found], [Sheet("a.md", ".md", "")], [PROBLEM])
    lines = {**group.ruling, "verdict": verdict, **said}
    return "[[ruling]]\n" + "".join(
        f"{key} = {value!r}\n" if not isinstance(value, str) else f"{key} = '{value}'\n"
        for key, value in lines.items()
    )  # fmt: skip


@pytest.mark.parametrize("rule", SAME)
def test_a_ruling_counts_for_whatever_says_the_same(rule: str) -> None:
    rulings = Rulings.from_toml(ruling_on(report(SAME[0]), "right", says="shown in class"))
    before, after = report(rule), report(rule, rulings)
    (cell,) = [cell for cell in after.cells if RULED in cell.tags]
    assert (cell.verdict, cell.marks) == ("right", cell.of)
    assert cell.because == "decided by a person: shown in class"
    assert after.score > before.score
    assert restored(kept(after)).cells == after.cells


@pytest.mark.parametrize("rule", [*OTHER, "sin(v0)"])
def test_a_ruling_counts_for_nothing_else(rule: str) -> None:
    rulings = Rulings.from_toml(ruling_on(report(SAME[0]), "right"))
    assert report(rule, rulings).cells == report(rule).cells


def test_a_ruling_is_of_one_problem() -> None:
    rulings = Rulings.from_toml(ruling_on(report(SAME[0]), "right"))
    other = Problem.from_toml(TEXT.replace("x1 = 2", "x1 = 2.5"))
    assert report(SAME[0], rulings, other).cells == report(SAME[0], None, other).cells


def test_what_can_not_be_read_is_decided_by_what_stands_there() -> None:
    unread = "\\oplus ? v0"
    found = report(unread)
    assert found.open
    decided = report("\\oplus  ? v0", Rulings.from_toml(ruling_on(found, "wrong")))
    assert decided.open < found.open
    assert any(cell.verdict == "wrong" and RULED in cell.tags for cell in decided.cells)


@pytest.mark.parametrize(("marks", "given"), [(0.5, 0.5), (0, 0), (7, 1)])
def test_marks_that_a_person_gives_are_within_what_the_cell_is_worth(marks: float, given: float) -> None:
    found = report(SAME[0], Rulings.from_toml(ruling_on(report(SAME[0]), "wrong", marks=marks)))
    assert [cell.marks for cell in found.cells if RULED in cell.tags] == [given]


HEAD = '[[ruling]]\nproblem = "1"\nquantity = "y/primal v2 value"\nreads = "7"\n'
WRONG = [
    ("x = 1", "1:1: a file of rulings has [[ruling]] sections only"),
    ("[[rulings]]", "1:1: a file of rulings has"),
    ("ruling = 3", "1:1: a file of rulings has"),
    ("ruling = [3]", "1:1: ruling 1: has to be a section"),
    (HEAD, 'ruling 1: verdict is "right" or "wrong"'),
    (HEAD + 'verdict = "right"\n' + HEAD + 'verdict = "open"', 'ruling 2: verdict is "right" or "wrong"'),
    (HEAD + 'verdict = "right"\nmarks = -1', "ruling 1: marks has to be a number, 0 or more"),
    (HEAD + 'verdict = "right"\nmarks = nan', "ruling 1: marks has to be a number, 0 or more"),
    (HEAD + 'verdict = "right"\nmeaning = "7"', "ruling 1: meaning is a list of numbers"),
    (HEAD + 'verdict = "right"\nwhy = "7"', "ruling 1: there is no 'why'; there are "),
    (HEAD.replace('"1"', "1") + 'verdict = "right"', "are texts"),
    (HEAD.replace('reads = "7"', "") + 'verdict = "right"', "ruling 1: says how the cell reads"),
    (HEAD.replace('"y/primal v2 value"', '""') + 'verdict = "right"', "ruling 1: says of which problem and quantity"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_a_file_that_holds_no_rulings_is_an_error_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ProblemError) as raised:
        Rulings.from_toml(text, "r.toml")
    assert str(raised.value).startswith("r.toml:")
    assert said in str(raised.value)


def test_each_distinct_cell_is_on_the_page_once_with_its_sheets_and_lines() -> None:
    rules = [*SAME, *SAME, "exp(v0)</script>"]
    sheets = [Sheet(f"{at}.md", ".md", ROWS.format(rule)) for at, rule in enumerate(rules)]
    reports = [grade(PROBLEM, sheet.text, source=sheet.name) for sheet in sheets]
    groups = groups_of(reports, sheets, [PROBLEM])
    formulas = [group for group in groups if group.first.row == "v3" and group.first.cell == "formula"]
    assert sorted(len(group.sheets) for group in formulas)[-1] == len(rules) - 1
    assert max(formulas, key=lambda group: len(group.sheets)).lines[0] == ("0.md", 4, "v3 = cos(v0) + v1 = 0.909")
    page = review_page(groups, Rulings(), "Review")
    assert page.count("<article") == len(groups)
    assert page.count("</script>") == 2


def test_a_class_is_decided_and_graded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(TEXT, "utf-8")
    for at, rule in enumerate([*SAME, *OTHER]):
        (tmp_path / f"in{at}.md").write_text(ROWS.format(rule), "utf-8")
    (tmp_path / "r.toml").write_text(ruling_on(report(SAME[0]), "right"), "utf-8")
    sheets = [f"in{at}.md" for at in range(len(SAME) + len(OTHER))]
    command = ["grade", "p.toml", *sheets, "--output", "out", "--jobs", "1", "--rulings", "r.toml"]
    before = (tmp_path / "r.toml").read_bytes()
    assert CliRunner().invoke(main, command).exit_code == 0
    assert (tmp_path / "r.toml").read_bytes() == before
    decided = [at for at in range(len(sheets)) if "decided by a person" in (tmp_path / f"out/in{at}.html").read_text()]
    assert decided == list(range(len(SAME)))
    assert CliRunner().invoke(main, [*command[:-1], "gone.toml"]).exit_code == 2
