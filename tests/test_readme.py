"""The README is run: its files are written, its commands and its Python give what it says."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.planting import planted

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
FILE = re.compile(r"^(?:#|\{#) (\S+?\.(?:toml|j2|md))(?: #\})?\n")


def blocks(language: str) -> list[str]:
    return [text for found, text in BLOCK.findall(README) if found == language]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the README shows under their names."""
    place = tmp_path_factory.mktemp("readme")
    for _, text in BLOCK.findall(README):
        named = FILE.match(text)
        if named:
            path = place / named[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text[named.end() :] if path.suffix == ".j2" else text, encoding="utf-8")
    return place


def commands() -> list[tuple[str, str]]:
    found = []
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, expected = part.partition("\n")
            found.append((command, expected))
    return found


@pytest.mark.parametrize(("command", "expected"), commands(), ids=[command for command, _ in commands()])
def test_command(folder: Path, command: str, expected: str) -> None:
    programs = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": programs + os.pathsep + os.environ["PATH"], "COLUMNS": "120"}
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.stdout == expected, done.stderr


def test_python(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    text = "\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(text, {}, "README", "README.md", 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    with planted():  # what the README registers is for this test only
        runner.run(test)
    assert runner.failures == 0
    assert runner.tries > 5


def test_it_has_the_two_commands() -> None:
    (block,) = blocks("sh")
    assert [line.split()[0] for line in block.strip().splitlines()] == ["python3", "python3"]


@pytest.mark.parametrize("link", re.findall(r"\]\(((?!http)[^)#]+)\)", README))
def test_what_it_points_to_is_there(link: str) -> None:
    assert (ROOT / link).exists()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:tracegen|tests)/[\w/]+\.\w+)`", README))))
def test_a_file_that_it_names_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


def test_its_figures_are_of_the_day_of_the_table() -> None:
    measured = (ROOT / "output" / "benchmarks" / "table.md").read_text(encoding="utf-8").split(",")[0]
    assert measured.removeprefix("Measured on ") in README
