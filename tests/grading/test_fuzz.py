"""The fuzz of the reader and of grade, bounded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def test_no_sheet_breaks_grading() -> None:
    pytest.importorskip("atheris", reason="atheris is not installed: pip install 'tracegen[test]'")
    command = [
        sys.executable,
        "-m",
        "tests.grading.fuzz",
        "-atheris_runs=3000",
        "-seed=1",
        "-max_len=400",
        "-len_control=0",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
