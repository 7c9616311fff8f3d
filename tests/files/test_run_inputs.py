"""No file of a user is touched: no output replaces an input of its run, nor a file that tracegen did not write."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from tracegen.cli.commands.options import Input, WritingCommand
from tracegen.cli.dispatch import main
from tracegen.cli.overview import COMMANDS

PROBLEM = '[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"\n'
ANSWER = "v0 = x1 = 2\nv1 = x2 = 1\nv2 = v0 v1 = 2\nv3 = sin(v0) = 0.909\n"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with whatever a command can read."""
    files = {
        "p.toml": PROBLEM, "a.md": ANSWER, "r.toml": "missing = 0\n", "own/trace.md.j2": "{{ document.title }}",
        "own/report.md.j2": "{{ document.title }}", "class/x.md": ANSWER, "class/y.md": ANSWER,
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="tracegen")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def same(target: Path) -> str:
    return str(target)


def relative(target: Path) -> str:
    return os.path.join("..", Path.cwd().name, "class", "..", os.path.relpath(target))


def symbolic(target: Path) -> str:
    Path("soft").symlink_to(target)
    return "soft"


def hard(target: Path) -> str:
    os.link(target, "hard")
    return "hard"


def through_a_linked_folder(target: Path) -> str:
    Path("linked").symlink_to(target.parent, target_is_directory=True)
    return f"linked/{target.name}"


WAYS = [same, relative, symbolic, hard, through_a_linked_folder]

READING = [
    ("trace p.toml --format md", "p.toml"),
    ("trace p.toml --templates own --format md", "own/trace.md.j2"),
    ("trace p.toml --format pdf", "p.toml"),
    ("graph p.toml --format svg", "p.toml"),
    ("page p.toml", "p.toml"),
    ("page p.toml --templates own", "own/report.md.j2"),
    ("proofread a.md --format md", "a.md"),
    *((f"grade p.toml a.md --rubric r.toml --templates own --format {format_}", read)
      for format_ in ("md", "html", "txt", "json", "csv", "gradescope", "tex")
      for read in ("a.md", "p.toml", "r.toml", "own/report.md.j2")),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("line", "read"), READING)
