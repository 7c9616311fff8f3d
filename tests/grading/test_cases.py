"""Worked cases: a small problem and a sheet each, every one a sample of a kind, and what is right on it line by line.

A line with an equation, or with a number in a table, has to be looked at and right where nothing else is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tracegen.grading.grader import grade
from tracegen.grading.report import Report

FOLDER = Path(__file__).parent.parent / "submissions" / "cases"
SPELLINGS = FOLDER / "spellings"

RIGHT = "right"
"""Looked at, and every cell right."""
FREE = "free"
"""No cell wrong; whether it was looked at is open."""
CARRIED = "carried"
"""Looked at, no cell wrong: right, or right from the writer's own values."""
WRONG = "wrong"
"""A cell of it is wrong."""
UNPAID = "unpaid"
"""No row of the problem: nothing on it is right or wrong."""


@dataclass(frozen=True)
class Expected:
    """What is right on a sheet: the outcome of single lines, and that of all others."""

    lines: Mapping[int, str] = field(default_factory=dict)
    others: str = RIGHT


EXPECTED: Mapping[str, Expected] = {
    "a01c-input-row-one": Expected({4: FREE}),
    "a01d-dot-as-point": Expected(others=FREE),
    "a02a-title-at-point": Expected({1: FREE}),
    "a02b-title-function-of": Expected({1: FREE}),
    "a02c-title-in-steps": Expected({1: FREE}),
    "a02d-title-as-second-world": Expected({1: FREE, 12: WRONG, 14: CARRIED}),
    "a02e-title-with-seeds": Expected({1: FREE}),
    "a04a-local-partials-columns": Expected(others=FREE),
    "a04b-local-partials-named": Expected(others=FREE),
    "a06a-undefined-name": Expected({5: FREE, 7: FREE, 9: FREE}),
    "a06b-unread-row-then-used": Expected({5: FREE, 6: FREE, 12: FREE, 13: FREE}),
    "a06c-derivative-of-expression": Expected({7: FREE, 9: FREE}),
    "a07b-last-row-bonus": Expected({7: FREE, 8: FREE, 9: FREE}),
    "a10-own-step": Expected({7: WRONG}),
    "a11a-rounded-factor": Expected({5: CARRIED}),
    "a14-local-or-total": Expected({14: WRONG}),
    "a15-minus-for-underscore": Expected({6: FREE}),
    "a16-jacobian-product": Expected(others=FREE),
    "a19a-names-put-in": Expected({13: WRONG}),
    "a19b-hadamard-left-out": Expected({5: WRONG, 7: FREE}),
    "a23-ellipsis": Expected({4: FREE}),
    "a24-tuple-transposed": Expected({1: FREE}),
    "b02-bold-number": Expected({11: WRONG}),
    "b05-brackets-with-a-hat-are-dropped": Expected({9: FREE, 11: FREE}),
    "b06-own-formula-not-carried": Expected({3: WRONG, 5: CARRIED, 7: CARRIED, 9: CARRIED, 11: CARRIED}),
    "b07-no-output-row": Expected({3: WRONG, 5: CARRIED, 7: CARRIED, 9: CARRIED}),
    "b10-function-stated-first": Expected({1: FREE, 7: WRONG}),
    "b11-elements-of-a-vector": Expected(others=FREE),
    "b13-silent-rows": Expected({6: WRONG, 9: WRONG}),
    "b14-row-ends-with-four-backslashes": Expected({1: WRONG}, others=FREE),
    "b16-slip-in-a-local-partial": Expected({5: WRONG, 4: CARRIED}),
    "b18-rows-that-are-no-rows": Expected({1: FREE, 9: FREE, 11: FREE}),
    "b19-letter-for-the-activation": Expected({1: FREE}),
    "b20-names-of-programs": Expected({7: WRONG, 8: CARRIED}),
    "b22-rate-of-learning": Expected({7: UNPAID, 9: UNPAID}),
}

