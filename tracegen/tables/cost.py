"""What a trace costs: operations of the list, of its sweeps, and of each mode for the whole Jacobian."""

from __future__ import annotations

from collections import Counter

from tracegen.document.table import Column, Row, Table, Words
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula, number
from tracegen.tables.columns_and_titles import key_of, outputs_of, title_of
from tracegen.wengert.wengert_list import WengertList

OF_MATRICES = "Operations of whole matrices. A gradient takes one reverse sweep, or a forward sweep for every element."


def count_operations(wengert: WengertList) -> Counter[str]:
    """How often each primitive stands in a list."""
    names = [row.name for row in wengert.primitives]
    return Counter(names[line[0]] for line in wengert.lines[len(wengert.inputs) :])


def sweep_costs(evaluation: Evaluation) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """The operations of the list, and those that one forward and one reverse sweep add, from a general seed."""
    wengert = evaluation.wengert
    direction = [Formula("name", (f"p{place + 1}",)) for place in range(len(wengert.inputs))]
    primal = count_operations(wengert)
    forward = count_operations(evaluation.tangents(direction)[0].wengert) - primal
    cotangents = {output: Formula("name", (f"q{place + 1}",)) for place, output in enumerate(wengert.outputs)}
    reverse = count_operations(evaluation.adjoints(cotangents)[0].wengert) - primal
    return primal, forward, reverse


def cost_table(evaluation: Evaluation) -> Table:
    """Operations by kind, and the cost of the Jacobian in each mode."""
    counts = sweep_costs(evaluation)
    kinds = list(dict.fromkeys(kind for count in counts for kind in count))
    rows = [Row(kind, (Words(kind), *(number(count[kind]) for count in counts))) for kind in kinds]
    totals = [count.total() for count in counts]
    rows.append(Row("total", (Words("one sweep"), *map(number, totals))))
    inputs, outputs = len(evaluation.wengert.inputs), len(evaluation.wengert.outputs)
    whole = (number(totals[0]), number(inputs * totals[1]), number(outputs * totals[2]))
    if not evaluation.wengert.shapes:
        rows.append(Row("jacobian", (Words("whole Jacobian"), *whole)))
    columns = (
        Column("operation", Words("operation")),
        Column("primal", Words("primal"), numeric=True),
        Column("forward", Words("forward adds"), numeric=True),
        Column("reverse", Words("reverse adds"), numeric=True),
    )
    forward, reverse = f"{inputs} forward sweep{_plural(inputs)}", f"{outputs} reverse sweep{_plural(outputs)}"
    better = forward if inputs * totals[1] < outputs * totals[2] else reverse
    notes = (title_of(f"The Jacobian takes {forward} or {reverse}; fewer operations: {better}."),)
    if evaluation.wengert.shapes:
        notes = (title_of(OF_MATRICES),)
    title = (Words("Cost of "), *outputs_of(evaluation))
    return Table(key_of(evaluation, "cost"), title, columns, tuple(rows), notes)


def _plural(count: int) -> str:
    return "" if count == 1 else "s"
