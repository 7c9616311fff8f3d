"""Draws each workload's times against its sizes, both logarithmic."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.case import OURS, Case
from tests.benchmarks.results import Results


def draw(results: Results, folder: Path) -> list[Path]:
    """Write a picture for each workload that has several sizes; none where matplotlib is not installed."""
    try:
        import matplotlib
    except ImportError:
        return []
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "tracegen"  # the same picture for the same numbers
    tasks = dict.fromkeys((case.row, case.what) for case in results.cases if len(results.times(case)) > 1)
    return [_picture(results, row, what, folder) for row, what in tasks]


def _picture(results: Results, row: str, what: str, folder: Path) -> Path:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.4), layout="constrained")
    axes = figure.add_subplot()
    for case in results.cases:
        times = results.times(case)
        if (case.row, case.what) == (row, what) and times:
            ours = case.system.startswith(OURS)
            axes.loglog(
                list(times), list(times.values()), "o-" if ours else "s--",
                label=_label(results, case), linewidth=2 if ours else 1, markersize=4,
            )  # fmt: skip
    axes.set_title(f"{row}: {what}")
    axes.set_xlabel("size")
    axes.set_ylabel("seconds")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(fontsize=8)
    words = "".join(char if char.isascii() and char.isalnum() else "-" for char in what.replace("⁵", "5"))
    path = folder / f"{row}-{words}.svg"
    figure.savefig(path, metadata={"Date": None})
    return path


def _label(results: Results, case: Case) -> str:
    failed = results.failure(case)
    return f"{case.system} (fails at {failed[0]:,})" if failed else case.system
