"""Nothing is paid that was not judged, and no row is paid twice."""

from __future__ import annotations

import random
from pathlib import Path

import mutating
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracegen.errors import ProblemError
from tracegen.examples import path_of
from tracegen.grading.classes.classroom import class_document, gradebook
from tracegen.grading.classes.together import merged
from tracegen.grading.grader import grade
from tracegen.grading.gradescope import results
from tracegen.grading.report import Report
from tracegen.grading.rubric import Rubric
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"')
LINES = [
    "$v_0 = x_1 = 2$", "$v_1 = x_2 = 1$", "$v_2 = v_0 v_1 = 2$", r"$v_3 = \sin(v_0) = 0.909$",
    "$v_4 = v_2 + v_3 = 2.909$",
]  # fmt: skip
RIGHT = "\n\n".join(LINES) + "\n"
HOMEWORK = (Path(__file__).parent.parent / "submissions" / "homework_answer.md").read_text("utf-8")
LAST_UNREAD = RIGHT.replace("2.909", "2¤9")
JUNK = st.lists(
    st.sampled_from(["$q 1 ©$", "$" * 60, "$v_9 = ¤$", "$v_4 = ¤ + 1$", "$v_2 = ?? v_1 = ¤$", "| a | 3 ¤ |", "¤ = 2",
                     r"$\bar q = ©$"]),
    max_size=6,
)  # fmt: skip


def marks(report: Report) -> tuple[float, float, float]:
    return report.score, report.open, report.max_score


@pytest.mark.parametrize(
    "text", ["$" * 600, "$q 1 ©$\n" * 50, random.Random(1).randbytes(50_000).decode("latin-1")], ids=["$", "q", "bytes"]
)
def test_what_says_nothing_earns_nothing(text: str) -> None:
    assert grade(PROBLEM, text).score == 0
    assert grade(path_of("homework1"), text).score == 0


def test_the_marks_of_what_is_unread_are_open() -> None:
    assert marks(grade(PROBLEM, RIGHT)) == (15, 0, 15)
    assert marks(grade(PROBLEM, LAST_UNREAD)) == (14, 1, 15)


@pytest.mark.parametrize(
    ("rubric", "expected"),
    [("", (14, 1, 15)), ('unread = "open"', (14, 1, 15)), ('unread = "full"', (15, 0, 15)),
     ('unread = "none"', (14, 0, 15)), ("unread = 0", (15, 0, 15)), ("unread = 0.25", (14.75, 0, 15)),
     ("unread = 1", (14, 0, 15)), ("[marks]\nvalue = 3", (22, 3, 25))],
)  # fmt: skip
def test_a_rubric_settles_open_marks(rubric: str, expected: tuple[float, float, float]) -> None:
    assert marks(grade(PROBLEM, LAST_UNREAD, rubric=Rubric.from_toml(rubric))) == expected


@pytest.mark.parametrize("word", ['"fully"', "true", "[]", '""', "-1"])
def test_another_word_is_an_error_with_its_line(word: str) -> None:
    with pytest.raises(ProblemError, match="unread") as caught:
        Rubric.from_toml(f"carry = true\nunread = {word}\n", "rubric.toml")
    assert ":2:" in str(caught.value) or "line 2" in str(caught.value)


@settings(max_examples=40, deadline=None)
@given(JUNK)
def test_junk_below_a_right_sheet_changes_no_mark(lines: list[str]) -> None:
    assert marks(grade(PROBLEM, RIGHT + "\n" + "\n\n".join(lines))) == (15, 0, 15)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([*LINES, "$s = v_0 + 1 = 3$", "$y = v_4 = 2.909$", "$v_2 = ¤ = 2$"]), max_size=16), JUNK
)
def test_no_sheet_is_worth_more_than_the_key(lines: list[str], junk: list[str]) -> None:
    report = grade(PROBLEM, "\n\n".join([*lines, *junk]))
    assert 0 <= report.score <= report.score + report.open <= report.max_score <= 15
    assert 0 <= report.judged <= 1


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=5))
def test_a_row_that_is_written_again_changes_no_mark(again: list[str]) -> None:
    assert marks(grade(PROBLEM, RIGHT + "\n" + "\n\n".join(again))) == (15, 0, 15)


