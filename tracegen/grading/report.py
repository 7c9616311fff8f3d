"""The report on a sheet: cells with verdicts and marks, a summary, and all formats that it can be had in."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracegen.errors import FormatError
from tracegen.files.signature import REPORT_MARK
from tracegen.formula import Formula
from tracegen.grading.findings import remembered
from tracegen.grading.grading import Graded
from tracegen.grading.key import Key, absent_rows
from tracegen.grading.rubric import Rubric
from tracegen.grading.verdicts import WRONG, Judgement

FORMATS = ("md", "html", "tex", "json", "csv", "gradescope", "txt")


@dataclass(frozen=True)
class Report:
    """What was found on a sheet.

    ``cells`` are in the order of the sheet's lines, ``missing`` the tables that are not there, ``notes`` what was
    guessed in reading. ``failure`` is the sentence of a sheet that could not be graded at all. ``key`` counts the rows
    of the problem; under the share ``least`` that was judged a person has to mark the sheet.
    """

    source: str
    cells: tuple[Judgement, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    failure: str = ""
    penalty: float = 0.0
    title: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    key: Key = field(default_factory=Key)
    least: float = 0.0

    @property
    def max_score(self) -> float:
        """The marks that could be had for the rows that are on the sheet."""
        return sum(cell.of for cell in self.cells)

    @property
    def open(self) -> float:
        """The marks of what was not judged, neither given nor taken."""
        return sum(cell.open for cell in self.cells)

    @property
    def judged(self) -> float:
        """The share of the sheet, from 0 to 1, that was judged: of the marks, where a cell that could not be read and
        has no place counts as one; 0 where nothing has a place."""
        unplaced = sum(cell.needs_person and not cell.of for cell in self.cells)
        unjudged = unplaced + sum(cell.of for cell in self.cells if cell.needs_person or cell.open)
        return 1.0 - unjudged / (self.max_score + unplaced) if self.max_score else float(not self.cells)

    @property
    def unseen(self) -> int:
        """How many lines have something on them that was not judged."""
        return len({cell.line for cell in self.cells if cell.needs_person})

    @property
    def verdict(self) -> str:
        """That a person has to mark the sheet, in a sentence, where too little of it was judged; otherwise nothing."""
        if self.failure or self.judged >= self.least:
            return ""
        return f"A person has to mark this sheet: only {self.judged:.0%} of it was judged."

    @property
    def said(self) -> list[str]:
        """What there is to say beside the marks: how much was judged, and what is not on the sheet, in sentences."""
        said = [self.verdict] if self.verdict else []
        if self.unseen and not self.failure:
            lines = "1 line was" if self.unseen == 1 else f"{self.unseen} lines were"
            said.append(f"{self.judged:.0%} of the sheet was judged; {lines} not.")
        if self.absent:
            rows = ", ".join(f"{count} of {part}" for part, count in self.absent.items())
            said.append(f"Rows of the problem that are not on the sheet: {rows}.")
        return said

    @property
    def absent(self) -> dict[str, int]:
        """How many rows of the problem are not on the sheet, for each of its primal and adjoint tables that is begun.

        A row counts by its label, so that steps that are written as one leave rows out.
        """
        return absent_rows(self.cells, self.key)

    @property
    def score(self) -> float:
        """The marks that were given for what was judged, never below 0."""
        return max(0.0, sum(cell.marks for cell in self.cells) - self.penalty)

    @property
    def needs_person(self) -> int:
        """How many cells a person has to look at."""
        return sum(cell.needs_person for cell in self.cells) + bool(self.failure)

    @property
    def parts(self) -> list[tuple[str, float, float, float, list[tuple[Any, ...]]]]:
        """The cells part by part, with the marks of each, given, open and in all, as a page lays them out."""
        return [
            (
                part or "not placed",
                sum(cell.marks for cell in cells),
                sum(cell.open for cell in cells),
                sum(cell.of for cell in cells),
                [_laid_out(cell) for cell in cells],
            )
            for part, cells in self.by_part().items()
        ]

    def by_part(self) -> dict[str, list[Judgement]]:
        """The cells of each part, in the order in which the parts come."""
        found: dict[str, list[Judgement]] = {}
        for cell in self.cells:
            found.setdefault(cell.part, []).append(cell)
        return found

    @property
    def summary(self) -> dict[str, Any]:
        """Verdicts, slips and marks by part, counted."""
        return {
            "verdicts": dict(Counter(cell.verdict for cell in self.cells)),
            "slips": dict(Counter(tag for cell in self.cells for tag in cell.tags if _is_slip(tag)).most_common()),
            "parts": {
                part or "not placed": {
                    "marks": sum(cell.marks for cell in cells),
                    "open": sum(cell.open for cell in cells),
                    "of": sum(cell.of for cell in cells),
                }
                for part, cells in self.by_part().items()
            },
            "absent": self.absent,
        }

    def record(self) -> dict[str, Any]:
        """The report for programs, as JSON has it."""
        record: dict[str, Any] = {
            "generator": REPORT_MARK, "source": self.source, "score": self.score, "open": self.open,
            "max_score": self.max_score, "judged": round(self.judged, 4), "needs_person": self.needs_person,
            "cells": [_cell(cell) for cell in self.cells],
            "missing": list(self.missing), "notes": list(self.notes), "summary": self.summary,
        }  # fmt: skip
        return {**record, "failure": self.failure} if self.failure else record

    def to(self, format: str, *, standalone: bool = False, templates: Path | None = None) -> str:
        """The report as text in a format: md, html, tex, json, csv, gradescope or txt.

        Raises FormatError where there is no such format.
        """
        if format not in FORMATS:
            raise FormatError(f"there is no format {format!r} of a report; there are {', '.join(FORMATS)}")
        # half of a pair of UTF-16, which a sheet's JSON may have, can't be written to a file
        return self._text(format, standalone, templates).encode("utf-8", "replace").decode("utf-8")

    def _text(self, format: str, standalone: bool, templates: Path | None) -> str:
        if format == "json":
            return json.dumps(self.record(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        if format == "gradescope":
            from tracegen.grading.gradescope import results

            return json.dumps(results(self), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        from tracegen.document.render import render
        from tracegen.grading.feedback import document_of, heading_of

        # the page lays the cells out by itself, without tables
        own_page = format == "html" and templates is None
        return render(
            heading_of(self) if own_page else document_of(self),
            format,
            kind="report",
            report=self,
            standalone=standalone,
            templates=templates,
        )

    def __repr__(self) -> str:
        still_open = f", {self.open:g} open" if self.open else ""
        return f"<report on {self.source}: {self.score:g} of {self.max_score:g}{still_open}>"

    def _repr_html_(self) -> str:
        # as tables only: the page's own looks would become those of the notebook
        from tracegen.document.render import render
        from tracegen.grading.feedback import document_of

        return render(document_of(self), "html", kind="notebook")

    def _repr_markdown_(self) -> str:
        return self.to("md")

    def _repr_latex_(self) -> str:
        return self.to("tex")


@remembered(16_384)
def _mathml(formula: Formula) -> Any:
    """A formula as a page shows it; the sheets of a class say much the same."""
    from markupsafe import Markup

    from tracegen.document.cells import FORMATS as CELLS
    from tracegen.notation import HOMEWORK

    return Markup(CELLS["html"](HOMEWORK)(formula))


def _laid_out(cell: Judgement) -> tuple[Any, ...]:
    """A cell as a line of a page."""
    tags = ", ".join(cell.tags) if cell.verdict == WRONG else ""
    read, right = (None if formula is None else _mathml(formula) for formula in (cell.shown, cell.repair))
    marks = marks_of(cell)
    return cell.verdict, cell.where, cell.row, cell.cell, cell.text, read, cell.reason, tags, right, marks


def marks_of(cell: Judgement) -> str:
    """The marks of a cell as a reader sees them: nothing where it is worth nothing by itself."""
    if cell.open:
        return f"open/{cell.of:g}"
    return f"{cell.marks:g}/{cell.of:g}" if cell.of or cell.marks else ""


def report_of(graded: Graded, rubric: Rubric, source: str, title: str = "") -> Report:
    """The report on a graded sheet, with the marks of a rubric."""
    rubric.mark([graded.judgements], graded.key)
    penalty = rubric.missing * len(graded.missing)
    return Report(
        source, tuple(graded.judgements), tuple(graded.missing), tuple(graded.notes), "", penalty, title,
        key=graded.key, least=rubric.judged,
    )  # fmt: skip


def failed(source: str, sentence: str, title: str = "") -> Report:
    """The report on a sheet that could not be graded: it says what happened."""
    return Report(source, (), failure=sentence, title=title)


def read_as(cell: Judgement) -> str | None:
    """How a cell was read, as text that SymPy reads back."""
    from tracegen.notation import text

    return None if cell.reading is None else _printed(text, cell.reading)


def _printed(printer: Any, formula: Any) -> str:
    try:
        return str(printer(formula))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""


def _cell(cell: Judgement) -> dict[str, Any]:
    from tracegen.notation import text

    return {
        "part": cell.part, "row": cell.row, "source_line": cell.line, "place": cell.place, "cell": cell.cell,
        "text": cell.text, "read_as": read_as(cell), "verdict": cell.verdict, "tags": list(cell.tags),
        "because": cell.because, "witness": cell.witness,
        "repair": None if cell.repair is None else _printed(text, cell.repair), "root": cell.root,
        "marks": cell.marks, "open": cell.open, "of": cell.of,
    }  # fmt: skip


def _is_slip(tag: str) -> bool:
    return tag.startswith("slip.") or tag in (
        "value.slip",
        "formula.wrong",
        "formula.coincidence",
        "formula.shape",
        "heading.wrong",
    )
