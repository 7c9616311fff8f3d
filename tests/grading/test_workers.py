"""A bad day of a class: the main process is killed, workers die or never come, and nothing is lost or left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

import pytest

from tracegen.errors import ToolError
from tracegen.grading.classes import batch
from tracegen.grading.classes.batch import grade_class
from tracegen.grading.classes.collecting import Sheet
from tracegen.grading.classes.workers import Workers
from tracegen.problems.problem import Problem

TEXT = '[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"\n'
ROWS = "v0 = x1 = 2\nv1 = x2 = 1\nv2 = v0 v1 = 2\nv3 = sin(v0) = 0.909\nv4 = v2 + v3 = {}\n"
SHEETS = 150
COMMAND = [sys.executable, "-m", "tracegen", "grade", "p.toml", "in", "--jobs", "2", "--output"]

on_linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are looked up in /proc")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.toml").write_text(TEXT, "utf-8")
    (tmp_path / "in").mkdir()
    for at in range(SHEETS):
        (tmp_path / "in" / f"{at}.md").write_text(ROWS.format(f"2.{at}"), "utf-8")
    return tmp_path


def until(true: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether something comes true before long."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def children(process: int) -> list[int]:
    try:
        return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def is_there(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@on_linux
@pytest.mark.parametrize("moment", ["workers begin", "pages come"])
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGHUP"])
def test_whatever_ends_the_main_process_no_worker_is_left_and_a_rerun_goes_on(
    desk: Path, name: str, moment: str
) -> None:
    process = subprocess.Popen([*COMMAND, "out"], stderr=subprocess.PIPE, start_new_session=True)
    pages = desk / "out"
    if moment == "pages come":
        assert until(lambda: bool(list(pages.glob("*.html"))))
    assert until(lambda: len(children(process.pid)) > 1)
    workers = children(process.pid)
    process.send_signal(getattr(signal, name))
    _, said = process.communicate(timeout=60)  # whoever reads the pipe is not kept waiting
    assert process.returncode in (-signal.SIGKILL, 128 + getattr(signal, name))
    if name != "SIGKILL":
        # a worker that was just being started may complain below
        assert said.decode().splitlines()[0] == "tracegen: ended by a signal"
    assert until(lambda: not any(map(is_there, workers)), 30)
    assert all(page.read_text("utf-8").endswith("</html>\n") for page in pages.glob("*.html"))
    assert subprocess.run([*COMMAND, "out"], capture_output=True).returncode == 0
    assert subprocess.run([*COMMAND[:-2], "1", "--output", "fresh"], capture_output=True).returncode == 0
    written = {path.name: path.read_bytes() for path in (desk / "fresh").iterdir() if path.is_file()}
    assert written == {path.name: path.read_bytes() for path in pages.iterdir() if path.is_file()}


def sheets(count: int) -> list[Sheet]:
    return [Sheet(f"{at}.md", ".md", ROWS.format(f"2.{at}")) for at in range(count)]


class Poison(str):
    """A text that ends the process to which it is sent."""

    def __reduce__(self) -> tuple[Callable[[int], None], tuple[int]]:
        return os._exit, (9,)


class Unsent(str):
    """A text that can't be sent to another process."""

    def __reduce__(self) -> str:
        raise TypeError("cannot pickle this")


def test_a_sheet_that_kills_its_workers_takes_no_other_with_it() -> None:
    given = sheets(6)
    given[2:2] = [Sheet("poison.md", ".md", Poison())]
    with Workers(2) as executor:
        reports = grade_class([Problem.from_toml(TEXT)], given, executor)
    assert [report.source for report in reports if report.failure] == ["poison.md"]
    assert reports[2].failure == "the worker was lost (BrokenProcessPool)"
    assert all(report.max_score == 15 for report in reports if not report.failure)


@pytest.mark.parametrize("problem", [Problem.from_toml(TEXT), replace(Problem.from_toml(TEXT), title="again")])
def test_what_can_not_be_sent_is_graded_here(problem: Problem) -> None:
    given = [*sheets(2), Sheet("unsent.md", ".md", Unsent(ROWS.format("2.9")))]
    without: list[int] = []
    with Workers(2) as executor:
        reports = grade_class([problem], given, executor, without=without.append)
    assert without == [1]
    assert all(report.max_score == 15 for report in reports)


@pytest.mark.parametrize("jobs", ["2", "5"])
def test_where_no_second_process_can_start_the_sheets_are_graded_in_the_first(desk: Path, jobs: str) -> None:
    code = (
        "import multiprocessing as m; m.set_executable('/bin/false'); from tracegen.cli.dispatch import main;"
        f"main(['grade', 'p.toml', 'in/1.md', 'in/2.md', 'in/3.md', '--jobs', '{jobs}', '--output', 'out/'])"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "wrote 3 of 3 reports" in done.stderr
    assert "no worker could be had: 3 sheets are graded without" in done.stderr
    assert len(list((desk / "out").glob("*.html"))) == 3 + 2


class Refuses(Executor):
    """An executor that takes nothing, as one does of which no process or thread can start."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        raise self.error


@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), BlockingIOError(11, "busy"), OSError("no")])
def test_an_executor_that_takes_nothing_is_done_without(error: Exception) -> None:
    without: list[int] = []
    reports = grade_class([Problem.from_toml(TEXT)], sheets(2), Refuses(error), without=without.append)
    assert without == [2]
    assert all(report.max_score == 15 for report in reports)


class Sleeps(Executor):
    """An executor whose workers never come."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        from concurrent.futures import Future

        return Future()


def test_workers_that_never_come_are_asked_after(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(batch, "PATIENCE", 0.01)

    def waited() -> None:
        raise ToolError("no worker is there")

    with pytest.raises(ToolError, match="no worker is there"):
        grade_class([Problem.from_toml(TEXT)], sheets(2), Sleeps(), cache=tmp_path, waited=waited)
