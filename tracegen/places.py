"""Says where in its text an operation stands whose shapes do not fit. Nothing here is done where all shapes fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tracegen.errors import ParseError, Place, ShapeError
from tracegen.formula import Formula, children, name, postorder, same, with_children
from tracegen.lower import Granularity, Value, lower
from tracegen.mathtext.grammar import Notation, Parser
from tracegen.mathtext.names import Vocabulary
from tracegen.mathtext.symbols import BINARY
from tracegen.parse import parser_of
from tracegen.problem import Problem
from tracegen.wengert import Builder


def place_of_misfit(
    problem: Problem, label: str, builder: Builder, environment: Mapping[str, Value], granularity: Granularity
) -> Place:
    """The place of the first operation of a step or output whose shapes do not fit: its label where no text is known.

    ``environment`` has the values of the inputs and of the steps before it, in the list of ``builder``.
    """
    text, formula = problem.texts.get(label), problem.steps.get(label) or problem.outputs[label]
    if text is None:
        return problem.place_of(label)
    try:
        parser = _Placing(text, problem.names, label, problem.letters)
        read = parser.expression()
    except ParseError:
        return problem.place_of(label)
    misfit = _first_misfit(read, builder, environment, granularity) if same(read, formula) else None
    return problem.place_of(label, parser.place(misfit) if misfit else None)


def _first_misfit(
    formula: Formula, builder: Builder, environment: Mapping[str, Value], granularity: Granularity
) -> Formula | None:
    """The first operation that can't be lowered, each tried alone over the values of its operands."""
    values: dict[int, Value] = {}
    for node in postorder(formula):
        if node.head == "slice":
            continue
        if node.head == "name":
            values[id(node)] = environment.get(node.args[0], node)
            continue
        piece, given = _alone(node, values)
        try:
            values[id(node)] = lower(builder, piece, given, granularity)
        except ShapeError:
            return node
    return None


def _alone(node: Formula, values: Mapping[int, Value]) -> tuple[Formula, dict[str, Value]]:
    """An operation over names, and the values of these; transposes stay, since they say what a product is."""
    given: dict[str, Value] = {}

    def stand_in(part: Formula) -> Formula:
        if part.head == "transpose":
            return Formula("transpose", (stand_in(part.args[0]),))
        label = f"#{len(given)}"
        given[label] = values[id(part)]
        return name(label)

    if node.head == "index":
        return Formula("index", (stand_in(node.args[0]), *node.args[1:])), given
    return with_children(node, [stand_in(part) for part in children(node)]), given


class _Forgetful(Vocabulary):
    """A vocabulary that remembers no token, so that every part of a formula is an object of its own."""

    def keep(self, token: str, formula: Formula) -> Formula:
        return formula


class _Placing(Parser):
    """A parser that notes at which token each part of a formula was begun."""

    def __init__(self, text: str, names: frozenset[str], source: str, letters: frozenset[str]) -> None:
        plain = parser_of(text, names, source=source, letters=letters)
        words = _Forgetful(plain.words.names, plain.words.letters, latex=plain.words.latex, loose=plain.words.loose)
        super().__init__(plain.tokens, words, _marking(plain.notation), limit=plain.limit, strict=True)
        self._starts: dict[int, int] = {}
        self._marks: dict[int, int] = {}
        self._alive: list[Formula] = []

    def expression(self, minimum: int = 0) -> Formula:
        start = self.at
        formula = super().expression(minimum)
        self._alive.append(formula)
        self._starts[id(formula)] = start
        return formula

    def mark(self, formula: Formula, at: int) -> None:
        """Note the token of a function, a bracket or a mark; of several the innermost."""
        self._alive.append(formula)
        self._marks.setdefault(id(formula), at)

    def place(self, operation: Formula) -> Place | None:
        """Where an operation stands: its sign, its name, or its second operand where there is no sign."""
        start = self._starts.get(id(operation.args[1])) if len(operation.args) == 2 else None
        if start is not None and self.found[start - 1] in BINARY:
            return self.tokens.place(start - 1)
        at = self._marks.get(id(operation), start)
        return None if at is None else self.tokens.place(at)


def _marking(notation: Notation) -> Notation:
    """The notation with every reader followed by a mark."""

    def marking(read: Callable[..., Formula]) -> Callable[..., Formula]:
        def marked(parser: _Placing, *given: object) -> Formula:
            at = parser.at - 1
            formula = read(parser, *given)
            parser.mark(formula, at)
            return formula

        return marked

    return Notation(
        {token: marking(read) for token, read in notation.prefix.items()},
        {token: marking(read) for token, read in notation.postfix.items()},
        marking(notation.word),
        marking(notation.call),
        notation.refused,
    )
