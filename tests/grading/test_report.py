"""Reports in every format, marks by rubrics, classes and proof-reading."""

from __future__ import annotations

import csv
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest

from tracegen.document.render import render
from tracegen.errors import FormatError, ProblemError
from tracegen.grading.classes.batch import grade_class
from tracegen.grading.classes.classroom import class_document, gradebook
from tracegen.grading.classes.collecting import Sheet, collect
from tracegen.grading.classes.keeping import kept, restored
from tracegen.grading.grader import grade
from tracegen.grading.proofread import proofread
from tracegen.grading.report import FORMATS, Report
from tracegen.grading.rubric import Rubric
from tracegen.grading.verdicts import Judgement
from tracegen.problems.problem import Problem

RIGHT = "v0 = x1 = 2\nv1 = x2 = 1\nv2 = 2 v1 = 2\nv3 = exp(v2)\n"
HOSTILE = (
    "v0 = x1 = <script>alert(1)</script>\n\n# <b>{{7*7}}</b> \\input{/etc/passwd}\n\nv2 = =cmd|' /C calc'!A0\n\n"
    "$＝v1＋1$\n"
)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("text", [RIGHT, HOSTILE, "", "nothing but words here"])
def test_every_format_comes_out_whole_and_escaped(first: Problem, format_: str, text: str) -> None:
    written = grade(first, text, source="<img src=x>.md").to(format_, standalone=True)
    assert written
    if format_ == "html":
        assert "<script>alert" not in written
        assert "<img src=x>" not in written
    if format_ in ("json", "gradescope"):
        json.loads(written)
    if format_ == "csv":
        fields = [field for row in csv.reader(StringIO(written)) for field in row]
        assert not any(field.startswith(("=", "+", "@", "＝", "＋", "＠")) for field in fields)
    if format_ == "tex":
        assert r"\input{/etc" not in written


@pytest.mark.parametrize("text", [RIGHT, HOSTILE, ""])
def test_a_report_in_a_notebook_leaves_the_notebook_as_it_is(first: Problem, text: str) -> None:
    report = grade(first, text, source="<img src=x>.md")
    shown = report._repr_html_()
    assert shown.startswith('<div class="tracegen">')
    assert not any(part in shown for part in ("<style", "<script", "<html", "<meta", "<img"))
    assert report._repr_markdown_() == report.to("md")
    assert report._repr_latex_() == report.to("tex")


def test_a_format_that_is_not_there_is_an_error(first: Problem) -> None:
    with pytest.raises(FormatError, match="pptx"):
        grade(first, RIGHT).to("pptx")


def test_json_is_as_documented(first: Problem) -> None:
    record = grade(first, RIGHT + "v4 = v1^3 = 1\n").record()
    assert {"score", "max_score", "needs_person", "cells", "missing", "summary"} <= set(record)
    cell = next(cell for cell in record["cells"] if cell["verdict"] == "wrong")
    assert cell == {
        "part": "y1/primal", "row": "v4", "source_line": 5, "cell": "formula", "text": "v1^3", "read_as": "v1**3",
        "verdict": "wrong", "tags": cell["tags"], "because": cell["because"], "repair": "v1**2", "root": None,
        "marks": 0.0, "open": 0.0, "of": 1.0, "witness": cell["witness"], "place": "",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["tables", "rows"])
def test_a_rubric_knows_the_tables_of_a_problem(first: Problem, key: str) -> None:
    report = grade(first, (Path(__file__).parent.parent / "submissions" / "homework_answer.md").read_text("utf-8"))
    parts = {cell.part for cell in report.cells if cell.part}
    assert len(parts) > 6
    for part in parts:
        Rubric(**{key: {f"{part} v2" if key == "rows" else part: {}}}).check(list(first.outputs))
    for part in ("y3/primal", "y1/revrese", "y1/", "", "primal/y1", "y1+y3/primal"):
        with pytest.raises(ProblemError, match="there is no table"):
            Rubric(**{key: {part: {}}}).check(list(first.outputs))


def test_rubrics(first: Problem) -> None:
    text = RIGHT + "v4 = v1^2 = 5\nv5 = 3 v4 = 15\n"
    assert grade(first, text).max_score - grade(first, text).score == 1
    strict = Rubric.from_toml("carry = false")
    assert grade(first, text, rubric=strict).max_score - grade(first, text, rubric=strict).score == 2
    heavy = Rubric.from_toml('[tables."y1/primal"]\nvalue = 3\n[rows."y1/primal v4"]\nvalue = 10\nlabel = 0')
    assert grade(first, text, rubric=heavy).max_score - grade(first, text, rubric=heavy).score == 10
    missing = Rubric.from_toml("missing = 0.5")
    assert grade(first, RIGHT).score - grade(first, RIGHT, rubric=missing).score == 0.5 * len(
        grade(first, RIGHT).missing
    )


@pytest.mark.parametrize(
    ("value", "decimals", "lost"),
    [("7.39", 2, 0), ("7.39", 3, 1), ("7.389", 3, 0), ("7.38", 3, 1), ("7.38", 2, 0), ("7.4", 0, 0), ("exp(2)", 9, 0),
     ("7.3890560989306495", 9, 0)],
)  # fmt: skip
def test_decimals_that_are_asked_for(first: Problem, value: str, decimals: int, lost: int) -> None:
    report = grade(first, f"{RIGHT.strip()} = {value}\n", rubric=Rubric(decimals=decimals))
    assert report.max_score - report.score == lost
    said = [cell.text for cell in report.cells if "decimals are asked for" in cell.because]
    assert said == [value] * lost
    exact = grade(first, "v0 = x1 = 2.0\nv1 = x2 = 1.00\n", rubric=Rubric(decimals=5))
    assert exact.score == exact.max_score


