"""A LaTeX document as a PDF, with whatever LaTeX is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tracegen.errors import ToolError

SECONDS = 120

_ENGINES = {
    "latexmk": ["-pdf", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error"],
    "pdflatex": ["-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error"],
    "tectonic": ["--untrusted"],
}
_RERUN = re.compile(rb"Rerun (?:to|LaTeX)|rerun LaTeX|Table widths have changed", re.IGNORECASE)


def typeset(tex: str) -> bytes:
    """The PDF of a whole LaTeX document. It is made in a folder of its own, and can run no other program.

    Raises ToolError where no LaTeX is installed, or it refuses the document or takes too long.
    """
    engine = next((name for name in _ENGINES if shutil.which(name)), None)
    if engine is None:
        raise ToolError(f"a PDF needs a LaTeX, and none of {', '.join(_ENGINES)} is installed")
    with tempfile.TemporaryDirectory(prefix="tracegen-") as folder:
        (Path(folder) / "document.tex").write_text(tex, encoding="utf-8")
        # the widths of long tables settle in the second or third run
        for _ in range(3):
            log = _run(engine, folder)
            if not _RERUN.search(log):
                break
        return (Path(folder) / "document.pdf").read_bytes()


def _run(engine: str, folder: str) -> bytes:
    command = [engine, *_ENGINES[engine], "document.tex"]
    # reading and writing stay inside the folder
    guarded = {**os.environ, "openin_any": "p", "openout_any": "p", "shell_escape": "f", "max_print_line": "1000"}
    try:
        done = subprocess.run(command, cwd=folder, env=guarded, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"{engine} did not finish in {SECONDS} seconds") from error
    if done.returncode or not (Path(folder) / "document.pdf").exists():
        raise ToolError(f"{engine} refuses the document: {_first_error(done.stdout + done.stderr)}")
    return done.stdout


def _first_error(log: bytes) -> str:
    lines = log.decode(errors="replace").splitlines()
    return next((line.lstrip("! ") for line in lines if line.startswith(("!", "error:"))), "no reason given")
