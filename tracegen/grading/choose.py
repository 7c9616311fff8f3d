"""Finds for each block of derivatives the list, the output and the direction that it is about."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracegen.formula import Formula, name, names_in, postorder
from tracegen.grading.alignment import Alignment
from tracegen.grading.blocks import Block
from tracegen.grading.fits import placed_fit
from tracegen.grading.headings import FORWARD, REVERSE
from tracegen.grading.meaning import Array, MeaninglessError
from tracegen.grading.numbers import figure
from tracegen.grading.reference import NUMBERINGS, Reference
from tracegen.grading.seeds import direction_of, is_own
from tracegen.grading.sheet import Row, is_undirected, key_of
from tracegen.grading.world import World

HEADED = 0.4
"""What a heading that names a direction weighs against rows that fit another one."""


@dataclass
class Choice:
    """A block with the world that its rows are judged in; ``strange`` says that most labels name none of its rows."""

    block: Block
    world: World
    direction: str
    score: float
    strange: bool


class Chooser:
    """Keeps one world for every list and output of a sheet."""

    def __init__(self, references: Sequence[Reference], alignments: Sequence[Alignment]) -> None:
        self._references = references
        self._alignments = alignments
        self._worlds: dict[tuple[int, str], World] = {}
        self._last: World | None = None
        self._sections: dict[int, World] = {}

    def world(self, reference: Reference, listing: object, output: str) -> World:
        """The world of an output in a list."""
        key = (id(listing), output)
        if key not in self._worlds:
            self._worlds[key] = World(reference, listing, output)  # type: ignore[arg-type]
        return self._worlds[key]

    def worlds(self) -> list[World]:
        """The worlds of all lists on the sheet."""
        return [
            self.world(found.reference, found.listing, output) for found in self._alignments for output in found.outputs
        ]

    def choose(self, block: Block) -> Choice | None:
        """The world that a block fits best; a heading, and the section before, decide what is even."""
        found = sorted(self._candidates(block), key=lambda each: -each[1])
        if not found:
            return None
        worlds = tuple((world.list, prior) for world, prior in found)
        key = ("choice", block.kind, block.hint, tuple(row.said for row in block.rows), worlds)
        place, direction, score, strange = self._references[0].findings.of(key, lambda: self._best(block, found))
        best = Choice(block, found[place][0], direction, score, strange)
        self._last = best.world
        best.world.called, best.world.symbols = called_in(block), symbols_in(block, best.world)
        self._sections.setdefault(block.section, best.world)
        return best

    def _best(self, block: Block, found: Sequence[tuple[World, float]]) -> tuple[int, str, float, bool]:
        """The place of the world that a block fits best among those that are weighed, and the rest of the choice."""
        best: tuple[int, str, float] | None = None
        for place in self._likeliest(block, found):
            world, prior = found[place]
            world.called, world.symbols = called_in(block), symbols_in(block, world)
            for direction in self._directions(block, world):
                weight = prior + HEADED * bool(direction and direction == block.hint.direction)
                score = weight + self.score(block, world, direction, 0.0 if best is None else best[2] - weight)
                if best is None or score > best[2] + 1e-9:
                    best = place, direction, score
            if best is not None and best[0] == place and best[2] - prior > 0.85:
                break
        assert best is not None
        return *best, _is_strange(block, found[best[0]][0], best[1])

    def _candidates(self, block: Block) -> Iterator[tuple[World, float]]:
        """Worlds with what speaks for them before any row is looked at; the usual lists, too, of an output of which no
        list on the sheet says any step."""
        known = {
            (id(found.reference), output)
            for found in self._alignments if found.steps_matched for output in found.outputs
        }  # fmt: skip
        yield from ((world, self._prior(block, world)) for world in self.worlds())
        letter = _letter(block)
        for reference in self._references:
            for output in reference.outputs:
                if (id(reference), output) not in known:
                    for at in range(len(NUMBERINGS) if letter and not reference.has_matrices else 1):
                        listing = reference.numbered(output, letter or "v", at)
                        world = self.world(reference, listing, output)
                        yield world, self._prior(block, world) - 0.01 * (at + 1)

    def _likeliest(self, block: Block, found: Sequence[tuple[World, float]]) -> Iterator[int]:
        """Places of worlds by their priors and a first look; none is looked at before it can be the likeliest."""
        looked: list[tuple[float, int]] = []
        for place, (world, prior) in enumerate(found):
            while looked and looked[0][0] >= prior + 1.0:
                yield looked.pop(0)[1]
            looked.append((self._values_fit(block, world) + prior, place))
            looked.sort(key=lambda each: -each[0])
        yield from (place for _, place in looked)

    def _values_fit(self, block: Block, world: World) -> float:
        """The share of rows whose labels the list has and whose last number is right: a first, cheap look."""
        direction = next(iter(world.listing.inputs), "")
        targets = [target_of(row, world, block.kind, direction) for row in block.rows]
        named = sum(found is not None for found in targets)
        fitting = 0.0
        if named * 2 < len(block.rows):
            return 0.5 * named / len(block.rows)
        for row, found in zip(block.rows, targets, strict=True):
            if found is None:
                continue
            cells = row.beside or row.members[-1:]
            given = figure(cells[-1].readings[0]).value if cells and cells[-1].readings else math.nan
            right = float(found[0].flat[0])
            fitting += 0.5 + 0.5 * math.isclose(given, right, rel_tol=1e-2, abs_tol=1e-9)
        return fitting / len(block.rows)

    def _prior(self, block: Block, world: World) -> float:
        prior = 0.0
        if block.hint.output == world.output:
            prior += 0.3
        elif block.hint.output:
            prior -= 0.1
        if self._sections.get(block.section) is world:
            prior += 0.25
        elif self._last is world:
            prior += 0.02
        return prior

    def _directions(self, block: Block, world: World) -> Iterator[str]:
        """The directions that tangents without one may be along."""
        if block.kind != FORWARD or all(row.key[1] for row in block.rows):
            yield ""
            return
        if world.symbols or (world.reference.has_matrices and not _has_numbers(block)):
            yield ""  # ẋ is any direction, along which no two tangents are the same by chance
            return
        if block.hint.direction in world.listing.inputs:
            yield block.hint.direction
        others = (text for text in world.listing.inputs if text not in world.listing.functions.still)
        yield from (text for text in others if text != block.hint.direction)
        own = direction_of(seed_in(block.rows, world))
        if is_own(own):
            yield own

    def score(self, block: Block, world: World, direction: str, wanted: float = 0.0) -> float:
        """The share of a block's cells that are right in a world.

        Not all rows are looked at where it can't be as good as is wanted.
        """
        count, right = 0, 0
        most = sum(len(row.members) + len(row.beside) for row in block.rows) or 1
        for row in block.rows:
            if 1.0 - (count - right) / most < wanted:
                break
            found = target_of(row, world, block.kind, direction)
            if found is None:
                count += len(row.members) or 1
                continue
            values, row_name, along = found
            world.direction, world.local_below = along or direction, block.kind == REVERSE
            fits = placed_fit(row, world, values, block.kind, row_name)
            count, right = count + fits.count, right + fits.right
        return right / max(count, 1)


def _is_strange(block: Block, world: World, direction: str) -> bool:
    """Whether most labels of a block name no rows of a list."""
    return sum(target_of(row, world, block.kind, direction) is None for row in block.rows) * 2 > len(block.rows)


def symbols_in(block: Block, world: World) -> dict[str, str]:
    """The letters given as tangents of inputs, each with its input; an input itself where its tangent is a seed."""
    if block.kind != FORWARD:
        return {}
    found = {text: text for text in _seeds_in(block, world)}
    for row in block.rows:
        label = row.label.formula
        if label is None or not is_undirected(label):
            continue
        of = world.listing.row(key_of(label)[0])
        for cell in row.members:
            formula = cell.formula
            is_name = of in world.listing.inputs and formula is not None and formula.head == "name"
            if is_name and formula is not None and world.listing.row(formula.args[0]) is None:
                found[str(formula.args[0])] = str(of)
    return found


def _seeds_in(block: Block, world: World) -> list[str]:
    """The inputs in whose tangents values are written, 5.5 ẋ1 + 2 ẋ2; none where seeds, so values too, are numbers."""
    if all(row.key[1] for row in block.rows):
        return []
    cells = [cell.formula for row in block.rows for cell in (*row.members, *row.beside) if cell.formula is not None]
    if world.reference.has_matrices or any(not names_in(cell) and figure(cell).value != 0 for cell in cells):
        return []
    found: list[str] = []
    for cell in cells:
        nodes = list(postorder(cell))
        seeds = [key_of(node)[0] for node in nodes if is_undirected(node)]
        if len(names_in(cell)) == len(set(seeds)) and all(text in world.listing.inputs for text in seeds):
            found += seeds if any(node.head == "number" for node in nodes) else []
    return list(dict.fromkeys(found))


def _has_numbers(block: Block) -> bool:
    """Whether rows of tangents have values, which are along one of the inputs."""
    cells = (cell.formula for row in block.rows for cell in (*row.members, *row.beside))
    return any(cell is not None and not names_in(cell) and figure(cell).value != 0 for cell in cells)


def seed_in(rows: Sequence[Row], world: World) -> dict[str, float]:
    """The numbers that rows of tangents along no direction have for the inputs; 0 where there is no single number."""
    listing, found = world.listing, dict.fromkeys(world.listing.inputs, 0.0)
    for row in rows:
        label = row.label.formula
        of = listing.row(row.key[0]) if label is not None and is_undirected(label) else None
        if of not in found or listing.inputs[of].ndim > 1 or not row.cells or row.cells[-1].formula is None:
            continue
        number = figure(row.cells[-1].formula).value
        found[of] = number if math.isfinite(number) else 0.0
    return found


def called_in(block: Block) -> frozenset[str]:
    """What the labels of a block have on top: f of ∂f/∂v3."""
    if block.kind != REVERSE:
        return frozenset()
    labels = (row.label.formula for row in block.rows)
    tops = (label.args[0] for label in labels if label is not None and label.head == "partial")
    return frozenset(str(top.args[0]) for top in tops if top.head == "name")


def target_of(row: Row, world: World, kind: str, direction: str) -> tuple[Array, str, str] | None:
    """The right values of the derivative that a row's label names, the row, and the direction where the label has one.

    None where the label names nothing.
    """
    label = row.label.formula
    key = ("place", world.list, world.called, kind, label)
    text, along = world.reference.findings.of(key, lambda: _place(label, world, kind))
    if text is None:
        return None
    try:
        return (world.adjoints() if kind == REVERSE else world.tangents(along or direction))[text], text, along
    except MeaninglessError:
        return None


def _place(label: Formula | None, world: World, kind: str) -> tuple[str | None, str]:
    """The row and the direction that a label names."""
    text, along = key_of(label)
    part = _base(label) if kind == REVERSE else None
    try:
        return world.row(part or name(text)), along
    except MeaninglessError:
        return None, along


def _base(label: Formula | None) -> Formula | None:
    """The name of the row whose adjoint a label is: v3 of v̄3 and of ∂f/∂v3."""
    if label is None:
        return None
    part = label.args[1] if label.head == "partial" else label.args[0]
    return part if isinstance(part, Formula) and part.head == "name" else None


def _letter(block: Block) -> str:
    letters = Counter(
        text[0] for row in block.rows if (base := _base(row.label.formula)) is not None
        for text in [str(base.args[0])] if text[1:].lstrip("-").isdigit()
    )  # fmt: skip
    return letters.most_common(1)[0][0] if letters else ""
