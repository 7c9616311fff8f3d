"""Gradescope: the results as its page describes them, and the autograder's folder, run as it runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tracegen.grading.classes.together import merged
from tracegen.grading.grader import grade
from tracegen.grading.gradescope import folder, results
from tracegen.grading.rubric import Rubric
from tracegen.problems.problem import Problem

PROBLEM = '[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny1 = "exp(2*x2)"\n'
RIGHT = "v0 = x1 = 2\nv1 = x2 = 1\nv2 = 2 v1 = 2\nv3 = exp(v2)\n"
ADJOINTS = "Adjoints of y1\n\n$\\bar v_3 = 1$\n\n$\\bar v_2 = \\bar v_3 \\exp(v_2) = \\exp(2)$\n"

TOP = {"score", "output", "output_format", "test_output_format", "visibility", "stdout_visibility", "extra_data"}


def test_results(first: Problem) -> None:
    found = results(grade(first, RIGHT + "v4 = v1^3 = 1\n"), 0.25)
    json.dumps(found, allow_nan=False)
    assert found.keys() == TOP | {"tests", "execution_time"}
    assert found["execution_time"] == 0.25
    assert found["score"] == sum(test["score"] for test in found["tests"])
    failed = [test for test in found["tests"] if test["status"] == "failed"]
    assert [test["name"] for test in failed] == ["y1/primal v4"]
    assert failed[0]["number"] == "1.5"
    assert "Right would be" in failed[0]["output"]


def test_rows_that_are_on_several_sheets_count_once(first: Problem) -> None:
    worse = RIGHT.replace("v2 = 2 v1 = 2", "v2 = 2 v1 = 5")
    whole, poor = grade(first, RIGHT), grade(first, worse)
    for reports in ([whole, poor], [poor, whole], [whole, whole]):
        together = merged(reports, Rubric())
        assert (together.score, together.max_score) == (whole.score, whole.max_score)


def test_a_table_is_missing_where_it_is_on_no_sheet() -> None:
    problem, rubric = Problem.from_toml(PROBLEM), Rubric(missing=2)
    values, adjoints = grade(problem, RIGHT, rubric=rubric), grade(problem, ADJOINTS, rubric=rubric)
    assert values.missing
    assert adjoints.missing
    together = merged([values, adjoints], rubric)
    assert together.missing == ()
    assert together.score == together.max_score == values.max_score + adjoints.max_score


# the folder, run as the page says: setup.sh apart, run_autograder with source/, submission/ and results/ beside it

HANDED_IN: dict[str, tuple[dict[str, str], float, str]] = {
    "a sheet": ({"answer.md": RIGHT}, 11, "11 of 11 marks."),
    "nothing": ({}, 0, "This sheet could not be graded: no sheet was handed in"),
    "an empty sheet": ({"answer.md": ""}, 0, "nothing on it reads"),
    "a photo": ({"photo.JPG": "\xff"}, 0, ".jpg files are not read; a person has to look"),
    "a PDF and a photo": ({"a.pdf": "%PDF", "b.png": "x"}, 0, "a.pdf: .pdf files are not read; a person has "),
    "a sheet and a photo": ({"answer.md": RIGHT, "photo.jpg": "\xff"}, 11, "11 of 11 marks."),
    "a sheet twice": ({"answer.md": RIGHT, "again/answer.txt": RIGHT}, 11, "11 of 11 marks."),
    "half a sign": ({"a.json": '["v0 = x1 = \\ud800", "v1 = x2 = 1"]'}, 5, "5 of 6 marks, 1 open. 1 cell will be"),
    "two parts": ({"one.md": RIGHT, "two.md": ADJOINTS}, 16, "16 of 16 marks."),
    "what is of no format": ({"answer.ipynb": "{nonsense"}, 0, "is no JSON"),
    "a sheet and what is of no format": ({"answer.md": RIGHT, "x.ipynb": "{nonsense"}, 11, "11 of 11 marks. 1 cell "),
}  # fmt: skip


def run(home: Path, path: str | None = None) -> dict[str, Any]:
    programs = str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"] if path is None else path
    environment = os.environ | {"AUTOGRADER_HOME": str(home), "PATH": programs}
    shutil.copy(home / "source" / "run_autograder", home / "run_autograder")
    done = subprocess.run([home / "run_autograder"], env=environment, capture_output=True, check=True, timeout=60)
    assert done.stdout == b""
    assert [path.name for path in (home / "results").iterdir()] == ["results.json"]
    found: dict[str, Any] = json.loads((home / "results" / "results.json").read_text("utf-8"))
    assert isinstance(found["score"], int | float)
    assert isinstance(found["tests"], list)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "p.toml").write_text(PROBLEM, "utf-8")
    folder([tmp_path / "p.toml"], tmp_path / "autograder" / "source")
    (tmp_path / "autograder" / "submission").mkdir()
    return tmp_path / "autograder"


@pytest.mark.parametrize(("files", "score", "said"), HANDED_IN.values(), ids=HANDED_IN)
def test_what_is_handed_in(home: Path, files: dict[str, str], score: float, said: str) -> None:
    for name, text in files.items():
        path = home / "submission" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    found = run(home)
    assert found["score"] == score
    assert said in found["output"]
    assert found.keys() == TOP | {"tests", "execution_time"}


def no_problem(home: Path) -> None:
    (home / "source" / "01-p.toml").unlink()


def bad_problem(home: Path) -> None:
    (home / "source" / "01-p.toml").write_text("[inputs", "utf-8")


def bad_rubric(home: Path) -> None:
    (home / "source" / "rubric.toml").write_text("colour = 1", "utf-8")


def no_submission(home: Path) -> None:
    (home / "submission").rmdir()


def not_installed(home: Path) -> None:
    (home / "source" / "tracegen.py").write_text("raise ImportError('no module of this name')", "utf-8")


def killed(home: Path) -> None:
    (home / "source" / "tracegen.py").write_text("import os; os.kill(os.getpid(), 9)", "utf-8")


def cut_off(home: Path) -> None:
    (home / "results").mkdir()
    (home / "results" / "results.json").write_text('{"score": 7, "te', "utf-8")
    killed(home)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (no_problem, "ProblemError: "), (bad_problem, "is no TOML"), (bad_rubric, "there is no 'colour' in a rubric"),
        (no_submission, "no sheet was handed in"), (not_installed, "no module of this name"),
        (killed, "did not come to its end"), (cut_off, "did not come to its end"),
    ],
)  # fmt: skip
def test_whatever_is_broken_there_are_results(home: Path, broken: Any, said: str) -> None:
    broken(home)
    found = run(home)
    assert found["score"] == 0
    assert said in found["output"]


def test_where_there_is_no_python_there_are_results(home: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "env", "mkdir", "rm"):
        (programs / name).symlink_to(shutil.which(name) or "")
    assert "did not come to its end" in run(home, str(programs))["output"]


def test_a_requirement_is_one_word_of_the_script(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(PROBLEM, "utf-8")
    wheel = tmp_path / "tracegen-1-py3-none-any.whl"
    wheel.write_bytes(b"PK")
    for requirement, said in (("tracegen>=0.1", "'tracegen>=0.1'"), (str(wheel), f"/autograder/source/{wheel.name}")):
        written = folder([tmp_path / "p.toml"], tmp_path / "out", requirement=requirement)
        assert (tmp_path / "out" / "setup.sh").read_text("utf-8").endswith(f"/pip install {said}\n")
    assert tmp_path / "out" / wheel.name in written
    assert (tmp_path / "out" / wheel.name).read_bytes() == b"PK"


def test_the_folder_can_be_set_up(home: Path) -> None:
    assert {path.name for path in (home / "source").iterdir()} == {
        "setup.sh",
        "run_autograder",
        "grade.py",
        "01-p.toml",
    }
    for script in ("setup.sh", "run_autograder"):
        assert (home / "source" / script).stat().st_mode & 0o111
        subprocess.run(["bash", "-n", home / "source" / script], check=True)
