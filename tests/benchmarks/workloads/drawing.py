"""W9: a list to a picture of its graph, with values, adjoints and local partials."""

from __future__ import annotations

from tests.benchmarks.case import OURS, Case, Run, Target, once

GRAPH = "graph of a list"


def graph(size: int) -> Run:
    """A list of unlike operations with values at a point, from its formulas to SVG."""
    from tracegen.graph import graph_of
    from tracegen.traces import trace

    steps = {"s0": "x*y"}
    for at in range(1, size - 3):
        kinds = (f"sin(s{at - 1})", f"s{at - 1}*s{max(0, at - 5)}", f"s{at - 1} + s{max(0, at - 3)}")
        steps[f"s{at}"] = kinds[at % 3]

    def run() -> object:
        return graph_of(trace({"f": f"s{size - 4} + x"}, at={"x": 1, "y": 2}, steps=steps)).to("svg")

    return run


CASES = [Case("W9", GRAPH, OURS, graph, (30, 300), once, "graph")]

TARGETS = [Target("W9", GRAPH, "seconds", 2.0)]
