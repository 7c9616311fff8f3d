"""Grading from the command line: what a class's folder gets, and one line for whatever is wrong."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracegen.cli.dispatch import main

PROBLEM = '[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"\n'
ANSWER = "v0 = x1 = 2\nv1 = x2 = 1\nv2 = v0 v1 = 2\nv3 = sin(v0) = 0.909\n"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a problem, a class of three and what can go wrong."""
    monkeypatch.chdir(tmp_path)
    files = {"p.toml": PROBLEM, "r.toml": "[marks]\nvalue = -1\n", "a.md": ANSWER, "class/x.md": ANSWER,
             "class/y.tex": ANSWER.replace("= 2", "= 3"), "class/z.pdf": "%PDF", "none.zip": "no zip",
             "words/.DS_Store": "", "t.toml": 'carry = true\n[rows]\n"y/revrese v2" = { value = 2 }\n',
             "s.toml": '[inputs]\nx = {shape=["N"]}\nW = {shape=["K","N"]}\n[outputs]\ny = "W.T @ x"\n'}  # fmt: skip
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="tracegen")


WRONG = [
    ("grade", "Missing argument 'PROBLEM.toml… SHEET…'. See tracegen grade --help."),
    ("grade a.md", "give the problem as a file that ends in .toml, before the sheets"),
    ("grade p.toml", "there is no sheet: give files, folders or zips of answers (.md, .tex, "),
    ("grade s.toml a.md", "s.toml:5:10: Wᵀ x: Wᵀ is N×K, x is N×1; K ≠ N"),
    ("grade s.toml class --output out", "s.toml:5:10: Wᵀ x: Wᵀ is N×K, x is N×1; K ≠ N"),
    ("gradescope s.toml --output out", "s.toml:5:10: Wᵀ x: Wᵀ is N×K, x is N×1; K ≠ N"),
    ("grade p.toml nothing.md", "nothing.md: is not there"),
    ("grade p.toml none.zip", "none.zip: the zip can't be read: File is not a zip file"),
    ("grade p.toml empty.zip words", "there is no sheet in empty.zip, words: give files, "),
    ("grade nothing.toml a.md", "nothing.toml: can't be read: No such file or directory"),
    ("grade p.toml a.md --rubric r.toml", "r.toml:2:1: value has to be a number of marks, 0 or more"),
    ("grade p.toml a.md --rubric t.toml", "t.toml:3:1: there is no table 'y/revrese'; there are y/primal, "),
    ("gradescope p.toml --output out --rubric t.toml", "t.toml:3:1: there is no table 'y/revrese'; "),
    ("grade p.toml a.md --rubric=", "--rubric needs the name of a file"),
    ("grade p.toml a.md --format pptx", "there is no format 'pptx' of a report; there are md, html, "),
    ("grade p.toml a.md --format=", "there is no format '' of a report; there are md, html, "),
    ("grade p.toml a.md --output x.pdf", "there is no format 'pdf' of a report; there are md, html, "),
    ("grade p.toml a.md --output=", "--output needs the name of a file or a folder"),
    ("grade p.toml a.md --output a.md/x.md", "a.md/x.md: can't be written: File exists"),
    ("grade p.toml a.md --templates nothing", "there is no folder of templates nothing"),
    ("grade p.toml class", "3 sheets make several files: give --output a folder, such as reports/"),
    ("grade p.toml class --output a.md", "a.md: is a file; several files need a folder"),
    ("grade p.toml class --output a.md/out/", "a.md/out/: can't be made: Not a directory"),
    ("grade p.toml class --output out --format pptx", "there is no format 'pptx' of a report; "),
    ("grade p.toml class --output out --jobs 0", "Invalid value for '--jobs': 0 is not in the range"),
    ("proofread nothing.md", "nothing.md: is not there"),
    ("proofread none.zip", "none.zip: the zip can't be read: File is not a zip file"),
    ("gradescope nothing.toml --output out", "nothing.toml: can't be read: No such file or directory"),
    ("gradescope p.toml --output out --rubric r.toml", "r.toml:2:1: value has to be a number of marks"),
    ("gradescope p.toml --output out --requirement nothing.whl", "nothing.whl: can't be read: No such file or "),
    ("gradescope p.toml --output a.md", "a.md: is a file; several files need a folder"),
    ("worksheet p.toml --output a.md", "a.md: is a file; several files need a folder"),
    ("worksheet p.toml --output out --variants 0", "there are 1 to 1000 variants, not 0"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), WRONG, ids=[line for line, _ in WRONG])
