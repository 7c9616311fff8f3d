"""W4: formulas to LaTeX, and long lists to documents."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.benchmarks.case import OURS, Case, Run, Target
from tests.benchmarks.workloads.sweeping import a_list

CELLS, DOCUMENT = "cells to LaTeX", "list to a document"


def cells(size: int) -> Run:
    """The cells of formulas in the primal and reverse tables of a list, by a printer that has seen none of them."""
    from tracegen.notation import HOMEWORK, Latex

    formulas = _formulas(size)

    def run() -> object:
        printer = Latex(HOMEWORK)
        return [printer(formula) for formula in formulas]

    return run


@cache
def _formulas(size: int) -> list[Any]:
    from tracegen.formula import Formula
    from tracegen.tables import primal_table, reverse_table
    from tracegen.wengert.wengert_list import ONE

    evaluation = _evaluation(size)
    tables = [primal_table(evaluation), reverse_table(evaluation, {"y": ONE})]
    return [cell for table in tables for row in table.rows for cell in row.cells if isinstance(cell, Formula)]


def _evaluation(size: int) -> Any:
    from tracegen.evaluation.evaluation import Evaluation
    from tracegen.formula import Formula, name
    from tracegen.notation import HOMEWORK
    from tracegen.problems.problem import Problem
    from tracegen.problems.problem_file import Input

    problem = Problem((Input("x"),), {"y": Formula("sin", (name("x"),))})
    return Evaluation(problem, a_list(size), HOMEWORK)


def _count(size: int) -> float:
    """How many cells: a formula, or what stands between the equal signs of one."""
    return float(sum(len(formula.args) if formula.head == "equals" else 1 for formula in _formulas(size)))


def sympy_latex(size: int) -> Run:
    import sympy as sp

    formulas = []
    for place in range(1, size + 1):
        here, above, adjoint = sp.symbols(f"v{place} v{place + 1} vbar{place + 1}")
        formulas.append(sp.Eq(above, sp.sin(here), evaluate=False))
        formulas.append(sp.Eq(adjoint * sp.Derivative(above, here), adjoint * sp.cos(here), evaluate=False))
    return lambda: [sp.latex(formula) for formula in formulas]


def latexify(size: int) -> Run:
    import math

    import latexify as lx

    def row(below: float, x1: float, adjoint: float) -> float:
        return (math.sin(below) * x1 + below) * adjoint

    return lambda: [lx.get_latex(row) for _ in range(size)]


def handcalcs(size: int) -> Run:
    import math

    from handcalcs.decorator import handcalc

    @handcalc(override="symbolic")
    def rows(v1: float, x1: float) -> float:
        v2 = math.sin(v1) * x1 + v1
        return v2  # noqa: RET504 (handcalcs shows assignments)

    return lambda: [rows(0.5, 0.7) for _ in range(size)]


def document(size: int) -> Run:
    from tracegen.document.render import render
    from tracegen.document.table import Document
    from tracegen.notation import HOMEWORK
    from tracegen.tables import primal_table

    def run() -> object:
        table = primal_table(_evaluation(size))
        return render(Document("", (table,)), "tex", convention=HOMEWORK)

    return run


CASES = [
    Case("W4", CELLS, OURS, cells, (100, 10_000), _count, "cell"),
    Case("W4", CELLS, "sympy.latex", sympy_latex, (100, 10_000), lambda size: 2 * size, "cell", "sympy"),
    Case("W4", CELLS, "latexify", latexify, (100,), item="cell", needs="latexify"),
    Case("W4", CELLS, "handcalcs", handcalcs, (100,), item="cell", needs="handcalcs"),
    Case("W4", DOCUMENT, OURS, document, (100, 1_000, 10_000)),
]

TARGETS = [
    Target("W4", CELLS, "seconds", 10e-6),
    Target("W4", DOCUMENT, "seconds", 100e-6),
]
