"""Decides whether two formulas are equal, unequal, or cannot be told apart, by their values at several points.

Floats decide where they clearly can; balls of many digits decide the rest. Nothing is simplified, so that nothing
hangs: the work is bounded by the texts.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tracegen.errors import FormatError, ParseError
from tracegen.formula import Formula
from tracegen.grading.valuing import InFloats, NoNumberError, Program, in_balls, program
from tracegen.mathtext import Reading, read
from tracegen.mathtext.known_words import normal

Interval = tuple[float, float]
Point = dict[Formula, float]
Outcome = Literal["agree", "differ", "one", "neither", "unclear"]
Answer = Literal["equal", "unequal", "unread", "unsure"]

DEFAULT: Interval = (0.4, 1.9)
WANTED, WANTED_AT_KINKS, TRIED = 3, 12, 16
"""Points at which both must have a value; more where a branch could be missed; and how many are tried for them."""

SAME, DIFFERENT = 1e-12, 1e-3
"""Relative differences of floats below and above which they decide."""

PRECISIONS = (200, 800, 3_000)
AGREED = 100
"""Binary digits to which balls must agree to count as equal."""

_SHARES = random.Random(1964)
_TABLE = [[_SHARES.random() for _ in range(TRIED)] for _ in range(48)]
"""Where in its interval each of the first variables is, at each point; the same in every run."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, and why in a sentence."""

    verdict: Answer
    reason: str


def equivalent(
    a: str,
    b: str,
    syntax: Literal["latex", "plain"] | None = None,
    ranges: Mapping[str, Interval] | None = None,
    names: Collection[str] | None = None,
) -> Verdict:
    """Whether two texts of scalar mathematics are equal wherever both have a value.

    Variables are sampled from ``ranges``, and from (0.4, 1.9) where not in it; ``names`` are the names that may be used
    (None: any). ``unread``: one of them is no formula. ``unsure``: neither could be shown. Where a text has several
    usual readings, one that fits is enough. Raises FormatError for another syntax, and nothing for any text.

    >>> equivalent("sin(x)^2 + cos(x)^2", "1").verdict
    'equal'
    >>> equivalent("x", "x*(1 + 1e-9)").verdict
    'unequal'
    """
    if syntax not in (None, "latex", "plain"):
        raise FormatError(f"there is no syntax {syntax!r}; there are latex and plain")
    try:
        first, second = (read(text, names=names, syntax=syntax, source="text") for text in (a, b))
    except ParseError as error:
        return Verdict("unread", str(error))
    return _best(first, second, ranges)


def same(
    f: Formula,
    g: Formula,
    *,
    ranges: Mapping[str, Interval] | None = None,
    points: Sequence[Mapping[Formula, float]] = (),
) -> Verdict:
    """Whether two formulas have the same value wherever both have one.

    Names, adjoints, tangents and partial derivatives are variables of their own. ``points`` are tried first, each with
    the values of some of them; what they leave out is sampled, from ``ranges`` by name or from (0.4, 1.9).
    """
    try:
        left, right = program(f), program(g)
    except NoNumberError as error:
        return Verdict("unsure", str(error))
    atoms = list(dict.fromkeys(left.atoms + right.atoms))
    wanted = 1 if not atoms else WANTED_AT_KINKS if left.kinked or right.kinked else WANTED
    outcomes: list[Outcome] = []
    floats = InFloats(left), InFloats(right)
    for index in range(TRIED if atoms else max(1, len(points))):
        point = _point(atoms, index, ranges or {}, points[index] if index < len(points) else {})
        outcome = _compare_floats(*floats, point) or _compare_balls(left, right, point)
        outcomes.append(outcome)
        if outcome == "differ":
            return Verdict("unequal", _difference(left, right, point))
        if outcome == "agree" and outcomes.count("agree") >= max(wanted, len(points)):
            break
    return _without_difference(outcomes)


def _without_difference(outcomes: Sequence[Outcome]) -> Verdict:
    """The verdict where no point told the formulas apart."""
    if "unclear" in outcomes:
        return Verdict("unsure", f"{PRECISIONS[-1]} binary digits do not decide it")
    agreed = outcomes.count("agree")
    if agreed:
        return Verdict("equal", f"they agree at {agreed} point{'s' * (agreed != 1)}")
    if "one" in outcomes:
        return Verdict("unsure", "only one of them has a value")
    return Verdict("unsure", "they have no value at any point tried")


def _compare_floats(left: InFloats, right: InFloats, point: Point) -> Outcome | None:
    """What the values in floats say; None where they do not decide it."""
    (a, a_plain), (b, b_plain) = left.at(point), right.at(point)
    if a != a or b != b:
        return "neither" if a != a and b != b else "one"
    if not (a_plain and b_plain):
        return None
    difference, size = abs(a - b), max(abs(a), abs(b))
    if difference <= SAME * size:
        return "agree"
    return "differ" if difference > DIFFERENT * size else None


def _compare_balls(left: Program, right: Program, point: Point) -> Outcome:
    for bits in PRECISIONS:
        a, b = in_balls(left, point, bits), in_balls(right, point, bits)
        if a is None or b is None:
            continue
        if not a.overlaps(b):
            return "differ"
        if _tight(a) and _tight(b):
            return "agree"
    return "unclear"


def _tight(ball: Any) -> bool:
    """Whether a ball is so small that another that overlaps with it can be taken as equal."""
    return ball.rel_accuracy_bits() >= AGREED or bool(ball.rad() < 2.0**-AGREED)


def _point(
    atoms: Sequence[Formula], index: int, ranges: Mapping[str, Interval], given: Mapping[Formula, float]
) -> Point:
    point: Point = {}
    for at, atom in enumerate(atoms):
        if atom in given:
            point[atom] = given[atom]
            continue
        low, high = ranges.get(atom.args[0], DEFAULT) if atom.head == "name" else DEFAULT
        share = _TABLE[at][index] if at < len(_TABLE) else random.Random(f"{at} {index}").random()
        point[atom] = low + (high - low) * share
    return point


def _difference(left: Program, right: Program, point: Point) -> str:
    """In words: where two formulas differ, and by what."""
    values = " and ".join(f"{InFloats(work).at(point)[0]:.9g}" for work in (left, right))
    where = ", ".join(f"{atom.args[0]} = {value:.4g}" for atom, value in list(point.items())[:4] if atom.head == "name")
    missing = [
        str(atom.args[0])
        for atom in dict.fromkeys(left.atoms + right.atoms)
        if atom.head == "name" and (atom not in left.atoms or atom not in right.atoms)
    ]
    alone = f"; only one of them has {', '.join(missing)}" if missing else ""
    return f"{'at ' + where + ' ' if where else ''}they are {values}{alone}"


def _best(first: Reading, second: Reading, ranges: Mapping[str, Interval] | None) -> Verdict:
    """The verdict on the readings that fit best: equal, then unsure, then unequal."""
    spelled = {normal(name): interval for name, interval in (ranges or {}).items()}
    found: list[Verdict] = []
    for f, note in zip(first.alternatives, first.notes, strict=True):
        for g, other in zip(second.alternatives, second.notes, strict=True):
            verdict = same(f, g, ranges=spelled)
            if verdict.verdict == "equal":
                notes = "; ".join(dict.fromkeys(part for part in (note, other) if part))
                return Verdict("equal", f"{verdict.reason}, where {notes}" if notes else verdict.reason)
            found.append(verdict)
    return next((verdict for verdict in found if verdict.verdict == "unsure"), found[0])
