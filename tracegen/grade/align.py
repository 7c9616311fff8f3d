"""Matches the rows of a primal list with the reference by meaning.

A row means the function of the inputs that it stands for in the writer's own list. A row that matches no line of the
reference is either a step of the writer's own, which later rows prove, or a slip; then it is taken for the line
that fits best, and later rows are read as if it were right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from tracegen.formula import ATOMS, Formula, name, names_in
from tracegen.grade.candidates import Lines, value_fits
from tracegen.grade.entries import Entry, Names, entry_of, in_order
from tracegen.grade.listings import Listing
from tracegen.grade.matrices import Matrices
from tracegen.grade.meaning import Array, Code, MeaninglessError, formula_of, leaves, value
from tracegen.grade.mislabelled import other_labels
from tracegen.grade.reference import PoolLine, Reference
from tracegen.grade.restating import in_names, put_right, same_values
from tracegen.grade.roomy import Roomy
from tracegen.grade.sheet import Row
from tracegen.grade.world import World


@dataclass
class Alignment:
    """The entries of a block, the list that they make, and the output that it is of."""

    reference: Reference
    entries: list[Entry]
    listing: Listing
    outputs: list[str] = field(default_factory=list)

    def of(self, rows: Sequence[Row]) -> Alignment:
        """The same for rows that say the same, with a list of its own, into which the writer's values can be put."""
        entries = [replace(entry, row=row) for entry, row in zip(self.entries, rows, strict=True)]
        return Alignment(self.reference, entries, self.listing.copy(), list(self.outputs))

    @property
    def matched(self) -> int:
        """How many rows say what a line of the reference says."""
        return sum(entry.right and entry.line is not None for entry in self.entries)

    @property
    def steps_matched(self) -> int:
        """How many of them are steps, no inputs."""
        inputs = len(self.reference.inputs)
        return sum(entry.right and entry.line is not None and entry.line.place >= inputs for entry in self.entries)

    @property
    def valued(self) -> int:
        """How many rows have the value of the line that they were taken for."""
        return sum(entry.line is not None and value_fits(self.reference, entry, entry.line) for entry in self.entries)


def aligned(reference: Reference, rows: Sequence[Row], elsewhere: Collection[str] = ()) -> Alignment:
    """The rows of a primal block, matched with the reference. ``elsewhere`` are the labels of its derivatives.

    Raises nothing: a row that can't be matched stays without a line.
    """
    others = other_labels(rows, reference.words.declared, elsewhere)
    key = ("aligned", tuple(row.said for row in rows), others)
    return reference.findings.of(key, lambda: _best(reference, rows, others)).of(rows)


def _best(reference: Reference, rows: Sequence[Row], others: Iterable[tuple[int, str, bool]]) -> Alignment:
    """The rows by their labels, or with another one under which more of them are right; or as many, if it is likely."""
    first = best = _Aligner(reference, [entry_of(row) for row in rows]).align()
    for place, label, likely in others:
        entries = [entry_of(row) for row in rows]
        entries[place].label, entries[place].mislabelled = label, True
        found = _Aligner(reference, entries).align()
        as_good = likely and best is first and found.matched == first.matched and entries[place].right
        if (found.matched > best.matched or as_good) and not _is_restated(entries, place):
            best = found
    return best


def _is_restated(entries: Sequence[Entry], place: int) -> bool:
    """Whether another row is the same line of the reference: then a row says it once more, under its own label."""
    line = entries[place].line
    return line is None or any(other.line is line for at, other in enumerate(entries) if at != place)


