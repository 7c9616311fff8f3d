"""What there is on the command line, known without loading any of it."""

from __future__ import annotations

COMMANDS = {
    "trace": "Make the tables of a problem or of expressions.",
    "graph": "Draw the computational graph.",
    "page": "Make a page that steps through the trace.",
    "worksheet": "Make exercise sheets with keys.",
    "grade": "Grade answer sheets.",
    "proofread": "Check notes and sheets against themselves.",
    "gradescope": "Make an autograder folder.",
    "primitives": "Show the table of operations.",
    "profiles": "Show the conventions and their choices.",
    "example": "Write a shipped problem file.",
}
"""The commands with their one line of help."""

HELP = ("-h", "--help")

_TEXT = """\
Usage: tracegen [OPTIONS] COMMAND [ARGS]...

  Show the work of automatic differentiation, and mark it.

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
"""


def overview() -> str:
    """The help of the command line: how it is called, and the commands."""
    width = max(map(len, COMMANDS))
    return _TEXT + "\n".join(f"  {name:{width}}  {said}" for name, said in COMMANDS.items())
