"""The right tables of a problem, prepared once: its lists with their meaning at all samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from tracegen.errors import PointError
from tracegen.evaluation.evaluation import Evaluation
from tracegen.formula import Formula
from tracegen.grading.dimensions import chosen_sizes
from tracegen.grading.findings import Findings
from tracegen.grading.kinks import are_on_one_side, has_kinks, points_across, shows_both_sides
from tracegen.grading.listings import Listing
from tracegen.grading.matrices import Matrices
from tracegen.grading.meaning import Array, Scalars, compiled, number_value
from tracegen.grading.read import SIGMA, Words
from tracegen.grading.samples import EQUAL, OTHERS, agreement, drawn, right_values
from tracegen.grading.structure import Structures
from tracegen.notation.profiles import Convention
from tracegen.primitives import edition
from tracegen.problems.problem import Problem
from tracegen.problems.problem_lists import lists
from tracegen.shapes import SCALAR, Shape

HOMEWORK = Convention()
NUMBERINGS: tuple[dict[str, Any], ...] = (
    {}, {"first": 1}, {"first": 1, "counts": "steps"}, {"inputs": "own", "first": 1}, {"inputs": "own", "first": 0},
    {"naming": "alphabet", "inputs": "none"},
)  # fmt: skip
"""How rows are numbered in the literature, the homework's way first."""

_SEEDS = range(20240501, 20240513)
_SPREADS = (0.45, 0.15, 0.03)
"""How far samples lie from the problem's point, relatively: nearer where there is a kink beside it."""


@dataclass(frozen=True, slots=True)
class PoolLine:
    """A line of the reference: the output in whose list it is, its place there, what it is, its values, and the number
    of how it is made."""

    output: str
    place: int
    label: str
    definition: Formula
    values: Array
    structure: int


@dataclass
class Reference:
    """A problem with everything that its answers are compared with."""

    problem: Problem
    words: Words
    functions: Scalars
    inputs: Mapping[str, Array]
    pointed: bool
    listings: dict[str, Listing]
    pool: list[PoolLine]
    structures: Structures
    sizes: Mapping[str, int] = field(default_factory=dict)
    findings: Findings = field(default_factory=Findings)
    _numbered: dict[tuple[str, str, int], Listing] = field(default_factory=dict)

    @property
    def has_matrices(self) -> bool:
        return isinstance(self.functions, Matrices)

    @property
    def carries(self) -> bool:
        """Whether there are values, so that a wrong one can be carried on."""
        return self.pointed or not self.has_matrices

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        return tuple(self.problem.outputs)

    @cached_property
    def scale(self) -> float:
        """The size of the largest value in the lists, for what counts as zero beside it."""
        return max((float(np.nanmax(np.abs(line.values))) for line in self.pool), default=1.0)

    @cached_property
    def stacked(self) -> Array:
        """The values of all lines of the pool, one under the other; of scalars only."""
        return np.array([line.values for line in self.pool])

    def matching(self, values: Array) -> list[PoolLine]:
        """The lines that have these values everywhere."""
        return self.findings.of(("matching", right_values(values), values.shape), lambda: self._matching(values))

    def _matching(self, values: Array) -> list[PoolLine]:
        if self.has_matrices:
            return [line for line in self.pool if same_matrix(line.values, values)]
        near = np.abs(self.stacked[:, 1] - values[1]) <= 1e-8 * abs(values[1]) + 1e-8
        if not near.any():
            return []
        kept, scale = values[:-1], min(self.scale, 1e6)
        lines = [self.pool[at] for at in np.nonzero(near)[0]]
        return [line for line in lines if agreement(line.values[:-1], kept, scale) == EQUAL]

    def numbered(self, output: str, letter: str, at: int) -> Listing:
        """The list of an output under one of NUMBERINGS, with a letter of the writer's."""
        key = (output, letter, at)
        if key not in self._numbered:
            convention = HOMEWORK.with_(letter=letter, **NUMBERINGS[at])
            wengert = next(found for found in lists(self.problem, convention) if output in found.outputs)
            self._numbered[key] = _listing(Evaluation(self.problem, wengert, convention), self.inputs, self.functions)
        return self._numbered[key]


def same_matrix(a: Array, b: Array) -> bool:
    """Whether two matrices are equal at all samples but that of the writer's own world."""
    if a.shape != b.shape or abs(a[0, 0, 0] - b[0, 0, 0]) >= 1e-6:
        return False
    return agreement(a[:-1].ravel(), b[:-1].ravel()) == EQUAL


_KNOWN: dict[Any, Reference] = {}
_MOST_KNOWN = 64


