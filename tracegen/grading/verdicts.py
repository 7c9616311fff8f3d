"""What is said about a cell: the verdict, its tags, the reason in a sentence, the repair and the root."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tracegen.formula import Formula

RIGHT, CARRIED, WRONG, UNREAD, UNSURE, BLANK, EXTRA = (
    "right", "carried", "wrong", "unread", "unsure", "blank", "extra",
)  # fmt: skip
VERDICTS = (RIGHT, CARRIED, WRONG, UNREAD, UNSURE, BLANK, EXTRA)

RANK = {RIGHT: 0, CARRIED: 1, UNSURE: 2, EXTRA: 3, BLANK: 4, WRONG: 5, UNREAD: 6}
"""Of several readings the one with the best verdict counts."""

LABEL, FORMULA, VALUE, SHAPE, HEADING = "label", "formula", "value", "shape", "heading"
CELLS = (LABEL, FORMULA, VALUE, SHAPE, HEADING)

SHORTENED = "value.decimal"
"""The tag of a right value that stands for a number with more digits."""


@dataclass(slots=True)
class Judgement:
    """One cell of a sheet, judged. ``marks``, ``open`` (neither given nor taken yet) and ``of`` are filled in by a
    rubric; all are 0 where the marks are those of another cell: of another copy of the row, or in the same chain."""

    part: str
    row: str
    line: int
    cell: str
    text: str
    reading: Formula | None
    verdict: str
    tags: tuple[str, ...] = ()
    because: str = ""
    repair: Formula | None = None
    root: str | None = None
    marks: float = 0.0
    of: float = 0.0
    slip: str = field(default="")
    """Cells that are wrong through one and the same slip have this in common; it costs once."""
    open: float = 0.0
    step: int = 0
    """Of rows that add up one adjoint, which it is; 0 for one that states all of it."""
    witness: str = ""
    """Of a wrong cell a point, what the cell is worth there, and what is right."""
    ruled: float | None = None
    """The marks that a person gave, where they were said."""
    place: str = ""
    """Where the line is, in a file that is not counted in lines: the cell of a notebook, and the line in it."""

    @property
    def reason(self) -> str:
        """Why the verdict is what it is, with the witness, as a reader sees it."""
        return "; ".join(filter(None, (self.because, self.witness)))

    @property
    def where(self) -> str:
        """Where the cell stands, as a reader looks it up."""
        return self.place or str(self.line)

    @property
    def shown(self) -> Formula | None:
        """The reading, where it is one formula that can be printed."""
        return None if self.reading is None or self.reading.head == "beside" else self.reading

    def moved(self, lines: int) -> Judgement:
        """The same of a cell that stands as many lines further down, before it has marks."""
        return Judgement(
            self.part, self.row, self.line + lines, self.cell, self.text, self.reading, self.verdict, self.tags,
            self.because, self.repair, self.root, slip=self.slip, step=self.step, witness=self.witness,
        )  # fmt: skip

    @property
    def needs_person(self) -> bool:
        """Whether a person has to look."""
        return self.verdict in (UNREAD, UNSURE)


def unsure(judged: Judgement, because: str) -> Judgement:
    """A cell at which a person has to look, in place of a verdict on it."""
    return replace(
        judged, verdict=UNSURE, tags=("unsure",), because=because, repair=None, root=None, slip="", witness=""
    )
