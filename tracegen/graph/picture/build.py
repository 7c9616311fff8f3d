"""From a list and its sweeps to a picture: what is in the circles and what is written at the wires."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracegen.document.table import Cell, Decimal, Words
from tracegen.evaluation.evaluation import Evaluation, Values
from tracegen.formula import Formula, name, postorder
from tracegen.graph.picture.inside import operation
from tracegen.graph.picture.picture import Cells, Circle, Note, Picture, Wire
from tracegen.notation import unicode
from tracegen.rules.row_rules import Rows, equation
from tracegen.rules.substitution import figure
from tracegen.shapes import shape_text
from tracegen.tables.columns_and_titles import outputs_of
from tracegen.wengert.wengert_list import ONE

LONGEST_VALUE = 26
"""More characters than that and a value is written as a decimal."""

LONGEST_PARTIAL = 22


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be drawn: which of ``picture.SHOWS``, of which outputs, along which inputs.

    With ``sent`` the contributions to the adjoints of the first output are written at their wires.
    """

    show: str
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    direction: str
    inside: str
    sent: bool = False

    @property
    def arrows(self) -> str:
        """The arrows that are drawn."""
        return {"reverse": "reverse", "both": "both"}.get(self.show, "forward")


def value_formula(values: Values, place: int) -> Formula | None:
    """The value at a place: exact where it is short, a decimal otherwise; None without a point."""
    exact = values.exact(place)
    if isinstance(exact, Formula) and is_short(exact, LONGEST_VALUE):
        return exact
    decimal = values.decimal(place)
    if isinstance(decimal, Decimal):
        return figure(decimal)
    return decimal if isinstance(decimal, Formula) and is_short(decimal, LONGEST_VALUE) else None


def sent_values(evaluation: Evaluation, output: str) -> dict[tuple[int, int], Formula | None]:
    """What each line adds to the adjoint of each line that it uses, where that is one term; valued all together."""
    swept, values = evaluation.adjoints({output: ONE})
    terms: dict[tuple[int, int], list[int]] = {}
    for operand, arrivals in swept.contributions.items():
        for arrival in arrivals:
            terms.setdefault((arrival.child, operand), []).append(arrival.term)
    single = {wire: found[0] for wire, found in terms.items() if len(found) == 1}
    together = values.at(0)
    together.operands = list(single.values())
    return {wire: value_formula(together, at) for at, wire in enumerate(single)}


def is_short(formula: Formula, longest: int) -> bool:
    """Whether a formula has room at a wire."""
    for count, _ in enumerate(postorder(formula)):
        if count > longest:
            return False
    return len(unicode(formula)) <= longest


