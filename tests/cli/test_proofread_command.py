"""Proofreading from the command line: a line a slip with its place, and an exit status that a script can use."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracegen.cli.dispatch import main

RIGHT = "v0 = x1 = 2\nv1 = x2 = 1\nv2 = v0 v1 = 2\nv3 = sin(v0) = 0.909\nv4 = v2 + v3 = 2.909\n"
WRONG = RIGHT.replace("0.909\n", "0.809\n")
TEX = "\\begin{align*}\nv_0 &= x = 2\\\\\nv_1 &= 3 v_0 = 8\\\\\nv_2 &= v_1 + 1\n\\end{align*}\n"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes with and without slips, in folders and alone, and files that are none."""
    monkeypatch.chdir(tmp_path)
    files = {"right.md": RIGHT, "wrong.md": WRONG, "notes/one.tex": TEX, "notes/words.md": "nothing to see\n",
             "notes/.hidden.md": WRONG, "words.md": "no list\n", "picture.pdf": "%PDF", "empty/x.py": "",
             "v:0, 1.md": WRONG}  # fmt: skip
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["proofread", *arguments], prog_name="tracegen")


VALUE = "the formula does not give this value"
SAID = f"{VALUE}; 0.909297 is right at x1 = 2, x2 = 1, not 0.809"

STATUS = [
    (("right.md",), 0, ""),
    (("wrong.md",), 1, f"wrong.md:4:16: 0.809: {SAID}\n"),
    (("right.md", "words.md"), 0, ""),
    (("right.md", "notes"), 1, f"notes/one.tex:3:16: 8: {VALUE}; 6 is right at x = 2, not 8\n"),
    (("notes/",), 1, f"notes/one.tex:3:16: 8: {VALUE}; 6 is right at x = 2, not 8\n"),
    (("words.md",), 2, ""),
    (("picture.pdf",), 2, ""),
    (("right.md", "picture.pdf"), 2, ""),
    (("gone.md",), 2, ""),
    (("empty",), 2, ""),
    ((), 2, ""),
    (("wrong.md", "--format", "pptx"), 2, ""),
    (("wrong.md", "right.md", "--format", "html"), 2, ""),
]


@pytest.mark.parametrize(("arguments", "status", "said"), STATUS)
def test_the_status_says_what_was_found(arguments: tuple[str, ...], status: int, said: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (status, said), done.stderr
    assert "Traceback" not in done.stderr
    if status == 2:
        assert done.stderr.startswith("tracegen: ")


@pytest.mark.parametrize("format", ["md", "html", "tex", "json", "csv"])
def test_one_file_gives_a_whole_report(format: str) -> None:
    assert run("right.md", "--format", format).exit_code == 0
    done = run("wrong.md", "--format", format)
    assert done.exit_code == 1
    assert "0.809" in done.stdout


def test_an_annotation_of_github_is_one_line_whatever_the_name_is() -> None:
    done = run("v:0, 1.md", "--format", "github")
    assert done.stdout == f"::error file=v%3A0%2C 1.md,line=4,col=16,title=slip::0.809: {SAID}\n"


COMMENTS = ["{} <!-- tracegen: ignore -->", "{} % tracegen: ignore", "<!-- tracegen: ignore -->\n{}"]


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_takes_its_line_out_and_no_other(comment: str) -> None:
    slips = RIGHT.replace("0.909\n", "0.809\n").replace("v0 v1 = 2", "v0 v1 = 7")
    assert run_on(slips).stdout.count("sheet.md:") == 2
    marked = run_on(slips.replace("v2 = v0 v1 = 7", comment.format("v2 = v0 v1 = 7"))).stdout
    assert marked.count("sheet.md:") == 1
    assert "0.809" in marked


def run_on(text: str) -> Result:
    Path("sheet.md").write_text(text, "utf-8")
    return run("sheet.md")


def test_the_lines_go_into_a_file_and_no_file_is_replaced() -> None:
    done = run("wrong.md", "--output", "slips.txt")
    assert done.exit_code == 1
    assert Path("slips.txt").read_text().startswith("wrong.md:4:16: 0.809")
    assert run("wrong.md", "--output", "wrong.md").exit_code == 2
    assert Path("wrong.md").read_text() == WRONG