class _Aligner:
    def __init__(self, reference: Reference, entries: list[Entry]) -> None:
        self._reference = reference
        self._entries = entries
        self._env: dict[str, Array] = dict(reference.inputs)
        self._also: dict[str, str] = {}
        self._functions = reference.functions
        self._claimed: dict[tuple[str, int], str] = {}
        self._samples = len(next(iter(reference.inputs.values())))
        self._lines = Lines(reference, entries, self._names(), self._claimed)
        for entry, after in pairwise(entries):
            if entry.number is None and after.label == entry.label and not after.codes:
                entry.number = after.number  # u = x², so u = 0.25

    def align(self) -> Alignment:
        """Settle the entries one by one, those first whose names are known."""
        self._inputs_renamed()
        waiting = [entry for entry in self._entries if not entry.settled]
        while waiting:
            entry = next((entry for entry in waiting if self._is_ready(entry)), None) or self._stuck(waiting)
            waiting.remove(entry)
            self._settle(entry, waiting)
        return self._alignment()

    def _inputs_renamed(self) -> None:
        """Rows such as ``x = v0``, which give an input another name."""
        for entry in self._entries:
            if entry.label in self._reference.inputs:
                single = next(
                    (code[0].what.args[0] for code in entry.codes if len(code) == 1 and code[0].what.head == "name"), ""
                )
                if single and single not in self._reference.inputs:
                    self._also[single] = entry.label
                line = next(
                    line
                    for line in self._reference.pool
                    if line.label == entry.label or line.definition == name(entry.label)
                )
                entry.settled, entry.right, entry.line = True, bool(single) or not entry.codes, line
                entry.values = self._env[entry.label]

    def _names(self, env: Mapping[str, Array] | None = None) -> Names:
        return Names(self._env if env is None else env, self._also)

    def _is_ready(self, entry: Entry) -> bool:
        known = self._names()
        return bool(entry.codes) and any(all(known.has(leaf) for leaf in leaves(code)) for code in entry.codes)

    def _stuck(self, waiting: list[Entry]) -> Entry:
        """The first row when none can be worked out: it names itself, a row that comes later, or nobody's row."""
        return waiting[0]

    def _meanings(self, entry: Entry, env: Mapping[str, Array]) -> Iterable[tuple[Code, Array]]:
        names = self._names(env)
        for code in entry.codes:
            try:
                found = value(code, names, self._functions)
                for values in self._roomy(found) if isinstance(found, Roomy) else [self._finished(found)]:
                    yield code, values
            except MeaninglessError:
                continue

    def _finished(self, found: Array) -> Array:
        if isinstance(self._functions, Matrices):
            return self._functions.finished(found, self._samples)
        return found if isinstance(found, np.ndarray) and found.ndim else np.full(self._samples, float(found))

    def _roomy(self, found: Roomy) -> Iterable[Array]:
        """A matrix with zeros of no size that is known, as the lines of the reference that it can be."""
        wanted = [line.values for line in self._reference.pool]
        return [values for values in map(found.like, wanted) if self._reference.matching(values)] or [found.least()]

    def _settle(self, entry: Entry, waiting: list[Entry]) -> None:
        own: tuple[Code, Array] | None = None
        doubtful: tuple[Code, PoolLine] | None = None
        for code, values in self._meanings(entry, self._env):
            own = own or (code, values)
            lines = self._reference.matching(values)
            if not lines:
                continue
            line = self._nearest(lines, entry)
            if self._is_plain(entry, line, code):
                self._take(entry, line, code, right=True)
                return
            doubtful = doubtful or (code, line)
        self._decide(entry, own, waiting, doubtful)

    def _is_plain(self, entry: Entry, line: PoolLine, code: Code) -> bool:
        """Whether nothing speaks against a line: no other row is it, it is of this list, and the number agrees.

        A step whose result is an input, x¹, can be a slip.
        """
        if self._lines.is_input(line) and len(code) > 1:
            return False
        claimed = self._claimed.get((line.output, line.place))
        if claimed is not None and claimed != entry.label:
            return False
        outputs = [
            other.line.output
            for other in self._entries
            if other.line is not None and not self._lines.is_input(other.line)
        ]
        if not self._lines.is_input(line) and line.output not in (outputs or self._likely_outputs):
            return False
        if entry.number is None or not self._reference.pointed or self._reference.has_matrices:
            return True
        return self._lines.value_fits(entry, line)

    @cached_property
    def _likely_outputs(self) -> set[str]:
        """The outputs whose lists the rows seem to be, each taken at its word."""
        if len(self._reference.outputs) < 2:
            return set(self._reference.outputs)
        env, counts = dict(self._env), dict.fromkeys(self._reference.outputs, 0)
        for entry in self._entries:
            for _, found in self._meanings(entry, env):
                env.setdefault(entry.label, found)
                for line in self._reference.matching(found):
                    counts[line.output] += not self._lines.is_input(line)
        most = max(counts.values())
        return {output for output, count in counts.items() if count * 3 >= most}

    def _nearest(self, lines: list[PoolLine], entry: Entry) -> PoolLine:
        """Of equal lines that of the output whose list this seems to be."""
        counts: dict[str, int] = {}
        for other in self._entries:
            if other.line is not None:
                counts[other.line.output] = counts.get(other.line.output, 0) + 1
        return max(lines, key=lambda line: counts.get(line.output, 0))

    def _take(self, entry: Entry, line: PoolLine, code: Code | None, *, right: bool) -> None:
        entry.line, entry.right, entry.settled, entry.used = line, right, True, code
        entry.values = line.values
        for twin in self._reference.matching(line.values):
            self._claimed.setdefault((twin.output, twin.place), entry.label)
        self._name(entry, code if right else None, line.values)

    def _name(self, entry: Entry, code: Code | None, values: Array) -> None:
        """Make a row known by its label; a row that only repeats a name is another name for it."""
        if code is not None and len(code) == 1 and code[0].what.head == "name":
            of = code[0].what.args[0]
            of = self._also.get(of, of)
            if of != entry.label:
                self._also[entry.label] = of
            return
        own = self._input_of(values) if code is None else None
        if own is not None:
            self._also[entry.label] = own
            return
        self._env[entry.label] = values

    def _input_of(self, values: Array) -> str | None:
        return next(
            (
                text
                for text, given in self._reference.inputs.items()
                if given is values or np.array_equal(given, values)
            ),
            None,
        )

    def _decide(
        self, entry: Entry, own: tuple[Code, Array] | None, waiting: list[Entry], doubtful: tuple[Code, PoolLine] | None
    ) -> None:
        """Take a row that matches nothing for its own step or for the line that fits best."""
        candidates = self._lines.candidates(entry, own, waiting)
        scored: list[tuple[float, int, PoolLine | None]] = []
        if doubtful is not None:
            fits = 3.0 if self._lines.value_fits(entry, doubtful[1]) else 0.0
            fits += 2.0 if entry.label in self._reference.words.outputs and self._lines.is_output(doubtful[1]) else 0.0
            scored.append((self._proved(entry, doubtful[1].values, waiting) * 4.0 + 1.5 + fits, 1, doubtful[1]))
        elif own is not None:
            follows = entry.number is not None and own[1].ndim == 1 and entry.number.follows(float(own[1][0]))
            scored.append((self._proved(entry, own[1], waiting) * 4.0 + 0.5 + 1.5 * follows, 0, None))
        for place, (prior, line) in enumerate(candidates, 1):
            scored.append((self._proved(entry, line.values, waiting) * 4.0 + prior, -place, line))
        best = max(scored, key=lambda score: score[:2], default=None)
        if best is not None and doubtful is not None and best[2] is doubtful[1]:
            self._take(entry, doubtful[1], doubtful[0], right=True)
            return
        if best is not None and best[2] is not None:
            self._take(entry, best[2], own[0] if own else None, right=False)
            return
        entry.settled = True
        if own is not None:
            entry.used, entry.values = own
            entry.right = bool(best and best[0] >= 4.0)
            self._env[entry.label] = own[1]

    def _proved(self, entry: Entry, values: Array, waiting: list[Entry]) -> int:
        """How many of the rows to come say what a line says, when a row has some values."""
        env = dict(self._env)
        before = self._also.get(entry.label)
        own = self._input_of(values)
        if own is not None:
            self._also[entry.label] = own
        else:
            env[entry.label] = values
        count = 0
        for other in waiting:
            for _, found in self._meanings(other, env):
                if other.label not in env and other.label != entry.label:
                    env[other.label] = found
                if self._reference.matching(found):
                    env[other.label] = found
                    count += 1
                    break
        if before is None:
            self._also.pop(entry.label, None)
        else:
            self._also[entry.label] = before
        return count

    def _alignment(self) -> Alignment:
        """The list that the rows make, those that are wrong put right."""
        listing = Listing(self._reference.inputs, self._functions, also=dict(self._also))
        for entry in in_order(self._entries, self._also):
            if entry.values is None or entry.label in self._also or entry.label in listing.values:
                continue
            formula = self._definition(entry, listing)
            try:
                listing.add(entry.label, formula, entry.values)
            except MeaninglessError:
                continue
        outputs = self._outputs(listing)
        return Alignment(self._reference, self._entries, listing, outputs)

    def _definition(self, entry: Entry, listing: Listing) -> Formula:
        """A row's formula: its own where it is right, else that of its line in the writer's names."""
        if entry.right and entry.used is not None:
            return self._proving(formula_of(entry.used))
        if entry.line is None:
            return name(entry.label) if entry.used is None else formula_of(entry.used)
        own = {str(leaf.args[0]) for code in entry.codes for leaf in leaves(code)}
        rule = in_names(self._reference, entry.line, listing, own)
        written_out = any(isinstance(arg, Formula) and arg.head not in ATOMS for arg in rule.args)
        world = World(self._reference, listing.so_far(), entry.line.output)
        meant = put_right(entry, world) if entry.codes and written_out else None
        return rule if meant is None else self._proving(meant)

    def _proving(self, formula: Formula) -> Formula:
        """A formula that says what a line of the reference says, as it is or put right: its steps are right as well."""
        used = names_in(formula)
        for other in self._entries:
            other.right = other.right or (other.line is None and other.used is not None and other.label in used)
        return formula

    def _outputs(self, listing: Listing) -> list[str]:
        found = []
        for output, right in self._reference.listings.items():
            target = right.values[right.outputs[output]]
            for text in reversed(list(listing.values)):
                if same_values(listing.values[text], target):
                    listing.outputs[output] = text
                    if output not in listing.values:
                        listing.also.setdefault(output, text)
                    found.append(output)
                    break
        return found
