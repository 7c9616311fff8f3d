"""What was measured, as rows of a table, and what of it reaches its target."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.case import OURS, Case, Target
from tests.benchmarks.measure import Measured

FROM_SIZE = 100
"""The least size that counts for a growth exponent: below it the start of a run is what is measured."""


@dataclass
class Results:
    """What was measured of each case at each size."""

    cases: Sequence[Case]
    found: dict[tuple[str, int], Measured] = field(default_factory=dict)

    def case(self, row: str, what: str, system: str) -> Case | None:
        """A case that was measured."""
        return next((case for case in self.cases if (case.row, case.what, case.system) == (row, what, system)), None)

    def times(self, case: Case) -> dict[int, float]:
        """The seconds at each size that was finished."""
        return {
            size: self.found[case.name, size].seconds
            for size in case.sizes
            if (case.name, size) in self.found and not self.found[case.name, size].failure
        }

    def failure(self, case: Case) -> tuple[int, str] | None:
        """The first size that failed, and how."""
        for size in case.sizes:
            measured = self.found.get((case.name, size))
            if measured and measured.failure:
                return size, measured.failure
        return None

    def exponent(self, case: Case) -> float | None:
        """How time grows with size: the slope of the line through the logarithms."""
        times = {size: time for size, time in self.times(case).items() if size >= FROM_SIZE and time > 0}
        if len(times) < 2:
            return None
        xs = [math.log(case.items(size)) for size in times]
        ys = [math.log(time) for time in times.values()]
        x, y = sum(xs) / len(xs), sum(ys) / len(ys)
        return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)

    def ratio(self, case: Case, size: int) -> float | None:
        """How many times as long as tracegen a system takes."""
        ours = self.case(case.row, case.what, OURS)
        times = self.times(ours) if ours else {}
        return self.times(case)[size] / times[size] if size in times and size in self.times(case) else None

    def rows(self) -> Iterator[Sequence[str]]:
        """The table: a row for each case and size, and where a system failed."""
        for case in self.cases:
            exponent = self.exponent(case)
            for size, seconds in self.times(case).items():
                memory = self.found[case.name, size].memory / case.items(size)
                ratio = self.ratio(case, size)
                yield (
                    case.row, case.what, case.system, f"{size:,}", spoken(seconds),
                    f"{spoken(seconds / case.items(size))} a {case.item}", "" if case.wall else f"{memory:,.0f} B",
                    "" if ratio is None or case.system == OURS else f"{ratio:,.2f}",
                    "" if exponent is None else f"{exponent:.2f}",
                )  # fmt: skip
            failed = self.failure(case)
            if failed:
                yield (case.row, case.what, case.system, f"{failed[0]:,}", f"fails: {failed[1]}", "", "", "", "")

    def verdicts(self, targets: Sequence[Target]) -> Iterator[Sequence[str]]:
        """Every target that something was measured of: what is to be reached, the worst that was measured, whether
        that is enough."""
        for target in targets:
            worst = self.worst(target)
            if worst is None:
                continue
            size, value, reached = worst
            yield (
                target.row, f"{target.what}{'' if target.system == OURS else f' ({target.system})'}",
                words(target) + (f", from {target.sizes[0]:,}" if target.sizes else ""),
                shown(target, value), "" if target.kind == "exponent" else f"{size:,}",
                "reached" if reached else "not reached",
            )  # fmt: skip

    def worst(self, target: Target) -> tuple[int, float, bool] | None:
        """The size at which a target is missed most or reached least, what was measured there, and if it is enough."""
        case = self.case(target.row, target.what, target.system)
        measured = self._against(target, case) if case else {}
        if not measured:
            return None
        if target.kind == "ahead":
            size = min(measured, key=measured.__getitem__)
            return size, measured[size], measured[size] >= target.limit
        size = max(measured, key=measured.__getitem__)
        return size, measured[size], measured[size] <= target.limit

    def missed(self, targets: Sequence[Target]) -> list[Target]:
        """The targets that something was measured of, and that are not reached."""
        found = [(target, self.worst(target)) for target in targets]
        return [target for target, worst in found if worst and not worst[2]]

    def ahead(self) -> Iterator[str]:
        """A line for each other system that is faster than tracegen: the task, and by how much at which size."""
        for case in self.cases:
            if case.system.startswith(OURS):
                continue
            ratios = {size: self.ratio(case, size) for size in self.times(case)}
            faster = [f"{size:,}: {1 / ratio:.1f} ×" for size, ratio in ratios.items() if ratio and ratio < 1]
            if faster:
                yield f"* {case.row}, {case.what}, {case.system}: {', '.join(faster)}"

    def _against(self, target: Target, case: Case) -> Mapping[int, float]:
        times = {size: time for size, time in self.times(case).items() if not target.sizes or size in target.sizes}
        if target.kind == "seconds":
            return {size: time / case.items(size) for size, time in times.items()}
        if target.kind == "bytes":
            return {size: self.found[case.name, size].memory / case.items(size) for size in times}
        if target.kind == "exponent":
            exponent = self.exponent(case)
            return {} if exponent is None else {0: exponent}
        beside = self.case(target.row, target.than or target.what, target.beside)
        others = self.times(beside) if beside else {}
        both = [size for size in times if size in others]
        if target.kind == "ahead":
            return {size: others[size] / times[size] for size in both}
        return {size: times[size] / others[size] for size in both}


def words(target: Target) -> str:
    """What is to be reached, in words."""
    if target.kind == "seconds":
        return f"≤ {spoken(target.limit)} each"
    if target.kind == "bytes":
        return f"≤ {target.limit:g} bytes each"
    if target.kind == "exponent":
        return f"growth exponent ≤ {target.limit}"
    beside = f"{target.than or ''} {target.beside}".strip()
    return f"{target.limit:g} × ahead of {beside}" if target.kind == "ahead" else f"≤ {target.limit:g} × {beside}"


def shown(target: Target, value: float) -> str:
    """A measured value in the terms of its target."""
    if target.kind == "seconds":
        return spoken(value)
    if target.kind == "bytes":
        return f"{value:,.0f} bytes"
    return f"{value:.2f}" if target.kind == "exponent" else f"{value:.2f} ×"


def spoken(seconds: float) -> str:
    """A time in a unit that suits it.

    >>> spoken(0.0000042)
    '4.2 µs'
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table."""
    widths = [max(len(cell) for cell in column) for column in zip(headings, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return "\n".join([line(headings), line(["-" * width for width in widths]), *map(line, rows)]) + "\n"
