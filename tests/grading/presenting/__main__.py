"""Measures a grader on drawn sheets: python -m tests.grading.presenting --sheets 5000 --seed 1 --jobs 2."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def _range(text: str) -> tuple[int, int]:
    low, _, high = text.partition("-")
    return int(low), int(high or low)


def main() -> int:
    """Print the rates."""
    parser = argparse.ArgumentParser(prog="python -m tests.grading.presenting", description=__doc__)
    parser.add_argument("--sheets", type=int, default=1000, help="how many sheets")
    parser.add_argument("--seed", type=int, default=1, help="which sheets")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--slips", type=_range, default=(1, 3), help="how many slips a sheet, such as 0, 1 or 1-3")
    parser.add_argument("--worst", type=Path, help="a folder for the worst sheets")
    parser.add_argument("--keep", type=int, default=40, help="how many of the worst sheets")
    parser.add_argument("--output", type=Path, help="a file for the table")
    parser.add_argument("--tracegen", type=Path, help="another checkout of tracegen to measure")
    options = parser.parse_args()
    if options.tracegen is not None:
        sys.path.insert(0, str(options.tracegen.resolve()))
    from .rates import measured, table, write_worst

    rates = measured(
        options.sheets, options.seed, options.slips, options.jobs, options.keep if options.worst else 0, quiet=False
    )
    text = table(rates)
    print(text)
    print(f"drawing {rates.drawing:.1f} s, grading {rates.grading:.1f} s (of all processes)", file=sys.stderr)
    for crash in rates.crashes:
        print(crash, file=sys.stderr)
    if options.output is not None:
        options.output.write_text(text, encoding="utf-8")
    if options.worst is not None:
        write_worst(rates, options.worst)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
