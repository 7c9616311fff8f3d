"""What names, tangents, adjoints and local partials mean on a sheet: in the writer's list, for one output."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np

from tracegen.formula import Formula
from tracegen.grading.listings import Listing
from tracegen.grading.local import Local
from tracegen.grading.matrices import Matrices
from tracegen.grading.meaning import Array, MeaninglessError
from tracegen.grading.reference import Reference

_COUNT = count()
"""Numbers of lists, never one twice: findings about a list that was forgotten are not another's."""


class World:
    """Looks leaves up for the rows of one output.

    The last sample is the writer's own world: there every row has the value that the writer gave it. ``direction`` is
    what a tangent without one is along; ``called`` are names that stand for the output on top of ∂f/∂v3, even where a
    row has the same name. ``symbols`` are letters that stand for the tangents of inputs: ẋ1 = p1. ``roots`` are the
    slips on which adjoints rest, once these are judged.
    """

    def __init__(self, reference: Reference, listing: Listing, output: str, direction: str = "") -> None:
        self.reference = reference
        self.listing = listing
        self.output = output
        self.direction = direction
        self.local_below = False
        self.so_far = b""
        self.called: frozenset[str] = frozenset()
        self.symbols: Mapping[str, str] = {}
        self.roots: Mapping[tuple[str, str, str], str] = {}
        self._tangents: dict[str, dict[str, Array]] = {}
        self._adjoints: dict[str, dict[str, Array]] = {}
        self._outputlike = reference.words.outputs | {"f", "y", *(o.rstrip("0123456789_") for o in reference.outputs)}

    @property
    def state(self) -> Hashable:
        """Everything that what a name means depends on here, but for the writer's own world."""
        return self.list, self.so_far, self.direction, self.local_below, self.called, tuple(self.symbols.items())

    @cached_property
    def list(self) -> Hashable:
        """The list and the output, in short: the same on every sheet that has the same list."""
        key = ("list", self.output, *self.listing.said)
        return self.reference.findings.of(key, lambda: next(_COUNT))

    @property
    def own(self) -> bytes:
        """What everything is in the writer's own world: rows, and the tangents and adjoints that were asked for."""
        derivatives = (*self._tangents.items(), *self._adjoints.items())
        kept = [f"{of} ".encode() + own_values(values) for of, values in derivatives]
        return b"".join([own_values(self.listing.values), *kept])

    def tangents(self, direction: str) -> dict[str, Array]:
        """The tangents along an input, at all samples; the last sample can be set row by row."""
        if direction not in self._tangents:
            if direction and not self.listing.has_direction(direction):
                raise MeaninglessError(f"{direction} is no input")
            self._tangents[direction] = {
                text: values.copy() for text, values in self.listing.tangents(direction).items()
            }
        return self._tangents[direction]

    def adjoints(self, output: str = "") -> dict[str, Array]:
        """The adjoints of an output, at all samples; the last sample can be set row by row."""
        output = output or self.output
        if output not in self._adjoints:
            row = self.listing.outputs.get(output)
            if row is None:
                raise MeaninglessError(f"the output {output} is not in this list")
            self._adjoints[output] = {text: values.copy() for text, values in self.listing.adjoints(row).items()}
        return self._adjoints[output]

    def output_row(self) -> str:
        """The row of the output."""
        return self.listing.outputs.get(self.output, "")

    def row(self, leaf: Formula) -> str:
        """The row that a name stands for. Raises MeaninglessError where there is none."""
        if leaf.head != "name":
            raise MeaninglessError("a name is expected here")
        text = leaf.args[0]
        row = self.listing.row(text)
        if row is None and self.is_output(text):
            row = self.listing.outputs.get(self.output)
        if row is None:
            raise MeaninglessError(f"the name {text} is not known here")
        return row

    def is_output(self, text: str) -> bool:
        """Whether a name can only mean the output: its own, its letter, f."""
        if text in self.called:
            return True
        if text in self.listing.values and text not in self.listing.outputs.values():
            return False
        return text == self.output or (text in self._outputlike and text not in self.reference.outputs)

    def __call__(self, leaf: Formula) -> Any:
        head = leaf.head
        if head == "name" and leaf.args[0] in self.symbols and self.listing.row(leaf.args[0]) is None:
            return self.tangents("")[self.symbols[leaf.args[0]]]
        if head == "name":
            return self.listing.values[self.row(leaf)]
        if head == "adjoint":
            return self.adjoints()[self.row(leaf.args[0])]
        if head == "tangent":
            return self._tangent(leaf)
        return self.partial(leaf)

    def _tangent(self, leaf: Formula) -> Array:
        of, along = leaf.args
        direction = self.direction if along is None else along.args[0]
        return self.tangents(direction)[self.row(of)]

    def partial(self, leaf: Formula) -> Any:
        """∂a/∂b: an adjoint, a tangent, or a local partial, by what a and b are."""
        above, below = leaf.args
        over, under = above.args[0] if above.head == "name" else "", below.args[0] if below.head == "name" else ""
        b = self.row(below)
        if over in self.called:
            return self._gradient(b)
        a = self.row(above)
        if self.is_output(over) and (over not in self.listing.values or b not in self.listing.edges(a)):
            return self._gradient(b)
        if under in self.listing.inputs and not self.local_below:
            return self.tangents(under)[a] if not isinstance(self.listing.functions, Matrices) else self._between(a, b)
        return self._between(a, b)

    def _gradient(self, b: str) -> Any:
        adjoint = self.adjoints()[b]
        return Local(adjoint[:, None, None], adjoint=True) if isinstance(self.listing.functions, Matrices) else adjoint

    def _between(self, a: str, b: str) -> Any:
        if a == b:
            return np.ones_like(self.listing.values[a]) if self.listing.values[a].ndim == 1 else 1.0
        known = self.listing.derivative(a, b)
        return self._nothing(a, b) if known is None else known

    def _nothing(self, a: str, b: str) -> Any:
        """The local partial by a row that is not used: zero, of the right shape."""
        above, below = self.listing.values[a], self.listing.values[b]
        if above.ndim == 1:
            return np.zeros_like(above)
        return Local(np.zeros((len(above), *above.shape[1:], *below.shape[1:])))

    def has_edge(self, leaf: Formula) -> bool:
        """Whether the upper row of a local partial depends on the lower one at all."""
        a, b = self.row(leaf.args[0]), self.row(leaf.args[1])
        return a == b or self.listing.depends(a, b)

    # the writer's own world, kept in the last sample: it is carried row by row, where the sweeps of the list are done
    # at once, so its sums are of single numbers

    def pull(self, row: str, adjoints: dict[str, Array], seed: float = 0.0) -> Array:
        """The adjoint of a row in the writer's own world, from those of the rows that use it."""
        total = seed
        for child, partial in self.listing.contributions(row).items():
            total = total + _own(partial, adjoints[child], "nmpq,nm->pq")
        return total

    def push(self, row: str, tangents: dict[str, Array]) -> Array:
        """The tangent of a row in the writer's own world, from those of the rows that it uses."""
        edges = self.listing.edges(row).items()
        return sum((_own(partial, tangents[operand], "nmpq,pq->nm") for operand, partial in edges), 0.0)


def own_values(values: Mapping[str, Array]) -> bytes:
    """The values of rows in the writer's own world."""
    return b"".join(each[-1].tobytes() for each in values.values())


def _own(partial: Any, derivative: Array, axes: str) -> Array:
    """A local partial times a tangent or an adjoint, in the writer's own world."""
    if isinstance(partial, Local):
        return np.einsum(axes, partial.array[-1], derivative[-1])
    return float(partial[-1]) * float(derivative[-1])
