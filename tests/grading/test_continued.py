"""A chain that goes on over lines is one chain, each member on its own line; a chain nobody can read harms no other."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tracegen.grading.grader import grade
from tracegen.problems.problem import Problem

PROBLEM = Problem.from_toml('[inputs]\na = 2\nb = 3\n[outputs]\ny = "sin(a*b) + a*b**2"')
LATEX = [
    ["v_0", "a", "2"], ["v_1", "b", "3"], ["v_2", "v_0 v_1", "2 \\cdot 3", "6"], ["v_3", r"\sin(v_2)", "-0.2794"],
    ["v_4", "v_1^2", "3^2", "9"], ["v_5", "v_0 v_4", r"2 \cdot 9", "18"], ["y", "v_3 + v_5", "17.7206"],
]  # fmt: skip
PLAIN = [[part.replace(r"\cdot", "*").replace("\\sin", "sin").replace("_", "") for part in row] for row in LATEX]


def plain(chain: Sequence[str]) -> str:
    return f"{chain[0]} = {chain[1]}\n" + "".join(f"   = {member}\n" for member in chain[2:])


def display(chain: Sequence[str]) -> str:
    return "$$\n" + plain(chain) + "$$\n"


def split(chain: Sequence[str]) -> str:
    return f"$${chain[0]} = {chain[1]}$$\n" + "".join(f"$$= {member}$$\n" for member in chain[2:])


def waiting(chain: Sequence[str]) -> str:
    return " =\n".join(chain) + "\n"


def aligned(chain: Sequence[str]) -> str:
    rest = "".join(f" \\\\\n&= {member}" for member in chain[2:])
    return f"\\begin{{align*}}\n{chain[0]} &= {chain[1]}{rest}\n\\end{{align*}}\n"


WAYS = {
    "plain": (plain, PLAIN, ".txt"), "spaced": (lambda chain: plain(chain) + "\n", PLAIN, ".md"),
    "display": (display, LATEX, ".md"), "displays": (split, LATEX, ".md"), "waiting": (waiting, PLAIN, ".txt"),
    "aligned": (aligned, LATEX, ".tex"), "aligned in Markdown": (aligned, LATEX, ".md"),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_each_member_is_judged_on_its_own_line(way: str) -> None:
    written, chains, suffix = WAYS[way]
    text = "".join(map(written, chains))
    lines = text.split("\n")
    report = grade(PROBLEM, text, suffix=suffix)
    assert {cell.verdict for cell in report.cells} == {"right"}
    judged = [cell for cell in report.cells if cell.cell != "label"]
    assert len(judged) == sum(len(chain) - 1 for chain in chains)
    assert [cell for cell in judged if cell.text not in lines[cell.line - 1]] == []
    assert not report.notes


def test_a_chain_that_cant_be_read_stays_apart() -> None:
    text = "v0 = a\n= 2\nv1 = b\n= 3\nv2 = v0 ?? v1\n= 6\nv3 = sin(v0*v1)\n= -0.2794\n"
    verdicts = {cell.line: cell.verdict for cell in grade(PROBLEM, text).cells if cell.cell != "label"}
    assert [verdicts[line] for line in (1, 2, 3, 4, 7, 8)] == ["right"] * 6
    assert verdicts[5] == "unread"
    assert verdicts[6] != "wrong"


def test_two_values_that_are_swapped_cost_one_mark() -> None:
    text = "v0 = a = 2\nv1 = b = 3\nv2 = v0*v1 = 6\nv3 = sin(v2) = -0.2794\nv4 = v1^2 = 18\nv5 = v0*v4 = 9\n"
    report = grade(PROBLEM, text + "y = v3 + v5 = 17.7206\n")
    assert [cell.text for cell in report.cells if cell.verdict == "wrong"] == ["18", "9"]
    assert report.max_score - report.score == 1