@pytest.mark.parametrize("seed", range(6))
def test_a_sheet_with_a_slip_that_is_handed_in_twice_has_the_marks_of_one(seed: int) -> None:
    problem = Problem.from_toml(mutating.PROBLEMS[seed % len(mutating.PROBLEMS)])
    sheet = mutating.mutated(problem, random.Random(seed)) or mutating.right_sheet(problem)
    report = grade(problem, sheet.text())
    assert marks(merged([report, report], Rubric())) == marks(report)


def test_the_homework_twice_has_the_marks_of_one() -> None:
    report = grade(path_of("homework1"), HOMEWORK)
    together = merged([report, report], Rubric())
    assert marks(together) == marks(report)
    assert len(together.cells) == 2 * len(report.cells)
    assert marks(grade(path_of("homework1"), f"{HOMEWORK}\n\n{HOMEWORK}")) == marks(report)


def test_an_unread_copy_hides_no_judged_one() -> None:
    wrong = RIGHT.replace("= 2.909", "= 7")
    for reports in ([LAST_UNREAD, wrong], [wrong, LAST_UNREAD]):
        assert marks(merged([grade(PROBLEM, text) for text in reports], Rubric())) == (14, 0, 15)
    assert marks(merged([grade(PROBLEM, LAST_UNREAD), grade(PROBLEM, RIGHT)], Rubric())) == (15, 0, 15)


def test_two_problems_that_share_a_name_are_both_paid() -> None:
    other = Problem.from_toml('[inputs]\na = 3\nb = 5\n[outputs]\ny = "exp(a)*b"')
    text = "$v_0 = a = 3$\n\n$v_1 = b = 5$\n\n$v_2 = \\exp(v_0)$\n\n$v_3 = v_2 v_1$\n"
    both = grade([PROBLEM, other], f"# Problem 1\n\n{RIGHT}\n\n# Problem 2\n\n{text}")
    assert both.score == both.max_score == 15 + grade(other, text).max_score


def test_a_sheet_of_which_little_was_judged_has_no_score() -> None:
    report = grade(PROBLEM, LAST_UNREAD, rubric=Rubric(judged=0.99))
    assert report.verdict.startswith("A person has to mark this sheet")
    assert report.record()["score"] == report.score
    assert results(report)["output"].startswith(report.verdict)
    for format_ in ("txt", "md", "html", "tex"):
        assert "A person has to mark this sheet" in report.to(format_)
    assert grade(PROBLEM, RIGHT).verdict == ""


def test_rows_that_are_not_on_the_sheet_are_counted() -> None:
    few, whole = grade(PROBLEM, LINES[0]), grade(PROBLEM, RIGHT)
    assert few.absent == {"y/primal": 3}
    assert whole.absent == {}
    assert "3 of y/primal" in few.to("txt")
    assert "mean 60%" in str(class_document([few, whole]).notes[0][0])


def test_a_gradebook_has_open_marks_and_the_share_that_was_judged() -> None:
    head, line = gradebook([grade(PROBLEM, LAST_UNREAD)]).splitlines()
    found = dict(zip(head.split(","), line.split(","), strict=True))
    assert (found["score"], found["open"], found["max_score"], found["judged"]) == ("14", "1", "15", "0.93")


@pytest.mark.parametrize("unread", [0, 1, 5, 20])
def test_what_has_no_place_counts_in_the_share_that_was_judged(unread: int) -> None:
    problem = Problem.from_toml('[inputs]\nx = 2\n[outputs]\ny = "3*x"\n')
    lines = [f"$\\Xi_{{{at}}} \\circledast = \\mho + {at}$" for at in range(unread)]
    report = grade(problem, "\n\n".join(["v0 = x = 2", "v1 = 3 v0 = 6", *lines]))
    assert (report.score, report.max_score) == (6, 6)
    assert report.judged == pytest.approx(6 / (6 + report.needs_person))
    assert report.needs_person >= unread
    assert bool(report.verdict) == (report.judged < 0.5)
