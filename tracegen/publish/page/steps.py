"""The steps of one output: every line forward, then every line in reverse, with what lights up at each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tracegen.evaluation.evaluation import Evaluation
from tracegen.graph.picture.build import Builder, Wanted
from tracegen.graph.picture.fold import fold, is_long
from tracegen.graph.picture.picture import Picture
from tracegen.publish.page.page_rows import PageRow, PageRows


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a part: its row, whether it goes forward or in reverse, and what lights up in the graph."""

    phase: str
    row: PageRow
    circle: str
    wires: tuple[str, ...]
    used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """One output's graph, rows and steps."""

    picture: Picture
    rows: tuple[PageRow, ...]
    steps: tuple[Step, ...]


def walk(evaluation: Evaluation, output: str, inputs: Sequence[str]) -> Walk:
    """The steps through a list for one of its outputs, with the tangents along some inputs.

    >>> from tracegen import trace
    >>> entry = trace("a*b", at={"a": 2, "b": 3}).evaluations[0]
    >>> [step.phase for step in walk(entry, "y", ["a"]).steps].count("reverse")
    3
    """
    wanted = Wanted("both", (output,), (), "right", "operation", sent=True)
    picture = fold(evaluation, wanted) if is_long(evaluation) else Builder(evaluation, wanted).picture()
    picture = replace(picture, key=output)
    rows = tuple(PageRows(evaluation, output, inputs))
    return Walk(picture, rows, tuple(_steps(rows, picture, evaluation, output)))


def _steps(rows: Sequence[PageRow], picture: Picture, evaluation: Evaluation, output: str) -> list[Step]:
    circles = {place: circle.key for circle in picture.circles for place in circle.places}
    wires: dict[tuple[str, str], list[str]] = {}
    for wire in picture.wires:
        wires.setdefault((wire.tail, wire.head), []).append(f"{output}-{wire.key}")
    steps = []
    for row in rows:
        steps.append(_step("forward", row, [(used, row.place) for used in row.used], circles, wires, output))
    last = evaluation.output(output)
    for row in reversed(rows[: last + 1]):
        if row.adjoint is not None:
            pairs = [(row.place, sent.child) for sent in row.sent]
            steps.append(_step("reverse", row, pairs, circles, wires, output))
    return steps


def _step(
    phase: str, row: PageRow, pairs: Sequence[tuple[int, int]], circles: dict[int, str],
    wires: dict[tuple[str, str], list[str]], output: str,
) -> Step:  # fmt: skip
    lit: list[str] = []
    for tail, head in pairs:
        lit += wires.get((circles[tail], circles[head]), [])
    if phase == "reverse" and row.start is not None:
        lit += wires.get((circles[row.place], f"output-{output}"), [])
    others = [tail if phase == "forward" else head for tail, head in pairs]
    used = dict.fromkeys(f"{output}-{circles[place]}" for place in others)
    return Step(phase, row, f"{output}-{circles[row.place]}", tuple(dict.fromkeys(lit)), tuple(used))