def reference_of(problem: Problem) -> Reference:
    """The reference of a problem, prepared once.

    Raises ProblemError, ShapeError or PointError where the problem has no right tables.
    """
    key = (
        edition(), problem.inputs, tuple(problem.outputs.items()), tuple(problem.steps.items()),
        tuple(problem.parameters.items()), tuple(problem.functions.items()),
    )  # fmt: skip
    if key not in _KNOWN:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)))
        _KNOWN[key] = _prepared(problem)
    return _KNOWN[key]


def _prepared(problem: Problem) -> Reference:
    with np.errstate(all="ignore"):
        if any(entry.shape != SCALAR for entry in problem.inputs):
            return _of_matrices(problem)
        return _of_scalars(problem)


def _of_scalars(problem: Problem) -> Reference:
    functions = Scalars(dict(problem.functions))
    point = {entry.name: _float(entry.value) for entry in problem.inputs}
    parameters = {text: _float(given) for text, given in problem.parameters.items()}
    pointed = None not in point.values() and None not in parameters.values()
    evaluations = [Evaluation(problem, wengert, HOMEWORK) for wengert in lists(problem, HOMEWORK)]
    kept: tuple[dict[str, Array], list[Listing]] | None = None
    for spread, seed in product(_SPREADS, _SEEDS):
        inputs = _finished(drawn({**point, **parameters}, seed, OTHERS, spread))
        listings = [_listing(evaluation, inputs, functions, list(parameters)) for evaluation in evaluations]
        if all(_is_finite(listing) for listing in listings):
            kept = kept or (inputs, listings)
            if not pointed or all(map(are_on_one_side, listings)):
                kept = inputs, listings
                break
    inputs, listings = kept or (inputs, listings)
    across = points_across(inputs, lambda points: [_listing(each, points, functions) for each in evaluations])
    if across.size:
        functions.across = across.shape[1]
        inputs = {
            text: np.insert(values, -1, beyond) for (text, values), beyond in zip(inputs.items(), across, strict=True)
        }
        listings = [_listing(evaluation, inputs, functions, list(parameters)) for evaluation in evaluations]
    found = dict(zip(problem.outputs, listings, strict=True))
    if pointed and not all(_is_finite(listing, at=0) for listing in listings):
        raise PointError("a line has no value at the problem's point, so answers can't be compared there")
    structures = Structures()
    pool = list(_pool(found, structures))
    return Reference(problem, _words(problem), functions, inputs, pointed, found, pool, structures)


def _finished(inputs: dict[str, Array]) -> dict[str, Array]:
    """The samples with the writer's own world at the end, where at first everything is as at the point."""
    return {text: np.append(values, values[0]) for text, values in inputs.items()}


def _of_matrices(problem: Problem) -> Reference:
    evaluations = [Evaluation(problem, wengert, HOMEWORK) for wengert in lists(problem, HOMEWORK)]
    sizes = chosen_sizes(problem, [evaluation.wengert for evaluation in evaluations])
    own = {entry.name for entry in problem.inputs} | problem.parameters.keys()
    taken = {*own, *problem.steps, *problem.outputs}
    letters = [letter for letter in sizes.letters if letter not in taken]  # in one order for every run
    still = {*letters} | {entry.name for entry in problem.inputs if entry.constant} | problem.parameters.keys()
    functions = Matrices(dict(problem.functions), sizes.called, sizes.numbers, frozenset(still))
    inputs = _matrix_inputs(problem, sizes.letters, _SEEDS[0])
    listings = [_listing(evaluation, inputs, functions) for evaluation in evaluations]
    if any(map(has_kinks, listings)):
        for seed in _SEEDS:
            signed = _matrix_inputs(problem, sizes.letters, seed, signs=(-1, 1))
            tried = [_listing(evaluation, signed, functions) for evaluation in evaluations]
            if all(map(_is_finite, tried)) and all(map(shows_both_sides, tried)):
                inputs, listings = signed, tried
                break
    found = dict(zip(problem.outputs, listings, strict=True))
    pointed = all(entry.value is not None for entry in problem.inputs)
    structures = Structures()
    pool = list(_pool(found, structures))
    return Reference(problem, _words(problem), functions, inputs, pointed, found, pool, structures, sizes.letters)


