"""W1: how long it takes until something is there."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

from tests.benchmarks.case import OURS, Case, Run, Target, once

HOMEWORK = Path(__file__).parents[3] / "tracegen" / "examples" / "homework1.toml"
OUR_COMMAND = ("-m", "tracegen")


def process(arguments: tuple[str, ...], size: int) -> Run:
    """A command that was run once before, so that the bytecode of its modules is there."""
    command = [sys.executable, *arguments]
    subprocess.run(command, check=True, capture_output=True)
    return lambda: subprocess.run(command, check=True, capture_output=True)


def _case(what: str, system: str, *arguments: str) -> Case:
    return Case("W1", what, system, partial(process, arguments), (1,), once, "run", wall=True)


CASES = [
    _case("help", OURS, *OUR_COMMAND, "--help"),
    _case("help", "python -c pass", "-c", "pass"),
    _case("homework to md", OURS, *OUR_COMMAND, "trace", str(HOMEWORK), "--format", "md"),
    _case("homework to md", "import sympy, jinja2", "-c", "import sympy, jinja2"),
]

TARGETS = [
    Target("W1", "help", "ratio", 4, "python -c pass"),
    Target("W1", "homework to md", "ratio", 1.3, "import sympy, jinja2"),
]
