"""Decimal values of lines, each rounded correctly to the digits asked for.

Ball arithmetic encloses every value; the precision rises until each ball rounds to one decimal only.
Source: F. Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval arithmetic", IEEE TC 66 (2017).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from tracegen.document.table import Decimal, Mark
from tracegen.formula import Formula
from tracegen.primitives.algebras import BALL_MATRICES, BALLS
from tracegen.wengert.sweep import constant_value, evaluate
from tracegen.wengert.wengert_list import Operand, WengertList

MOST_DIGITS = 1000
MOST_BITS = 2**15
"""The bits up to which a value is looked for that fewer do not tell from 0, or from a pole."""

OUT_OF_RANGE = Mark("the value is too large, or too near 0, to be written in digits")
NOT_TOLD = Mark(f"there is no finite value here, as far as {MOST_BITS:,} bits tell")

_FIXED_FROM, _GUARD_BITS, _TRIES = -5, 32, 7
_LONGEST_EXPONENT = 2**50
_HALF, _LEAST = 0.5, 1e-300
_HIGHEST_KEPT = 5_000
_NARROW = 0.001
"""How wide a ball, in units of the last digit, may be that is rounded as a tie."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Ball arithmetic at a number of bits, put back afterwards."""
    from flint import ctx

    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def ball(text: str) -> Any:
    """The ball of a rational number's text."""
    from flint import arb, fmpq

    value = Fraction(text)
    return arb(fmpq(value.numerator, value.denominator))


def balls(wengert: WengertList, point: Sequence[Formula], parameters: Mapping[str, Formula], bits: int) -> list[Any]:
    """The values of all operands as balls, laid out as by :func:`tracegen.wengert.sweep.evaluate`."""
    with precision(bits):
        algebra = BALL_MATRICES if wengert.shapes else BALLS
        known = {text: constant_value(value, algebra, {}, ball) for text, value in parameters.items()}
        inputs = [constant_value(value, algebra, known, ball) for value in point]
        return evaluate(wengert, algebra, inputs, known, ball)


def decimals(
    wengert: WengertList,
    operands: Sequence[Operand],
    point: Sequence[Formula],
    parameters: Mapping[str, Formula],
    digits: int,
    rounding: str = "digits",
) -> list[Decimal | Formula | Mark | None]:
    """The decimals of operands at a point, a matrix of them for a matrix; None where no number of bits tells the
    value, such as the sign of what may be 0, and a mark where it is beyond what is written in digits.

    ``digits`` counts significant digits, or with a ``rounding`` to ``"places"`` those behind the point;
    ``"trimmed"`` is the same without zeros at the end.

    A value that all precisions up to ``MOST_BITS`` give as next to 0 is given as 0.

    >>> from tracegen.formula import number
    >>> from tracegen.wengert.wengert_list import Builder
    >>> builder = Builder.of(["x"])
    >>> line = builder.append("exp", (0,))
    >>> decimals(builder.list, [line], [number(1)], {}, 20)
    ['2.7182818284590452354']
    """

    def at(bits: int) -> list[Any]:
        values = balls(wengert, point, parameters, bits)
        return [values[operand] for operand in operands]

    return _with_enough_bits(at, digits, rounding)


def decimal_of(formula: Formula, digits: int, rounding: str = "digits") -> Decimal | Formula | Mark | None:
    """The decimal of a formula of constants, as of a line.

    >>> from tracegen.formula import PI
    >>> decimal_of(Formula("sqrt", (PI,)), 10)
    '1.772453851'
    """

    def at(bits: int) -> list[Any]:
        with precision(bits):
            return [constant_value(formula, BALLS, {}, ball)]

    return _with_enough_bits(at, digits, rounding)[0]


def _with_enough_bits(
    at: Callable[[int], list[Any]], digits: int, rounding: str
) -> list[Decimal | Formula | Mark | None]:
    """The decimals of balls that ``at`` gives for a number of bits, which is doubled until each is decided."""
    decided: dict[int, Decimal | Formula | Mark | None] = {}
    first = math.ceil(digits * math.log2(10)) + _GUARD_BITS
    most = max(MOST_BITS, first << (_TRIES - 1))
    bits, count = first, -1
    while bits <= most and len(decided) != count:
        values = at(bits)
        count = len(values)
        with precision(bits):
            for place, value in enumerate(values):
                if place not in decided:
                    ties, last = bits >= first << (_TRIES - 1), 2 * bits > most
                    cell = _cell(value, digits, rounding, ties=ties, last=last)
                    if cell != "":
                        decided[place] = cell
        bits *= 2
    return [decided.get(place) for place in range(count)]


def _cell(value: Any, digits: int, rounding: str, *, ties: bool, last: bool) -> Decimal | Formula | Mark | None:
    """A ball or a matrix of balls as decimals; empty where one is too wide to tell."""
    if not hasattr(value, "shape"):
        return _decided(value, digits, rounding, ties=ties, last=last)
    rows = [[_decided(element, digits, rounding, ties=ties, last=last) for element in row] for row in value]
    for undecided in (OUT_OF_RANGE, None, Decimal("")):
        if any(element == undecided for row in rows for element in row):
            return undecided
    return Formula("matrix", tuple(tuple(_figure(str(element)) for element in row) for row in rows))


