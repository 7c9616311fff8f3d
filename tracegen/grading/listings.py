"""A list with its meaning: the values, tangents, adjoints and local partials of every row, at all samples.

The same for the reference and for what a student wrote; so that an answer is judged in the student's own list.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from tracegen.formula import Formula, name
from tracegen.grading.local import Local
from tracegen.grading.matrices import STEP, Matrices
from tracegen.grading.meaning import Array, Code, MeaninglessError, Scalars, compiled, gradients, leaves, value
from tracegen.grading.seeds import numbers_of

MOST_KEPT = 2_000
"""Local partials of matrices that are kept."""

Edges = dict[str, Any]
"""The local partials of a row, by the rows that it uses."""


@dataclass
class Listing:
    """Rows by their names, in the order in which they can be worked out; inputs first.

    ``steps`` has the formula of every row that is no input; ``also`` other names of rows (v0 for x1, y for v5);
    ``outputs`` which row each output is.
    """

    inputs: Mapping[str, Array]
    functions: Scalars
    steps: dict[str, Formula] = field(default_factory=dict)
    values: dict[str, Array] = field(default_factory=dict)
    also: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values.update(self.inputs)
        self._edges: dict[str, Edges] = {}
        self._used: dict[str, Edges] | None = None
        self._derivatives: dict[tuple[str, str], Any] = {}
        self._adjoints: dict[str, dict[str, Array]] = {}
        self._own_adjoints: dict[str, dict[str, Array]] = {}
        self._tangents: dict[str, dict[str, Array]] = {}

    def copy(self) -> Listing:
        """The same list, whose values can be put in place of others without a change here."""
        values, also, outputs = dict(self.values), dict(self.also), dict(self.outputs)
        copied = Listing(self.inputs, self.functions, dict(self.steps), values, also, outputs)
        copied._adjoints, copied._tangents = self._adjoints, self._tangents
        return copied

    def so_far(self) -> Listing:
        """The list as it is before more rows are added: what is found out about it stays with it."""
        return Listing(self.inputs, self.functions, dict(self.steps), dict(self.values), dict(self.also))

    @cached_property
    def samples(self) -> int:
        """At how many points the list has values."""
        return len(next(iter(self.inputs.values())))

    @property
    def said(self) -> tuple[Hashable, ...]:
        """What the list says: two lists of one problem that say the same have the same values."""
        return tuple(self.steps.items()), tuple(self.also.items()), tuple(self.outputs.items())

    def row(self, text: str) -> str | None:
        """The row that a name stands for, or None."""
        text = self.also.get(text, text)
        return text if text in self.values else None

    def look_up(self, leaf: Formula) -> Array:
        """The value of a name. Raises MeaninglessError where nobody knows it."""
        if leaf.head != "name":
            raise MeaninglessError("a derivative can't stand in a primal row")
        row = self.row(leaf.args[0])
        if row is None:
            raise MeaninglessError(f"the name {leaf.args[0]} is not known here")
        return self.values[row]

    def finished(self, found: Any, like: Array | None = None) -> Array:
        """A value as an array over all samples; ``like`` is what is wanted, whose shape blocks of zeros make up."""
        if isinstance(self.functions, Matrices):
            return self.functions.finished(found, self.samples, like)
        if isinstance(found, np.ndarray) and found.ndim:
            return found
        return np.full(self.samples, float(found))

    def add(self, text: str, formula: Formula, values: Array | None = None) -> None:
        """A row more, with its values where they are known already."""
        found = value(compiled(formula), self.look_up, self.functions)
        found = found if values is None else values
        self.steps[text], self._used = formula, None
        self.values[text] = self.finished(found)

    def edges(self, text: str) -> Edges:
        """The local partials of a row."""
        known = self._edges.get(text)
        if known is None:
            known = self._edges[text] = self._worked_out(text) if text in self.steps else {}
        return known

    # Edges are numbers and no formulas of rules/: a sheet has hundreds of rows, each of any formula, at many samples,
    # and a row that is right needs no rule in writing.

    def _worked_out(self, row: str) -> Edges:
        edges: Edges = {}
        code = compiled(self.steps[row])
        if isinstance(self.functions, Matrices):
            for text in dict.fromkeys(self.also.get(leaf.args[0], leaf.args[0]) for leaf in leaves(code)):
                edges[text] = self._kept_local(row, code, text)
            return edges
        for leaf, partial in gradients(code, self.look_up, self.functions).items():
            text = self.also.get(leaf.args[0], leaf.args[0])
            edges[text] = edges.get(text, 0.0) + partial
        return {text: self._on_one_side(self.finished(partial)) for text, partial in edges.items()}

    def _on_one_side(self, partial: Array) -> Array:
        """A local partial without a value across a kink, where a derivative at the point may be another function."""
        if not self.functions.across:
            return partial
        found: Array = partial.astype(float)
        found[-1 - self.functions.across : -1] = np.nan
        return found

    def _kept_local(self, row: str, code: Code, text: str) -> Local:
        """The local partial, kept for all sheets: without numbers of the writer's own it is always the same."""
        operands = tuple(self.look_up(leaf).tobytes() for leaf in dict.fromkeys(leaves(code)))
        key = (code, text, self.values[row].shape, self.values[row].tobytes(), operands)
        kept = self.functions.kept
        if key not in kept:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[key] = self._local(row, code, text)
        local: Local = kept[key]
        return local

    def _local(self, row: str, code: Code, text: str) -> Local:
        """The local partial of a matrix row, entry by entry."""
        before = self.values[text]
        _, rows, columns = before.shape
        parts = []
        for place in range(rows * columns):
            moved = before.astype(complex)
            moved[:, place // columns, place % columns] += 1j * STEP

            def look_up(leaf: Formula, moved: Array = moved) -> Array:
                return moved if self.also.get(leaf.args[0], leaf.args[0]) == text else self.look_up(leaf)

            found = self.finished(value(code, look_up, self.functions), self.values[row])
            parts.append(np.imag(found) / STEP)
        array = np.stack(parts, axis=-1)
        return Local(array.reshape(*array.shape[:-1], rows, columns))

    def forget(self) -> None:
        """Drop the local partials, after the writer's own values have changed."""
        self._edges, self._used, self._derivatives, self._own_adjoints = {}, None, {}, {}

    def has_direction(self, seed: str) -> bool:
        """Whether tangents can be along a direction: an input, or numbers for all inputs."""
        return bool(numbers_of(seed, list(self.inputs)))

    def tangents(self, seed: str) -> dict[str, Array]:
        """The tangents of all rows along a direction, or along a random one; right at all samples but the last."""
        known = self._tangents.get(seed)
        if known is not None:
            return known
        found: dict[str, Array] = {}
        numbers = numbers_of(seed, list(self.inputs)) or [0.0] * len(self.inputs)
        for at, ((text, values), number) in enumerate(zip(self.inputs.items(), numbers, strict=True)):
            still = seed or text in self.functions.still
            found[text] = np.full_like(values, number) if still else _direction(values, at)
        for text in self.steps:
            terms = [pushed(partial, found[operand]) for operand, partial in self.edges(text).items()]
            found[text] = sum(terms) if terms else np.zeros_like(self.values[text])
        self._tangents[seed] = found
        return found

    def adjoints(self, output: str) -> dict[str, Array]:
        """The adjoints of all rows, of one output; right at all samples but the last."""
        known = self._adjoints.get(output)
        if known is None:
            known = self._adjoints[output] = self._swept(output)
        return known

    def _swept(self, output: str) -> dict[str, Array]:
        found = {text: np.zeros_like(values) for text, values in self.values.items()}
        found[output] = np.ones_like(self.values[output])
        for text in reversed(list(self.steps)):
            for operand, partial in self.edges(text).items():
                found[operand] = found[operand] + pulled(partial, found[text])
        return found

    def contributions(self, text: str) -> dict[str, Any]:
        """The rows that use a row, each with its local partial."""
        if self._used is None:
            self._used = {}
            for child in self.steps:
                for operand, partial in self.edges(child).items():
                    self._used.setdefault(operand, {})[child] = partial
        return self._used.get(text, {})

    def derivative(self, above: str, below: str) -> Any:
        """∂above/∂below: the local partial where there is one, else through the rows between; None where neither is."""
        if (above, below) not in self._derivatives:
            local = self.edges(above).get(below)
            self._derivatives[above, below] = self._through(above, below) if local is None else local
        return self._derivatives[above, below]

    def _through(self, above: str, below: str) -> Any:
        if not self.depends(above, below):
            return None
        if isinstance(self.functions, Matrices):
            return None if self.values[above].shape[1:] != (1, 1) else Local(self.adjoints(above)[below][:, None, None])
        if above not in self._own_adjoints:
            self._own_adjoints[above] = self._swept(above)
        return self._own_adjoints[above][below]

    def depends(self, above: str, below: str) -> bool:
        """Whether a row uses another, or uses a row that does."""
        waiting, seen = [above], {above}
        while waiting:
            for operand in self.edges(waiting.pop()):
                if operand == below:
                    return True
                if operand not in seen:
                    seen.add(operand)
                    waiting.append(operand)
        return False

    def definition(self, text: str) -> Formula:
        """What a row is: its formula, or its own name where it is an input."""
        return self.steps.get(text, name(text))


def _direction(values: Array, at: int) -> Array:
    """A direction without a special value, the same at every sample; symmetric where all values are."""
    if values.ndim == 1:
        return np.full_like(values, 0.7318 + 0.4142 * at)
    found: Array = np.random.default_rng(at).uniform(0.3, 1.7, values.shape)
    turned = values.transpose(0, 2, 1)
    if values.shape == turned.shape and (values == turned).all():
        return (found + found.transpose(0, 2, 1)) / 2
    return found


def pushed(partial: Any, tangent: Array) -> Array:
    """A local partial times a tangent."""
    return np.einsum("snmpq,spq->snm", partial.array, tangent) if isinstance(partial, Local) else partial * tangent


def pulled(partial: Any, adjoint: Array) -> Array:
    """An adjoint passed on through a local partial."""
    return np.einsum("snmpq,snm->spq", partial.array, adjoint) if isinstance(partial, Local) else partial * adjoint
