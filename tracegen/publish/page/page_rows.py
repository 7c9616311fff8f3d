"""The rows and steps of a page: each line once forward and once in reverse, with its rule and what it uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracegen.document.table import Cell, Decimal, Mark
from tracegen.evaluation.evaluation import Evaluation, Values
from tracegen.evaluation.line_names import output_label
from tracegen.formula import Formula, name
from tracegen.graph.picture.build import sent_values
from tracegen.rules.chain_rule import adjoint_rule
from tracegen.rules.row_rules import Rows, starting_adjoint
from tracegen.shapes import shape_text
from tracegen.wengert.wengert_list import ONE, ZERO


@dataclass(frozen=True, slots=True)
class Answer:
    """A cell with a rule and a value; ``key`` finds what it is checked against."""

    key: str
    label: Formula
    rule: Formula | None
    exact: Cell
    decimal: Cell

    @property
    def has_value(self) -> bool:
        """Whether there is a value to be shown."""
        return self.exact is not None or self.decimal is not None

    @property
    def value(self) -> Cell:
        """The value as it is shown first: exact where there is one."""
        return self.decimal if self.exact is None or isinstance(self.exact, Mark) else self.exact

    @property
    def about(self) -> Cell:
        """The decimal beside an exact value that is no number yet."""
        plain = isinstance(self.exact, Formula) and self.exact.head in ("number", "matrix")
        negative = isinstance(self.exact, Formula) and self.exact.head == "neg" and self.exact.args[0].head == "number"
        if not isinstance(self.decimal, Decimal) or self.value is not self.exact or plain or negative:
            return None
        return self.decimal


@dataclass(frozen=True, slots=True)
class Sent:
    """What a line adds to an adjoint, v̄1←2: its rule, the rule worked out, and its value."""

    child: int
    chain: Formula
    worked: Formula
    value: Formula | None


@dataclass(frozen=True, slots=True)
class PageRow:
    """A line of a list: its definition and value, its tangents by input, and its adjoint."""

    place: int
    label: Formula
    shape: str
    primal: Answer
    tangents: dict[str, Answer]
    adjoint: Answer | None
    sent: tuple[Sent, ...]
    start: Formula | None
    used: tuple[int, ...]


class PageRows:
    """Makes the rows of one output of a list."""

    def __init__(self, evaluation: Evaluation, output: str, inputs: Sequence[str]) -> None:
        self._evaluation = evaluation
        self._output = output
        self._inputs = inputs
        self._rows = Rows(evaluation)
        self._swept, self._adjoints = evaluation.adjoints({output: ONE})
        self._values_sent = sent_values(evaluation, output)
        self._still: dict[str, set[int]] = {text: set() for text in inputs}

    def __iter__(self) -> Iterator[PageRow]:
        for place in range(len(self._evaluation.wengert)):
            yield self._row(place)

    def _row(self, place: int) -> PageRow:
        evaluation = self._evaluation
        label = evaluation.labels[place]
        shape = evaluation.wengert.shape(place)
        sent = tuple(self._sent(place))
        primal = _answer(f"p{place}", label, evaluation.definition(place), evaluation.primal, place)
        tangents = {text: self._tangent(place, text) for text in self._inputs}
        start = self._start(place)
        adjoint = None if place in evaluation.data or place in evaluation.unused else self._adjoint(place, sent, start)
        words = shape_text(shape) if shape else ""
        return PageRow(place, label, words, primal, tangents, adjoint, sent, start, tuple(self._rows.used(place)))

    def _tangent(self, place: int, wanted: str) -> Answer:
        evaluation = self._evaluation
        inputs = evaluation.wengert.inputs
        if evaluation.wengert.shapes:
            return self._moving(place, wanted)
        seed = evaluation.unit_seed(wanted)
        _, values = evaluation.tangents(seed)
        rule = seed[place] if place < len(inputs) else self._rows.tangent(place, name(wanted))
        label = Formula("tangent", (evaluation.labels[place], name(wanted)))
        return _answer(f"t{inputs.index(wanted)}-{place}", label, rule, values, place)

    def _moving(self, place: int, wanted: str) -> Answer:
        """The tangent of a line of matrices when one input moves."""
        evaluation = self._evaluation
        inputs = evaluation.wengert.inputs
        label = Formula("tangent", (evaluation.labels[place], None))
        if place < len(inputs):
            rule = Formula("tangent", (name(wanted), None)) if inputs[place] == wanted else ZERO
        else:
            rule = self._rows.tangent(place, None, self._still[wanted])
        if rule == ZERO:
            self._still[wanted].add(place)
        return Answer(f"t{inputs.index(wanted)}-{place}", label, rule, None, None)

    def _sent(self, place: int) -> Iterator[Sent]:
        for found in self._rows.arriving(place, self._swept):
            yield Sent(found.child, found.chain, found.worked, self._values_sent.get((found.child, place)))

    def _start(self, place: int) -> Formula | None:
        evaluation = self._evaluation
        if place != evaluation.output(self._output):
            return None
        output = output_label(evaluation.wengert, self._output, evaluation.convention)
        return starting_adjoint(evaluation, output, place, ONE)

    def _adjoint(self, place: int, sent: Sequence[Sent], start: Formula | None) -> Answer:
        label = Formula("adjoint", (self._evaluation.labels[place],))
        terms = [entry.worked for entry in sent]
        rule = adjoint_rule(terms if start is None else [start, *terms])
        return _answer(f"a-{place}", label, rule, self._adjoints, place)


def _answer(key: str, label: Formula, rule: Formula, values: Values, place: int) -> Answer:
    exact = values.exact(place)
    return Answer(key, label, None if rule == label else rule, exact, values.decimal(place))
