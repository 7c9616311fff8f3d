"""Options of the command line: what the problem is, how wide and long its tables are, and in what formats."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from unicodedata import combining

import pytest

from tracegen import trace
from tracegen.document.typeset import typeset
from tracegen.notation.profiles import allowed, choices

LONG = "x*y*exp(x*y) + sin(x*y)*log(x) + x**3/y"


def run(*arguments: str, columns: int = 120, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tracegen.cli.dispatch", *arguments]
    environment = os.environ | {"COLUMNS": str(columns)}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=cwd, check=False)


def shown(*arguments: str, **options: object) -> str:
    done = run(*arguments, **options)  # type: ignore[arg-type]
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("shapes", [["--shapes", "W=KxN,x=N"], ["--shapes", "W=K×N", "--shapes", "x=N"]])
def test_shapes_are_given_as_in_python(shapes: list[str]) -> None:
    wanted = trace("norm(W @ x)**2", shapes={"W": ("K", "N"), "x": "N"})
    assert shown("trace", "norm(W @ x)**2", *shapes) == wanted.to("txt")


def test_sizes_may_be_numbers() -> None:
    wanted = trace("norm(W @ x)**2", shapes={"W": (3, 2), "x": (2, 1)})
    assert shown("trace", "norm(W @ x)**2", "--shapes", "W=3x2,x=2") == wanted.to("txt")


def test_a_parameter_has_a_value_or_none() -> None:
    wanted = trace("c*w**2 + k*w", at={"w": 2}, parameters={"c": 3, "k": None})
    assert shown("trace", "c*w**2 + k*w", "--parameter", "c=3,k", "--at", "w=2") == wanted.to("txt")
    assert shown("trace", "c*w**2 + k*w", "--parameter", "c=3", "--parameter", "k", "--at", "w=2") == wanted.to("txt")


def test_a_named_text_that_a_later_one_uses_is_a_step() -> None:
    wanted = trace({"f": "sin(a)*b"}, steps={"a": "x*y", "b": "a + x"})
    assert shown("trace", "a = x*y", "b = a + x", "f = sin(a)*b") == wanted.to("txt")
    two = trace({"f": "x*y", "g": "x + y"})
    assert shown("trace", "f = x*y", "g = x + y") == two.to("txt")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("x*c", "--parameter", "=3"), "--parameter needs name or name=value, not '=3'"),
        (("x*c", "--parameter", "c=3,c=4"), "--parameter has c twice"),
        (("norm(W @ x)", "--shapes", "W"), "--shapes needs name=value, not 'W'"),
        (("norm(W @ x)", "--shapes", "W=K*N"), "the shape of W is letters or numbers"),
        (("a = x", "a = a*x", "f = a"), "a is named twice"),
    ],
)
def test_a_mistake_in_them_is_one_line(arguments: tuple[str, ...], message: str) -> None:
    done = run("trace", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_several_formats_stand_between_commas(tmp_path: Path) -> None:
    shown("trace", "x*y", "--format", "md,tex", "--format", "csv", "--output", "out/", cwd=tmp_path)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["trace.csv", "trace.md", "trace.tex"]


@pytest.mark.parametrize("columns", [80, 100, 160])
@pytest.mark.parametrize("command", [["trace", LONG, "--at", "x=2,y=3"], ["profiles"]])
def test_tables_are_as_wide_as_the_terminal(command: list[str], columns: int) -> None:
    text = shown(*command, columns=columns)
    for line in text.splitlines():
        if line.startswith(("│", "╭")):
            assert sum(not combining(char) for char in line) <= columns
    letters = {char for char in shown(*command, columns=400) if char.isalnum()}
    assert letters <= set(text)


def on_a_terminal(*arguments: str, rows: int) -> str:
    """What a command prints on a terminal of so many rows."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": "100", "LINES": str(rows)}
    command = [sys.executable, "-m", "tracegen.cli.dispatch", *arguments]
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment) as process:
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            parts.append(part)
        process.wait()
    os.close(ours)
    return b"".join(parts).decode()


def test_on_a_terminal_two_screens_are_shown_and_how_to_get_the_rest() -> None:
    whole = shown("trace", LONG, "--at", "x=2,y=3", columns=100).splitlines()
    cut = on_a_terminal("trace", LONG, "--at", "x=2,y=3", rows=20).splitlines()
    assert len(whole) > 60
    assert cut[:-1] == whole[: len(cut) - 1]
    assert len(cut) <= 40
    assert cut[-1].startswith(f"… {len(whole) - len(cut) + 1} more lines: ")
    assert "--tables" in cut[-1]
    chosen = on_a_terminal("trace", LONG, "--at", "x=2,y=3", "--tables", "primal,forward,reverse", rows=10)
    assert "more lines" not in chosen


def test_every_choice_lists_its_words() -> None:
    text = shown("profiles", "--format", "csv")
    for choice in choices():
        assert allowed(choice.name)
        for word in choice.allowed:
            assert word in text


CLASSES = [r"\documentclass{article}", r"\documentclass[twocolumn]{article}", r"\documentclass{book}"]


@pytest.mark.parametrize("head", CLASSES)
def test_a_table_with_a_caption_is_a_float_that_compiles_in_columns_too(head: str) -> None:
    many = " + ".join(f"sin({at}*x)" for at in range(2, 16))
    for text in ("x*y", many):
        tex = shown(
            "trace", text, "--at", "x=2,y=3" if text == "x*y" else "x=2", "--format", "tex", "--tables", "primal",
            "--caption", "The trace, 100% & all", "--label", "tab:trace", "--no-checked",
        )  # fmt: skip
        assert "Checked" not in tex
        assert r"\label{tab:trace}" in tex
        assert "bfseries" not in tex
        needs = tex.partition("\n")[0].removeprefix("% needs ")
        whole = f"{head}\n{needs}\n\\begin{{document}}\nSee table \\ref{{tab:trace}}.\n{tex}\n\\end{{document}}\n"
        assert typeset(whole).startswith(b"%PDF-")


@pytest.mark.parametrize("format", ["md", "txt", "html", "tex"])
def test_what_was_checked_is_left_out_by_choice_and_kinks_are_not(format: str) -> None:
    whole = shown("trace", "abs(x)*2", "--at", "x=0", "--format", format)
    without = shown("trace", "abs(x)*2", "--at", "x=0", "--format", format, "--no-checked")
    assert "Checked" in whole
    assert "Checked" not in without
    assert "derivative" in without or "used" in without


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--caption", "a", "--format", "md"), "--caption and --label are for --format tex"),
        (("--caption", "a", "--format", "tex"), "--caption and --label are of one table"),
        (("--label", "a}b", "--format", "tex"), "'a}b' is no label"),
    ],
)
def test_a_caption_that_can_not_be_set_is_said(arguments: tuple[str, ...], message: str) -> None:
    done = run("trace", "x*y", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
