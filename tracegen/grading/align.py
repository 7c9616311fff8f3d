"""Matches the rows of a primal list with the reference by meaning.

A row means the function of the inputs that it stands for in the writer's own list. A row that matches no line of the
reference is either a step of the writer's own, which later rows prove, or a slip; then it is taken for the line
that fits best, and later rows are read as if it were right.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np

from tracegen.formula import Formula, name
from tracegen.grading.alignment import Alignment, alignment_of
from tracegen.grading.candidates import Lines
from tracegen.grading.entries import Entry, Names, entry_of
from tracegen.grading.matrices import Matrices
from tracegen.grading.meaning import LEAF, Array, Code, MeaninglessError, compiled, value
from tracegen.grading.mislabelled import OtherLabel
from tracegen.grading.reference import PoolLine, Reference
from tracegen.grading.roomy import Roomy
from tracegen.grading.sheet import Row
from tracegen.grading.unsaid_inputs import unsaid_inputs
from tracegen.grading.waiting import Waiting

DOUBTFULLY, SURELY = 1.5, 5.5
"""What it weighs that a row says what a line is, where something speaks against it and where nothing does."""

MOST_TO_COME = 100
"""Rows after a row that are asked what it stands for: the work on a long list is bounded."""


def aligned(reference: Reference, rows: Sequence[Row], others: tuple[OtherLabel, ...] = ()) -> Alignment:
    """The rows of a primal block, matched with the reference. ``others`` are labels that rows may have by a slip.

    Raises nothing: a row that can't be matched stays without a line.
    """
    key = ("aligned", tuple(row.said for row in rows), others)
    return reference.findings.of(key, lambda: _best(reference, rows, others)).of(rows)


def _best(reference: Reference, rows: Sequence[Row], others: Iterable[OtherLabel]) -> Alignment:
    """The rows by their labels, or with another one under which more of them are right; or as many, if it is likely."""
    first = best = _Aligner(reference, [entry_of(row) for row in rows]).align()
    if not all(entry.right for entry in first.entries):
        second = _Aligner(reference, [entry_of(row) for row in rows], doubting=True).align()
        first = best = second if second.matched > first.matched else first
    for place, label, likely in others:
        entries = [entry_of(row) for row in rows]
        entries[place].label, entries[place].mislabelled = label, True
        entries[place].likely = likely
        found = _Aligner(reference, entries).align()
        as_good = likely and best is first and found.matched == first.matched and entries[place].right
        if (found.matched > best.matched or as_good) and not _is_restated(entries, place):
            best = found
    return _with_constants(reference, rows, best)


def _with_constants(reference: Reference, rows: Sequence[Row], plain: Alignment) -> Alignment:
    """The rows where numbers that others name, v1 = 2 and v3 = v1 v2, are constants, if more of them are right then."""
    used = frozenset[str]().union(*(row.said.names for row in rows)) - reference.words.declared
    entries = [entry_of(row) for row in rows]
    constants = [entry for entry in entries if entry.is_number and entry.label in used]
    if not constants:
        return plain
    for entry in constants:
        entry.codes = [compiled(reading) for cell in entry.row.cells for reading in cell.readings[:1]]
    found = _Aligner(reference, entries).align()
    return found if found.matched > plain.matched else plain


def _is_restated(entries: Sequence[Entry], place: int) -> bool:
    """Whether another row is the same line of the reference: then a row says it once more, under its own label."""
    line = entries[place].line
    return line is None or any(other.line is line for at, other in enumerate(entries) if at != place)


class _Aligner:
    """Settles the rows of a list. Where it is ``doubting``, it takes no row at its word before it has asked the rows to
    come: a row that says what another line is can be a slip, and then they tell which line is meant."""

    def __init__(self, reference: Reference, entries: list[Entry], *, doubting: bool = False) -> None:
        self._reference = reference
        self._entries = entries
        self._doubting = doubting
        self._env: dict[str, Array] = dict(reference.inputs)
        used = frozenset[str]().union(*(entry.row.said.names for entry in entries))
        labels, words = [entry.label for entry in entries], reference.words
        self._also = unsaid_inputs(labels, used, list(reference.inputs), words.declared | words.dimensions)
        self._functions = reference.functions
        self._claimed: dict[tuple[str, int], str] = {}
        self._structures = {text: reference.structures.of_input(text) for text in reference.inputs}
        self._samples = len(next(iter(reference.inputs.values())))
        self._lines = Lines(reference, entries, self._names(), self._claimed)
        for entry, after in pairwise(entries):
            if entry.number is None and after.label == entry.label and not after.codes:
                entry.number = after.number  # u = x², so u = 0.25

    def align(self) -> Alignment:
        """Settle the entries one by one, those first whose names are known."""
        self._inputs_renamed()
        rows = [entry for entry in self._entries if not entry.settled and not entry.names_derivatives]
        waiting = Waiting(rows, self._names().has)
        while waiting:
            entry = waiting.take()
            self._settle(entry, waiting)
            waiting.has_come(entry.label)
        return alignment_of(self._reference, self._entries, self._also)

    def _inputs_renamed(self) -> None:
        """Rows such as ``x = v0``, which give an input another name."""
        for entry in self._entries:
            if entry.label in self._reference.inputs:
                single = next((text for code in entry.codes if (text := _only_name(code))), "")
                if single and single not in self._reference.inputs:
                    self._also[single] = entry.label
                line = next(
                    line
                    for line in self._reference.pool
                    if line.label == entry.label or line.definition == name(entry.label)
                )
                entry.settled, entry.right, entry.line = True, bool(single) or not entry.codes, line
                entry.values = self._env[entry.label]
                self._lines.has_placed(entry)

    def _names(self, env: Mapping[str, Array] | None = None) -> Names:
        return Names(self._env if env is None else env, self._also)

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

    def _settle(self, entry: Entry, waiting: Waiting) -> None:
        own: tuple[Code, Array] | None = None
        doubtful: tuple[Code, PoolLine] | None = None
        for code, values in self._meanings(entry, self._env):
            own = own or (code, values)
            lines = self._reference.matching(values)
            if not lines:
                continue
            line = self._nearest(lines, entry, code)
            if self._is_plain(entry, line, code):
                if self._doubting and waiting and not self._reference.has_matrices:
                    self._decide(entry, own, waiting, (code, line), SURELY)
                else:
                    self._take(entry, line, code, right=True)
                return
            doubtful = doubtful or (code, line)
        self._decide(entry, own, waiting, doubtful, DOUBTFULLY)

    def _is_plain(self, entry: Entry, line: PoolLine, code: Code) -> bool:
        """Whether nothing speaks against a line: no other row is it, it is of this list, and the number agrees.

        A step whose result is an input, x¹, can be a slip.
        """
        if self._lines.is_input(line) and len(code) > 1:
            return False
        claimed = self._claimed.get((line.output, line.place))
        if claimed is not None and claimed != entry.label:
            return False
        if not self._lines.is_input(line) and line.output not in (self._lines.steps or self._likely_outputs):
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

    def _nearest(self, lines: list[PoolLine], entry: Entry, code: Code) -> PoolLine:
        """Of equal lines the one that is made as the row is, of the output whose list this seems to be; then one that
        no other row is."""
        made = self._structure(code) if len(lines) > 1 else None

        def fits(line: PoolLine) -> tuple[bool, int, bool, bool]:
            taken = self._claimed.get((line.output, line.place), entry.label) != entry.label
            step = len(code) == 1 or not self._lines.is_input(line)
            return line.structure == made, self._lines.counts[line.output], step, not taken

        return max(lines, key=fits)

    def _structure(self, code: Code) -> int | None:
        def look_up(leaf: Formula) -> int | None:
            text = str(leaf.args[0])
            return self._structures.get(self._also.get(text, text))

        return self._reference.structures.known(code, look_up)

    def _take(self, entry: Entry, line: PoolLine, code: Code | None, *, right: bool) -> None:
        entry.line, entry.right, entry.settled, entry.used = line, right, True, code
        entry.values = line.values
        self._lines.has_placed(entry)
        self._structures[entry.label] = line.structure
        equal = self._reference.matching(line.values)
        alike = [twin for twin in equal if twin.structure == line.structure]
        shown = {twin.output for twin in alike}
        for twin in [*alike, *(twin for twin in equal if twin.output not in shown)]:
            self._claimed.setdefault((twin.output, twin.place), entry.label)
        self._name(entry, code if right else None, line.values)

    def _name(self, entry: Entry, code: Code | None, values: Array) -> None:
        """Make a row known by its label; a row that only repeats a name is another name for it."""
        of = "" if code is None else _only_name(code)
        if of:
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
        self,
        entry: Entry,
        own: tuple[Code, Array] | None,
        waiting: Waiting,
        doubtful: tuple[Code, PoolLine] | None,
        said: float,
    ) -> None:
        """Take a row for its own step or for the line that fits best; ``said`` is what it weighs that it says one."""
        candidates = self._lines.candidates(entry, own, waiting)
        scored: list[tuple[float, int, PoolLine | None]] = []
        if doubtful is not None:
            fits = 3.0 if self._lines.value_fits(entry, doubtful[1]) else 0.0
            fits += 2.0 if entry.label in self._reference.words.outputs and self._lines.is_output(doubtful[1]) else 0.0
            scored.append((self._proved(entry, doubtful[1].values, waiting) * 4.0 + said + fits, 1, doubtful[1]))
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
            made = self._structure(own[0])
            if made is not None:
                self._structures[entry.label] = made
            entry.right = bool(best and best[0] >= 4.0)
            self._env[entry.label] = own[1]

    def _proved(self, entry: Entry, values: Array, waiting: Waiting) -> int:
        """How many of the rows to come say what a line says, when a row has some values."""
        env = ChainMap[str, Array]({}, self._env)  # a copy for each row would take the square of their number
        before = self._also.get(entry.label)
        own = self._input_of(values)
        if own is not None:
            self._also[entry.label] = own
        else:
            env[entry.label] = values
        count = 0
        for other in waiting.first(MOST_TO_COME):
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


def _only_name(code: Code) -> str:
    """The name that a formula is and nothing more; nothing of another formula, or of a number."""
    alone = len(code) == 1 and code[0].kind == LEAF and code[0].what.head == "name"
    return str(code[0].what.args[0]) if alone else ""