def test_no_output_replaces_what_the_run_reads(
    line: str, read: str, way: Callable[[Path], str], desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = way(desk / read)
    before = contents(desk)
    for work in ("tracegen.cli.commands.options.trace_of", "tracegen.grading.classes.batch.grade_sheet"):
        monkeypatch.setattr(work, None)  # refused before any work is done
    result = run(*line.split(), "--output", output)
    assert result.exit_code == 2, result.output
    (said,) = result.stderr.splitlines()
    assert output in said
    assert read in said
    assert contents(desk) == before


FOLDERS = [
    # what writes into a folder, what is in the folder, and which of it has a name that the program would give
    ("proofread {0}a.md --format md", ["a.md"], "a.md"),
    ("grade {1}p.toml {2} --format md", ["x.md"], "x.md"),
    ("grade {1}p.toml {2} --format md --jobs 1", ["v.md", "w.md", "x.pdf", "x.md"], "v.md"),
    ("grade {1}p.toml {0}a.md --format md", ["a.md"], "a.md"),
    ("grade {1}p.toml {0}class.md", ["class.md"], "class.md"),
    ("grade {1}p.toml {2}", ["class.md", "gradebook.csv"], "class.md"),
    ("grade {1}p.toml {0}gradebook.csv {1}a.md", ["gradebook.csv"], "gradebook.csv"),
    ("worksheet {0}problems/01.toml", ["problems/01.toml"], "problems/01.toml"),
    ("worksheet {1}p.toml --templates {0}sheets", ["sheets/01.md"], "sheets/01.md"),
    ("gradescope {1}p.toml --rubric {0}rubric.toml", ["rubric.toml"], "rubric.toml"),
    ("gradescope {1}p.toml {0}02-p.toml {0}01-p.toml", ["01-p.toml", "02-p.toml"], "01-p.toml"),
    ("gradescope {1}p.toml --requirement {0}t.whl", ["t.whl"], "t.whl"),
    ("trace {1}p.toml --templates {2} --format md", ["p.md"], "p.md"),
    ("trace {1}p.toml --templates {2} --format txt --format md", ["p.md"], "p.md"),
    ("graph {0}p.toml --format toml", ["p.toml"], "p.toml"),
    ("page {1}p.toml --templates {2}", ["p.html"], "p.html"),
]  # fmt: skip


@pytest.mark.parametrize("output", ["d", "d/", "./d/.", "link", "."])
@pytest.mark.parametrize(("line", "there", "read"), FOLDERS)
def test_no_folder_of_outputs_replaces_what_the_run_reads(
    line: str, there: list[str], read: str, output: str, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in there:
        (desk / "d" / name).parent.mkdir(parents=True, exist_ok=True)
        texts = {".toml": PROBLEM if name != "rubric.toml" else "missing = 0\n"}
        (desk / "d" / name).write_text(texts.get(Path(name).suffix, ANSWER), "utf-8")
    Path("link").symlink_to("d", target_is_directory=True)
    if output == ".":
        monkeypatch.chdir("d")
    before = contents(desk)
    inside = ("", "../", ".") if output == "." else ("d/", "", "d")
    result = run(*line.format(*inside).split(), "--output", output)
    assert contents(desk) == before
    assert result.exit_code == 2, result.output
    (said,) = result.stderr.splitlines()
    assert said.count(Path(read).name) >= 2


MADE = [
    ("trace p.toml --format md --format tex --format html", ["p.md", "p.tex", "p.html"]),
    ("graph p.toml --format svg --format dot --format tikz --format mermaid", ["p.svg", "p.dot", "p.tex", "p.mmd"]),
    ("page p.toml", ["p.html"]),
    ("proofread a.md --format html", ["a.html"]),
    *((f"grade p.toml a.md --format {format_}", [f"a.{format_}", "gradebook.csv"])
      for format_ in ("md", "html", "txt", "json", "csv", "tex")),
    *((f"grade p.toml class --jobs 1 --format {format_}",
       [f"x.{format_}", f"y.{format_}", "class.html", "class.md", "gradebook.csv"])
      for format_ in ("md", "html", "txt", "json", "csv", "tex")),
]  # fmt: skip


@pytest.mark.parametrize(("line", "names"), MADE)
def test_a_file_that_tracegen_did_not_write_keeps_its_name(line: str, names: list[str], desk: Path) -> None:
    (desk / "out").mkdir()
    for name in names:
        (desk / "out" / name).write_text(f"my own {name}", "utf-8")
    first = run(*line.split(), "--output", "out")
    assert first.exit_code == 0, first.output
    for name in names:
        assert (desk / "out" / name).read_text("utf-8") == f"my own {name}"
        assert f"out/{name} is left as it is" in first.stderr
    written = contents(desk / "out")
    (desk / "p.toml").write_text(PROBLEM.replace("x1 = 2", "x1 = 3"), "utf-8")
    assert run(*line.split(), "--output", "out").exit_code == 0
    again = contents(desk / "out")
    assert {name for name in again if ".graded" not in name} == {name for name in written if ".graded" not in name}


@pytest.mark.parametrize(("line", "names"), MADE)
def test_what_tracegen_wrote_is_replaced_by_the_next_run(line: str, names: list[str], desk: Path) -> None:
    for value in ("2", "3", "4"):
        (desk / "p.toml").write_text(PROBLEM.replace("x1 = 2", f"x1 = {value}"), "utf-8")
        result = run(*line.split(), "--output", "out/")
        assert result.exit_code == 0
        assert "is left as it is" not in result.stderr
        assert {path.name for path in (desk / "out").iterdir()} - {".graded"} >= set(names)
        assert not list((desk / "out").glob("*-2.*"))


@pytest.mark.parametrize(
    ("line", "name"),
    [("worksheet p.toml --variants 2", "problems/02.toml"), ("worksheet p.toml", "sheets/01.md"),
     ("worksheet p.toml", "keys/01.md"), ("gradescope p.toml", "setup.sh"), ("gradescope p.toml", "grade.py"),
     ("gradescope p.toml", "01-p.toml"), ("gradescope p.toml --rubric r.toml", "rubric.toml")],
)  # fmt: skip
def test_a_file_whose_name_is_fixed_is_refused_where_it_is_not_as_it_was_written(
    line: str, name: str, desk: Path
) -> None:
    command = [*line.split(), "--output", "out"]
    assert run(*command).exit_code == 0
    assert run(*command).exit_code == 0
    (desk / "out" / name).write_text((desk / "out" / name).read_text("utf-8").replace("=", "= 7", 1) + "\n", "utf-8")
    before = contents(desk)
    result = run(*command)
    assert result.exit_code == 2
    assert result.stderr == f"tracegen: out/{name}: is there, and is not as tracegen writes it: give another folder\n"
    assert contents(desk) == before


def test_a_file_that_is_named_is_replaced(desk: Path) -> None:
    (desk / "mine.md").write_text("mine", "utf-8")
    assert run("trace", "p.toml", "--output", "mine.md").exit_code == 0
    assert "Evaluation trace" in (desk / "mine.md").read_text("utf-8")


def graded(*arguments: str) -> tuple[int, bytes]:
    """How many sheets a run grades, and its gradebook."""
    result = run("grade", "p.toml", *arguments, "--jobs", "1")
    assert result.exit_code == 0, result.output
    output = Path(arguments[arguments.index("--output") + 1])
    return int(result.stderr.split(" reports")[0].rpartition(" ")[2]), (output / "gradebook.csv").read_bytes()


@pytest.mark.parametrize("output", ["class/reports/", "class/deep/er/", "class", "class/", "elsewhere/"])
@pytest.mark.parametrize(
    "looks",
    ["html", "tex", "txt", "json", "gradescope", "csv", "txt --templates own"],
)
def test_a_class_is_as_large_in_every_run(output: str, looks: str, desk: Path) -> None:
    (desk / "own" / "report.txt.j2").write_text("{{ document.title }} without a mark", "utf-8")
    runs = [graded("class", "--output", output, "--format", *looks.split()) for _ in range(3)]
    assert [count for count, _ in runs] == [2, 2, 2]
    assert len({book for _, book in runs}) == 1
    assert graded("class", "--output", "another/")[0] == 2
    files = [str(path) for path in Path("class").iterdir() if path.is_file()]
    assert graded(*files, "--output", "another/")[0] == 2


@pytest.mark.parametrize("format_", ["md", "html", "tex", "txt", "json", "gradescope", "csv"])
def test_a_report_is_no_sheet_wherever_it_is(format_: str, desk: Path) -> None:
    assert run("grade", "p.toml", "class", "--output", "out", "--format", format_, "--jobs", "1").exit_code == 0
    (desk / "mixed").mkdir()
    for path in (desk / "out").iterdir():
        if path.is_file():
            path.rename(desk / "mixed" / path.name)
    shutil.make_archive("packed", "zip", "mixed")
    for given in ("mixed", "packed.zip"):
        alone = run("grade", "p.toml", given)
        assert alone.exit_code == 2
        assert f"there is no sheet in {given}" in alone.stderr
    (desk / "mixed" / "anna.md").write_text(ANSWER, "utf-8")
    assert "12 │ 12" in run("grade", "p.toml", "mixed", "--format", "txt").stdout


@pytest.mark.parametrize("format_", ["md", "tex", "txt", "json", "csv", "html"])
def test_a_table_that_tracegen_made_is_a_sheet(format_: str, desk: Path) -> None:
    assert run("trace", "p.toml", "--format", format_, "--output", "made/").exit_code == 0
    assert run("grade", "p.toml", f"made/p.{format_}", "--format", "json").exit_code == 0
    assert run("worksheet", "p.toml", "--output", "sheets").exit_code == 0
    shown = run("grade", "sheets/problems/01.toml", "sheets/keys/01.md", "--format", "csv").stdout.splitlines()
    _, _, _, marks, of = next(line for line in shown if line.startswith("summary,all")).split(",")
    assert marks == of != "0"


def test_what_is_left_out_for_the_folder_that_it_is_in_is_said(desk: Path) -> None:
    (desk / "class" / "anna").mkdir()
    (desk / "class" / "anna" / "x.md").write_text(ANSWER, "utf-8")
    result = run("grade", "p.toml", "class", "--output", "class/anna/", "--format", "md", "--jobs", "1")
    assert "passed over anna/x.md: " in result.stderr
    assert (desk / "class" / "anna" / "x.md").read_text("utf-8") == ANSWER
    assert (desk / "class" / "anna" / "x-2.md").exists()


def commands() -> list[click.Command]:
    found = [getattr(import_module(f"tracegen.cli.commands.{name}"), name) for name in COMMANDS]
    return [command for command in found if any(parameter.name == "output" for parameter in command.params)]


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_every_command_that_writes_knows_what_it_reads(command: click.Command) -> None:
    assert isinstance(command, WritingCommand)
    for parameter in command.params:
        shown = f"{parameter.name} {parameter.metavar}"
        if parameter.name != "output" and any(word in shown for word in (".toml", "SHEET", "DIR", "FILE", "wheel")):
            assert isinstance(parameter.type, Input), shown