def _matrix_inputs(
    problem: Problem, sizes: Mapping[str, int], seed: int, signs: Sequence[int] = (1,)
) -> dict[str, Array]:
    """The inputs of a problem of matrices, its parameters and sizes, at three samples; entries have these signs."""
    source = np.random.default_rng(seed)
    inputs = {entry.name: _matrix(entry.value, entry.shape, sizes, source, signs) for entry in problem.inputs}
    inputs |= {entry.name: _symmetric(inputs[entry.name]) for entry in problem.inputs if entry.symmetric}
    inputs |= {entry.name: _shares(inputs[entry.name]) for entry in problem.inputs if entry.has_probabilities}
    for text, given in problem.parameters.items():
        base = _float(given)
        inputs[text] = np.full((3, 1, 1), base if base is not None else source.uniform(0.4, 1.9))
    own = inputs.keys() | problem.steps.keys() | problem.outputs.keys()
    return inputs | {letter: np.full((3, 1, 1), float(size)) for letter, size in sizes.items() if letter not in own}


def _matrix(
    value: Formula | None, shape: Shape, sizes: Mapping[str, int], source: np.random.Generator, signs: Sequence[int]
) -> Array:
    """An input at three samples: the point's, where there is one, and random ones; square ones have an inverse, and
    a determinant of which there is a logarithm."""
    height, width = [int(sizes.get(size, size) if isinstance(size, str) else size) for size in shape] or [1, 1]
    drawn_values = source.uniform(0.2, 1.4, (3, height, width))
    if len(signs) > 1:
        drawn_values *= source.choice(signs, drawn_values.shape)
    if height == width > 1:
        drawn_values += height * np.eye(height)
    if value is not None:
        rows = value.args if value.head == "matrix" else ((value,),)
        drawn_values[0] = [[number_value(compiled(cell)) for cell in row] for row in rows]
    drawn_values[2] = drawn_values[0]
    return drawn_values


def _symmetric(values: Array) -> Array:
    """Square matrices, each with its transpose in equal parts: one that is symmetric stays."""
    found: Array = (values + values.transpose(0, 2, 1)) / 2
    return found


def _shares(values: Array) -> Array:
    """Numbers as probabilities: rows that sum to 1, or a column."""
    values = np.abs(values)
    found: Array = values / values.sum(axis=2 if values.shape[2] > 1 else 1, keepdims=True)
    return found


def _float(value: Formula | None) -> float | None:
    return None if value is None else number_value(compiled(value))


def _listing(
    evaluation: Evaluation, inputs: Mapping[str, Array], functions: Scalars, parameters: Sequence[str] = ()
) -> Listing:
    """A list of the core with its meaning; its rows are called as the convention has them."""
    listing = Listing(inputs, functions)
    labels = [str(label.args[0]) for label in evaluation.labels]
    count = len(evaluation.wengert.inputs)
    for label, own in zip(labels[:count], evaluation.wengert.inputs, strict=True):
        if label != own:
            listing.also[label] = own
    for place in range(count, len(labels)):
        listing.add(labels[place], evaluation.definition(place))
    for output, operand in evaluation.wengert.outputs.items():
        row = listing.row(labels[operand]) or labels[operand]
        listing.outputs[output] = row
        if output not in listing.values:
            listing.also.setdefault(output, row)
    return listing


def _is_finite(listing: Listing, at: int | None = None) -> bool:
    return all(np.isfinite(values if at is None else values[at]).all() for values in listing.values.values())


def _pool(listings: Mapping[str, Listing], structures: Structures) -> Iterator[PoolLine]:
    """The inputs, then the lines of all lists, each in its place."""
    for output, listing in listings.items():
        own = {row: text for text, row in listing.also.items() if row in listing.inputs}
        made: dict[str, int] = {}
        for place, text in enumerate(listing.values):
            made[text] = _structure(listing, text, made, structures)
            values, definition = listing.values[text], listing.definition(text)
            yield PoolLine(output, place, own.get(text, text), definition, values, made[text])


def _structure(listing: Listing, text: str, made: Mapping[str, int], structures: Structures) -> int:
    if text not in listing.steps:
        return structures.of_input(text)
    return structures.made(compiled(listing.steps[text]), lambda leaf: made[listing.row(str(leaf.args[0])) or ""])


def _words(problem: Problem) -> Words:
    inputs = frozenset(entry.name for entry in problem.inputs)
    outputs = frozenset(problem.outputs)
    stems = {output.rstrip("0123456789_") for output in outputs} - inputs
    others = frozenset(problem.steps) | frozenset(problem.parameters) | stems | {"f"} - inputs
    letters = frozenset(problem.functions) | (SIGMA - inputs - outputs - others)
    sizes = frozenset(size for entry in problem.inputs for size in entry.shape if isinstance(size, str))
    return Words(inputs, outputs, frozenset(others) - letters, letters, "e", sizes)
