"""W6: reading the cells of answers; long formulas; and problems of many steps."""

from __future__ import annotations

from tests.benchmarks.case import OURS, Case, Run, Target

CELLS, FORMULA, STEPS = "cells of answers", "a long formula", "a problem of named steps"

TEXTS = [
    r"\bar{v}_1 = \bar{v}_2 \cdot \frac{\partial v_2}{\partial v_1} + \bar{v}_4 \cdot 2 v_1",
    r"\frac{\partial v_7}{\partial x_1} = v_0 \frac{\partial v_6}{\partial x_1} + v_6 \cdot 1",
    r"2 + \frac{e^{-1}}{(1+e^{-1})^2}", r"2e^2 + 12\cos 3", "v_3 = exp(v_2)", r"v_6 = \frac{1}{v_5}", "v̄₁ = v̄₂·2",
    r"\sin 3 v_4", "-0.0625", r"v_8 = v_3 + v_7",
]  # fmt: skip


def cells(size: int) -> Run:
    from tracegen.mathtext import read

    names = frozenset(["x1", "x2", *(f"v{place}" for place in range(-1, 12))])
    return lambda: [read(text, names=names) for _ in range(size) for text in TEXTS]


def sympy_cells(size: int) -> Run:
    from sympy.parsing.latex import parse_latex

    def run() -> object:
        found = []
        for _ in range(size):
            for text in TEXTS:
                try:
                    found.append(parse_latex(text))
                except Exception:  # what it can't read costs its time all the same
                    found.append(None)
        return found

    return run


def extended_cells(size: int) -> Run:
    from latex2sympy2_extended import latex2sympy

    def run() -> object:
        found = []
        for _ in range(size):
            for text in TEXTS:
                try:
                    found.append(latex2sympy(text))
                except Exception:  # what it can't read costs its time all the same
                    found.append(None)
        return found

    return run


def verified_cells(size: int) -> Run:
    from math_verify import parse

    return lambda: [parse(f"${text}$") for _ in range(size) for text in TEXTS]


def long_text(size: int) -> str:
    """A sum with so many operations."""
    return " + ".join(f"x{place % 7}*sin(x{place * 3 % 7})/{place + 1}" for place in range(size // 4))


def formula(size: int) -> Run:
    from tracegen.problems.expression_text import parse

    text, names = long_text(size), frozenset(f"x{place}" for place in range(7))
    return lambda: parse(text, names)


def sympy_formula(size: int) -> Run:
    from sympy.parsing.sympy_parser import parse_expr

    text = long_text(size)
    return lambda: parse_expr(text, evaluate=False)


def python_ast(size: int) -> Run:
    import ast

    text = long_text(size)
    return lambda: ast.parse(text)


def steps_text(size: int) -> str:
    """A problem file with so many steps, each on the one before."""
    steps = "".join(f's{at} = "s{at - 1}*x1 + sin(x{1 + at % 2})"\n' for at in range(1, size))
    return f'[inputs]\nx1 = 1\nx2 = 2\n[steps]\ns0 = "x1*x2"\n{steps}[outputs]\ny = "s{size - 1}"\n'


def steps(size: int) -> Run:
    from tracegen.problems.problem import Problem
    from tracegen.problems.problem_lists import wengert_list

    text = steps_text(size)
    return lambda: wengert_list(Problem.from_toml(text), ["y"])


def only_toml(size: int) -> Run:
    import tomllib

    text = steps_text(size)
    return lambda: tomllib.loads(text)


def _texts(size: int) -> float:
    return float(size * len(TEXTS))


CASES = [
    Case("W6", CELLS, OURS, cells, (1, 100), _texts, "cell"),
    Case("W6", CELLS, "sympy parse_latex", sympy_cells, (1,), _texts, "cell", "antlr4"),
    Case("W6", CELLS, "latex2sympy2_extended", extended_cells, (1,), _texts, "cell", "latex2sympy2_extended"),
    Case("W6", CELLS, "Math-Verify", verified_cells, (1,), _texts, "cell", "math_verify"),
    Case("W6", FORMULA, OURS, formula, (500, 5_000, 50_000), item="operation"),
    Case("W6", FORMULA, "ast.parse", python_ast, (500, 5_000, 50_000), item="operation"),
    Case("W6", FORMULA, "sympy parse_expr", sympy_formula, (500, 5_000), item="operation", needs="sympy"),
    Case("W6", STEPS, OURS, steps, (1_000, 10_000, 100_000), item="step"),
    Case("W6", STEPS, "tomllib alone", only_toml, (1_000, 10_000, 100_000), item="step"),
]

TARGETS = [
    Target("W6", CELLS, "seconds", 0.05e-3),
    Target("W6", FORMULA, "seconds", 20e-6),
    Target("W6", STEPS, "seconds", 20e-6),
]
