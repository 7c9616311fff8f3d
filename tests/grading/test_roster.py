"""The gradebook of a platform, filled in: by whom a line is of, with everything else as it was."""

from __future__ import annotations

import csv
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracegen.cli.dispatch import main

PROBLEM = '[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"\n'
FULL = "v0 = x1 = 2\nv1 = x2 = 1\nv2 = v0 v1 = 2\nv3 = sin(v0) = 0.909\nv4 = v2 + v3 = 2.909\n"
PART = FULL.replace("sin(v0)", "cos(v0)")

CANVAS = (
    "Student,ID,SIS User ID,Section,Homework 1 (4711),Final Score\r\n    Points Possible,,,,15,\r\n"
    '"Müller, Anna",12,a012,A,,=1+1\r\n"Stein, Ben",13,b013,A,3,\r\n"Otto, Carl",14,c014,A,,\r\n'
)
MOODLE = (
    '"Identifier","Full name","Email address","Status","Grade","Maximum Grade"\n'
    '"Participant 12","Anna Müller","anna@x.org","Submitted","","15"\n'
    '"Participant 13","Ben Stein","ben@x.org","Submitted","","15"\n'
    '"Participant 14","Carl Otto","carl@x.org","","",""\n'
)
GRADESCOPE = (
    "First Name;Last Name;SID;Email;Total Score\nAnna;Müller;12;a@x.org;\nBen;Stein;13;b@x.org;\nCarl;Otto;14;c;\n"
)
EXPORTS = {
    "canvas": (CANVAS, {"mülleranna_12_9_a.md": FULL, "steinben_LATE_13_8_b-1.md": PART}, 4),
    "moodle": (MOODLE, {
        "Anna Müller_12_assignsubmission_file_/a.md": FULL, "Ben Stein_13_assignsubmission_file_/b.md": PART}, 4),
    "gradescope": (GRADESCOPE, {"12/a.md": FULL, "13/b.md": PART}, 4),
    "names": (GRADESCOPE, {"Anna Müller/a.md": FULL, "Stein, Ben/b.md": PART}, 4),
}  # fmt: skip


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text, newline=""), delimiter=";" if text.count(";") > text.count(",") else ","))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(PROBLEM, "utf-8")
    return tmp_path


def grade(files: dict[str, str], *more: str) -> Result:
    with zipfile.ZipFile("all.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    command = ["grade", "p.toml", "all.zip", "--output", "out/", "--jobs", "1", *more]
    return CliRunner().invoke(main, command, catch_exceptions=False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("platform", EXPORTS)
@pytest.mark.parametrize("more", [[], ["--anonymous", "a key"]], ids=["named", "anonymous"])
def test_marks_go_to_the_line_of_their_student_and_nothing_else_changes(
    desk: Path, platform: str, encoding: str, more: list[str]
) -> None:
    text, files, column = EXPORTS[platform]
    (desk / "export.csv").write_bytes(text.encode(encoding))
    done = grade(files, "--gradebook", "export.csv", *more)
    assert done.exit_code == 0, done.output
    assert (desk / "export.csv").read_bytes() == text.encode(encoding)
    filled = (desk / "out" / "gradebook-filled.csv").read_bytes().decode(encoding)
    before, after = lines(text), lines(filled)
    first = len(before) - 3
    assert [line[column] for line in after[first:]] == ["15", "14", before[-1][column]]
    for line, was in zip(after, before, strict=True):
        assert [cell for at, cell in enumerate(line) if at != column] == [
            cell for at, cell in enumerate(was) if at != column
        ]
    assert filled.count("\r\n") == text.count("\r\n")
    assert "2 of" in done.stderr


@pytest.mark.parametrize(
    ("files", "said", "marked"),
    [({"99/a.md": FULL, "12/a.md": FULL}, "no line of their own: 99", 1),
     ({"12/a.md": "", "13/a.md": FULL}, "no marks, for a person has to: 12", 1),
     ({"12/a.md": FULL, "Anna Müller/a.md": FULL}, "no line of their own: 12, Anna Müller", 0)],
)  # fmt: skip
def test_who_has_no_line_or_no_marks_is_named(desk: Path, files: dict[str, str], said: str, marked: int) -> None:
    (desk / "export.csv").write_text(GRADESCOPE, "utf-8")
    done = grade(files, "--gradebook", "export.csv")
    assert said in done.stderr
    filled = (desk / "out" / "gradebook-filled.csv").read_text("utf-8")
    assert sum(line[4] != "" for line in lines(filled)[1:]) == marked


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [("Name,SID\nA,1\n", [], "export.csv: give --column the one that the marks go to, of Name, SID"),
     (CANVAS.replace("Final Score", "Quiz (1)"), [], "export.csv: give --column the one"),
     (CANVAS, ["--column", "Quiz"], "export.csv: there is no column 'Quiz'; there are Student, ID"),
     ("", [], "export.csv: has no line"), ('a,"b\n', [], "export.csv: is no CSV")],
)  # fmt: skip
def test_a_gradebook_that_does_not_say_where_marks_go_is_an_error(
    desk: Path, text: str, more: list[str], said: str
) -> None:
    (desk / "export.csv").write_text(text, "utf-8")
    done = grade({"12/a.md": FULL}, "--gradebook", "export.csv", *more)
    assert done.exit_code == 2
    assert f"tracegen: {said}" in done.stderr
    assert not (desk / "out").exists()


def test_no_name_is_in_anything_that_is_written_of_anonymous_students(desk: Path) -> None:
    files = {"Anna Müller/a.md": FULL, "Anna Müller/me.jpg": "", "Ben Stein/a.pdf": "", "Carl_Otto.md": PART}
    names = []
    for _ in range(2):
        assert grade(files, "--anonymous", "a key").exit_code == 0
        written = sorted(path for path in (desk / "out").rglob("*") if path.is_file())
        names.append([path.name for path in written if path.suffix == ".html"])
        for path in written:
            assert not any(part in path.name + path.read_text("utf-8") for part in ("Anna", "Stein", "Otto"))
    assert names[0] == names[1]
    assert grade(files, "--anonymous", "another").exit_code == 0
    assert sorted(path.name for path in (desk / "out").glob("*.html")) != names[0]
