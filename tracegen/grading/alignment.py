"""Makes the list that the rows of a block are, once each is matched: those that are wrong are put right in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracegen.formula import ATOMS, Formula, name, names_in
from tracegen.grading.candidates import value_fits
from tracegen.grading.entries import Entry, in_order
from tracegen.grading.listings import Listing
from tracegen.grading.meaning import MeaninglessError, formula_of, leaves
from tracegen.grading.reference import PoolLine, Reference
from tracegen.grading.restating import in_names, put_right, same_values
from tracegen.grading.sheet import Row
from tracegen.grading.world import World


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


def alignment_of(reference: Reference, entries: list[Entry], also: Mapping[str, str]) -> Alignment:
    """The list that entries make. ``also`` are other names of rows; a step on which a right row rests is right too."""
    listing = Listing(reference.inputs, reference.functions, also=dict(also))
    for entry in in_order(entries, also):
        if entry.values is None or entry.label in also or entry.label in listing.values:
            continue
        try:
            listing.add(entry.label, _definition(reference, entry, entries, listing), entry.values)
        except MeaninglessError:
            continue
    return Alignment(reference, entries, listing, _outputs(reference, listing))


def _definition(reference: Reference, entry: Entry, entries: Sequence[Entry], listing: Listing) -> Formula:
    """A row's formula: its own where it is right, else that of its line in the writer's names."""
    if entry.right and entry.used is not None:
        return _proving(formula_of(entry.used), entries)
    if entry.line is None:
        return name(entry.label) if entry.used is None else formula_of(entry.used)
    own = {str(leaf.args[0]) for code in entry.codes for leaf in leaves(code)}
    rule = in_names(reference, entry.line, listing, own)
    meant = _meant(reference, entry, entry.line, listing) if entry.codes and _is_written_out(rule) else None
    return rule if meant is None else _proving(meant, entries)


def _is_written_out(rule: Formula) -> bool:
    """Whether a rule has steps in it that the list has not."""
    return any(isinstance(arg, Formula) and arg.head not in ATOMS for arg in rule.args)


def _meant(reference: Reference, entry: Entry, line: PoolLine, listing: Listing) -> Formula | None:
    """What is found out on the way must not stay with a list that is not whole yet."""
    return put_right(entry, World(reference, listing.so_far(), line.output))


def _proving(formula: Formula, entries: Sequence[Entry]) -> Formula:
    """A formula that says what a line of the reference says, as it is or put right: its steps are right as well."""
    used = names_in(formula)
    for other in entries:
        other.right = other.right or (other.line is None and other.used is not None and other.label in used)
    return formula


def _outputs(reference: Reference, listing: Listing) -> list[str]:
    found = []
    for output, right in reference.listings.items():
        target = right.values[right.outputs[output]]
        for text in reversed(list(listing.values)):
            if same_values(listing.values[text], target):
                listing.outputs[output] = text
                if output not in listing.values:
                    listing.also.setdefault(output, text)
                found.append(output)
                break
    return found