def test_wrong(line: str, said: str, desk: Path) -> None:
    before = sorted(desk.rglob("*"))
    result = run(*line.split(" "))
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    errors = [each for each in result.stderr.splitlines() if each.startswith("tracegen: ")]
    assert len(errors) == 1
    assert errors[0].startswith(f"tracegen: {said}")
    assert sorted(desk.rglob("*")) == before


def test_a_class(desk: Path) -> None:
    command = ("grade", "p.toml", "class", "--output", "out", "--jobs", "1")
    said = "wrote {} of 3 reports, class.html, class.md and gradebook.csv to out"
    assert run(*command).stderr.splitlines()[-1] == said.format(3)
    names = {path.name for path in (desk / "out").iterdir()}
    assert names == {".graded", "x.html", "y.html", "z.html", "class.html", "class.md", "gradebook.csv", "review.html"}
    page = (desk / "out" / "class.html").read_text("utf-8")
    assert all(f'<a href="{name}.html">' in page for name in "xyz")
    assert ".pdf files are not read; a person has to look" in page
    book = list(csv.DictReader((desk / "out" / "gradebook.csv").read_text("utf-8").splitlines()))
    assert [line["sheet"] for line in book] == ["x.md", "y.tex", "z.pdf"]
    assert run(*command).stderr.splitlines()[-1] == said.format(0)
    (desk / "class" / "x.md").write_text(ANSWER.replace("0.909", "0.8"), "utf-8")
    (desk / "out" / "y.html").write_text("my words", "utf-8")
    assert run(*command).stderr.splitlines()[-1] == said.format(2)
    assert "my words" not in (desk / "out" / "y.html").read_text("utf-8")


@pytest.mark.parametrize("format_", ["md", "tex", "txt", "csv", "json", "gradescope"])
def test_a_class_in_every_format(desk: Path, format_: str) -> None:
    assert run("grade", "p.toml", "class", "--output", "out", "--jobs", "1", "--format", format_).exit_code == 0
    suffix = "json" if format_ == "gradescope" else format_
    pages = [desk / "out" / f"{name}.{suffix}" for name in "xyz"]
    assert all(page.stat().st_size for page in pages)
    if suffix == "json":
        assert all("score" in json.loads(page.read_text("utf-8")) for page in pages)


HOSTILE = {
    b"\xff\xfe.md": ANSWER, b"line\nbreak.md": ANSWER, b"<script>alert(1)<b>.md": ANSWER, b"=cmd|x.md": ANSWER,
    "漢".encode() * 60 + b".md": ANSWER, b"half.json": '{"a": "v0 = x1 = \\ud800 2", "v1 = \\udfff": "x2"}',
    b"zero.md": "v0 = x1 = 2\x00\x1b[31m\n",
}  # fmt: skip


@pytest.mark.parametrize("format_", ["html", "md", "tex", "txt", "csv", "json", "gradescope"])
def test_whatever_a_sheet_is_called_and_holds_its_report_is_written(desk: Path, format_: str) -> None:
    (desk / "hostile").mkdir()
    for name, text in HOSTILE.items():
        (desk / "hostile" / os.fsdecode(name)).write_text(text, "utf-8")
    assert run("grade", "p.toml", "hostile", "--output", "out", "--format", format_, "--jobs", "1").exit_code == 0
    pages = {path: path.read_text("utf-8") for path in (desk / "out").iterdir() if path.is_file()}
    assert len(pages) >= len(HOSTILE) + 3
    assert not any("<script>alert" in page for path, page in pages.items() if path.suffix in (".html", ".md"))
    for name in HOSTILE:
        assert run("grade", "p.toml", f"hostile/{os.fsdecode(name)}", "--format", format_).exit_code == 0
    assert "'=cmd|x.md" in (desk / "out" / "gradebook.csv").read_text("utf-8")


def test_an_interrupt_ends_a_class_with_one_line_and_leaves_whole_files(desk: Path) -> None:
    for number in range(400):
        (desk / "class" / f"{number}.md").write_text(ANSWER + f"v4 = v2 + v3 = 2.{number}\n", "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "tracegen", "grade", "p.toml", "class", "--output", "out", "--jobs", "2"],
        stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not list(desk.glob("out/*.html")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.decode().split() == ["tracegen:", "interrupted"]
    pages = list(desk.glob("out/*.html"))
    assert 0 < len(pages) < 403
    assert all(page.read_text("utf-8").endswith("</html>\n") for page in pages)
    assert not list(desk.glob("out/.[!g]*"))