@pytest.mark.parametrize(
    "text", ["[", "colour = 1", "carry = 2", "[marks]\nsong = 1", "missing = -1", "[marks]\nvalue = true", "judged = 2"]
)
def test_rubrics_that_do_not_hold_together(text: str) -> None:
    with pytest.raises(ProblemError):
        Rubric.from_toml(text)


def test_a_slip_is_counted_once_a_sheet() -> None:
    slip = Judgement("y1/primal", "v2", 3, "formula", "3 v1", None, "wrong", ("formula.slip", "slip.number"))
    reports = [Report(source, (slip, slip)) for source in ("a.md", "b.md")]
    _, rows, slips = class_document(reports).tables
    assert list(rows.rows[0].cells) == ["y1/primal", "v2", "100%", "2", "2"]
    assert [row.cells[0] for row in slips.rows] == ["2"]


def test_what_a_person_has_to_look_at_is_told_by_reason_and_count() -> None:
    cells = [
        Judgement("y/primal", f"v{at}", at, "formula", "?", None, "unread", (), f"because {at % 3}") for at in range(99)
    ]
    reports = [Report(f"{at}.md", tuple(cells)) for at in range(200)]
    *_, people = class_document(reports).tables
    assert [row.cells for row in people.rows] == [
        ("6600", "200", f"because {at}", "0.md, 1.md, 2.md") for at in range(3)
    ]
    assert len(render(class_document(reports), "md", kind="report", report=None)) < 20_000


def test_a_report_is_kept_and_comes_back_the_same(first: Problem) -> None:
    report = grade(first, RIGHT + "v4 = v1^3 = 1\n")
    assert restored(json.loads(json.dumps(kept(report)))) == report


def test_a_class_is_graded_once_and_a_bad_sheet_stops_nothing(first: Problem, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for number in range(5):
            archive.writestr(
                f"student{number}/answer.md", RIGHT.replace("v2 = 2 v1", "v2 = 3 v1") if number == 3 else RIGHT
            )
        archive.writestr("../evil/answer.ipynb", "{nonsense")
        archive.writestr("student6/photo.jpg", b"\xff")
    sheets = collect([tmp_path / "all.zip"])
    assert [sheet.name for sheet in sheets][:2] == ["student0/answer.md", "student1/answer.md"]
    assert not any(".." in sheet.name for sheet in sheets)
    seen: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as executor:
        reports = grade_class([first], sheets, executor, cache=tmp_path / "kept", progress=lambda *at: seen.append(at))
        assert [bool(report.failure) for report in reports] == [False] * 5 + [True] * 2
        assert reports[3].score < reports[0].score
        assert seen[-1] == (7, 7)
        again = grade_class([first], sheets, executor, cache=tmp_path / "kept")
        changed = [Sheet("student0/answer.md", ".md", RIGHT + "v4 = v1^2 = 7\n"), *sheets[1:]]
        seen.clear()
        grade_class([first], changed, executor, cache=tmp_path / "kept", progress=lambda *at: seen.append(at))
    assert again == reports
    assert seen[0][0] == 6
    document = class_document(reports, "Class")
    page = render(document, "html", kind="report", report=None)
    assert "student3/answer.md" in page
    book = list(csv.reader(StringIO(gradebook(reports))))
    assert len(book) == 8
    assert float(book[4][1]) == reports[3].score


class LosesTheFirst(ThreadPoolExecutor):
    """An executor that loses its first piece of work, as a worker that dies does."""

    lost = False

    def submit(self, function, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        if not self.lost:
            self.lost = True
            return super().submit(_die)
        return super().submit(function, *args, **kwargs)


def _die() -> None:
    raise ConnectionError("the worker is gone")


def test_a_sheet_whose_worker_died_is_graded_again(first: Problem) -> None:
    with LosesTheFirst(1) as executor:
        reports = grade_class([first], [Sheet(f"{n}.md", ".md", RIGHT) for n in range(3)], executor)
    assert all(report.score == report.max_score > 0 and not report.failure for report in reports)


def test_proof_reading_needs_no_problem() -> None:
    fine = proofread(RIGHT + "\nTangents along x2\n\ndv2/dx2 = 2 dv1/dx2 = 2\n")
    assert {cell.verdict for cell in fine.cells} == {"right"}
    wrong = proofread(RIGHT.replace("v2 = 2 v1 = 2", "v2 = 2 v1 = 3"))
    assert [(cell.row, cell.cell) for cell in wrong.cells if cell.verdict == "wrong"] == [("v2", "value")]
    with pytest.raises(ProblemError):
        proofread("no rows at all")


def test_a_cluster_loses_nothing_when_a_worker_dies(first: Problem) -> None:
    distributed = pytest.importorskip("distributed")
    from tracegen.grading.classes.cluster import connected

    sheets = [Sheet(f"{number}.md", ".md", RIGHT + f"v4 = v1^2 = {1 + number % 2}\n") for number in range(40)]
    killed = []

    def kill_one(done: int, of: int) -> None:
        if done >= of // 2 and not killed:
            worker = next(iter(cluster.workers.values()))
            killed.append(worker.process.pid)
            worker.process.process.kill()

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        connected(cluster.scheduler_address) as executor,
    ):
        reports = grade_class([first], sheets, executor, progress=kill_one)
    assert killed
    assert [report.source for report in reports] == [sheet.name for sheet in sheets]
    assert all(not report.failure for report in reports)
    assert [report.max_score - report.score for report in reports] == [number % 2 for number in range(40)]
