"""``tracegen graph`` and ``tracegen page``: files by their endings, several formats, and errors in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracegen.cli.dispatch import main
from tracegen.examples import path_of

HOMEWORK = str(path_of("homework1"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        ("svg", "<svg "), ("dot", "digraph"), ("mmd", "flowchart LR"), ("tex", "% needs"), ("json", "["),
    ],
)  # fmt: skip
def test_the_ending_of_the_file_is_the_format(tmp_path: Path, ending: str, begins: str) -> None:
    path = tmp_path / f"graph.{ending}"
    done = run("graph", HOMEWORK, "--of", "y1", "--output", str(path))
    assert done.exit_code == 0, done.output
    assert path.read_text(encoding="utf-8").startswith(begins)


def test_several_formats_go_to_a_folder(tmp_path: Path) -> None:
    done = run("graph", HOMEWORK, "--format", "svg", "--format", "mermaid", "--output", f"{tmp_path}/")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["homework1.mmd", "homework1.svg"]


def test_expressions_are_drawn_at_a_point() -> None:
    done = run("graph", "a*b + sin(a)", "--at", "a=2,b=5", "--show", "primal", "--format", "json")
    assert '"primal"' in done.output


def test_a_page_is_written(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    done = run("page", HOMEWORK, "--of", "y2", "--output", str(path))
    assert done.exit_code == 0, done.output
    assert path.read_text(encoding="utf-8").count('class="part"') == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["graph", HOMEWORK, "--of", "<b>"], "there is no output '<b>'"),
        (["graph", HOMEWORK, "--show", "backward"], "there is no show 'backward'; there are none, primal"),
        (["graph", HOMEWORK, "--format", "gif"], "there is no format 'gif' of a graph"),
        (["graph", "a*b", "--inside", "value"], "values in the circles need a point"),
        (["page", HOMEWORK, "--wrt", "z"], "there is no input 'z'"),
    ],
)
def test_a_mistake_is_said_in_a_line(arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert message in done.output
    assert "Traceback" not in done.output
