"""Measures every case and writes the table and the plots: ``python -m tests.benchmarks --help``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import click

from tests.benchmarks.case import Case
from tests.benchmarks.measure import measured
from tests.benchmarks.plots import draw
from tests.benchmarks.reasons import remarks
from tests.benchmarks.results import Results, table
from tests.benchmarks.workloads import CASES, TARGETS

FOLDER = Path(__file__).parents[2] / "output" / "benchmarks"
HEADINGS = ("row", "workload", "system", "size", "time", "time an item", "memory an item", "× tracegen", "exponent")
REACHED = ("row", "workload", "to reach", "measured, at worst", "at size", "")


def chosen(only: Sequence[str], peers: bool, largest: int) -> list[Case]:
    """The cases of some rows whose systems are installed, up to a size."""
    found = []
    for case in CASES:
        sizes = tuple(size for size in case.sizes if size <= largest) or case.sizes[:1]
        wanted = not only or case.row in only
        if wanted and (peers or not case.needs) and (not case.needs or find_spec(case.needs)):
            found.append(Case(**{name: getattr(case, name) for name in case.__slots__} | {"sizes": sizes}))
    return found


def run(cases: Sequence[Case], limit: float) -> Results:
    """Measure cases, the small sizes first; a system that failed at a size is not asked for a larger one."""
    results = Results(cases)
    for case in cases:
        for size in case.sizes:
            found = results.found[case.name, size] = measured(case, size, limit)
            click.echo(f"{case.name} {size:,}: {found.failure or f'{found.seconds:.3g} s'}", err=True)
            if found.failure:
                break
    return results


def written(results: Results, folder: Path) -> str:
    """Write the table and the plots into a folder; the text of the table."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(
        [
            f"Measured on {date.today():%Y-%m-%d}, Python {sys.version.split()[0]}, one thread a system.\n\n",
            table(REACHED, list(results.verdicts(TARGETS))),
            "\n",
            remarks(results, TARGETS),
            "\n## All that was measured\n\n",
            table(HEADINGS, list(results.rows())),
        ]
    )
    (folder / "table.md").write_text(text, encoding="utf-8")
    draw(results, folder)
    return text


@click.command()
@click.option("--only", metavar="ROWS", default="", help="W1,W2,…: the rows to measure.")
@click.option("--no-peers", is_flag=True, help="Leave out what is not tracegen or its own dependencies.")
@click.option("--largest", default=10**6, show_default=True, help="The largest size.")
@click.option("--limit", default=60.0, show_default=True, help="Seconds that a case may take at a size.")
@click.option("--output", type=click.Path(path_type=Path), default=FOLDER, help="Where the table and plots go.")
def main(only: str, no_peers: bool, largest: int, limit: float, output: Path) -> None:
    """Measure tracegen beside what a user would pick instead."""
    rows = [row.strip().upper() for row in only.split(",") if row.strip()]
    results = run(chosen(rows, not no_peers, largest), limit)
    click.echo(written(results, output))


if __name__ == "__main__":
    main()