KNOWN: Mapping[str, str] = {
    "a01e-seed-from-input-rows": "seeds read off the rows of the inputs",
    "a01g-symbolic-seed-in-column": "derivatives in letters",
    "a02d-title-as-second-world": "a total after a slip",
    "a07c-value-of-one-input": "the gradient at one value of an input",
    "a07d-helper-not-known": "a helper for a gradient",
    "a10-own-step": "a step of the writer",
    "a11b-truncated-one-digit": "a value cut short",
    "a13-value-with-remark": "a value with a remark",
    "a14-local-or-total": "total and local derivatives",
    "a15-minus-for-underscore": "a name that is mistyped",
    "a16-jacobian-product": "the product of a Jacobian",
    "a17-entries": "elements of a vector",
    "a18-renamed-row": "a row under two names",
    "a19a-names-put-in": "a slip in names put in",
    "a19b-hadamard-left-out": "a product without its sign",
    "a20-comma-index": "an index with a comma",
    "a24-tuple-transposed": "a tuple for a vector",
    "b01-bold-letter": "a transposed row",
    "b03-local-partial-of-named-steps": "local partials between named steps",
    "b04-row-restated-under-a-heading": "a row said again",
    "b05-brackets-with-a-hat-are-dropped": "a name that is not known",
    "b06-own-formula-not-carried": "carried from a wrong value",
    "b11-elements-of-a-vector": "elements of a vector",
    "b12-words-below-a-name": "words below a name",
    "b13-silent-rows": "program names",
    "b14-row-ends-with-four-backslashes": "doubled backslashes",
    "b15-numbered-letters-for-functions": "letters with numbers for functions",
    "b16-slip-in-a-local-partial": "a slip in a local partial",
    "b17-delta-with-a-number": "a helper for a gradient",
    "b18-rows-that-are-no-rows": "lines that are no rows",
    "b19-letter-for-the-activation": "a letter for the activation",
    "b20-names-of-programs": "program names",
    "b21-derivative-of-a-bracket": "the derivative of a bracket",
    "b22-rate-of-learning": "lines that are no rows",
    "b23-product-of-rounded-matrices": "a product of rounded numbers",
    "spellings/lisp": "operations in words",
}
"""Cases that are not right yet, with their kind. The table only shrinks."""

_ANSWER = re.compile(r"[=←]|\|.*\d")
_RULER = re.compile(r"[\s|:+-]*|.*\\(begin|end)\b.*|\$\$|```.*")


def _answers(text: str) -> list[int]:
    """The lines that hold an equation, or a row of a table with a number."""
    lines = text.split("\n")
    heads = {at for at, line in enumerate(lines[1:]) if "--" in line and _RULER.fullmatch(line)}
    return [
        at + 1
        for at, line in enumerate(lines)
        if _ANSWER.search(line) and at not in heads and not _RULER.fullmatch(line)
    ]


def _fault(outcome: str, verdicts: list[str]) -> str:
    """What is not as it has to be on a line, in words; nothing where all is well."""
    if outcome == WRONG:
        return "" if "wrong" in verdicts else "the slip is not seen"
    if "wrong" in verdicts:
        return "accused"
    if outcome == UNPAID:
        return "taken for a row" if {"right", "carried"}.intersection(verdicts) else ""
    if outcome == FREE:
        return ""
    if not verdicts:
        return "not looked at"
    allowed = {"right"} if outcome == RIGHT else {"right", "carried"}
    strange = sorted(set(verdicts) - allowed)
    return f"{', '.join(strange)} instead of {outcome}" if strange else ""


def faults(report: Report, text: str, expected: Expected) -> list[str]:
    """What is not right in a report, line by line."""
    verdicts: dict[int, list[str]] = {line: [] for line in _answers(text)}
    for cell in report.cells:
        verdicts.setdefault(cell.line, []).append(cell.verdict)
    verdicts |= {line: [] for line in expected.lines if line not in verdicts}
    found = ((line, _fault(expected.lines.get(line, expected.others), verdicts[line])) for line in sorted(verdicts))
    return [f"line {line}: {fault}" for line, fault in found if fault]


def _sheets(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix != ".toml")


def _check(name: str, sheet: Path, problem: Path, expected: Expected) -> None:
    text = sheet.read_text()
    found = faults(grade(problem, text, suffix=sheet.suffix), text, expected)
    if name in KNOWN:
        assert found, f"{name} is right now: take it off the table of what is known to fail"
        return
    assert not found, "\n".join(found)


@pytest.mark.parametrize("sheet", _sheets(FOLDER), ids=lambda sheet: sheet.stem)
def test_case(sheet: Path) -> None:
    _check(sheet.stem, sheet, sheet.with_suffix(".toml"), EXPECTED.get(sheet.stem, Expected()))


@pytest.mark.parametrize("sheet", _sheets(SPELLINGS), ids=lambda sheet: sheet.stem)
def test_one_solution_in_many_spellings(sheet: Path) -> None:
    _check(f"spellings/{sheet.stem}", sheet, SPELLINGS / "problem.toml", Expected())


def test_tables_name_cases_that_are_there() -> None:
    names = {sheet.stem for sheet in _sheets(FOLDER)} | {f"spellings/{sheet.stem}" for sheet in _sheets(SPELLINGS)}
    assert names.issuperset(EXPECTED)
    assert names.issuperset(KNOWN)
