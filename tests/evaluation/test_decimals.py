"""Decimals against mpmath, digit for digit, up to a thousand; ties, zeros and layouts."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest

from tracegen import trace
from tracegen.evaluation.decimals import OUT_OF_RANGE, decimal_of, precision, rounded
from tracegen.problems.expression_text import parse


def decimal(text: str, digits: int, rounding: str = "digits") -> object:
    return decimal_of(parse(text, ()), digits, rounding)


EXPRESSIONS = {
    "exp(2) + 2*sin(3)": lambda m: m.exp(2) + 2 * m.sin(3),
    "2*exp(2) + 12*cos(3)": lambda m: 2 * m.exp(2) + 12 * m.cos(3),
    "exp(-1)/(1 + exp(-1))**2": lambda m: m.exp(-1) / (1 + m.exp(-1)) ** 2,
    "pi/16": lambda m: m.pi / 16,
    "sqrt(2)": lambda m: m.sqrt(2),
    "erf(1/3)": lambda m: m.erf(m.mpf(1) / 3),
    "exp(100)": lambda m: m.exp(100),
    "exp(-100)": lambda m: m.exp(-100),
    "log(10)*atan(7)": lambda m: m.log(10) * m.atan(7),
    "sin(10**22)": lambda m: m.sin(m.mpf(10) ** 22),
    "exp(pi*sqrt(163)) - 262537412640768744": lambda m: m.exp(m.pi * m.sqrt(163)) - 262537412640768744,
}


def plain(value: object, digits: int) -> str:
    """All the digits, without an exponent."""
    return str(mpmath.nstr(value, digits, strip_zeros=False, min_fixed=-mpmath.inf, max_fixed=mpmath.inf))


@pytest.mark.parametrize("text", EXPRESSIONS)
@pytest.mark.parametrize("digits", [2, 6, 17, 100, 1000])
def test_every_digit_is_mpmaths(text: str, digits: int) -> None:
    with mpmath.workdps(digits + 60):
        expected = plain(EXPRESSIONS[text](mpmath.mp), digits)
        found = str(decimal(text, digits))
        assert plain(mpmath.mpf(found), digits) == expected
    assert sum(char.isdigit() for char in found.split("e")[0].lstrip("-0.")) == digits


@pytest.mark.parametrize(
    ("text", "digits", "rounding", "shown"),
    [
        ("2", 6, "digits", "2.00000"),
        ("0", 6, "digits", "0"),
        ("-1/3", 3, "digits", "-0.333"),
        ("100", 6, "digits", "100.000"),
        ("123456", 3, "digits", "123000"),
        ("1234567", 3, "digits", "1.23e+6"),
        ("1/10**5", 3, "digits", "0.0000100"),
        ("1/10**6", 3, "digits", "1.00e-6"),
        ("1/8", 2, "digits", "0.13"),
        ("-1/8", 2, "digits", "-0.13"),
        ("9995/1000", 3, "digits", "10.0"),
        ("99999/100000", 2, "digits", "1.0"),
        ("sin(pi)", 6, "digits", "0"),
        ("sin(1)**2 + cos(1)**2 - 1", 6, "digits", "0"),
        ("2", 3, "places", "2.000"),
        ("1/8", 2, "places", "0.13"),
        ("-1/1000", 2, "places", "0.00"),
        ("2", 3, "trimmed", "2"),
        ("5/2", 3, "trimmed", "2.5"),
        ("1/3", 3, "trimmed", "0.333"),
        ("9**9**9", 6, "digits", "4.28125e+369693099"),
        ("1/9**9**9", 2, "digits", "2.3e-369693100"),
        ("2**10**9", 3, "places", "4.613e+301029995"),
        ("10**5000", 3, "trimmed", "1.000e+5000"),
        ("1/0", 6, "digits", None),
        ("log(-1)", 6, "digits", None),
        ("sign(sin(1)**2 + cos(1)**2 - 1)", 6, "digits", None),
    ],
)
def test_layout_ties_and_zeros(text: str, digits: int, rounding: str, shown: str | None) -> None:
    assert decimal(text, digits, rounding) == shown


def test_a_wide_ball_is_no_number() -> None:
    from flint import arb

    with precision(100):
        assert rounded(arb(0, 1), 6) == ""
        assert rounded(arb(3, 2), 6) == ""
        assert rounded(arb(3, 2), 2, "places") == ""
        assert rounded(arb(0.5), 1) == "0.5"


def test_a_thousand_digits_in_a_table() -> None:
    t = trace("exp(2*x2) + x1*sin(3*x2**2)", at={"x1": 2, "x2": 1}, digits=1000)
    (row,) = t.record()["jacobian"]["decimal"]
    with mpmath.workdps(1050):
        for entry, value in zip(row, (mpmath.sin(3), 2 * mpmath.exp(2) + 12 * mpmath.cos(3)), strict=True):
            assert entry == mpmath.nstr(value, 1000, strip_zeros=False)


NEAR_A_POLE = [
    ("-log(1 - 1/(1 + exp(-{0})))", lambda m, x: -m.log(1 - 1 / (1 + m.exp(-x))), ["50", "400", "5000"]),
    ("1/(exp({0}) - 1)", lambda m, x: 1 / (m.exp(x) - 1), ["1e-16", "-1e-40", "1e-300"]),
    ("log(1 - cos({0}))", lambda m, x: m.log(1 - m.cos(x)), ["1e-8", "1e-90"]),
    ("1/(sqrt({0} + 1) - sqrt({0}))", lambda m, x: 1 / (m.sqrt(x + 1) - m.sqrt(x)), ["1e16", "1e120"]),
    ("log(1 - tanh({0}))", lambda m, x: m.log(1 - m.tanh(x)), ["20", "300", "3000"]),
    ("tan({0})", lambda m, x: m.tan(x), ["1.5707963267948966", "1.57079632679489661923132169163975144"]),
    ("acos(1 - {0}**2)", lambda m, x: m.acos(1 - x**2), ["1e-8", "1e-80"]),
    ("atanh(1 - {0})", lambda m, x: m.atanh(1 - x), ["1e-20", "1e-200"]),
    ("1 - tanh({0})", lambda m, x: 1 - m.tanh(x), ["30", "3000"]),
]


@pytest.mark.parametrize("digits", [6, 30, 300])
@pytest.mark.parametrize(
    ("pattern", "function", "point"), [(*each, point) for *each, points in NEAR_A_POLE for point in points]
)
def test_a_value_next_to_a_pole_or_lost_in_a_difference_is_shown(
    pattern: str, function: Callable[..., mpmath.mpf], point: str, digits: int
) -> None:
    with mpmath.workdps(digits + 3000):
        expected = plain(function(mpmath.mp, mpmath.mpf(point)), digits)
        assert plain(mpmath.mpf(str(decimal(pattern.format(f"({point})"), digits))), digits) == expected


@pytest.mark.parametrize("power", range(1, 24))
@pytest.mark.parametrize("places", [1, 2, 5])
def test_a_tie_below_a_power_of_two_is_rounded_up(power: int, places: int) -> None:
    tie = Fraction(2 * 2**power - 1, 2) / 10**places
    expected = f"{Fraction(2**power, 10**places) * 1.0:.{places}f}"
    assert decimal(f"{tie.numerator}/{tie.denominator}", places, "places") == expected
    assert decimal(f"{tie.numerator}/{tie.denominator}", len(str(2**power - 1)), "digits") not in (None, "")


def test_a_value_that_exists_but_is_too_large_is_told_from_one_that_does_not() -> None:
    for text in ("exp(exp(exp(5)))", "exp(exp(exp(exp(5))))", "exp(-exp(exp(5)))", "9**9**9**9"):
        assert decimal(text, 6) == OUT_OF_RANGE
    assert decimal("exp(exp(30))", 6) == "2.73007e+4641076941755"
    assert decimal("log(-1)", 6) is None
