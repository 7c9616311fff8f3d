"""What is being done is said to a person at a terminal, and to nobody else."""

from __future__ import annotations

import io
import sys
import time

import pytest

from tracegen.cli import progress as module
from tracegen.cli.progress import progress


class Screen(io.StringIO):
    """A stream that is a terminal, or is not."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def said(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> str:
    """What a slow run writes on stderr."""
    screen = Screen(terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(module, "PATIENCE", 0.001)
    with progress("reading the problem"):
        until = time.monotonic() + 10
        while terminal and not screen.getvalue() and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(0.02)
    return screen.getvalue()


def test_a_terminal_shows_the_stage_and_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    text = said(monkeypatch, terminal=True)
    assert "reading the problem … 0 s" in text
    assert text.endswith("\r\x1b[2K")


def test_a_file_or_a_program_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(monkeypatch, terminal=False) == ""
