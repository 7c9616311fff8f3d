"""Why targets are not reached: what was found out when the figures were looked into, kept with what measures them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.benchmarks.case import Target
from tests.benchmarks.results import Results, words


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the targets of some tasks are missed; ``kinds`` are those of the targets that it explains, all if empty."""

    row: str
    tasks: tuple[str, ...]
    text: str
    kinds: tuple[str, ...] = ()

    def explains(self, target: Target) -> bool:
        """Whether it is about a target."""
        asked = target.row == self.row and (not self.tasks or target.what in self.tasks)
        return asked and (not self.kinds or target.kind in self.kinds)


REASONS = [
    Reason(
        "W1", ("homework to md",),
        "SymPy loads its tensors at the first sum (0.07 s) and python-flint takes 0.04 s; the rest is the import of"
        " tracegen itself.",
    ),
    Reason(
        "W2", (),
        "A call has a fixed cost of some 20 µs, and each first use of a pattern one of 10 µs: that is what ten lines"
        " show. From a hundred lines on it does not show, but for the dag of a million lines, which memory slows.",
        kinds=("seconds", "ahead"),
    ),
    Reason(
        "W2", (),
        "Both lists are counted, two to four lines for one that is written; a line is a small tuple. Flat arrays take"
        " half of it and more time.",
        kinds=("bytes",),
    ),
    Reason("W4", ("cells to LaTeX",), "It is missed by some 5 per cent."),
    Reason("W5", ("30 digits",), "17.5 µs a value at 30 lines, 25.6 at 300; why was not looked into."),
    Reason(
        "W5", ("equality of texts",),
        "It is missed by some 5 per cent; half of the time of an equality is the reading of its two texts.",
    ),
    Reason(
        "W5", ("exact values",),
        "The few sines that are still shown cost SymPy a millisecond each; from a thousand lines on the exploding chain"
        " is the cheaper one.",
    ),
    Reason("W6", ("a problem of named steps",), "`tomllib` alone takes 15 µs of the 20."),
    Reason(
        "W7", ("sheets of the homework",),
        "Each sheet has two slips of its own, which are looked for on that sheet alone, and the first sheet of a class"
        " takes 90 ms, since nothing is known yet: that weighs in a class of 30. From a hundred on it is 52 to 55"
        " sheets a second, 100 where they say the same.",
    ),
    Reason("W9", ("graph of a list",), "It is the setting and placing of the labels of 300 lines."),
]  # fmt: skip

REMARKS = [
    "The same class by the clock, a sheet: 21.9 ms in one process, 13.8 ms in two, 30.3 ms with one worker of a Dask"
    " cluster, 20.5 ms with two, the scheduler and the sender on the same two cores.",
    "Of the thirty pairs of texts tracegen judges all right; SymPy's `simplify` three wrongly, `equals` two, with one"
    " it can't decide, Math-Verify eight.",
]
"""What the tables don't say, as it was seen on 2026-11-24 on a virtual machine with two cores, Python 3.11."""


def explained(missed: Sequence[Target]) -> Iterator[str]:
    """A line for each reason that targets are missed for, and for each target that is missed without a known one."""
    for reason in REASONS:
        about = [target for target in missed if reason.explains(target)]
        if about:
            yield f"* {reason.row}, {', '.join(dict.fromkeys(target.what for target in about))}: {reason.text}"
    for target in missed:
        if not any(reason.explains(target) for reason in REASONS):
            yield f"* {target.row}, {target.what}, {words(target)}: why was not looked into."


def remarks(results: Results, targets: Sequence[Target]) -> str:
    """The text under the table of targets: why some are missed, and where others are ahead."""
    paragraphs = [
        "## Why some are not reached", "\n".join(explained(results.missed(targets))),
        "## Where a peer is ahead", "At which size, and how many times as fast:", "\n".join(results.ahead()),
        "## Beside the tables", *REMARKS,
    ]  # fmt: skip
    return "\n\n".join(paragraphs) + "\n"
