"""The same sheets give the same bytes whatever the order of Python's sets is in a run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tracegen.examples import path_of

ANSWER = Path(__file__).parent.parent / "submissions" / "homework_answer.md"


def graded(folder: Path, sheets: Path, seed: int) -> dict[str, bytes]:
    """All files that a class is graded into, in a process of its own."""
    out = folder / f"out{seed}"
    command = [sys.executable, "-m", "tracegen", "grade", str(path_of("homework1")), str(sheets), "--output", f"{out}/"]
    ran = subprocess.run(
        command, env={**os.environ, "PYTHONHASHSEED": str(seed)}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return {path.name: path.read_bytes() for path in sorted(out.iterdir()) if not path.name.startswith(".")}


def test_a_class_is_graded_alike_under_every_seed(tmp_path: Path) -> None:
    lines = ANSWER.read_text(encoding="utf-8").split("\n")
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    for place, line in enumerate(lines):  # a line emptied, and its numbers changed: slips that are made once each
        if place % 40 == 25 or place == 145:
            (sheets / f"without{place}.md").write_text("\n".join([*lines[:place], "", *lines[place + 1 :]]), "utf-8")
            changed = line.replace("+", "-").replace("1", "3")
            (sheets / f"other{place}.md").write_text("\n".join([*lines[:place], changed, *lines[place + 1 :]]), "utf-8")
    first = graded(tmp_path, sheets, 0)
    assert len(first) > 10
    assert graded(tmp_path, sheets, 1) == first
    assert graded(tmp_path, sheets, 2) == first
