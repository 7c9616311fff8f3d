"""What is printed where standard output can't hold every sign."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tracegen.cli.dispatch import main

PROBLEM = '[inputs]\nx1 = 2\nx2 = "pi"\n[outputs]\ny = "x1*x2 + sin(x1)"\n'
COMMANDS = [
    "trace p.toml", "trace p.toml --format md", "trace p.toml --format tex", "trace p.toml --format csv", "primitives",
    "profiles", "proofread a.md --format txt", "grade p.toml a.md", "graph p.toml --format mermaid",
    "graph p.toml --format dot", "graph p.toml --format tikz", "--help", "grade --help", "grade p.toml gone-漢.md",
    "trace ∂x",
]  # fmt: skip
EXACT = ["trace p.toml --format html", "graph p.toml --format svg", "grade p.toml a.md --format html"]


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(PROBLEM, "utf-8")
    (tmp_path / "a.md").write_text("v0 = x1 = 2\nv1 = x2 = π\nv2 = v0 v1 = 2π → 6.2\nv3 = sin(v0) = 0.809\n", "utf-8")


def run(line: str, encoding: str) -> tuple[int, str]:
    """The exit status and what is printed."""
    done = CliRunner(charset=encoding).invoke(main, line.split(), prog_name="tracegen", catch_exceptions=False)
    return done.exit_code, done.stdout_bytes.decode(encoding)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "koi8-r"])
@pytest.mark.parametrize("line", COMMANDS)
def test_no_command_fails_for_the_encoding(line: str, encoding: str) -> None:
    status, printed = run(line, encoding)
    expected, whole = run(line, "utf-8")
    assert status == expected
    assert len(printed.splitlines()) == len(whole.splitlines())


@pytest.mark.parametrize("line", EXACT)
def test_in_html_nothing_is_lost(line: str) -> None:
    printed, whole = run(line, "latin-1")[1], run(line, "utf-8")[1]
    assert printed.isascii()
    assert html.unescape(printed) == html.unescape(whole)


def test_in_json_nothing_is_lost() -> None:
    printed, whole = (run("grade p.toml a.md --format json", encoding)[1] for encoding in ("cp1252", "utf-8"))
    assert json.loads(printed) == json.loads(whole)


def test_the_page_that_steps_has_no_sign_that_its_script_does_not_know() -> None:
    page = run("page p.toml", "latin-1")[1]
    scripts = "".join(re.findall("<script.*?</script>", page, re.DOTALL))
    assert page.isascii()
    assert "\\u" in scripts
    assert "&#x" not in scripts
    assert not re.search(r"&#\d", scripts)


def test_a_process_fails_for_no_encoding() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([sys.executable, "-m", "tracegen", "trace", "p.toml"], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
