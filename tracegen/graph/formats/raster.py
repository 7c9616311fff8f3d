"""A graph as PDF, set by LaTeX, and as PNG, by whatever is installed that draws SVG."""

from __future__ import annotations

import shutil
import subprocess

from tracegen.errors import ToolError

SECONDS = 60
ZOOM = 2


def pdf(tikz: str) -> bytes:
    """A document of TikZ as a PDF, set by LaTeX. Raises ToolError where no LaTeX is installed."""
    from tracegen.document.typeset import typeset

    return typeset(tikz)


def png(svg: str) -> bytes:
    """An SVG as a PNG of twice its size. Raises ToolError where nothing that makes one is installed."""
    try:
        import resvg_py
    except ImportError:
        return _by_program(svg)
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=ZOOM))


def _by_program(svg: str) -> bytes:
    program = shutil.which("rsvg-convert")
    if program is None:
        raise ToolError("a PNG needs resvg: pip install resvg-py, or the program rsvg-convert")
    command = [program, "--format=png", f"--zoom={ZOOM}"]
    try:
        done = subprocess.run(command, input=svg.encode(), capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise ToolError(f"{program} did not finish in {SECONDS} seconds") from error
    if done.returncode:
        raise ToolError(f"{program} refuses the picture: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
