"""W5: decimals that are rounded correctly, whether two texts are equal, and exact values that would explode."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.case import OURS, Case, Run, Target
from tests.benchmarks.workloads.functions import Operations, chain

DIGITS = 30
DECIMALS, EQUALITY, EXACT = "30 digits", "equality of texts", "exact values"

PAIRS = [
    (r"2 e^2 + 12 \cos(3)", r"2\exp(2) + 12\cos 3", True),
    (r"\frac{e^{-1}}{(1+e^{-1})^2}", r"\frac{\exp(-1)}{(1 + \exp(-1))^2}", True),
    ("tanh(x)", "(e^(2x) - 1)/(e^(2x) + 1)", True),
    ("sin(x)^2 + cos(x)^2", "1", True),
    ("log(x*y)", "log(x) + log(y)", True),
    ("sigmoid(x)*(1 - sigmoid(x))", "exp(-x)/(1 + exp(-x))^2", True),
    ("2*sin(x)*cos(x)", "sin(2x)", True),
    ("(x + y)^2", "x^2 + 2x y + y^2", True),
    ("1/sqrt(x)", "x^(-1/2)", True),
    ("cosh(x)^2 - sinh(x)^2", "1", True),
    (r"\frac{v_1}{v_0}", r"v_1 v_0^{-1}", True),
    (r"v_0 \cos(v_5) \cdot 3 v_1", r"3 v_0 v_1 \cos(v_5)", True),
    (r"6 v_0 v_1 \cos(3 v_1^2)", r"v_0 \cos(3 v_1^2) \cdot 6 v_1", True),
    (r"x_2 + \frac{1}{x_1}", r"\frac{x_1 x_2 + 1}{x_1}", True),
    (r"x_1 - \cos(x_2)", r"-(\cos x_2 - x_1)", True),
    (r"e^{x + y}", r"e^x e^y", True),
    (r"\sqrt{x^2 + e^{x^2}}", r"(x^2 + \exp(x^2))^{1/2}", True),
    ("log(x^3)/3", "log(x)", True),
    ("1 - tanh(x)^2", "1/cosh(x)^2", True),
    ("x^3 - y^3", "(x - y)(x^2 + x y + y^2)", True),
    ("(x + y)^2", "x^2 + y^2", False),
    ("sin(2x)", "2 sin(x)", False),
    ("log(x + y)", "log(x) + log(y)", False),
    (r"2 \exp(2) + 12 \cos(3)", r"2 \exp(2) + 12 \cos(2)", False),
    (r"\frac{e^{-x}}{1 + e^{-x}}", r"\frac{e^{-x}}{(1 + e^{-x})^2}", False),
    (r"v_0 \cos(v_5)", r"v_0 \sin(v_5)", False),
    ("1 - tanh(x)", "1/cosh(x)^2", False),
    ("sqrt(x + y)", "sqrt(x) + sqrt(y)", False),
    (r"x_1 - \cos(x_2)", r"x_1 + \cos(x_2)", False),
    ("x^(-1/2)", "-x^(1/2)", False),
]
"""Texts as they stand in answers, and whether they are equal."""


def decimals(size: int) -> Run:
    from tests.benchmarks.workloads.sweeping import a_list
    from tracegen.evaluation.decimals import decimals as rounded
    from tracegen.formula import Formula

    wengert, point = a_list(size), [Formula("number", ("0.7",))]
    return lambda: rounded(wengert, range(len(wengert)), point, {}, DIGITS)


def sympy_decimals(size: int) -> Run:
    import sympy as sp

    y = sp.Rational(7, 10)

    def run() -> object:
        x, found = y, []
        for _ in range(size // 3):
            sine = sp.N(sp.sin(x), DIGITS)
            found += [sine, sp.N(sine * y, DIGITS)]
            x = sp.N(sine * y + x, DIGITS)
            found.append(x)
        return list(map(str, found))

    return run


def mpmath_decimals(size: int) -> Run:
    import mpmath

    def run() -> object:
        found: list[str] = []
        with mpmath.workdps(DIGITS + 10):
            x = mpmath.mpf("0.7")

            def kept(value: Any) -> Any:
                found.append(mpmath.nstr(value, DIGITS))
                return value

            operations = Operations(lambda a: kept(mpmath.sin(a)), lambda a, b: kept(a + b), lambda a, b: kept(a * b))
            chain(size, operations, [x])
        return found

    return run


def arb_decimals(size: int) -> Run:
    from flint import arb, ctx

    def run() -> object:
        before, ctx.prec = ctx.prec, 132
        found: list[str] = []

        def kept(value: Any) -> Any:
            found.append(value.str(DIGITS, radius=False))
            return value

        operations = Operations(lambda a: kept(a.sin()), lambda a, b: kept(a + b), lambda a, b: kept(a * b))
        chain(size, operations, [arb("0.7")])
        ctx.prec = before
        return found

    return run


def equality(size: int) -> Run:
    from tracegen.grading.equal import equivalent

    def run() -> object:
        found = [equivalent(a, b).verdict == "equal" for _ in range(size) for a, b, _ in PAIRS]
        if found != [right for _ in range(size) for *_, right in PAIRS]:
            raise ValueError("a pair is judged wrongly")
        return found

    return run


def in_sympy(judge: Any) -> Any:
    """How long SymPy takes to say of two expressions whether they are equal; it remembers nothing between runs."""

    def make(size: int) -> Run:
        import sympy as sp

        from tracegen.mathtext import read
        from tracegen.symbolic.sympy_expressions import to_sympy

        pairs = [tuple(to_sympy(read(text).formula) for text in pair) for *pair, _ in PAIRS]

        def run() -> object:
            sp.core.cache.clear_cache()
            return [judge(sp, a, b) for _ in range(size) for a, b in pairs]

        return run

    return make


def verified(size: int) -> Run:
    from math_verify import parse, verify

    texts = [tuple(f"${text}$" for text in pair) for *pair, _ in PAIRS]
    return lambda: [verify(parse(a), parse(b)) for _ in range(size) for a, b in texts]


def exact(size: int, *, explodes: bool) -> Run:
    """Values of a chain at 7/10: sines of sums, or sums that stay short; SymPy remembers nothing between runs."""
    from fractions import Fraction

    import sympy as sp

    from tracegen.evaluation.exact import ExactValues
    from tracegen.formula import number
    from tracegen.wengert.wengert_list import Builder

    builder = Builder.of(["x"])
    one, y = builder.constant(number(1)), 0
    for place in range(size):
        if explodes:
            y = builder.append("sin", (y,)) if place % 2 else builder.append("add", (y, 0))
        else:
            y = builder.append("neg", (y,)) if place % 2 else builder.append("add", (y, one))
    point = [number(Fraction(7, 10))]
    ExactValues(builder.list, point, {}, len(builder.list))

    def run() -> object:
        sp.core.cache.clear_cache()
        return ExactValues(builder.list, point, {}, len(builder.list))

    return run


def exploding(size: int) -> Run:
    return exact(size, explodes=True)


def tame(size: int) -> Run:
    return exact(size, explodes=False)


def _pairs(size: int) -> float:
    return float(size * len(PAIRS))


CASES = [
    Case("W5", DECIMALS, OURS, decimals, (30, 300), item="value"),
    Case("W5", DECIMALS, "sympy N", sympy_decimals, (30, 300), item="value", needs="sympy"),
    Case("W5", DECIMALS, "mpmath", mpmath_decimals, (30, 300), item="value", needs="mpmath"),
    Case("W5", DECIMALS, "python-flint arb", arb_decimals, (30, 300), item="value", needs="flint"),
    Case("W5", EQUALITY, OURS, equality, (1, 10), _pairs, "pair"),
    Case(
        "W5",
        EQUALITY,
        "sympy simplify",
        in_sympy(lambda sp, a, b: sp.simplify(a - b) == 0),
        (1,),
        _pairs,
        "pair",
        "sympy",
    ),
    Case("W5", EQUALITY, "sympy equals", in_sympy(lambda sp, a, b: a.equals(b)), (1,), _pairs, "pair", "sympy"),
    Case("W5", EQUALITY, "Math-Verify", verified, (1,), _pairs, "pair", "math_verify"),
    Case("W5", EXACT, OURS, exploding, (100, 1_000), item="value"),
    Case("W5", EXACT, "tracegen, values that stay short", tame, (100, 1_000), item="value"),
]

TARGETS = [
    Target("W5", DECIMALS, "seconds", 20e-6),
    Target("W5", EQUALITY, "seconds", 0.2e-3),
    Target("W5", EXACT, "ratio", 1, "tracegen, values that stay short"),
    Target("W5", EXACT, "exponent", 0.1),
]
