"""Pieces of text that a writer puts down, each with its truth: what it is about and what a judge should find."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .answers import ADJOINT, PRIMAL, Answer, Quantity, Statement
from .expressions import Node, Number, changed, leaves, name, num, walk
from .presentations.dimensions import FORMATS_OF, LETTERS
from .presentations.formats import Chunk, Line
from .presentations.languages import LANGUAGES
from .presentations.spelling import NOTATIONS, Numbers, Spelling
from .problems import Task

RIGHT, CARRIED, WRONG, FOLLOWS, NO_ROW = "right", "carried", "wrong", "follows", "no row"
"""What is expected of a piece. FOLLOWS is the value that follows rightly from a wrong rule in its own row, and every
further piece of a row with a slip: a judge may call it right, carried or wrong, but not charge it."""

LABEL, RULE, MIDDLE, VALUE, TITLE = "label", "rule", "middle", "value", "title"


@dataclass
class Truth:
    """A piece of the sheet: its text, on which lines it stands, what it is about and what a judge should find."""

    text: str
    role: str
    quantity: Quantity | None
    expected: str
    slip: str = ""
    statement: int = -1
    mistake: str = ""
    """The slip that it is part of, where one slip shows in several rows."""
    lines: frozenset[int] = frozenset()


TIMES = {
    ("juxtaposed", "latex"): " ", ("juxtaposed", "plain"): " ", ("juxtaposed", "unicode"): " ",
    ("juxtaposed", "typst"): " ", ("dot", "latex"): r" \cdot ", ("dot", "plain"): "*", ("dot", "unicode"): "·",
    ("dot", "typst"): " dot ", ("star", "plain"): "*", ("star", "unicode"): "*", ("star", "typst"): " * ",
    ("cross", "latex"): r" \times ", ("cross", "plain"): " × ", ("cross", "unicode"): " × ",
    ("cross", "typst"): " times ",
}  # fmt: skip
NUMBERS = {
    "2 places": Numbers(2), "3 places": Numbers(3), "4 places": Numbers(4), "5 places": Numbers(5),
    "6 places": Numbers(6), "4 places, cut": Numbers(4, cut=True), "exact": Numbers(4, exact=True),
    "3 places, comma": Numbers(3, comma=True), "scientific": Numbers(4, scientific=True), "of a machine": Numbers(15),
}  # fmt: skip
STARTS = {"from 0": ("v", 0), "from 1": ("v", 1), "V1": ("V", 1), "n0": ("n", 0), "w1": ("w", 1), "%0": ("%", 0)}


class Writer:
    """One writer at one answer: chunks are made here, and each is given its truth."""

    def __init__(self, task: Task, answers: list[Answer], ways: dict[str, str], source: random.Random) -> None:
        self.task, self.ways, self.source = task, ways, source
        self.answers = answers
        self.format = FORMATS_OF[ways["format"]]
        self.language = next(each for each in LANGUAGES if each.name == ways["language"])
        self.numbers = NUMBERS[ways["numbers"]]
        self.truths: list[Truth] = []
        self.count = 0

    def spelling(self, answer: Answer) -> Spelling:
        notation = NOTATIONS[self.format.notation]
        family = notation.family
        times = TIMES.get((self.ways["product"], family), notation.times)
        ways = self.ways
        labels = _labels(answer, ways, family)
        return Spelling(
            notation, labels, times, ways["tangent"], ways["adjoint"], exponential=ways["exponential"],
            logarithm=ways["logarithm"], bold=ways["decoration"] == "bold letters",
            braces=ways["decoration"] == "braces", comma=self.numbers.comma,
            shaped=frozenset(row for row, shape in answer.shapes.items() if shape) | frozenset(
                key for key in ("W", "x", "b", "t") if answer.shapes),
            subscripts={"underscores": "underscore", "sub elements": "elements"}.get(ways["decoration"], "usual"),
            given_hats=ways["decoration"] == "hats over given names",
            hats=_own_rows(answer) if ways["decoration"] == "hats" else frozenset(),
        )  # fmt: skip

    # pieces

    def piece(self, text: str, role: str, expected: str, statement: Statement | None = None, slip: str = "") -> Chunk:
        """A chunk with its truth."""
        about, mistake = (statement.quantity, statement.mistake) if statement else (None, "")
        self.truths.append(Truth(text, role, about, expected, slip, self.count, mistake))
        return text, len(self.truths) - 1

    def label(self, statement: Statement, spelling: Spelling) -> Chunk:
        """What the row says that it is about."""
        if statement.label is None:
            return spelling.quantity(statement.quantity), -1
        return self.piece(spelling.quantity(statement.label), LABEL, WRONG, statement, statement.label_slip)

    def rule(self, text: str, statement: Statement) -> Chunk:
        either = statement.label_slip or statement.follows
        expected = WRONG if statement.formula_slip else FOLLOWS if either else RIGHT
        return self.piece(text, RULE, expected, statement, statement.formula_slip)

    def value(self, statement: Statement, spelling: Spelling) -> Chunk:
        assert statement.value is not None
        text = self._number(statement, spelling)
        if statement.value_slip:
            return self.piece(text, VALUE, WRONG, statement, statement.value_slip)
        expected = FOLLOWS if statement.follows or statement.label_slip else CARRIED if statement.carried else RIGHT
        return self.piece(text, VALUE, expected, statement)

    def _number(self, statement: Statement, spelling: Spelling) -> str:
        assert statement.value is not None
        if self.numbers.exact and statement.exact is not None and not _is_long(statement.exact):
            return spelling.formula(statement.exact)
        text = self.numbers.value(statement.value, spelling.family)
        if self.ways["decoration"] == "bold values":
            return f"**{text}**" if spelling.family != "latex" else rf"\mathbf{{{text}}}"
        if self.ways["decoration"] == "coloured":
            return rf"\color{{red}}{{{text}}}" if statement.quantity.kind == ADJOINT else text
        return text

    def _sign(self, statement: Statement, spelling: Spelling) -> str:
        rounded = statement.value is not None and self.numbers.is_short(statement.value)
        exact = self.numbers.exact and statement.exact is not None and not _is_long(statement.exact)
        if self.ways["equals"] == "=" or not rounded or exact:
            return " = "
        return {"latex": r" \approx ", "plain": " ~ ", "typst": " approx "}.get(spelling.family, " ≈ ")

    def groups(
        self, statement: Statement, answer: Answer, spelling: Spelling, own: Mapping[Node, Number]
    ) -> list[list[Chunk]]:
        """The label and the members of a chain, each with the sign before it."""
        self.count += 1
        assign = spelling.notation.assign
        groups: list[list[Chunk]] = [[self.label(statement, spelling)]]
        chain = self.ways["chain"]
        inner = statement.rule.args[0] if statement.rule.head == "neg" else statement.rule
        trivial = inner.head == "num" and statement.value is not None
        unworked = statement.unworked and spelling.formula(statement.unworked)
        # where a local partial and the row would have one name, nobody writes it
        if "unworked" in chain and unworked and groups[0][0][0] not in unworked:
            groups.append([(assign, -1), self._member(unworked, statement, FOLLOWS if statement.slip else RIGHT)])
        if not trivial:
            groups.append([(assign, -1), self.rule(spelling.formula(statement.rule), statement)])
        if (
            "numbers" in chain
            and statement.value is not None
            and not trivial
            and leaves(statement.rule)
            and statement.rule.head not in ("name", "bar", "dot")
        ):
            text = spelling_of_numbers(statement.rule, own, spelling, self.numbers)
            if text:
                expected = FOLLOWS if statement.slip else CARRIED if statement.carried else RIGHT
                groups.append([(" = ", -1), self._member(text, statement, expected)])
        if statement.value is not None and ("value" in chain or trivial or not answer.known):
            if spelling.family == "code" and not trivial:
                groups[-1].append((spelling.notation.comment.partition("{0}")[0], -1))
                groups[-1].append(self.value(statement, spelling))
            else:
                sign = assign if trivial else self._sign(statement, spelling)
                groups.append([(sign, -1), self.value(statement, spelling)])
        self._decorate(statement, groups, spelling)
        return groups

    def contributions(self, statement: Statement, spelling: Spelling) -> list[Line]:
        """A line for each term of an adjoint, the first with =, the others with +=."""
        self.count += 1
        label = spelling.quantity(statement.quantity)
        lines: list[Line] = []
        for term in _terms(statement.rule):
            sign = " += " if lines else spelling.notation.assign
            lines.append(Line([[(label, -1)], [(sign, -1), self.rule(spelling.formula(term), statement)]]))
        return lines

    def _member(self, text: str, statement: Statement, expected: str) -> Chunk:
        return self.piece(text, MIDDLE, expected, statement)

    def _decorate(self, statement: Statement, groups: list[list[Chunk]], spelling: Spelling) -> None:
        if self.ways["decoration"] == "underbraces" and len(groups) > 2 and self.source.random() < 0.4:
            text, number = groups[1][-1]
            word = self.source.choice(self.language.remarks)
            groups[1][-1] = rf"\underbrace{{{text}}}_{{\text{{{word}}}}}", number
        if self.ways["decoration"] != "boxed result" or (statement.quantity.kind == PRIMAL and not statement.is_input):
            return
        text, number = groups[-1][-1]
        groups[-1][-1] = rf"\boxed{{{text}}}", number


def spelling_of_numbers(rule: Node, own: Mapping[Node, Number], spelling: Spelling, numbers: Numbers) -> str:
    """A rule with the numbers put in that are written for its names; nothing where one is not known."""

    def number(leaf: Node) -> Node | None:
        if leaf.head not in ("name", "bar", "dot") or leaf == name("E"):
            return None
        value = own.get(leaf)
        return num(numbers.text(float(value))) if value is not None and np.ndim(value) == 0 else num("?")

    found = changed(rule, number)
    if any(node == num("?") for node in walk(found)):
        return ""
    times = spelling.times if spelling.times.strip() else spelling.fallback
    return replace(spelling, times=times, exponential=spelling.exponential).formula(found)


def _terms(rule: Node) -> list[Node]:
    if rule.head == "add":
        return [*_terms(rule.args[0]), *_terms(rule.args[1])]
    if rule.head == "sub":
        return [*_terms(rule.args[0]), Node("neg", (rule.args[1],))]
    return [rule]


def _is_long(node: Node) -> bool:
    return sum(1 for _ in walk(node)) > 9


def _own_rows(answer: Answer) -> frozenset[str]:
    """The rows that neither the problem nor its output names."""
    rows = {each.quantity.row for each in answer.statements if each.quantity.kind == PRIMAL}
    return frozenset(row for row in rows - set(answer.outputs.values()) if row[0] == "v" and row[1:].isdigit())


def _labels(answer: Answer, ways: Mapping[str, str], family: str) -> dict[str, str]:
    """What each row is called."""
    rows = [each.quantity.row for each in answer.statements if each.quantity.kind == PRIMAL]
    own = [row for row in rows if row[0] == "v" and row[1:].isdigit()]
    count = sum(each.is_input for each in answer.statements if each.quantity.kind == PRIMAL)
    labels: dict[str, str] = {}
    way = ways["numbering"]
    taken = {key.args[0] for key in answer.known} | set(answer.inputs) | set(answer.outputs) | set(rows)
    letters = [each for each in "abcghmnpqrs" if each not in taken]
    if ways["steps"] == "split by own rows":
        split = [row for row in own if row in answer.own_steps]
        labels.update(zip(split, letters, strict=False))
        own = [row for row in own if row not in labels]
    for at, row in enumerate(own):
        if way == LETTERS and len(letters) >= len(own):
            labels[row] = letters[at]
            continue
        letter, first = STARTS.get(way, ("v", 1 - count))
        letter = "v" if any(each.startswith(letter) and each[1:].isdigit() for each in taken - set(own)) else letter
        labels[row] = f"{letter}{first + at}"
    if ways["last row"] in ("named as the output", "left out"):
        for output, row in answer.outputs.items():
            if sum(each == row for each in answer.outputs.values()) == 1:
                labels[row] = output
    return labels
