"""W4: formulas to LaTeX, and long lists to documents."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.case import OURS, Case, Run, Target
from tests.benchmarks.workloads.sweeping import a_list

CELLS, DOCUMENT = "cells to LaTeX", "list to a document"


def cells(size: int) -> Run:
    """The definition and the adjoint rule of every line, as the reverse table has them."""
    from tracegen.notation import HOMEWORK, Latex

    formulas = _formulas(size)

    def run() -> object:
        printer = Latex(HOMEWORK)
        return [printer(formula) for formula in formulas]

    return run


def _formulas(size: int) -> list[Any]:
    from tracegen.formula import Formula, name

    found = []
    for place in range(1, size // 2 + 1):
        here, below, above = (name(f"v{at}") for at in (place, place - 1, place + 1))
        found.append(Formula("add", (Formula("mul", (Formula("sin", (below,)), name("x1"))), below)))
        adjoint, partial = Formula("adjoint", (above,)), Formula("partial", (above, here))
        worked = Formula("add", (Formula("mul", (name("x1"), Formula("cos", (here,)))), Formula("number", ("1",))))
        found.append(Formula("mul", (adjoint, Formula("equals", (partial, worked)))))
    return found


def sympy_latex(size: int) -> Run:
    import sympy as sp

    formulas = []
    for place in range(1, size // 2 + 1):
        here, below, above = sp.symbols(f"v{place} v{place - 1} v{place + 1}")
        x, adjoint = sp.Symbol("x1"), sp.Symbol(f"vbar{place + 1}")
        formulas.append(sp.sin(below) * x + below)
        formulas.append(sp.Eq(adjoint * sp.Derivative(above, here), adjoint * (x * sp.cos(here) + 1), evaluate=False))
    return lambda: [sp.latex(formula) for formula in formulas]


def latexify(size: int) -> Run:
    import math

    import latexify as lx

    def row(below: float, x1: float, adjoint: float) -> float:
        return (math.sin(below) * x1 + below) * adjoint

    return lambda: [lx.get_latex(row) for _ in range(size)]


def handcalcs(size: int) -> Run:
    from handcalcs.handcalcs import LatexRenderer

    given = {"v1": 0.5, "x1": 0.7}

    def run() -> object:
        texts = []
        for _ in range(size):
            texts.append(LatexRenderer("v2 = sin(v1) * x1 + v1", {**given, "v2": 1.0}, {}).render())
        return texts

    return run


def document(size: int) -> Run:
    from tracegen.notation import HOMEWORK
    from tracegen.problem import Problem
    from tracegen.problem_file import Input
    from tracegen.render import render
    from tracegen.table import Document

    wengert = a_list(size)

    def run() -> object:
        from tracegen.evaluation import Evaluation
        from tracegen.formula import Formula, name
        from tracegen.tables import primal_table

        problem = Problem((Input("x"),), {"y": Formula("sin", (name("x"),))})
        table = primal_table(Evaluation(problem, wengert, HOMEWORK))
        return render(Document("", (table,)), "tex", convention=HOMEWORK)

    return run


CASES = [
    Case("W4", CELLS, OURS, cells, (100, 10_000), item="cell"),
    Case("W4", CELLS, "sympy.latex", sympy_latex, (100, 10_000), item="cell", needs="sympy"),
    Case("W4", CELLS, "latexify", latexify, (100,), item="cell", needs="latexify"),
    Case("W4", CELLS, "handcalcs", handcalcs, (100,), item="cell", needs="handcalcs"),
    Case("W4", DOCUMENT, OURS, document, (100, 1_000, 10_000)),
]

TARGETS = [
    Target("W4", CELLS, "seconds", 10e-6),
    Target("W4", DOCUMENT, "seconds", 100e-6),
]