def _decided(value: Any, digits: int, rounding: str, *, ties: bool, last: bool) -> Decimal | Mark | None:
    """A ball as a decimal, as :func:`rounded` gives it, or a mark where its digits can't be written."""
    value = _as_ball(value)
    if (last or value.is_finite()) and is_out_of_range(value):
        return OUT_OF_RANGE
    return rounded(value, digits, rounding, ties=ties, last=last)


def is_out_of_range(value: Any) -> bool:
    """Whether a ball is a value that exists, but is too large, or too near 0, to be written in digits.

    >>> from flint import arb
    >>> [is_out_of_range(arb(5).exp().exp().exp()), is_out_of_range(arb(1) / 0), is_out_of_range(arb(0))]
    [True, False, False]
    """
    value = _as_ball(value)
    if not value.is_finite():
        return not value.mid().is_nan()
    if value.contains(0):
        return False
    mantissa, exponent = value.mid().man_exp()
    return bool(abs(int(exponent) + int(mantissa).bit_length()) > _LONGEST_EXPONENT)


def _figure(decimal: str) -> Formula:
    size = Formula("number", (decimal.removeprefix("-"),))
    return Formula("neg", (size,)) if decimal.startswith("-") else size


def rounded(
    value: Any, digits: int, rounding: str = "digits", *, ties: bool = True, last: bool = True
) -> Decimal | None:
    """A ball as a decimal; empty where it is too wide to tell, None where it is not finite and no more bits follow.

    More bits would not decide a narrow ball round a tie, which with ``ties`` is rounded at its middle, nor one round
    0, which with ``last`` is 0.
    """
    value = _as_ball(value)
    if not value.is_finite():
        return None if last else Decimal("")
    if rounding != "digits":
        return _to_places(value, digits, rounding == "trimmed", ties)
    negative = bool(value < 0)
    if not negative and not value > 0:
        return Decimal("0" if value == 0 or (last and _is_tiny(value)) else "")
    value = -value if negative else value
    exponent = _decimal_exponent(value)
    for _ in range(3):
        whole = _nearest(_shifted(value, digits - 1 - exponent), ties)
        if whole is None:
            return Decimal("")
        text = str(whole)
        if len(text) == digits:
            return _laid_out("-" if negative else "", text, exponent)
        exponent += len(text) - digits
    return Decimal("")


def _is_tiny(value: Any) -> bool:
    """Whether a ball round zero is as small as one can be asked to be at the precision of the moment."""
    from flint import arb, ctx

    return bool(abs(value) < arb(2) ** -(ctx.prec // 4))


def _nearest(value: Any, ties: bool) -> int | None:
    """The whole number nearest to a ball that is not negative, halves up; None where there are two."""
    whole = (value + _HALF).floor().unique_fmpz()
    if whole is None and ties and value.rad() < _NARROW:
        # a little more than a half, so that not even the sum with a tie, rounded at a power of two, straddles a whole
        whole = (value.mid() + (_HALF + 2 * _NARROW)).floor().unique_fmpz()
    return None if whole is None else int(whole)


def _to_places(value: Any, places: int, trimmed: bool, ties: bool) -> Decimal:
    if abs(value) > _power_of_ten(MOST_DIGITS):
        return rounded(value, places + 1, ties=ties) or Decimal("")
    whole = _nearest(_shifted(abs(value), places), ties)
    if whole is None:
        return Decimal("")
    text = str(whole).rjust(places + 1, "0")
    text = f"{text[:-places]}.{text[-places:]}" if places else text
    if trimmed and "." in text:
        text = text.rstrip("0").rstrip(".")
    return Decimal(f"-{text}" if whole and value < 0 else text)


def _decimal_exponent(value: Any) -> int:
    """About the power of ten that a positive ball is; one too few at most."""
    size = float(value)
    if _LEAST < size < 1 / _LEAST:
        return math.floor(math.log10(size))
    mantissa, exponent = value.mid().man_exp()
    return math.floor((abs(int(mantissa)).bit_length() - 1 + int(exponent)) * math.log10(2))


def _shifted(value: Any, places: int) -> Any:
    """A ball times a power of ten, which is exact unless it is so high that it would fill the memory."""
    power = _power_of_ten(abs(places)) if abs(places) <= _HIGHEST_KEPT else _ball_type()(10) ** abs(places)
    return value * power if places >= 0 else value / power


@lru_cache(maxsize=4096)
def _power_of_ten(exponent: int) -> Any:
    from flint import arb

    return arb(10**exponent)


@cache
def _ball_type() -> Any:
    from flint import arb

    return arb


def _as_ball(value: Any) -> Any:
    ball_type = _ball_type()
    return value if isinstance(value, ball_type) else ball_type(value)


def _laid_out(sign: str, text: str, exponent: int) -> Decimal:
    """The digits of a decimal whose first stands for 10**exponent."""
    digits = len(text)
    if exponent < _FIXED_FROM or exponent >= max(digits, 6):
        point = "." if digits > 1 else ""
        return Decimal(f"{sign}{text[0]}{point}{text[1:]}e{exponent:+d}")
    if exponent < 0:
        return Decimal(f"{sign}0.{'0' * (-exponent - 1)}{text}")
    text = text.ljust(exponent + 1, "0")
    return Decimal(f"{sign}{text[: exponent + 1]}{'.' if text[exponent + 1 :] else ''}{text[exponent + 1 :]}")
