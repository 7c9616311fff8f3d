"""A table of rows and numbers alone is of what its numbers are, whatever stands over it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

import tracegen

VALUES = {
    "adjoint": ("y/reverse", {"v4": 1.0, "v3": 1.0, "v2": 1.0, "v1": 2.0, "v0": 1 + math.cos(2)}),
    "tangent along x1": ("y/forward/x1", {"v0": 1.0, "v1": 0.0, "v2": 1.0, "v3": math.cos(2), "v4": 1 + math.cos(2)}),
    "tangent along x2": ("y/forward/x2", {"v0": 0.0, "v1": 1.0, "v2": 2.0, "v3": 0.0, "v4": 2.0}),
}  # fmt: skip
VALUE_HEADS = ("adjoint", "v̄", "gradient", "df/dnode", "derivative", "Wert", "?")


def values_only(head: str, column: Mapping[str, float], **wrong: float) -> tracegen.Report:
    rows = {"v0": ("x1", 2.0), "v1": ("x2", 1.0), "v2": ("v0 v1", 2.0), "v3": ("sin(v0)", math.sin(2)),
            "v4": ("v2 + v3", 2 + math.sin(2))}  # fmt: skip
    listed = "\n".join(f"| {row} | {rule} | {value:.3f} |" for row, (rule, value) in rows.items())
    values = "\n".join(f"| {row} | {value:.3f} |" for row, value in {**column, **wrong}.items())
    text = f"| row | rule | value |\n|---|---|---|\n{listed}\n\nThen:\n\n| row | {head} |\n|---|---|\n{values}\n"
    problem = '[inputs]\nx1 = 2\nx2 = 1\n[outputs]\ny = "x1*x2 + sin(x1)"\n'
    return tracegen.grade(tracegen.Problem.from_toml(problem), text)


CASES = [*((of, head) for of in VALUES for head in VALUE_HEADS), ("adjoint", "∂y/∂v")]


@pytest.mark.parametrize(("of", "head"), CASES)
def test_a_table_of_numbers_alone_is_known_by_what_they_are(of: str, head: str) -> None:
    part, column = VALUES[of]
    report = values_only(head, column)
    assert {cell.verdict for cell in report.cells} == {"right"}
    assert sum(cell.part == part for cell in report.cells) >= len(column)
    (fault,) = [cell for cell in values_only(head, column, v3=7.77).cells if cell.verdict != "right"]
    assert (fault.part, fault.row, fault.text) == (part, "v3", "7.770")
