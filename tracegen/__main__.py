"""The front door: ``tracegen`` and ``python -m tracegen``. What is said before anything is loaded is said here."""

from __future__ import annotations

import gc
import sys

from tracegen.cli.overview import HELP, overview


def main() -> None:
    """Say what commands there are, at once, or hand over to the command line."""
    if len(sys.argv) == 2 and sys.argv[1] in HELP:
        print(overview())
        return
    from tracegen.cli.dispatch import main as command_line

    # what a run loads it keeps: looking through all of it for garbage, again and again and at the end, finds none
    gc.set_threshold(50_000)
    try:
        command_line(prog_name="tracegen")
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