class Builder:
    """Builds the picture of one list."""

    def __init__(self, evaluation: Evaluation, wanted: Wanted) -> None:
        self._evaluation = evaluation
        self._wanted = wanted
        self._rows = Rows(evaluation)
        self._outputs = [text for text in evaluation.wengert.outputs if text in wanted.outputs]
        self._operands = [self._operands_of(place) for place in range(len(evaluation.wengert))]

    def picture(self) -> Picture:
        """Every line a circle, every operand a wire."""
        evaluation = self._evaluation
        circles = [self._circle(place) for place in range(len(evaluation.wengert))]
        wires = [wire for place in range(len(evaluation.wengert)) for wire in self._wires(place)]
        for output in evaluation.wengert.outputs:
            place = evaluation.wengert.outputs[output]
            if place >= 0:
                circles.append(Circle(f"output-{output}", "output", (name(output),)))
                wires.append(Wire(f"w{place}-{output}", f"v{place}", f"output-{output}"))
        return self.framed(circles, wires)

    def framed(self, circles: Sequence[Circle], wires: Sequence[Wire], folded: bool = False) -> Picture:
        """Circles and wires as a picture, with its title and a description for who cannot see it."""
        evaluation, wanted = self._evaluation, self._wanted
        key = "+".join(evaluation.wengert.outputs)
        title = (Words("Computational graph of "), *outputs_of(evaluation))
        return Picture(
            key, title, self._description(folded), tuple(circles), tuple(wires), wanted.arrows, wanted.direction,
            folded, bool(evaluation.wengert.shapes),
        )  # fmt: skip

    def notes(self, place: int) -> tuple[tuple[Note, ...], tuple[Note, ...]]:
        """What is written above and below the wire of a line."""
        return self._above(place), tuple(self._below(place))

    def _operands_of(self, place: int) -> list[int]:
        line = self._evaluation.wengert.lines[place]
        return [operand for operand in line[1:] if operand >= 0] if line[0] >= 0 else []

    def _circle(self, place: int) -> Circle:
        evaluation = self._evaluation
        kind = "input" if place < len(evaluation.wengert.inputs) else "step"
        above, below = self.notes(place)
        return Circle(f"v{place}", kind, self._inside(place, kind), above, below, (place,))

    def _inside(self, place: int, kind: str) -> Cells:
        if self._wanted.inside == "value":
            value = value_formula(self._evaluation.primal, place)
            return (value if value is not None else self._evaluation.labels[place],)
        return (self._evaluation.definition(place),) if kind == "input" else operation(self._evaluation, place)

    def _above(self, place: int) -> tuple[Note, ...]:
        evaluation = self._evaluation
        label = evaluation.labels[place]
        shape = evaluation.wengert.shape(place)
        notes: tuple[Note, ...] = (Note("shape", (Words(shape_text(shape)),)),) if shape else ()
        if self._wanted.inside == "value":
            definition = evaluation.definition(place)
            written = equation(label, definition) if is_short(definition, LONGEST_VALUE) else label
            return (Note("primal", (written,)), *notes)
        value = value_formula(evaluation.primal, place) if self._wanted.show in ("primal", "forward", "both") else None
        return (Note("primal", (label if value is None else equation(label, value),)), *notes)

    def _below(self, place: int) -> Iterator[Note]:
        evaluation, show = self._evaluation, self._wanted.show
        label = evaluation.labels[place]
        if show == "forward" and evaluation.wengert.shapes:
            yield Note("tangent", (Formula("tangent", (label, None)),))
        elif show == "forward":
            for text in self._wanted.inputs:
                _, values = evaluation.tangents(evaluation.unit_seed(text))
                yield _valued("tangent", Formula("tangent", (label, name(text))), value_formula(values, place))
        if show in ("reverse", "both") and place not in evaluation.data and place not in evaluation.unused:
            for output in self._outputs:
                _, values = evaluation.adjoints({output: ONE})
                adjoint = self._adjoint(label, output)
                yield _valued("adjoint", adjoint, value_formula(values, place))

    def _adjoint(self, label: Formula, output: str) -> Formula:
        """v̄3; of a joint list with several outputs ∂y1/∂v3, which says of which."""
        if len(self._outputs) > 1:
            return Formula("partial", (name(output), label))
        return Formula("adjoint", (label,))

    def _wires(self, place: int) -> Iterator[Wire]:
        operands = self._operands[place]
        for slot, operand in enumerate(operands):
            label = self._partial(place, operand) if operand not in operands[:slot] else None
            still = operand in self._evaluation.data or place in self._evaluation.unused
            sent = None if still or operand in operands[:slot] else self._sent(place, operand)
            yield Wire(f"w{operand}-{place}-{slot}", f"v{operand}", f"v{place}", None if still else label, still, sent)

    def _partial(self, place: int, operand: int) -> Cell:
        """The local partial on a wire; of matrices what goes back along it."""
        if self._wanted.show in ("none", "primal"):
            return None
        wengert = self._evaluation.wengert
        if wengert.shapes:
            return self._sent_back(place, operand) if self._wanted.arrows != "forward" else None
        partial = self._rows.partials(place)[operand]
        return partial if is_short(partial, LONGEST_PARTIAL) else None

    def _sent(self, place: int, operand: int) -> Cell:
        """The value of what goes back along a wire."""
        return self._values_sent.get((place, operand))

    @cached_property
    def _values_sent(self) -> dict[tuple[int, int], Formula | None]:
        if not self._wanted.sent or self._evaluation.wengert.shapes:
            return {}
        return sent_values(self._evaluation, self._outputs[0])

    def _sent_back(self, place: int, operand: int) -> Cell:
        (sent,) = self._rows.contributions(operand, [place])
        return sent.worked if is_short(sent.worked, LONGEST_PARTIAL) else None

    def _description(self, folded: bool) -> Cells:
        evaluation = self._evaluation
        steps = len(evaluation.wengert) - len(evaluation.wengert.inputs)
        parts: list[Cell] = [Words(f"{len(evaluation.wengert.inputs)} inputs and {steps} operations")]
        if not folded:
            for place, label in enumerate(evaluation.labels):
                parts += [Words("; "), equation(label, evaluation.definition(place))]
        parts.append(Words("."))
        return tuple(parts)


def _valued(kind: str, label: Formula, value: Formula | None) -> Note:
    return Note(kind, (label if value is None else equation(label, value),))
